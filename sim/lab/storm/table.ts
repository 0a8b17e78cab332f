/**
 * The curve of a policy as a table, for policies whose waits depend on the attempt alone: made by asking the curve itself,
 * without what is applied to each draw (`table-pacer.ts`).
 */
import type { Place } from '../../../src/backoff/memory.ts';
import { keeps } from '../../../src/backoff/memory.ts';
import { type Curve, LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { drawn } from '../../../src/backoff/range.ts';
import { us, ZERO } from '../../../src/time.ts';

export interface Table {
  /** How a draw becomes a wait: uniform between two ends, or in a shape around a value. */
  readonly shape: 'uniform' | 'comb' | 'exponential';
  /** By attempt, behind one that comes at once: the ends between which a draw is placed, or a value and the most that a comb adds to it. */
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  /** The attempt at which the policy's own list ends in giving up, or infinity. */
  readonly ends: number;
}

/** Attempts that are tabulated at most; a curve that still grows there is asked instead. */
const ROWS_MOST = 4096;

/** Null for a policy that no table holds. */
export function tableOf(policy: Policy): Table | null {
  const { delay, jitter, first } = policy;
  if (keeps(policy) || policy.redraws || policy.overflow === 'at-once') return null;
  if (delay.kind === 'exponential' && delay.compounds) return null;
  const shape = shapeOf(policy);
  if (shape === null || (shape !== 'uniform' && first !== null)) return null;
  const curve = shape === 'uniform' ? ends(policy) : { ...bare(policy), jitter: { kind: 'none' } as const, first };
  // From here on the cap cuts whatever is drawn, however it is rounded.
  const surely = policy.cap + (policy.rounding?.to ?? 0);
  const lowest: number[] = [];
  const highest: number[] = [];
  const stops = delay.kind === 'table' && delay.afterLast === 'stop' ? delay.delays.length : Number.POSITIVE_INFINITY;
  // A list may repeat an entry before it goes on, and so may a curve behind its first wait.
  const least = delay.kind === 'table' ? delay.delays.length + 2 : 3;
  for (let attempt = 0; attempt < Math.min(ROWS_MOST, stops); attempt++) {
    const place: Place = { attempt, previous: ZERO, luck: 0 };
    const range = drawn(curve, place, 0, false);
    const reach = jitter.kind === 'comb' ? Math.trunc((range.least * jitter.share.num) / jitter.share.of) : 0;
    const isCut = shape !== 'exponential' && range.least - reach >= surely;
    lowest.push(isCut ? surely : range.least);
    highest.push(isCut ? surely : jitter.kind === 'comb' ? range.least + reach : range.most);
    // What is cut at the longest wait here would not be cut before its draw.
    if (!isCut && range.most >= LONGEST) return null;
    const still = lowest[attempt] === lowest[attempt - 1] && highest[attempt] === highest[attempt - 1];
    // Growth is a step that depends on the value alone: what stood still once stands still for ever.
    if (attempt >= least && still) return made(shape, lowest, highest, stops);
  }
  return lowest.length === stops ? made(shape, lowest, highest, stops) : null;
}

const made = (shape: Table['shape'], lowest: number[], highest: number[], stops: number): Table => ({
  shape,
  lowest: Float64Array.from(lowest),
  highest: Float64Array.from(highest),
  ends: stops,
});

function shapeOf({ jitter, capOn, rounding }: Policy): Table['shape'] | null {
  switch (jitter.kind) {
    case 'none':
    case 'full':
    case 'equal':
      break;
    case 'proportional':
    case 'additive':
      if (jitter.widens !== undefined && jitter.widens.num > 0) return null;
      break;
    case 'comb':
    case 'exponential':
      return capOn === 'value' ? null : jitter.kind;
    case 'decorrelated':
    case 'decorrelated-v2':
      return null;
  }
  // A value at such a cap is not rounded.
  return capOn === 'value' && rounding !== null ? null : 'uniform';
}

/** The curve whose ends are those that a draw is placed between. */
const ends = (policy: Policy): Curve => (policy.capOn === 'draw' ? bare(policy) : { ...policy, rounding: null });

/** The curve without a cap, its ceiling as it is. */
const bare = (policy: Policy): Curve => ({
  ...policy,
  ceiling: us(policy.ceiling ?? policy.cap),
  cap: LONGEST,
  capOn: 'range',
  rounding: null,
});
