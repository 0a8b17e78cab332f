/**
 * The document of a sweep, `hangup/explore/3`: what `--json` prints, `results.json` holds, and reports and comparisons
 * read. Times are virtual milliseconds, rounded to a tenth; shares are percent. `docs/json.md` explains every field.
 */
import type { Law } from '../../properties/laws/law.ts';
import type { Cell } from '../core/cells.ts';
import type { Origin } from '../core/overrides.ts';
import { lawsOf } from '../core/scenario.ts';
import { seedText } from '../core/seeds.ts';
import { figuresOf, headlineOf } from '../figures/figure.ts';
import type { Coverage } from '../search/coverage.ts';
import type { Searched } from '../search/exhaustive.ts';
import { targetsOf } from '../targets/target.ts';
import { type ClaimRow, claimRowsOf } from './claim-verdict.ts';
import { type GroupDocument, groupDocuments } from './group-document.ts';
import type { Group } from './groups.ts';
import { type LawRow, lawRowsOf } from './law-verdict.ts';
import {
  type FigureDocument,
  figureDocuments,
  type HeadlineDocument,
  headlineDocument,
  type MetricsDocument,
  metricsOf,
} from './metrics.ts';
import { type ComparedDocument, comparedDocument, perRunDocument, perRunKeys, type SampleDocument } from './per-run.ts';
import { type PerSeedDocument, perSeedDocument } from './per-seed.ts';
import { firstOfEachLaw, type Problem } from './problems.ts';
import { type SliceDocument, slicesOf } from './slices.ts';
import type { Sweep } from './sweep.ts';
import { claimsOf, digestOf, type Tally } from './tally.ts';
import { type CellTargetDocument, cellTargetDocument, type TargetDocument, targetDocument } from './target-document.ts';
import { rowIn, rowsOf } from './verdict.ts';

export interface BrokenDocument {
  /** The law, or `budget`, `threw`, `crashed`, `nondeterministic` for runs that ended in none. */
  readonly law: string;
  /** The first seed, and in how many runs. */
  readonly seed: string;
  readonly runs: number;
  readonly at_us: number;
  /** The number of the event that broke it in that run; 0 when a budget ended it. */
  readonly event: number;
  readonly message: string;
  /** Whether a second run came to the same; null when there was none: the sweep was interrupted. */
  readonly confirmed: boolean | null;
  readonly paste: string;
  /** Its replay page, from the folder of the report; missing where there is none. */
  readonly page?: string;
}

export interface CellDocument {
  /** `condition=outage,moment=late`. */
  readonly name: string;
  readonly cell: Cell;
  readonly runs: number;
  readonly broken_runs: number;
  readonly budget_runs: number;
  /** Runs that threw, that ended their worker process twice, and that came to something else the second time: they measured nothing. */
  readonly threw_runs: number;
  readonly crashed_runs: number;
  readonly nondeterministic_runs: number;
  readonly broken_by: Readonly<Record<string, number>>;
  /** Every target of the scenario in this cell, by the exception's bound where one speaks of the cell. */
  readonly targets: readonly CellTargetDocument[];
  readonly metrics: MetricsDocument;
}

export interface ScenarioDocument {
  readonly name: string;
  readonly title: string;
  readonly runs: number;
  readonly broken_runs: number;
  readonly budget_runs: number;
  /** Runs that threw, that ended their worker process twice, and that came to something else the second time: they measured nothing. */
  readonly threw_runs: number;
  readonly crashed_runs: number;
  readonly nondeterministic_runs: number;
  /** Names of the laws that judged its runs; missing in a document of before it was noted. */
  readonly laws?: readonly string[];
  /** Laws that were not judged in all of its runs, and why; missing in a document of before it was noted. */
  readonly not_judged?: readonly LawRow[];
  readonly broken: readonly BrokenDocument[];
  /** What its runs met, where that was asked for (`--coverage`). */
  readonly coverage?: Coverage;
  readonly digest: string;
  readonly sometimes: readonly ClaimRow[];
  /** Every target, then each of its exceptions over the cells that it names. */
  readonly targets: readonly TargetDocument[];
  readonly metrics: MetricsDocument;
  /** By cell; empty when the scenario opens no dimension. */
  readonly cells: readonly CellDocument[];
  /** All runs with one value of a dimension, or with one value each of two. */
  readonly slices: readonly SliceDocument[];
  /** Figures that have a fold of their own; their distributions with buckets stand in `metrics`. */
  readonly figures: readonly FigureDocument[];
  /** What it is told by in a word; null when it measures no distribution. */
  readonly headline: HeadlineDocument | null;
  /** What comparisons look at, each by its key in `per_run`. */
  readonly compared: readonly ComparedDocument[];
  /** One sample a run, so that two sweeps can be compared. */
  readonly per_run: Readonly<Record<string, SampleDocument>>;
  /**
   * The same seed by seed, so that two sweeps of the same seeds can be compared pair by pair; null where the runs are not
   * those of consecutive seeds, missing in a document of before it was noted.
   */
  readonly per_seed?: PerSeedDocument | null;
}

/** What a search of plans did, where the sweep was one. */
export type SearchDocument =
  | {
      readonly kind: 'exhaustive';
      readonly depth: number;
      /** By scenario and seed: events of the fault-free run, moments at which faults began, faults at each, runs. */
      readonly searched: readonly ({ readonly scenario: string } & Searched)[];
    }
  | {
      readonly kind: 'guided' | 'maximise';
      /** By scenario: runs that met something new, features met in all, and how far climbing and luck came. */
      readonly found: readonly {
        readonly scenario: string;
        readonly kept: number;
        readonly features: number;
        readonly maximised?: { readonly figure: string; readonly guided: number; readonly random: number };
      }[];
    };

export interface KnownDocument {
  readonly path: string;
  readonly scenario: string;
  readonly law: string;
  /** `still`: it fails as it did; `otherwise`: in another way; `passes`: not at all. */
  readonly now: 'still' | 'otherwise' | 'passes';
  readonly message: string | null;
}

export interface ExploreDocument {
  readonly schema: 'hangup/explore/3';
  readonly version: string;
  /** Seeds for each scenario, and the first of them. */
  readonly seeds: number;
  readonly from: string;
  /** Arguments of the sweep, as given. */
  readonly arguments: Origin;
  readonly stopped: Sweep['stopped'];
  /** What a search of plans did; missing for a sweep of seeds. */
  readonly search?: SearchDocument;
  readonly wall: { readonly seconds: number; readonly runs_per_s: number; readonly events_per_s: number };
  readonly scenarios: readonly ScenarioDocument[];
  /** Failures of earlier sweeps that were tried first; missing in a document of before, and where there were none. */
  readonly known_failures?: readonly KnownDocument[];
  /** All failing runs by law and cause; missing in a document of before it was noted. */
  readonly groups?: readonly GroupDocument[];
}

/** What the command knows besides the sweep's result. */
export interface Request {
  readonly version: string;
  readonly seeds: number;
  readonly from: number;
  readonly origin: Origin;
  /** Laws that judged all runs in place of each scenario's own. */
  readonly laws?: readonly Law[] | null;
  /** What was found by law and cause, where runs were made smaller, and the line for the file of one. */
  readonly groups?: readonly Group[];
  readonly pasteOf?: (group: Group) => string | null;
  /** Failures of earlier sweeps that were tried first. */
  readonly known?: { readonly tried: readonly KnownDocument[] };
  readonly search?: SearchDocument | null;
}

export function documentOf(result: Sweep, problems: readonly Problem[], request: Request): ExploreDocument {
  const seconds = result.wallMs / 1000;
  return {
    schema: 'hangup/explore/3',
    version: request.version,
    seeds: request.seeds,
    from: seedText(request.from),
    arguments: request.origin,
    stopped: result.stopped,
    ...(request.search ? { search: request.search } : {}),
    wall: { seconds, runs_per_s: total(result, 'runs') / seconds, events_per_s: total(result, 'events') / seconds },
    scenarios: result.tallies.map((each) => scenarioDocument(each, problems, request.laws ?? null)),
    ...(request.known === undefined || request.known.tried.length === 0
      ? {}
      : { known_failures: request.known.tried.map(knownDocument) }),
    groups: groupDocuments(problems, request.groups ?? null, request.pasteOf),
  };
}

const knownDocument = ({ path, scenario, law, now, message }: KnownDocument): KnownDocument => ({
  ...{ path, scenario, law, now, message },
});

function scenarioDocument(
  { scenario, tally }: Sweep['tallies'][number],
  problems: readonly Problem[],
  laws: readonly Law[] | null,
): ScenarioDocument {
  const targets = targetsOf(scenario);
  const figures = figuresOf(scenario);
  const headline = headlineOf(scenario);
  return {
    name: scenario.name,
    title: scenario.title,
    runs: tally.runs,
    broken_runs: tally.brokenRuns,
    budget_runs: tally.budgetRuns,
    threw_runs: tally.threwRuns,
    crashed_runs: tally.crashedRuns,
    nondeterministic_runs: tally.nondeterministicRuns,
    laws: (laws ?? lawsOf(scenario)).map(({ name }) => name),
    not_judged: lawRowsOf(scenario, tally, laws),
    broken: firstOfEachLaw(problems.filter((problem) => problem.scenario === scenario.name)).map(
      ({ law, seed, at, event, message, confirmed, paste }) => ({
        law,
        seed,
        runs: tally.brokenBy[law] ?? withoutLaw(tally)[law] ?? 0,
        at_us: at,
        event,
        message,
        confirmed,
        paste,
      }),
    ),
    digest: digestOf(tally),
    sometimes: claimRowsOf(claimsOf(scenario, tally), tally.reached, tally.runs),
    targets: rowsOf(targets, tally).map(targetDocument),
    metrics: metricsOf(figures, tally, true),
    cells: Object.keys(tally.cells)
      .sort()
      .map((name) => {
        const { cell, measures } = tally.cells[name] as (typeof tally.cells)[string];
        return {
          name,
          cell,
          runs: measures.runs,
          broken_runs: measures.brokenRuns,
          budget_runs: measures.budgetRuns,
          threw_runs: measures.threwRuns,
          crashed_runs: measures.crashedRuns,
          nondeterministic_runs: measures.nondeterministicRuns,
          broken_by: measures.brokenBy,
          targets: targets.map((target) => cellTargetDocument(rowIn(cell, measures, target))),
          metrics: metricsOf(figures, measures, false),
        };
      }),
    slices: slicesOf(figures, headline, Object.values(tally.cells)),
    figures: figureDocuments(figures, tally),
    ...(tally.coverage === undefined ? {} : { coverage: tally.coverage }),
    headline: headline === null ? null : headlineDocument(headline),
    compared: comparedDocument(figures, headline),
    per_run: perRunDocument(figures, tally.perRun),
    per_seed: perSeedDocument(tally.perSeed, tally.runs, perRunKeys(figures)),
  };
}

/** Runs that ended in no law, by what stands in its place. */
const withoutLaw = ({
  budgetRuns,
  threwRuns,
  crashedRuns,
  nondeterministicRuns,
}: Tally): Readonly<Record<string, number>> => ({
  budget: budgetRuns,
  threw: threwRuns,
  crashed: crashedRuns,
  nondeterministic: nondeterministicRuns,
});

/** Runs that did not hold, of a scenario, a cell or a slice, in a document of any version. */
export const badRunsOf = ({
  broken_runs,
  budget_runs,
  threw_runs = 0,
  crashed_runs = 0,
  nondeterministic_runs = 0,
}: Pick<SliceDocument, 'broken_runs' | 'budget_runs'> &
  Partial<Pick<SliceDocument, 'threw_runs' | 'crashed_runs' | 'nondeterministic_runs'>>): number =>
  broken_runs + budget_runs + threw_runs + crashed_runs + nondeterministic_runs;

/** A sum over all scenarios. */
export const total = ({ tallies }: Sweep, field: 'runs' | 'events' | 'virtual'): number =>
  tallies.reduce((sum, { tally }) => sum + tally[field], 0);
