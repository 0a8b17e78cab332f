import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { exhaustive } from '../../sim/search/exhaustive.ts';
import { groundOf } from '../../sim/search/ground.ts';
import { keysOf } from '../../sim/search/pairs.ts';
import { Singles } from '../../sim/search/singles.ts';
import { faultAt } from '../../sim/search/variants.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Instant } from '../../src/time.ts';

const json = scenarioNamed('midstream/json') as SessionScenario;
/** Some that often leave nothing behind, and some that always do. */
const faults = ['handshakeDelay', 'stickinessLost', 'wrongHealth', 'reset'];
const ground = groundOf(json, '1', { faults });
/** A small answer, where all pairs are made. */
const sizes = { chunks: 1 };
const singles = new Singles(ground);
const { variants } = singles;

/** What happens from an instant on, without numbers that count from the beginning of the run. */
function goesOn(plan: FaultPlan, from: Instant): readonly string[] {
  const said: string[] = [];
  const { verdict, breaches } = run(json, '1', {
    plan,
    witness: ({ id: _, cause: __, event: ___, ...entry }) => {
      if (entry.at >= from && entry.kind !== 'fault') said.push(JSON.stringify(entry));
    },
  });
  return [verdict, ...breaches.map(({ law, at }) => `${law} ${at}`), ...said];
}

describe('states of equal keys', () => {
  const base = new Map([...keysOf(ground, [], variants)].map(({ at, key }) => [at, key]));

  test('are told apart from one moment of a run to the next, and never twice the same', () => {
    expect([...base.values()].filter((key) => key === null)).toEqual([]);
    expect(new Set(base.values()).size).toBe(base.size);
  });

  test('go on alike, whatever second fault begins there: what a search leaves out comes to what it has run', () => {
    let pruned = 0;
    let kept = 0;
    const moments = singles.moments.moments;
    const brief = variants.filter(({ lasts = 0 }) => (lasts as number) < 1_000_000);
    for (const [i, variant] of brief.entries()) {
      const first = faultAt(variant, moments[60 + 9 * i]?.at as Instant);
      const keys = [...keysOf(ground, [first], variants)].filter(({ at }) => at > first.at);
      const alike = keys.filter(({ at, key }) => key !== null && base.get(at) === key);
      kept += keys.length - alike.length;
      pruned += alike.length;
      // The first of them, where most is under way, and one in the middle.
      for (const { at } of [alike[0], alike[alike.length >> 1]].filter((each) => each !== undefined)) {
        const second = faultAt(variants[(7 * i) % variants.length] as (typeof variants)[number], at);
        expect(goesOn([first, second], at)).toEqual(goesOn([second], at));
      }
    }
    expect(pruned).toBeGreaterThan(100);
    expect(kept).toBeGreaterThan(100);
  });

  test('are not of a run in which a fault is under way', () => {
    const slow = variants.find(({ kind, lasts }) => kind === 'handshakeDelay' && (lasts as number) > 5_000_000);
    const first = faultAt(slow as (typeof variants)[number], singles.moments.moments[50]?.at as Instant);
    const during = [...keysOf(ground, [first], variants)].filter(
      ({ at }) => at > first.at && at < first.at + (first.lasts as number),
    );
    expect(during.length).toBeGreaterThan(5);
    expect(during.every(({ key }) => key === null)).toBe(true);
  });
});

describe('an exhaustive search of pairs', () => {
  const search = () => exhaustive(json, { from: 1, seeds: 1 }, { faults: ['reset', 'stickinessLost'], sizes }, 2);

  test('has the single faults first, then pairs, each once, in the same order whoever asks', () => {
    const one = search();
    const other = search();
    const size = exhaustive(json, { from: 1, seeds: 1 }, { faults: ['reset', 'stickinessLost'], sizes }).size;
    const cases = one.from(0, size + 120);
    expect(cases.slice(0, size).every(({ plan }) => plan.length === 1)).toBe(true);
    expect(cases.slice(size).every(({ plan }) => plan.length === 2)).toBe(true);
    expect(cases).toHaveLength(size + 120);
    expect(new Set(cases.map(({ plan }) => JSON.stringify(plan))).size).toBe(cases.length);
    const again = [];
    for (let i = 0; i < size + 120; i += 47) again.push(...other.from(i, Math.min(47, size + 120 - i)));
    expect(again).toEqual(cases);
  });

  test('comes to its end, and says how many there were', () => {
    const small = exhaustive(json, { from: 1, seeds: 1 }, { faults: ['reset'], sizes }, 2);
    const all = [];
    for (let next = small.from(0, 1000); next.length > 0; next = small.from(all.length, 1000)) all.push(...next);
    expect(small.size).toBe(all.length);
    const [{ pairs, runs } = { pairs: undefined, runs: 0 }] = small.searched;
    expect((pairs?.runs ?? 0) + runs).toBe(all.length);
    expect(pairs?.runs).toBeGreaterThan(1000);
  });
});
