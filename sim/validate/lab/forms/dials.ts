/**
 * How often a client dials while nobody answers: waits are independent, so the expected number of dials before D is the sum
 * over k of P(W1 + … + Wk < D), whose distributions are convolutions of uniform ones. They are computed on a grid of a
 * millisecond, by trapezoids; halving the grid moves the sum by less than 1e-7.
 */
import { POLICY_DEFAULTS, type Policy } from '../../../../src/backoff/policy.ts';
import { ms, seconds, ZERO } from '../../../../src/time.ts';
import { runStorm } from '../../../lab/storm/kernel.ts';
import { REFERENCE_STORM } from '../../../lab/storm/storm.ts';
import { type Comparison, compare, exactly, meanFigure } from '../comparison.ts';
import type { Effort } from '../part.ts';

const CELL = 1000;

interface Case {
  readonly name: string;
  readonly policy: Policy;
  /** The ends of wait k, from 0, in microseconds. */
  ends(k: number): readonly [least: number, most: number];
}

const doubling = (base: number, cap: number): Policy => ({
  ...POLICY_DEFAULTS,
  delay: { kind: 'exponential', base: ms(base), factor: { num: 2, of: 1 }, compounds: false },
  cap: ms(cap),
});
const value = (base: number, cap: number, k: number): number => {
  let delay = base;
  for (let n = 0; n < k && delay < cap; n++) delay *= 2;
  return Math.min(delay, cap) * 1000;
};

const CASES: readonly Case[] = [
  {
    name: 'full jitter, 1 s to 30 s',
    policy: { ...doubling(1000, 30_000), jitter: { kind: 'full', floor: ZERO } },
    ends: (k) => [0, value(1000, 30_000, k)],
  },
  {
    name: 'equal jitter, 1 s to 30 s',
    policy: { ...doubling(1000, 30_000), jitter: { kind: 'equal' } },
    ends: (k) => [value(1000, 30_000, k) / 2, value(1000, 30_000, k)],
  },
  {
    name: 'full jitter, 100 ms to 5 s',
    policy: { ...doubling(100, 5000), jitter: { kind: 'full', floor: ZERO } },
    ends: (k) => [0, value(100, 5000, k)],
  },
  {
    name: 'every 4 s +-25 %',
    policy: {
      ...doubling(4000, 5000),
      delay: { kind: 'constant', base: seconds(4) },
      jitter: { kind: 'proportional', below: { num: 1, of: 4 }, above: { num: 1, of: 4 } },
    },
    ends: () => [3_000_000, 5_000_000],
  },
];

export function dials({ seed, replications, isShort }: Effort): readonly Comparison[] {
  const clients = 2000;
  const storm = { ...REFERENCE_STORM, clients };
  const { lasts } = storm.outages[0]!;
  return CASES.slice(0, isShort ? 2 : CASES.length).map(({ name, policy, ends }) => {
    const sample = Float64Array.from({ length: replications }, (_, replication) => {
      const { attemptsDuring } = runStorm(storm, policy, { seed: `${seed}/dials`, replication });
      return attemptsDuring.reduce((sum, count) => sum + count, 0) / clients;
    });
    return compare(name, 'dials a client in an outage of 60 s', exactly(expected(lasts, ends)), meanFigure(sample));
  });
}

function expected(duration: number, ends: Case['ends']): number {
  const cells = Math.round(duration / CELL);
  let below = new Float64Array(cells + 1).fill(1);
  let sum = 0;
  for (let k = 0; below[cells]! > 1e-9; k++) {
    const area = new Float64Array(cells + 1);
    for (let cell = 1; cell <= cells; cell++) area[cell] = area[cell - 1]! + (below[cell - 1]! + below[cell]!) / 2;
    const areaAt = (at: number): number => {
      const cell = Math.floor(Math.max(0, at));
      return cell >= cells ? area[cells]! : area[cell]! + (area[cell + 1]! - area[cell]!) * (Math.max(0, at) - cell);
    };
    const [least, most] = ends(k).map((end) => end / CELL) as [number, number];
    below = Float64Array.from(below, (_, cell) => (areaAt(cell - least) - areaAt(cell - most)) / (most - least));
    sum += below[cells]!;
  }
  return sum;
}
