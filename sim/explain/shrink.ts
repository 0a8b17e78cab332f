/**
 * Shrinking: the smallest case that still fails as the run did. Faults are left out, begin earlier, become plainer, shorter
 * and rounder; the world has fewer clients, servers, turns and chunks; its conditions become plain. Every attempt is a whole
 * run up to its breach, judged anew, and must break the same law by the same cause (`attempt.ts`), or it counts for nothing.
 *
 * What comes of it depends on the run alone: attempts follow each other in a fixed order, within a budget of runs and
 * events. Only who stops it early (`goesOn`) lets the wall clock in, and is told so.
 */
import type { Instant } from '../../src/time.ts';
import type { Cell } from '../core/cells.ts';
import { madeOf, type Outcome } from '../core/outcome.ts';
import { type Overrides, overridesIn } from '../core/overrides.ts';
import type { RunOptions } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Sizes } from '../core/sizes.ts';
import { faultsOf } from '../faults/catalogue.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { attempt, type Began, type Case, type Failed, type Original, type Tried, whole } from './attempt.ts';
import { causeOf, type Failing, keyOf } from './cause.ts';
import { earlier, fewerFaults, type Plans, rounder, simplerFaults } from './shrink-plan.ts';
import { plainerConditions, sizesOf, smallerWorlds } from './shrink-world.ts';

/** How large a failing run is. */
export interface Extent {
  readonly faults: number;
  /** Events: of the whole run before; of what is left, those up to the breach, behind which nothing says anything. */
  readonly events: number;
  /** When it failed. */
  readonly at: Instant;
  /** Clients, servers, turns, … of its world. */
  readonly sizes: Sizes;
}

export interface Shrunk {
  readonly plan: FaultPlan;
  /** What was made smaller, and to what: null for the world as the seed draws it. */
  readonly sizes: Sizes | null;
  /** What else it is run with, sizes among them: `run(scenario, seed, { ...overrides, plan })`. */
  readonly overrides: Overrides;
  /** The law that it still breaks, or `budget`, `threw`. */
  readonly law: string;
  /** The sentence of the breach without numbers, times and names, which stayed the same. */
  readonly cause: string;
  /** Where the smallest run failed, and with which words. */
  readonly failed: Failed;
  /** How many runs it took. */
  readonly runs: number;
  readonly before: Extent;
  readonly after: Extent;
  /** Why nothing smaller was looked for any more: nothing smaller fails, the budget of runs and events, or `goesOn`. */
  readonly stopped: 'least' | 'budget' | 'interrupted';
}

export interface ShrinkOptions extends RunOptions {
  /** The failure that is to stay: a law, and a sentence of it. Default: the first that happened. */
  readonly wanted?: Failing;
  /** Asked before each attempt; `false` ends it with what it has. */
  readonly goesOn?: () => boolean;
}

/** Attempts, and events of all of them together, after which the smallest case so far is taken: some seconds. */
const RUNS_MAX = 1000;
const EVENTS_MOST = 3_000_000;
/** All passes again, for as long as one of them finds something. */
const ROUNDS = 4;
/** A smaller world or a plainer fault may take longer to fail, but not much. */
const LONGER = 1.5;

/**
 * The least that fails as `outcome` does; null when it broke nothing. An outcome knows what it was made of. One that was not
 * made by this process (it was stored, or came from a worker) must be told its scenario, and what else it was run with:
 * laws, network, input, policy, sizes, budgets.
 */
export function shrink(outcome: Outcome, scenario?: Scenario, options: ShrinkOptions = {}): Shrunk | null {
  const made = madeOf(outcome);
  const of = scenario ?? made?.scenario;
  if (of === undefined) throw new Error('shrink: expected an outcome of run() in this process, or its scenario, too');
  if (outcome.scenario !== of.name)
    throw new Error(`shrink: expected the scenario of the outcome, ${outcome.scenario}, got ${of.name}`);
  if (outcome.breaches.length === 0 && outcome.exceeded === null) return null;
  const { plan, cell, seed } = outcome;
  const steps = shrinking(of, seed, { ...made?.options, ...options, plan, cell });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same for any failing run, one attempt a step, so that whoever calls it can do something else in between. */
export function* shrinking(
  scenario: Scenario,
  seed: string,
  {
    wanted,
    goesOn = () => true,
    witness: _,
    until: __,
    mode: ___,
    ...given
  }: ShrinkOptions & { readonly cell?: Cell | null },
): Generator<undefined, Shrunk | null> {
  const { plan: drawn, ...asked } = given;
  const overrides = overridesIn(asked);
  const options = Object.fromEntries(Object.entries(asked).filter(([name]) => !Object.hasOwn(overrides, name)));
  const first = whole(scenario, seed, given);
  const { failings, events } = first;
  const target = failings.find((each) => wanted === undefined || keyOf(each) === keyOf(wanted));
  const plan = drawn ?? first.outcome?.plan;
  if (target === undefined || plan === undefined) return null;
  yield;
  const original: Original = {
    ...{ scenario, seed, options, events },
    wanted: { law: target.law, message: target.message },
    before: new Set(failings.slice(0, failings.indexOf(target)).map(keyOf)),
    failed: target,
  };
  const search = new Search(original, { plan, overrides }, first.outcome?.began, goesOn);
  for (let round = 0; round < ROUNDS; round++) {
    const before = search.accepted;
    yield* search.all();
    if (search.accepted === before || search.stopped !== 'least') break;
  }
  const shrunk = search.shrunk();
  // What had no end so far must have none at all.
  if (target.law === 'budget' && search.accepted > 0 && !isEndless(scenario, seed, options, shrunk))
    return search.asItWas();
  return shrunk;
}

function isEndless(scenario: Scenario, seed: string, options: RunOptions, { overrides, plan, cause }: Shrunk): boolean {
  const { outcome } = whole(scenario, seed, { ...options, ...overrides, plan });
  return outcome?.verdict === 'budget' && outcome.exceeded !== null && causeOf(outcome.exceeded) === cause;
}

/** What the smallest run is run with, of what the whole one was: other options than plan and overrides stay. */
export const leastOptions = (
  options: RunOptions,
  { plan, overrides }: Pick<Shrunk, 'plan' | 'overrides'>,
): RunOptions => {
  const own = overridesIn(options);
  const rest = Object.entries(options).filter(([name]) => !Object.hasOwn(own, name));
  return { ...Object.fromEntries(rest), ...overrides, plan };
};

class Search {
  readonly #original: Original;
  readonly #from: Case;
  readonly #goesOn: () => boolean;
  readonly #known = new Map<string, Tried>();
  #best: Case;
  #failed: Failed;
  #began: Began;
  #runs = 1;
  #events: number;
  accepted = 0;
  stopped: Shrunk['stopped'] = 'least';

  constructor(original: Original, from: Case, began: Began, goesOn: () => boolean) {
    this.#original = original;
    this.#from = from;
    this.#best = from;
    this.#failed = original.failed;
    this.#began = began;
    this.#events = original.events;
    this.#goesOn = goesOn;
  }

  /** One round of passes, the ones that save most first. */
  *all(): Generator<undefined, void> {
    const { scenario, seed } = this.#original;
    const faults = faultsOf(scenario);
    const notLater = ({ event }: Failed): boolean => event < LONGER * this.#failed.event;
    const sooner = ({ event }: Failed): boolean => event < this.#failed.event;
    yield* this.#plans(fewerFaults(this.#best.plan), notLater);
    yield* this.#plans(earlier(this.#best.plan), sooner);
    yield* this.#pass(smallerWorlds(scenario, seed, this.#best), notLater);
    yield* this.#plans(earlier(this.#best.plan), sooner);
    yield* this.#pass(plainerConditions(scenario, seed, this.#best), notLater);
    yield* this.#plans(fewerFaults(this.#best.plan), notLater);
    yield* this.#plans(simplerFaults(this.#best.plan, faults, this.#began), notLater);
    yield* this.#plans(rounder(this.#best.plan, faults), notLater);
  }

  *#plans(plans: Plans, fits: (failed: Failed) => boolean): Generator<undefined, void> {
    let step = plans.next();
    while (!step.done) step = plans.next(yield* this.#try({ ...this.#best, plan: step.value }, fits));
    // Put in another order, or as it was.
    this.#best = { ...this.#best, plan: step.value };
  }

  *#pass(cases: Generator<Case, Case, boolean>, fits: (failed: Failed) => boolean): Generator<undefined, void> {
    let step = cases.next();
    while (!step.done) step = cases.next(yield* this.#try(step.value, fits));
  }

  /** Whether a case fails as it should; it is then the best one. */
  *#try(candidate: Case, fits: (failed: Failed) => boolean): Generator<undefined, boolean> {
    if (this.stopped !== 'least') return false;
    const key = keyOfCase(candidate);
    if (key === keyOfCase(this.#best)) return false;
    let tried = this.#known.get(key);
    if (tried === undefined) {
      if (this.#runs >= RUNS_MAX || this.#events >= EVENTS_MOST) this.stopped = 'budget';
      else if (!this.#goesOn()) this.stopped = 'interrupted';
      if (this.stopped !== 'least') return false;
      tried = attempt(this.#original, candidate);
      this.#runs++;
      this.#events += tried.events;
      this.#known.set(key, tried);
      yield;
    }
    if (tried.failed === null || !fits(tried.failed)) return false;
    this.#best = candidate;
    this.#failed = tried.failed;
    this.#began = tried.began;
    this.accepted++;
    return true;
  }

  /** Nothing smaller is certain to fail. */
  asItWas(): Shrunk {
    this.#best = this.#from;
    this.#failed = this.#original.failed;
    return this.shrunk();
  }

  shrunk(): Shrunk {
    const { scenario, seed, wanted, events, failed } = this.#original;
    const { plan, overrides } = this.#best;
    const extent = (of: Case, until: number, at: Instant): Extent => ({
      faults: of.plan.length,
      events: until,
      at,
      sizes: sizesOf(scenario, seed, of),
    });
    return {
      plan,
      sizes: overrides.sizes ?? null,
      overrides,
      law: wanted.law,
      cause: causeOf(wanted.message),
      failed: this.#failed,
      runs: this.#runs,
      before: extent(this.#from, events, failed.at),
      after: extent(this.#best, this.#failed.event, this.#failed.at),
      stopped: this.stopped,
    };
  }
}

/** Contents, networks and policies are objects that nobody changes: their names tell them apart within one shrink. */
const keyOfCase = ({ plan, overrides: { input, network, policy, cell, sizes, faults } }: Case): string =>
  JSON.stringify([plan, cell, sizes, faults, network?.name, input?.length, policy?.cap]);
