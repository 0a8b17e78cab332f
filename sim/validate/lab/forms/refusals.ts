/**
 * What refusals cost: each takes a share eps of one admission, so at lambda dials a second, more than the capacity C,
 *   goodput = (C - eps lambda) / (1 - eps),
 * nothing at all from lambda = C/eps on. N clients that poll with mean m dial N/m times a second at first, so nobody comes
 * back if and only if N/m >= C/eps. Below that, with x = C m/eps - n for n pending clients, x grows exponentially,
 *   t = ln(x / x0) (1 - eps) m / eps.
 */

import { LONGEST, POLICY_DEFAULTS, type Policy } from '../../../../src/backoff/policy.ts';
import { ln } from '../../../../src/backoff/portable.ts';
import { seconds } from '../../../../src/time.ts';
import { quantile, recoveryOf } from '../../../lab/metrics/recovery.ts';
import { runStorm } from '../../../lab/storm/kernel.ts';
import type { StormRun } from '../../../lab/storm/run.ts';
import { REFERENCE_STORM, type Storm } from '../../../lab/storm/storm.ts';
import { type Comparison, compare, exactly, meanFigure } from '../comparison.ts';
import type { Effort } from '../part.ts';

const SECOND = 1_000_000;
const WINDOW_S = 0.1;
/** Mean poll in seconds: 10,000 clients dial 10,000 times a second, and 500 are admitted. */
const M = 1;
/** Of 1,000: the herd is below C/eps = 500/eps for those below 50. */
const COSTS = [10, 20, 40, 45, 55, 100];

/** One on each side of the collapse. */
const SHORT = [40, 55];

export function refusals({ seed, replications, isShort }: Effort): readonly Comparison[] {
  return (isShort ? SHORT : COSTS).flatMap((cost) => cell(cost, seed, Math.max(2, Math.ceil(replications / 5))));
}

function cell(cost: number, seed: string, replications: number): readonly Comparison[] {
  const storm: Storm = {
    ...REFERENCE_STORM,
    outages: [{ ...REFERENCE_STORM.outages[0]!, lasts: seconds(10) }],
    refusalCost: { num: cost, of: 1000 },
    horizon: seconds(60),
  };
  const policy: Policy = {
    ...POLICY_DEFAULTS,
    delay: { kind: 'constant', base: seconds(M) },
    jitter: { kind: 'exponential' },
    cap: LONGEST,
  };
  const { clients: n, capacity } = storm;
  const eps = cost / 1000;
  const title = `a refusal costs ${eps} of an admission`;
  const runs = Array.from({ length: replications }, (_, replication) =>
    runStorm(storm, policy, { seed: `${seed}/${cost}`, replication }),
  );
  if (n / M >= capacity / eps) {
    // The first window begins without debts; all that comes later finds none left.
    const admitted = runs.map(({ recoveredAt }) => recoveredAt.reduce((sum, at) => sum + (at >= 0 ? 1 : 0), 0));
    return [compare(title, 'admitted in all (collapse)', exactly(capacity * WINDOW_S), meanFigure(admitted))];
  }
  // The first window has no debts either: C w clients are in after it, and the rest follows the formula.
  const x = (pending: number): number => (capacity * M) / eps - pending;
  const half = WINDOW_S + (ln(x(n / 2) / x(n - capacity * WINDOW_S)) * (1 - eps) * M) / eps;
  return [
    compare(
      title,
      'recovery of 50 %, s',
      exactly(half),
      meanFigure(runs.map((run) => quantile(recoveryOf(run).sortedWaits, 1, 2) / SECOND)),
      // Time is counted in windows.
      WINDOW_S,
    ),
    compare(
      title,
      'admitted, less what the dials before leave',
      exactly(0),
      meanFigure(runs.map((run) => unexplained(run, eps, half))),
      // A fraction of an admission is carried along.
      1,
    ),
  ];
}

/**
 * Admissions over the time in which at least half of the clients are out, one window after the other: each has its C w, less
 * what the refusals of the window before it cost. With a constant lambda that is the formula above.
 */
function unexplained(
  { storm, arrivals, admissions, binWidth, binsFrom }: StormRun,
  eps: number,
  until: number,
): number {
  const bins = (WINDOW_S * SECOND) / binWidth;
  const first = Math.round((storm.outages[0]!.lasts - binsFrom) / binWidth);
  const windows = Math.floor(until / WINDOW_S) - 1;
  const sum = (counts: Uint32Array, from: number): number =>
    counts.subarray(first + from * bins, first + (from + windows) * bins).reduce((all, count) => all + count, 0);
  const refused = sum(arrivals, 0) - sum(admissions, 0);
  return sum(admissions, 1) - (storm.capacity * windows * WINDOW_S - eps * refused);
}
