/**
 * Which delays a policy permits, for a law that judges observed delays without trusting `nextDelay`.
 *
 * This is a second derivation of the same policy, by another road: where `delay.ts` multiplies step by step and cuts
 * off, this file computes with exact fractions of big integers, bounds what the cutting off may have lost, and widens
 * both ends through jitter, rounding, cap and retry-after. It imports nothing from `delay.ts`. An envelope is therefore a
 * little wider than the range that a delay is drawn from: by nothing for every policy but growing ones, there by the
 * rounding, at most 1 % for the slowest growth that a policy may have and a millionth for usual ones.
 *
 * Wider are two: `decorrelated-v2` depends on the draw before, which nobody sees; and a policy that waits for its budget, its
 * window or its throttle may wait for as long as a timer can.
 */
import { type Duration, us } from '../time.ts';
import { type Bounds, beforeCap, max, min, roundedBounds } from './envelope-curve.ts';
import { type Curve, LONGEST, type Mode, type Policy } from './policy.ts';

/** The shortest and the longest delay that a policy permits, both included. */
export interface Envelope {
  readonly least: Duration;
  readonly most: Duration;
}

/** What else is known of a retry. */
export interface Known {
  /**
   * Whose curve holds: 0 for the policy's own, else 1 more than the index of its mode. Then `attempt` counts the retries that
   * this curve gave, without the one that came at once. Left out: that of a policy without modes.
   */
  readonly mode?: number;
  /** The time since the start of the dial that failed. Default 0. */
  readonly sinceDial?: Duration;
  /** The time since the outage began, from the least to the most that it may be. Only modes that cut look at it. */
  readonly elapsed?: Envelope;
  /** The attempt on the curve of the mode that cuts this wait. Default 0. */
  readonly attemptNext?: number;
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
  known: Known = {},
): Envelope {
  const own = interval(policy, attempt, BigInt(previous), known);
  const gone = policy.measuredFrom === 'dial' ? BigInt(known.sinceDial ?? 0) : 0n;
  const waited = hinted(policy, { least: max(0n, own.least - gone), most: max(0n, own.most - gone) }, retryAfter);
  const holdsOn = policy.throttle !== null || policy.budget?.empty === 'wait' || policy.window?.full === 'wait';
  return { least: us(Number(waited.least)), most: holdsOn ? LONGEST : us(Number(waited.most)) };
}

/** The range of one retry before the cap cuts it, or cuts what is drawn from it; up to 4,001 times `LONGEST`. */
export function uncapped(policy: Policy, attempt: number, previous: Duration): Envelope {
  const { least, most } =
    policy.atOnce && attempt === 0
      ? { least: 0n, most: 0n }
      : beforeCap(policy, policy.atOnce ? attempt - 1 : attempt, BigInt(previous), false);
  return { least: us(Number(least)), most: us(Number(most)) };
}

/** The most retries that a policy permits in one outage, or null if nothing but elapsed time ends it. */
export function retriesMost(policy: Policy): number | null {
  // Another curve may go on where a table ends.
  const isAlone = policy.modes.length === 0 && policy.delay.kind === 'table' && policy.delay.afterLast === 'stop';
  const listed = isAlone && policy.delay.kind === 'table' ? policy.delay.delays.length : null;
  const table = listed !== null && policy.atOnce ? listed + 1 : listed;
  if (table === null || policy.attemptsMax === null) return table ?? policy.attemptsMax;
  return Math.min(table, policy.attemptsMax);
}

/** Where the wait counts from, without what a server asked for. */
function interval(policy: Policy, attempt: number, previous: bigint, known: Known): Bounds {
  const { mode } = known;
  if (mode === undefined && policy.atOnce && attempt === 0) return { least: 0n, most: 0n };
  const place = mode === undefined && policy.atOnce ? attempt - 1 : attempt;
  const own = capped(policy, curveOf(policy, mode ?? 0), place, previous);
  const { elapsed } = known;
  if (elapsed === undefined) return own;
  // Of the modes that may cut, the first to come; where it is not known when the outage began, either end.
  let { least, most } = own;
  for (const [index, next] of policy.modes.entries()) {
    if (!next.cuts || next.after === null || index < (mode ?? 0) || next.after <= elapsed.least) continue;
    const [soonest, latest] = [max(0n, BigInt(next.after - elapsed.most)), BigInt(next.after - elapsed.least)];
    if (own.most <= soonest) continue;
    const then = capped(policy, next, known.attemptNext ?? 0, 0n);
    least = own.least > latest ? max(least, soonest + then.least) : min(least, soonest + then.least);
    most = max(min(most, latest), latest + then.most);
  }
  return { least: min(least, BigInt(LONGEST)), most: min(most, BigInt(LONGEST)) };
}

const curveOf = (policy: Policy, mode: number): Curve => (mode === 0 ? policy : (policy.modes[mode - 1] as Mode));

/** The range of a curve, rounded, behind the cap; or what a timer makes of it that it can't hold. */
function capped(policy: Policy, curve: Curve, attempt: number, previous: bigint): Bounds {
  const overflows = policy.overflow === 'at-once';
  const { least, most } = roundedBounds(curve, beforeCap(curve, attempt, previous, overflows));
  if (!overflows) return { least: min(least, BigInt(curve.cap)), most: min(most, BigInt(curve.cap)) };
  const longest = BigInt(LONGEST);
  if (most <= longest) return { least, most };
  return { least: min(least, AT_ONCE), most: least > longest ? AT_ONCE : longest };
}

/** A `setTimeout` that is too long fires after 1 ms. */
const AT_ONCE = 1000n;

function hinted(policy: Policy, own: Bounds, retryAfter: Duration | null): Bounds {
  if (policy.retryAfter === 'ignore' || retryAfter === null) return own;
  const longest = BigInt(LONGEST);
  const limit = BigInt(policy.retryAfterMost ?? LONGEST);
  const hint = min(BigInt(retryAfter), longest);
  const raised = (wait: bigint): bigint => min(longest, max(wait, min(hint, wait + limit)));
  switch (policy.retryAfter) {
    case 'exact':
      return { least: min(hint, limit), most: min(hint, limit) };
    case 'floor':
      return { least: raised(own.least), most: raised(own.most) };
    case 'honour': {
      const asked = min(hint, limit);
      if (asked <= own.least) return own;
      // The range starts at the hint and keeps its width, or the spread where that is wider, up to what a timer can wait.
      const most = asked + max(own.most - own.least, BigInt(policy.retryAfterSpread));
      return { least: asked, most: min(most, longest) };
    }
  }
}
