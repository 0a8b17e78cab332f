/**
 * What becomes of a client in a friendly world that is bent at one place: it connects, streams, drops, resumes, backs
 * off, gives up, expires. All laws of the client watch every step of it.
 */
import { describe, expect, test } from 'vitest';
import { WORLD_POLICY } from '../../sim/session/scenarios/policy.ts';
import type { Frame, Welcome } from '../../src/session/wire/frames.ts';
import { at, minutes, ms, seconds } from '../../src/time.ts';
import { chunk } from '../machines/server.ts';
import { CONFIG } from './client/driver.ts';
import { welcomeOf } from './client/walk.ts';
import { connected, DELAY, World } from './client/world.ts';

/** 1 to n. */
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('in a friendly world', () => {
  test('a client connects, sends, and receives its answer whole', () => {
    const world = connected().submit('a', 20).run(seconds(1));
    expect(world.driver.state.doing.phase).toBe('live');
    expect(world.outcomes()).toEqual({ a: 'done' });
    expect(world.received().get(1)).toEqual({ epoch: 1, seqs: upTo(20), done: true });
  });

  test('a send that was asked for before the start goes out with the first WELCOME', () => {
    const world = new World().submit('early', 0).start().run(seconds(1));
    expect(world.outcomes()).toEqual({ early: 'done' });
  });

  test('a connection that dies in the middle of an answer loses and repeats nothing', () => {
    for (const code of [1006, 1000, 1001, 1011, 1012, 1013, 4008, 4999]) {
      const world = connected().submit('a', 40).run(ms(200));
      world.close(world.owner(), code);
      world.run(seconds(5));
      expect(world.received().get(1)).toEqual({ epoch: 1, seqs: upTo(40), done: true });
      expect(world.dials.length).toBe(2);
      expect(world.errors()).toEqual([]);
    }
  });

  test('every dial after the first follows a retry timer at once', () => {
    const world = connected();
    world.refusing = true;
    world.close(world.owner(), 1006);
    world.run(seconds(120));
    expect(world.dials.length).toBeGreaterThan(5);
    world.refusing = false;
    world.run(seconds(30));
    expect(world.driver.state.doing.phase).toBe('live');
  });

  test('a path that goes silent is noticed within dead_after, and the session resumes when it is back', () => {
    const world = connected().submit('a', 60).run(ms(200));
    world.cut();
    world.run(seconds(5));
    expect(world.driver.state.doing.phase).not.toBe('live');
    world.run(seconds(20));
    world.heal();
    world.run(seconds(30));
    expect(world.received().get(1)).toEqual({ epoch: 1, seqs: upTo(60), done: true });
    expect(world.errors()).toEqual([]);
  });

  test('a quiet connection stays alive by PING and PONG alone', () => {
    const world = connected().run(seconds(60));
    expect(world.dials.length).toBe(1);
    expect(world.frames.filter(({ frame }) => frame.type === 'PING').length).toBeGreaterThan(20);
  });

  test('used-up attempts are told once, and what is unsettled settles', () => {
    const world = connected({ config: { policy: { ...WORLD_POLICY, attemptsMax: 3 } } });
    world.swallow = 1;
    world.submit('sent', 0).run(ms(15));
    world.refusing = true;
    world.close(world.owner(), 1006);
    world.run(ms(30)).submit('unsent', 0).run(seconds(60));
    expect(world.errors()).toEqual(['attempts_exhausted']);
    expect(world.outcomes()).toEqual({ sent: 'unknown', unsent: 'failed' });
    expect(world.dials.length).toBe(4);
    expect(world.driver.timers()).toEqual([]);
    world.submit('late', 0);
    expect(world.outcomes().late).toBe('failed');
  });

  test('used-up time is told as such', () => {
    const world = new World({ config: { policy: { ...WORLD_POLICY, elapsedMax: seconds(20) } } });
    world.refusing = true;
    world.start().run(seconds(120));
    expect(world.errors()).toEqual(['elapsed_exhausted']);
    expect(Math.max(...world.dials.map((dial) => dial.at))).toBeLessThanOrEqual(seconds(20));
  });

  test('a connection that dies before it proved itself does not reset the attempts; one that lived does', () => {
    const world = connected();
    for (let i = 0; i < 3; i++) {
      world.close(world.owner(), 1006);
      world.run(DELAY);
      while (world.driver.state.doing.phase !== 'live') world.run(ms(10));
    }
    expect(world.driver.state.backoff.attempt).toBe(3);
    world.run(seconds(6));
    world.close(world.owner(), 1006);
    world.run(ms(20));
    expect(world.driver.state.backoff.attempt).toBe(1);
  });

  test('a lost SEND_ACK makes the client send again, and the send takes effect once', () => {
    const world = connected();
    world.swallow = 1;
    world.submit('a', 0).run(ms(50));
    expect(world.outcomes()).toEqual({});
    world.close(world.owner(), 1006);
    world.run(seconds(3));
    expect(world.outcomes()).toEqual({ a: 'done' });
    expect(world.performed).toEqual(['a']);
  });

  test('an expired session is told, its sends are unknown, unsent ones go out in the new one from client_seq 1', () => {
    const world = connected().submit('a', 50).run(ms(100));
    world.swallow = 1;
    world.submit('b', 0).run(ms(15));
    const conn = world.owner();
    world.expire();
    world.close(conn, 1006);
    world.run(ms(11)).submit('c', 5).run(seconds(3));
    expect(world.errors()).toEqual(['session_expired']);
    expect(world.outcomes()).toEqual({ a: 'done', b: 'unknown', c: 'done' });
    expect(world.received().get(1)).toEqual({ epoch: 1, seqs: upTo(5), done: true });
    const sends = world.frames.flatMap(({ frame }) => (frame.type === 'SEND' ? [frame.clientSeq] : []));
    expect(sends).toEqual([1, 2, 1]);
  });

  test('of a session that expired nothing is told but that', () => {
    const world = connected().submit('a', 50).run(ms(50));
    // The first chunk is announced, and never comes.
    const payload = { type: 'SEND_ACK', clientSeq: 2, key: 'b', stream: 7 } as const;
    world.submit('b', 0);
    world.driver.tell({ type: 'frame', conn: world.owner(), payload, bytes: 1 });
    world.close(world.owner(), 1006);
    world.expire();
    world.run(seconds(3));
    expect(world.errors()).toEqual(['session_expired']);
  });

  test('a session of another name is not resumed, whatever the server calls it', () => {
    const world = connected();
    world.close(world.owner(), 1006);
    while (world.driver.state.doing.phase !== 'handshaking') world.run(ms(1));
    const { driver } = world;
    const payload: Welcome = { ...(welcomeOf(driver) as Welcome), session: 99, resumed: true };
    const told = driver.tell({ type: 'frame', conn: CONFIG.connBase + world.dials.length, payload, bytes: 1 });
    expect(told).toContainEqual({ type: 'report', error: 'session_expired', detail: 'a clean session was started' });
  });

  test('the end of a stream is acknowledged again to a server that missed it', () => {
    const world = connected().submit('a', 5);
    while (!world.received().get(1)?.done) world.run(ms(1));
    world.close(world.owner(), 1006);
    world.run(seconds(3));
    const acks = world.frames.filter(({ conn, frame }) => conn > CONFIG.connBase + 1 && frame.type === 'ACK');
    expect(acks).toMatchObject([{ frame: { stream: 1, seq: 5 } }]);
  });

  test('a new epoch swaps the content at once, and goes on from there', () => {
    const world = connected().submit('a', 30).run(ms(150));
    world.regenerate();
    world.close(world.owner(), 1006);
    world.run(seconds(3));
    expect(world.received().get(1)).toEqual({ epoch: 2, seqs: upTo(30), done: true });
    expect(world.told.filter((effect) => effect.type === 'replace').length).toBe(1);
  });

  test('DATA of another epoch is dropped: it is neither the next chunk nor a gap', () => {
    const world = connected().submit('a', 40).run(ms(200));
    const { driver } = world;
    const conn = world.owner();
    const last = world.received().get(1)?.seqs.at(-1) ?? 0;
    for (const seq of [1, last + 1, last + 5]) {
      const payload = { type: 'DATA', stream: 1, epoch: 2, seq, chunk: chunk(seq) } as const;
      expect(driver.tell({ type: 'frame', conn, payload, bytes: 1 }).map(({ type }) => type)).not.toContain('deliver');
    }
    world.run(seconds(2));
    expect(world.received().get(1)).toEqual({ epoch: 1, seqs: upTo(40), done: true });
    expect(world.dials.length).toBe(1);
  });

  test('flow control lets nothing starve: an answer much longer than the credit arrives', () => {
    const world = connected({ config: { credit: 250, ackEvery: 100 } })
      .submit('a', 50)
      .run(seconds(4));
    expect(world.received().get(1)?.seqs).toEqual(upTo(50));
  });

  test('a chunk is acknowledged within ack_delay, the end of a stream at once', () => {
    const world = connected({ config: { ackEvery: 100 } })
      .submit('a', 3)
      .run(ms(31));
    const acks = (): number => world.frames.filter(({ frame }) => frame.type === 'ACK').length;
    expect(world.received().get(1)?.seqs).toEqual([1]);
    expect(acks()).toBe(0);
    world.run(ms(20));
    expect(acks()).toBe(1);
    const slow = connected({ config: { ackEvery: 100 } })
      .submit('a', 2)
      .run(ms(400));
    expect(slow.frames.filter(({ frame }) => frame.type === 'ACK').length).toBe(1);
  });

  test('a gap is refused with 1002, and the connection after it is whole', () => {
    const world = connected().submit('a', 40).run(ms(200));
    const chunk = { content: 1, start: 9000, end: 9100, sum: 1, part: 0, fin: false };
    world.say(world.owner(), { type: 'DATA', stream: 1, epoch: 1, seq: 90, chunk });
    world.run(seconds(3));
    expect(world.hungUp).toContainEqual({ conn: CONFIG.connBase + 1, code: 1002 });
    expect(world.received().get(1)?.seqs).toEqual(upTo(40));
  });

  test('a code that stops the client is told by its name, once', () => {
    const codes = { 4001: 'taken_over', 4003: 'unauthorized', 4005: 'version_unsupported', 1002: 'protocol_error' };
    for (const [code, error] of Object.entries({ ...codes, 1008: 'protocol_error', 1009: 'protocol_error' })) {
      const world = connected();
      world.close(world.owner(), Number(code));
      world.run(seconds(60));
      expect(world.errors()).toEqual([error]);
      expect(world.dials.length).toBe(1);
    }
  });

  test('an expired token is replaced during the wait, so that the dial comes when the wait is over', () => {
    const world = connected();
    world.close(world.owner(), 4004);
    world.run(DELAY);
    const { doing } = world.driver.state;
    world.run(seconds(3));
    expect(doing).toEqual({ phase: 'backoff', until: world.dials[1]?.at });
    const hellos = world.frames.flatMap(({ frame }) => (frame.type === 'HELLO' ? [frame.token.serial] : []));
    expect(hellos).toEqual([1, 2]);
    expect(world.driver.state.doing.phase).toBe('live');
  });

  test('a token is renewed in band before it expires, and asked for again when no answer comes', () => {
    const world = new World();
    world.tokenTtl = seconds(90);
    world.start().run(seconds(25));
    world.authDown = true;
    world.run(seconds(12));
    world.authDown = false;
    world.run(seconds(300));
    const serials = world.frames.flatMap(({ frame }) => (frame.type === 'AUTH' ? [frame.token.serial] : []));
    expect(serials.length).toBeGreaterThan(5);
    expect(world.dials.length).toBe(1);
  });

  test('without a token service a client waits by its policy, and dials when it has a token', () => {
    const world = new World();
    world.authDown = true;
    world.start().run(seconds(20));
    expect(world.dials).toEqual([]);
    world.authDown = false;
    world.run(seconds(30));
    expect(world.driver.state.doing.phase).toBe('live');
  });

  test('a retry_after is a floor for the wait after its connection', () => {
    const world = connected();
    const conn = world.owner();
    const error = { type: 'ERROR', code: 'unavailable', reason: '', clientSeq: 0, retryAfter: seconds(40) } as const;
    world.say(conn, error);
    world.close(conn, 1013);
    world.run(seconds(39));
    expect(world.dials.length).toBe(1);
    world.run(seconds(10));
    expect(world.dials.length).toBe(2);
  });

  test('a place that is kept is named by the dial behind the wait for it, and by no other', () => {
    const world = connected();
    const conn = world.owner();
    const error = { type: 'ERROR', code: 'unavailable', reason: '', clientSeq: 0, retryAfter: seconds(40) } as const;
    world.say(conn, error);
    world.close(conn, 1013, 'slot=17');
    world.run(seconds(42));
    expect(world.dials.length).toBe(2);
    world.close(world.dials[1]?.conn as number, 1006);
    world.run(seconds(20));
    expect(world.dials.map(({ url }) => url)).toEqual([undefined, 'wss://lb/?slot=17', undefined]);
  });

  test('a token that is renewed during the handshake is presented after it', () => {
    const world = new World().start();
    while (world.driver.state.doing.phase !== 'handshaking') world.run(ms(1));
    const token = { subject: 'c1', serial: 77, expiresAt: at(minutes(60)), signature: 1 };
    world.tell({ type: 'message', from: 'auth', message: { type: 'issued', op: 0, token } });
    world.run(seconds(1));
    const shown = world.frames.flatMap(({ frame }) => (frame.type === 'AUTH' ? [frame.token.serial] : []));
    expect(shown).toEqual([77]);
  });

  test('a replay that ends behind what was received is a gap', () => {
    const world = connected().submit('a', 40).run(ms(200));
    world.say(world.owner(), { type: 'REPLAY_END', stream: 1, epoch: 1, seq: 90 });
    world.run(seconds(3));
    expect(world.hungUp).toContainEqual({ conn: CONFIG.connBase + 1, code: 1002 });
    expect(world.received().get(1)?.seqs).toEqual(upTo(40));
  });

  test('a complete stream that the server no longer holds is forgotten', () => {
    const world = connected().submit('a', 5).run(seconds(1));
    expect(Object.keys(world.driver.state.streams)).toEqual(['1']);
    world.close(world.owner(), 1006);
    world.run(seconds(2));
    expect(world.driver.state.streams).toEqual({});
  });

  test('a stream that stalled before its first chunk and then came whole is not called gone', () => {
    const world = connected().submit('a', 5);
    while (world.driver.state.promised[1] === undefined) world.run(ms(1));
    const payload: Frame = { type: 'STALLED', stream: 1, epoch: 1, seq: 0 };
    world.tell({ type: 'frame', conn: world.owner(), payload, bytes: 1 });
    world.run(seconds(1));
    expect(world.received().get(1)).toEqual({ epoch: 1, seqs: upTo(5), done: true });
    world.close(world.owner(), 1006);
    world.run(seconds(2));
    expect(world.errors()).toEqual([]);
    expect(world.driver.state.streams).toEqual({});
  });

  test('a client that starts offline asks for nothing until it is online', () => {
    const world = new World();
    world.tell({ type: 'offline' });
    world.start().run(seconds(60));
    expect(world.driver.timers()).toEqual([]);
    expect(world.driver.state.doing.phase).toBe('suspended');
    world.tell({ type: 'online' });
    world.run(seconds(1));
    expect(world.driver.state.doing.phase).toBe('live');
  });

  test('offline, a client dials nothing and keeps what is open; online, it dials at once', () => {
    const world = connected();
    world.tell({ type: 'offline' });
    world.run(seconds(1));
    expect(world.driver.state.doing.phase).toBe('live');
    world.close(world.owner(), 1006);
    world.run(seconds(60));
    expect(world.driver.state.doing.phase).toBe('suspended');
    expect(world.dials.length).toBe(1);
    world.tell({ type: 'online' });
    expect(world.dials.length).toBe(2);
    expect(world.driver.state.backoff.attempt).toBe(0);
    world.run(seconds(1));
    expect(world.driver.state.doing.phase).toBe('live');
  });

  test('online in the middle of a wait dials at once and counts no attempt', () => {
    const world = connected();
    world.refusing = true;
    world.close(world.owner(), 1006);
    world.run(seconds(20));
    while (world.driver.state.doing.phase !== 'backoff') world.run(ms(10));
    const { dials } = world;
    const before = { dials: dials.length, attempt: world.driver.state.backoff.attempt };
    world.tell({ type: 'online' });
    expect(dials.length).toBe(before.dials + 1);
    expect(world.driver.state.backoff.attempt).toBe(before.attempt);
  });

  test('online on an open connection asks whether it is alive', () => {
    const world = connected();
    world.tell({ type: 'online' });
    expect(world.frames.at(-1)?.frame.type).toBe('PING');
  });

  test('a liveness timer that fires late probes before it judges', () => {
    const { driver } = connected();
    const until = (): void => {
      while (driver.next()?.name !== 'liveness') driver.fire();
    };
    until();
    const effects = driver.fire(seconds(60));
    expect(effects.map((effect) => effect.type)).toEqual(['send', 'setTimer']);
    expect(driver.state.doing.phase).toBe('live');
    until();
    driver.fire();
    expect(driver.state.doing.phase).toBe('backoff');
  });

  test('a judgement that fires late, because the tab was suspended once more, probes again', () => {
    const { driver } = connected();
    const until = (): void => {
      while (driver.next()?.name !== 'liveness') driver.fire();
    };
    for (let times = 0; times < 3; times++) {
      until();
      const effects = driver.fire(seconds(60));
      expect(effects.map((effect) => effect.type)).toEqual(['send', 'setTimer']);
      expect(driver.state.doing.phase).toBe('live');
    }
    until();
    driver.fire();
    expect(driver.state.doing.phase).toBe('backoff');
  });

  test('an answer to the late probe saves the connection', () => {
    const { driver } = connected();
    while (driver.next()?.name !== 'liveness') driver.fire();
    driver.fire(seconds(60));
    driver.pass(ms(100));
    const conn = CONFIG.connBase + 1;
    driver.tell({ type: 'frame', conn, payload: { type: 'PONG', nonce: 1 }, bytes: 9 });
    const end = driver.now + seconds(3);
    while ((driver.next()?.at ?? end) < end) driver.fire();
    expect(driver.state.doing.phase).toBe('live');
  });

  test('leaving closes with 1000, settles honestly, and leaves no timer', () => {
    const world = connected();
    world.swallow = 1;
    world.submit('sent', 0).run(ms(50));
    world.tell({ type: 'leave' });
    expect(world.hungUp).toEqual([{ conn: CONFIG.connBase + 1, code: 1000 }]);
    expect(world.outcomes()).toEqual({ sent: 'unknown' });
    expect(world.driver.timers()).toEqual([]);
    const early = new World().submit('never sent', 0);
    early.tell({ type: 'leave' });
    expect(early.outcomes()).toEqual({ 'never sent': 'failed' });
  });

  test('the outbox refuses what passes its limits, says so, and has room again when sends settle', () => {
    const world = new World().start();
    for (let i = 0; i < CONFIG.outboxCount; i++) world.submit(`k${i}`, 0);
    world.submit('too many', 0);
    expect(world.errors()).toEqual(['outbox_full']);
    expect(world.outcomes()).toEqual({ 'too many': 'failed' });
    world.run(seconds(1)).submit('room', 0).submit('too big', 0, CONFIG.outboxBytes).run(seconds(1));
    expect(world.outcomes()).toMatchObject({ k0: 'done', room: 'done', 'too big': 'failed' });
    // The wire cannot carry it, so it would end every connection.
    expect(world.submit('half \ud83d', 0).run(seconds(1)).outcomes()).toMatchObject({ 'half \ud83d': 'failed' });
  });

  test('a key that is submitted again while it is unsettled is the same send', () => {
    const world = connected().submit('a', 0).submit('a', 0).run(seconds(1));
    expect(world.performed).toEqual(['a']);
    expect(world.told.filter((effect) => effect.type === 'settle').length).toBe(1);
  });

  test('a rejected send settles as failed, and the connection goes on', () => {
    const world = connected();
    world.swallow = 1;
    world.submit('a', 0).run(ms(15));
    const error = { type: 'ERROR', code: 'send_rejected', reason: '', clientSeq: 1, retryAfter: ms(0) } as const;
    world.say(world.owner(), error);
    world.run(seconds(1));
    expect(world.outcomes()).toEqual({ a: 'failed' });
    expect(world.dials.length).toBe(1);
  });

  test('a version that was not offered is refused with 1002', () => {
    const world = connected({ config: { protoMin: 2, protoMax: 3 } });
    expect(world.hungUp).toContainEqual({ conn: CONFIG.connBase + 1, code: 1002 });
    expect(world.driver.state.doing.phase).not.toBe('live');
  });
});
