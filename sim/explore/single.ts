/**
 * A single run, known by all that it is made of: the failing run of a sweep, which is shrunk, or a failure of an earlier
 * one, which is tried again. It travels to a worker process where code of somebody else runs in it.
 */
import type { Instant } from '../../src/time.ts';
import type { Cell } from '../core/cells.ts';
import type { BreachReport } from '../core/outcome.ts';
import type { Overrides } from '../core/overrides.ts';
import { type RunOptions, run } from '../core/run.ts';
import { RunError } from '../core/run-error.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Sizes } from '../core/sizes.ts';
import type { Failing } from '../explain/cause.ts';
import { type Extent, type Shrunk, shrinking } from '../explain/shrink.ts';
import type { FaultPlan } from '../faults/plan.ts';

export interface Single {
  /** The scenario's name; whoever runs it looks it up. */
  readonly scenario: string;
  readonly seed: string;
  /** Null: as the seed draws it. */
  readonly plan: FaultPlan | null;
  readonly overrides: Overrides;
  /** What is to stay when it is shrunk, and for how long at the most, in milliseconds of wall time; null: it is only run. */
  readonly shrink: { readonly wanted: Failing; readonly patienceMs: number } | null;
}

/** What came of a run. */
export interface Seen {
  readonly verdict: 'holds' | 'broken' | 'budget' | 'threw';
  /** Empty for one that threw. */
  readonly digest: string;
  readonly breaches: readonly BreachReport[];
  readonly exceeded: string | null;
  /** What it threw, in words; null when it did not. */
  readonly threw: string | null;
  readonly cell: Cell;
  /** What its seed drew, in a line. */
  readonly conditions: string;
  readonly events: number;
}

/** The smallest run that fails as one did, with what is left of its conditions. */
export interface Least {
  readonly plan: FaultPlan;
  readonly sizes: Sizes | null;
  /** Which of the chosen conditions it still needs; of a network that is now another one, its name. */
  readonly needs: { readonly input: boolean; readonly policy: boolean; readonly network: boolean | string };
  readonly law: string;
  readonly cause: string;
  readonly message: string;
  readonly at: Instant;
  readonly event: number;
  readonly runs: number;
  readonly before: Extent;
  readonly after: Extent;
  readonly stopped: 'least' | 'budget' | 'interrupted';
  /** The run itself, to its end. */
  readonly seen: Seen;
}

/** What of a run is no override: laws that judge it instead of its scenario's own. */
export type Judging = Pick<RunOptions, 'laws'>;

/** Runs it, once. */
export function seenOf(scenario: Scenario, { seed, plan, overrides }: Single, judging: Judging): Seen {
  try {
    const outcome = run(scenario, seed, { ...judging, ...overrides, ...(plan === null ? {} : { plan }) });
    const { verdict, digest, breaches, exceeded, cell, conditions, events } = outcome;
    return { verdict, digest, breaches, exceeded, threw: null, cell, conditions, events };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const none = { digest: '', breaches: [], exceeded: null, cell: overrides.cell ?? {}, conditions: '' };
    return { verdict: 'threw', ...none, threw: error.what, events: error.event };
  }
}

/** Shrinks it, an attempt a step; null when it does not fail by what is wanted. `goesOn`: whether there is time for another. */
export function* leastOf(
  scenario: Scenario,
  single: Single,
  judging: Judging,
  goesOn: () => boolean,
): Generator<undefined, Least | null> {
  const { seed, plan, overrides, shrink } = single;
  if (shrink === null) return null;
  const shrunk = yield* shrinking(scenario, seed, {
    ...judging,
    ...overrides,
    ...(plan === null ? {} : { plan }),
    ...{ wanted: shrink.wanted, goesOn },
  });
  return shrunk === null ? null : leastFrom(scenario, seed, shrunk, { ...judging, ...overrides });
}

/** What was made smaller, with the run itself; `given`: what the whole run was run with. */
export function leastFrom(scenario: Scenario, seed: string, shrunk: Shrunk, given: RunOptions): Least {
  const { law, cause, failed, runs, before, after, stopped, sizes } = shrunk;
  const { network } = shrunk.overrides;
  const isChosen = network !== undefined && network !== null;
  const { laws } = given;
  return {
    ...{ plan: shrunk.plan, sizes, law, cause, runs, before, after, stopped },
    ...{ message: failed.message, at: failed.at, event: failed.event },
    needs: {
      input: (shrunk.overrides.input ?? null) !== null,
      policy: (shrunk.overrides.policy ?? null) !== null,
      network: isChosen && (network === given.network || network.name),
    },
    seen: seenOf(
      scenario,
      { scenario: scenario.name, seed, plan: shrunk.plan, overrides: shrunk.overrides, shrink: null },
      laws === undefined ? {} : { laws },
    ),
  };
}

/** The same in this thread, at once: whoever calls it waits. */
export function leastAtOnce(scenario: Scenario, single: Single, judging: Judging): Least | null {
  const steps = leastOf(scenario, single, judging, within(single));
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Whether its time is not over yet. */
export function within({ shrink }: Single): () => boolean {
  const latest = performance.now() + (shrink?.patienceMs ?? 0);
  return () => performance.now() < latest;
}
