/**
 * An attempt of a shrink: one run of a smaller case, until it fails as the original did, or in any other way.
 *
 * It fails in the same way when its first breach is of the same law by the same cause, but for those that came before that
 * in the original, too. A run that breaks another law first, or the same one in other words, is another bug, however small
 * it is. What a run would still do behind the breach says nothing and is not run.
 */
import type { Instant } from '../../src/time.ts';
import { CONNS_PER_NODE } from '../../src/transport.ts';
import { BUDGETS, type Budgets } from '../core/budgets.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Overrides } from '../core/overrides.ts';
import { type RunOptions, run } from '../core/run.ts';
import { RunError } from '../core/run-error.ts';
import type { Scenario } from '../core/scenario.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { causeOf, type Failing, failingsOf, keyOf } from './cause.ts';

/** What is shrunk: everything that a run is made of, besides scenario and seed. */
export interface Case {
  readonly plan: FaultPlan;
  /** What is chosen instead of what the scenario would do; sizes among them. */
  readonly overrides: Overrides;
}

/** Where a run failed. */
export interface Failed {
  readonly event: number;
  readonly at: Instant;
  readonly message: string;
}

/** The original, and what it failed by. */
export interface Original {
  readonly scenario: Scenario;
  readonly seed: string;
  /** Laws and budgets among them; no plan, overrides or witness. */
  readonly options: RunOptions;
  readonly wanted: Failing;
  /** Keys of causes that came before it; they may do so again. */
  readonly before: ReadonlySet<string>;
  /** Events of the whole run, and until it failed. */
  readonly events: number;
  readonly failed: Failed;
}

/** Of a plan with moments: when each of its faults began, null for one that did not. */
export type Began = Outcome['began'];

/** How a run ended, and what it took. */
export interface Tried {
  readonly failed: Failed | null;
  readonly events: number;
  readonly began?: Began | undefined;
}

/** An attempt may be longer than the original: another moment, other luck. One that is much longer is no smaller case. */
const LONGER = 2;
const SLACK = 10_000;
/** What has come so far without an end is taken for endless, until the last attempt looks at all of it. */
const ENDLESS = 20;

/** Runs a case until it fails. */
export function attempt(original: Original, { plan, overrides }: Case): Tried {
  const { scenario, seed, options, wanted, before } = original;
  const key = keyOf(wanted);
  let failed: Failed | null = null;
  const until: RunOptions['until'] = (breach) => {
    const each = keyOf(breach);
    if (each === key) failed ??= { event: breach.event, at: breach.at, message: breach.message };
    return each === key || !before.has(each);
  };
  try {
    const outcome = run(scenario, seed, {
      ...options,
      ...overrides,
      plan,
      mode: 'sweep',
      until,
      budgets: budgetsOf(original),
    });
    if (wanted.law === 'budget') failed = endless(outcome, key);
    // Another breach may stand before it in what is judged at the end.
    else if (failed !== null && isSlipped(outcome, key, before)) failed = null;
    return { failed, events: outcome.events, began: outcome.began };
  } catch (error) {
    if (!(error instanceof RunError)) return { failed: null, events: 0 };
    const { what: message, event, at } = error;
    return {
      failed: wanted.law === 'threw' && keyOf({ law: 'threw', message }) === key ? { event, at, message } : null,
      events: event,
    };
  }
}

const isSlipped = (outcome: Outcome, key: string, before: ReadonlySet<string>): boolean => {
  const keys = failingsOf(outcome).map(keyOf);
  return keys.slice(0, keys.indexOf(key)).some((each) => !before.has(each));
};

const endless = (outcome: Outcome, key: string): Failed | null =>
  outcome.breaches.length === 0 &&
  outcome.exceeded !== null &&
  keyOf({ law: 'budget', message: outcome.exceeded }) === key
    ? { event: outcome.events, at: outcome.ended, message: outcome.exceeded }
    : null;

/** Budgets of an attempt: what fails later than the original is worth no wait. */
function budgetsOf({ options, wanted, failed, events }: Original): Budgets {
  const given = options.budgets ?? BUDGETS;
  if (wanted.law === 'budget') {
    // By events or by time, whichever it was that ran out: a part of it.
    const least = 100_000;
    return {
      ...given,
      events: Math.max(least, Math.ceil(events / ENDLESS)),
      time: Math.max(1, Math.ceil(failed.at / (events < least * ENDLESS ? ENDLESS : 1))) as Instant,
    };
  }
  return {
    events: LONGER * failed.event + SLACK,
    // What only shows at the end of a run that was cut off shows at such an end.
    time: Math.max(given.time, failed.at) as Instant,
    queue: BUDGETS.queue,
    dials: CONNS_PER_NODE / 2 - 1,
    ...(given.instant === undefined ? {} : { instant: given.instant }),
  };
}

/** The same run to its end, or to what it throws: all that it fails by, and where. */
export function whole(
  scenario: Scenario,
  seed: string,
  options: RunOptions,
): { readonly failings: readonly (Failing & Failed)[]; readonly events: number; readonly outcome: Outcome | null } {
  try {
    const outcome = run(scenario, seed, options);
    const { events, ended: at, exceeded } = outcome;
    const failings = failingsOf(outcome).map((each) => ({ event: events, at, ...each }));
    return { failings: exceeded === null || failings.length > 0 ? failings : [], events, outcome };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const { what: message, event, at } = error;
    return { failings: [{ law: 'threw', message, event, at }], events: event, outcome: null };
  }
}

/** Whether two sentences of a law are of one cause. */
export const isSameCause = (a: string, b: string): boolean => causeOf(a) === causeOf(b);
