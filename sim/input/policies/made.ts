/**
 * Policies made of what other libraries are set to: their numbers put into the bounds that a policy here has, with a line
 * wherever that changes something.
 */
import { durationText, ratioOf } from '../../../src/backoff/forms.ts';
import {
  ATTEMPT_MAX,
  type Delay,
  LONGEST,
  POLICY_DEFAULTS,
  type Policy,
  RATIO_MAX,
  type Rounding,
} from '../../../src/backoff/policy.ts';
import type { Ratio } from '../../../src/machine.ts';
import { type Duration, ms, us, ZERO } from '../../../src/time.ts';
import type { Part } from './part.ts';

/** What published clients have in common: no jitter, no cap, no ear for a server's hint, no stability beyond being accepted. */
export const PLAIN: Omit<Policy, 'delay'> = {
  ...POLICY_DEFAULTS,
  jitter: { kind: 'none' },
  cap: LONGEST,
  stableAfter: ZERO,
  retryAfter: 'ignore',
  retryAfterSpread: ZERO,
};

/** `Math.floor` of milliseconds: the upper end of a range never comes. */
export const CUT_TO_MS: Rounding = { to: ms(1), by: 'down' };

/** A duration that a timer can wait; longer ones are as good as that. */
export function waitOf(part: Part, name: string, duration: Duration): Duration {
  if (duration <= LONGEST) return duration;
  if (Number.isFinite(duration) && duration < Number.MAX_SAFE_INTEGER)
    part.note(`${name}: longer than a timer can wait, and read as ${durationText(LONGEST)}`);
  return LONGEST;
}

/** A number as a ratio of small integers, exact to three decimals or by the nearest that there is. */
export function ratioBy(part: Part, name: string, value: number): Ratio {
  const exact = ratioOf(value);
  if (exact !== undefined && exact.num <= RATIO_MAX && exact.of <= RATIO_MAX) return exact;
  const near = nearest(value);
  part.note(`${name}: ${value} is read as ${near.num}/${near.of}`);
  return near;
}

/** The best approximation by numbers up to `RATIO_MAX`: convergents of the continued fraction. */
function nearest(value: number): Ratio {
  let [num, of, numBefore, ofBefore, rest] = [Math.floor(value), 1, 1, 0, value - Math.floor(value)];
  while (rest > 1e-12) {
    const whole = Math.floor(1 / rest);
    const [nextNum, nextOf] = [whole * num + numBefore, whole * of + ofBefore];
    if (nextNum > RATIO_MAX || nextOf > RATIO_MAX) break;
    [numBefore, ofBefore, num, of, rest] = [num, of, nextNum, nextOf, 1 / rest - whole];
  }
  return { num: Math.min(num, RATIO_MAX), of };
}

/**
 * `base`, times `factor` each attempt: constant where it does not grow, and shorter than `cap` in any case. A factor below
 * 1 is a problem.
 */
export function growing(
  part: Part,
  of: {
    readonly base: Duration;
    readonly factor: number;
    readonly cap: Duration;
    readonly names: readonly [base: string, factor: string];
  },
): Delay {
  const base = waitOf(part, of.names[0], us(Math.min(of.base, of.cap)));
  if (of.factor < 1) {
    part.problem([of.names[1]], 'a factor of 1 or more, since no delay here shrinks', of.factor);
    return { kind: 'constant', base };
  }
  const factor = ratioBy(part, of.names[1], Math.min(of.factor, RATIO_MAX));
  if (of.factor > RATIO_MAX) part.note(`${of.names[1]}: read as ${RATIO_MAX}`);
  if (base === 0 || factor.num === factor.of) return { kind: 'constant', base };
  // Values are cut off to whole microseconds at each step: what grows by less is as good as constant for a long time.
  if (base * (factor.num - factor.of) < 100 * factor.of) {
    part.problem([of.names[0]], 'a delay that grows by 100 us or more a step', durationText(base));
    return { kind: 'constant', base };
  }
  return { kind: 'exponential', base, factor, compounds: false };
}

/** Retries in one outage; null for as many as there are. */
export const retriesOf = (count: number): number | null =>
  count >= ATTEMPT_MAX ? null : Math.max(0, Math.trunc(count));
