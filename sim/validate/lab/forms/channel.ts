/**
 * Stations with windows of W slots that never grow: each tries once in (W + 1)/2 slots, whatever the others do, so its try
 * collides with probability 1 - (1 - 2/(W + 1))^(n - 1).
 */
import { POLICY_DEFAULTS, type Policy } from '../../../../src/backoff/policy.ts';
import { ms } from '../../../../src/time.ts';
import { Luck } from '../../../lab/storm/luck.ts';
import { type Comparison, compare, exactly, meanFigure } from '../comparison.ts';
import { contend, SLOT } from '../contention/rounds.ts';
import type { Effort } from '../part.ts';
import { power } from './admission.ts';

const ROUNDS = 2000;

export function channel({ seed, replications }: Effort): readonly Comparison[] {
  return [
    [2, 16],
    [3, 16],
    [5, 16],
    [10, 16],
    [10, 64],
    [50, 128],
  ].map(([stations, window]) => cell(stations!, window!, seed, replications));
}

function cell(stations: number, window: number, seed: string, replications: number): Comparison {
  const policy: Policy = {
    ...POLICY_DEFAULTS,
    delay: { kind: 'constant', base: ms((window * SLOT) / 1000) },
    rounding: { to: ms(SLOT / 1000), by: 'down' },
  };
  const sample = Float64Array.from({ length: replications }, (_, replication) => {
    const { successes, collisions } = contend(stations, ROUNDS, policy, new Luck(`${seed}/${window}`, replication));
    const [won, lost] = [successes, collisions].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [
      number,
      number,
    ];
    return lost / (won + lost);
  });
  const expected = 1 - power(1 - 2 / (window + 1), stations - 1);
  return compare(
    `${stations} stations, windows of ${window}`,
    'share of tries that collide',
    exactly(expected),
    meanFigure(sample),
  );
}
