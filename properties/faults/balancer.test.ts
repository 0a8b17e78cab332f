/** Each fault of the balancer, and of a server behind it that only seems to live, seen from outside: with it, and without. */
import { describe, expect, test } from 'vitest';
import type { Entry, EntryOf } from '../../src/session/history.ts';
import type { Duration, Instant } from '../../src/time.ts';
import { history, of } from './witnessed.ts';

const at = 1_500_000 as Instant;
const us = (n: number): Duration => n as Duration;
const second = us(1_000_000);
const lb = { target: 'lb', at };

const CLIENTS = ['c1', 'c2', 'c3'];
/** Ends of connections that clients were told in a stretch of time, counted from the beginning of the fault. */
const ends = (entries: readonly Entry[], from: number, until: number): readonly EntryOf<'closed'>[] =>
  of(entries, 'closed').filter(
    (entry) => CLIENTS.includes(entry.node) && entry.at >= at + from && entry.at < at + until,
  );
/** The servers that the balancer dialled in a stretch of time. */
const routed = (entries: readonly Entry[], from: number, until: number): readonly string[] =>
  of(entries, 'dialled', 'lb')
    .filter((entry) => entry.at >= at + from && entry.at < at + until)
    .map(({ to }) => to);
const owners = (entries: readonly Entry[]): readonly string[] =>
  of(entries, 'owned')
    .filter(({ server }) => server !== '')
    .map(({ client, server }) => `${client} ${server}`);

const without = history([]);
const reset = (client: string, when: number) =>
  ({ kind: 'reset', target: `${client}-lb`, at: when as Instant }) as const;

test('a balancer without faults spreads three clients over two servers, and ends nothing', () => {
  expect(routed(without, -at, 9 * second)).toEqual(['s1', 's2', 's1']);
  expect(ends(without, 0, 5 * second)).toEqual([]);
});

describe('balancerCrash', () => {
  test('ends every connection at once, and takes nobody until it is back', () => {
    const entries = history([{ ...lb, kind: 'balancerCrash', lasts: us(3 * second) }]);
    expect(new Set(ends(entries, 0, second).map(({ node }) => node)).size).toBe(3);
    expect(routed(entries, 0, 3 * second)).toEqual([]);
    expect(of(entries, 'restarted', 'lb')[0]?.at).toBe(at + 3 * second);
  });
});

describe('balancerReload', () => {
  test('leaves the old connections alone for a grace, and then ends them all', () => {
    const entries = history([{ ...lb, kind: 'balancerReload', grace: us(2 * second) }]);
    expect(ends(entries, 0, 2 * second)).toEqual([]);
    expect(new Set(ends(entries, 2 * second, 3 * second).map(({ node }) => node)).size).toBe(3);
    expect(of(entries, 'crashed', 'lb')).toEqual([]);
  });

  test('does not end what the new process took', () => {
    const entries = history([{ ...lb, kind: 'balancerReload', grace: us(4 * second) }, reset('c1', at + second)]);
    expect(ends(entries, 3.5 * second, 5 * second).map(({ node }) => node)).not.toContain('c1');
  });
});

describe('balancerIdle', () => {
  test('ends connections that carried nothing, and no other', () => {
    // Every client is streaming: there is always something on the way.
    const idle = { ...lb, kind: 'balancerIdle' as const, timeout: us(second) };
    expect(ends(history([{ ...idle, lasts: us(3 * second) }]), 0, 3 * second)).toEqual([]);
    const entries = history([{ ...idle, lasts: us(8 * second), timeout: us(100_000) }]);
    const closed = ends(entries, 0, 8 * second).filter(({ code }) => code === 1006);
    expect(closed.length).toBeGreaterThan(0);
    for (const { conn, at: when } of closed) {
      const last = Math.max(...of(entries, 'sent', 'lb').map((entry) => (entry.conn === conn ? entry.at : 0)));
      expect(when - last).toBeGreaterThan(100_000);
    }
  });
});

describe('wrongHealth', () => {
  const wrong = { ...lb, kind: 'wrongHealth' as const, lasts: us(10 * second), backend: 's1' };
  const dials = [reset('c1', at + second), reset('c2', at + 1.5 * second), reset('c3', at + 2 * second)];

  test('unhealthy: no new connection comes to a server that is well, old ones live on', () => {
    const entries = history([{ ...wrong, says: 'unhealthy' }, ...dials]);
    expect(ends(entries, 0, second)).toEqual([]);
    expect(routed(entries, second, 8 * second)).toEqual(['s2', 's2', 's2']);
    expect(routed(history(dials), second, 8 * second)).toContain('s1');
  });

  test('healthy: a dead server is dialled again and again, and each dial falls back to another', () => {
    const crash = { kind: 'crash', target: 's1', at, lasts: us(6 * second), how: 'process' } as const;
    const believed = history([{ ...wrong, says: 'healthy' }, crash, ...dials]);
    const known = history([crash, ...dials]);
    const tries = (entries: readonly Entry[]) => routed(entries, 1.1 * second, 6 * second).filter((to) => to === 's1');
    expect(tries(known)).toEqual([]);
    expect(tries(believed).length).toBeGreaterThan(1);
    expect(ends(believed, 1.1 * second, 5 * second).filter(({ status }) => status > 0)).toEqual([]);
  });

  test('unhealthy on every side: clients are refused with 503 until it is over', () => {
    const all = [
      { ...wrong, says: 'unhealthy' as const },
      { ...wrong, says: 'unhealthy' as const, backend: 's2' },
    ];
    const entries = history([...all, reset('c1', at + second)]);
    const refused = of(entries, 'closed', 'c1').filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(1);
    expect(refused.every((entry) => entry.at < at + 11 * second)).toBe(true);
  });
});

describe('balancerDrain', () => {
  test('gives a server no new connections, and ends its old ones at the deadline', () => {
    const drain = { ...lb, kind: 'balancerDrain' as const, backend: 's1', deadline: us(2 * second) };
    const entries = history([{ ...drain, lasts: us(4 * second) }, reset('c1', at + second)]);
    expect(routed(entries, 0, 6 * second)).not.toContain('s1');
    expect(ends(entries, 0, second)).toEqual([]);
    expect(ends(entries, 2 * second, 3 * second).map(({ node }) => node)).toEqual(['c3']);
    // The server itself is well, and never knew.
    expect(of(entries, 'crashed', 's1')).toEqual([]);
  });
});

describe('stickinessLost', () => {
  const lost = { ...lb, kind: 'stickinessLost' as const, lasts: us(8 * second) };
  const again = [1, 2, 3, 4].map((n) => reset('c2', at + n * second));
  const moves = (entries: readonly Entry[]) => owners(entries).filter((owner) => owner.startsWith('c2'));

  test('a client that comes back is sent to another server than before', () => {
    // Alone on its server, it leaves that one with the fewest connections.
    expect(moves(history(again))).toEqual(['c2 s2', 'c2 s2', 'c2 s2', 'c2 s2', 'c2 s2']);
    expect(moves(history([lost, ...again]))).toEqual(['c2 s2', 'c2 s1', 'c2 s2', 'c2 s1', 'c2 s2']);
  });

  test('a sticky balancer sends clients home, until it loses that', () => {
    const resets = [1, 2, 3, 4].map((n) => reset('c1', at + n * second));
    const stays = owners(history(resets, { sticky: true })).filter((owner) => owner.startsWith('c1'));
    expect(stays).toEqual(['c1 s1', 'c1 s1', 'c1 s1', 'c1 s1', 'c1 s1']);
    const strays = owners(history([lost, ...resets], { sticky: true })).filter((owner) => owner.startsWith('c1'));
    expect(strays).toEqual(['c1 s1', 'c1 s2', 'c1 s1', 'c1 s2', 'c1 s1']);
  });
});

describe('serverPause', () => {
  const entries = history([{ kind: 'serverPause', target: 's1', at, lasts: us(4 * second) }]);

  test('takes no step and accepts nobody; the balancer takes it out, and nothing is lost', () => {
    for (const node of ['s1', 'agent1']) {
      expect(of(entries, 'timerFired', node).filter((e) => e.at > at && e.at < at + 4 * second)).toEqual([]);
      expect(of(without, 'timerFired', node).filter((e) => e.at > at && e.at < at + 4 * second)).not.toEqual([]);
    }
    const late = history([
      { kind: 'serverPause', target: 's1', at, lasts: us(6 * second) },
      reset('c1', at + 3 * second),
    ]);
    expect(routed(late, 3 * second, 5 * second)).toEqual(['s2']);
  });

  test('a server that was passed over meanwhile is fenced when it goes on', () => {
    const long = history([{ kind: 'serverPause', target: 's1', at, lasts: us(8 * second) }, reset('c1', at + second)]);
    expect(owners(long).filter((owner) => owner.startsWith('c1'))).toEqual(['c1 s1', 'c1 s2']);
    const takenBy = of(long, 'owned').find(({ client, server }) => client === 'c1' && server === 's2');
    const stale = of(long, 'durable').filter(
      (entry) => entry.session === takenBy?.session && entry.event > takenBy.event && entry.generation < 2,
    );
    expect(stale).toEqual([]);
  });
});

describe('blackHole', () => {
  test('accepts and passes probes, and answers no HELLO until it goes on', () => {
    const entries = history([
      { kind: 'blackHole', target: 's1', at, lasts: us(9 * second) },
      // Only the black hole is left for it.
      { ...lb, kind: 'wrongHealth', lasts: us(9 * second), backend: 's2', says: 'unhealthy' },
      reset('c2', at + second),
    ]);
    expect(routed(entries, second, 8 * second)[0]).toBe('s1');
    // The front door works: the connection is accepted at once, and then nothing is said on it.
    const opened = of(entries, 'opened', 'c2').filter((entry) => entry.at > at);
    expect(opened[0]?.at).toBeLessThan(at + 4 * second);
    const welcomed = of(entries, 'restored', 'c2').filter((entry) => entry.at > at);
    expect(welcomed[0]?.at).toBeGreaterThanOrEqual(at + 9 * second);
  });
});
