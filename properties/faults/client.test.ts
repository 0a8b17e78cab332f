/** Each fault of a client's page, device and application, seen from outside: what a witness writes down with it, and without. */
import { describe, expect, test } from 'vitest';
import { kindOf } from '../../sim/faults/catalogue.ts';
import type { Parameter } from '../../sim/faults/parameter.ts';
import type { Fault } from '../../sim/faults/plan.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import type { Entry, EntryKind, EntryOf } from '../../src/session/history.ts';
import type { Duration, Instant } from '../../src/time.ts';
import { history, of } from './witnessed.ts';

const at = 1_500_000 as Instant;
const us = (n: number): Duration => n as Duration;
const second = us(1_000_000);
const common = { target: 'c1', at };

/** What a node did or heard in a stretch of time, counted from the beginning of the fault. */
const between = (entries: readonly Entry[], kind: EntryKind, from: number, until: number, node = 'c1'): number =>
  of(entries, kind, node).filter((entry) => entry.at >= at + from && entry.at < at + until).length;

const without = history([]);
const keys = (entries: readonly Entry[]): readonly string[] =>
  of(entries, 'settled', 'c1').map(({ key, outcome }) => `${key} ${outcome}`);

describe('a client without faults', () => {
  test('is connected once, and handed something all the time', () => {
    expect(of(without, 'dialled', 'c1')).toHaveLength(1);
    for (let from = 0; from < 2 * second; from += 250_000)
      expect(between(without, 'received', from, from + 250_000)).toBeGreaterThan(5);
  });
});

describe('suspend', () => {
  const entries = history([{ ...common, kind: 'suspend', lasts: us(3 * second) }]);

  test('takes no step, and hears and does everything afterwards', () => {
    for (const kind of ['delivered', 'received', 'sent', 'timerFired'] as const) {
      expect(between(entries, kind, 1, 3 * second)).toBe(0);
      expect(between(without, kind, 1, 3 * second)).toBeGreaterThan(0);
    }
    // All that waited has its turn at once, each in an event of its own.
    const late = of(entries, 'received', 'c1').filter((entry) => entry.at === at + 3 * second);
    expect(late.length).toBeGreaterThan(50);
    expect(new Set(late.map(({ event }) => event)).size).toBe(late.length);
  });

  test('leaves the connection alone when it is short, and costs it when the server gave it up', () => {
    expect(of(entries, 'dialled', 'c1')).toHaveLength(1);
    const long = history([{ ...common, kind: 'suspend', lasts: us(20 * second) }]);
    expect(of(long, 'dialled', 'c1')).toHaveLength(2);
    expect(of(long, 'closed', 'c1')[0]?.at).toBe(at + 20 * second);
  });

  test('ends once however many overlap', () => {
    const two = history([
      { ...common, kind: 'suspend', lasts: us(3 * second) },
      { ...common, kind: 'suspend', at: 2_500_000 as Instant, lasts: us(3 * second) },
    ]);
    expect(between(two, 'received', 1, 4 * second)).toBe(0);
    expect(of(two, 'paused', 'c1').map(({ begins }) => begins)).toEqual([true, false]);
  });
});

describe('sleep', () => {
  test('takes no step, and what was sent meanwhile is not even inside the device', () => {
    const entries = history([{ ...common, kind: 'sleep', lasts: us(3 * second) }]);
    expect(between(entries, 'received', 1, 3 * second)).toBe(0);
    // Only what was on its way when it fell asleep waits at the door; the rest comes from the network, later.
    const waiting = of(entries, 'received', 'c1').filter((entry) => entry.at === at + 3 * second);
    expect(waiting.length).toBeLessThan(20);
  });
});

describe('throttle', () => {
  const entries = history([{ ...common, kind: 'throttle', lasts: us(4 * second), intensiveAfter: us(60 * second) }]);
  const fired = (history: readonly Entry[]): readonly number[] =>
    of(history, 'timerFired', 'c1')
      .map((entry) => entry.at as number)
      .filter((when) => when > at && when < at + 4 * second);

  test('fires timers at whole seconds only, and hears frames as promptly as ever', () => {
    expect(fired(without).some((when) => when % second !== 0)).toBe(true);
    expect(fired(entries).length).toBeGreaterThan(0);
    expect(fired(entries).every((when) => when % second === 0)).toBe(true);
    expect(between(entries, 'received', 0, second)).toBe(between(without, 'received', 0, second));
  });

  test('fires them once a minute after a while', () => {
    const intensive = history([{ ...common, kind: 'throttle', lasts: us(4 * second), intensiveAfter: us(0) }]);
    expect(fired(intensive)).toEqual([]);
    expect(of(intensive, 'throttled', 'c1').map(({ resolution }) => resolution)).toEqual([1_000_000, 60_000_000, 0]);
  });
});

describe('addressChange', () => {
  const change = { ...common, kind: 'addressChange' as const, lasts: us(20 * second), network: 'cable' };
  const dials = (entries: readonly Entry[]): readonly number[] => of(entries, 'dialled', 'c1').map((e) => e.at - at);

  test('ends the path in silence: told, the client dials at once; else when it has heard nothing for too long', () => {
    const told = history([{ ...change, told: true }]);
    const untold = history([{ ...change, told: false }]);
    expect(dials(told)[1]).toBe(0);
    expect(dials(untold)[1]).toBeGreaterThan(9 * second);
    expect(of(told, 'closed', 'c1').every((entry) => entry.at > at + second)).toBe(true);
  });

  test('fences the old connection: the session has a newer owner, and nothing of the old one is handed over', () => {
    const entries = history([{ ...change, told: true }]);
    const [first, second] = of(entries, 'dialled', 'c1').map(({ conn }) => conn);
    const owned = of(entries, 'owned').filter(({ client, server }) => client === 'c1' && server !== '');
    expect(owned.map(({ generation }) => generation).slice(0, 2)).toEqual([1, 2]);
    const taken = of(entries, 'hungUp').filter((entry) => entry.code === 4001 && entry.node.startsWith('s'));
    expect(taken.length).toBeGreaterThan(0);
    const restored = of(entries, 'restored', 'c1')[1] as EntryOf<'restored'>;
    const after = of(entries, 'received', 'c1').filter((entry) => entry.event > restored.event);
    expect(after.some(({ conn }) => conn === first)).toBe(false);
    expect(after.some(({ conn }) => conn === second)).toBe(true);
  });
});

describe('slowConsumer', () => {
  test('hands chunks over at its pace, while the network goes on until credit holds it', () => {
    const entries = history([{ ...common, kind: 'slowConsumer', lasts: us(3 * second), pace: us(250_000) }]);
    expect(between(entries, 'received', 1, 3 * second)).toBe(11);
    expect(between(without, 'received', 1, 3 * second)).toBeGreaterThan(60);
    const data = of(entries, 'delivered', 'c1').filter((e) => e.payload.type === 'DATA' && e.at < at + 3 * second);
    expect(data.length).toBeGreaterThan(60);
    const late = of(entries, 'received', 'c1').filter((entry) => entry.at === at + 3 * second);
    expect(late.length).toBeGreaterThan(40);
  });
});

describe('closeDuringConnect', () => {
  test('ends dials before they are welcomed, as many as it says', () => {
    const close = { ...common, at: 0 as Instant, kind: 'closeDuringConnect' as const, lasts: us(20 * second) };
    for (const [dials, after] of [
      [1, 0],
      [2, 50_000],
      [3, 150_000],
    ] as const) {
      const entries = history([{ ...close, dials, after: us(after) }]);
      const dialled = of(entries, 'dialled', 'c1');
      expect(dialled).toHaveLength(dials + 1);
      for (const { conn, at: from } of dialled.slice(0, dials))
        expect(of(entries, 'closed', 'c1').find((entry) => entry.conn === conn)?.at).toBe(from + after);
    }
  });
});

describe('reload', () => {
  const reload = { ...common, kind: 'reload' as const, lasts: us(second) };

  test('with its state resumes the session from where the application was', () => {
    const entries = history([{ ...reload, stored: true }]);
    expect(of(entries, 'reloaded', 'c1')).toMatchObject([{ kept: true }]);
    expect(between(entries, 'received', 0, second)).toBe(0);
    expect(of(entries, 'restored', 'c1').map(({ resumed }) => resumed)).toEqual([false, true]);
    // What was processed before is not sent again.
    const before = of(entries, 'received', 'c1').filter((entry) => entry.at < at).length;
    const hello = of(entries, 'sent', 'c1').filter((entry) => entry.payload.type === 'HELLO')[1]?.payload;
    expect(hello).toMatchObject({ resume: { streams: [{ lastSeq: before }] } });
    expect(keys(entries)).toEqual(keys(without));
  });

  test('without its state starts a clean session, ends the old one, and asks again', () => {
    const entries = history([{ ...reload, stored: false }]);
    expect(of(entries, 'restored', 'c1').map(({ resumed }) => resumed)).toEqual([false, false]);
    expect(of(entries, 'owned').filter(({ client, server }) => client === 'c1' && server === '')).toHaveLength(2);
    expect(keys(entries)).toEqual(['q1 done', 'q1~1 done', 'q2~1 done']);
    // It forgot, so nobody is told that something expired.
    expect(of(entries, 'told', 'c1').map(({ error }) => error)).not.toContain('session_expired');
  });

  test('twice at once loads one page, which has what the last one left', () => {
    const both = [
      { ...reload, stored: true },
      { ...reload, at: 1_800_000 as Instant, stored: false },
    ];
    const entries = history(both);
    expect(of(entries, 'restarted', 'c1').map((entry) => entry.at)).toEqual([2_800_000]);
    expect(of(entries, 'restored', 'c1').map(({ resumed }) => resumed)).toEqual([false, false]);
  });
});

test('a page that is loaded while its device is offline does not dial before that is over', () => {
  const offline = { ...common, kind: 'offline', lasts: us(5 * second) } as const;
  const reload = { ...common, kind: 'reload', at: (at + second) as Instant, lasts: second, stored: true } as const;
  const entries = history([offline, reload]);
  expect(between(entries, 'dialled', 0, 5 * second)).toBe(0);
  expect(between(entries, 'dialled', 5 * second, 6 * second)).toBe(1);
});

describe('secondTab', () => {
  const entries = history([{ ...common, kind: 'secondTab', lasts: us(6 * second) }]);

  test('takes the session over: one owner, and the first tab is told once and stops', () => {
    const owned = of(entries, 'owned').filter(({ client, server }) => client === 'c1' && server !== '');
    expect(owned.map(({ generation }) => generation)).toEqual([1, 2]);
    expect(of(entries, 'told', 'c1').filter(({ error }) => error === 'taken_over')).toHaveLength(1);
    const told = of(entries, 'told', 'c1').at(-1) as EntryOf<'told'>;
    expect(of(entries, 'received', 'c1').filter((entry) => entry.at > told.at)).toEqual([]);
    expect(of(entries, 'dialled', 'c1')).toHaveLength(1);
  });

  test('goes on where the copy was, byte for byte, and leaves nothing behind', () => {
    const tab = of(entries, 'received', 'c1~2');
    const copied = of(entries, 'received', 'c1').filter((entry) => entry.at < at).length;
    expect(tab[0]?.seq).toBe(copied + 1);
    expect(tab.map(({ seq }) => seq)).toEqual(tab.map((_, i) => copied + 1 + i));
    expect(of(entries, 'rest')[0]).toMatchObject({ timers: [], conns: [], sessions: [] });
  });

  test('is not opened on a device that sleeps', () => {
    const sleep = { ...common, kind: 'sleep', lasts: us(3 * second) } as const;
    const asleep = history([sleep, { ...common, kind: 'secondTab', at: (at + second) as Instant, lasts: us(second) }]);
    expect(asleep.filter(({ node }) => node === 'c1~3')).toEqual([]);
    expect(of(asleep, 'told', 'c1').map(({ error }) => error)).not.toContain('taken_over');
  });

  test('opened while the balancer is dead is refused like everybody, and gets through when it lives again', () => {
    const dead = { kind: 'balancerCrash', target: 'lb', at: (at - second) as Instant, lasts: us(3 * second) } as const;
    const late = history([dead, { ...common, kind: 'secondTab', lasts: us(6 * second) }]);
    const [first] = of(late, 'closed', 'c1~3');
    expect(first?.reason).toBe('refused');
    expect(of(late, 'restored', 'c1~3')[0]?.at).toBeGreaterThan(at + 2 * second);
    expect(of(late, 'rest')[0]).toMatchObject({ timers: [], conns: [], sessions: [] });
  });
});

describe('the device of a second tab', () => {
  const tab = { ...common, kind: 'secondTab', lasts: us(20 * second) } as const;
  const later = (at + second) as Instant;
  const beside = (fault: Fault): readonly Entry[] => history([tab, { ...fault, at: later } as Fault]);
  const meanwhile = (entries: readonly Entry[], kind: EntryKind): number =>
    of(entries, kind, 'c1~2').filter((entry) => entry.at > later + second / 4 && entry.at < later + 3 * second).length;

  test('is well without another fault', () => {
    expect(meanwhile(history([tab]), 'delivered')).toBeGreaterThan(5);
  });

  test.each<Fault>([
    { ...common, kind: 'offline', lasts: us(3 * second) },
    { ...common, kind: 'sleep', lasts: us(3 * second) },
    { ...common, kind: 'cut', target: 'c1-lb', lasts: us(3 * second), direction: 'both' },
    { ...common, kind: 'stall', target: 'c1-lb', lasts: us(3 * second), direction: 'down' },
    { ...common, kind: 'rebind', target: 'c1-lb' },
  ])('hears nothing during $kind, as the first one', (fault) => {
    expect(meanwhile(beside(fault), 'delivered')).toBe(0);
  });

  test('loses every connection at once when they are reset, and no other', () => {
    const entries = beside({ ...common, kind: 'reset', target: 'c1-lb' });
    expect(of(entries, 'closed', 'c1~2')[0]).toMatchObject({ reason: 'reset' });
    expect(of(entries, 'closed', 'c1~2')[0]?.at).toBeLessThan(later + second / 4);
    // The first tab has been told `taken_over` before, and has no connection.
    expect(of(entries, 'closed', 'c1')).toHaveLength(1);
  });

  test.each<[Fault, string]>([
    [{ ...common, kind: 'offline', lasts: us(3 * second) }, 'offline online'],
    [{ ...common, kind: 'addressChange', lasts: us(3 * second), network: 'lte', told: true }, 'moved moved'],
  ])('tells both tabs: %j', (fault, told) => {
    const said = (entries: readonly Entry[], node: string): string =>
      of(entries, 'intent', node)
        .map(({ intent }) => intent)
        .filter((intent) => told.includes(intent))
        .join(' ');
    const entries = beside(fault);
    expect(said(entries, 'c1')).toBe(told);
    expect(said(entries, 'c1~2')).toBe(told);
  });

  test('a tab that is opened offline does not dial before the device is online', () => {
    const early = (at - second) as Instant;
    const entries = history([{ ...common, at: early, kind: 'offline', lasts: us(3 * second) }, tab]);
    expect(of(entries, 'dialled', 'c1~3')[0]?.at).toBe(early + 3 * second);
  });

  test('lives on with its connection when the page of the first tab is loaded again', () => {
    const entries = beside({ ...common, kind: 'reload', lasts: us(5 * second), stored: true });
    expect(of(entries, 'closed', 'c1~2').filter(({ at }) => at < later + 5 * second)).toEqual([]);
    expect(meanwhile(entries, 'delivered')).toBeGreaterThan(5);
  });
});

test('every kind says what it hits in one line, and each parameter that it draws', () => {
  for (const name of SESSION_FAULTS.keys()) {
    const { about, parameters } = kindOf(SESSION_FAULTS, name);
    expect(about).toMatch(/^[a-z ]+: \S/);
    expect(about).not.toContain('\n');
    for (const { about } of Object.values<Parameter>(parameters)) expect(about.length).toBeGreaterThan(5);
  }
});
