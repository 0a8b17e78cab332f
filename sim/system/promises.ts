/**
 * Promises: what a system says of itself, in words of people who use it. Each becomes a fact that laws judge by; what is
 * not promised is not judged, and every report says so.
 */
import { policyProblems, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESET_NAMES, policyNamed } from '../../src/backoff/presets.ts';
import type { Duration } from '../../src/time.ts';
import { meant } from '../cli/names.ts';
import { anything, listOf, object, oneOf, optional, type Shapes, text, wholeFrom } from '../core/shape.ts';
import { shown } from '../core/shown.ts';
import { timeOf } from './story.ts';

export interface Promises {
  /**
   * How often what was `submitted` is `performed`, and how often each piece that was `produced` is `received`: never more
   * than once (`at-most-once`), never less (`at-least-once`), or both.
   */
  readonly delivery?: 'exactly-once' | 'at-least-once' | 'at-most-once';
  /** Whether the pieces of a stream are received in the order in which they were produced. */
  readonly order?: 'per-stream' | 'none';
  /** After the last fault every client has an open connection again within this time, such as `'30s'`, and what is owed has come. */
  readonly backWithin?: string;
  /**
   * How long a client waits before it dials again: the name of a policy (`hangup list policies`), a policy, or the least
   * and the most that any wait may be.
   */
  readonly backoff?: string | Policy | { readonly least?: string; readonly most?: string };
  /** So many connections of one page at the same time, at the most; those that are being opened count. */
  readonly connections?: number;
  /** On a connection that lives, what was produced is received within this time. */
  readonly freshWithin?: string;
  /** The errors that an application may be `told`, and no others. */
  readonly errors?: readonly string[];
}

const SHAPES = {
  delivery: optional(oneOf('exactly-once', 'at-least-once', 'at-most-once')),
  order: optional(oneOf('per-stream', 'none')),
  backWithin: anything,
  backoff: anything,
  connections: optional(wholeFrom(1, 'connections', 1000)),
  freshWithin: anything,
  errors: optional(listOf('a list of names of errors', text)),
} satisfies Shapes<Promises>;

export const PROMISES = object('an object of promises', SHAPES);
export const PROMISE_NAMES: readonly string[] = Object.keys(SHAPES);

/** Promises with their times read, and their policy found. */
export interface Promised {
  readonly delivery: NonNullable<Promises['delivery']> | null;
  readonly order: NonNullable<Promises['order']> | null;
  readonly backWithin: Duration | null;
  readonly policy: Policy | null;
  readonly wait: { readonly least: Duration | null; readonly most: Duration | null } | null;
  readonly connections: number | null;
  readonly freshWithin: Duration | null;
  readonly errors: readonly string[] | null;
}

/** Throws in one line that names the promise. They were looked at by their shape already. */
export function promised({
  delivery = undefined,
  order,
  backWithin,
  backoff,
  connections,
  freshWithin,
  errors,
}: Promises): Promised {
  const time = (given: unknown, name: string): Duration | null =>
    given === undefined ? null : timeOf(given, `promises.${name}`, 1);
  return {
    delivery: delivery ?? null,
    order: order ?? null,
    backWithin: time(backWithin, 'backWithin'),
    ...backoffOf(backoff),
    connections: connections ?? null,
    freshWithin: time(freshWithin, 'freshWithin'),
    errors: errors ?? null,
  };
}

function backoffOf(given: Promises['backoff']): Pick<Promised, 'policy' | 'wait'> {
  if (given === undefined) return { policy: null, wait: null };
  if (typeof given === 'string') {
    if (!PRESET_NAMES.includes(given as never))
      throw new Error(
        `\`promises.backoff\`: expected the name of a policy (hangup list policies), got ${shown(given)}${meant(given, PRESET_NAMES)}`,
      );
    return { policy: policyNamed(given) as Policy, wait: null };
  }
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    throw new Error(
      `\`promises.backoff\`: expected the name of a policy, a policy, or { least, most }, got ${shown(given)}`,
    );
  const names = Object.keys(given);
  if (names.every((name) => name === 'least' || name === 'most')) {
    const { least, most } = given as { readonly least?: unknown; readonly most?: unknown };
    const wait = {
      least: least === undefined ? null : timeOf(least, 'promises.backoff.least'),
      most: most === undefined ? null : timeOf(most, 'promises.backoff.most', 1),
    };
    if (wait.least === null && wait.most === null)
      throw new Error('`promises.backoff`: expected least or most, or both, got none of them');
    if (wait.least !== null && wait.most !== null && wait.least > wait.most)
      throw new Error(`\`promises.backoff\`: expected least up to most, got ${shown(least)} and ${shown(most)}`);
    return { policy: null, wait };
  }
  const problems = policyProblems(given as Policy, 'promises.backoff');
  if (problems.length > 0) throw new Error(problems.map(problemText).join('; '));
  return { policy: given as Policy, wait: null };
}
