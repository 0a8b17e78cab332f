/**
 * The tally of many runs of one scenario, whole and by cell. It is plain data that adds up: whoever ran the portions, and
 * however large they were, portions merged in seed order give the same tally.
 */
import type { Instant } from '../../src/time.ts';
import { type Cell, cellName } from '../core/cells.ts';
import { Digest } from '../core/digest.ts';
import type { BreachReport, Counts, Outcome } from '../core/outcome.ts';
import type { Claim, Scenario } from '../core/scenario.ts';
import { figuresOf } from '../figures/figure.ts';
import { OVERHEAD } from '../figures/overhead.ts';
import { WORST_STRETCH } from '../networks/worst-stretch.ts';
import { type Coverage, emptyCoverage, mergeCoverage } from '../search/coverage.ts';
import type { Trace } from '../search/trace.ts';
import { targetsOf } from '../targets/target.ts';
import { addCauses, type Causes, keep, mergeCauses } from './causes.ts';
import { addEvidence, addPiece } from './evidence.ts';
import { addEnded, addRun, emptyMeasures, type Measures, mergeMeasures } from './measures.ts';
import { countRun, emptyPerRun, mergePerRun, type PerRun } from './per-run.ts';
import { emptyPerSeed, mergePerSeed, noteSeed, type PerSeed } from './per-seed.ts';
import { addCounts, addReading } from './sums.ts';

/** Why a run has no outcome. */
export interface Ended {
  /**
   * `threw`: code inside it threw; `crashed`: it ended its worker process, twice; `nondeterministic`: a second run of the same
   * seed came to something else.
   */
  readonly verdict: 'threw' | 'crashed' | 'nondeterministic';
  /** Where and why, in words. */
  readonly message: string;
  /** The event in which it threw, and its virtual time; 0 when nobody knows. */
  readonly event: number;
  readonly at: Instant;
  /** Of what was thrown, empty without one. */
  readonly stack: string;
  /** Whether hangup's own code threw: that is a bug of hangup. */
  readonly ours: boolean;
}

/** A run that broke a law, ran out of budget, threw, or ended its worker. */
export interface BadRun {
  readonly seed: string;
  /** Of a search, which has many runs of one seed: what it is called beside that. */
  readonly name?: string;
  readonly cell: Cell;
  /** Empty without an outcome. */
  readonly digest: string;
  readonly verdict: 'broken' | 'budget' | Ended['verdict'];
  readonly exceeded: string | null;
  readonly breaches: readonly BreachReport[];
  /** Null when nobody knows it: it is what the seed draws. */
  readonly plan: Outcome['plan'] | null;
  /** Null for a run with an outcome. */
  readonly ended: Ended | null;
}

/** One cell of the scenario's dimensions. */
export interface CellTally {
  readonly cell: Cell;
  readonly measures: Measures;
}

/** A law that was not judged in so many runs; why, in the first of them; and whether what it looks at could have happened in any. */
export interface Unjudged {
  runs: number;
  readonly because: string;
  happens: boolean;
}

export interface Tally extends Measures {
  /** Runs in which each sometimes-claim came true. */
  readonly reached: Record<string, number>;
  /** Laws that were not judged in some runs. */
  readonly notJudged: Record<string, Unjudged>;
  /** What laws counted in all runs, by law and name. */
  readonly counts: Record<string, Record<string, number>>;
  /** Whether any run was on measured links, so that *worst-stretch* is one of its claims. */
  measured: boolean;
  /** The first bad runs, and the first of each cause, in seed order. */
  readonly bad: BadRun[];
  /** Every bad run, by law and cause. */
  readonly causes: Causes;
  /** Digest of each run, in seed order; the verdict of one without an outcome. */
  readonly digests: string[];
  /** The same by cell (`condition=outage,moment=late`); empty when the scenario opens no dimension. */
  readonly cells: Record<string, CellTally>;
  /** One sample a run, for comparisons of sweeps. */
  readonly perRun: PerRun;
  /** The same seed by seed, so that a comparison can pair them; null where the runs are not those of consecutive seeds. */
  perSeed: PerSeed | null;
  /** What its runs met, where somebody asked. */
  coverage?: Coverage;
  /** One of each run, in their order, where a search makes its next runs of them. */
  traces?: Trace[];
}

export const emptyTally = (): Tally => ({
  ...emptyMeasures(),
  reached: {},
  notJudged: {},
  counts: {},
  measured: false,
  bad: [],
  causes: {},
  digests: [],
  cells: {},
  perRun: emptyPerRun(),
  perSeed: emptyPerSeed(),
});

/** How a scenario is measured and judged. */
export type Judged = Pick<Scenario, 'protocol' | 'figures' | 'targets'>;

/** Counts one run of that scenario; `nameOf`: what a search calls it beside its seed. */
export function count(tally: Tally, outcome: Outcome, scenario: Judged, nameOf?: string): void {
  const figures = figuresOf(scenario);
  addRun(tally, outcome, figures);
  const { cell, verdict } = outcome;
  const taken = countRun(tally.perRun, outcome, figures);
  tally.perSeed = nameOf === undefined ? noteSeed(tally.perSeed, outcome.seed, verdict !== 'holds', taken) : null;
  const name = cellName(cell);
  const evidence = [tally.evidence];
  if (name !== '') {
    tally.cells[name] ??= { cell, measures: emptyMeasures() };
    const { measures } = tally.cells[name] as CellTally;
    addRun(measures, outcome, figures);
    evidence.push(measures.evidence);
  }
  addEvidence(evidence, targetsOf(scenario), outcome);
  tally.digests.push(outcome.digest);
  if (outcome.measured) tally.measured = true;
  for (const claim of outcome.reached) tally.reached[claim] = (tally.reached[claim] ?? 0) + 1;
  for (const { law, because, happens } of outcome.notJudged)
    addUnjudged(tally.notJudged, law, { runs: 1, because, happens });
  // Runs that a search chose are no sample of luck: an exhaustive one draws the same waits a hundred thousand times.
  if (nameOf === undefined) addByLaw(tally.counts, outcome.counts);
  if (verdict === 'holds') return;
  const { seed, digest, exceeded, breaches, plan } = outcome;
  const called = nameOf === undefined ? {} : { name: nameOf };
  addBad(tally, { seed, ...called, cell, digest, verdict, exceeded, breaches, plan, ended: null });
}

/** Counts one run that came to no outcome: it is one of the runs, and measured nothing. */
export function countEnded(
  tally: Tally,
  { cell, ...run }: Pick<BadRun, 'seed' | 'name' | 'cell' | 'plan'>,
  ended: Ended,
): void {
  const { verdict } = ended;
  addEnded(tally, verdict);
  const name = cellName(cell);
  if (name !== '') {
    tally.cells[name] ??= { cell, measures: emptyMeasures() };
    addEnded((tally.cells[name] as CellTally).measures, verdict);
  }
  tally.digests.push(verdict);
  tally.perSeed = run.name === undefined ? noteSeed(tally.perSeed, run.seed, true, {}) : null;
  addBad(tally, { ...run, cell, digest: '', verdict, exceeded: null, breaches: [], ended });
}

function addBad(tally: Tally, bad: BadRun): void {
  addCauses(tally.causes, bad);
  keep(tally.bad, bad);
}

/** Adds a run that was run again without faults: events of that run, and of one in which everybody stayed for as long. */
export function countPair(tally: Tally, { cell, events }: Outcome, faultFree: number, forAsLong: number): void {
  const part = tally.cells[cellName(cell)]?.measures;
  for (const measures of part === undefined ? [tally] : [tally, part]) {
    const after = faultFree + events - forAsLong;
    addReading(measures.figures, OVERHEAD, { before: faultFree, after });
    addPiece(measures.evidence, OVERHEAD.name, after, faultFree);
  }
}

/** Notes what runs met. */
export function addCoverage(tally: Tally, coverage: Coverage): void {
  tally.coverage ??= emptyCoverage();
  mergeCoverage(tally.coverage, coverage);
}

/** Notes what a search hears of a run. */
export function addTrace(tally: Tally, trace: Trace): void {
  tally.traces ??= [];
  tally.traces.push(trace);
}

/** Adds the next portion, in seed order. */
export function merge(into: Tally, next: Tally): void {
  if (next.coverage !== undefined) addCoverage(into, next.coverage);
  for (const trace of next.traces ?? []) addTrace(into, trace);
  mergeMeasures(into, next);
  mergePerRun(into.perRun, next.perRun);
  into.perSeed = mergePerSeed(into.perSeed, next.perSeed);
  if (next.measured) into.measured = true;
  addCounts(into.reached, next.reached);
  addByLaw(into.counts, next.counts);
  for (const law in next.notJudged) addUnjudged(into.notJudged, law, next.notJudged[law] as Unjudged);
  for (const name in next.cells) {
    const { cell, measures } = next.cells[name] as CellTally;
    into.cells[name] ??= { cell, measures: emptyMeasures() };
    mergeMeasures((into.cells[name] as CellTally).measures, measures);
  }
  for (const bad of next.bad) keep(into.bad, bad);
  mergeCauses(into.causes, next.causes);
  for (const digest of next.digests) into.digests.push(digest);
}

function addByLaw(into: Record<string, Record<string, number>>, counts: Counts): void {
  for (const law in counts) {
    into[law] ??= {};
    addCounts(into[law], counts[law] as Counts[string]);
  }
}

function addUnjudged(into: Record<string, Unjudged>, law: string, { runs, because, happens }: Unjudged): void {
  const known = into[law];
  if (known === undefined) into[law] = { runs, because, happens };
  else {
    known.runs += runs;
    known.happens ||= happens;
  }
}

/** One digest over all runs in seed order, whatever the workers and the portions. */
export function digestOf({ digests }: Pick<Tally, 'digests'>): string {
  const digest = new Digest();
  for (const each of digests) digest.addText(each);
  return digest.toString();
}

/** Digests so far become one, so that a sweep without an end keeps no more than a round of them, and nothing of each seed. */
export function foldDigests(tally: Tally): void {
  const all = digestOf(tally);
  tally.digests.length = 0;
  tally.digests.push(all);
  tally.perSeed = null;
}

/** The claims of a sweep of that scenario: its own, and that of measured links where there were any. */
export const claimsOf = (
  { sometimes }: Pick<Scenario, 'sometimes'>,
  { measured }: Tally,
): readonly Pick<Claim, 'name' | 'states' | 'oncePer'>[] => (measured ? [...sometimes, WORST_STRETCH] : sometimes);
