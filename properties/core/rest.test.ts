/** How runs end: when everybody has left, when a budget is used up, and what is seen to be left over. */
import { describe, expect, test } from 'vitest';
import { BUDGETS, type Budgets } from '../../sim/core/budgets.ts';
import { Kernel } from '../../sim/core/kernel.ts';
import type { Outcome } from '../../sim/core/outcome.ts';
import { populate } from '../../sim/core/populate.ts';
import { stepInPlace } from '../../sim/core/record.ts';
import { atRest } from '../../sim/core/rest.ts';
import { type RunOptions, run } from '../../sim/core/run.ts';
import { settingOf } from '../../sim/core/setting.ts';
import { Universe } from '../../sim/core/universe.ts';
import { Witness } from '../../sim/core/witness.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import type { Figures } from '../../sim/session/figures/measured.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Entry, EntryKind } from '../../src/session/history.ts';
import { at, seconds } from '../../src/time.ts';

/** One client, which leaves after 5.3 s. */
const alone = scenarioNamed('context/basic') as SessionScenario;
/** Three clients, which stay for twelve seconds. */
const three = scenarioNamed('restart/rolling') as SessionScenario;

const calm = (scenario: SessionScenario, options: RunOptions = {}): Outcome<Figures> =>
  run(scenario, '7', { plan: [], ...options });

describe('a run', () => {
  test('ends when the last application has left, which stays as long as its world says, or longer if it is asked to', () => {
    const twelve = at(12_000_000);
    expect(calm(three).left).toEqual({ c1: twelve, c2: twelve, c3: twelve });
    const stay = { c1: at(1_000_000), c2: at(20_000_000) };
    expect(calm(three, { stay }).left).toEqual({ c1: twelve, c2: stay.c2, c3: twelve });
  });

  test('does not end before an application that stands still goes on, and leaves', () => {
    const suspend = { kind: 'suspend', target: 'c1', at: at(11_000_000), lasts: seconds(3) } as const;
    expect(calm(three, { plan: [suspend] })).toMatchObject({ verdict: 'holds', left: { c1: at(14_000_000) } });
  });

  test('is healed when its last fault is over, and at once without any', () => {
    const healed = (plan: FaultPlan): number[] => {
      const entries: Entry[] = [];
      calm(alone, { plan, witness: (entry) => entries.push(entry as Entry) });
      return entries.flatMap(({ kind, at }) => (kind === 'healed' ? [at] : []));
    };
    const cut = (from: number) =>
      ({ kind: 'cut', target: 'c1-lb', at: at(from), lasts: seconds(1), direction: 'both' }) as const;
    expect(healed([])).toEqual([0]);
    expect(healed([cut(1_000_000), cut(1_500_000)])).toEqual([2_500_000]);
    // What ends at once is over when it begins, and a fault that began before it may end later.
    const reset = (from: number) => ({ kind: 'reset', target: 'c1-lb', at: at(from) }) as const;
    expect(healed([cut(1_000_000), reset(3_000_000)])).toEqual([3_000_000]);
    expect(healed([cut(1_000_000), reset(1_500_000)])).toEqual([2_000_000]);
  });

  test('with a fault of another world does not begin', () => {
    const cut = { kind: 'cut', target: 'c9-lb', at: at(1_000_000), lasts: seconds(1), direction: 'both' } as const;
    expect(() => calm(alone, { plan: [cut] })).toThrow(
      '`plan[0].target`: expected the name of a link (c1-lb, lb-s1, lb-s2), got "c9-lb"',
    );
  });

  test('ends though a balancer comes back when everybody has left', () => {
    const crash = { kind: 'balancerCrash', target: 'lb', at: at(5_500_000), lasts: seconds(2) } as const;
    const outcome = calm(alone, { plan: [crash] });
    expect(outcome).toMatchObject({ verdict: 'holds', exceeded: null });
    expect(outcome.left).toEqual(calm(alone).left);
    expect(outcome.ended).toBeGreaterThanOrEqual(at(7_500_000));
  });
});

describe('a run that is stopped', () => {
  function stopped(
    budgets: Partial<Budgets>,
    scenario = alone,
  ): Outcome<Figures> & { readonly seen: ReadonlySet<EntryKind> } {
    const seen = new Set<EntryKind>();
    const outcome = calm(scenario, { budgets: { ...BUDGETS, ...budgets }, witness: ({ kind }) => seen.add(kind) });
    return { ...outcome, seen };
  }

  test('is not judged by what it left undone, as an answer that was not late or a leak', () => {
    const { seen, ...outcome } = stopped({ events: 200 });
    expect(outcome).toMatchObject({ verdict: 'budget', events: 200, breaches: [] });
    expect(outcome.figures.streamsCompleted).toBeLessThan(outcome.figures.streamsOwed);
    expect(outcome.exceeded).toMatch(/^200 events; busiest timer: /);
    expect(seen).toContain('submitted');
    expect(seen).not.toContain('rest');
  });

  test('by the dials of a client says whose; a balancer dials for all', () => {
    const { verdict, exceeded } = stopped({ dials: 0 });
    expect({ verdict, exceeded }).toMatchObject({
      verdict: 'budget',
      exceeded: expect.stringMatching(/^0 dials of c1/),
    });
    expect(stopped({ dials: 1 }, three).exceeded).toBeNull();
  });
});

test('what is left over is seen wherever it is: timers of both sorts, connections, sessions', () => {
  const setting = settingOf(alone, '7');
  const world = alone.world(setting);
  const kernel = new Kernel(setting.dice);
  const hooks = { application: () => undefined, exited: () => undefined, act: () => undefined };
  const { serviceDelay } = world;
  const universe = new Universe({ kernel, witness: new Witness(), step: stepInPlace, hooks, serviceDelay });
  populate(universe, session.cast(world));
  expect(atRest(universe)).toMatchObject({ timers: [], conns: [], sessions: [] });

  const node = (id: string) => universe.wiring.node(id);
  kernel.setTimer(node('c1'), 'retry', 0, at(5));
  kernel.setTimer(node('s1'), 'liveness', 7, at(5));
  kernel.setTimer(node('s1'), 'liveness', 8, at(5));
  kernel.clearTimer(node('s1'), 'liveness', 8);
  (node('c1-lb').state as { conns: Record<number, unknown> }).conns[4096] = {};
  (node(world.store.node).state as { sessions: Record<number, unknown> }).sessions[3] = {};
  expect(atRest(universe)).toMatchObject({
    timers: [
      { node: 'c1', timer: 'retry', key: 0 },
      { node: 's1', timer: 'liveness', key: 7 },
    ],
    conns: [{ node: 'c1-lb', conn: 4096 }],
    sessions: [3],
  });
});
