/**
 * Published packages as they were executed: every delay that they waited lies in the envelope of our preset, and where a
 * preset claims to draw as they do, it waits exactly as long for the same draw.
 */
import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { expect, test } from 'vitest';
import { advance, freshMemory, nextDelay } from '../../src/backoff/delay.ts';
import { envelope, retriesMost } from '../../src/backoff/envelope.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESETS, type PresetName } from '../../src/backoff/presets.ts';
import { PUBLISHED } from '../../src/backoff/published.ts';
import { ms, seconds, ZERO } from '../../src/time.ts';
import { draw, UINT32_MAX, waits } from '../arbitraries/retries.ts';
import golden from '../fixtures/golden-delays.json' with { type: 'json' };

const calm = { retryAfter: null, elapsed: ZERO };

/** A published package as it was executed, or two formulas of AWS: see the note in the fixture. */
interface Golden {
  readonly preset: PresetName;
  readonly source: string;
  readonly match: 'draws' | 'range';
  readonly tolerance_us?: number;
  readonly delays_ms: Readonly<Record<string, readonly (number | null)[]>>;
}
const published = (golden as { policies: unknown }).policies as readonly Golden[];
// The recorded sequences go on past the limit of retries, which those libraries keep elsewhere; and they are those of the
// backoff alone, which a retry that comes at once does not ask.
const unlimited = (name: PresetName): Policy => ({ ...PRESETS[name].policy, attemptsMax: null, atOnce: false });

test.each(published)(
  'the envelope of $preset permits every delay of $source',
  ({ preset, tolerance_us, delays_ms }) => {
    for (const delays of Object.values(delays_ms)) {
      let previous = ZERO;
      for (const [n, delay] of delays.entries()) {
        if (delay === null) break;
        const bound = envelope(unlimited(preset), n, previous);
        expect(delay * 1000).toBeGreaterThanOrEqual(bound.least - (tolerance_us ?? 0));
        expect(delay * 1000).toBeLessThanOrEqual(bound.most + (tolerance_us ?? 0));
        previous = ms(delay);
      }
    }
  },
);

const drawn = published.filter((of) => of.match === 'draws');
test.each(drawn)('$preset waits as $source does for the same draw', ({ preset, tolerance_us, delays_ms }) => {
  for (const [u, delays] of Object.entries(delays_ms)) {
    let memory = freshMemory();
    for (const delay of delays) {
      const result = nextDelay(unlimited(preset), memory, Math.trunc(Number(u) * (UINT32_MAX + 1)), calm);
      expect('stop' in result).toBe(delay === null);
      if ('stop' in result || delay === null) break;
      expect(Math.abs(result.delay - delay * 1000)).toBeLessThanOrEqual(tolerance_us ?? 0);
      memory = advance(memory, result.delay);
    }
  }
});

test('a published limit ends an outage where the library gave up', () => {
  const retries = (name: PresetName): number | null => retriesMost(PRESETS[name].policy);
  expect([retries('signalr'), retries('graphql-ws'), retries('aws-sdk'), retries('socket.io')]).toEqual([
    4,
    5,
    2,
    null,
  ]);
});

/**
 * The delay before the first dial of an outage in milliseconds, from its least to its most, by a reading of each package:
 * where the failure is noted, and what that calls. grpc-js: a subchannel that loses READY goes IDLE, and connects when it
 * is asked; its backoff runs from that dial on.
 */
const FIRST: readonly (readonly [name: PresetName, least: number, most: number])[] = [
  ['aws-none', 0, 0],
  ['aws-exponential', 10, 10],
  ['aws-full-jitter', 0, 10],
  ['aws-equal-jitter', 5, 10],
  ['aws-decorrelated', 5, 15],
  ['aws-sdk', 0, 50],
  ['aws-sdk-throttling', 0, 1000],
  ['socket.io', 500, 1500],
  ['grpc', 0, 0],
  ['grpc-spec', 0, 0],
  ['signalr', 0, 0],
  ['phoenix', 10, 10],
  ['supabase', 1000, 1000],
  ['reconnecting-websocket', 1000, 5000],
  ['partysocket', 3000, 3000],
  ['graphql-ws', 1300, 3999],
  ['centrifuge', 500, 1000],
  ['y-websocket', 200, 200],
  ['actioncable', 6000, 12_000],
  ['mqtt', 1000, 1000],
  ['kubernetes-reflector', 800, 1600],
];
test('each published policy begins an outage as its package does', () => {
  expect(FIRST.map(([name]) => name)).toEqual(Object.keys(PUBLISHED));
  for (const [name, least, most] of FIRST)
    expect([name, envelope(PRESETS[name].policy, 0, ZERO)]).toEqual([name, { least: ms(least), most: ms(most) }]);
});

/**
 * Dials of a client on average in an outage of a minute, as an independent simulation of each package counted them over
 * 20 repetitions of 10,000 clients.
 */
test.each<[name: PresetName, dials: number]>([
  ['mqtt', 59],
  ['full-jitter', 7.635],
  ['equal-jitter', 6.117],
  ['socket.io', 13.052],
  ['grpc', 8.274],
  ['reconnecting-websocket', 8.161],
  ['phoenix', 20],
  ['signalr', 4],
  ['centrifuge', 9.586],
])('a client of %s dials %d times in an outage of a minute', (name, dials) => {
  const counts = Array.from({ length: 4000 }, (_, client) => dialsWithin(PRESETS[name].policy, seconds(60), client));
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  // Five standard errors: chance exceeds them less than once in a million.
  expect(Math.abs(mean - dials)).toBeLessThanOrEqual(5 * Math.sqrt(variance / counts.length) + 0.0005);
});

function dialsWithin(policy: Policy, outage: number, seed: number): number {
  const luck = seedrandom(`dials ${seed}`);
  let memory = freshMemory();
  for (let at = 0; ; ) {
    const next = nextDelay(policy, memory, luck.int32() >>> 0, calm);
    if ('stop' in next || at + next.delay >= outage) return memory.attempt;
    at += next.delay;
    memory = advance(memory, next.delay);
  }
}

test('socket.io waits exactly its cap from the fifth retry, whatever the draw', () => {
  const fifth = { policy: PRESETS['socket.io'].policy, memory: { attempt: 4, previous: seconds(5) }, retryAfter: null };
  fc.assert(fc.property(draw, (u) => waits(nextDelay, { ...fifth, draw: u }).delay === seconds(5)));
});
