/** The faults of the store, each seen by a witness: history with the fault and without it. */
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../sim/faults/plan.ts';
import { CLOSE } from '../../src/close-codes.ts';
import { at, type History, historyOf, lasting, reset, streaming } from './history.ts';

/** How long after an agent thought of a chunk it became durable: the least and the most. */
function commits(history: History, from: number, until: number): readonly [number, number] {
  const produced = new Map(history.of('produced').map((entry) => [entry.seq, entry.at]));
  const waits = history.during('durable', from, until).map((entry) => entry.at - (produced.get(entry.seq) ?? 0));
  return [Math.min(...waits), Math.max(...waits)];
}
const calm = streaming([]);

describe('storeSlow', () => {
  test('makes every fsync take so much longer', () => {
    const history = streaming([{ kind: 'storeSlow', target: 'store', at: at(1), lasts: lasting(2), by: lasting(0.2) }]);
    expect(commits(calm, at(1.5), at(3))[1]).toBeLessThan(10_000);
    expect(commits(history, at(1.5), at(3))[0]).toBeGreaterThanOrEqual(200_000);
  });

  test('makes reads take so much longer too', () => {
    const replay = (history: History): number => {
      const [, welcome] = history.heard('c1', 'WELCOME');
      return (history.heard('c1', 'REPLAY_END')[0]?.at ?? 0) - (welcome?.at ?? 0);
    };
    const slow = streaming([
      { kind: 'storeSlow', target: 'store', at: at(1), lasts: lasting(6), by: lasting(0.3) },
      reset(2),
    ]);
    expect(replay(slow) - replay(streaming([reset(2)]))).toBeGreaterThanOrEqual(250_000);
  });
});

describe('storeUnavailable', () => {
  test('makes nothing durable that it can be told, and loses nothing', () => {
    const history = streaming([{ kind: 'storeUnavailable', target: 'store', at: at(1), lasts: lasting(2) }]);
    expect(history.during('durable', at(1), at(3))).toEqual([]);
    expect(history.of('crashed')).toEqual([]);
    expect(history.outcome.figures.streamsIntact).toBe(1);
  });

  test('sends clients away with 1013 when it lasts', () => {
    const history = streaming([{ kind: 'storeUnavailable', target: 'store', at: at(1), lasts: lasting(12) }, reset(2)]);
    expect(history.closes()).toContain(1013);
    expect(history.heard('c1', 'ERROR')[0]?.payload).toMatchObject({ code: 'unavailable' });
  });
});

describe('storePartition', () => {
  test('stops one server and its agent, and clients find another', () => {
    const history = streaming([
      { kind: 'storePartition', target: 'store', server: 's1', at: at(1), lasts: lasting(60) },
    ]);
    const owners = history.of('owned').map(({ server }) => server);
    expect(owners).toEqual(['s1', 's2', '']);
    expect(history.of('produced', 'agent2').length).toBeGreaterThan(0);
    expect(history.of('healed')[0]?.at).toBe(at(61));
    expect(history.of('received', 'c1').at(-1)?.at).toBeLessThan(at(20));
  });

  test('of a server that is none is refused: it would cut nobody off', () => {
    expect(() =>
      streaming([{ kind: 'storePartition', target: 'store', server: 's9', at: at(1), lasts: lasting(60) }]),
    ).toThrow('`plan[0].server`: expected the name of a server (s1, s2), got "s9"');
  });
});

describe('storeStale', () => {
  const plan = [{ kind: 'storeStale', target: 'store', at: at(1), lasts: lasting(3) } as const, reset(2)];

  test('holds a replay up rather than let anybody go back to what was', () => {
    const history = streaming(plan);
    const [, welcome] = history.heard('c1', 'WELCOME');
    expect(welcome?.at).toBeLessThan(at(4));
    expect(history.heard('c1', 'REPLAY_END')[0]?.at).toBeGreaterThan(at(4));
    expect(streaming([reset(2)]).heard('c1', 'REPLAY_END')[0]?.at).toBeLessThan(at(4));
    expect(history.outcome.figures.streamsIntact).toBe(1);
  });

  test('never brings an old epoch back', () => {
    let begunAnew = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const crash = { kind: 'crash', target: 's1', at: at(1.5), lasts: lasting(1), how: 'process' } as const;
      const history = streaming([plan[0] as Fault, crash], { seed: seed.toString(36) });
      // No RESET names an epoch before one that the client was welcomed to.
      let newest = 0;
      for (const { payload } of history.of('delivered', 'c1')) {
        if (payload.type === 'WELCOME') for (const { epoch } of payload.streams) newest = Math.max(newest, epoch);
        if (payload.type === 'RESET' && payload.stream > 0) expect(payload.epoch).toBeGreaterThanOrEqual(newest);
      }
      if (newest > 1) begunAnew++;
    }
    expect(begunAnew).toBeGreaterThan(3);
  });
});

describe('storeFailedWrite', () => {
  test('refuses writes, which nobody takes for done, and lets them be written later', () => {
    const history = streaming([
      { kind: 'storeFailedWrite', target: 'store', at: at(1), lasts: lasting(2), share: 1000 },
    ]);
    expect(history.during('durable', at(1), at(3))).toEqual([]);
    expect(history.outcome.figures.streamsIntact).toBe(1);
  });

  test('takes a send in that fails, and lets it take effect once, later', () => {
    const history = historyOf('context/basic', [
      { kind: 'storeFailedWrite', target: 'store', at: at(0.1), lasts: lasting(3), share: 1000 },
    ]);
    const first = history.of('performed')[0];
    expect(first?.key).toBe('q1');
    expect(first?.at).toBeGreaterThan(at(3.1));
    expect(history.of('settled', 'c1').every(({ outcome }) => outcome === 'done')).toBe(true);
  });

  test('of some writes slows an answer down and loses nothing of it', () => {
    const history = streaming([
      { kind: 'storeFailedWrite', target: 'store', at: at(1), lasts: lasting(2), share: 300 },
    ]);
    const count = history.during('durable', at(1), at(3)).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(calm.during('durable', at(1), at(3)).length);
  });
});

describe('storeRestore', () => {
  const restore = (age: number): Fault => ({
    kind: 'storeRestore',
    target: 'store',
    at: at(1),
    age: lasting(age),
    lasts: lasting(0.5),
  });

  test('ends a session that was in use: its client is told, and starts clean', () => {
    const history = streaming([restore(1)]);
    expect(history.of('crashed', 'store').map((entry) => entry.at)).toEqual([at(2)]);
    expect(history.of('restarted', 'store').map((entry) => entry.at)).toEqual([at(2.5)]);
    expect(history.closes()).toEqual([CLOSE.serviceRestart]);
    expect(history.told()).toEqual(['session_expired']);
    expect(history.of('restored', 'c1').map(({ session, resumed }) => [session, resumed])).toEqual([
      [1, false],
      [2, false],
    ]);
  });

  test('keeps a session that waited for its client from before the backup until behind its restoration', () => {
    const history = historyOf(
      'context/basic',
      [
        // Between two answers, and away before the backup is taken.
        reset(0.9),
        { kind: 'offline', target: 'c1', at: at(0.9), lasts: lasting(4) },
        { kind: 'storeRestore', target: 'store', at: at(2), age: lasting(1), lasts: lasting(0.5) },
      ],
      { seed: '2' },
    );
    const [kept] = history.of('rewound');
    expect(kept).toMatchObject({ session: 1, client: 'c1', at: at(3) });
    const again = history.of('restored', 'c1').at(-1);
    expect(again).toMatchObject({ session: 1, resumed: true, generation: (kept?.generation ?? 0) + 1 });
    expect(history.told()).toEqual([]);
  });
});
