/**
 * Draining: a client with GOAWAY moves to a second socket without a pause, whatever happens to either of the two.
 */
import { describe, expect, test } from 'vitest';
import { WORLD_POLICY } from '../../sim/session/scenarios/policy.ts';
import type { Welcome } from '../../src/session/wire/frames.ts';
import { ms, seconds } from '../../src/time.ts';
import { chunk } from '../machines/server.ts';
import { CONFIG } from './client/driver.ts';
import { welcomeOf } from './client/walk.ts';
import { connected, DELAY, type World } from './client/world.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const FIRST = 65_537;

/** In the middle of an answer of 100 chunks, the server drains: second sockets within 300 ms, the end after 20 s. */
const draining = (options: Parameters<typeof connected>[0] = {}): World => {
  const world = connected(options).submit('a', 100).run(ms(100));
  world.drain(ms(300), seconds(20));
  return world;
};

/** Until the second socket has come so far. */
const untilSecond = (world: World, phase: 'connecting' | 'handshaking' | 'backoff'): World => {
  for (let i = 0; i < 5000; i++) {
    const { handover } = world.driver.state;
    if (handover?.stage === 'attempt' && handover.attempt.phase === phase) return world;
    world.run(ms(1));
  }
  throw new Error(`the second socket never came to ${phase}`);
};

/** The second socket owns the session, and its replay is not over. */
const switching = (numbers = [9]): World => {
  const world = untilSecond(draining(), 'handshaking');
  const { driver } = world;
  const streams = numbers.map((stream) => ({ stream, epoch: 1, headSeq: 5, resumed: true, reason: null }));
  const payload: Welcome = { ...(welcomeOf(driver) as Welcome), streams };
  driver.tell({ type: 'frame', conn: FIRST + 1, payload, bytes: 1 });
  expect(driver.state.handover).toEqual({ stage: 'switching', old: FIRST });
  return world;
};

const whole = (world: World): void => {
  expect(world.received().get(1)).toEqual({ epoch: 1, seqs: upTo(100), done: true });
  expect(world.errors()).toEqual([]);
};

describe('a handover', () => {
  test('loses nothing, repeats nothing, pauses nothing, and closes the first socket with 1000', () => {
    const world = draining();
    let longest = 0;
    let last = world.driver.now as number;
    let known = world.told.length;
    for (let i = 0; i < 1500; i++) {
      world.run(ms(1));
      if (world.told.length > known && !world.received().get(1)?.done) {
        longest = Math.max(longest, world.driver.now - last);
        last = world.driver.now;
        known = world.told.length;
      }
    }
    whole(world);
    expect(world.dials.length).toBe(2);
    expect(world.hungUp).toEqual([{ conn: FIRST, code: 1000 }]);
    expect(longest).toBeLessThanOrEqual(ms(10) + 3 * DELAY);
  });

  test('waits a random time of at most retry_after, drawn on its own', () => {
    const world = draining();
    const asked = world.driver.now + DELAY;
    untilSecond(world, 'connecting');
    const wait = (world.dials.at(-1)?.at ?? 0) - asked;
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(ms(300));
  });

  test('never waits past the deadline of the server', () => {
    const world = connected();
    world.drain(seconds(60), seconds(1));
    world.run(seconds(1));
    expect(world.dials.length).toBe(2);
  });

  test('tells the second what the first delivered behind HELLO, so that credit never runs dry', () => {
    for (let offset = 0; offset < 40; offset++) {
      const world = connected({ config: { credit: 100, ackDelay: seconds(60) } }).submit('a', 100);
      world.run(ms(200 + offset)).drain(0, seconds(20));
      world.run(seconds(10));
      whole(world);
    }
  });

  test('takes the frames of the first until WELCOME, and none after it', () => {
    const world = untilSecond(draining(), 'handshaking');
    const before = world.told.length;
    world.run(DELAY - ms(1));
    const fresh = world.told.slice(before).filter((effect) => effect.type === 'deliver');
    expect(fresh.every((effect) => effect.conn === FIRST)).toBe(true);
    world.run(seconds(3));
    const restored = world.told.findLastIndex((effect) => effect.type === 'restore');
    const after = world.told.slice(restored).filter((effect) => effect.type === 'deliver');
    expect(after.length).toBeGreaterThan(0);
    expect(after.every((effect) => effect.conn !== FIRST)).toBe(true);
    whole(world);
  });

  test.each([
    ['DATA', { type: 'DATA', stream: 7, epoch: 1, seq: 1, chunk: chunk(1) }, 1],
    ['RESET', { type: 'RESET', stream: 7, reason: 'epoch_changed', epoch: 1, oldestSeq: 1, held: 0 }, 0],
  ] as const)('names on the second the epoch that %s on the first brought behind HELLO', (_, brought, seq) => {
    const world = connected();
    world.drain(ms(300), seconds(20));
    const { driver } = untilSecond(world, 'handshaking');
    driver.tell({ type: 'frame', conn: FIRST, payload: brought, bytes: 1 });
    // The server that the second comes to has begun the answer anew, and knows nothing of what the first brought.
    const streams = [{ stream: 7, epoch: 2, headSeq: 0, resumed: true, reason: null }];
    const payload: Welcome = { ...(welcomeOf(driver) as Welcome), streams };
    const told = driver.tell({ type: 'frame', conn: FIRST + 1, payload, bytes: 1 });
    const acks = told.filter((effect) => effect.type === 'send' && effect.payload.type === 'ACK');
    expect(acks).toMatchObject([{ conn: FIRST + 1, payload: { stream: 7, epoch: 1, seq } }]);
  });

  test('goes on when the first dies, at any moment of it', () => {
    for (const phase of ['connecting', 'handshaking'] as const) {
      for (const code of [1006, 1012, 4004]) {
        const world = untilSecond(draining(), phase);
        world.close(FIRST, code);
        world.run(seconds(5));
        whole(world);
        expect(world.dials.length).toBe(2);
      }
    }
    const early = draining().run(DELAY);
    expect(early.driver.state.handover?.stage).toBe('waiting');
    early.close(FIRST, 1006);
    early.run(seconds(5));
    whole(early);
  });

  test('does not take its own claim for a take-over, but believes one that came before it', () => {
    const own = untilSecond(draining(), 'handshaking');
    own.close(FIRST, 4001);
    own.run(seconds(5));
    whole(own);
    const other = untilSecond(draining(), 'connecting');
    other.close(FIRST, 4001);
    other.run(seconds(5));
    expect(other.errors()).toEqual(['taken_over']);
  });

  test('does not take its own claim for a take-over either when the second that made it has failed or was given up', () => {
    for (const [attemptsMax, stage] of [
      [20, 'attempt'],
      [1, 'abandoned'],
    ] as const) {
      const policy = { ...WORLD_POLICY, attemptsMax };
      const world = untilSecond(draining({ config: { policy } }), 'handshaking');
      world.refusing = true;
      world.close(FIRST + 1, 1006);
      world.run(seconds(4));
      expect(world.driver.state.handover?.stage).toBe(stage);
      world.refusing = false;
      world.close(FIRST, 4001);
      world.run(seconds(10));
      whole(world);
    }
  });

  test('tries the second again by the policy while the first lives and delivers', () => {
    const world = draining();
    world.refusing = true;
    untilSecond(world, 'backoff').run(seconds(3));
    expect(world.driver.state.doing).toMatchObject({ conn: FIRST });
    expect(world.dials.length).toBeGreaterThan(2);
    whole(world);
    world.refusing = false;
    world.run(seconds(10));
    expect(world.hungUp).toContainEqual({ conn: FIRST, code: 1000 });
  });

  test('heeds the first, too, when it says how long to stay away: no second socket before that', () => {
    const world = untilSecond(draining(), 'connecting');
    const { driver } = world;
    const second = world.dials.at(-1)?.conn ?? 0;
    const error = { type: 'ERROR', code: 'unavailable', reason: '', clientSeq: 0, retryAfter: seconds(5) } as const;
    driver.tell({ type: 'frame', conn: FIRST, payload: error, bytes: 20 });
    driver.tell({ type: 'closed', conn: second, code: 1006, reason: '', clean: false, status: 503 });
    const { handover } = driver.state;
    const until = handover?.stage === 'attempt' && handover.attempt.phase === 'backoff' ? handover.attempt.until : 0;
    expect(until - driver.now).toBeGreaterThanOrEqual(seconds(5));
    // It was said once, and counts once.
    world.refusing = true;
    world.tell({ type: 'online' });
    world.run(DELAY * 2);
    const again = driver.state.handover;
    expect(again).toMatchObject({ attempt: { phase: 'backoff' } });
    const next = again?.stage === 'attempt' && again.attempt.phase === 'backoff' ? again.attempt.until : 0;
    expect(next - driver.now).toBeLessThan(seconds(5));
  });

  test('gives up the second when the policy does, and keeps the first until it dies', () => {
    const policy = { ...WORLD_POLICY, attemptsMax: 2 };
    const world = draining({ config: { policy } });
    world.refusing = true;
    world.run(seconds(15));
    expect(world.driver.state.handover?.stage).toBe('abandoned');
    whole(world);
    const sought = world.dials.length;
    world.run(seconds(10));
    // The loss of the first begins an outage of its own, with all the retries of the policy.
    expect(world.dials.length).toBe(sought + 2);
    expect(world.errors()).toEqual(['attempts_exhausted']);
  });

  test('comes back after the loss of the first although the search for a second had used up attempts or time', () => {
    for (const limits of [{ attemptsMax: 2 }, { elapsedMax: seconds(3) }]) {
      const world = draining({ config: { policy: { ...WORLD_POLICY, ...limits } } });
      world.refusing = true;
      world.run(seconds(15));
      expect(world.driver.state.handover?.stage).toBe('abandoned');
      world.refusing = false;
      world.close(FIRST, 1012);
      world.run(seconds(10));
      whole(world);
      expect(world.driver.state.doing.phase).toBe('live');
    }
  });

  test('counts the failures of the second up, however well the first delivers', () => {
    const world = connected().submit('a', 2000).run(ms(100));
    world.drain(ms(300), seconds(60));
    world.refusing = true;
    untilSecond(world, 'backoff').run(seconds(15));
    expect(world.received().get(1)?.done).toBe(false);
    expect(world.driver.state.backoff.attempt).toBe(world.dials.length - 1);
  });

  test('counts the time without a connection from the death of the first, not from the failure of the second', () => {
    const policy = { ...WORLD_POLICY, elapsedMax: seconds(3) };
    const world = untilSecond(draining({ config: { policy } }), 'connecting');
    world.close(FIRST, 1006);
    world.run(DELAY);
    world.cut();
    world.run(CONFIG.connectTimeout);
    expect(world.errors()).toEqual(['elapsed_exhausted']);
  });

  test('stops for the time that the device is offline', () => {
    const world = untilSecond(draining(), 'connecting');
    world.tell({ type: 'offline' });
    world.run(seconds(2));
    expect(world.dials.length).toBe(2);
    expect(world.driver.state.doing).toMatchObject({ conn: FIRST });
    world.tell({ type: 'online' });
    expect(world.dials.length).toBe(3);
    world.run(seconds(2));
    whole(world);
    expect(world.hungUp).toContainEqual({ conn: FIRST, code: 1000 });
  });

  test('leaving in the middle of it closes both sockets', () => {
    const world = untilSecond(draining(), 'handshaking');
    world.tell({ type: 'leave' });
    expect(world.hungUp).toEqual([
      { conn: FIRST, code: 1000 },
      { conn: FIRST + 1, code: 1000 },
    ]);
    expect(world.driver.timers()).toEqual([]);
  });

  test('closes the first at once when the second is left in the middle of its replay', () => {
    const drained = switching();
    drained.say(FIRST + 1, { type: 'GOAWAY', deadline: seconds(9), retryAfter: ms(300), lastSend: 0 });
    drained.run(DELAY);
    expect(drained.driver.state.handover).toEqual({ stage: 'waiting' });
    const moved = switching();
    moved.tell({ type: 'moved' });
    for (const world of [drained, moved]) {
      expect(world.hungUp).toContainEqual({ conn: FIRST, code: 1000 });
      expect(world.driver.timers()).not.toContain(`drained ${FIRST}`);
    }
  });

  test('keeps the first until the replay of every stream is over, however often that of one is', () => {
    const { driver } = switching([8, 9]);
    const end = (stream: number) =>
      driver.tell({
        type: 'frame',
        conn: FIRST + 1,
        payload: { type: 'REPLAY_END', stream, epoch: 1, seq: 0 },
        bytes: 1,
      });
    end(8);
    end(8);
    expect(driver.state.handover).toEqual({ stage: 'switching', old: FIRST });
    end(9);
    expect(driver.state.handover).toBe(null);
  });

  test('does not keep the first longer than dead_after when replay never ends', () => {
    const { driver } = switching();
    const end = driver.now + seconds(5);
    while ((driver.next()?.at ?? end + 1) <= end && driver.state.handover !== null) driver.fire();
    expect(driver.state.handover).toBe(null);
    expect(driver.now).toBeLessThanOrEqual(end);
  });
});
