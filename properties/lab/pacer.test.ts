/** What makes a policy ready for many clients says what the policy says: to the microsecond, through losses and resets. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GIVES_UP, NO_HINT, type Pacer } from '../../sim/lab/storm/pace.ts';
import { pacerOf } from '../../sim/lab/storm/pacer.ts';
import { tableOf } from '../../sim/lab/storm/table.ts';
import { type BackoffMemory, freshMemory, nextDelay, recovered } from '../../src/backoff/delay.ts';
import { LONGEST, type Policy } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { at, type Duration, seconds, us } from '../../src/time.ts';
import { draw, policy, upTo } from '../arbitraries/retries.ts';

/** What happens to one client. */
const happening = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('fails' as const),
      draw,
      retryAfter: fc.option(fc.oneof(upTo(20_000_000), upTo(LONGEST)), { freq: 3 }),
      overloaded: fc.boolean(),
      took: fc.oneof(fc.constant(us(0)), upTo(30_000_000)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('connects' as const), uptime: upTo(20_000_000) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('opens' as const) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** The waits by a pacer, client 1 of three; the others are there to be left alone. */
function paced(pacer: Pacer, happenings: readonly Happening[]): readonly number[] {
  const waits: number[] = [];
  let [now, lostAt] = [0, 0];
  for (const happens of happenings) {
    if (happens.what === 'connects') {
      pacer.lost(1, now, happens.uptime);
      now += happens.uptime;
      lostAt = now;
    } else if (happens.what === 'opens') pacer.opened(1, now);
    else {
      now += happens.took;
      const hint = happens.retryAfter ?? NO_HINT;
      const wait = pacer.next(1, happens.draw, hint, now - lostAt, happens.overloaded, now, happens.took);
      waits.push(wait);
      if (wait === GIVES_UP) break;
      now += wait;
    }
  }
  return waits;
}

/** The same by the definition of a policy. */
function defined(of: Policy, happenings: readonly Happening[]): readonly number[] {
  const waits: number[] = [];
  let memory: BackoffMemory = freshMemory();
  let [now, lostAt] = [0, 0];
  for (const happens of happenings) {
    if (happens.what === 'connects') {
      if (happens.uptime >= of.stableAfter) memory = recovered(of, memory, at(now + of.stableAfter));
      now += happens.uptime;
      lostAt = now;
    } else if (happens.what === 'opens') {
      if (of.resetOn === 'open' && of.stableAfter === 0) memory = recovered(of, memory, at(now));
    } else {
      now += happens.took;
      const next = nextDelay(of, memory, happens.draw, {
        retryAfter: happens.retryAfter as Duration | null,
        elapsed: us(now - lostAt),
        refusal: happens.overloaded ? 'overloaded' : 'down',
        now: at(now),
        sinceDial: happens.took,
      });
      waits.push('stop' in next ? GIVES_UP : next.delay);
      if ('stop' in next) break;
      memory = next.memory;
      now += next.delay;
    }
  }
  return waits;
}

const happenings = fc.array(happening, { minLength: 1, maxLength: 40 });

describe('a pacer says what its policy says', () => {
  test('on random policies', () => {
    fc.assert(
      fc.property(policy, happenings, (of, all) => {
        expect(paced(pacerOf(of, 3), all)).toEqual(defined(of, all));
      }),
      { numRuns: 2000 },
    );
  });

  test.each(Object.entries(PRESETS))('on %s', (_, { policy: of }) => {
    fc.assert(
      fc.property(happenings, (all) => {
        expect(paced(pacerOf(of, 3), all)).toEqual(defined(of, all));
      }),
      { numRuns: 50 },
    );
  });

  test('also where it resets on open, and where hints are taken otherwise', () => {
    const knobs = fc.record({
      resetOn: fc.constantFrom('accepted' as const, 'open' as const, 'never' as const),
      stableAfter: fc.constantFrom(us(0), seconds(5)),
      retryAfter: fc.constantFrom('honour' as const, 'floor' as const, 'exact' as const, 'ignore' as const),
      measuredFrom: fc.constantFrom('failure' as const, 'dial' as const),
      atOnce: fc.boolean(),
    });
    fc.assert(
      fc.property(policy, knobs, happenings, (drawn, changed, all) => {
        const of = { ...drawn, ...changed };
        expect(paced(pacerOf(of, 3), all)).toEqual(defined(of, all));
      }),
      { numRuns: 1000 },
    );
  });
});

test('most published policies are tables', () => {
  const tables = Object.values(PRESETS).filter(({ policy: of }) => tableOf(of) !== null);
  expect(tables.length).toBeGreaterThan(Object.keys(PRESETS).length / 2);
});
