/** What a client does with RESET and SNAPSHOT: it holds the pieces, over connections, and swaps the whole in at once. */
import { describe, expect, test } from 'vitest';
import type { Frame, HeldPieces } from '../../src/session/wire/frames.ts';
import { ms, seconds } from '../../src/time.ts';
import { chunk, chunks } from '../machines/server.ts';
import { CONFIG } from './client/driver.ts';
import { connected, type World } from './client/world.ts';

/** 1 to n. */
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('a snapshot', () => {
  test('nothing counts between RESET and the snapshot that it names', () => {
    const world = connected().submit('a', 40).run(ms(200));
    const { driver } = world;
    const conn = world.owner();
    const last = world.received().get(1)?.seqs.at(-1) ?? 0;
    const shown = (payload: Frame) => driver.tell({ type: 'frame', conn, payload, bytes: 1 }).map(({ type }) => type);
    shown({ type: 'RESET', stream: 1, reason: 'epoch_changed', epoch: 2, oldestSeq: 1, held: 0 });
    expect(shown({ type: 'DATA', stream: 1, epoch: 1, seq: last + 1, chunk: chunk(last + 1) })).toEqual([]);
    const snapshot = { type: 'SNAPSHOT', stream: 1, seq: 1, chunks: [chunk(1)], last: true } as const;
    expect(shown({ ...snapshot, epoch: 1 })).toEqual([]);
    expect(shown({ ...snapshot, epoch: 2 })).toEqual(['replace', 'send']);
  });

  test('a cursor behind the replay window is served by a snapshot; one at its edge by replay', () => {
    const world = connected().submit('a', 200).run(ms(100));
    world.close(world.owner(), 1006);
    while (world.driver.state.doing.phase !== 'handshaking') world.run(ms(1));
    world.trim();
    world.run(seconds(4));
    expect(world.received().get(1)).toEqual({ epoch: 1, seqs: upTo(200), done: true });
    expect(world.told.filter((effect) => effect.type === 'replace').length).toBe(1);
    const still = connected().submit('a', 20).run(seconds(1));
    still.trim();
    still.close(still.owner(), 1006);
    still.run(seconds(3));
    expect(still.told.some((effect) => effect.type === 'replace')).toBe(false);
  });
});

describe('a snapshot behind what the client has', () => {
  const reset = (held: number, epoch = 1): Frame => ({
    type: 'RESET',
    stream: 1,
    reason: 'window_exceeded',
    epoch,
    oldestSeq: 9,
    held,
  });
  const piece = (from: number, to: number, last = true): Frame => ({
    type: 'SNAPSHOT',
    stream: 1,
    epoch: 1,
    seq: to,
    chunks: chunks(from, to),
    last,
  });
  const at = (seq: number, busy = false) => {
    const world = connected().submit('a', 0).run(ms(200));
    const { driver } = world;
    const conn = world.owner();
    const shown = (payload: Frame) => driver.tell({ type: 'frame', conn, payload, bytes: 1 });
    shown({ type: 'RESET', stream: 1, reason: 'epoch_changed', epoch: 1, oldestSeq: 1, held: 0 });
    shown(piece(1, seq - 2));
    if (busy) driver.tell({ type: 'busy' });
    for (const next of [seq - 1, seq]) shown({ type: 'DATA', stream: 1, epoch: 1, seq: next, chunk: chunk(next) });
    return { driver, shown };
  };
  const seqs = (effects: readonly { type: string }[]) =>
    effects.flatMap((effect) => ('seq' in effect && effect.type === 'deliver' ? [effect.seq] : []));

  test('extends it at once when it is whole', () => {
    const { driver, shown } = at(5);
    expect(shown(reset(5))).toEqual([]);
    expect(shown(piece(6, 7, false))).toMatchObject([{ type: 'send', payload: { type: 'HELD', seq: 7 } }]);
    const effects = shown(piece(8, 9));
    expect(effects.map(({ type }) => type)).toEqual(['deliver', 'deliver', 'deliver', 'deliver', 'send']);
    expect(seqs(effects)).toEqual([6, 7, 8, 9]);
    expect(driver.state.streams[1]).toMatchObject({ lastSeq: 9, bytes: 900, resync: null });
  });

  test('brings nothing twice that was received before', () => {
    const { shown } = at(5);
    shown(reset(3));
    expect(seqs(shown(piece(4, 9)))).toEqual([6, 7, 8, 9]);
  });

  test('hands over what waited for a busy application first', () => {
    const { driver, shown } = at(5, true);
    expect(driver.state.inbox).toHaveLength(2);
    shown(reset(5));
    expect(driver.state.inbox).toHaveLength(2);
    expect(seqs(shown(piece(6, 9)))).toEqual([4, 5, 6, 7, 8, 9]);
    expect(driver.state.inbox).toEqual([]);
  });

  test('is a malformed RESET where it begins behind more than was received, or in another epoch', () => {
    for (const wrong of [reset(6), reset(5, 2)]) {
      const { shown } = at(5);
      expect(shown(wrong).some(({ type }) => type === 'close')).toBe(true);
    }
  });
});

describe('a snapshot that its connection does not finish', () => {
  const CREDIT = CONFIG.credit;
  const reset = (held = 0, epoch = 2): Frame => ({
    type: 'RESET',
    stream: 1,
    reason: 'epoch_changed',
    epoch,
    oldestSeq: 1,
    held,
  });
  const piece = (from: number, to: number, last = false): Frame => ({
    type: 'SNAPSHOT',
    stream: 1,
    epoch: 2,
    seq: 9,
    chunks: chunks(from, to),
    last,
  });
  /** A client in the middle of an answer that begins anew, which holds the first two chunks of its snapshot. */
  function holding(): World {
    const world = connected().submit('a', 40).run(ms(200));
    const conn = world.owner();
    world.say(conn, reset());
    world.say(conn, piece(1, 2));
    return world.run(ms(30));
  }
  const helds = (world: World): Frame[] => world.frames.map(({ frame }) => frame).filter(({ type }) => type === 'HELD');
  /** What the last HELLO named as held. */
  function named(world: World): HeldPieces | null | undefined {
    const hello = world.frames.map(({ frame }) => frame).findLast((frame) => frame.type === 'HELLO');
    return hello?.resume?.streams[0]?.held;
  }
  /** The connection dies; the client is let go on until it has said HELLO on the next. */
  function handshake(world: World): World {
    world.close(world.owner(), 1006);
    while (world.driver.state.doing.phase !== 'handshaking') world.run(ms(1));
    return world;
  }

  test('is acknowledged piece by piece, with credit for the rest', () => {
    const world = holding();
    world.say(world.owner(), piece(3, 5));
    world.run(ms(30));
    expect(helds(world)).toEqual([
      { type: 'HELD', stream: 1, epoch: 2, seq: 2, limit: 200 + CREDIT },
      { type: 'HELD', stream: 1, epoch: 2, seq: 5, limit: 500 + CREDIT },
    ]);
  });

  test('is measured like what is processed, and no grant takes credit back', () => {
    const world = connected({ config: { pacing: { stretch: ms(100), least: 500 } } });
    const conn = world.owner();
    const pieces = [reset(), piece(1, 2), piece(3, 4), piece(5, 6), piece(7, 9, true)];
    for (const frame of pieces) {
      world.say(conn, frame);
      world.run(ms(90));
    }
    const limits = world.frames.flatMap(({ frame }) => ('limit' in frame ? [frame.limit] : []));
    expect(limits).toEqual([CREDIT, CREDIT, CREDIT, CREDIT]);
    expect(world.driver.state.pace.credit).toBeLessThan(CREDIT);
  });

  test('is progress: the backoff begins again', () => {
    const world = handshake(connected().submit('a', 0).run(ms(200)));
    world.driver.state.backoff = { ...world.driver.state.backoff, attempt: 7 };
    world.run(ms(100));
    const conn = world.owner();
    world.say(conn, reset());
    world.run(ms(30));
    expect(world.driver.state.backoff.attempt).toBe(7);
    world.say(conn, piece(1, 2));
    world.run(ms(30));
    expect(world.driver.state.backoff.attempt).toBe(0);
  });

  test('goes on on the next one, behind what HELLO names as held', () => {
    const world = holding();
    world.regenerate();
    handshake(world);
    expect(named(world)).toEqual({ epoch: 2, seq: 2, limit: 200 + CREDIT });
    world.run(seconds(3));
    expect(world.received().get(1)).toMatchObject({ epoch: 2, seqs: upTo(40), done: true });
    const swapped = world.told.filter((effect) => effect.type === 'replace');
    expect(swapped.map(({ seq, chunks: all }) => all.length === seq)).toEqual([true]);
  });

  test('goes on behind less than is held, or begins again, where RESET says so', () => {
    for (const held of [1, 0]) {
      const world = holding();
      world.say(world.owner(), reset(held));
      world.say(world.owner(), piece(held + 1, 9, true));
      world.run(ms(30));
      const swapped = world.told.filter((effect) => effect.type === 'replace');
      expect(swapped.map(({ chunks: all }) => all.map(({ sum }) => sum))).toEqual([upTo(9)]);
    }
  });

  test('is forgotten when replay goes on behind the cursor after all', () => {
    const world = handshake(holding());
    world.run(seconds(3));
    expect(world.received().get(1)).toEqual({ epoch: 1, seqs: upTo(40), done: true });
    expect(named(world)).not.toBeNull();
    handshake(world.submit('b', 40).run(ms(100)));
    expect(named(world)).toBeNull();
  });

  test('is a malformed RESET where more is called held than is, and then nothing is', () => {
    for (const wrong of [reset(3), reset(2, 3)]) {
      const world = holding();
      const conn = world.owner();
      world.say(conn, wrong);
      world.run(ms(30));
      expect(world.hungUp).toContainEqual({ conn, code: 1002 });
      while (world.driver.state.doing.phase !== 'handshaking') world.run(ms(1));
      expect(named(world)).toBeNull();
    }
  });

  test('is not named where a connection works beside the new one, which may finish it', () => {
    const world = holding();
    world.drain(0, seconds(10));
    while (world.driver.state.handover?.stage !== 'attempt') world.run(ms(1));
    world.say(world.owner(), piece(3, 4));
    world.run(ms(45));
    expect(world.frames.filter(({ frame }) => frame.type === 'HELLO')).toHaveLength(2);
    expect(named(world)).toBeNull();
  });

  test('has no pieces yet: then nothing is named', () => {
    const world = connected().submit('a', 40).run(ms(200));
    world.say(world.owner(), reset());
    handshake(world.run(ms(30)));
    expect(named(world)).toBeNull();
  });

  test('a resync that its connection did not finish is forgotten with it', () => {
    const world = connected().submit('a', 40).run(ms(200));
    const conn = world.owner();
    world.say(conn, { type: 'RESET', stream: 1, reason: 'window_exceeded', epoch: 1, oldestSeq: 5, held: 0 });
    world.close(conn, 1006);
    world.run(seconds(3));
    expect(world.received().get(1)?.seqs).toEqual(upTo(40));
  });
});
