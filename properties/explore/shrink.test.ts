/** Shrinking: what is left breaks the same law, nothing of it can be missed, and a second time it is the same. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { World } from '../../sim/core/world.ts';
import { causeOf } from '../../sim/explain/cause.ts';
import { faultLine } from '../../sim/explain/fault-line.ts';
import { type Shrunk, shrink, shrinking } from '../../sim/explain/shrink.ts';
import type { Fault, FaultPlan } from '../../sim/faults/plan.ts';
import type { Network } from '../../sim/networks/network.ts';
import { findNetwork } from '../../sim/networks/presets.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Instant } from '../../src/time.ts';
import { seconds, us } from '../../src/time.ts';
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

  test('is run under what the outcome was run under until that proves needless, and seen by no witness of it', () => {
    const seen: string[] = [];
    const network = { ...(findNetwork('satellite') as Network), name: 'mine' };
    const under = (needed: boolean): SessionScenario => ({
      ...scenario,
      world(setting) {
        const world = scenario.world(setting);
        return { ...world, facts: { ...world.facts, diverges: String(needed && setting.network?.name !== 'mine') } };
      },
    });
    // The law asks for the network by way of what the world says of itself.
    const onMine = law<{ off: boolean }>({
      name: 'planted',
      states: 'nothing is reset',
      remember: ({ diverges }) => ({ off: diverges === 'true' }),
      on: {
        fault({ off }, { name, begins }, breach) {
          if (!off && begins && name === 'reset') breach('it was reset');
        },
      },
    });
    for (const needed of [true, false]) {
      const outcome = run(under(needed), '1', {
        plan,
        laws: [onMine],
        network,
        witness: ({ kind }) => seen.push(kind),
      });
      const before = seen.length;
      const shrunk = shrink(outcome);
      expect(shrunk?.plan).toHaveLength(1);
      expect(shrunk?.overrides.network?.name).toBe(needed ? 'mine' : 'wifi');
      expect(seen).toHaveLength(before);
    }
  });

  test('is none when every law holds', () => {
    expect(shrink(run(scenario, 'k7f3', { plan }))).toBeNull();
  });
});

/** A protocol of our own machines, some of which hear or say something else. */
const spoiled = (cast: (world: World) => World): SessionScenario => ({
  ...(scenarioNamed('context/benchmarks') as SessionScenario),
  protocol: { ...session, tested: undefined as never, cast: (world) => cast(session.cast(world)) },
});

describe('what is shrunk', () => {
  const talks = scenarioNamed('context/benchmarks') as SessionScenario;

  test('has one client, one server, one turn and one chunk where no more are needed, and its fault hits who is left', () => {
    const late: FaultPlan = [{ ...reset(7.654321), target: 'c3-lb' }, rebind(9)];
    const outcome = run(talks, '9', { plan: late, laws: [noneOf('reset', 1)] });
    const shrunk = shrink(outcome) as Shrunk;
    expect(shrunk.before).toMatchObject({ faults: 2, events: outcome.events, sizes: { clients: 3, servers: 2 } });
    expect(shrunk.plan).toEqual([{ kind: 'reset', target: 'c1-lb', at: 0 }]);
    expect(shrunk.sizes).toEqual({ clients: 1, servers: 1, turns: 1, chunks: 1 });
    expect(shrunk.after).toMatchObject({ faults: 1, sizes: { clients: 1, servers: 1, turns: 1, chunks: 1 } });
    expect(shrunk.after.events).toBeLessThan(outcome.events / 10);
    expect(shrunk.stopped).toBe('least');
    // It is one run again, which fails where it is said to.
    const again = run(talks, '9', { ...shrunk.overrides, plan: shrunk.plan, laws: [noneOf('reset', 1)] });
    expect(again.breaches).toEqual([{ law: 'planted', ...shrunk.failed }]);
  });

  test('keeps as many of each as the failure needs', () => {
    const three = law<Set<string>>({
      name: 'planted',
      states: 'fewer than two clients are given a session',
      remember: () => new Set(),
      on: {
        opened(clients, { node }, breach) {
          if (node.startsWith('c') && clients.add(node).size === 2) breach('two clients are connected');
        },
      },
    });
    expect(shrink(run(talks, '9', { laws: [three] }))).toMatchObject({ plan: [], sizes: { clients: 2 } });
  });

  test('has shorter faults of round times, and a plain one in the place of several', () => {
    const flap: FaultPlan = [
      {
        kind: 'flap',
        target: 'c1-lb',
        at: us(3_456_789),
        times: 5,
        off: us(1_234_567),
        on: us(345_678),
      } as unknown as Fault,
    ];
    const cutFor = law<{ since: number }>({
      name: 'planted',
      states: 'no path is cut for two seconds',
      remember: () => ({ since: 0 }),
      on: {
        fault(memory, { at, begins }, breach) {
          if (begins) memory.since = at;
          else if (at - memory.since >= seconds(2)) breach(`it was cut until ${at}`);
        },
      },
    });
    const shrunk = shrink(run(scenario, 'k7f3', { plan: flap, laws: [cutFor] }));
    expect(shrunk?.plan).toEqual([{ kind: 'cut', target: 'c1-lb', at: 0, lasts: seconds(2), direction: 'both' }]);
  });

  test('never slips to another law, nor to another cause of the same', () => {
    const two = (other: string) =>
      law<{ resets: number; rebinds: number }>({
        name: 'planted',
        states: 'nothing is reset three times, and nothing forgotten',
        remember: () => ({ resets: 0, rebinds: 0 }),
        on: {
          fault(memory, { name, begins, at }, breach) {
            if (!begins) return;
            if (name === 'reset' && ++memory.resets === 3) breach(`c1 was reset at ${at}`);
            // The easier way to break it, which the run as it was did not take.
            if (name === 'rebind' && memory.resets === 0) breach(other);
          },
        },
      });
    const mixed = [reset(1), rebind(2), reset(3), rebind(4), reset(5)];
    const outcome = run(scenario, 'k7f3', { plan: mixed, laws: [two('a middlebox forgot c1')] });
    expect(outcome.breaches[0]?.message).toBe('c1 was reset at 5000000');
    const shrunk = shrink(outcome);
    expect(shrunk?.cause).toBe('# was reset at #');
    expect(shrunk?.plan.map(({ kind }) => kind)).toEqual(['reset', 'reset', 'reset']);
    // Said in the same words it is the same to whoever reads it.
    const alike = run(scenario, 'k7f3', { plan: mixed, laws: [two('c1 was reset at 1')] });
    expect(shrink(alike)?.plan).toHaveLength(1);
    // Another law that breaks first is another bug.
    const first = law<{ resets: number }>({
      name: 'first',
      states: 'the first fault is a reset',
      remember: () => ({ resets: 0 }),
      on: {
        fault(memory, { name, begins }, breach) {
          if (begins && name === 'reset') memory.resets++;
          if (begins && name === 'rebind' && memory.resets === 0) breach('it began with a rebind');
        },
      },
    });
    const needed = run(scenario, 'k7f3', { plan: mixed, laws: [first, noneOf('rebind', 2)] });
    expect(shrink(needed)?.plan.map(({ kind }) => kind)).toEqual(['reset', 'rebind', 'rebind']);
  });

  test('stays what it was when nobody lets it go on, and says so', () => {
    const outcome = run(scenario, 'k7f3', { plan, laws: [noneOf('reset', 1)] });
    let asked = 0;
    const shrunk = shrink(outcome, scenario, { goesOn: () => ++asked < 3 });
    expect(shrunk).toMatchObject({ stopped: 'interrupted', runs: 3 });
  });

  test('is the same a second time, and of a run that threw, too', () => {
    const throws = spoiled((world) => ({
      ...world,
      nodes: world.nodes.map((node) =>
        node.role !== 'client'
          ? node
          : {
              ...node,
              machine: {
                ...node.machine,
                step: (state: unknown, event: { type: string; code?: number }, context: unknown) => {
                  if (event.type === 'closed' && event.code === 1006) throw new Error('boom at 7');
                  return (node.machine.step as (...given: unknown[]) => never)(state, event, context);
                },
              } as never,
            },
      ),
    }));
    const shrunkOnce = (): Shrunk | null => {
      const steps = shrinking(throws, '9', { plan });
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
      }
    };
    const once = shrunkOnce();
    expect(once).toMatchObject({ law: 'threw', plan: { length: 1 }, sizes: { clients: 1 } });
    expect(once?.cause).toContain('boom at #');
    expect(shrunkOnce()).toEqual(once);
  });
});

test.each([
  ['c1 was given stream 2 seq 17 twice: 1 byte.', 'c14 was given stream 1 seq 3 twice: 12 bytes.'],
  [
    'At rest there was left: 1 piece is, from c1#3 to lb#14/2.',
    'At rest there was left: 3 pieces are, from c2#1 to lb#9/1.',
  ],
  ['c1 is still owed stream 1, stream 2 and stream 3, 2 min 3.5 s late', 'c9 is still owed stream 4, 12 ms late'],
  ['it has hash deadbeef of "a, 1"', 'it has hash 0badc0de of "b"'],
])('is one cause: %s / %s', (a, b) => {
  expect(causeOf(a)).toBe(causeOf(b));
});

test.each([
  ['c1 was given stream 2 twice.', 'c1 was given stream 2 late.'],
  ['c1 was told peer_silent', 'c1 was told session_expired'],
  ['at event 3 (1 s), in law `prefix`: x is undefined', 'at event 3 (1 s), in law `order`: x is undefined'],
])('are two causes: %s / %s', (a, b) => {
  expect(causeOf(a)).not.toBe(causeOf(b));
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
