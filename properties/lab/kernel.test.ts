/** The lean kernel says of any storm what the plain one says, event by event, and keeps the laws of conservation. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runStorm } from '../../sim/lab/storm/kernel.ts';
import type { StormRun } from '../../sim/lab/storm/run.ts';
import type { Outage, RetryAfter, Storm } from '../../sim/lab/storm/storm.ts';
import { policies } from '../../sim/testing/arbitraries/policies.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { at, type Duration, ms, seconds, us } from '../../src/time.ts';
import { plainStorm } from './plain-storm.ts';

const upTo = (most: number): fc.Arbitrary<Duration> => fc.integer({ min: 0, max: most }).map(us);
const range = (most: number) =>
  fc.tuple(upTo(most), upTo(most)).map(([a, b]) => ({ least: us(Math.min(a, b)), most: us(Math.max(a, b)) }));
const none = { least: us(0), most: us(0) };

const outage = fc.record({
  gap: fc.integer({ min: 1, max: 8_000_000 }),
  lasts: fc.oneof(fc.integer({ min: 1, max: 5_000_000 }), fc.constantFrom(1_000_000, 3_000_000)).map(us),
  drops: fc.constantFrom({ num: 1, of: 1 }, { num: 1, of: 1 }, { num: 1, of: 2 }, { num: 9, of: 10 }),
  remains: fc.constantFrom({ num: 0, of: 1 }, { num: 0, of: 1 }, { num: 1, of: 2 }, { num: 1, of: 7 }),
  dials: fc.constantFrom('refused' as const, 'silent' as const),
  noticed: fc.oneof(fc.constant(none), range(3_000_000)),
});

const retryAfter: fc.Arbitrary<RetryAfter> = fc.oneof(
  fc.constant<RetryAfter>({ kind: 'none' }),
  fc.constant<RetryAfter>({ kind: 'slot' }),
  upTo(3_000_000).map((after): RetryAfter => ({ kind: 'fixed', after })),
  range(3_000_000).map((ends): RetryAfter => ({ kind: 'uniform', ...ends })),
);

/** Small storms with everything that a storm may have. */
const storm: fc.Arbitrary<Storm> = fc
  .record({
    clients: fc.integer({ min: 1, max: 14 }),
    capacity: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 100 })),
    window: fc.oneof(fc.constantFrom(ms(100), ms(1000), ms(1)), fc.integer({ min: 1000, max: 2_000_000 }).map(us)),
    list: fc.array(outage, { minLength: 1, maxLength: 3 }),
    refusalCost: fc.constantFrom({ num: 0, of: 1 }, { num: 1, of: 20 }, { num: 1, of: 3 }, { num: 1, of: 1 }),
    retryAfter,
    refuses: fc.constantFrom('http' as const, 'close' as const),
    queue: fc.oneof(fc.constant(null), fc.record({ length: fc.integer({ min: 1, max: 12 }) })),
    dialTimeout: fc.constantFrom(ms(50), ms(1000), seconds(3)),
    roundTrip: fc.oneof(fc.constant(none), range(200_000)),
    behind: fc.integer({ min: 1, max: 20_000_000 }),
  })
  .map(({ list, behind, ...rest }) => {
    let end = 0;
    const outages = list.map(({ gap, ...each }, index): Outage => {
      const begins = index === 0 ? 0 : end + gap;
      end = begins + each.lasts;
      return { at: at(begins), ...each };
    });
    return { ...rest, outages, horizon: us(end + behind) };
  });

const POLLS: Policy = {
  ...PRESETS.constant.policy,
  ...{ first: { least: us(0), most: seconds(1) }, retryAfter: 'exact' },
};

const policy: fc.Arbitrary<Policy> = fc.oneof(
  policies({ longest: seconds(4), givesUp: true }),
  fc.constantFrom(...Object.values(PRESETS).map(({ policy: of }) => of as Policy)),
  fc.constant(POLLS),
);

/** A run, or null if the policy never waits. */
function ran(of: Storm, by: Policy, seed: string): StormRun | null {
  try {
    return runStorm(of, by, { seed, replication: 0 });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What must be the same. Policies that hardly wait would make a plain storm long. */
const DIALS_MOST = 800;

const sum = (of: Iterable<number>): number => [...of].reduce((total, each) => total + each, 0);

describe('a storm of any kind under any policy', () => {
  test('goes as the plain storm goes', () => {
    let compared = 0;
    fc.assert(
      fc.property(storm, policy, fc.string(), (of, by, seed) => {
        const run = ran(of, by, seed);
        if (run === null || run.outcomes.dials > DIALS_MOST) return;
        compared++;
        const plain = plainStorm(of, by, seed, 0);
        const { dials, down, refused, admitted, timedOut, inVain } = run.outcomes;
        expect({
          droppedAt: [...run.droppedAt],
          recoveredAt: [...run.recoveredAt],
          attemptsDuring: [...run.attemptsDuring],
          attemptsAfter: [...run.attemptsAfter],
          gaveUp: [...run.gaveUp],
          outcomes: { dials, down, refused, admitted, timedOut, inVain },
          arrivals: sum(run.arrivals),
          admissions: sum(run.admissions),
        }).toEqual(plain);
      }),
      { numRuns: 120 },
    );
    expect(compared).toBeGreaterThan(60);
  });
});
