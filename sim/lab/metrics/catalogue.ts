/** Every metric of the lab, in the order in which tables and files have them. */
import type { StormRun } from '../storm/run.ts';
import { dialsPerClientHour, wakeUpsPerClientHour } from './battery.ts';
import { jain, jainByCohort } from './fairness.ts';
import { goodput, metastable, peakArrivals, utilisation } from './load.ts';
import type { Metric } from './metric.ts';
import { quantile, recoveryOf } from './recovery.ts';

const SECOND = 1_000_000;

const QUANTILES = [
  ['p50', 1, 2, 'half'],
  ['p90', 9, 10, '90 %'],
  ['p99', 99, 100, '99 %'],
  ['p999', 999, 1000, '99.9 %'],
  ['max', 1, 1, 'all'],
] as const;

const recovery = QUANTILES.map(
  ([name, num, of, share]): Metric => ({
    name: `recovery_${name}`,
    unit: 's',
    better: 'less',
    states: `from the end of the last outage until ${share} of the clients that it left without a connection were back`,
    of: (run) => quantile(recoveryOf(run).sortedWaits, num, of) / SECOND,
  }),
);

const ratios = QUANTILES.map(
  ([name, num, of, share]): Metric => ({
    name: `recovery_${name}_ratio`,
    unit: 'ratio',
    better: 'less',
    states: `recovery_${name} over ${num === of ? '' : `${num / of} `}N/C, the least time in which the servers can admit ${share} of those that had to recover`,
    of(run) {
      const { sortedWaits, affected } = recoveryOf(run);
      return quantile(sortedWaits, num, of) / ((num / of) * (affected / run.storm.capacity) * SECOND);
    },
  }),
);

const fromDrop = QUANTILES.map(
  ([name, num, of, share]): Metric => ({
    name: `from_drop_${name}`,
    unit: 's',
    better: 'less',
    states: `from the loss of its own connection, ${share} of these clients were back within this time`,
    of: (run) => quantile(recoveryOf(run).sortedSinceDrop, num, of) / SECOND,
  }),
);

const PEAKS = [
  ['10ms', 10_000, '10 ms'],
  ['100ms', 100_000, '100 ms'],
  ['1s', 1_000_000, '1 s'],
] as const;

const peaks = PEAKS.flatMap(([name, width, text]): Metric[] => [
  {
    name: `peak_arrivals_${name}`,
    unit: 'ratio',
    better: 'less',
    states: `most dials in ${text} since the end of the last outage, over what the servers admit in that time`,
    of: (run) => peakArrivals(run, width, false),
  },
  {
    name: `peak_arrivals_run_${name}`,
    unit: 'ratio',
    better: 'less',
    states: `most dials in ${text} of the whole run, over what the servers admit in that time`,
    of: (run) => peakArrivals(run, width, true),
  },
]);

/** Dials a client that lost its connection at all. */
function attempts(run: StormRun, counts: Uint32Array): number {
  let sum = 0;
  let clients = 0;
  for (let client = 0; client < counts.length; client++) {
    if (run.droppedAt[client]! < 0) continue;
    sum += counts[client]!;
    clients++;
  }
  return clients === 0 ? Number.NaN : sum / clients;
}

const others: readonly Metric[] = [
  {
    name: 'attempts_during',
    unit: 'count',
    better: 'less',
    states: 'dials that began before the end of the last outage, a client that lost its connection',
    of: (run) => attempts(run, run.attemptsDuring),
  },
  {
    name: 'attempts_after',
    unit: 'count',
    better: 'less',
    states:
      'dials since the end of the last outage, the one that was admitted included, a client that lost its connection',
    of: (run) => attempts(run, run.attemptsAfter),
  },
  {
    name: 'gave_up',
    unit: 'count',
    better: 'less',
    states: 'clients whose policy gave up',
    of: (run) => run.gaveUp.reduce((sum, gone) => sum + gone, 0),
  },
  {
    name: 'not_recovered',
    unit: 'count',
    better: 'less',
    states: 'clients without a connection at the end of the run, those that gave up included',
    of: (run) => recoveryOf(run).waits.reduce((sum, wait) => sum + (wait === Number.POSITIVE_INFINITY ? 1 : 0), 0),
  },
];

const servers: readonly Metric[] = [
  {
    name: 'goodput',
    unit: 'per_second',
    better: 'more',
    states: 'clients that got back a second, from the end of the last outage until the last of them was back',
    of: goodput,
  },
  {
    name: 'utilisation',
    unit: 'share',
    better: null,
    states:
      'of the capacity in that time: what was spent, on clients that came back, on admissions in vain and on refusals',
    of: utilisation,
  },
  {
    name: 'metastable',
    unit: 'share',
    better: 'less',
    states:
      '1 if clients still try at the end, and in the second half of the time since the last outage more dials arrived than the servers can admit, who let in less than half of what they can',
    of: metastable,
  },
];

const people: readonly Metric[] = [
  {
    name: 'fairness_jain',
    unit: 'share',
    better: null,
    states:
      "Jain's index of the waits since the end of the last outage: 1 if all waited alike, 0.75 if they were served one by one",
    of: jain,
  },
  {
    name: 'fairness_jain_cohorts',
    unit: 'share',
    better: 'more',
    states:
      'the same of the mean waits of clients that dialled equally often during the outage: 1 if that made no difference',
    of: jainByCohort,
  },
  {
    name: 'dials_per_client_hour',
    unit: 'per_hour',
    better: 'less',
    states: 'dials a client in an hour without a connection',
    of: dialsPerClientHour,
  },
  {
    name: 'wake_ups_per_client_hour',
    unit: 'per_hour',
    better: 'less',
    states:
      'of these, dials for which a mobile client wakes its radio: more than 11.576 s (the tail of LTE) behind the one before',
    of: wakeUpsPerClientHour,
  },
];

export const METRICS: readonly Metric[] = [
  ...recovery,
  ...ratios,
  ...fromDrop,
  ...others,
  ...peaks,
  ...servers,
  ...people,
];

/** The metric of that name, or undefined. */
export const metricNamed = (name: string): Metric | undefined => METRICS.find((metric) => metric.name === name);
