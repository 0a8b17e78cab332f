/** The range of one curve at one attempt as exact bounds, before the cap: the other road to what `range.ts` draws from. */
import type { Ratio } from '../machine.ts';
import type { Curve, Delay, Rounding } from './curve.ts';
import { smoothMost } from './envelope-smooth.ts';
import { LONGEST } from './policy.ts';

/** Bounds of a quantity in microseconds. */
export interface Bounds {
  readonly least: bigint;
  readonly most: bigint;
}

/** Beyond every timer, however jitter moves it. */
const BEYOND = 1n << 62n;

/** The range that a wait is drawn from before the cap and before rounding; `overflows`: nothing bounds it. */
export function beforeCap(curve: Curve, attempt: number, previous: bigint, overflows: boolean): Bounds {
  const { first, delay } = curve;
  if (attempt === 0 && first !== null) return { least: BigInt(first.least), most: BigInt(first.most) };
  const ceiling = ceilingOf(curve, overflows);
  return jittered(curve, climb(delay, attempt, previous, ceiling), attempt, previous, ceiling);
}

/** The range of a wait: what the cap cuts before the draw is rounded behind it, and what it cuts after the draw before it. */
export function rangeOf(curve: Curve, attempt: number, previous: bigint, overflows: boolean): Bounds {
  const { first, delay, jitter, capOn, rounding } = curve;
  const cap = overflows ? BEYOND * BEYOND : BigInt(curve.cap);
  const cut = ({ least, most }: Bounds): Bounds => ({ least: min(least, cap), most: min(most, cap) });
  const raw = beforeCap(curve, attempt, previous, overflows);
  const isFirst = attempt === 0 && first !== null;
  if (!isFirst && jitter.kind === 'comb') return cut(raw);
  const isShaped = !isFirst && (jitter.kind === 'exponential' || jitter.kind === 'decorrelated-v2');
  const range =
    isShaped || capOn === 'draw' ? cut(roundedBounds(rounding, raw)) : cut(roundedBounds(rounding, cut(raw)));
  if (isFirst || capOn !== 'value') return range;
  // From the value that reaches the cap on it is the cap, which nothing rounds.
  const value = climb(delay, attempt, previous, ceilingOf(curve, overflows));
  if (value.least >= cap) return { least: cap, most: cap };
  return value.most >= cap ? { least: range.least, most: cap } : range;
}

const ceilingOf = ({ ceiling, cap }: Curve, overflows: boolean): bigint =>
  overflows && ceiling === null ? BEYOND : BigInt(ceiling ?? cap);

function jittered(
  { delay, jitter, rounding }: Curve,
  value: Bounds,
  attempt: number,
  previous: bigint,
  ceiling: bigint,
): Bounds {
  switch (jitter.kind) {
    case 'none':
      return value;
    case 'full':
      return { least: BigInt(jitter.floor), most: BigInt(jitter.floor) + value.most };
    case 'equal':
      return { least: value.least / 2n, most: value.most };
    case 'decorrelated': {
      const grown = max(value.most, previous) * BigInt(jitter.factor.num);
      const most = max(value.most, min(ceiling, grown / BigInt(jitter.factor.of)));
      const least = jitter.ratchet === true ? max(value.least, min(previous, ceiling)) : value.least;
      return { least, most: max(least, most) };
    }
    case 'proportional': {
      const below = widened(portion(value.least, jitter.below), jitter.widens, attempt);
      const above = widened(portion(value.most, jitter.above), jitter.widens, attempt);
      return { least: max(0n, value.least - below), most: value.most + above };
    }
    case 'additive':
      return {
        least: value.least + widened(BigInt(jitter.least), jitter.widens, attempt),
        most: value.most + widened(BigInt(jitter.most), jitter.widens, attempt),
      };
    case 'comb': {
      const teeth = BigInt(jitter.teeth);
      // The deviation is rounded, and not the wait.
      const reach = (whole: bigint, last: bigint): bigint =>
        roundedBounds(rounding?.by === 'even' ? { ...rounding, by: 'down' } : rounding, {
          least: 0n,
          most: (portion(whole, jitter.share) * last) / teeth,
        }).most;
      const isEven = teeth % 2n === 0n;
      return {
        least: max(0n, value.least - reach(value.least, isEven ? teeth - 1n : teeth)),
        most: value.most + reach(value.most, isEven ? teeth : teeth - 1n),
      };
    }
    case 'exponential':
      return { least: 0n, most: (value.most * LN_DRAWS) / 1_000_000_000n + 1n };
    case 'decorrelated-v2': {
      const factor = delay.kind === 'exponential' ? delay.factor : { num: 1, of: 1 };
      const base = delay.kind === 'exponential' ? BigInt(delay.base) : value.most;
      return { least: 0n, most: smoothMost(base, factor, attempt) };
    }
  }
}

/** The natural logarithm of 2^32, which is the largest multiple of its mean that a memoryless wait can be, rounded up. */
const LN_DRAWS = 22_180_709_778n;

/** A share, cut off. */
const portion = (value: bigint, { num, of }: Ratio): bigint => (value * BigInt(num)) / BigInt(of);

/** A width at an attempt, where jitter widens. */
function widened(width: bigint, widens: Ratio | undefined, attempt: number): bigint {
  if (widens === undefined) return width;
  return min(width + portion(width * BigInt(attempt), widens), max(width, BigInt(LONGEST)));
}

/** Both ends as they may be rounded. A share of a step that is lost below may be gained above. */
function roundedBounds(rounding: Rounding | null, { least, most }: Bounds): Bounds {
  if (rounding === null) return { least, most };
  const to = BigInt(rounding.to);
  const down = (end: bigint): bigint => (end / to) * to;
  switch (rounding.by) {
    case 'down':
      return { least: down(least), most: down(most) };
    case 'nearest':
      return { least: down(least + to / 2n), most: down(most + to / 2n) };
    case 'even':
      return { least, most };
  }
}

/** The value of the curve before jitter, with the rounding that `nextDelay` may have lost on the way. */
function climb(delay: Delay, attempt: number, previous: bigint, ceiling: bigint): Bounds {
  const exactly = (value: bigint): Bounds => ({ least: min(value, ceiling), most: min(value, ceiling) });
  switch (delay.kind) {
    case 'constant':
      return exactly(BigInt(delay.base));
    case 'linear':
      return exactly(BigInt(delay.base) + BigInt(delay.step) * BigInt(attempt));
    case 'table':
      return exactly(BigInt(delay.delays[Math.min(attempt, delay.delays.length - 1)] ?? 0));
    case 'exponential':
      if (delay.steepens === true && attempt > 0)
        return exactly(steep(max(1n, previous), delay.factor, attempt, ceiling));
      return delay.compounds
        ? exactly(max(BigInt(delay.base), portion(previous, delay.factor)))
        : power(BigInt(delay.base), delay.factor, attempt, ceiling);
  }
}

/** `from * factor^attempt` of a whole factor, which nothing is lost of, until it is beyond the ceiling. */
function steep(from: bigint, { num, of }: Ratio, attempt: number, ceiling: bigint): bigint {
  let value = from;
  for (let step = 0; step < attempt && num > of && value < ceiling; step++) value *= BigInt(num / of);
  return value;
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

export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The quotient of two natural numbers, rounded up. */
const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
