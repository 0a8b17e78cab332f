/** Metrics of a storm: each has a value or is NaN, whatever the storm; and what a few of them are, on runs written by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { METRICS, metricNamed } from '../../sim/lab/metrics/catalogue.ts';
import { recoveryOf } from '../../sim/lab/metrics/recovery.ts';
import { runStorm } from '../../sim/lab/storm/kernel.ts';
import type { StormRun } from '../../sim/lab/storm/run.ts';
import { REFERENCE_STORM, type Storm } from '../../sim/lab/storm/storm.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { at, ms, seconds } from '../../src/time.ts';

const SECOND = 1_000_000;
const value = (run: StormRun, name: string): number => metricNamed(name)!.of(run);

/** A storm of four clients on servers that take 2 a second, gone for 10 s. */
const STORM: Storm = {
  ...{ ...REFERENCE_STORM, clients: 4, capacity: 2, window: ms(1000), horizon: seconds(40) },
  outages: [{ ...REFERENCE_STORM.outages[0]!, lasts: seconds(10) }],
};

/** What is left of a run in which clients were back so many seconds behind the recovery; null: never. */
function runOf(waits: readonly (number | null)[], more: Partial<StormRun> = {}): StormRun {
  const bins = new Uint32Array(4000);
  for (const wait of waits) if (wait !== null) bins[1000 + Math.floor(wait * 100)]!++;
  return {
    storm: { ...STORM, clients: waits.length },
    droppedAt: Float64Array.from(waits, () => 0),
    recoveredAt: Float64Array.from(waits, (wait) => (wait === null ? -1 : (10 + wait) * SECOND)),
    attemptsDuring: Uint32Array.from(waits, (_, client) => client % 2),
    attemptsAfter: Uint32Array.from(waits, () => 1),
    gaveUp: new Uint8Array(waits.length),
    ...{ binWidth: 10_000, binsFrom: 0, arrivals: bins, admissions: bins, refusals: new Uint32Array(4000) },
    outcomes: {
      ...{ dials: 12, down: 2, refused: 6, admitted: 4, timedOut: 0, pending: 0, inVain: 0, wakeUps: 3 },
      offline: 3600 * SECOND,
    },
    ...{ events: 10, end: 14 * SECOND, ...more },
  };
}

describe('of runs written by hand', () => {
  const run = runOf([0, 0.5, 1, 2]);

  test.each([
    ['recovery_p50', 0.5],
    ['recovery_p90', 2],
    ['recovery_max', 2],
    // Two of four could be back within a second.
    ['recovery_p50_ratio', 0.5],
    ['recovery_max_ratio', 1],
    ['from_drop_p50', 10.5],
    ['attempts_during', 0.5],
    ['attempts_after', 1],
    ['not_recovered', 0],
    // One in 10 ms, of 0.02; two in a second, of two.
    ['peak_arrivals_10ms', 50],
    ['peak_arrivals_1s', 1],
    ['goodput', 2],
    ['utilisation', 1],
    ['metastable', 0],
    // (3.5)^2 / (4 * 5.25)
    ['fairness_jain', 12.25 / 21],
    // Those without a dial waited 0 and 1, the others 0.5 and 2: means of 0.5 and 1.25.
    ['fairness_jain_cohorts', 12.25 / (4 * (2 * 0.25 + 2 * 1.5625))],
    ['dials_per_client_hour', 12],
    ['wake_ups_per_client_hour', 3],
  ])('%s is %d', (name, expected) => {
    expect(value(run, name)).toBeCloseTo(expected, 9);
  });

  test('who never got back makes no quantile that needs it, and is counted', () => {
    const lost = runOf([0, 0.5, 1, null]);
    expect(value(lost, 'recovery_p50')).toBe(0.5);
    expect(value(lost, 'recovery_max')).toBe(Number.NaN);
    expect(value(lost, 'not_recovered')).toBe(1);
    // It still tries, so the span lasts as long as anybody looks: 30 s.
    expect(value(lost, 'goodput')).toBeCloseTo(0.1, 9);
    const patient = runOf([0, 0.5, 1, null], { gaveUp: Uint8Array.of(0, 0, 0, 1) });
    expect(value(patient, 'goodput')).toBeCloseTo(3, 9);
    expect([value(patient, 'gave_up'), value(patient, 'not_recovered')]).toEqual([1, 1]);
  });

  test('metastable is busy and in vain, not slow', () => {
    const tries = (perSecond: number): Uint32Array =>
      Uint32Array.from({ length: 4000 }, (_, bin) => (bin >= 1000 && bin % 100 === 0 ? perSecond : 0));
    const waits = [0, 0.5, null, null];
    expect(value(runOf(waits, { arrivals: tries(2) }), 'metastable')).toBe(1);
    expect(value(runOf(waits, { arrivals: tries(1) }), 'metastable')).toBe(0);
    expect(value(runOf([0, 0.5, 1, 2], { arrivals: tries(2) }), 'metastable')).toBe(0);
    // Back late, but at more than half of the rate: 20 clients in the last 15 s.
    const late = [...Array.from({ length: 20 }, (_, index) => 15.5 + index * 0.7), null];
    expect(value(runOf(late, { arrivals: tries(2) }), 'metastable')).toBe(0);
  });

  test('only the last outage is about recovery: who was back before and did not lose it is not affected', () => {
    const twice = runOf([0, 1, 2, 3], {
      storm: {
        ...STORM,
        outages: [
          { ...STORM.outages[0]!, lasts: seconds(1) },
          { ...STORM.outages[0]!, at: at(8 * SECOND), lasts: seconds(2), drops: { num: 1, of: 2 } },
        ],
      },
      droppedAt: Float64Array.of(0, 8 * SECOND, 8 * SECOND, -1),
      recoveredAt: Float64Array.of(3 * SECOND, 11 * SECOND, 12 * SECOND, -1),
    });
    expect(recoveryOf(twice).affected).toBe(2);
    expect(value(twice, 'recovery_max')).toBe(2);
    expect(value(twice, 'from_drop_max')).toBe(4);
    expect(value(twice, 'recovery_max_ratio')).toBe(2);
    expect(value(twice, 'attempts_after')).toBe(1);
  });
});

test('names say what they are, and no two are alike', () => {
  expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
  for (const { name, states } of METRICS) {
    expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
    expect(states.length).toBeGreaterThan(10);
  }
});

test('a metric is a number that makes sense, or NaN, in brown-outs, partial and repeated outages', () => {
  const outage = REFERENCE_STORM.outages[0]!;
  const second = { ...outage, at: at(90 * SECOND), lasts: seconds(30) };
  const lists: readonly Storm['outages'][] = [
    [outage],
    [{ ...outage, drops: { num: 1, of: 100 } }],
    [{ ...outage, drops: { num: 1, of: 2 }, remains: { num: 1, of: 2 } }],
    [outage, { ...second, drops: { num: 1, of: 10 } }],
    [
      { ...outage, remains: { num: 9, of: 10 } },
      { ...second, remains: { num: 1, of: 3 }, dials: 'silent' },
    ],
  ];
  const policies = fc.constantFrom(...(['full-jitter', 'signalr', 'mqtt', 'grpc', 'graphql-ws'] as const));
  fc.assert(
    fc.property(
      fc.constantFrom(...lists),
      policies,
      fc.integer({ min: 1, max: 60 }),
      fc.nat(99),
      (outages, name, clients, replication) => {
        const storm = { ...REFERENCE_STORM, clients, capacity: 3, outages, horizon: seconds(200) };
        const run = runStorm(storm, PRESETS[name].policy, { seed: 'sense', replication });
        for (const { name: metric, unit, of } of METRICS) {
          const is = of(run);
          expect([metric, is >= 0 || Number.isNaN(is), is === Number.POSITIVE_INFINITY]).toEqual([metric, true, false]);
          if (unit === 'share') expect([metric, Number.isNaN(is) || is <= 1 + 1e-9]).toEqual([metric, true]);
        }
      },
    ),
    { numRuns: 60 },
  );
});
