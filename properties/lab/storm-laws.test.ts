/**
 * What is known of storms without a simulation: closed forms, conservation, what must not get worse, and what must not
 * change when the unit of measurement does.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricNamed } from '../../sim/lab/metrics/catalogue.ts';
import { recoveryOf } from '../../sim/lab/metrics/recovery.ts';
import { runStorm } from '../../sim/lab/storm/kernel.ts';
import type { StormRun } from '../../sim/lab/storm/run.ts';
import { REFERENCE_STORM, type Storm } from '../../sim/lab/storm/storm.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { type Duration, ms, seconds, us, ZERO } from '../../src/time.ts';

const metric = (run: StormRun, name: string): number => metricNamed(name)!.of(run);

/** A poll of a period, each client in a phase of its own. */
const poll = (period: Duration, knobs: Partial<Policy> = {}): Policy => ({
  ...PRESETS.constant.policy,
  ...{ delay: { kind: 'constant', base: period }, first: { least: ZERO, most: period }, retryAfter: 'exact', ...knobs },
});

/** Memoryless with this mean: the arrivals of those who are left are a Poisson stream. */
const memoryless = (mean: Duration): Policy => ({
  ...PRESETS.constant.policy,
  ...{ delay: { kind: 'constant', base: mean }, jitter: { kind: 'exponential' }, cap: us(1000 * mean), ceiling: mean },
});

/** The means of metrics over replications. */
function means(storm: Storm, policy: Policy, names: readonly string[], replications: number): readonly number[] {
  const sums = names.map(() => 0);
  for (let replication = 0; replication < replications; replication++) {
    const run = runStorm(storm, policy, { seed: 'laws', replication });
    names.forEach((name, index) => {
      sums[index]! += metric(run, name);
    });
  }
  return sums.map((sum) => sum / replications);
}

const mean = (storm: Storm, policy: Policy, name: string, replications: number): number =>
  means(storm, policy, [name], replications)[0]!;

/** A storm of this many for so long, refused at zero distance. */
const storm = (clients: number, capacity: number, more: Partial<Storm> = {}): Storm => ({
  ...{ ...REFERENCE_STORM, clients, capacity, ...more },
});

describe('closed forms', () => {
  // Memoryless clients that come at rho times the capacity: so long as hardly any of them has got in, a window of c
  // admissions meets a Poisson number of dials, and the share of it that is used is E[min(c, Poisson(rho c))] / c.
  test.each([
    [1, 0.6321],
    [5, 0.8245],
    [10, 0.8749],
    [50, 0.9437],
    [500, 0.9822],
  ])('slots of %i admissions, met by as many dials on average, are used by %f', (admissions, theta) => {
    const clients = 200_000;
    const capacity = 10 * admissions;
    // N / mean = capacity: as many dials as there is room for, for as long as nearly everybody is still out.
    const most = us((clients * 1_000_000) / capacity);
    const windows = Math.min(400, Math.floor(clients / 50 / admissions));
    const of = storm(clients, capacity, {
      outages: [{ ...REFERENCE_STORM.outages[0]!, lasts: ms(1) }],
      horizon: us(1000 + windows * 100_000),
    });
    const run = runStorm(of, memoryless(most), { seed: 'slots', replication: 0 });
    const got = run.outcomes.admitted / (windows * admissions);
    // The Poisson of a window deviates by sqrt(c), the rate falls by 1 % on the way.
    const deviation = 4 / Math.sqrt(windows * admissions);
    expect(Math.abs(got - theta)).toBeLessThan(deviation + 0.012);
  });

  test.each([
    [1, 25.79, 20.61, 10.03],
    [5, 57.01, 31.09, 2.13],
  ])('memoryless polls of mean %i s: all, 99 %% and dials', (m, all, p99, dials) => {
    // An outage of a millisecond will do: nobody remembers how long it was.
    const of = storm(10_000, 500, { outages: [{ ...REFERENCE_STORM.outages[0]!, lasts: ms(1) }] });
    const replications = 12;
    const names = ['recovery_max', 'recovery_p99', 'attempts_after'];
    const [last, most, after] = means(of, memoryless(seconds(m)), names, replications);
    // The last of exponential waits has a standard deviation of m pi / sqrt(6).
    expect(Math.abs(last! - all)).toBeLessThan((4 * m * 1.283) / Math.sqrt(replications));
    expect(most! / p99).toBeCloseTo(1, 1);
    expect(after! / dials).toBeCloseTo(1, 1);
  });

  test.each([
    [0, 500],
    [0.05, 447.37],
    [0.2, 250],
    [0.25, 166.67],
    [0.5, 0],
    [1, 0],
  ])('where refusals cost %f, what is left is (C - cost * lambda) / (1 - cost)', (cost, left) => {
    // 3,000 clients that poll every 2 s are 1,500 dials a second, 3 C, in the first second.
    const price = { num: cost * 100, of: 100 };
    const of = storm(3000, 500, { refusalCost: price, horizon: us(60_000_000 + 5 * 100_000) });
    const run = runStorm(of, poll(seconds(2)), { seed: 'cost', replication: 0 });
    // In five windows a few hundred clients leave, so that lambda falls a little on the way.
    const lambda = (run.outcomes.refused + run.outcomes.admitted) / 0.5;
    const expected = cost >= 1 ? 0 : Math.max(0, (500 - cost * lambda) / (1 - cost));
    // The first window owes nothing yet.
    const first = 50;
    expect(run.outcomes.admitted).toBeGreaterThanOrEqual(Math.min(first, 250));
    expect(Math.abs(run.outcomes.admitted - first - expected * 0.4)).toBeLessThan(0.12 * 250);
    expect(Math.abs(expected - left)).toBeLessThan(40);
  });

  test('a storm whose refusals cost all there is goes on for ever, and is called metastable', () => {
    // N / period = C / cost: 10,000 dials a second, each of which costs a twentieth of an admission.
    const of = storm(10_000, 500, { refusalCost: { num: 5, of: 100 }, horizon: seconds(160) });
    const run = runStorm(of, poll(ms(900)), { seed: 'collapse', replication: 0 });
    expect(metric(run, 'metastable')).toBe(1);
    expect(metric(run, 'goodput')).toBeLessThan(25);
    const slower = runStorm(of, poll(seconds(5)), { seed: 'collapse', replication: 0 });
    expect(metric(slower, 'metastable')).toBe(0);
    expect(metric(slower, 'not_recovered')).toBe(0);
  });

  test('a queue that is longer than a time-out serves in vain, and does so for ever', () => {
    // 2,000 clients wait for 1 s; in 1 s 100 are served. Whoever is served was there 20 s ago.
    const of = storm(2000, 100, { queue: { length: 100_000 }, dialTimeout: seconds(1), horizon: seconds(300) });
    const run = runStorm(of, poll(seconds(1)), { seed: 'queue', replication: 0 });
    expect(run.outcomes.inVain).toBeGreaterThan(20_000);
    expect(metric(run, 'metastable')).toBe(1);
    // One as long as half a second of service is served in time.
    const short = runStorm({ ...of, queue: { length: 50 } }, poll(seconds(1)), { seed: 'queue', replication: 0 });
    expect(short.outcomes.inVain).toBe(0);
    expect(metric(short, 'not_recovered')).toBe(0);
  });

  test('slots of the server bring everybody back as soon as can be, with two dials each', () => {
    const of = storm(10_000, 500, { retryAfter: { kind: 'slot' } });
    const run = runStorm(of, poll(seconds(5)), { seed: 'slot', replication: 0 });
    const figures = ['recovery_p50', 'recovery_p90', 'recovery_p99', 'recovery_max', 'attempts_after'];
    expect(figures.map((name) => metric(run, name))).toEqual([9.999, 17.999, 19.799, 19.999, 1.995]);
  });
});

/** Storms of a few hundred clients, to be looked at as a whole. */
const small = fc.record({
  clients: fc.integer({ min: 1, max: 300 }),
  capacity: fc.integer({ min: 1, max: 200 }),
  window: fc.constantFrom(ms(10), ms(100), ms(1000)),
  queue: fc.oneof(fc.constant(null), fc.record({ length: fc.integer({ min: 1, max: 100 }) })),
  refusalCost: fc.constantFrom({ num: 0, of: 1 }, { num: 1, of: 20 }),
  retryAfter: fc.constantFrom({ kind: 'none' as const }, { kind: 'slot' as const }),
  roundTrip: fc.constantFrom({ least: ZERO, most: ZERO }, { least: ms(20), most: ms(80) }),
});
const presets = Object.entries(PRESETS).filter(([name]) => name !== 'aws-none');
const anyPolicy = fc.constantFrom(...presets.map(([, { policy }]) => policy as Policy));

describe('in every storm', () => {
  test('dials are conserved, and no window admits more than it has', () => {
    fc.assert(
      fc.property(small, anyPolicy, fc.nat(1000), (parts, policy, replication) => {
        const of = storm(parts.clients, parts.capacity, { ...parts, horizon: seconds(200) });
        const run = runStorm(of, policy, { seed: 'conserved', replication });
        const { dials, down, refused, admitted, timedOut, pending, inVain } = run.outcomes;
        const sum = (counts: ArrayLike<number>): number => Array.from(counts).reduce((total, each) => total + each, 0);
        expect(down + refused + admitted + timedOut + pending).toBe(dials);
        expect(sum(run.attemptsDuring) + sum(run.attemptsAfter)).toBe(dials);
        expect(sum(run.admissions) - admitted - inVain).toBeLessThanOrEqual(pending);
        expect(sum(run.arrivals)).toBeLessThanOrEqual(dials);
        const { waits, stillTrying } = recoveryOf(run);
        const back = waits.filter((wait) => wait < Number.POSITIVE_INFINITY).length;
        expect(back + stillTrying + sum(run.gaveUp)).toBe(parts.clients);
        // Counted out from the end of the outage, to the nearest: until the end of any window, no more than its share.
        const first = Math.round((60_000_000 - run.binsFrom) / run.binWidth);
        const bins = parts.window / run.binWidth;
        let [most, above, so] = [0, Number.NEGATIVE_INFINITY, 0];
        for (let from = first; from < run.admissions.length; from += bins) {
          const here = sum(run.admissions.subarray(from, from + bins));
          so += here;
          const elapsed = ((from - first + bins) * run.binWidth) / 1_000_000;
          most = Math.max(most, here);
          above = Math.max(above, so - Math.floor(parts.capacity * elapsed + 0.5));
        }
        expect(most).toBeLessThanOrEqual(Math.ceil((parts.capacity * parts.window) / 1_000_000));
        expect(above).toBeLessThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });

  test('nobody is back sooner than the servers can take them', () => {
    fc.assert(
      fc.property(small, anyPolicy, fc.nat(1000), (parts, policy, replication) => {
        const run = runStorm(storm(parts.clients, parts.capacity, { ...parts, horizon: seconds(200) }), policy, {
          ...{ seed: 'bound', replication },
        });
        const { sortedWaits } = recoveryOf(run);
        const perWindow = Math.max(1, Math.ceil((parts.capacity * parts.window) / 1_000_000));
        const tooSoon = sortedWaits.findIndex(
          (wait, rank) => wait < (Math.ceil((rank + 1) / perWindow) - 1) * parts.window,
        );
        expect(tooSoon).toBe(-1);
      }),
      { numRuns: 60 },
    );
  });

  test('the same seed gives the same run, and another replication another one', () => {
    const policy = PRESETS['full-jitter'].policy;
    const of = (replication: number) => runStorm(REFERENCE_STORM, policy, { seed: 'same', replication });
    expect(of(3)).toEqual(of(3));
    expect(of(3).recoveredAt).not.toEqual(of(4).recoveredAt);
  });
});

describe('what must not get worse', () => {
  test.each(['full-jitter', 'equal-jitter', 'decorrelated-jitter'] as const)(
    '%s: more capacity, sooner back',
    (name) => {
      const { policy } = PRESETS[name];
      const waits = [100, 200, 400, 800].map((capacity) => mean(storm(2000, capacity), policy, 'recovery_p99', 5));
      expect(waits.toSorted((a, b) => b - a)).toEqual(waits);
    },
  );

  test('what refusals cost makes nobody faster', () => {
    const waits = [0, 2, 5, 10].map((num) =>
      mean(storm(2000, 100, { refusalCost: { num, of: 100 } }), poll(seconds(5)), 'recovery_p99', 3),
    );
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
  });
});

describe('what must not change', () => {
  test('ten times the clients on ten times the servers take as long', () => {
    const { policy } = PRESETS['full-jitter'];
    // Windows of hundreds, which random arrivals fill evenly enough either way.
    const few = mean(storm(4000, 200, { window: seconds(1) }), policy, 'recovery_p90', 10);
    const many = mean(storm(40_000, 2000, { window: seconds(1) }), policy, 'recovery_p90', 2);
    expect(many / few).toBeCloseTo(1, 1);
  });

  test('a storm in slow motion is the same storm: time is only a unit', () => {
    // Everything doubles but for the draw of a microsecond: waits of 2 s are even ones of 1 s and their neighbours.
    const policy = (factor: number): Policy => poll(us(factor * 5_000_000));
    const of = (factor: number): Storm =>
      storm(3000, 200 / factor, {
        window: ms(100 * factor),
        outages: [{ ...REFERENCE_STORM.outages[0]!, lasts: seconds(60 * factor) }],
        horizon: seconds(10_000 * factor),
      });
    const one = runStorm(of(1), policy(1), { seed: 'slow', replication: 0 });
    const two = runStorm(of(2), policy(2), { seed: 'slow', replication: 0 });
    expect(two.outcomes.dials / one.outcomes.dials).toBeCloseTo(1, 2);
    const [p99, slow] = [metric(one, 'recovery_p99'), metric(two, 'recovery_p99')];
    expect(slow / p99 / 2).toBeCloseTo(1, 2);
  });

  test('two policies that only differ later meet the same luck until then', () => {
    const base = PRESETS['full-jitter'].policy;
    const [one, other] = [seconds(30), seconds(20)].map((cap) => {
      const dials: string[] = [];
      const watch = (client: number, at: number): void => {
        // Caps of 30 s and 20 s part behind the fifth wait, of up to 16 s.
        if (at < 1_000_000) dials.push(`${client}@${at}`);
      };
      runStorm(storm(200, 50), { ...base, cap }, { seed: 'common', replication: 0, watch });
      return dials.sort();
    });
    expect(one!.length).toBeGreaterThan(100);
    expect(other).toEqual(one);
  });
});
