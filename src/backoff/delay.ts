/**
 * From a policy to the next delay: one pure function of (policy, memory, draw, circumstances).
 *
 * Only integers, `+ - * /` and truncation are used; `Math.pow`, `**`, `log` and `exp` differ between engines and would
 * reach a digest. Growth is a loop of multiplications that ends as soon as the ceiling is reached, so attempt 2^31 - 1
 * costs as little as the first attempt at the cap, and nothing overflows: a value is at most `LONGEST`, a ratio's
 * number at most `RATIO_MAX`, and their product stays below 2^53.
 *
 * Retry-after: a server's hint is a floor, not a meeting point. When it lies above the least delay of the range, the
 * whole range moves up until it starts at the hint, at its own width or `retryAfterSpread`, whichever is wider. The
 * cap doesn't apply to it, because a server that asks for a minute knows better than a cap of 20 s.
 */
import { between, type Ratio } from '../machine.ts';
import { type Duration, us, ZERO } from '../time.ts';
import { ATTEMPT_MAX, type Delay, LONGEST, type Policy } from './policy.ts';

/** What a client remembers between retries. Plain JSON, so that it can be a part of a machine's state. */
export interface BackoffMemory {
  /** Retries scheduled since the last reset: 0 before the first, saturating at `ATTEMPT_MAX`. */
  readonly attempt: number;
  /** The delay scheduled last, 0 before the first. */
  readonly previous: Duration;
}

/** A wait of `delay`, drawn from `least` to `most`; or the limit that ends the outage in a terminal error. */
export type NextDelay =
  | { readonly delay: Duration; readonly least: Duration; readonly most: Duration }
  | { readonly stop: 'attempts' | 'elapsed' | 'table' };

/** The memory of a client whose connection was stable: no retry yet. */
export const freshMemory = (): BackoffMemory => ({ attempt: 0, previous: ZERO });

/** The memory after a retry was scheduled with this delay. */
export const advance = (memory: BackoffMemory, delay: Duration): BackoffMemory => ({
  attempt: memory.attempt < ATTEMPT_MAX ? memory.attempt + 1 : ATTEMPT_MAX,
  previous: delay,
});

/**
 * The delay before the next dial.
 *
 * `draw` is a uniform 32-bit unsigned integer; exactly one is used, whatever the policy, so that two policies can be
 * compared on the same luck. `retryAfter` is what the server asked for with the last refusal, or null; hints above
 * `LONGEST` count as `LONGEST`, and no spread goes beyond it. `elapsed` is the time since the outage began.
 */
export function nextDelay(
  policy: Policy,
  memory: BackoffMemory,
  draw: number,
  options: { readonly retryAfter: Duration | null; readonly elapsed: Duration },
): NextDelay {
  const { delay: kind, cap } = policy;
  if (policy.attemptsMax !== null && memory.attempt >= policy.attemptsMax) return { stop: 'attempts' };
  const place = placeOf(policy, memory);
  if (kind.kind === 'table' && kind.afterLast === 'stop' && place.attempt >= kind.delays.length)
    return { stop: 'table' };

  const [lowest, highest] = place.attempt < 0 ? [0, 0] : range(policy, place);
  let least = Math.min(lowest, cap);
  let most = Math.min(highest, cap);
  // Cutting the range keeps clients at the cap spread; cutting the draw is what some published libraries do.
  let delay = policy.capOn === 'range' ? between(draw, least, most) : Math.min(between(draw, lowest, highest), cap);

  if (policy.retryAfter === 'honour' && options.retryAfter !== null && options.retryAfter > least) {
    const width = Math.max(most - least, policy.retryAfterSpread);
    least = Math.min(options.retryAfter, LONGEST);
    most = Math.min(least + width, LONGEST);
    delay = between(draw, least, most);
  }

  if (policy.elapsedMax !== null && options.elapsed + delay > policy.elapsedMax) return { stop: 'elapsed' };
  return { delay: us(delay), least: us(least), most: us(most) };
}

/** Where a retry stands on the curve: behind the one that came at once, which stands before it, at -1. */
const placeOf = ({ atOnce }: Policy, memory: BackoffMemory): BackoffMemory =>
  atOnce ? { ...memory, attempt: memory.attempt - 1 } : memory;

/** The range of an attempt before the cap. */
function range(policy: Policy, memory: BackoffMemory): [least: number, most: number] {
  if (policy.first !== null && memory.attempt === 0) return [policy.first.least, policy.first.most];
  const ceiling = policy.ceiling ?? policy.cap;
  const value = valueAt(policy.delay, memory, ceiling);
  const jitter = policy.jitter;
  switch (jitter.kind) {
    case 'none':
      return [value, value];
    case 'full':
      return [jitter.floor, jitter.floor + value];
    case 'equal':
      return [Math.trunc(value / 2), value];
    case 'decorrelated':
      return [value, Math.max(value, scaled(Math.max(value, memory.previous), jitter.factor, ceiling))];
    case 'proportional':
      return [value - share(value, jitter.below), value + share(value, jitter.above)];
    case 'additive':
      return [value + jitter.least, value + jitter.most];
  }
}

/** The value of the curve at an attempt: an integer, at most `ceiling`. */
function valueAt(delay: Delay, memory: BackoffMemory, ceiling: number): number {
  switch (delay.kind) {
    case 'constant':
      return Math.min(delay.base, ceiling);
    case 'linear': {
      // Compared before it is multiplied, because attempt * step may pass 2^53.
      const { base, step } = delay;
      return base >= ceiling || (step > 0 && memory.attempt > (ceiling - base) / step)
        ? ceiling
        : base + memory.attempt * step;
    }
    case 'exponential': {
      // A short `first` delay would hold compounding growth down for the whole outage, hence never below the base.
      if (delay.compounds) {
        return Math.min(Math.max(delay.base, scaled(memory.previous, delay.factor, ceiling)), ceiling);
      }
      let value: number = Math.min(delay.base, ceiling);
      for (let step = 0; step < memory.attempt; step++) {
        const next = scaled(value, delay.factor, ceiling);
        if (next <= value) break;
        value = next;
      }
      return value;
    }
    case 'table':
      return Math.min(delay.delays[Math.min(memory.attempt, delay.delays.length - 1)] ?? 0, ceiling);
  }
}

/** `value` times a ratio, cut off to whole microseconds, at most `ceiling`. */
const scaled = (value: number, factor: Ratio, ceiling: number): number =>
  Math.min(share(Math.min(value, LONGEST), factor), ceiling);

/** A share of a value, cut off to whole microseconds. The product is exact, so the quotient's floor is too. */
const share = (value: number, ratio: Ratio): number => Math.trunc((value * ratio.num) / ratio.of);
