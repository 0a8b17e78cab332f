/** Each fault of a link, seen from outside: what a witness writes down with it, and what without. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { durationOf, kindOf } from '../../sim/faults/catalogue.ts';
import type { Fault, FaultPlan } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { contentsOf } from '../../sim/session/scenarios/conditions.ts';
import { buildWorld } from '../../sim/session/scenarios/topology.ts';
import { conversation } from '../../sim/session/scenarios/turns.ts';
import type { Entry, EntryKind, EntryOf } from '../../src/session/history.ts';
import { type Duration, type Instant, ms } from '../../src/time.ts';

const LINK = 'c1-lb';
const at = 1_500_000 as Instant;
const second = 1_000_000 as Duration;
const us = (n: number): Duration => n as Duration;
const common = { target: LINK, at };

/** Three clients on LTE without loss, each with two answers that stream from about 0.5 s to 9 s. */
const world: SessionScenario = {
  protocol: session,
  name: 'test/links',
  title: 'three clients and their links',
  sometimes: [],
  world: (setting) =>
    buildWorld({
      clients: 3,
      servers: 2,
      network: networkNamed('lte'),
      contents: contentsOf(setting, ['text', 'text-b']),
      turns: () => conversation(2, (turn) => turn % 2, ms(200)),
      stayUntil: 6_000_000 as Instant,
    }),
  plan: () => [],
};

function history(plan: FaultPlan): readonly Entry[] {
  const entries: Entry[] = [];
  const outcome = run(world, '3', { plan, witness: (entry) => entries.push(entry as Entry) });
  expect(outcome).toMatchObject({ verdict: 'holds', breaches: [] });
  return entries;
}

const of = <K extends EntryKind>(entries: readonly Entry[], kind: K, node?: string): readonly EntryOf<K>[] =>
  entries.filter((entry) => entry.kind === kind && (node === undefined || entry.node === node)) as EntryOf<K>[];

const without = history([]);
/** What a client hears from the network in a stretch of time, counted from the beginning of the fault. */
const heard = (entries: readonly Entry[], from: number, until: number, node = 'c1'): number =>
  of(entries, 'delivered', node).filter((entry) => entry.at >= at + from && entry.at < at + until).length;
/** Ends of connections that a node was told in the second after the beginning of the fault. */
const ends = (entries: readonly Entry[], node: string): readonly number[] =>
  of(entries, 'closed', node)
    .filter((entry) => entry.at >= at && entry.at < at + second)
    .map((entry) => entry.code);

/** The longest time from sending to delivery of what was sent to the client in a stretch of time. */
function slowest(entries: readonly Entry[], from: number, until: number): number {
  const sent = new Map(of(entries, 'sent', 'lb').map((entry) => [entry.payload, entry.at]));
  let most = 0;
  for (const entry of of(entries, 'delivered', 'c1')) {
    const began = sent.get(entry.payload) ?? entry.at;
    if (began >= at + from && began < at + until) most = Math.max(most, entry.at - began);
  }
  return most;
}

/** What is inside the path when a fault begins still arrives. */
const INSIDE = 60_000;

describe('a link without faults', () => {
  test('delivers all the time, ends nothing, and is as fast as its path', () => {
    for (let from = 0; from < 2 * second; from += 250_000)
      expect(heard(without, from, from + 250_000)).toBeGreaterThan(5);
    expect(ends(without, 'c1')).toEqual([]);
    expect(slowest(without, 0, 3 * second)).toBeLessThan(60_000);
    expect(of(without, 'lost')).toEqual([]);
  });
});

describe('faults that cut', () => {
  test('cut: nothing arrives while it lasts, and nobody is told', () => {
    const seen = history([{ kind: 'cut', ...common, lasts: second, direction: 'both' }]);
    expect(heard(seen, INSIDE, second)).toBe(0);
    expect(ends(seen, 'c1')).toEqual([]);
  });

  test('cut in one direction: what goes the other way arrives', () => {
    const seen = history([{ kind: 'cut', ...common, lasts: us(300_000), direction: 'up' }]);
    expect(heard(seen, INSIDE, 300_000)).toBeGreaterThan(5);
    expect(heard(seen, INSIDE, 300_000, 'lb')).toBeLessThan(heard(without, INSIDE, 300_000, 'lb'));
  });

  test('flap: silence, life, silence, as often as it says', () => {
    const seen = history([{ kind: 'flap', ...common, times: 3, off: us(400_000), on: us(900_000) }]);
    for (let i = 0; i < 3; i++) {
      expect(heard(seen, i * 1_300_000 + INSIDE, i * 1_300_000 + 400_000)).toBe(0);
      expect(heard(seen, i * 1_300_000 + 400_000, (i + 1) * 1_300_000)).toBeGreaterThan(5);
    }
  });

  test('swizzle: links fall silent one after the other and come back in another order', () => {
    const links = ['c1-lb', 'c2-lb', 'c3-lb'];
    const stagger = us(200_000);
    const lasts = us(1_400_000);
    const seen = history([{ kind: 'swizzle', ...common, links, heals: [2, 0, 1], stagger, lasts }]);
    const back = [lasts + stagger, lasts + 2 * stagger, lasts as number];
    for (const [i, node] of ['c1', 'c2', 'c3'].entries()) {
      expect(heard(seen, i * stagger + INSIDE, back[i] as number, node)).toBe(0);
      expect(heard(seen, 0, i * stagger + INSIDE, node)).toBeGreaterThan(0);
      expect(heard(seen, back[i] as number, (back[i] as number) + 1_500_000, node)).toBeGreaterThan(0);
    }
    // The last to fall is the first to come back: its sender's second time-out, some 1.2 s after the cut, gets through,
    // which it would not in anybody else's turn.
    expect(heard(seen, lasts, lasts + stagger + INSIDE, 'c3')).toBeGreaterThan(0);
  });

  test('measuredOutage: the silences are those of the drive', () => {
    const seen = history([{ kind: 'measuredOutage', ...common, trace: 'att-lte', first: 0, count: 2 }]);
    expect(heard(seen, INSIDE, 260_000)).toBe(0);
    expect(heard(seen, 260_000, 750_000)).toBeGreaterThan(5);
    expect(heard(seen, 750_000 + INSIDE, 750_000 + 899_000)).toBe(0);
    expect(of(seen, 'fault').map((entry) => entry.at - at)).toEqual([0, 1_649_000]);
  });
});

describe('faults that end connections', () => {
  test('reset: both ends are told 1006', () => {
    const seen = history([{ kind: 'reset', ...common }]);
    expect(ends(seen, 'c1')).toEqual([1006]);
    expect(ends(seen, 'lb')).toContain(1006);
  });

  test('rebind: nothing arrives any more, and neither end is told', () => {
    const seen = history([{ kind: 'rebind', ...common }]);
    expect(heard(seen, INSIDE, 2 * second)).toBe(0);
    expect(ends(seen, 'c1')).toEqual([]);
  });

  test('halfOpen, near: the client is told at once, the balancer when it next says something', () => {
    const seen = history([{ kind: 'halfOpen', ...common, end: 'near' }]);
    const [client] = of(seen, 'closed', 'c1');
    const [far] = of(seen, 'closed', 'lb').filter((entry) => entry.conn === client?.conn);
    expect(client).toMatchObject({ at, code: 1006 });
    expect(far?.code).toBe(1006);
    expect((far?.at ?? 0) - at).toBeGreaterThanOrEqual(70_000);
  });

  test('halfOpen, far: the balancer is told at once, the client is not', () => {
    const seen = history([{ kind: 'halfOpen', ...common, end: 'far' }]);
    expect(of(seen, 'closed', 'lb')[0]).toMatchObject({ at, code: 1006 });
    expect(of(seen, 'closed', 'c1')[0]?.at ?? at + second).toBeGreaterThan(at);
    expect(of(seen, 'dialled', 'c1').length).toBeGreaterThan(of(without, 'dialled', 'c1').length);
  });

  test('cleanClose: both ends are told 1001 behind what was sent, and nothing inside the path is lost', () => {
    const seen = history([{ kind: 'cleanClose', ...common }]);
    expect(ends(seen, 'c1')).toEqual([1001]);
    expect(ends(seen, 'lb')).toContain(1001);
    expect(heard(seen, 0, 40_000)).toBe(heard(without, 0, 40_000));
  });

  test('closeCode: both ends are told that code', () => {
    const seen = history([{ kind: 'closeCode', ...common, code: 1012 }]);
    expect(ends(seen, 'c1')).toEqual([1012]);
    expect(ends(seen, 'lb')).toContain(1012);
  });
});

describe('faults that slow down', () => {
  test('degrade: every message takes longer while it lasts', () => {
    const worse = { delay: us(300_000), loss: 0, slower: 1 };
    const seen = history([{ kind: 'degrade', ...common, lasts: second, ...worse }]);
    expect(slowest(seen, 0, second)).toBeGreaterThan(330_000);
    expect(slowest(seen, 2 * second, 3 * second)).toBeLessThan(60_000);
  });

  test('ramp: messages take longer from stage to stage, and then as before', () => {
    const worse = { delay: us(400_000), loss: 0, slower: 1 };
    const seen = history([{ kind: 'ramp', ...common, lasts: us(2_000_000), stages: 4, ...worse }]);
    const delays = [0, 1, 2, 3].map((stage) => slowest(seen, stage * 500_000, (stage + 1) * 500_000));
    for (const [stage, delay] of delays.entries()) {
      expect(delay).toBeGreaterThanOrEqual(35_000 + (stage + 1) * 100_000);
      expect(delay).toBeLessThan(35_000 + (stage + 1) * 100_000 + 60_000);
    }
    expect(slowest(seen, 3 * second, 4 * second)).toBeLessThan(60_000);
  });

  test('stall: a short one beside a long one does not end it', () => {
    const long = { kind: 'stall', ...common, lasts: us(3 * second), direction: 'down' } as const;
    const short = { ...long, lasts: us(second / 2) };
    expect(heard(history([long, short]), second / 4, 3 * second)).toBe(0);
  });

  test('reset: an end that was cut off from it finds out when the path is back', () => {
    const cut = { kind: 'cut', ...common, lasts: second, direction: 'both' } as const;
    expect(of(history([cut]), 'dialled', 'c1')).toHaveLength(1);
    const seen = history([cut, { kind: 'reset', target: LINK, at: (at + second / 2) as Instant }]);
    expect(of(seen, 'dialled', 'c1')).toHaveLength(2);
  });

  test('stall: nothing arrives while it lasts, all of it afterwards, and nothing is lost', () => {
    const seen = history([{ kind: 'stall', ...common, lasts: second, direction: 'down' }]);
    expect(heard(seen, INSIDE, second)).toBe(0);
    expect(heard(seen, second, second + 200_000)).toBeGreaterThan(40);
    expect(of(seen, 'lost')).toEqual([]);
    expect(of(seen, 'closed', 'c1').length).toBe(of(without, 'closed', 'c1').length);
  });

  test('handshakeDelay: a connection that is dialled meanwhile opens that much later', () => {
    const open = (entries: readonly Entry[]): number => {
      const dialled = of(entries, 'dialled', 'c1')[1];
      return (of(entries, 'opened', 'c1').find((entry) => entry.conn === dialled?.conn)?.at ?? 0) - (dialled?.at ?? 0);
    };
    const reset: Fault = { kind: 'reset', ...common };
    const quick = open(history([reset]));
    const slow = open(history([{ kind: 'handshakeDelay', ...common, lasts: us(5_000_000), by: us(2_000_000) }, reset]));
    expect(slow - quick).toBe(2_000_000);
  });
});

describe('every kind of fault', () => {
  test('explains itself and its parameters', () => {
    for (const kind of SESSION_FAULTS.keys()) {
      expect(kindOf(SESSION_FAULTS, kind).about).toMatch(/^[a-z ]+: [^\n]{10,120}$/);
      for (const meaning of Object.values(kindOf(SESSION_FAULTS, kind).parameters)) expect(meaning).not.toBe('');
    }
  });

  test('acts for the last time before it ends', () => {
    const swizzle: Fault = {
      kind: 'swizzle',
      ...common,
      links: ['a', 'b'],
      heals: [1, 0],
      stagger: us(900_000),
      lasts: us(1),
    };
    const flap: Fault = { kind: 'flap', ...common, times: 4, off: us(3), on: us(5) };
    const outage: Fault = { kind: 'measuredOutage', ...common, trace: 'att-lte', first: 38, count: 6 };
    for (const fault of [swizzle, flap, outage]) {
      const steps = kindOf(SESSION_FAULTS, fault.kind).steps?.(fault) ?? [];
      expect([...steps].sort((a, b) => a - b)).toEqual(steps);
      expect(steps.at(-1)).toBeLessThanOrEqual(durationOf(SESSION_FAULTS, fault));
    }
  });
});
