/**
 * Promises: what a system says of itself, in words of people who use it. Each becomes a fact that laws judge by; what is
 * not promised is not judged, and every report says so.
 */
import { policyProblems, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESET_NAMES, policyNamed } from '../../src/backoff/presets.ts';
import type { Facts, Promises as PromisedFacts } from '../../src/facts.ts';
import type { Duration } from '../../src/time.ts';
import { meant } from '../cli/names.ts';
import { anything, listOf, must, object, oneOf, optional, type Shapes, text } from '../core/shape.ts';
import { shown } from '../core/shown.ts';
import { BOUNDARY } from '../core/vantage.ts';
import { NO_LEAK } from '../core/world-shape.ts';
import { timeOf } from './story.ts';

/** Every time is a text such as `'30s'` or `'250ms'`, and counts from the moment at which nothing stands in the way any more. */
export interface Promises {
  /**
   * How often what was `submitted` is `performed`, and how often each piece that was `produced` is `received`: never more
   * than once (`at-most-once`), never less (`at-least-once`), or both.
   */
  readonly delivery?: PromisedFacts['delivery'];
  /** Whether the pieces of a stream are received in the order in which they were produced. */
  readonly order?: PromisedFacts['order'];
  /** After the last fault every client has a connection that works again so soon. */
  readonly backWithin?: string;
  /** After the last fault all that was produced is received, and all that was submitted is settled, so soon. Default: `backWithin`, where nothing may be lost. */
  readonly completeWithin?: string;
  /** While nothing is wrong, what is produced is received so soon after. */
  readonly freshWithin?: string;
  /** How long clients wait before they dial again: the name of a policy (`hangup list policies`), a policy, or `least`: as anybody must. */
  readonly backoff?: 'least' | (string & {}) | Policy;
  /** Streams and keys of one client are nobody else's: `by-key`, or a function that says who may be given what. */
  readonly isolated?: PromisedFacts['isolated'];
  /** A while after `leave` nothing is held any more: no timer, no socket, no listener. */
  readonly noLeak?: PromisedFacts['noLeak'];
  /** The errors that an application may be `told`, and no others. */
  readonly errors?: readonly string[];
}

const SHAPES = {
  delivery: optional(oneOf('exactly-once', 'at-least-once', 'at-most-once')),
  order: optional(oneOf('per-stream', 'none')),
  backWithin: anything,
  completeWithin: anything,
  freshWithin: anything,
  backoff: anything,
  isolated: optional(
    must(
      "'by-key', or a function of a client and a stream",
      (value) => value === 'by-key' || typeof value === 'function',
    ),
  ),
  noLeak: optional(NO_LEAK),
  errors: optional(listOf('a list of names of errors', text)),
} satisfies Shapes<Promises>;

export const PROMISES = object('an object of promises', SHAPES);
export const PROMISE_NAMES: readonly string[] = Object.keys(SHAPES);

/** What laws may know of a system with these promises. Throws in one line that names the promise; shapes were looked at. */
export function factsOf(promises: Promises): (clients: readonly string[]) => Facts {
  const { delivery, order, isolated, noLeak, errors } = promises;
  const time = (name: 'backWithin' | 'completeWithin' | 'freshWithin'): { [K in typeof name]?: Duration } =>
    promises[name] === undefined ? {} : { [name]: timeOf(promises[name], `promises.${name}`, 1) };
  // Who may lose something promises no time by which it has come.
  const arrives = delivery === 'exactly-once' || delivery === 'at-least-once';
  const facts: PromisedFacts = {
    ...(delivery === undefined ? {} : { delivery }),
    ...(order === undefined ? {} : { order }),
    ...(promises.completeWithin === undefined && promises.backWithin !== undefined && arrives
      ? { completeWithin: timeOf(promises.backWithin, 'promises.backWithin', 1) }
      : {}),
    ...time('backWithin'),
    ...time('completeWithin'),
    ...time('freshWithin'),
    ...(promises.backoff === undefined ? {} : { backoff: backoffOf(promises.backoff) }),
    ...(isolated === undefined ? {} : { isolated }),
    ...(noLeak === undefined ? {} : { noLeak }),
  };
  const connected = facts.backWithin === undefined ? {} : ({ connected: true } as const);
  return (clients) => ({
    clients: clients.map((node) => ({ node, ...connected })),
    promises: facts,
    // Whatever a promise is about somebody must say, or it was never put to the test.
    writes: [...BOUNDARY],
    ...(errors === undefined ? {} : { allowedErrors: errors }),
  });
}

function backoffOf(given: NonNullable<Promises['backoff']>): Policy | 'least' {
  if (given === 'least') return given;
  if (typeof given === 'string') {
    const policy = policyNamed(given);
    if (policy !== undefined) return policy;
    throw new Error(
      `\`promises.backoff\`: expected 'least' or the name of a policy (hangup list policies), got ${shown(given)}${meant(given, ['least', ...PRESET_NAMES])}`,
    );
  }
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    throw new Error(`\`promises.backoff\`: expected 'least', the name of a policy or a policy, got ${shown(given)}`);
  const problems = policyProblems(given, 'promises.backoff');
  if (problems.length > 0) throw new Error(problems.map(problemText).join('; '));
  return given;
}
