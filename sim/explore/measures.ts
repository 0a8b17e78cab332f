/** What many runs measured together: sums and distributions that add up, whoever ran them and in whatever portions. */
import type { Outcome } from '../outcome.ts';
import { type EvidenceByTarget, mergeEvidence } from './evidence.ts';
import { emptyHistogram, type Histogram, mergeHistogram, record } from './histogram.ts';

/** What is summed over runs: first what a sweep counts itself, then figures of the same name. */
const COUNTED = ['runs', 'brokenRuns', 'budgetRuns', 'threwRuns', 'crashedRuns', 'events', 'virtual'] as const;
const SUMMED = [
  'streamsOwed',
  'streamsLost',
  'streamsCompleted',
  'streamsIntact',
  'bytesSent',
  'bytesResent',
  'disconnects',
  'dials',
  'arrivals',
  'refusals',
  'admitted',
  'recoverable',
  'recovered',
  'deadlinesPassed',
  'deadlinesKept',
  'moves',
  'movedMean',
  'stillMean',
  'cycled',
  'cyclesBetween',
  'cycleEarly',
  'cycleLate',
  'memoryEarly',
  'memoryLate',
] as const;
/**
 * Runs that were run a second time without faults; events of those second runs; and how many more there were with faults
 * than in a third run, again without them, in which everybody stayed for as long.
 */
const PAIRED = ['pairs', 'faultFreeEvents', 'extraEvents'] as const;
const SUMS = [...COUNTED, ...SUMMED, ...PAIRED] as const;
type Sum = (typeof SUMS)[number];

/** Distributions of samples in virtual microseconds; each has its samples in the figures under the same name. */
const SPREADS = [
  'connect',
  'contextRestored',
  'contextBrief',
  'contextMedium',
  'stateRestored',
  'reconnect',
  'resume',
  'streamResumed',
  'recovery',
  'graceful',
  'emergency',
  'rolling',
] as const;
export type Spread = (typeof SPREADS)[number];

/** Of which the largest counts. */
const PEAKS = [
  'peakBufferBytes',
  'peakTogetherBytes',
  'resentPermille',
  'longestWait',
  'peakDials1s',
  'peakArrivals1s',
  'peakRefusals1s',
  'peakArrivalsPermille',
] as const;
type Peak = (typeof PEAKS)[number];

export interface Measures extends Record<Sum, number>, Readonly<Record<Spread, Histogram>>, Record<Peak, number> {
  /** Runs in which each law was broken. */
  readonly brokenBy: Record<string, number>;
  /** How often applications were told each error; how connections ended for clients. */
  readonly errors: Record<string, number>;
  readonly closes: Record<string, number>;
  /** Bytes that all connections held, by step of time: runs that lasted so long, the sum of their peaks, the largest. */
  readonly buffers: { readonly runs: number[]; readonly sum: number[]; readonly max: number[] };
  /** What the runs say about each target of the scenario, by the bound that stands in the cell of each. */
  readonly evidence: EvidenceByTarget;
}

export function emptyMeasures(): Measures {
  return {
    ...filled(SUMS, () => 0),
    ...filled(SPREADS, emptyHistogram),
    ...filled(PEAKS, () => 0),
    brokenBy: {},
    errors: {},
    closes: {},
    buffers: { runs: [], sum: [], max: [] },
    evidence: {},
  };
}

const filled = <K extends string, V>(names: readonly K[], value: () => V): Record<K, V> =>
  Object.fromEntries(names.map((name) => [name, value()])) as Record<K, V>;

/** Adds one run. */
export function addRun(into: Measures, { figures, verdict, events, ended, breaches }: Outcome): void {
  into.runs++;
  into.events += events;
  into.virtual += ended;
  for (const name of SUMMED) into[name] += figures[name];
  for (const name of SPREADS) for (const sample of figures[name]) record(into[name], sample);
  for (const name of PEAKS) into[name] = Math.max(into[name], figures[name]);
  if (verdict === 'broken') into.brokenRuns++;
  else if (verdict === 'budget') into.budgetRuns++;
  for (const { law } of breaches) into.brokenBy[law] = (into.brokenBy[law] ?? 0) + 1;
  addCounts(into.errors, figures.errors);
  addCounts(into.closes, figures.closes);
  for (const [step, bytes] of figures.buffers.entries()) addStep(into.buffers, step, 1, bytes, bytes);
}

/** Adds one run that came to no outcome. */
export function addEnded(into: Measures, verdict: 'threw' | 'crashed'): void {
  into.runs++;
  into[`${verdict}Runs`]++;
}

/** Runs that did not hold: they broke a law, ran out of a budget, threw, or crashed. */
export const badRuns = ({ brokenRuns, budgetRuns, threwRuns, crashedRuns }: Measures): number =>
  brokenRuns + budgetRuns + threwRuns + crashedRuns;

/** Adds what other runs measured. */
export function mergeMeasures(into: Measures, from: Measures): void {
  for (const name of SUMS) into[name] += from[name];
  for (const name of SPREADS) mergeHistogram(into[name], from[name]);
  for (const name of PEAKS) into[name] = Math.max(into[name], from[name]);
  addCounts(into.brokenBy, from.brokenBy);
  addCounts(into.errors, from.errors);
  addCounts(into.closes, from.closes);
  mergeEvidence(into.evidence, from.evidence);
  const { runs, sum, max } = from.buffers;
  for (const [step, count] of runs.entries())
    addStep(into.buffers, step, count, sum[step] as number, max[step] as number);
}

function addStep(
  { runs, sum, max }: Measures['buffers'],
  step: number,
  count: number,
  bytes: number,
  most: number,
): void {
  runs[step] = (runs[step] ?? 0) + count;
  sum[step] = (sum[step] ?? 0) + bytes;
  max[step] = Math.max(max[step] ?? 0, most);
}

/** Adds counts by name. */
export function addCounts(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const name in from) into[name] = (into[name] ?? 0) + (from[name] as number);
}
