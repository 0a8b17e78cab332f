/**
 * The lean kernel beside storms that somebody else has simulated: 10,000 clients, 500 admissions a second, an outage of a
 * minute. The figures here are those without luck; `npm run validate` compares the others, with their intervals.
 */
import { describe, expect, test } from 'vitest';
import { metricNamed } from '../../sim/lab/metrics/catalogue.ts';
import { runStorm } from '../../sim/lab/storm/kernel.ts';
import { REFERENCE_STORM, type Storm } from '../../sim/lab/storm/storm.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { PUBLISHED } from '../../src/backoff/published.ts';
import { ms } from '../../src/time.ts';

const measured = (storm: Storm, policy: Policy, names: readonly string[], replication = 0): number[] => {
  const run = runStorm(storm, policy, { seed: 'reference', replication });
  return names.map((name) => metricNamed(name)!.of(run));
};

describe('clients in step', () => {
  const storm = { ...REFERENCE_STORM, window: ms(1000) };
  test.each<[policy: string, of: Policy, during: number, p50: number, p99: number, most: number, peak: number]>([
    ['mqtt', PUBLISHED.mqtt.policy, 59, 9, 19, 19, 20],
    ['phoenix', PUBLISHED.phoenix.policy, 20, 49.26, 99.26, 99.26, 120],
  ])('%s: one window of them a period', (_, policy, during, p50, p99, most, peak) => {
    const names = ['attempts_during', 'attempts_after', 'recovery_p50', 'recovery_p99', 'recovery_max'];
    expect(measured(storm, policy, [...names, 'peak_arrivals_run_1s'])).toEqual([during, 10.5, p50, p99, most, peak]);
  });

  test('signalr has given up before the servers are back', () => {
    const names = ['attempts_during', 'attempts_after', 'gave_up', 'recovery_max'];
    expect(measured(storm, PUBLISHED.signalr.policy, names)).toEqual([4, 0, 10_000, Number.NaN]);
  });
});

test('full jitter takes half as long again as the servers need', () => {
  const [during, after, p99, peak] = measured(REFERENCE_STORM, PRESETS['full-jitter'].policy, [
    'attempts_during',
    'attempts_after',
    'recovery_p99_ratio',
    'peak_arrivals_100ms',
  ]);
  expect(during).toBeCloseTo(7.635, 1);
  expect(after).toBeCloseTo(1.09, 1);
  expect(p99).toBeGreaterThan(1.4);
  expect(p99).toBeLessThan(1.7);
  expect(peak).toBeGreaterThan(1.4);
  expect(peak).toBeLessThan(2);
});
