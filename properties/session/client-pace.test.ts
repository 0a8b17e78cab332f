/**
 * A client whose application takes its time, and one whose device moves to another address: what waits is not
 * acknowledged, nothing is lost or said twice, and the new connection does not wait for the old one to be found dead.
 */
import { describe, expect, test } from 'vitest';
import { attached } from '../../src/session/client/state.ts';
import { ms, seconds } from '../../src/time.ts';
import { connected, type World } from './client/world.ts';

const acks = (world: World): number[] =>
  world.frames.flatMap(({ frame }) => (frame.type === 'ACK' && frame.stream === 1 ? [frame.seq] : []));
const received = (world: World): number[] => world.received().get(1)?.seqs ?? [];
const dense = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('a busy application', () => {
  test('is given nothing, acknowledges nothing, and holds at most the credit', () => {
    const world = connected().submit('k1', 100);
    world.tell({ type: 'busy' });
    world.run(seconds(5));
    expect(received(world)).toEqual([]);
    expect(acks(world)).toEqual([]);
    // 4096 bytes of credit hold 40 chunks of 100 bytes.
    expect(world.driver.state.inbox).toHaveLength(40);
  });

  test('takes as much as it says, and each piece renews the credit', () => {
    const world = connected().submit('k1', 100);
    world.tell({ type: 'busy' });
    world.run(seconds(2));
    world.tell({ type: 'take', chunks: 30 });
    expect(received(world)).toEqual(dense(30));
    world.run(seconds(2));
    expect(world.driver.state.inbox).toHaveLength(40);
    expect(acks(world).at(-1)).toBe(30);
  });

  test('that is ready again gets everything, in order, once', () => {
    const world = connected().submit('k1', 100);
    world.tell({ type: 'busy' });
    world.run(seconds(2));
    world.tell({ type: 'ready' });
    world.run(seconds(5));
    expect(received(world)).toEqual(dense(100));
    expect(world.driver.state.inbox).toEqual([]);
  });

  test('keeps what waits when the connection is lost; a resume brings none of it twice', () => {
    const world = connected().submit('k1', 60);
    world.tell({ type: 'busy' });
    world.run(ms(300));
    const waiting = world.driver.state.inbox.length;
    expect(waiting).toBeGreaterThan(5);
    world.cut();
    world.run(seconds(8));
    world.tell({ type: 'take', chunks: 5 });
    expect(received(world)).toEqual(dense(5));
    world.heal();
    world.run(seconds(60));
    world.tell({ type: 'ready' });
    world.run(seconds(20));
    expect(received(world)).toEqual(dense(60));
  });

  test('loses what waits with a reset, because the snapshot holds it', () => {
    const world = connected().submit('k1', 60);
    world.tell({ type: 'busy' });
    world.run(ms(300));
    world.cut();
    world.run(seconds(8));
    world.trim();
    world.heal();
    world.run(seconds(60));
    expect(world.driver.state.inbox.filter(({ seq }) => seq <= 5)).toEqual([]);
    world.tell({ type: 'ready' });
    world.run(seconds(20));
    expect(received(world)).toEqual(dense(60));
  });

  test('misses nothing of a replay that ends while it waits', () => {
    const world = connected().submit('k1', 20);
    world.tell({ type: 'busy' });
    world.run(ms(500));
    world.close(world.owner(), 1006);
    world.run(seconds(5));
    expect(world.failures()).toEqual(['connection_lost']);
    world.tell({ type: 'ready' });
    expect(received(world)).toEqual(dense(20));
  });

  test('is given nothing of a session that is gone', () => {
    const world = connected().submit('k1', 20);
    world.tell({ type: 'busy' });
    world.run(ms(300));
    world.close(world.owner(), 1006);
    world.expire();
    world.run(seconds(5)).submit('k2', 5).run(seconds(1));
    world.tell({ type: 'ready' });
    expect(received(world)).toEqual(dense(5));
  });

  test('with a cut in the middle gives the same on a frozen draft', () => {
    const digests = (['in place', 'on a draft'] as const).map((mode) => {
      const world = connected({ mode }).submit('k1', 60);
      world.tell({ type: 'busy' });
      world.run(ms(300));
      world.cut();
      world.run(seconds(8));
      world.heal();
      world.tell({ type: 'take', chunks: 7 });
      world.run(seconds(30));
      world.tell({ type: 'ready' });
      world.run(seconds(20));
      return world.driver.digest;
    });
    expect(digests[1]).toBe(digests[0]);
  });
});

describe('a device that moves', () => {
  test('has a new connection after a few round trips, without waiting for the old one to be found dead', () => {
    const world = connected().submit('k1', 100).run(ms(200));
    const before = world.dials.length;
    const old = attached(world.driver.state)?.conn;
    world.cut();
    world.heal();
    const moved = world.driver.now;
    world.tell({ type: 'moved' });
    world.run(ms(100));
    expect(world.dials.length).toBe(before + 1);
    expect(world.dials.at(-1)?.at).toBe(moved);
    expect(attached(world.driver.state)?.conn).not.toBe(old);
    world.run(seconds(10));
    expect(received(world)).toEqual(dense(100));
    expect(world.errors()).toEqual([]);
  });

  test('while it waits for a retry dials at once', () => {
    const world = connected();
    world.refusing = true;
    world.cut();
    world.run(seconds(20));
    world.heal();
    world.run(seconds(2));
    world.refusing = false;
    const before = world.dials.length;
    world.tell({ type: 'moved' });
    expect(world.dials.length).toBe(before + 1);
  });

  test('gives up a dial from the old address', () => {
    const world = connected();
    world.cut();
    while (world.driver.state.doing.phase !== 'connecting') world.run(ms(100));
    const { conn } = world.driver.state.doing;
    world.tell({ type: 'moved' });
    expect(world.hungUp.at(-1)?.conn).toBe(conn);
    expect(world.dials.at(-1)?.conn).toBe(conn + 1);
  });

  test('while it is offline does nothing until it is online', () => {
    const world = connected();
    world.cut();
    world.tell({ type: 'offline' });
    world.run(seconds(20));
    const before = world.dials.length;
    world.tell({ type: 'moved' });
    world.run(seconds(20));
    expect(world.dials.length).toBe(before);
  });
});
