/**
 * What a run throws when code inside it throws: which run it was, how far it had come, and whose code it was. Scenarios
 * and laws are anybody's code; an exception in one of them says nothing about the run that it ended, unless it names it.
 */
import { formatDuration, type Instant } from '../../src/time.ts';
import type { FaultPlan } from '../faults/plan.ts';

/** Code that is called from within a run, in words, and the law, claim or scenario that it belongs to. */
export interface Culprit {
  /** ``law `prefix` ``, `its plan`. */
  readonly where: string;
  /** The object whose code it is. */
  readonly of: object;
}

/** An exception on its way out of the run: whose it is, because its stack may say nothing. */
class Blamed extends Error {
  readonly culprit: Culprit;
  constructor(culprit: Culprit, cause: unknown) {
    super('', { cause });
    this.culprit = culprit;
  }
}

/** The exception, with the one that is to blame for it; the innermost of several stays. */
export const blamed = (culprit: Culprit, error: unknown): Error =>
  error instanceof Blamed ? error : new Blamed(culprit, error);

/** Calls somebody's code, and blames it for what it throws. */
export function blaming<T>(where: string, of: object, call: () => T): T {
  try {
    const result = call();
    if (typeof result === 'object') mustBeDone(result);
    return result;
  } catch (error) {
    throw blamed({ where, of }, error);
  }
}

/**
 * Throws for a promise in the place of a result. What an async function says behind its first `await` comes when the run
 * is over, so a law of that kind would be green for nothing; and what it throws would end the process, and name nobody.
 */
export function mustBeDone(result: unknown): void {
  const { then } = (result ?? {}) as { readonly then?: unknown };
  if (typeof then !== 'function') return;
  // This run is told already, whatever becomes of it.
  then.call(result, undefined, () => {});
  throw new Error('expected a function that returns at once, got a promise (is it async?)');
}

/** How far a run had come. */
export interface Reached {
  /** Number of the event in which it threw, 0 before the first, and its virtual time. */
  readonly event: number;
  readonly at: Instant;
  /** Null when it was not drawn yet. */
  readonly plan: FaultPlan | null;
}

export class RunError extends Error {
  override readonly name = 'RunError';
  readonly scenario: string;
  readonly seed: string;
  readonly event: number;
  readonly at: Instant;
  readonly plan: FaultPlan | null;
  /** Whose code threw, in words; null for hangup's own. */
  readonly where: string | null;
  /** The law, claim or scenario whose code it was; null with `where`. */
  readonly culprit: object | null;
  /** The message without scenario and seed: ``at event 812 (3.2 s), in law `prefix`: boom``. */
  readonly what: string;

  /** `error` is what was thrown in a run; `cause` is then what the code itself threw. */
  constructor(scenario: string, seed: string, { event, at, plan }: Reached, error: unknown) {
    const culprit = error instanceof Blamed ? error.culprit : null;
    const cause = error instanceof Blamed ? error.cause : error;
    const place = [
      event === 0 ? 'before the first event' : `at event ${event} (${formatDuration(at)})`,
      ...(culprit === null ? [] : [`in ${culprit.where}`]),
    ].join(', ');
    const what = `${place}: ${wordsOf(cause).replace(/\s*\n\s*/g, ' ')}`;
    super(`${scenario}@${seed} ${what}`, { cause });
    this.scenario = scenario;
    this.seed = seed;
    this.event = event;
    this.at = at;
    this.plan = plan;
    this.where = culprit?.where ?? null;
    this.culprit = culprit?.of ?? null;
    this.what = what;
  }
}

/** Anything may be thrown, and may refuse to become a text. */
function wordsOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message || cause.name : String(cause);
  } catch {
    return 'something without a text';
  }
}
