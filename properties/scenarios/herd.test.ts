/** How dense a herd may be: what is derived from a policy holds for every fleet that follows it, and for no fleet in step. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { herdFacts } from '../../sim/session/scenarios/herd.ts';
import { policies } from '../../sim/testing/arbitraries/policies.ts';
import { advance, freshMemory, nextDelay } from '../../src/backoff/delay.ts';
import { parsePolicy } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { type Duration, minutes, ms, ZERO } from '../../src/time.ts';
import { UINT32_MAX } from '../arbitraries/retries.ts';

const CLIENTS = 300;
const ROUND_TRIP = ms(20);
/** A fleet loses its connections at a fresh start, or again before the last were stable. */
const FALLS = [0, 1, 2, 9];

const boundOf = (policy: Policy): number =>
  herdFacts({ clients: CLIENTS, policy, drainSpread: minutes(60), capacity: 0, roundTrip: ROUND_TRIP }).most;

/** The most dials of a fleet within 20 ms, when everybody fell at one instant and nobody gets in. */
function densest(policy: Policy, luck: () => number, hint: Duration | null): number {
  return Math.max(...FALLS.map((fallen) => within(ms(20), dials(policy, luck, hint, fallen))));
}

function dials(policy: Policy, luck: () => number, hint: Duration | null, fallen: number): number[] {
  return Array.from({ length: CLIENTS }).flatMap(() => {
    const times: number[] = [];
    let memory = freshMemory();
    let now = 0;
    for (let retry = 0; retry < fallen + 8; retry++) {
      if (retry === fallen) now = 0;
      // Some servers say when to come back, and others only refuse.
      const retryAfter = hint !== null && luck() % 2 === 0 ? hint : null;
      const next = nextDelay(policy, memory, luck(), { retryAfter, elapsed: ZERO });
      if ('stop' in next) break;
      memory = advance(memory, next.delay);
      now += next.delay;
      if (retry >= fallen) times.push(now);
      now += ROUND_TRIP;
    }
    return times;
  });
}

function within(window: Duration, times: readonly number[]): number {
  const sorted = Float64Array.from(times).sort();
  let [most, from] = [0, 0];
  for (const [i, time] of sorted.entries()) {
    while (time - (sorted[from] as number) > window) from++;
    most = Math.max(most, i - from + 1);
  }
  return most;
}

/** Draws of 32 bits from a case's own number. */
function luckOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

const luck = fc.integer({ min: 0, max: UINT32_MAX }).map(luckOf);
const hint = fc.option(fc.integer({ min: 0, max: 5_000_000 }).map((us) => us as Duration));
const kept = (bound: (policy: Policy) => number) =>
  fc.property(policies(), luck, hint, (policy, draws, asked) => densest(policy, draws, asked) <= bound(policy));

/** Draws that the cap cuts, from ranges up to a thousand times as wide as their delays. */
const capped = fc.record({
  base: fc.integer({ min: 10, max: 1_000 }),
  above: fc.integer({ min: 20, max: 1_000 }),
  cap: fc.integer({ min: 2, max: 20 }),
});

const policyOf = (text: object): Policy => {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
};
const piled = capped.map(({ base, above, cap }) =>
  policyOf({
    delay: { kind: 'constant', base: `${base}ms` },
    jitter: { kind: 'proportional', below: 0, above },
    cap: `${base * cap}ms`,
    capOn: 'draw',
    retryAfterSpread: 0,
  }),
);

describe('no fleet that follows its policy is a herd', () => {
  test('whatever the policy, from whichever retry all fall at once', () => {
    fc.assert(kept(boundOf), { numRuns: 60 });
  });

  test('where the cap cuts the draw, a heap of clients at exactly the cap is what the policy says', () => {
    const heaped = (bound: (policy: Policy) => number) =>
      fc.property(piled, luck, (policy, draws) => densest(policy, draws, null) <= bound(policy));
    fc.assert(heaped(boundOf), { numRuns: 30 });
    const forgets = fc.check(
      heaped((policy) => boundOf({ ...policy, capOn: 'range' })),
      { numRuns: 30 },
    );
    expect(forgets.failed).toBe(true);
  });

  /** The heap of a third of a hundred clients, of which one more came than a bound without heaps let pass. */
  test.each(['3', '16'])('restart/herd@%s under very wide jitter that is cut at the cap', (seed) => {
    const policy = policyOf({
      delay: { kind: 'constant', base: '82416us' },
      jitter: { kind: 'proportional', below: 0, above: 948 },
      cap: '50481134us',
      capOn: 'draw',
      stableAfter: 0,
      retryAfterSpread: 0,
    });
    const outcome = run(scenarioNamed('restart/herd') as never, seed, { policy });
    expect(outcome).toMatchObject({ breaches: [], verdict: 'holds' });
  });
});

describe('a fleet that comes back in step is one', () => {
  test('wherever its policy spreads it, and so is a sixth of it where it spreads it widely', () => {
    const plain = policies().filter(({ delay, jitter }) => delay.kind === 'constant' && jitter.kind !== 'decorrelated');
    let spread = 0;
    const caught = fc.property(plain, luck, (policy, draws) => {
      const seen = densest(policy, draws, null);
      const bound = boundOf(policy);
      if (seen <= CLIENTS / 3) expect(bound).toBeLessThan(CLIENTS);
      if (seen > CLIENTS / 30) return;
      spread++;
      expect(bound).toBeLessThan(CLIENTS / 6);
    });
    fc.assert(caught, { numRuns: 60 });
    expect(spread).toBeGreaterThan(0);
  });
});
