/** The pacer of policies whose waits depend on the attempt alone: four bytes a client, and a few operations a wait. */

import { nextDelay } from '../../../src/backoff/delay.ts';
import { combed, DRAWS, memoryless, placed, rounded } from '../../../src/backoff/draws.ts';
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { between, invariant } from '../../../src/machine.ts';
import { us, ZERO } from '../../../src/time.ts';
import { GIVES_UP, PolicyPacer } from './pace.ts';
import type { Table } from './table.ts';

export class TablePacer extends PolicyPacer {
  readonly #shape: Table['shape'];
  readonly #lowest: Float64Array;
  readonly #highest: Float64Array;
  readonly #last: number;
  readonly #teeth: number;
  readonly #retriesMost: number;
  readonly #cap: number;
  readonly #flips: boolean;
  readonly #elapsedMost: number;
  /** 1 if the first retry comes at once, before the table begins. */
  readonly #atOnce: number;
  readonly #attempts: Uint32Array;

  constructor(policy: Policy, { shape, lowest, highest, ends }: Table, clients: number) {
    super(policy);
    const { jitter } = policy;
    this.#shape = shape;
    this.#lowest = lowest;
    this.#highest = highest;
    this.#last = lowest.length - 1;
    this.#teeth = jitter.kind === 'comb' ? jitter.teeth : 0;
    this.#atOnce = policy.atOnce ? 1 : 0;
    this.#retriesMost = Math.min(ends + this.#atOnce, policy.attemptsMax ?? Number.POSITIVE_INFINITY);
    this.#cap = policy.cap;
    this.#flips = jitter.kind === 'proportional' && jitter.above.num === 0;
    this.#elapsedMost = policy.elapsedMax ?? Number.POSITIVE_INFINITY;
    this.#attempts = new Uint32Array(clients);
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
    const attempt = this.#attempts[client]!;
    if (attempt >= this.#retriesMost) return GIVES_UP;
    const place = Math.min(attempt - this.#atOnce, this.#last);
    let delay = place < 0 ? 0 : this.#wait(place, draw);
    if (this.policy.measuredFrom === 'dial') delay = Math.max(0, delay - sinceDial);
    if (retryAfter >= 0) {
      const { retryAfter: takes, retryAfterMost } = this.policy;
      const most = retryAfterMost ?? LONGEST;
      if (takes === 'exact') delay = Math.min(retryAfter, most);
      else if (takes === 'floor') delay = Math.min(Math.max(delay, Math.min(retryAfter, delay + most)), LONGEST);
      else if (takes === 'honour') delay = this.#moved(attempt, draw, retryAfter, sinceDial);
    }
    if (elapsed + delay > this.#elapsedMost) return GIVES_UP;
    this.#attempts[client] = attempt + 1;
    return delay;
  }

  protected reset(client: number): void {
    if (this.policy.resetOn !== 'never') this.#attempts[client] = 0;
  }

  /** The range of a wait moves up for a hint: asked, because a range is more than a table has. */
  #moved(attempt: number, draw: number, retryAfter: number, sinceDial: number): number {
    const next = nextDelay({ ...this.policy, attemptsMax: null, elapsedMax: null }, { attempt, previous: ZERO }, draw, {
      retryAfter: us(retryAfter),
      elapsed: ZERO,
      sinceDial: us(Math.min(sinceDial, LONGEST)),
    });
    invariant('delay' in next, 'a table ended before its policy');
    return next.delay;
  }

  #wait(place: number, draw: number): number {
    const { rounding } = this.policy;
    const lowest = this.#lowest[place]!;
    const highest = this.#highest[place]!;
    let delay: number;
    if (this.#shape === 'uniform') {
      const luck = this.#flips && (place > 0 || this.policy.first === null) ? DRAWS - 1 - draw : draw;
      delay = rounding === null ? between(luck, lowest, highest) : placed(luck, lowest, highest, rounding);
    } else if (this.#shape === 'comb') delay = combed(draw, lowest, highest - lowest, this.#teeth, rounding);
    else delay = rounded(memoryless(draw, lowest), rounding);
    return delay < this.#cap ? delay : this.#cap;
  }
}
