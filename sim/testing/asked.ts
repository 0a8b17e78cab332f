/**
 * What a test of seeds is asked for: its options, what the environment says instead, and how long it may take.
 *
 * A nightly job runs the same tests over more seeds, so the environment goes before what a test says of itself.
 */
import type { Law } from '../../properties/laws/law.ts';
import { mustBeOptions, RUN_OPTIONS } from '../core/options.ts';
import { OVERRIDE_SHAPES, type Overrides } from '../core/overrides.ts';
import { SEED_MAX, seedNumber, seedOf, seedText } from '../core/seeds.ts';
import { anything, orNull, type Shapes, text } from '../core/shape.ts';
import { shown } from '../core/shown.ts';
import { MODULE } from '../explore/options.ts';

export interface SeedsOptions extends Overrides {
  /** How many seeds are run, 1 to 100,000,000. Default 200. `HANGUP_SEEDS` in the environment goes before it. */
  readonly runs?: number;
  /** The first seed, as the command takes it, or its number. Default 1. `HANGUP_FROM` in the environment goes before it. */
  readonly from?: string | number;
  /** Worker processes, 1 to 256. Default 1: in this process, where any scenario can be run. More need the `module` of those that are not the catalogue's. */
  readonly jobs?: number;
  /** The module that exports the scenario, for worker processes: `new URL('./feed.ts', import.meta.url)`, or a path. */
  readonly module?: string | URL;
  /** The laws that judge every run, instead of those of the scenario and its protocol. */
  readonly laws?: readonly Law[];
  /**
   * Milliseconds that `runs` runs may take; the test fails when they are over, and says how far it came. Default 10 s, and
   * 200 ms for each run. Where `HANGUP_SEEDS` asks for more runs, they get as much more time.
   */
  readonly timeout?: number;
  /** Folder for failure files; null for none. Default `.hangup/failures`, as the command has it. */
  readonly failures?: string | null;
}

const SEEDS_OPTIONS: Shapes<SeedsOptions> = {
  runs: anything,
  from: anything,
  jobs: anything,
  module: MODULE,
  laws: RUN_OPTIONS.laws,
  ...OVERRIDE_SHAPES,
  timeout: anything,
  failures: orNull(text),
};

export interface Asked {
  readonly runs: number;
  readonly from: number;
  /** Wall time for the runs. */
  readonly timeoutMs: number;
}

/** What stands in the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const RUNS = 200;
const RUNS_MOST = 100_000_000;
/**
 * The slowest family of the catalogue takes 20 ms a seed on one busy core (`midstream/text`, docs/library.md); ten times
 * that is a machine of a CI service that does something else as well.
 */
const MS_A_RUN = 200;
const MS_TO_BEGIN = 10_000;
/** The longest that a timer of Node can wait. */
const MS_MOST = 2_147_483_647;

/** Throws in one line that names the option, or the variable, and what it must be. */
export function askedFor(options: SeedsOptions, environment: Environment): Asked {
  mustBeOptions('seeds', options, SEEDS_OPTIONS);
  const { runs: own = RUNS, timeout } = options;
  const { HANGUP_SEEDS: seeds, HANGUP_FROM: first } = environment;
  mustBeRuns('`runs`', own, own);
  const runs = isSet(seeds) ? Number(/^\d{1,9}$/.test(seeds) ? seeds : Number.NaN) : own;
  mustBeRuns('HANGUP_SEEDS', runs, seeds);
  const from = isSet(first) ? firstOf('HANGUP_FROM', first) : firstOf('`from`', options.from ?? 1);
  if (from + runs - 1 > SEED_MAX)
    throw new Error(`${runs} seeds from ${seedText(from)} go beyond ${seedText(SEED_MAX)}, the last seed`);
  if (timeout !== undefined && !(timeout > 0 && timeout <= MS_MOST))
    throw new Error(`\`timeout\`: expected milliseconds above 0 and up to ${MS_MOST}, got ${shown(timeout)}`);
  const given = timeout === undefined ? MS_TO_BEGIN + runs * MS_A_RUN : timeout * Math.max(1, runs / own);
  return { runs, from, timeoutMs: Math.min(Math.ceil(given), MS_MOST) };
}

/** A variable that is set to nothing is how a shell takes one away. */
const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

function mustBeRuns(name: string, value: number, got: unknown): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > RUNS_MOST)
    throw new Error(`${name}: expected a whole number from 1 to ${RUNS_MOST}, got ${shown(got)}`);
}

function firstOf(name: string, given: string | number): number {
  try {
    return seedNumber(seedOf(given)) as number;
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  }
}
