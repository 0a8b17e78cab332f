/**
 * One curve at one attempt: the range that a wait is drawn from, and the wait of a draw.
 *
 * Only integers, `+ - * /` and truncation are used; `Math.pow`, `**`, `log` and `exp` differ between engines and would
 * reach a digest. Growth is a loop of multiplications that ends as soon as the ceiling is reached, so attempt 2^31 - 1
 * costs as little as the first attempt at the cap, and nothing overflows: a value is at most `LONGEST`, a ratio's
 * number at most `RATIO_MAX`, and their product stays below 2^53. A policy whose waits may overflow a timer, as those of some
 * libraries do, is the exception: its values go on growing as floating point has them.
 */
import type { Ratio } from '../machine.ts';
import type { Curve, Delay } from './curve.ts';
import { combEnds, combed, DRAWS, memoryless, placed, rounded } from './draws.ts';
import type { Place } from './memory.ts';
import { LONGEST } from './policy.ts';
import { smooth } from './smooth.ts';

/** A wait in microseconds, and the ends of what it was drawn from, both included. */
export interface Drawn {
  readonly delay: number;
  readonly least: number;
  readonly most: number;
}

const exactly = (delay: number): Drawn => ({ delay, least: delay, most: delay });

/** At once: the wait before the curve begins. */
export const AT_ONCE: Drawn = exactly(0);

/** Where values end that no timer holds: far enough beyond that no jitter brings them back. */
const BEYOND = 2_147_483_648 * 2_147_483_648;

/** What `setTimeout` makes of a wait that it cannot hold: 1 ms in Node. */
export const OVERFLOWN = 1000;

/** The wait of this draw at this place of a curve, without limits, hints and modes. */
export function drawn(curve: Curve, place: Place, draw: number, mayOverflow: boolean): Drawn {
  // Under a cap nothing overflows; a mode may have one where the policy has none.
  const overflows = mayOverflow && curve.cap === LONGEST;
  const wait = cut(curve, place, draw, overflows);
  if (!overflows) return wait;
  const { delay, least, most } = wait;
  return {
    delay: fires(delay),
    least: most > LONGEST ? Math.min(OVERFLOWN, least) : least,
    most: least > LONGEST ? OVERFLOWN : Math.min(most, LONGEST),
  };
}

const fires = (delay: number): number => (delay > LONGEST ? OVERFLOWN : delay);

function cut(curve: Curve, place: Place, draw: number, overflows: boolean): Drawn {
  const { first, jitter, capOn, rounding } = curve;
  const cap = overflows ? BEYOND : curve.cap;
  const shortened = (at: (draw: number) => number): Drawn => ({
    delay: Math.min(at(draw), cap),
    least: Math.min(at(0), cap),
    most: Math.min(at(DRAWS - 1), cap),
  });
  if (first !== null && place.attempt === 0) return uniform(curve, draw, first.least, first.most, cap);
  const ceiling = overflows && curve.ceiling === null ? BEYOND : (curve.ceiling ?? curve.cap);
  const value = valueAt(curve.delay, place, ceiling);
  if (capOn === 'value' && value >= cap) return exactly(cap);
  switch (jitter.kind) {
    case 'none':
      return uniform(curve, draw, value, value, cap);
    case 'full':
      return uniform(curve, draw, jitter.floor, jitter.floor + value, cap);
    case 'equal':
      return uniform(curve, draw, Math.trunc(value / 2), value, cap);
    case 'decorrelated': {
      const least = jitter.ratchet === true ? Math.max(value, Math.min(place.previous, ceiling)) : value;
      const most = Math.max(least, scaled(Math.max(value, place.previous), jitter.factor, ceiling));
      return uniform(curve, draw, least, most, cap);
    }
    case 'proportional': {
      const below = Math.min(value, wide(share(value, jitter.below), jitter.widens, place));
      const above = wide(share(value, jitter.above), jitter.widens, place);
      // What only takes away takes nothing off for a draw of 0.
      return uniform(curve, jitter.above.num === 0 ? DRAWS - 1 - draw : draw, value - below, value + above, cap);
    }
    case 'additive': {
      const least = wide(jitter.least, jitter.widens, place);
      return uniform(curve, draw, value + least, value + wide(jitter.most, jitter.widens, place), cap);
    }
    case 'comb': {
      const reach = share(value, jitter.share);
      const [least, most] = combEnds(value, reach, jitter.teeth, rounding);
      const delay = combed(draw, value, reach, jitter.teeth, rounding);
      return { delay: Math.min(delay, cap), least: Math.min(least, cap), most: Math.min(most, cap) };
    }
    case 'exponential':
      return shortened((luck) => rounded(memoryless(luck, value), rounding));
    case 'decorrelated-v2': {
      const { delay } = curve;
      const factor = delay.kind === 'exponential' ? delay.factor : { num: 1, of: 1 };
      const base = delay.kind === 'exponential' ? delay.base : value;
      return shortened((luck) => rounded(smooth(base, factor, place, luck, BEYOND), rounding));
    }
  }
}

/** Uniform over a range, which the cap cuts before the draw or after it. */
function uniform({ capOn, rounding }: Curve, draw: number, lowest: number, highest: number, cap: number): Drawn {
  const least = Math.min(lowest, cap);
  const most = Math.min(highest, cap);
  // Cutting the range keeps clients at the cap spread; cutting the draw is what some published libraries do.
  const [from, to] = capOn === 'draw' ? [lowest, highest] : [least, most];
  if (rounding === null) return { delay: Math.min(placed(draw, from, to, null), cap), least, most };
  const at = (luck: number): number => Math.min(placed(luck, from, to, rounding), cap);
  return { delay: at(draw), least: at(0), most: at(DRAWS - 1) };
}

/** The value of the curve at an attempt: an integer, at most `ceiling`. */
function valueAt(delay: Delay, place: Place, ceiling: number): number {
  switch (delay.kind) {
    case 'constant':
      return Math.min(delay.base, ceiling);
    case 'linear': {
      // Compared before it is multiplied, because attempt * step may pass 2^53.
      const { base, step } = delay;
      return base >= ceiling || (step > 0 && place.attempt > (ceiling - base) / step)
        ? ceiling
        : base + place.attempt * step;
    }
    case 'exponential': {
      // A short `first` delay would hold compounding growth down for the whole outage, hence never below the base.
      // It may fall below the base, as the library's does, but never to nothing for ever.
      if (delay.compounds && delay.steepens === true && place.attempt > 0) {
        return climbed(Math.max(1, place.previous), delay.factor, place.attempt, ceiling);
      }
      if (delay.compounds) {
        return Math.min(Math.max(delay.base, scaled(place.previous, delay.factor, ceiling)), ceiling);
      }
      return climbed(Math.min(delay.base, ceiling), delay.factor, place.attempt, ceiling);
    }
    case 'table':
      return Math.min(delay.delays[Math.min(place.attempt, delay.delays.length - 1)] ?? 0, ceiling);
  }
}

/** `value` times a ratio, so many times, cut off to whole microseconds each time, at most `ceiling`. */
function climbed(from: number, factor: Ratio, times: number, ceiling: number): number {
  let value = Math.min(from, ceiling);
  for (let step = 0; step < times; step++) {
    const next = scaled(value, factor, ceiling);
    if (next <= value) break;
    value = next;
  }
  return value;
}

/** `value` times a ratio, cut off to whole microseconds, at most `ceiling`. */
const scaled = (value: number, factor: Ratio, ceiling: number): number => Math.min(share(value, factor), ceiling);

/** A share of a value, cut off to whole microseconds. Up to `LONGEST` the product is exact, so the quotient's floor is too. */
const share = (value: number, ratio: Ratio): number => Math.trunc((value * ratio.num) / ratio.of);

/** A width at an attempt, where jitter `widens`; at most `LONGEST`. What is not exact is beyond it. */
function wide(width: number, widens: Ratio | undefined, { attempt }: Place): number {
  return widens === undefined || widens.num === 0 || attempt === 0
    ? width
    : Math.min(width + Math.trunc((width * attempt * widens.num) / widens.of), Math.max(width, LONGEST));
}
