/**
 * A policy made ready for many clients: what each of them remembers stands in typed arrays, and what depends on the attempt
 * alone is computed once (table.ts). `nextDelay` stays the one definition of a policy: whatever no table holds asks it for
 * each wait.
 */
import { type BackoffMemory, freshMemory, nextDelay, recovered } from '../../../src/backoff/delay.ts';
import type { FunctionReference } from '../../../src/backoff/function.ts';
import { keeps } from '../../../src/backoff/memory.ts';
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { at, type Duration, us } from '../../../src/time.ts';
import { FunctionPacer } from './function-pacer.ts';
import { GIVES_UP, type Pacer, PolicyPacer } from './pace.ts';
import { tableOf } from './table.ts';
import { TablePacer } from './table-pacer.ts';
import { WalkPacer, walks } from './walk-pacer.ts';

export function pacerOf(policy: Policy | FunctionReference, clients: number): Pacer {
  if ('kind' in policy) return new FunctionPacer(policy, clients);
  const table = tableOf(policy);
  if (table !== null) return new TablePacer(policy, table, clients);
  if (walks(policy)) return new WalkPacer(policy, clients);
  return keeps(policy) ? new AskingPacer(policy, clients) : new TwoNumbersPacer(policy, clients);
}

/** What `nextDelay` is told, filled in anew for each call. */
interface Told {
  retryAfter: Duration | null;
  elapsed: Duration;
  refusal: 'down' | 'overloaded';
  now: ReturnType<typeof at>;
  sinceDial: Duration;
}

/** For policies that remember the attempt and the wait before: in two arrays. */
class TwoNumbersPacer extends PolicyPacer {
  readonly #attempts: Uint32Array;
  readonly #previous: Float64Array;
  readonly #told: Told = { retryAfter: null, elapsed: us(0), refusal: 'down', now: at(0), sinceDial: us(0) };
  readonly #memory = { attempt: 0, previous: us(0) };

  constructor(policy: Policy, clients: number) {
    super(policy);
    this.#attempts = new Uint32Array(clients);
    this.#previous = new Float64Array(clients);
  }

  next(
    client: number,
    draw: number,
    retryAfter: number,
    elapsed: number,
    overloaded: boolean,
    now: number,
    sinceDial: number,
  ): number {
    const memory = this.#memory;
    memory.attempt = this.#attempts[client]!;
    memory.previous = this.#previous[client] as Duration;
    tell(this.#told, retryAfter, elapsed, overloaded, now, sinceDial);
    const next = nextDelay(this.policy, memory, draw, this.#told);
    if ('stop' in next) return GIVES_UP;
    this.#attempts[client] = next.memory.attempt;
    this.#previous[client] = next.memory.previous;
    return next.delay;
  }

  protected reset(client: number): void {
    if (this.policy.resetOn === 'never') return;
    this.#attempts[client] = 0;
    this.#previous[client] = 0;
  }
}

/** For policies that remember more: budgets, windows, places on several curves. */
class AskingPacer extends PolicyPacer {
  readonly #memories: BackoffMemory[];
  readonly #told: Told = { retryAfter: null, elapsed: us(0), refusal: 'down', now: at(0), sinceDial: us(0) };

  constructor(policy: Policy, clients: number) {
    super(policy);
    this.#memories = new Array<BackoffMemory>(clients).fill(freshMemory());
  }

  next(
    client: number,
    draw: number,
    retryAfter: number,
    elapsed: number,
    overloaded: boolean,
    now: number,
    sinceDial: number,
  ): number {
    tell(this.#told, retryAfter, elapsed, overloaded, now, sinceDial);
    const next = nextDelay(this.policy, this.#memories[client]!, draw, this.#told);
    if ('stop' in next) return GIVES_UP;
    this.#memories[client] = next.memory;
    return next.delay;
  }

  protected reset(client: number, now: number): void {
    this.#memories[client] = recovered(this.policy, this.#memories[client]!, at(now));
  }
}

function tell(
  told: Told,
  retryAfter: number,
  elapsed: number,
  overloaded: boolean,
  now: number,
  sinceDial: number,
): void {
  told.retryAfter = retryAfter < 0 ? null : (retryAfter as Duration);
  told.elapsed = elapsed as Duration;
  told.refusal = overloaded ? 'overloaded' : 'down';
  told.now = now as ReturnType<typeof at>;
  told.sinceDial = Math.min(sinceDial, LONGEST) as Duration;
}
