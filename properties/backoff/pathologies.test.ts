/** What goes wrong in published policies goes wrong under their presets: each pathology of the lab is a preset, or a knob. And the functions that some of them need. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Circumstances, freshMemory, nextDelay, recovered } from '../../src/backoff/delay.ts';
import { derived } from '../../src/backoff/draws.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { exp, ln, tanh } from '../../src/backoff/portable.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { at, ms, seconds, us, ZERO } from '../../src/time.ts';

/** The waits of clients whose draws spread evenly, at each retry; null for one that has given up. */
function waitsOf(policy: Policy, retries: number, told: Partial<Circumstances> = {}): (number | null)[][] {
  return Array.from({ length: 500 }, (_, client) => {
    let memory = freshMemory();
    let elapsed = 0;
    return Array.from({ length: retries }, (_, n) => {
      const draw = derived(client * 8_589_934, n + 1);
      const next = nextDelay(policy, memory, draw, {
        retryAfter: null,
        elapsed: us(elapsed),
        now: at(elapsed),
        ...told,
      });
      if ('stop' in next) return null;
      memory = next.memory;
      elapsed += next.delay;
      return next.delay;
    });
  });
}
const different = (waits: (number | null)[][], retry: number): number => new Set(waits.map((own) => own[retry])).size;

test('jitter before the cap dies out at it: all clients of socket.io wait the same from the fifth retry on', () => {
  const waits = waitsOf(PRESETS['socket.io'].policy, 8);
  expect([0, 4, 7].map((retry) => different(waits, retry))).toEqual([expect.any(Number), 1, 1]);
  expect(different(waits, 0)).toBeGreaterThan(200);
});

test('a comb leaves half of its range empty, and its mean is 2.5 % above the value', () => {
  const { policy } = PRESETS['socket.io'];
  const first = Array.from({ length: 100_000 }, (_, i) => {
    const next = nextDelay(policy, freshMemory(), derived(i, 1), { retryAfter: null, elapsed: ZERO });
    return 'stop' in next ? 0 : next.delay / 1000;
  });
  const empty = first.filter((delay) => delay > 1000 && Math.floor(delay / 50) % 2 === 0 && delay % 50 > 0);
  expect(empty).toEqual([]);
  expect(first.reduce((sum, delay) => sum + delay, 0) / first.length / 1000).toBeCloseTo(1.025, 2);
});

test('a timer that overflows fires at once: retry and exponential-backoff without a limit become a busy loop', () => {
  for (const [name, retries] of [
    ['retry', 22],
    ['exponential-backoff', 25],
    ['graphql-ws', 22],
  ] as const) {
    const waits = waitsOf({ ...PRESETS[name].policy, attemptsMax: null }, retries + 3)[0] ?? [];
    expect([name, waits.indexOf(1000)]).toEqual([name, retries]);
    expect(new Set(waits.slice(retries))).toEqual(new Set([1000]));
  }
  expect(waitsOf({ ...PRESETS['p-retry'].policy, attemptsMax: null }, 30)[0]?.at(-1)).toBe(2_147_483_647_000);
});

test('everybody who obeys a hint to the letter comes back in one instant, and who spreads it does not', () => {
  const told = { retryAfter: seconds(7) };
  expect(different(waitsOf(PRESETS.undici.policy, 1, told), 0)).toBe(1);
  expect(different(waitsOf(PRESETS.default.policy, 1, told), 0)).toBeGreaterThan(400);
});

test('after two minutes all clients of ably dial in the same instants', () => {
  const dials = waitsOf(PRESETS.ably.policy, 12).map((own) => {
    let now = 0;
    return own.map((wait) => {
      now += wait ?? 0;
      return now;
    });
  });
  const late = dials.map((own) => own.filter((dial) => dial > 125_000_000).slice(0, 3));
  expect(new Set(late.map(String))).toEqual(new Set(['150000000,180000000,210000000']));
  expect(new Set(dials.map((own) => own[3])).size).toBeGreaterThan(400);
});

test('NATS draws again after each sleep, so that waits are longer than its jitter says', () => {
  for (const [name, mean] of [
    ['nats', 72],
    ['nats-tls', 719],
  ] as const) {
    const waits = Array.from({ length: 40_000 }, (_, i) => {
      const next = nextDelay(PRESETS[name].policy, freshMemory(), derived(i, 7), { retryAfter: null, elapsed: ZERO });
      return 'stop' in next ? 0 : next.delay / 1000 - 2000;
    });
    // As an independent simulation of the package has it.
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length / mean).toBeCloseTo(1, 1);
  }
});

test('a budget that is empty ends it, and a success brings back what the policy says', () => {
  const policy: Policy = { ...PRESETS['grpc-call'].policy, attemptsMax: null };
  let memory = freshMemory();
  const made = (): number => {
    for (let n = 0; ; n++) {
      const next = nextDelay(policy, memory, 0, { retryAfter: null, elapsed: ZERO });
      if ('stop' in next) return n;
      memory = next.memory;
    }
  };
  expect(made()).toBe(4);
  for (let n = 0; n < 10; n++) memory = recovered(policy, memory, at(0));
  expect(made()).toBe(1);
});

test('throttling gives most dials up when nothing is accepted, and none while all are', () => {
  const { policy } = PRESETS['sre-throttling'];
  const mean = (waits: (number | null)[]): number => waits.reduce<number>((sum, n) => sum + (n ?? 0), 0) / waits.length;
  const waits = waitsOf(policy, 40);
  expect(mean(waits.map((own) => own[0] ?? 0))).toBe(1_000_000);
  expect(mean(waits.map((own) => own[39] ?? 0))).toBeGreaterThan(5_000_000);
});

test('a mode counts its own attempts: a refusal by a live server does not make a client slow at dialling one that is down', () => {
  const policy: Policy = {
    ...PRESETS.exponential.policy,
    modes: [{ ...PRESETS.exponential.policy, on: 'overloaded', after: null, cuts: false }],
  };
  let memory = freshMemory();
  const wait = (refusal: 'down' | 'overloaded'): number => {
    const next = nextDelay(policy, memory, 0, { retryAfter: null, elapsed: ZERO, refusal });
    if ('stop' in next) return -1;
    memory = next.memory;
    return next.delay;
  };
  const asked = ['overloaded', 'overloaded', 'overloaded', 'down', 'overloaded', 'down'] as const;
  expect(asked.map(wait)).toEqual([500, 1000, 2000, 500, 4000, 1000].map(ms));
});

describe('portable functions are as good as those of the engine', () => {
  const near = (ours: number, theirs: number): boolean =>
    Math.abs(ours - theirs) <= 1e-14 * Math.max(1, Math.abs(theirs));
  test.each([
    ['ln', ln, Math.log, { min: 1e-12, max: 1e12 }],
    ['exp', exp, Math.exp, { min: -40, max: 3 }],
    ['tanh', tanh, Math.tanh, { min: 0, max: 60 }],
  ] as const)('%s', (_, ours, theirs, range) => {
    fc.assert(fc.property(fc.double({ ...range, noNaN: true }), (x) => near(ours(x), theirs(x))));
  });
});
