/** One and two writers: a loop is four messages of N(10 ms, 2 ms), and of two who begin together one always loses once. */
import { PRESETS } from '../../../../src/backoff/presets.ts';
import { Luck } from '../../../lab/storm/luck.ts';
import { type Comparison, compare, exactly, meanFigure } from '../comparison.ts';
import { contest } from '../conflicts/contest.ts';
import type { Effort } from '../part.ts';

export function loops({ seed, replications }: Effort): readonly Comparison[] {
  const { policy } = PRESETS['aws-full-jitter'];
  const count = 20 * replications;
  const one = Array.from({ length: count }, (_, replication) => contest(1, policy, new Luck(seed, replication)));
  const two = Array.from({ length: count }, (_, replication) => contest(2, policy, new Luck(seed, replication)));
  const times = one.map(({ time }) => time / 1000);
  return [
    compare('one writer', 'writes', exactly(1), meanFigure(one.map(({ calls }) => calls))),
    compare('one writer', 'time, ms', exactly(40), meanFigure(times)),
    compare(
      'one writer',
      'variance of the time, ms2',
      exactly(16),
      meanFigure(times.map((time) => (time - 40) * (time - 40))),
    ),
    // Both have read before either writes: a chance of 1 - 3e-7 or so, of two messages against one.
    compare('two writers', 'writes', exactly(3), meanFigure(two.map(({ calls }) => calls)), 1e-3),
  ];
}
