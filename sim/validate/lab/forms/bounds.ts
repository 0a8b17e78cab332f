/**
 * Bounds that no policy can beat: with windows of c admissions the last of N clients is back in window ceil(N/c) at the
 * earliest. Clients that all dial at the beginning of every window meet them exactly, at the price of N/c dials each.
 */
import { POLICY_DEFAULTS, type Policy } from '../../../../src/backoff/policy.ts';
import { ms } from '../../../../src/time.ts';
import { recoveryOf } from '../../../lab/metrics/recovery.ts';
import { runStorm } from '../../../lab/storm/kernel.ts';
import { REFERENCE_STORM, type Storm } from '../../../lab/storm/storm.ts';
import { type Comparison, compare, exactly } from '../comparison.ts';
import type { Effort } from '../part.ts';

const SECOND = 1_000_000;

export function bounds({ seed }: Effort): readonly Comparison[] {
  return [
    [2000, 500],
    [1999, 500],
    [300, 10],
    [100, 1000],
  ].flatMap(([clients, capacity]) => cell(clients!, capacity!, seed));
}

function cell(clients: number, capacity: number, seed: string): readonly Comparison[] {
  const storm: Storm = { ...REFERENCE_STORM, clients, capacity };
  const c = (capacity * storm.window) / SECOND;
  const policy: Policy = {
    ...POLICY_DEFAULTS,
    delay: { kind: 'constant', base: ms(100) },
    jitter: { kind: 'none' },
  };
  const run = runStorm(storm, policy, { seed, replication: 0 });
  const { sortedWaits } = recoveryOf(run);
  const rank = (share: number): number => Math.ceil((clients * share) / 100);
  const windowOf = (place: number): number => Math.ceil(place / c) - 1;
  let [waits, dials, windows] = [0, 0, 0];
  for (let client = 0; client < clients; client++) {
    waits += sortedWaits[client]! / SECOND / clients;
    dials += run.attemptsAfter[client]! / clients;
    windows += windowOf(client + 1) / clients;
  }
  const title = `${clients} clients, ${c} a window, all dial in each window`;
  return [
    ...[50, 99, 100].map((share) => {
      const at = sortedWaits[rank(share) - 1]! / SECOND;
      return compare(title, `recovery of ${share} %, s`, exactly(windowOf(rank(share)) / 10), exactly(at));
    }),
    compare(title, 'mean recovery, s', exactly(windows / 10), exactly(waits)),
    compare(title, 'dials a client since the outage', exactly(windows + 1), exactly(dials)),
  ];
}
