/**
 * A policy made ready for many clients: what each of them remembers stands in typed arrays, and what only depends on the
 * attempt is computed once. `nextDelay` stays the one definition of a policy: tables are made by asking it, and kinds
 * that no table holds (what multiplies the previous delay) ask it for each delay.
 */
import { advance, type BackoffMemory, freshMemory, nextDelay } from '../../../src/backoff/delay.ts';
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { between } from '../../../src/machine.ts';
import { type Duration, us, ZERO } from '../../../src/time.ts';

/** Says when clients dial again. Clients are numbers from 0 on. */
export interface Pacer {
  /**
   * The wait before the next dial in microseconds, or `GIVES_UP`; the client then remembers it. `draw` is a uniform 32-bit
   * integer, `retryAfter` what the refusal asked for or `NO_HINT`, `elapsed` the time since the connection was lost.
   */
  next(client: number, draw: number, retryAfter: number, elapsed: number): number;
  /** The connection was lost, `uptime` after it was admitted. */
  lost(client: number, uptime: number): void;
}

export const GIVES_UP = -1;
export const NO_HINT = -1;

/** Attempts that are tabulated at most; a curve that still grows there is not worth a table. */
const TABLE_MOST = 4096;

export function pacerOf(policy: Policy, clients: number): Pacer {
  const curve = curveOf(policy);
  return curve === null ? new AskingPacer(policy, clients) : new TablePacer(policy, curve, clients);
}

/** The range of each attempt before the cap; the last entry holds for all later ones. */
interface Curve {
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  /** The attempt at which the policy's table ends in giving up, or infinity. */
  readonly ends: number;
}

/** The curve of a policy whose range depends on the attempt alone; null for any other. */
function curveOf(policy: Policy): Curve | null {
  const { delay, jitter } = policy;
  if (delay.kind === 'exponential' && delay.compounds) return null;
  if (!['none', 'full', 'equal', 'proportional', 'additive'].includes(jitter.kind)) return null;
  // Asked without what cuts: the cap is applied to the draw where the policy says so.
  const bare: Policy = {
    ...policy,
    cap: LONGEST,
    ceiling: policy.ceiling ?? policy.cap,
    capOn: 'range',
    attemptsMax: null,
    elapsedMax: null,
  };
  const lowest: number[] = [];
  const highest: number[] = [];
  const least = delay.kind === 'table' ? delay.delays.length + 2 : 3;
  for (let attempt = 0; attempt < TABLE_MOST; attempt++) {
    const memory: BackoffMemory = { ...freshMemory(), attempt };
    const next = nextDelay(bare, memory, 0, { retryAfter: null, elapsed: ZERO });
    if ('stop' in next) return curve(lowest, highest, attempt);
    lowest.push(next.least);
    highest.push(next.most);
    // A curve that stood still once stands still for ever: growth is a step that depends on the value alone.
    const still = next.least === lowest[attempt - 1] && next.most === highest[attempt - 1];
    if (attempt >= least && still) return curve(lowest, highest, Number.POSITIVE_INFINITY);
  }
  return null;
}

const curve = (lowest: readonly number[], highest: readonly number[], ends: number): Curve => ({
  lowest: Float64Array.from(lowest),
  highest: Float64Array.from(highest),
  ends,
});

class TablePacer implements Pacer {
  readonly #lowest: Float64Array;
  readonly #highest: Float64Array;
  readonly #last: number;
  readonly #retriesMost: number;
  readonly #cap: number;
  readonly #cutsDraw: boolean;
  readonly #honours: boolean;
  readonly #spread: number;
  readonly #elapsedMost: number;
  readonly #stableAfter: number;
  readonly #attempts: Uint32Array;

  constructor(policy: Policy, { lowest, highest, ends }: Curve, clients: number) {
    this.#lowest = lowest;
    this.#highest = highest;
    this.#last = lowest.length - 1;
    this.#retriesMost = Math.min(ends, policy.attemptsMax ?? Number.POSITIVE_INFINITY);
    this.#cap = policy.cap;
    this.#cutsDraw = policy.capOn === 'draw';
    this.#honours = policy.retryAfter === 'honour';
    this.#spread = policy.retryAfterSpread;
    this.#elapsedMost = policy.elapsedMax ?? Number.POSITIVE_INFINITY;
    this.#stableAfter = policy.stableAfter;
    this.#attempts = new Uint32Array(clients);
  }

  next(client: number, draw: number, retryAfter: number, elapsed: number): number {
    const attempt = this.#attempts[client] as number;
    if (attempt >= this.#retriesMost) return GIVES_UP;
    const place = attempt < this.#last ? attempt : this.#last;
    const lowest = this.#lowest[place] as number;
    const highest = this.#highest[place] as number;
    const cap = this.#cap;
    let least = lowest < cap ? lowest : cap;
    let most = highest < cap ? highest : cap;
    let delay = this.#cutsDraw ? Math.min(between(draw, lowest, highest), cap) : between(draw, least, most);
    if (this.#honours && retryAfter > least) {
      const width = Math.max(most - least, this.#spread);
      least = Math.min(retryAfter, LONGEST);
      most = Math.min(least + width, LONGEST);
      delay = between(draw, least, most);
    }
    if (elapsed + delay > this.#elapsedMost) return GIVES_UP;
    this.#attempts[client] = attempt + 1;
    return delay;
  }

  lost(client: number, uptime: number): void {
    if (uptime >= this.#stableAfter) this.#attempts[client] = 0;
  }
}

class AskingPacer implements Pacer {
  readonly #policy: Policy;
  readonly #memories: BackoffMemory[];

  constructor(policy: Policy, clients: number) {
    this.#policy = policy;
    const fresh = freshMemory();
    this.#memories = new Array<BackoffMemory>(clients).fill(fresh);
  }

  next(client: number, draw: number, retryAfter: number, elapsed: number): number {
    const memory = this.#memories[client] as BackoffMemory;
    const next = nextDelay(this.#policy, memory, draw, {
      retryAfter: retryAfter < 0 ? null : (retryAfter as Duration),
      elapsed: us(elapsed),
    });
    if ('stop' in next) return GIVES_UP;
    this.#memories[client] = advance(memory, next.delay);
    return next.delay;
  }

  lost(client: number, uptime: number): void {
    if (uptime >= this.#policy.stableAfter) this.#memories[client] = freshMemory();
  }
}
