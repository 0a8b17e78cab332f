/** The scenarios of context and restart, where one run says more than a sweep: what they are there to show, shown once. */
import { describe, expect, test } from 'vitest';
import { type RunOptions, run } from '../../sim/core/run.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Entry, EntryKind, EntryOf } from '../../src/session/history.ts';
import { at } from '../../src/time.ts';

/** A run whose history is kept. */
function watched(name: string, seed: string, options: RunOptions = {}) {
  const entries: Entry[] = [];
  const outcome = run(scenarioNamed(name) as SessionScenario, seed, {
    ...options,
    witness: (entry) => entries.push(entry as Entry),
  });
  expect(outcome.breaches).toEqual([]);
  expect(outcome.exceeded).toBeNull();
  const of = <K extends EntryKind>(kind: K) => entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
  return { outcome, of };
}

describe('a damaged record', () => {
  const reset = { kind: 'reset', target: 'c1-lb', at: at(1_500_000) } as const;
  const damage = { kind: 'storeCorrupt', target: 'store', client: 'c1', at: at(1_400_000) } as const;

  test('is noticed at the next claim: a clean session starts, and the application is told why', () => {
    const { of } = watched('context/errors', '1', { plan: [damage, reset] });
    expect(of('restored').map(({ resumed }) => resumed)).toEqual([false, false]);
    expect(of('told').map(({ error }) => error)).toEqual(['connection_lost', 'state_corrupt']);
  });

  test('of nobody who loses a connection changes nothing', () => {
    const { of } = watched('context/errors', '1', { plan: [damage] });
    expect(of('told')).toEqual([]);
    const resumed = watched('context/errors', '1', { plan: [reset] }).of('restored');
    expect(resumed.map((entry) => entry.resumed)).toEqual([false, true]);
  });
});

describe('the work of agents', () => {
  test('is shown whole after a crash of every server in the middle of a step', () => {
    const plan: FaultPlan = ['s1', 's2'].map((target) => ({
      kind: 'crash',
      target,
      at: at(2_000_000),
      lasts: 300_000 as never,
      how: 'process',
    }));
    const { of } = watched('context/agent-memory', '3', { plan });
    const notes = of('recorded');
    const shown = of('restored').at(-1);
    expect(shown?.resumed).toBe(true);
    const before = notes.filter((note) => note.at < (shown?.at ?? 0));
    expect(shown?.work?.notes).toBe(before.length);
    expect(shown?.work?.calls).toBe(before.filter(({ about }) => about === 'tool').length);
    expect(before.length).toBeGreaterThan(3);
    expect(notes.length).toBeGreaterThan(before.length);
    // Every call of every answer was made once, in order.
    const calls = notes.filter(({ about }) => about === 'tool').map(({ key }) => key);
    expect(new Set(calls).size).toBe(calls.length);
  });
});

test('a thousand disconnects in one session leave every one of its answers complete', () => {
  const { outcome, of } = watched('context/many-cycles', '1', { cell: { size: '1000', condition: 'clean' } });
  expect(of('restored').filter(({ resumed }) => resumed).length).toBeGreaterThan(1_000);
  expect(outcome.figures.streamsCompleted).toBe(outcome.figures.streamsOwed);
});

test('an outage beyond the life of a session ends in a clean one, and below it in the same', () => {
  const ends = (condition: string) =>
    watched('context/durations', '5', { cell: { condition, moment: 'early' } })
      .of('restored')
      .map(({ resumed }) => resumed);
  expect(ends('medium')).toEqual([false, true]);
  expect(ends('extended')).toEqual([false, false]);
});

test('a thousand clients come back after one event, spread over the seconds that their policy names', () => {
  const { of } = watched('restart/herd', '1', { cell: { size: '1000', condition: 'network', network: 'wifi' } });
  const back = of('restored').filter(({ resumed }) => resumed);
  expect(back.length).toBe(1_000);
  const times = back.map((entry) => entry.at).sort((a, b) => a - b);
  const spread = (times[950] as number) - (times[50] as number);
  // Full jitter over half a second: nine tenths of it lie between the twentieth part at either end.
  expect(spread).toBeGreaterThan(400_000);
});

test('a token that a server called expired is shown as it was issued, or not at all', () => {
  // The clock of one server is an hour ahead while the client, which has just moved, dials another time.
  const plan: FaultPlan = [
    { kind: 'clockJump', target: 's1', at: at(2_235_772), lasts: 0 as never, ahead: 3_602_789_603 },
    { kind: 'addressChange', target: 'c1', at: at(2_236_523), lasts: 0 as never, network: 'lte', told: true },
  ];
  const { of } = watched('restart/rolling', 'aqp6', { plan });
  expect(of('told').map(({ error }) => error)).not.toContain('unauthorized');
});
