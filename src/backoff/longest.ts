/** The bounds of a policy as a whole: how long it waits at the most, and whether it ever gives up. */
import { type Duration, us, ZERO } from '../time.ts';
import { envelope, retriesMost } from './envelope.ts';
import { ATTEMPT_MAX, LONGEST, type Mode, type Policy } from './policy.ts';

/**
 * The longest wait between two dials, without what a server asks for. A cap bounds it; where there is none, the curve at its
 * last attempt does. What a client throttles itself is bounded but for one wait in 10^12.
 */
export function longestBackoff(policy: Policy): Duration {
  const { modes, window, budget, throttle } = policy;
  const own = Math.max(...[policy, ...modes].map((curve, mode) => longestOf(policy, curve, mode)));
  const cuts = modes.some((mode) => mode.cuts) ? 2 * own : own;
  let waits = 1;
  for (let chance = 1; throttle !== null && chance > RARE; waits++) chance *= throttle.most.num / throttle.most.of;
  const room = window?.full === 'wait' ? window.within : 0;
  return us(Math.min(waits * cuts + room + refill(budget), LONGEST));
}

const RARE = 1e-12;

function longestOf(policy: Policy, { cap, first }: Policy | Mode, mode: number): number {
  if (cap < LONGEST) return cap;
  const last = Math.max(0, (retriesMost(policy) ?? ATTEMPT_MAX) - 1);
  const bare: Policy = { ...policy, budget: null, window: null, throttle: null };
  return Math.max(first?.most ?? 0, envelope(bare, last, cap, null, { mode }).most);
}

/** From an empty bucket to what a retry costs. */
function refill(budget: Policy['budget']): number {
  if (budget === null || budget.empty === 'stop' || budget.perSecond.num === 0) return ZERO;
  const { cost, reserve, perSecond } = budget;
  return ((cost + (reserve ?? 0) + 1) * 1_000_000 * perSecond.of) / perSecond.num;
}

/** The fewest retries of one outage behind which a client may give up for the number of them; null if it never does. */
export function retriesLeast(policy: Policy): number | null {
  const { atOnce, attemptsMax, modes } = policy;
  const tables = [policy, ...modes].flatMap(({ delay }, mode) =>
    delay.kind === 'table' && delay.afterLast === 'stop' ? [delay.delays.length + (atOnce && mode === 0 ? 1 : 0)] : [],
  );
  const limits = attemptsMax === null ? tables : [...tables, attemptsMax];
  return limits.length === 0 ? null : Math.min(...limits);
}

/** Retries that budget and window have room for at the least, over all outages; null if neither ever ends one. */
export function retriesAfforded({ budget, window }: Policy): number | null {
  const runsOut = budget !== null && (budget.empty === 'stop' || budget.perSecond.num === 0);
  // More than the reserve must be left behind.
  const paid = runsOut ? [Math.max(0, Math.ceil((budget.tokens - (budget.reserve ?? -1)) / budget.cost) - 1)] : [];
  const limits = window?.full === 'stop' ? [...paid, window.dials] : paid;
  return limits.length === 0 ? null : Math.min(...limits);
}

/** Whether a client may ever give up for the number of its retries. */
export const givesUp = (policy: Policy): boolean => retriesLeast(policy) !== null || retriesAfforded(policy) !== null;
