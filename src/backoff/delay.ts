/**
 * From a policy to the next delay: one pure function of (policy, memory, draw, circumstances).
 *
 * Retry-after: a server's hint is a floor, not a meeting point. When it lies above the least delay of the range, the
 * whole range moves up until it starts at the hint, at its own width or `retryAfterSpread`, whichever is wider. The
 * cap doesn't apply to it, because a server that asks for a minute knows better than a cap of 20 s. Policies may take it
 * otherwise, as published clients do.
 */
import { between } from '../machine.ts';
import { type Duration, type Instant, us } from '../time.ts';
import { derived } from './draws.ts';
import { type BackoffMemory, counted, type Kept, type Place } from './memory.ts';
import { type Curve, LONGEST, type Mode, type Policy, type Refusal } from './policy.ts';
import { AT_ONCE, type Drawn, drawn } from './range.ts';

export { advance, type BackoffMemory, freshMemory, recovered } from './memory.ts';

/** What is known when the next dial is decided on. */
export interface Circumstances {
  /** What the server asked for with the last refusal, or null; above `LONGEST` it counts as `LONGEST`. */
  readonly retryAfter: Duration | null;
  /** The time since the outage began. */
  readonly elapsed: Duration;
  /** How the last attempt ended. Default `down`. */
  readonly refusal?: Refusal;
  /** The present, for what counts over longer than an outage. Default 0. */
  readonly now?: Instant;
  /** The time since the start of the dial that failed. Default 0. */
  readonly sinceDial?: Duration;
}

/** A wait of `delay`, drawn from `least` to `most`, and what to remember of it; or the limit that ends the outage in a terminal error. */
export type NextDelay =
  | { readonly delay: Duration; readonly least: Duration; readonly most: Duration; readonly memory: BackoffMemory }
  | { readonly stop: 'attempts' | 'elapsed' | 'table' | 'budget' | 'window' };

/**
 * The delay before the next dial.
 *
 * `draw` is a uniform 32-bit unsigned integer; exactly one is used, whatever the policy, so that two policies can be
 * compared on the same luck; what draws more than once derives the others from it.
 */
export function nextDelay(
  policy: Policy,
  memory: BackoffMemory,
  draw: number,
  circumstances: Circumstances,
): NextDelay {
  const { refusal = 'down', sinceDial = 0, now = 0, elapsed } = circumstances;
  const { attempt, kept } = current(policy, memory, now);
  if (policy.attemptsMax !== null && attempt >= policy.attemptsMax) return { stop: 'attempts' };

  let mode = modeAt(policy, refusal, elapsed);
  const overflows = policy.overflow === 'at-once';
  const isAtOnce = policy.atOnce && attempt === 0;
  let interval: Drawn = AT_ONCE;
  if (!isAtOnce) {
    const place = placeOn(policy, memory, attempt, kept, mode);
    if (hasEnded(curveOf(policy, mode), place)) return { stop: 'table' };
    interval = drawn(curveOf(policy, mode), place, draw, overflows);
    const next = cutting(policy, mode, refusal, elapsed, interval.most);
    if (next > 0) {
      const { after: begins } = policy.modes[next - 1] as Mode & { after: Duration };
      const own = drawn(
        curveOf(policy, next),
        placeOn(policy, memory, attempt, kept, next),
        derived(draw, 1),
        overflows,
      );
      const left = begins - elapsed;
      const isCut = interval.delay > left;
      interval = {
        delay: isCut ? Math.min(left + own.delay, LONGEST) : interval.delay,
        least: interval.least > left ? Math.min(left + own.least, LONGEST) : interval.least,
        most: Math.min(left + own.most, LONGEST),
      };
      if (isCut) mode = next;
    }
    if (policy.redraws && interval.delay > sinceDial) {
      const again = (n: number): number => drawn(curveOf(policy, mode), place, derived(draw, n), overflows).delay;
      let longest = interval.delay;
      for (let n = 1, next = again(1); next > longest && n < REDRAWS; next = again(++n)) longest = next;
      interval = { ...interval, delay: longest };
    }
  }
  const wait = policy.measuredFrom === 'dial' ? since(interval, sinceDial) : interval;
  const { delay, least, most } = hinted(policy, wait, draw, circumstances.retryAfter, isUniform(curveOf(policy, mode)));

  if (policy.elapsedMax !== null && elapsed + delay > policy.elapsedMax) return { stop: 'elapsed' };
  // What compounds goes on from the wait as it counts: from the dial, if that is where it is measured from.
  const previous = us(policy.measuredFrom === 'dial' ? interval.delay : delay);
  return {
    delay: us(delay),
    least: us(least),
    most: us(most),
    memory: {
      attempt: counted(attempt),
      previous,
      ...(keeps(policy) ? { kept: keptAfter(policy, memory, mode, isAtOnce, previous, draw, now) } : {}),
    },
  };
}

/** The most draws of a policy that draws again: a longer row of ever higher ones has a chance of 1 in 64! */
const REDRAWS = 64;

/** The memory, if the counter has not begun anew because nothing was retried for so long. */
function current(policy: Policy, memory: BackoffMemory, now: number): { attempt: number; kept: Kept | undefined } {
  const { kept } = memory;
  const isIdle = policy.idleAfter !== null && kept !== undefined && kept.at >= 0 && now - kept.at >= policy.idleAfter;
  return isIdle ? { attempt: 0, kept: { ...kept, places: [] } } : { attempt: memory.attempt, kept };
}

/** The curve that holds: 0 for the policy's own, else 1 more than the index of its mode. */
export function modeAt({ modes }: Policy, refusal: Refusal, elapsed: number): number {
  let mode = modes.length;
  while (mode > 0 && !holds(modes[mode - 1] as Mode, refusal, elapsed)) mode--;
  return mode;
}

const holds = ({ on, after }: Mode, refusal: Refusal, elapsed: number): boolean =>
  (on === null || on === refusal) && (after === null || elapsed >= after);

const curveOf = (policy: Policy, mode: number): Curve => (mode === 0 ? policy : (policy.modes[mode - 1] as Mode));

/** The first mode to come that a wait of up to `most` would last into and that cuts it; 0 if there is none. */
function cutting({ modes }: Policy, mode: number, refusal: Refusal, elapsed: number, most: number): number {
  let next = 0;
  for (let index = mode; index < modes.length; index++) {
    const { on, after, cuts } = modes[index] as Mode;
    if (!cuts || after === null || after <= elapsed || elapsed + most <= after) continue;
    if (on !== null && on !== refusal) continue;
    if (next === 0 || after < (modes[next - 1]?.after ?? 0)) next = index + 1;
  }
  return next;
}

/** Where a retry stands on a curve: behind the one that came at once, which stands before it. */
function placeOn(policy: Policy, memory: BackoffMemory, attempt: number, kept: Kept | undefined, mode: number): Place {
  const place = kept?.places[mode];
  if (place !== undefined) return place;
  if (keeps(policy)) return START;
  return { attempt: policy.atOnce ? attempt - 1 : attempt, previous: memory.previous, luck: 0 };
}

const START: Place = { attempt: 0, previous: us(0), luck: 0 };

const hasEnded = ({ delay }: Curve, place: Place): boolean =>
  delay.kind === 'table' && delay.afterLast === 'stop' && place.attempt >= delay.delays.length;

/** Whether a policy needs more than two numbers. */
export const keeps = ({ modes, jitter, idleAfter, budget, window, throttle }: Policy): boolean =>
  modes.length > 0 ||
  jitter.kind === 'decorrelated-v2' ||
  idleAfter !== null ||
  budget !== null ||
  window !== null ||
  throttle !== null;

function keptAfter(
  policy: Policy,
  memory: BackoffMemory,
  mode: number,
  isAtOnce: boolean,
  previous: Duration,
  draw: number,
  now: number,
): Kept {
  const { kept } = current(policy, memory, now);
  const places = [...Array(policy.modes.length + 1).keys()].map((index) => {
    const place = kept?.places[index] ?? START;
    return index === mode && !isAtOnce ? { attempt: counted(place.attempt), previous, luck: draw } : place;
  });
  return { at: now, places, tokens: 0, refilledAt: now, dials: [], calls: [] };
}

/** What is left of an interval that counts from the dial. */
const since = ({ delay, least, most }: Drawn, sinceDial: number): Drawn => ({
  delay: Math.max(0, delay - sinceDial),
  least: Math.max(0, least - sinceDial),
  most: Math.max(0, most - sinceDial),
});

const isUniform = ({ jitter: { kind } }: Curve): boolean =>
  kind !== 'comb' && kind !== 'exponential' && kind !== 'decorrelated-v2';

/** The wait with what the server asked for. */
function hinted(policy: Policy, wait: Drawn, draw: number, retryAfter: Duration | null, uniform: boolean): Drawn {
  const { delay, least, most } = wait;
  if (policy.retryAfter === 'ignore' || retryAfter === null) return wait;
  const longest = policy.retryAfterMost ?? LONGEST;
  const asked = Math.min(retryAfter, policy.retryAfter === 'floor' ? LONGEST : longest);
  switch (policy.retryAfter) {
    case 'exact':
      return { delay: asked, least: asked, most: asked };
    case 'floor': {
      const raised = (own: number): number => Math.min(Math.max(own, Math.min(asked, own + longest)), LONGEST);
      return { delay: raised(delay), least: raised(least), most: raised(most) };
    }
    case 'honour': {
      if (asked <= least) return wait;
      const width = Math.max(most - least, policy.retryAfterSpread);
      const highest = Math.min(asked + width, LONGEST);
      // What has a shape of its own keeps it, unless it is too narrow.
      const kept = !uniform && most - least >= policy.retryAfterSpread;
      const moved = kept ? Math.min(asked + (delay - least), highest) : between(draw, asked, highest);
      return { delay: moved, least: asked, most: highest };
    }
  }
}
