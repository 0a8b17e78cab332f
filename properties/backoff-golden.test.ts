/**
 * Published packages as they were executed: every delay that they waited lies in the envelope of our preset, and where a
 * preset claims to draw as they do, it waits exactly as long for the same draw.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, freshMemory, nextDelay } from '../src/backoff/delay.ts';
import { envelope, retriesMost } from '../src/backoff/envelope.ts';
import type { Policy } from '../src/backoff/policy.ts';
import { PRESETS, type PresetName } from '../src/backoff/presets.ts';
import { ms, seconds, ZERO } from '../src/time.ts';
import { draw, UINT32_MAX, waits } from './arbitraries/policies.ts';
import golden from './fixtures/golden-delays.json' with { type: 'json' };

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
// The recorded sequences go on past the limit of retries, which those libraries keep elsewhere.
const unlimited = (name: PresetName): Policy => ({ ...PRESETS[name].policy, attemptsMax: null });

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

test('socket.io waits exactly its cap from the fifth retry, whatever the draw', () => {
  const fifth = { policy: PRESETS['socket.io'].policy, memory: { attempt: 4, previous: seconds(5) }, retryAfter: null };
  fc.assert(fc.property(draw, (u) => waits(nextDelay, { ...fifth, draw: u }).delay === seconds(5)));
});
