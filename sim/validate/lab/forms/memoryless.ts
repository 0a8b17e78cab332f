/**
 * Clients that poll without memory, with a mean of m, are a Markov chain: of n that are pending at the beginning of a window
 * B dial in it for the first time, binomial with 1 - exp(-w/m), and min(c, B) of them leave. The chain is solved here
 * exactly, window by window. Beside it stand the approximations for C m <= N: while the servers are full N falls by C a
 * second, and behind that it decays,
 *   T100 = N/C - m + m (ln(C m) + 0.5772), T99 = N/C - m + m ln(C m / (0.01 N)),
 *   dials a client = ((N - C m)/C (N + C m)/(2 m) + C m) / N.
 */

import { LONGEST, POLICY_DEFAULTS, type Policy } from '../../../../src/backoff/policy.ts';
import { exp, ln } from '../../../../src/backoff/portable.ts';
import { seconds } from '../../../../src/time.ts';
import { recoveryOf } from '../../../lab/metrics/recovery.ts';
import { runStorm } from '../../../lab/storm/kernel.ts';
import { REFERENCE_STORM } from '../../../lab/storm/storm.ts';
import { type Comparison, compare, exactly, meanFigure } from '../comparison.ts';
import type { Effort } from '../part.ts';
import { binomial } from './counts.ts';

const SECOND = 1_000_000;
const EULER = 0.5772156649015329;
/** How far the approximations were found to be off where they were derived, as a share. */
const APPROXIMATE = 0.01;

/** Means in seconds. */
const MEANS = [1, 2, 5, 10, 20];

export const memoryless = (effort: Effort): readonly Comparison[] =>
  MEANS.filter((m) => !effort.isShort || m === 5).flatMap((m) => cell(m, effort));

function cell(m: number, { seed, replications }: Effort): readonly Comparison[] {
  const storm = REFERENCE_STORM;
  const { clients: n, capacity } = storm;
  const c = (capacity * storm.window) / SECOND;
  const policy: Policy = {
    ...POLICY_DEFAULTS,
    delay: { kind: 'constant', base: seconds(m) },
    jitter: { kind: 'exponential' },
    cap: LONGEST,
  };
  const ranks = { p50: n / 2, p90: (9 * n) / 10, p99: (99 * n) / 100, last: n };
  const expected = chain(n, c, 1 - exp(-storm.window / SECOND / m), Object.values(ranks));
  const windows = Object.keys(ranks).map(() => new Float64Array(replications));
  const [t99, t100, during, dials, excess] = [0, 0, 0, 0, 0].map(() => new Float64Array(replications)) as Samples;
  for (let replication = 0; replication < replications; replication++) {
    const run = runStorm(storm, policy, { seed: `${seed}/${m}`, replication });
    const { sortedWaits } = recoveryOf(run);
    const mean = sortedWaits.reduce((sum, wait) => sum + wait, 0) / n / SECOND;
    for (const [index, rank] of Object.values(ranks).entries())
      windows[index]![replication] = Math.floor(sortedWaits[rank - 1]! / storm.window);
    t99[replication] = sortedWaits[ranks.p99 - 1]! / SECOND;
    t100[replication] = sortedWaits[n - 1]! / SECOND;
    during[replication] = run.attemptsDuring.reduce((sum, count) => sum + count, 0) / n;
    dials[replication] = run.attemptsAfter.reduce((sum, count) => sum + count, 0) / n;
    excess[replication] = dials[replication]! - mean / m;
  }
  const title = `memoryless polls, mean ${m} s`;
  const outage = storm.outages[0]!.lasts / SECOND;
  const full = (n - capacity * m) / capacity;
  const near = (figure: string, value: number, sample: Float64Array): Comparison =>
    compare(title, figure, exactly(value), meanFigure(sample), APPROXIMATE * value);
  return [
    ...Object.keys(ranks).map((name, index) =>
      compare(title, `window of ${name} (chain)`, exactly(expected[index]!.mean), {
        ...meanFigure(windows[index]!),
        // The chain knows the luck of a window, too: a sample may show less of it than there is.
        error: expected[index]!.deviation / Math.sqrt(replications),
        df: Number.POSITIVE_INFINITY,
      }),
    ),
    compare(title, 'dials a client in the outage, D/m', exactly(outage / m), meanFigure(during)),
    // Whoever waits dials at a rate of 1/m, so dials and waits are one expectation.
    compare(title, 'dials a client since, less mean recovery / m', exactly(0), meanFigure(excess)),
    near('recovery of all (approximate), s', full + m * (ln(capacity * m) + EULER), t100),
    near('recovery of 99 % (approximate), s', full + m * ln((capacity * m) / (0.01 * n)), t99),
    near('dials since (approximate)', ((full * (n + capacity * m)) / (2 * m) + capacity * m) / n, dials),
  ];
}

type Samples = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

/** The number of the window (from 0) in which each rank is admitted. */
function chain(n: number, c: number, p: number, ranks: readonly number[]): Moments[] {
  const leaves = new Map<number, Float64Array>();
  const leavesOf = (pending: number): Float64Array => {
    let found = leaves.get(pending);
    if (found === undefined) {
      found = binomial(pending, p, c);
      let below = 0;
      for (let k = 0; k < c; k++) below += found[k]!;
      found[c] = Math.max(0, 1 - below);
      leaves.set(pending, found);
    }
    return found;
  };
  const means = ranks.map(() => 0);
  const squares = ranks.map(() => 0);
  let likely = new Float64Array(n + 1);
  let [least, most] = [n, n];
  likely[n] = 1;
  for (let window = 0; most > 0; window++) {
    // Before this window a rank is still out while more are pending than come behind it.
    for (const [index, rank] of ranks.entries()) {
      let out = 0;
      for (let pending = Math.max(least, n - rank + 1); pending <= most; pending++) out += likely[pending]!;
      if (window === 0) continue;
      // Moments of a count from its tails: P(number >= window) is out.
      means[index]! += out;
      squares[index]! += (2 * window - 1) * out;
    }
    const next = new Float64Array(n + 1);
    for (let pending = least; pending <= most; pending++) {
      const weight = likely[pending]!;
      if (weight === 0) continue;
      const left = leavesOf(pending);
      for (let k = 0; k <= Math.min(c, pending); k++) next[pending - k]! += weight * left[k]!;
    }
    likely = next;
    least = Math.max(0, least - c);
    while (most > 0 && likely[most]! < 1e-15) most--;
    while (least < most && likely[least]! < 1e-15) least++;
  }
  return means.map((mean, index) => ({ mean, deviation: Math.sqrt(Math.max(0, squares[index]! - mean * mean)) }));
}
