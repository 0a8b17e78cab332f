/** The faults of servers, each seen by a witness: history with the fault and without it. */
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../sim/faults/plan.ts';
import { CLOSE } from '../../src/close-codes.ts';
import { at, type History, historyOf, lasting, onBoth, reset, streaming } from './history.ts';

/** When sessions were given to the client, and whether they were resumed. */
const restored = (history: History): number[] => history.of('restored', 'c1').map((entry) => entry.at);
/** Connects once, at 0.29 s, and streams until about 4.5 s. */
const calm = streaming([]);

test('without a fault the client connects once and is told nothing', () => {
  expect(restored(calm)).toHaveLength(1);
  expect(calm.told()).toEqual([]);
  expect(calm.closes()).toEqual([]);
});

describe('restart', () => {
  test('replaces the process at once, and its clients resume', () => {
    const history = streaming([{ kind: 'restart', target: 's1', at: at(1), lasts: lasting(0.1) }]);
    expect(history.of('crashed', 's1').map((entry) => entry.at)).toEqual([at(1)]);
    expect(history.of('restarted', 's1').map((entry) => entry.at)).toEqual([at(1.1)]);
    expect(history.of('restored', 'c1').map(({ resumed }) => resumed)).toEqual([false, true]);
  });
});

describe('crash', () => {
  const crash = (how: 'process' | 'host'): History =>
    streaming([{ kind: 'crash', target: 's1', at: at(1), lasts: lasting(2), how }]);
  const told = (history: History): boolean =>
    history.during('closed', at(1), at(1.5)).some(({ node }) => node === 'lb');

  test('of a process is heard of by its peers, that of a host is not', () => {
    expect(told(crash('process'))).toBe(true);
    expect(told(crash('host'))).toBe(false);
  });

  test('leaves nobody who could do anything until a new process starts', () => {
    const acts = (history: History): string[] =>
      (['timerFired', 'sent', 'delivered', 'hungUp', 'produced'] as const).flatMap((kind) =>
        history
          .during(kind, at(1) + 1, at(3))
          .flatMap(({ node }) => (node === 's1' || node === 'agent1' ? [kind] : [])),
      );
    expect(acts(crash('process'))).toEqual([]);
    expect(acts(crash('host'))).toEqual([]);
    expect(new Set(acts(calm)).size).toBeGreaterThan(3);
  });
});

describe('drain', () => {
  const drain = { kind: 'drain', target: 's1', at: at(1), deadline: lasting(2), lasts: lasting(0.5) } as const;
  const lives = (history: History): (readonly [string, number])[] => [
    ...history.of('crashed', 's1').map((entry) => [entry.how, entry.at] as const),
    ...history.of('restarted', 's1').map((entry) => ['start', entry.at] as const),
  ];

  test('brings the server back so long after its exit', () => {
    const [exit, start] = lives(streaming([drain]));
    expect(exit?.[0]).toBe('exit');
    expect(start).toEqual(['start', (exit?.[1] ?? 0) + lasting(0.5)]);
  });

  test('of a server that drains already, or is dead, is over before it began', () => {
    const again = { ...drain, at: at(1.1) } as const;
    const twice = streaming([drain, again]);
    expect(lives(twice)).toEqual(lives(streaming([drain])));
    expect(twice.of('fault').map(({ fault, begins }) => `${fault} ${begins}`)).toEqual([
      '0 true',
      '1 true',
      '1 false',
      '0 false',
    ]);
    expect(twice.of('healed')).toHaveLength(1);
    const crash = { kind: 'crash', target: 's1', at: at(0.9), lasts: lasting(1), how: 'process' } as const;
    expect(lives(streaming([crash, drain]))).toEqual(lives(streaming([crash])));
  });
});

describe('overload', () => {
  const overload =
    (refuses: 'hello' | 'handshake', sheds: boolean, from: number): ((target: string) => Fault) =>
    (target) => ({ kind: 'overload', target, at: at(from), lasts: lasting(3), refuses, sheds });

  test('by HELLO: connections open, and end with 1013 and retry-after, until it is over', () => {
    const history = streaming(onBoth(overload('hello', false, 0)));
    const errors = history.heard('c1', 'ERROR');
    expect(errors.length).toBeGreaterThan(0);
    for (const { payload } of errors) expect(payload).toMatchObject({ code: 'unavailable', retryAfter: 1_000_000 });
    expect(new Set(history.closes())).toEqual(new Set([CLOSE.tryAgainLater]));
    expect(restored(history)[0]).toBeGreaterThan(at(3));
    for (const wait of history.of('timerSet', 'c1').filter(({ timer }) => timer === 'retry'))
      expect(wait.until - wait.at).toBeGreaterThanOrEqual(1_000_000);
  });

  test('by handshake: dials are refused with 503', () => {
    const history = streaming(onBoth(overload('handshake', false, 0)));
    const refusals = history.of('closed', 'c1').filter(({ status }) => status === 503);
    expect(refusals.length).toBe(history.closes().length);
    expect(refusals.length).toBeGreaterThan(1);
    expect(history.of('opened', 'c1')[0]?.at).toBeGreaterThan(at(3));
  });

  test('leaves those alone who are connected, unless it sheds', () => {
    expect(streaming(onBoth(overload('hello', false, 1))).closes()).toEqual([]);
    const shed = streaming(onBoth(overload('hello', true, 1)));
    expect(shed.closes()[0]).toBe(CLOSE.tryAgainLater);
    expect(restored(shed)[1]).toBeGreaterThan(at(4));
  });
});

describe('slowStart', () => {
  test('lets a restarted server take its time for everything that it asks', () => {
    const plan = (by: number): Fault[] =>
      onBoth((target) => ({ kind: 'slowStart', target, at: at(1), lasts: lasting(6), by: lasting(by) }));
    const gap = (history: History): number => {
      const opened = history.of('opened', 'c1')[1]?.at ?? 0;
      return (restored(history)[1] ?? 0) - opened;
    };
    const usual = gap(streaming(plan(0)));
    // HELLO needs two answers, one after the other: of the token service and of the store.
    expect(gap(streaming(plan(0.5))) - usual).toBe(1_000_000);
  });
});

describe('versionChange', () => {
  const change = (min: number, max: number): Fault[] =>
    onBoth((target) => ({ kind: 'versionChange', target, at: at(1), lasts: lasting(6), min, max }));
  const protos = (history: History): number[] =>
    history.heard('c1', 'WELCOME').map(({ payload }) => (payload.type === 'WELCOME' ? payload.proto : 0));

  test('without a common version the application is told so, once, and the client stops', () => {
    const history = streaming(change(2, 3));
    expect(history.told()).toEqual(['version_unsupported']);
    expect(history.closes()).toContain(CLOSE.versionUnsupported);
  });

  test('with a common one the session is resumed at it', () => {
    const history = streaming(change(1, 3));
    expect(history.told()).toEqual([]);
    expect(protos(history)).toEqual([1, 1]);
  });
});

describe('originPolicy', () => {
  const plan = onBoth((target) => ({
    kind: 'originPolicy',
    target,
    at: at(1),
    lasts: lasting(4),
    allowed: ['https://elsewhere.example'],
  }));

  test('leaves open connections alone', () => {
    const history = streaming(plan);
    expect(history.closes()).toEqual([]);
    expect(history.told()).toEqual([]);
  });

  test('refuses new ones with 403, which the application is told each time, until it is over', () => {
    const history = streaming([...plan, reset(2)]);
    const refusals = history.of('closed', 'c1').filter(({ status }) => status === 403);
    expect(refusals.length).toBeGreaterThan(1);
    expect(history.told()).toEqual([]);
    const told = history.of('told', 'c1').filter(({ error }) => error === 'origin_refused');
    expect(told).toHaveLength(refusals.length);
    expect(restored(history)[1]).toBeGreaterThan(at(5));
  });
});

describe('clockJump', () => {
  test('ends connections whose tokens the host takes for expired with 4004, and they resume when it is over', () => {
    const plan: Fault[] = onBoth((target) => ({
      kind: 'clockJump',
      target,
      at: at(1),
      lasts: lasting(2),
      ahead: 7_200_000_000,
    }));
    const history = streaming(plan);
    expect(history.during('closed', at(1), at(1.1)).find(({ node }) => node === 'c1')?.code).toBe(CLOSE.tokenExpired);
    expect(history.of('received', 'c1').at(-1)?.at).toBeGreaterThan(at(3));
    expect(history.told()).toEqual([]);
  });

  test('back changes nothing', () => {
    const plan: Fault[] = onBoth((target) => ({
      kind: 'clockJump',
      target,
      at: at(1),
      lasts: lasting(2),
      ahead: -7_200_000_000,
    }));
    expect(streaming(plan).closes()).toEqual([]);
  });
});

describe('agentStall', () => {
  test('stops what an agent says while the connection lives', () => {
    const history = streaming([{ kind: 'agentStall', target: 's1', at: at(1), lasts: lasting(3) }]);
    expect(history.during('produced', at(1), at(4))).toEqual([]);
    expect(calm.during('produced', at(1), at(4)).length).toBeGreaterThan(100);
    expect(history.closes()).toEqual([]);
    expect(history.outcome.figures.streamsCompleted).toBe(1);
  });
});

describe('troubles stand', () => {
  test('a process that starts while one lasts is in it from its first moment', () => {
    const plan: Fault[] = [
      ...onBoth((target) => ({
        kind: 'overload',
        target,
        at: at(1),
        lasts: lasting(5),
        refuses: 'hello',
        sheds: false,
      })),
      ...onBoth((target) => ({ kind: 'crash', target, at: at(2), lasts: lasting(1), how: 'process' })),
    ];
    const history = streaming(plan);
    expect(restored(history)[1]).toBeGreaterThan(at(6));
    expect(history.closes()).toContain(CLOSE.tryAgainLater);
  });

  test('of two on one server the first to end does not lift the second', () => {
    const plan = ['s1', 's2'].flatMap((target): Fault[] => [
      { kind: 'overload', target, at: at(0), lasts: lasting(4), refuses: 'hello', sheds: false },
      { kind: 'overload', target, at: at(0.1), lasts: lasting(1), refuses: 'handshake', sheds: false },
    ]);
    expect(restored(streaming(plan))[0]).toBeGreaterThan(at(4));
  });

  test('a drained server comes back into them too', () => {
    const history = historyOf('restart/graceful', [
      { kind: 'drain', target: 's1', at: at(1), deadline: lasting(2), lasts: lasting(0.1) },
      { kind: 'overload', target: 's1', at: at(0.5), lasts: lasting(6), refuses: 'handshake', sheds: false },
    ]);
    expect(history.during('opened', at(4), at(6)).filter(({ node }) => node === 's1')).toEqual([]);
  });
});

describe('serverClose', () => {
  test('ends every connection of the server in good order with its code, and its sessions go on', () => {
    for (const code of [CLOSE.normal, CLOSE.internalError, 4_999]) {
      const history = streaming([{ kind: 'serverClose', target: 's1', at: at(1), code }]);
      expect(history.of('closed', 'c1')[0]).toMatchObject({ code });
      expect(history.of('told', 'c1').map(({ error }) => error)).toEqual(['closed_by_server']);
      expect(history.of('restored', 'c1').map(({ resumed }) => resumed)).toEqual([false, true]);
      expect(history.of('crashed')).toEqual([]);
    }
  });
});
