/**
 * Which delays a policy permits, for a law that judges observed delays without trusting `nextDelay`.
 *
 * This is a second derivation of the same policy, by another road: where `delay.ts` multiplies step by step and cuts
 * off, this file computes with exact fractions of big integers, bounds what the cutting off may have lost, and widens
 * both ends through jitter, cap and retry-after. It imports nothing from `delay.ts`. An envelope is therefore a little
 * wider than the range that a delay is drawn from: by nothing for every policy but growing ones, there by the rounding,
 * at most 1 % for the slowest growth that a policy may have and a millionth for usual ones.
 */
import type { Ratio } from '../machine.ts';
import { type Duration, us } from '../time.ts';
import { type Delay, LONGEST, type Policy } from './policy.ts';

/** The shortest and the longest delay that a policy permits, both included. */
export interface Envelope {
  readonly least: Duration;
  readonly most: Duration;
}

/**
 * The envelope of one retry.
 *
 * `attempt` is 0 for the first retry after stability, `previous` the delay observed before this one (0 if none; only
 * compounding and decorrelated policies read it), `retryAfter` the server's hint or null (above `LONGEST` it counts as
 * `LONGEST`). Total for every sound policy.
 */
export function envelope(
  policy: Policy,
  attempt: number,
  previous: Duration,
  retryAfter: Duration | null = null,
): Envelope {
  const cap = BigInt(policy.cap);
  const own = beforeCap(policy, attempt, BigInt(previous));
  const least = min(own.least, cap);
  const most = min(own.most, cap);
  const hint = min(BigInt(retryAfter ?? 0), BigInt(LONGEST));
  if (policy.retryAfter === 'ignore' || hint <= least) return { least: us(Number(least)), most: us(Number(most)) };
  // The range starts at the hint and keeps its width, or the spread where that is wider, up to what a timer can wait.
  const raised = hint + max(most - least, BigInt(policy.retryAfterSpread));
  return { least: us(Number(hint)), most: us(Number(min(raised, BigInt(LONGEST)))) };
}

/** The range of one retry before the cap cuts it, or cuts what is drawn from it; up to 4,001 times `LONGEST`. */
export function uncapped(policy: Policy, attempt: number, previous: Duration): Envelope {
  const { least, most } = beforeCap(policy, attempt, BigInt(previous));
  return { least: us(Number(least)), most: us(Number(most)) };
}

/** The most retries that a policy permits in one outage, or null if nothing but elapsed time ends it. */
export function retriesMost(policy: Policy): number | null {
  const listed = policy.delay.kind === 'table' && policy.delay.afterLast === 'stop' ? policy.delay.delays.length : null;
  const table = listed !== null && policy.atOnce ? listed + 1 : listed;
  if (table === null || policy.attemptsMax === null) return table ?? policy.attemptsMax;
  return Math.min(table, policy.attemptsMax);
}

/** Bounds of a quantity in microseconds. */
interface Bounds {
  readonly least: bigint;
  readonly most: bigint;
}

function beforeCap(policy: Policy, retry: number, previous: bigint): Bounds {
  if (policy.atOnce && retry === 0) return { least: 0n, most: 0n };
  const attempt = policy.atOnce ? retry - 1 : retry;
  if (attempt === 0 && policy.first !== null) {
    return { least: BigInt(policy.first.least), most: BigInt(policy.first.most) };
  }
  const ceiling = BigInt(policy.ceiling ?? policy.cap);
  const value = curve(policy.delay, attempt, previous, ceiling);
  const jitter = policy.jitter;
  switch (jitter.kind) {
    case 'none':
      return value;
    case 'full':
      return { least: BigInt(jitter.floor), most: BigInt(jitter.floor) + value.most };
    case 'equal':
      return { least: value.least / 2n, most: value.most };
    case 'decorrelated': {
      const grown = max(value.most, previous) * BigInt(jitter.factor.num);
      return { least: value.least, most: max(value.most, min(ceiling, grown / BigInt(jitter.factor.of))) };
    }
    case 'proportional':
      return {
        // What is left after the share is taken away, rounded up because the share was rounded down.
        least: ceilDivide(value.least * BigInt(jitter.below.of - jitter.below.num), BigInt(jitter.below.of)),
        most: (value.most * BigInt(jitter.above.of + jitter.above.num)) / BigInt(jitter.above.of),
      };
    case 'additive':
      return { least: value.least + BigInt(jitter.least), most: value.most + BigInt(jitter.most) };
  }
}

/** The value of the curve before jitter, with the rounding that `nextDelay` may have lost on the way. */
function curve(delay: Delay, attempt: number, previous: bigint, ceiling: bigint): Bounds {
  const exactly = (value: bigint): Bounds => ({ least: min(value, ceiling), most: min(value, ceiling) });
  switch (delay.kind) {
    case 'constant':
      return exactly(BigInt(delay.base));
    case 'linear':
      return exactly(BigInt(delay.base) + BigInt(delay.step) * BigInt(attempt));
    case 'table':
      return exactly(BigInt(delay.delays[Math.min(attempt, delay.delays.length - 1)] ?? 0));
    case 'exponential':
      return delay.compounds
        ? exactly(max(BigInt(delay.base), (previous * BigInt(delay.factor.num)) / BigInt(delay.factor.of)))
        : power(BigInt(delay.base), delay.factor, attempt, ceiling);
  }
}

/**
 * `base * factor^attempt` as an exact fraction, from above; from below, less what cutting off at each step can lose.
 *
 * Each of the steps loses less than 1 us, and a loss grows with the steps that follow, so all of them together lose
 * less than `1 + f + … + f^(attempt - 1) = (f^attempt - 1) / (f - 1)`. The climb ends where even the lower bound has
 * reached the ceiling, since no later attempt can differ.
 */
function power(base: bigint, factor: Ratio, attempt: number, ceiling: bigint): Bounds {
  const up = BigInt(factor.num);
  const down = BigInt(factor.of);
  if (up === down) return { least: min(base, ceiling), most: min(base, ceiling) };
  let num = 1n;
  let of = 1n;
  let least = base;
  for (let step = 0; step < attempt && least < ceiling; step++) {
    num *= up;
    of *= down;
    least = ceilDivide(base * num * (up - down) - (num - of) * down, of * (up - down));
  }
  return { least: min(least, ceiling), most: min((base * num) / of, ceiling) };
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The quotient of two natural numbers, rounded up. */
const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
