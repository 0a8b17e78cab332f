/** The overhead of recovery: what a run costs beside the same seed without faults, over the same time. */
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../sim/core/outcome.ts';
import { type RunOptions, run } from '../../sim/core/run.ts';
import { pairOf } from '../../sim/explore/pair.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { after, at, type Instant, minutes, seconds } from '../../src/time.ts';

const exhaustion = scenarioNamed('midstream/exhaustion') as SessionScenario;

/** Percent, as the target has it; and what it would be if time were recovery's fault. */
function overheadOf(seed: string, options: RunOptions): { overhead: number; withTime: number } {
  const outcome = run(exhaustion, seed, options);
  const { faultFree, forAsLong } = pairOf(exhaustion, outcome, options);
  return {
    overhead: ((outcome.events - forAsLong) * 100) / faultFree,
    withTime: ((outcome.events - faultFree) * 100) / faultFree,
  };
}

describe('overhead', () => {
  test('of a run without faults is none', () => {
    for (const seed of ['1', '2', '3']) {
      const outcome = run(exhaustion, seed, { plan: [] });
      expect(pairOf(exhaustion, outcome, {})).toEqual({ faultFree: outcome.events, forAsLong: outcome.events });
    }
  });

  // The seed whose agents are silent for 19.9 s: nobody loses a connection, and nothing is recovered from.
  test('is not what probes and heartbeats cost while an agent thinks', () => {
    const { overhead, withTime } = overheadOf('3r5', {});
    expect(withTime).toBeGreaterThan(40);
    expect(overhead).toBeLessThan(10);
    expect(overhead).toBeGreaterThan(0);
  });

  test('is what coming back costs, however short the outage', () => {
    const plan: FaultPlan = [{ kind: 'reset', target: 'c1-lb', at: at(2_000_000) }];
    const { overhead, withTime } = overheadOf('1', { plan });
    expect(overhead).toBeGreaterThan(2);
    expect(overhead).toBeLessThanOrEqual(withTime);
  });

  test('of a long absence is set against the answer, and not against hours of probes', () => {
    const free = run(exhaustion, '1', { plan: [] });
    const away = { ...free, left: stayed(free, minutes(30)) } as Outcome;
    const { faultFree, forAsLong } = pairOf(exhaustion, away, {});
    expect(faultFree).toBe(free.events);
    expect(forAsLong).toBeGreaterThan(5 * free.events);
  });
});

const stayed = (outcome: Outcome, by: ReturnType<typeof minutes>): Record<string, Instant> =>
  Object.fromEntries(Object.entries(outcome.left).map(([client, left]) => [client, after(left, by)]));

describe('an application that is to stay', () => {
  const free = run(exhaustion, '7', { plan: [] });

  test('leaves when it is done and the time has come, and not before', () => {
    expect(Object.keys(free.left)).toEqual(['c1', 'c2']);
    const stay = stayed(free, seconds(30));
    const long = run(exhaustion, '7', { plan: [], stay });
    expect(long).toMatchObject({ verdict: 'holds', left: stay });
    expect(long.figures.streamsCompleted).toBe(free.figures.streamsCompleted);
    expect(run(exhaustion, '7', { plan: [], stay: { c1: at(0), c2: at(0) } }).digest).toBe(free.digest);
  });
});
