/** Tokens at the server alone, by script: until when that of a connection is accepted, and what happens then. */
import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../src/close-codes.ts';
import { at, seconds } from '../../src/time.ts';
import { chunk, chunks, cursor, Played, record, TOKEN } from '../machines/server.ts';

describe('a connection that is attached', () => {
  test('is closed with 4004 when its token is accepted no longer, leeway included', () => {
    const played = new Played();
    played.attach(1);
    played.state.conns[1] = { ...(played.state.conns[1] as object), livenessDue: 0 } as never;
    played.now = 64_999_999 as never;
    played.tell({ type: 'timer', timer: 'token', key: 1 });
    expect(played.closes()).toEqual([]);
    played.now = 65_000_000 as never;
    played.tell({ type: 'timer', timer: 'token', key: 1 });
    expect(played.closes()).toEqual([CLOSE.tokenExpired]);
  });

  test('is not renewed with a token that is over by the clock of this host, whatever the service says', () => {
    const played = new Played();
    played.attach(1);
    played.now = at(50_000_000);
    played.frame(1, { type: 'AUTH', token: { ...TOKEN, serial: TOKEN.serial + 1 } });
    const { op } = played.asked('verify');
    played.hear({ type: 'verified', op, verdict: 'ok', expiresAt: at(49_000_000), lives: seconds(5) });
    expect(played.sent('AUTH')).toEqual([]);
    expect(played.closes()).toEqual([CLOSE.tokenExpired]);
  });

  test('is not welcomed when its token ran out while the store claimed the session', () => {
    const played = new Played();
    played.greet(1);
    played.verify();
    played.now = at(65_000_000);
    played.claim(1);
    expect(played.sent('WELCOME')).toEqual([]);
    expect(played.closes()).toEqual([CLOSE.tokenExpired]);
  });

  test('hears nothing more of a stream when its token is over and the timer that says so is late', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 2 })], cursors: [cursor(2)] });
    const durable = { type: 'durable', session: 1, generation: 1, stream: 1, epoch: 1 } as const;
    played.hear({ ...durable, seq: 3, chunk: chunk(3) });
    expect(played.sent('DATA')).toHaveLength(1);
    played.now = at(65_000_000);
    played.hear({ ...durable, seq: 4, chunk: chunk(4) });
    expect(played.sent('DATA')).toEqual([]);
  });

  test('is ended by whatever comes first once its token is over, before anything is said', () => {
    const first: readonly ((played: Played, asked: { read: number; submit: number }) => void)[] = [
      (played, { read: op }) =>
        played.hear({
          type: 'entries',
          op,
          session: 1,
          stream: 1,
          epoch: 1,
          from: 1,
          chunks: chunks(1, 2),
          head: 2,
          oldest: 1,
        }),
      (played, { submit: op }) =>
        played.hear({ type: 'submitted', op, session: 1, clientSeq: 1, key: 'k1', stream: null }),
      (played) => played.tell({ type: 'timer', timer: 'goaway', key: 1 }),
      (played) => played.ack(1, 2),
      (played) => played.frame(1, { type: 'PING', nonce: 1 }),
      (played) => played.hear({ type: 'probe', op: 1 }),
    ];
    for (const happens of first) {
      const played = new Played();
      played.attach(1, { streams: [record({ head: 2 })], cursors: [cursor(0)] });
      const read = played.asked('read').op;
      played.send(1, 1);
      const submit = played.asked('submit').op;
      played.tell({ type: 'drain', deadline: seconds(200) });
      played.now = at(65_000_000);
      happens(played, { read, submit });
      expect(played.effects('send').map(({ payload }) => payload.type)).toEqual(['ERROR']);
      expect(played.closes()).toEqual([CLOSE.tokenExpired]);
    }
  });

  test('is closed with 4003 when the token that it was admitted with is revoked', () => {
    const played = new Played();
    played.attach(1);
    played.hear({ type: 'revoked', subject: 'c2', serial: 99 });
    played.hear({ type: 'revoked', subject: 'c1', serial: TOKEN.serial - 1 });
    expect(played.closes()).toEqual([]);
    played.hear({ type: 'revoked', subject: 'c1', serial: TOKEN.serial });
    expect(played.closes()).toEqual([CLOSE.unauthorized]);
  });

  test('is closed when its own token is over, also when that of another was over before', () => {
    const played = new Played();
    played.attach(1);
    played.greet(2, { client: 'c2' });
    const lives = seconds(100);
    played.hear({ type: 'verified', op: played.asked('verify').op, verdict: 'ok', expiresAt: at(lives), lives });
    played.claim(2, { session: 2 });
    played.now = at(65_000_000);
    played.tell({ type: 'timer', timer: 'token', key: 1 });
    expect(played.effects('close')).toMatchObject([{ conn: 1, code: CLOSE.tokenExpired }]);
    played.now = at(lives);
    played.tell({ type: 'timer', timer: 'token', key: 2 });
    expect(played.effects('close')).toMatchObject([{ conn: 2, code: CLOSE.tokenExpired }]);
  });
});

describe('a connection whose token was not judged yet', () => {
  test('is not closed when an older one of its client is revoked', () => {
    const played = new Played();
    played.greet(1);
    played.hear({ type: 'revoked', subject: 'c1', serial: TOKEN.serial - 1 });
    expect(played.closes()).toEqual([]);
  });
});

describe('a server', () => {
  test('whose clock jumps back accepts no token for longer than its service gave it to live', () => {
    const played = new Played();
    played.now = at(1_000_000);
    played.greet(1);
    played.now = at(1_200_000);
    played.verify();
    played.claim(1);
    played.tell({ type: 'clock', ahead: -3_600_000_000 });
    // 63.8 s, counted from the question at 1 s, because the service may have judged it at once.
    played.now = at(64_799_999);
    played.tell({ type: 'timer', timer: 'token', key: 1 });
    expect(played.closes()).toEqual([]);
    played.now = at(64_800_000);
    played.tell({ type: 'timer', timer: 'token', key: 1 });
    expect(played.closes()).toEqual([CLOSE.tokenExpired]);
  });

  test('whose clock jumps ahead calls tokens expired that are not, and no more when it jumps back', () => {
    const played = new Played();
    played.attach(1);
    played.tell({ type: 'clock', ahead: 70_000_000 });
    played.pass(0);
    expect(played.closes()).toEqual([CLOSE.tokenExpired]);
    played.tell({ type: 'clock', ahead: 0 });
    played.attach(2);
    played.pass(0);
    expect(played.closes()).toEqual([]);
  });
});
