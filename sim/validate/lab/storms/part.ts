/**
 * The lean kernel beside an independent simulation of reconnect storms: 10,000 clients, 500 admissions a second, an outage of
 * a minute, counted out in windows of 100 ms and of a second.
 */
import { ms } from '../../../../src/time.ts';
import { metricNamed } from '../../../lab/metrics/catalogue.ts';
import { runStorm } from '../../../lab/storm/kernel.ts';
import { REFERENCE_STORM, type Storm } from '../../../lab/storm/storm.ts';
import { type Comparison, compare, meanFigure, meanOfTheirs, printed } from '../comparison.ts';
import type { Effort, Part } from '../part.ts';
import { number, type Row, table } from '../reference.ts';
import { POLICIES } from './policies.ts';

/** Columns of the reference, each with its metric here (`{window}` stands for that of the row) and the step it is printed in. */
const COLUMNS: readonly (readonly [column: string, metric: string, unit: number])[] = [
  ['attempts_during', 'attempts_during', 0.001],
  ['attempts_after', 'attempts_after', 0.001],
  ['gave_up', 'gave_up', 1],
  ['recovery_p50', 'recovery_p50', 0.001],
  ['recovery_p90', 'recovery_p90', 0.001],
  ['recovery_p99', 'recovery_p99', 0.001],
  ['recovery_p999', 'recovery_p999', 0.001],
  ['recovery_max', 'recovery_max', 0.001],
  ['peak_arrivals', 'peak_arrivals_{window}', 0.01],
  ['peak_arrivals_run', 'peak_arrivals_run_{window}', 0.01],
];

/** Cells that a test of seconds repeats. */
const SHORT = ['full-jitter 100', 'socket.io 1000', 'signalr 100', 'poll-reserved-slot 100'];

export const storms: Part = {
  name: 'storms',
  about:
    '10,000 clients after an outage of 60 s, 500 admissions a second (an independent simulation), thirteen policies',
  run: (effort) =>
    table('storm')
      .filter((row) => !effort.isShort || SHORT.includes(`${row.policy} ${row.window_ms}`))
      .flatMap((row) => cell(row, effort)),
};

function cell(row: Row, effort: Effort): readonly Comparison[] {
  const { seed, planted } = effort;
  // The reference ran a policy without any luck twice; once says as much.
  const replications = number(row, 'replications') === 2 ? 1 : Math.max(2, Math.ceil(effort.replications / 2));
  const window = number(row, 'window_ms');
  const setting = POLICIES[row.policy ?? ''];
  if (setting === undefined) throw new Error(`hangup bug: nothing is known of the policy ${row.policy}`);
  const plain: Storm = { ...REFERENCE_STORM, window: ms(window), ...setting.storm };
  const storm = planted?.storm?.(plain) ?? plain;
  const policy = planted?.policy?.(setting.policy) ?? setting.policy;
  const metrics = COLUMNS.map(
    ([, name]) => metricNamed(name.replace('{window}', window === 1000 ? '1s' : `${window}ms`))!,
  );
  const samples = metrics.map(() => new Float64Array(replications));
  for (let replication = 0; replication < replications; replication++) {
    const run = runStorm(storm, policy, { seed: `${seed}/${window}`, replication });
    for (const [index, metric] of metrics.entries()) samples[index]![replication] = metric.of(run);
  }
  return COLUMNS.flatMap(([column, , unit], index) => {
    const value = number(row, column);
    const ours = meanFigure(samples[index]!);
    // Nobody came back: both have no figure.
    if (Number.isNaN(value) && Number.isNaN(ours.value)) return [];
    // It gives an interval for the recovery of the last client only.
    const theirs = meanOfTheirs(value, number(row, 'replications'), ours, replications);
    const title = `${row.policy}, ${window} ms`;
    return [compare(title, column, printed(theirs, unit), ours)];
  });
}
