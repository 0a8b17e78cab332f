/**
 * A policy as a function of somebody's own: for what no policy as data says. The lab runs it; machines of a universe do not,
 * since their configuration is plain data that goes into failure files.
 *
 * Its envelope is declared beside it and checked at every call, as `envelope.ts` is for policies as data: a wait outside of
 * it, a memory that is no plain data, and a function that does not answer alike when it is asked alike are errors that name
 * the call, since comparing policies on the same luck means nothing without that.
 */
import { isPlain } from '../plain.ts';
import { type Duration, formatDuration, us } from '../time.ts';
import type { Circumstances } from './delay.ts';
import { LONGEST } from './policy.ts';

/** What a function is told of an outage; every duration in microseconds. */
export type Situation = Required<Circumstances>;

/** A wait, and what to remember of it; or the end of the outage. */
export type FunctionAnswer<Memory> = { readonly delay: Duration; readonly memory: Memory } | { readonly stop: string };

export interface PolicyFunction<Memory = unknown> {
  readonly kind: 'function';
  /** One line, for tables. */
  readonly about: string;
  /** What a client remembers before its first retry, and again when a connection has been good: plain data. */
  readonly memory: Memory;
  /**
   * The wait before the next dial, by what the client remembers, its luck (0 or more, below 1) and what is known of the
   * outage. It must be pure: no clock, no dice but `luck`, and nothing changed that it was given.
   */
  next(memory: Memory, luck: number, outage: Situation): FunctionAnswer<Memory>;
  /** The shortest and the longest wait that `next` may answer there, both included, by the same memory and outage. */
  envelope(memory: Memory, outage: Situation): { readonly least: Duration; readonly most: Duration };
  /** How long a connection must live until the memory begins anew. Default 5 s. */
  readonly stableAfter: Duration;
}

/** Where another thread finds a function: the module that exports it under a name. Plain data. */
export interface FunctionReference {
  readonly kind: 'function';
  readonly name: string;
  readonly module: string;
}

/** A policy as a function, for `policies` of a config; `stableAfter` may be left out. */
export const policyFunction = <Memory>(
  definition: Omit<PolicyFunction<Memory>, 'kind' | 'stableAfter'> & { readonly stableAfter?: Duration },
): PolicyFunction<Memory> => ({ kind: 'function', stableAfter: us(5_000_000), ...definition });

// biome-ignore lint/suspicious/noExplicitAny: each function remembers what it likes
export const isPolicyFunction = (policy: unknown): policy is PolicyFunction<any> =>
  typeof policy === 'object' && policy !== null && (policy as { kind?: unknown }).kind === 'function';

/** What is wrong with a call of somebody's function, in one line that names the call; whoever runs it says whose it is. */
export class PolicyFunctionError extends Error {}

/** Every so many calls of one function are made again, the first ones all. */
const AGAIN = { first: 64, every: 1024 };

/** A function with its checks. */
export class CheckedPolicy {
  readonly #policy: PolicyFunction;
  #calls = 0;

  constructor(policy: PolicyFunction) {
    this.#policy = policy;
  }

  get fresh(): unknown {
    return this.#policy.memory;
  }

  get stableAfter(): Duration {
    return this.#policy.stableAfter;
  }

  /** What the function answers. Throws `PolicyFunctionError`. */
  next(memory: unknown, luck: number, outage: Situation): FunctionAnswer<unknown> {
    const answer = this.#asked(memory, luck, outage);
    if (this.#calls < AGAIN.first || this.#calls % AGAIN.every === 0) {
      const again = this.#asked(memory, luck, outage);
      if (JSON.stringify(again) !== JSON.stringify(answer))
        this.#fail(memory, luck, outage, `answers ${shown(answer)} and then ${shown(again)}: it must be pure`);
    }
    this.#calls++;
    return answer;
  }

  #asked(memory: unknown, luck: number, outage: Situation): FunctionAnswer<unknown> {
    let answer: FunctionAnswer<unknown>;
    let bounds: { readonly least: number; readonly most: number };
    try {
      answer = this.#policy.next(memory, luck, outage);
      bounds = this.#policy.envelope(memory, outage);
    } catch (error) {
      return this.#fail(memory, luck, outage, `throws ${String(error).split('\n')[0]}`);
    }
    if (answer === null || typeof answer !== 'object')
      return this.#fail(memory, luck, outage, `answers ${shown(answer)}: expected { delay, memory } or { stop }`);
    if ('stop' in answer) return answer;
    const { delay } = answer;
    if (!Number.isInteger(delay) || delay < 0 || delay > LONGEST)
      this.#fail(
        memory,
        luck,
        outage,
        `answers a delay of ${shown(delay)}: expected whole microseconds up to 24.8 days`,
      );
    if (!(delay >= bounds.least && delay <= bounds.most))
      this.#fail(
        memory,
        luck,
        outage,
        `answers a delay of ${formatDuration(delay)}, outside of its envelope of ${formatDuration(bounds.least)} to ${formatDuration(bounds.most)}`,
      );
    if (!isPlain(answer.memory)) this.#fail(memory, luck, outage, 'answers a memory that is no plain data');
    return { delay, memory: frozen(answer.memory) };
  }

  #fail(memory: unknown, luck: number, { retryAfter, elapsed, refusal }: Situation, flaw: string): never {
    const hint = retryAfter === null ? 'none' : formatDuration(retryAfter);
    throw new PolicyFunctionError(
      `next(${shown(memory)}, ${luck}, { elapsed ${formatDuration(elapsed)}, refusal ${refusal}, retry-after ${hint} }) ${flaw}`,
    );
  }
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 100);

/** A memory that nobody can change behind a client's back. */
export function frozen<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
