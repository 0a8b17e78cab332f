/**
 * The pacer of policies whose next wait depends on the one before: what compounds, and decorrelated jitter. Each client goes
 * its own way, so there is no table; but the way is a few multiplications.
 */
import { nextDelay } from '../../../src/backoff/delay.ts';
import { placed } from '../../../src/backoff/draws.ts';
import { keeps } from '../../../src/backoff/memory.ts';
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { between, type Ratio } from '../../../src/machine.ts';
import { type Duration, us } from '../../../src/time.ts';
import { GIVES_UP, PolicyPacer } from './pace.ts';

/** Whether a policy walks in a way that this pacer knows. */
export function walks(policy: Policy): boolean {
  const { delay, jitter, capOn } = policy;
  if (keeps(policy) || policy.redraws || policy.overflow === 'at-once' || capOn === 'value') return false;
  if (policy.retryAfter !== 'ignore' && policy.retryAfter !== 'exact' && policy.retryAfter !== 'honour') return false;
  if (jitter.kind === 'decorrelated') return delay.kind === 'constant';
  if (delay.kind !== 'exponential' || !delay.compounds || delay.steepens === true) return false;
  switch (jitter.kind) {
    case 'none':
    case 'full':
      return true;
    case 'proportional':
      return jitter.above.num > 0 && (jitter.widens === undefined || jitter.widens.num === 0);
    default:
      return false;
  }
}

export class WalkPacer extends PolicyPacer {
  readonly #attempts: Uint32Array;
  readonly #previous: Float64Array;
  readonly #retriesMost: number;
  readonly #elapsedMost: number;
  readonly #ceiling: number;
  readonly #base: number;
  readonly #atOnce: number;
  #lowest = 0;
  #highest = 0;

  constructor(policy: Policy, clients: number) {
    super(policy);
    const { delay } = policy;
    this.#attempts = new Uint32Array(clients);
    this.#previous = new Float64Array(clients);
    this.#retriesMost = policy.attemptsMax ?? Number.POSITIVE_INFINITY;
    this.#elapsedMost = policy.elapsedMax ?? Number.POSITIVE_INFINITY;
    this.#ceiling = policy.ceiling ?? policy.cap;
    this.#base = delay.kind === 'exponential' || delay.kind === 'constant' ? delay.base : 0;
    this.#atOnce = policy.atOnce ? 1 : 0;
  }

  next(
    client: number,
    draw: number,
    retryAfter: number,
    elapsed: number,
    _overloaded: boolean,
    _now: number,
    sinceDial: number,
  ): number {
    const { measuredFrom, retryAfter: takes, retryAfterMost } = this.policy;
    const attempt = this.#attempts[client]!;
    if (attempt >= this.#retriesMost) return GIVES_UP;
    const isFromDial = measuredFrom === 'dial';
    const place = attempt - this.#atOnce;
    const drawn = place < 0 ? 0 : this.#wait(place, this.#previous[client]!, draw);
    let delay = isFromDial ? Math.max(0, drawn - sinceDial) : drawn;
    if (retryAfter >= 0 && takes === 'exact') delay = Math.min(retryAfter, retryAfterMost ?? LONGEST);
    else if (retryAfter >= 0 && takes === 'honour') {
      const memory = { attempt, previous: this.#previous[client] as Duration };
      const told = { retryAfter: us(retryAfter), elapsed: us(0), sinceDial: us(Math.min(sinceDial, LONGEST)) };
      const next = nextDelay({ ...this.policy, elapsedMax: null }, memory, draw, told);
      if ('stop' in next) return GIVES_UP;
      delay = next.delay;
    }
    if (elapsed + delay > this.#elapsedMost) return GIVES_UP;
    this.#attempts[client] = attempt + 1;
    // From the dial, what compounds goes on from the whole wait.
    this.#previous[client] = isFromDial ? drawn : delay;
    return delay;
  }

  protected reset(client: number): void {
    if (this.policy.resetOn === 'never') return;
    this.#attempts[client] = 0;
    this.#previous[client] = 0;
  }

  #wait(place: number, previous: number, draw: number): number {
    const { cap, capOn, rounding } = this.policy;
    this.#range(place, previous);
    let lowest = this.#lowest;
    let highest = this.#highest;
    if (capOn !== 'draw') {
      lowest = Math.min(lowest, cap);
      highest = Math.min(highest, cap);
    }
    const delay = rounding === null ? between(draw, lowest, highest) : placed(draw, lowest, highest, rounding);
    return Math.min(delay, cap);
  }

  /** The ends between which the wait is drawn, before the cap. */
  #range(place: number, previous: number): void {
    const { first, delay, jitter } = this.policy;
    const ceiling = this.#ceiling;
    if (first !== null && place === 0) {
      this.#lowest = first.least;
      this.#highest = first.most;
      return;
    }
    let value = Math.min(this.#base, ceiling);
    if (delay.kind === 'exponential') {
      value = Math.min(Math.max(this.#base, scaled(previous, delay.factor, ceiling)), ceiling);
    }
    this.#lowest = value;
    this.#highest = value;
    if (jitter.kind === 'full') {
      this.#lowest = jitter.floor;
      this.#highest = jitter.floor + value;
    } else if (jitter.kind === 'proportional') {
      this.#lowest = value - Math.min(value, share(value, jitter.below));
      this.#highest = value + share(value, jitter.above);
    } else if (jitter.kind === 'decorrelated') {
      if (jitter.ratchet === true) this.#lowest = Math.max(value, Math.min(previous, ceiling));
      this.#highest = Math.max(this.#lowest, scaled(Math.max(value, previous), jitter.factor, ceiling));
    }
  }
}

const scaled = (value: number, factor: Ratio, ceiling: number): number => Math.min(share(value, factor), ceiling);

const share = (value: number, { num, of }: Ratio): number => Math.trunc((value * num) / of);
