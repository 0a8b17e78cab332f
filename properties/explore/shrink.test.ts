/** Shrinking: what is left breaks the same law, nothing of it can be missed, and a second time it is the same. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { faultLine } from '../../sim/explain/fault-line.ts';
import { shrink } from '../../sim/explain/shrink.ts';
import type { Fault } from '../../sim/faults/plan.ts';
import type { Network } from '../../sim/networks/network.ts';
import { findNetwork } from '../../sim/networks/presets.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Instant } from '../../src/time.ts';
import { seconds } from '../../src/time.ts';
import { law } from '../laws/law.ts';

const scenario = scenarioNamed('midstream/text') as SessionScenario;

/** Breaks as soon as so many faults of a kind have begun. */
const noneOf = (kind: string, most: number) =>
  law<{ begun: number }>({
    name: 'planted',
    states: `fewer than ${most} faults of the kind ${kind} begin`,
    remember: () => ({ begun: 0 }),
    on: {
      fault(memory, entry, breach) {
        if (entry.begins && entry.name === kind && ++memory.begun === most) breach(`${most} of ${kind} began`);
      },
    },
  });

const reset = (at: number): Fault => ({ kind: 'reset', target: 'c1-lb', at: seconds(at) as number as Instant });
const rebind = (at: number): Fault => ({ kind: 'rebind', target: 'c1-lb', at: seconds(at) as number as Instant });
const plan = [rebind(1), reset(1.5), rebind(2), rebind(2.5), reset(3), rebind(3.5), rebind(4), reset(4.5)];

describe('a plan that is shrunk', () => {
  test.each([1, 2, 3])('keeps the %i faults that the law needs, and no other', (most) => {
    const options = { plan, laws: [noneOf('reset', most)] };
    const outcome = run(scenario, 'k7f3', options);
    expect(outcome.verdict).toBe('broken');
    const shrunk = shrink(outcome);
    expect(shrunk?.law).toBe('planted');
    expect(shrunk?.plan.map(({ kind }) => kind)).toEqual(Array(most).fill('reset'));
    expect(run(scenario, 'k7f3', { ...options, plan: shrunk?.plan ?? [] }).breaches[0]?.law).toBe('planted');
    // One that was stored knows nothing but what it says.
    const stored = JSON.parse(JSON.stringify(outcome)) as typeof outcome;
    expect(shrink(stored, scenario, options)).toEqual(shrunk);
    expect(() => shrink(stored)).toThrow('expected an outcome of run() in this process, or its scenario, too');
  });

  test('is empty when the law is broken without any fault', () => {
    const always = law<null>({
      name: 'planted',
      states: 'nothing is ever sent',
      remember: () => null,
      on: { sent: (_memory, _entry, breach) => breach('something was sent') },
    });
    const options = { plan, laws: [always] };
    expect(shrink(run(scenario, 'k7f3', options))?.plan).toEqual([]);
  });

  test('is run in the cell of the outcome, whatever cell its seed would draw', () => {
    const cells = new Set<string | undefined>();
    const open: SessionScenario = {
      ...scenario,
      dimensions: { condition: ['calm', 'rough'] },
      world(setting) {
        cells.add(setting.cell.condition);
        return scenario.world(setting);
      },
    };
    const laws = [noneOf('reset', 1)];
    const drawn = run(open, '1', { plan, laws }).cell.condition;
    const other = drawn === 'calm' ? 'rough' : 'calm';
    const outcome = run(open, '1', { plan, laws, cell: { condition: other } });
    cells.clear();
    expect(shrink(outcome)?.runs).toBeGreaterThan(1);
    expect([...cells]).toEqual([other]);
  });

  test('is run under what the outcome was run under, and seen by no witness of it', () => {
    const seen: string[] = [];
    const network = { ...(findNetwork('satellite') as Network), name: 'mine' };
    const networks = new Set<string | undefined>();
    const under: SessionScenario = {
      ...scenario,
      world(setting) {
        networks.add(setting.network?.name);
        return scenario.world(setting);
      },
    };
    const laws = [noneOf('reset', 1)];
    const outcome = run(under, '1', { plan, laws, network, witness: ({ kind }) => seen.push(kind) });
    const before = seen.length;
    networks.clear();
    expect(shrink(outcome)?.plan).toHaveLength(1);
    expect([[...networks], seen.length]).toEqual([['mine'], before]);
  });

  test('is none when every law holds', () => {
    expect(shrink(run(scenario, 'k7f3', { plan }))).toBeNull();
  });
});

test('a fault is said with its times as times and its numbers as numbers', () => {
  const at = seconds(1.5) as number as Instant;
  expect(
    faultLine(
      0,
      {
        kind: 'degrade',
        target: 'c1-lb',
        at,
        lasts: seconds(2),
        delay: seconds(0.25),
        loss: 40,
        slower: 3,
      },
      SESSION_FAULTS,
    ),
  ).toBe('fault 0: degrade of c1-lb at 1.500000 s, lasts 2 s, delay 250 ms, loss 4 %, slower 3');
  const crash = { kind: 'storeCrash', target: 'store', at, lasts: seconds(2), keep: 132 } as const;
  expect(faultLine(1, crash, SESSION_FAULTS)).toBe(
    'fault 1: storeCrash of store at 1.500000 s, lasts 2 s, keep 13.2 %',
  );
  expect(faultLine(3, reset(1), SESSION_FAULTS)).toBe('fault 3: reset of c1-lb at 1.000000 s');
});
