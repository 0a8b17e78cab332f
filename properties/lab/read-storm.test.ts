/** A storm is read as people write it, and whatever is wrong with it is said in one line, part by part. */
import { expect, test } from 'vitest';
import { readStorm } from '../../sim/lab/storm/read.ts';
import { REFERENCE_STORM } from '../../sim/lab/storm/storm.ts';
import { ms, seconds, ZERO } from '../../src/time.ts';

const GIVEN = { clients: '10000', capacity: '500', outage: '60s' };

const problems = (parts: Readonly<Record<string, unknown>>): readonly string[] => {
  const read = readStorm(parts);
  return read.ok ? [] : read.problems.map(({ name, problem }) => `${name}: ${problem}`);
};

test('three parts are a storm', () => {
  const read = readStorm(GIVEN);
  expect(read).toEqual({ ok: true, storm: { ...REFERENCE_STORM, horizon: seconds(660) } });
});

test('every part is read', () => {
  const read = readStorm({
    ...{ clients: 2000, capacity: 50, window: '1s', refusalCost: '2.5%', retryAfter: '0s..10s', refuses: 'close' },
    ...{ queue: '1_000', dialTimeout: '5s', rtt: '20ms..80ms', horizon: '1h' },
    outage: '60s,drops=50%,silent + 30s@3m,remains=1/4,noticed=0s..30s',
  });
  const none = { least: ZERO, most: ZERO };
  expect(read).toEqual({
    ok: true,
    storm: {
      ...{ clients: 2000, capacity: 50, window: seconds(1), refusalCost: { num: 1, of: 40 }, refuses: 'close' },
      retryAfter: { kind: 'uniform', least: ZERO, most: seconds(10) },
      ...{ queue: { length: 1000 }, dialTimeout: seconds(5), roundTrip: { least: ms(20), most: ms(80) } },
      horizon: seconds(3600),
      outages: [
        {
          at: ZERO,
          lasts: seconds(60),
          drops: { num: 1, of: 2 },
          remains: { num: 0, of: 1 },
          dials: 'silent',
          noticed: none,
        },
        {
          ...{ at: seconds(180), lasts: seconds(30), drops: { num: 1, of: 1 }, remains: { num: 1, of: 4 } },
          ...{ dials: 'refused', noticed: { least: ZERO, most: seconds(30) } },
        },
      ],
    },
  });
});

test.each<[parts: Readonly<Record<string, unknown>>, line: string]>([
  [{ clients: '-5' }, 'clients: expected a whole number from 1 to 10000000, got "-5"'],
  [{ clients: Number.NaN }, 'clients: expected a whole number from 1 to 10000000, got null'],
  [{ clients: '1e3' }, 'clients: expected a whole number from 1 to 10000000, got "1e3"'],
  [{ capacity: '0' }, 'capacity: expected a whole number of admissions a second from 1 to 10000000, got "0"'],
  [{ outage: '0s' }, 'outage: expected a length such as 60s or 30s@3m, more than 0, got "0s"'],
  [{ outage: '-60s' }, 'outage: expected a length such as 60s or 30s@3m, more than 0, got "-60s"'],
  [{ outage: '60s@1s' }, 'outage: expected the first outage at 0s, got "60s@1s"'],
  [
    { outage: '60s + 5s@60s' },
    'outage: expected the next outage later than 1m, when the one before it ends, got "5s@60s"',
  ],
  [
    { outage: '60s,drops=0' },
    'outage: expected drops=50% (more than none), remains=25% (less than all), silent or noticed=0s..30s, got "drops=0"',
  ],
  [{ horizon: '30s' }, 'horizon: expected more than 1m, when the last outage ends, got "30s"'],
  [{ refusalCost: '101%' }, 'refusalCost: expected a share from 0 to 1 such as 0.05 or 5%, got "101%"'],
  [{ refusalCost: '-1' }, 'refusalCost: expected a share from 0 to 1 such as 0.05 or 5%, got "-1"'],
  [{ retryAfter: '5s..1s' }, 'retryAfter: expected none, slot, 5s or 0s..10s, got "5s..1s"'],
  [{ queue: '0' }, 'queue: expected none, or a whole number from 1 to 1000000000, got "0"'],
  [{ window: '0s' }, 'window: expected a duration from 1ms to 1m such as 100ms, got "0s"'],
  [{ clients: undefined }, 'clients: is missing: expected a whole number from 1 to 10000000'],
])('%o is refused', (parts, line) => {
  expect(problems({ ...GIVEN, ...parts })).toEqual([line]);
});

test('every wrong part is named at once', () => {
  const all = problems({ ...GIVEN, clients: 'many', capacity: '', rtt: '1d' });
  expect(all.map((line) => line.split(':')[0])).toEqual(['clients', 'capacity', 'rtt']);
});
