/**
 * Published packages as they were executed: every delay that they waited lies in the envelope of our preset, and where a
 * preset claims to draw as they do, it waits exactly as long for the same draw.
 */
import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { expect, test } from 'vitest';
import { freshMemory, nextDelay } from '../../src/backoff/delay.ts';
import { envelope, retriesMost } from '../../src/backoff/envelope.ts';
import { LONGEST, POLICY_DEFAULTS, type Policy } from '../../src/backoff/policy.ts';
import { PRESETS, type PresetName } from '../../src/backoff/presets.ts';
import type { PUBLISHED } from '../../src/backoff/published.ts';
import { minutes, ms, seconds, ZERO } from '../../src/time.ts';
import { draw, UINT32_MAX, waits } from '../arbitraries/retries.ts';
import golden from '../fixtures/golden-delays.json' with { type: 'json' };

const calm = { retryAfter: null, elapsed: ZERO };

/** A published package as it was executed, or the formula of its source: see the note in the fixture. */
interface Golden {
  readonly preset: PresetName;
  readonly source: string;
  readonly tolerance_us?: number;
  readonly without?: readonly (keyof typeof POLICY_DEFAULTS)[];
  readonly delays_ms: Readonly<Record<string, readonly (number | null)[]>>;
}
const published = (golden as { policies: unknown }).policies as readonly Golden[];

/** The preset, and of the knobs that were no part of what was executed the defaults. */
const executed = ({ preset, without = [] }: Golden): Policy => ({
  ...PRESETS[preset].policy,
  ...Object.fromEntries(without.map((knob) => [knob, POLICY_DEFAULTS[knob]])),
});
const pinned = (u: string): number => Math.trunc(Number(u) * (UINT32_MAX + 1));

test.each(published)('the envelope of $preset permits every delay of $source', (of) => {
  for (const delays of Object.values(of.delays_ms)) {
    let previous = ZERO;
    for (const [n, delay] of delays.entries()) {
      if (delay === null) break;
      const bound = envelope(executed(of), n, previous);
      expect(delay * 1000).toBeGreaterThanOrEqual(bound.least - (of.tolerance_us ?? 0));
      expect(delay * 1000).toBeLessThanOrEqual(bound.most + (of.tolerance_us ?? 0));
      previous = ms(delay);
    }
  }
});

test.each(published)('$preset waits exactly as long as $source does for the same draw', (of) => {
  for (const [u, delays] of Object.entries(of.delays_ms)) {
    let memory = freshMemory();
    for (const delay of delays) {
      const result = nextDelay(executed(of), memory, pinned(u), calm);
      expect('stop' in result).toBe(delay === null);
      if ('stop' in result || delay === null) break;
      expect(Math.abs(result.delay - delay * 1000)).toBeLessThanOrEqual((of.tolerance_us ?? 0) + 0.001);
      memory = result.memory;
    }
  }
});

test('no preset is compared with a tolerance that a millisecond would show', () => {
  expect(Math.max(...published.map((of) => of.tolerance_us ?? 0))).toBeLessThan(50);
  expect(published.map(({ preset }) => preset)).toHaveLength(28);
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
 * where the failure is noted, and what that calls. The connection that was lost had stood for a minute, which whoever
 * measures from the dial has waited by then. grpc-js: a subchannel that loses READY goes IDLE, and connects when it is asked;
 * its backoff runs from that dial on.
 */
const FIRST: Readonly<Record<keyof typeof PUBLISHED, readonly [least: number, most: number]>> = {
  'aws-none': [0, 0],
  'aws-exponential': [10, 10],
  'aws-full-jitter': [0, 10],
  'aws-equal-jitter': [5, 10],
  'aws-decorrelated': [5, 15],
  'aws-sdk': [0, 50],
  'aws-sdk-throttling': [0, 1000],
  // It has a token to begin with, but may wait for one.
  'aws-sdk-adaptive': [0, LONGEST / 1000],
  'socket.io': [550, 1500],
  signalr: [0, 0],
  phoenix: [10, 10],
  'phoenix-rejoin': [1000, 1000],
  supabase: [1000, 1000],
  'reconnecting-websocket': [1000, 5000],
  partysocket: [3000, 3000],
  'graphql-ws': [1300, 3999],
  centrifuge: [500, 1000],
  ably: [0, 0],
  nats: [0, 0],
  'nats-tls': [0, 0],
  mqtt: [1000, 1000],
  pusher: [1000, 1000],
  discord: [500, 500],
  'y-websocket': [200, 200],
  actioncable: [6000, 12_000],
  grpc: [0, 0],
  'grpc-spec': [0, 0],
  'grpc-call': [80, 120],
  'finagle-decorrelated': [5000, 5000],
  'finagle-equal': [5000, 5000],
  'finagle-exponential': [5000, 5000],
  'finagle-budget': [0, 0],
  'linkerd-budget': [0, 0],
  'sre-throttling': [1000, LONGEST / 1000],
  // 2 * tanh(2) * 128 / 1.4
  cockatiel: [0, 176.279],
  'cockatiel-none': [128, 128],
  'cockatiel-full': [0, 128],
  'cockatiel-half': [64, 128],
  polly: [0, 1377.18],
  retry: [1000, 1000],
  'retry-randomized': [1000, 2000],
  'p-retry': [1000, 1000],
  'p-retry-randomized': [1000, 2000],
  'exponential-backoff': [100, 100],
  'exponential-backoff-full': [0, 100],
  undici: [500, 500],
  'kubernetes-reflector': [800, 1600],
  'kubernetes-crash-loop': [0, 0],
  'tcp-syn': [0, 0],
  'tcp-syn-linear': [0, 0],
  ethernet: [0, 0.102],
};
test.each(Object.entries(FIRST))('%s begins an outage as its package does', (name, [least, most]) => {
  const { policy } = PRESETS[name as PresetName];
  const bound = envelope(policy, 0, ZERO, null, { sinceDial: minutes(1) });
  expect(bound.least / 1000).toBeCloseTo(least, 2);
  expect(bound.most / 1000).toBeCloseTo(most, 1);
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
    memory = next.memory;
  }
}

test('socket.io waits exactly its cap from the fifth retry, whatever the draw', () => {
  const fifth = { policy: PRESETS['socket.io'].policy, memory: { attempt: 4, previous: seconds(5) }, retryAfter: null };
  fc.assert(fc.property(draw, (u) => waits(nextDelay, { ...fifth, draw: u }).delay === seconds(5)));
});
