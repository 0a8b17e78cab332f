/**
 * Which faults of a plan a breach needs. The seed is run again without each of them; luck is keyed by node and purpose, so
 * that nothing else differs. Where no single one can be left out without the breach coming back, faults are given to the
 * run again for as long as it passes: what is left over are those that bring the breach, each by itself.
 *
 * The run that comes out of it is the *nearest passing run*: the same seed, with as much of its plan as it can bear.
 */
import type { Breach, Law } from '../../properties/laws/law.ts';
import type { Entry } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import { samePlain } from '../../src/plain.ts';
import type { Instant } from '../../src/time.ts';
import { type Budgets, budgetsFor } from '../core/budgets.ts';
import { type RunOptions, run } from '../core/run.ts';
import { lawsOf, type Scenario } from '../core/scenario.ts';
import type { RecordedEntry } from '../core/trail.ts';
import type { World } from '../core/world.ts';
import { faultsOf } from '../faults/catalogue.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Recorded } from './recorded.ts';

/** So many events may be run through again; and those of a long run once, without any fault. */
const EVENTS = 400_000;
/** What a world costs before its first event, in events. */
const EVENTS_A_WORLD = 1000;

export interface Guilt {
  /** It breaks without any fault, too. */
  readonly always: boolean;
  /** Places in the plan of faults that are enough by themselves, and none of them can be missed then. */
  readonly enough: readonly number[];
  /** Of the whole plan: those without which it passes, whatever else is in it. */
  readonly needed: readonly number[];
  /** Places of faults that changed nothing at all until the law was broken; and of those that began only then. */
  readonly idle: readonly number[];
  readonly later: readonly number[];
  /** The plan of the nearest passing run, and what is left out in it; null when there is none, or it was not found. */
  readonly passing: { readonly plan: FaultPlan; readonly without: readonly number[] } | null;
  /** False: there were too many events to find out. */
  readonly complete: boolean;
}

/** Whoever runs a seed again and looks whether it breaks one law; until so many events are used up. */
export class Again {
  #left: number;
  readonly #most: number;
  runs = 0;
  readonly #budgets: (plan: FaultPlan) => Budgets;
  readonly #laws: readonly Law[];
  readonly #scenario: Scenario;
  readonly #seed: string;
  readonly #options: RunOptions;

  /** Looks at the law that the run broke, or at whether a run comes to an end. */
  constructor({ law, scenario, outcome, options, history, world, end, isLate }: Recorded) {
    const { witness: _, laws = lawsOf(scenario), ...rest } = options;
    const kinds = faultsOf(scenario);
    this.#budgets = (plan) => {
      const budgets = options.budgets ?? budgetsFor(world, plan, kinds);
      const time = Math.min(budgets.time, horizonOf(isLate, history, world, end.at));
      return { ...budgets, time: time as Instant };
    };
    this.#scenario = scenario;
    this.#seed = outcome.seed;
    this.#laws = laws.filter(({ name }) => name === law).map(untilBroken);
    this.#options = {
      ...rest,
      cell: outcome.cell,
      mode: 'sweep',
      laws: this.#laws,
      // Applications stay as long as they did: who leaves earlier because nothing went wrong is not what is asked about.
      stay: outcome.left,
    };
    this.#left = EVENTS;
    this.#most = outcome.events;
  }

  /** Whether a run under another plan breaks the law; null when there are no events left for it. `hears` sees its entries. */
  breaks(plan: FaultPlan, hears?: (entry: RecordedEntry) => void): boolean | null {
    this.#left -= EVENTS_A_WORLD;
    if (this.#left <= 0) return null;
    this.runs++;
    const most = plan.length === 0 ? Math.max(this.#left, this.#most) : this.#left;
    let event = 0;
    const witness = (entry: RecordedEntry): void => {
      event = entry.event;
      if (event > most) throw USED_UP;
      hears?.(entry);
    };
    try {
      const { events, breaches, exceeded } = run(this.#scenario, this.#seed, {
        ...this.#options,
        plan,
        witness,
        budgets: this.#budgets(plan),
      });
      event = events;
      return breaches.length > 0 || (this.#laws.length === 0 && exceeded !== null);
    } catch (error) {
      if (causedBy(error, BROKEN)) return true;
      if (!causedBy(error, USED_UP)) throw error;
      return null;
    } finally {
      this.#left -= event;
    }
  }
}

/**
 * Until when a run without some of the faults is looked at: twice as long as it took this one to break, or as everything may
 * take after the last fault, whichever is less where the law was only judged when a budget had ended the run.
 */
function horizonOf(isLate: boolean, history: readonly Entry[], { facts }: World, end: number): number {
  const healed = history.findLast(({ kind }) => kind === 'healed')?.at ?? 0;
  const converged = facts.convergeWithin === undefined ? null : healed + 2 * facts.convergeWithin + MARGIN_US;
  return isLate && converged !== null ? converged : Math.max(2 * end + MARGIN_US, converged ?? 0);
}
const MARGIN_US = 60_000_000;

const USED_UP = new Error('no events are left');
const BROKEN = new Error('the law is broken');

/** What comes behind a breach is not looked at, and may be long. */
const untilBroken = (law: Law): Law => {
  const broken = Object.assign(
    (): void => {
      throw BROKEN;
    },
    { nameOf: String },
  ) as Breach;
  const on = Object.fromEntries(
    Object.entries(law.on).map(([kind, fold]) => [
      kind,
      (memory: unknown, entry: Entry) => (fold as (m: unknown, e: Entry, say: Breach) => void)(memory, entry, broken),
    ]),
  );
  const { end } = law;
  return { ...law, on, ...(end === undefined ? {} : { end: (memory, _, ending) => end(memory, broken, ending) }) };
};

/** Whoever passes an exception on may put it into others. */
const causedBy = (error: unknown, cause: Error): boolean =>
  error === cause || (error instanceof Error && error.cause !== undefined && causedBy(error.cause, cause));

/**
 * Finds the faults that the breach needs. `history` is that of the run until the law was broken; what begins later has nothing
 * to do with it, and is left out of every run. `stands`: where what is missed came no further, and whose affair it is: faults
 * behind that, and those that hit others, go first.
 */
export function guiltOf(
  { history, outcome: { plan, began = [] }, end }: Recorded,
  { stands, clients }: { readonly stands: number; readonly clients: readonly NodeId[] },
  again: Again,
): Guilt {
  // A fault that waits for a moment of the protocol begins before its time.
  const beginsAt = (place: number): number => began[place] ?? plan[place]?.at ?? 0;
  const told = history.filter(counts);
  const places = plan.flatMap((_, place) => (beginsAt(place) <= end.at ? [place] : []));
  const later = plan.flatMap((_, place) => (beginsAt(place) > end.at ? [place] : []));
  const found: Guilt = { always: false, enough: [], needed: [], idle: [], later, passing: null, complete: false };
  const free = places.length === 0 ? true : again.breaks([]);
  if (free === null) return found;
  // Where no fault is needed, none is guilty.
  if (free) return { ...found, always: true, complete: true };
  const needed: number[] = [];
  const idle: number[] = [];
  for (const place of places) {
    const match = new Match(told);
    const broken = again.breaks(without(plan, [...later, place]), (entry) => match.see(entry));
    if (broken === null) return { ...found, needed, idle };
    if (match.isWhole) idle.push(place);
    else if (!broken) needed.push(place);
  }
  const rest = places.filter((place) => !idle.includes(place) && !needed.includes(place));
  const behind = rest.filter((place) => beginsAt(place) > stands);
  const before = rest.filter((place) => !behind.includes(place));
  const hits = (place: number): boolean => clients.some((client) => plan[place]?.target.split('-').includes(client));
  const order = [...behind.reverse(), ...before.filter((place) => !hits(place)), ...before.filter(hits)];
  const enough = leastOf(plan, needed, order, again);
  if (enough === null) return { ...found, needed, idle };
  const passing = passingOf(plan, enough, places, again);
  return { always: false, enough, needed, idle, later, passing, complete: passing !== null };
}

/** Faults that are enough, none of which can be missed: of `rest` they are left out one by one, in that order. */
function leastOf(
  plan: FaultPlan,
  needed: readonly number[],
  rest: readonly number[],
  again: Again,
): readonly number[] | null {
  if (rest.length === 0) return needed;
  if (needed.length > 0) {
    const broken = again.breaks(only(plan, needed));
    if (broken === null) return null;
    if (broken) return needed;
  }
  let left = [...needed, ...rest];
  for (const place of rest) {
    const fewer = left.filter((each) => each !== place);
    if (fewer.length === 0) break;
    const broken = again.breaks(only(plan, fewer));
    if (broken === null) return null;
    if (broken) left = fewer;
  }
  return left.sort((a, b) => a - b);
}

/** Without the last of those that are enough, which leaves most of the run as it is; and as many of the others as it bears. */
function passingOf(
  plan: FaultPlan,
  enough: readonly number[],
  places: readonly number[],
  again: Again,
): Guilt['passing'] {
  const [first, ...others] = enough;
  if (first === undefined) return null;
  const last = others.reduce((a, b) => ((plan[b]?.at ?? 0) >= (plan[a]?.at ?? 0) ? b : a), first);
  let borne = places.filter((place) => place !== last);
  const broken = again.breaks(only(plan, borne));
  if (broken === null) return null;
  const out = [last];
  if (broken) {
    borne = enough.filter((place) => place !== last);
    for (const place of places) {
      if (enough.includes(place)) continue;
      const more = again.breaks(only(plan, [...borne, place]));
      if (more === null) return null;
      if (more) out.push(place);
      else borne.push(place);
    }
  }
  return { plan: only(plan, borne), without: out.sort((a, b) => a - b) };
}

export const without = (plan: FaultPlan, places: readonly number[]): FaultPlan =>
  plan.filter((_, place) => !places.includes(place));
const only = (plan: FaultPlan, places: readonly number[]): FaultPlan =>
  plan.filter((_, place) => places.includes(place));

/** Whether another run has the very history that was told, entry by entry. */
class Match {
  readonly #told: readonly Entry[];
  #next = 0;
  #differs = false;

  constructor(told: readonly Entry[]) {
    this.#told = told;
  }

  get isWhole(): boolean {
    return !this.#differs && this.#next >= this.#told.length;
  }

  see(entry: Entry): void {
    if (this.#differs || !counts(entry)) return;
    const other = this.#told[this.#next++];
    // What comes behind the breach is not compared. Events and entries are numbered with those of the faults.
    if (other === undefined) return;
    this.#differs = !samePlain({ ...other, ...UNNUMBERED }, { ...entry, ...UNNUMBERED });
  }
}

const UNNUMBERED = { event: 0, id: 0, cause: 0 };

/** Faults that begin and end, and the end of the last, are the plan itself and not what it did. */
const counts = ({ kind }: Entry): boolean => kind !== 'fault' && kind !== 'healed' && kind !== 'rest';
