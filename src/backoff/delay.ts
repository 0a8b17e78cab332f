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
import { limited, newKept } from './limits.ts';
import { type BackoffMemory, counted, keeps } from './memory.ts';
import { behind, curveOf, cutBy, modeAt, placeOn, START, unlessIdle, withPlace } from './modes.ts';
import { type Curve, LONGEST, type Policy, type Refusal } from './policy.ts';
import { AT_ONCE, type Drawn, drawn } from './range.ts';

export { advance, type BackoffMemory, forgotten, freshMemory, recovered } from './memory.ts';

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
  const { now = 0, elapsed, sinceDial = 0 } = circumstances;
  const present = unlessIdle(policy, memory, now);
  const { attempt } = present;
  if (policy.attemptsMax !== null && attempt >= policy.attemptsMax) return { stop: 'attempts' };
  const step = policy.atOnce && attempt === 0 ? FIRST : stepOf(policy, present, draw, circumstances);
  if (step === null) return { stop: 'table' };

  const wait = policy.measuredFrom === 'dial' ? sooner(step.wait, sinceDial) : step.wait;
  const curve = curveOf(policy, step.mode);
  const own = hinted(policy, wait, draw, circumstances.retryAfter, curve);
  // What compounds goes on from the wait as it counts: from the dial, if that is where it is measured from.
  const previous = (of: Drawn): Duration => us(policy.measuredFrom === 'dial' ? step.wait.delay : of.delay);
  if (!keeps(policy)) return answer(policy, own, elapsed, { attempt: counted(attempt), previous: previous(own) });

  const kept = present.kept ?? newKept(policy, now);
  let place = step === FIRST ? START : behind(placeOn(policy, present, step.mode), previous(own), step.luck);
  const again = (n: number): number => {
    const luck = derived(draw, AGAIN + n);
    const { delay } = drawn(curve, place, luck, policy.overflow === 'at-once');
    place = behind(place, us(delay), luck);
    return delay;
  };
  const bounded = limited(policy, kept, now, own, draw, again);
  if ('stop' in bounded) return bounded;
  if (bounded.skipped === 0 && step !== FIRST) place = { ...place, previous: previous(bounded.wait) };
  return answer(policy, bounded.wait, elapsed, {
    attempt: counted(attempt),
    previous: previous(bounded.wait),
    kept: { ...bounded.kept, at: now, places: withPlace(policy, kept, step.mode, place) },
  });
}

/** What a curve gives: whose it is, the wait, and the draw that made it. */
interface Step {
  readonly mode: number;
  readonly wait: Drawn;
  readonly luck: number;
}

/** The retry that comes at once, before any curve begins. */
const FIRST: Step = { mode: 0, wait: AT_ONCE, luck: 0 };

/** What the curve that holds gives for this retry; null where its table has come to an end. */
function stepOf(policy: Policy, memory: BackoffMemory, draw: number, circumstances: Circumstances): Step | null {
  const { refusal = 'down', elapsed, sinceDial = 0 } = circumstances;
  const overflows = policy.overflow === 'at-once';
  const mode = modeAt(policy, refusal, elapsed);
  const curve = curveOf(policy, mode);
  const place = placeOn(policy, memory, mode);
  if (curve.delay.kind === 'table' && curve.delay.afterLast === 'stop' && place.attempt >= curve.delay.delays.length)
    return null;
  const wait = drawn(curve, place, draw, overflows);
  // When the wait began, on the clock of the outage.
  const begun = policy.measuredFrom === 'dial' ? elapsed - sinceDial : elapsed;
  const next = cutBy(policy, mode, refusal, elapsed, begun + wait.most);
  if (next !== null) {
    const luck = derived(draw, 1);
    const own = drawn(curveOf(policy, next.mode), placeOn(policy, memory, next.mode), luck, overflows);
    const left = next.begins - begun;
    const cut = (delay: number, behind: number): number =>
      delay > left ? Math.min(left + behind, LONGEST) : Math.min(delay, LONGEST);
    const ends = { least: cut(wait.least, own.least), most: Math.min(left + own.most, LONGEST) };
    return wait.delay > left
      ? { mode: next.mode, luck, wait: { delay: cut(wait.delay, own.delay), ...ends } }
      : { mode, luck: draw, wait: { delay: wait.delay, ...ends } };
  }
  if (!policy.redraws) return { mode, luck: draw, wait };
  // A wait that is over by now is not drawn again.
  let { delay } = wait;
  for (let n = 1; delay > sinceDial && n < REDRAWS; n++) {
    const another = drawn(curve, place, derived(draw, n), overflows).delay;
    if (another <= delay) break;
    delay = another;
  }
  return { mode, luck: draw, wait: { ...wait, delay } };
}

function answer(
  { elapsedMax }: Policy,
  { delay, least, most }: Drawn,
  elapsed: Duration,
  memory: BackoffMemory,
): NextDelay {
  if (elapsedMax !== null && elapsed + delay > elapsedMax) return { stop: 'elapsed' };
  return { delay: us(delay), least: us(least), most: us(most), memory };
}

/** Which of the numbers that are derived from a draw are those of waits behind a dial that was given up locally. */
const AGAIN = 100_000;

/** The most draws of a policy that draws again: a longer row of ever higher ones has a chance of 1 in 64! */
const REDRAWS = 64;

/** What is left of an interval that counts from the dial. */
const sooner = ({ delay, least, most }: Drawn, sinceDial: number): Drawn => ({
  delay: Math.max(0, delay - sinceDial),
  least: Math.max(0, least - sinceDial),
  most: Math.max(0, most - sinceDial),
});

/** The wait with what the server asked for. */
function hinted(
  policy: Policy,
  wait: Drawn,
  draw: number,
  retryAfter: Duration | null,
  { jitter: { kind } }: Curve,
): Drawn {
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
      const isShaped = kind === 'comb' || kind === 'exponential' || kind === 'decorrelated-v2';
      const kept = isShaped && most - least >= policy.retryAfterSpread;
      const moved = kept ? Math.min(asked + (delay - least), highest) : between(draw, asked, highest);
      return { delay: moved, least: asked, most: highest };
    }
  }
}
