/**
 * Which faults of a plan a breach needs. The seed is run again without each of them; luck is keyed by node and purpose, so
 * that nothing else differs. Where no single one can be left out without the breach coming back, faults are given to the
 * run again for as long as it passes: what is left over are those that bring the breach, each by itself.
 *
 * The run that comes out of it is the *nearest passing run*: the same seed, with as much of its plan as it can bear.
 */
import type { Breach, Law } from '../../properties/laws/law.ts';
import type { Entry } from '../../src/history.ts';
import { samePlain } from '../../src/plain.ts';
import type { Instant } from '../../src/time.ts';
import type { Outcome } from '../core/outcome.ts';
import { type RunOptions, run } from '../core/run.ts';
import { lawsOf, type Scenario } from '../core/scenario.ts';
import type { RecordedEntry } from '../core/trail.ts';
import type { FaultPlan } from '../faults/plan.ts';

/** So many events may be run through again; and those of a long run once, without any fault. */
const EVENTS = 400_000;
/** What a world costs before its first event, in events. */
const EVENTS_A_WORLD = 1000;

export interface Guilt {
  /** It breaks without any fault, too. */
  readonly always: boolean;
  /** Places in the plan without which it passes: each of them is needed. Empty where no single one is. */
  readonly needed: readonly number[];
  /** Where none is needed by itself: those of which each brings it, beside the faults that are not named here. */
  readonly each: readonly number[];
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
  readonly #scenario: Scenario;
  readonly #seed: string;
  readonly #options: RunOptions;

  /** `law`: which; `budget` for whether it comes to an end. */
  constructor(law: string, scenario: Scenario, outcome: Outcome, options: RunOptions) {
    const { witness: _, laws = lawsOf(scenario), ...rest } = options;
    this.#scenario = scenario;
    this.#seed = outcome.seed;
    this.#options = {
      ...rest,
      cell: outcome.cell,
      mode: 'sweep',
      laws: laws.filter(({ name }) => name === law).map(untilBroken),
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
      const { events, breaches, exceeded } = run(this.#scenario, this.#seed, { ...this.#options, plan, witness });
      event = events;
      return breaches.length > 0 || exceeded !== null;
    } catch (error) {
      if (causedBy(error, BROKEN)) return true;
      if (!causedBy(error, USED_UP)) throw error;
      return null;
    } finally {
      this.#left -= event;
    }
  }
}

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
 * Finds the faults that the breach needs. `history` is that of the run itself until the law was broken, `at`: what begins later has
 * nothing to do with it, and is left out of every run.
 */
export function guiltOf({ plan }: Outcome, at: Instant, history: readonly Entry[], again: Again): Guilt {
  const told = history.filter(counts);
  const places = plan.flatMap((fault, place) => (fault.at <= at ? [place] : []));
  const later = plan.flatMap((fault, place) => (fault.at > at ? [place] : []));
  const found = { always: false, needed: [] as number[], each: [] as number[], idle: [] as number[], later };
  const ended = (complete: boolean, passing: Guilt['passing'] = null): Guilt => ({ ...found, passing, complete });
  const free = places.length === 0 ? true : again.breaks([]);
  if (free === null) return ended(false);
  found.always = free;
  // Where no fault is needed, none is guilty.
  if (found.always) return ended(true);
  for (const place of places) {
    const match = new Match(told);
    const broken = again.breaks(without(plan, [...later, place]), (entry) => match.see(entry));
    if (broken === null) return ended(false, passingOf(plan, found.needed, later));
    if (match.isWhole) found.idle.push(place);
    else if (!broken) found.needed.push(place);
  }
  if (found.needed.length > 0) return ended(true, passingOf(plan, found.needed, later));
  const borne: number[] = [];
  for (const place of places) {
    const broken = again.breaks(only(plan, [...borne, place]));
    if (broken === null) return ended(false);
    if (broken) found.each.push(place);
    else borne.push(place);
  }
  return ended(true, { plan: only(plan, borne), without: found.each });
}

/** Of those without which it passes, the last one leaves most of the run as it is. */
function passingOf(plan: FaultPlan, needed: readonly number[], later: readonly number[]): Guilt['passing'] {
  const [first, ...others] = needed;
  if (first === undefined) return null;
  const last = others.reduce((a, b) => ((plan[b]?.at ?? 0) >= (plan[a]?.at ?? 0) ? b : a), first);
  return { plan: without(plan, [...later, last]), without: [last] };
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
