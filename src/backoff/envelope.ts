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
import { type Duration, us, ZERO } from '../time.ts';
import { type Bounds, beforeCap, max, min, rangeOf } from './envelope-curve.ts';
import { type Curve, LONGEST, type Mode, type Policy, type Refusal } from './policy.ts';

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
  /** How the last attempt ended; left out: either way. Only modes that cut look at it. */
  readonly refusal?: Refusal;
  /**
   * Where the client stands on the curves, in their order: retries, and the last wait as it was at the least and the most.
   * Only those of modes that cut are looked at. Default: before the first.
   */
  readonly places?: readonly {
    readonly attempt: number;
    readonly previous: Duration;
    readonly previousMost?: Duration;
  }[];
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
  const gone = policy.measuredFrom === 'dial' ? BigInt(known.sinceDial ?? 0) : 0n;
  const own = interval(policy, attempt, BigInt(previous), known, gone);
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
function interval(policy: Policy, attempt: number, previous: bigint, known: Known, gone: bigint): Bounds {
  const { mode } = known;
  if (mode === undefined && policy.atOnce && attempt === 0) return { least: 0n, most: 0n };
  const place = mode === undefined && policy.atOnce ? attempt - 1 : attempt;
  const own = capped(policy, curveOf(policy, mode ?? 0), place, previous);
  const { elapsed } = known;
  if (elapsed === undefined) return own;
  return cutAt(policy, own, known, elapsed, gone);
}

/** What is left of a range where modes may cut it: up to the first that does so for sure, and what those add that may. */
function cutAt(policy: Policy, own: Bounds, known: Known, elapsed: Envelope, gone: bigint): Bounds {
  const { mode = 0, refusal, places = [] } = known;
  const cutters = policy.modes
    .slice(mode)
    .filter(({ cuts, on }) => cuts && (on === null || refusal === undefined || on === refusal))
    .flatMap((next) => (next.after === null || next.after <= elapsed.least ? [] : [{ next, after: next.after }]))
    .sort((a, b) => a.after - b.after);
  let uncut: Bounds | null = own;
  const ranges: Bounds[] = [];
  for (const { next, after } of cutters) {
    const soonest = max(0n, BigInt(after - elapsed.most)) + gone;
    const latest = BigInt(after - elapsed.least) + gone;
    if (own.most <= soonest) break;
    const place = places[policy.modes.indexOf(next) + 1] ?? START;
    const then = (previous: number): Bounds => capped(policy, next, place.attempt, BigInt(previous));
    ranges.push({
      least: soonest + then(place.previous).least,
      most: latest + then(place.previousMost ?? place.previous).most,
    });
    if (after <= elapsed.most || (next.on !== null && refusal === undefined)) continue;
    uncut = own.least > latest ? null : { least: own.least, most: min(own.most, latest) };
    break;
  }
  const all = uncut === null ? ranges : [uncut, ...ranges];
  const longest = BigInt(LONGEST);
  return {
    least: min(
      all.map(({ least }) => least).reduce((a, b) => min(a, b)),
      longest,
    ),
    most: min(
      all.map(({ most }) => most).reduce((a, b) => max(a, b)),
      longest,
    ),
  };
}

const curveOf = (policy: Policy, mode: number): Curve => (mode === 0 ? policy : (policy.modes[mode - 1] as Mode));

/** Before the first retry. */
const START: NonNullable<Known['places']>[number] = { attempt: 0, previous: ZERO };

/** The range of a curve, rounded, behind the cap; or what a timer makes of it that it can't hold. */
function capped(policy: Policy, curve: Curve, attempt: number, previous: bigint): Bounds {
  const overflows = policy.overflow === 'at-once' && curve.cap === LONGEST;
  const { least, most } = rangeOf(curve, attempt, previous, overflows);
  if (!overflows) return { least, most };
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
