/** What a run comes to: plain data, small enough to send between threads by the thousand. */
import type { Instant } from '../../src/time.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Cell } from './cells.ts';
import type { RunOptions } from './run.ts';
import type { Scenario } from './scenario.ts';

export interface BreachReport {
  readonly law: string;
  readonly message: string;
  readonly at: Instant;
  /** Number of the event during which it happened. */
  readonly event: number;
}

/** A law that said nothing of a run, which is not the same as that it held. */
export interface NotJudged {
  readonly law: string;
  /** Why: what nobody promised, or what did not happen. */
  readonly because: string;
  /** Whether what it looks at could have happened; false where the world promises nothing that it could hold anybody to. */
  readonly happens: boolean;
}

/** Whole numbers by law and name, which add up over runs. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** `F`: what the protocol measures, beside the figures of the scenario by name. */
export interface Outcome<F = Readonly<Record<string, unknown>>> {
  readonly scenario: string;
  readonly seed: string;
  /** The values of the scenario's dimensions in this run. */
  readonly cell: Cell;
  /** 16 hex digits over every event of the run. */
  readonly digest: string;
  readonly events: number;
  /** Virtual microseconds until the run came to rest. */
  readonly ended: Instant;
  /** When the application behind each client left, or was told that it cannot go on. */
  readonly left: Readonly<Record<string, Instant>>;
  /** `budget`: events, time, queue or attempts ran out, see `exceeded`. */
  readonly verdict: 'holds' | 'broken' | 'budget';
  /** Which budget, and which timer was busiest; null when none was. */
  readonly exceeded: string | null;
  /** Whether it was ended where a law was broken for good, before it came to rest. */
  readonly endedEarly: boolean;
  readonly breaches: readonly BreachReport[];
  /** Laws that could not be judged in this run. */
  readonly notJudged: readonly NotJudged[];
  /** What laws counted in this run, for a verdict on a sweep. */
  readonly counts: Counts;
  /** What the run measured, all from history; durations in microseconds. */
  readonly figures: F;
  /** Names of the sometimes-claims that came true. */
  readonly reached: readonly string[];
  /** Whether links of the run were measured, so that the claim *worst-stretch* was one of its claims. */
  readonly measured: boolean;
  readonly plan: FaultPlan;
  /** When each fault of a plan with moments began, null for one that did not. Missing where all begin at their time. */
  readonly began?: readonly (Instant | null)[];
  /** One line on the conditions that this seed drew (network, content). */
  readonly conditions: string;
}

/** What an outcome was made of; known to the process that made it, for as long as somebody holds the outcome. */
interface Made {
  readonly scenario: Scenario;
  readonly options: RunOptions;
}

const made = new WeakMap<object, Made>();

export function remember<F>(outcome: Outcome<F>, of: Made): Outcome<F> {
  made.set(outcome, of);
  return outcome;
}

export const madeOf = (outcome: Outcome): Made | undefined => made.get(outcome);
