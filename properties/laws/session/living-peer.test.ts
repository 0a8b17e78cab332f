/** The law of living peers: an end without a reason is caught, at client and server; silence and every real reason are not. */
import { describe, expect, test } from 'vitest';
import type { Frame, Token } from '../../../src/session/wire/frames.ts';
import { type Duration, ms, seconds } from '../../../src/time.ts';
import { livingPeer } from './living-peer.ts';
import { data, FACTS, honest, TOKEN, verdict, type Written, written } from './written.ts';

const says = (run: Written): string[] => verdict(livingPeer, run);
const begun = (): Written => written().intent('start').connect(1);
const pause = (run: Written, by: Duration): Written => {
  run.next().say('paused', 'c1', { begins: true }).wait(by);
  return run.next().say('paused', 'c1', { begins: false });
};
const ping: Frame = { type: 'PING', nonce: 1 };
/** A server ends a connection. */
const server = (run: Written, code: number, conn = 1): Written =>
  run.next().say('hungUp', 's1', { conn, code, reason: '' });
/** The server accepts connection 1, and hears HELLO on it. */
const served = (token: Token = TOKEN): Written => {
  const run = written().intent('start').say('issued', 'auth', { token: TOKEN }).dial(1);
  run.next().say('accepted', 's1', { conn: 1 }).open(1);
  run.carry(1, 'c1', 's1', { ...(HELLO as object), token } as Frame);
  return run.wait(ms(5)).welcome(1);
};
const HELLO: Frame = {
  type: 'HELLO',
  protoMin: 1,
  protoMax: 1,
  token: TOKEN,
  client: 'c1',
  dial: 1,
  credit: 400,
  resume: null,
};

describe('an honest history holds', () => {
  test('across a lost connection', () => expect(says(honest())).toEqual([]));

  test('when a client gives up what was silent, or was not answered', () => {
    expect(says(begun().wait(seconds(10)).hangUp(1).tell('peer_silent'))).toEqual([]);
    expect(says(written().intent('start').dial(1).wait(seconds(5)).hangUp(1))).toEqual([]);
    expect(says(written().intent('start').dial(1).open(1).wait(seconds(5)).hangUp(1))).toEqual([]);
  });

  test('when a late timer probes, and waits for the answer', () => {
    const run = pause(begun(), seconds(3600)).send(1, 'c1', ping).wait(seconds(5));
    expect(says(run.hangUp(1))).toEqual([]);
  });

  test('when its application leaves, its device goes, or a terminal error ends it in the same event', () => {
    for (const intent of ['leave', 'offline', 'moved'] as const) {
      const run = written().intent('start').dial(1).wait(ms(5)).intent(intent);
      expect(says(run.say('hungUp', 'c1', { conn: 1, code: 1006, reason: '' }).dial(2))).toEqual([]);
    }
    expect(says(begun().hangUp(1).tell('attempts_exhausted').wait(ms(1)).dial(2))).toEqual([]);
  });

  test('when another connection took over', () => {
    expect(says(begun().connect(2, { generation: 2 }).hangUp(1, 1000))).toEqual([]);
  });

  test('when a server has its reason: a newer owner, a token that is over or taken back, a fault of its own', () => {
    const taken = served().next().say('owned', 'store', { session: 1, generation: 2, client: 'c1', server: 's2' });
    expect(says(server(taken, 4001))).toEqual([]);
    const revoked = served().next().say('revoked', 'auth', { subject: 'c1', serial: 1 });
    expect(says(server(revoked, 4003))).toEqual([]);
    expect(says(server(served().wait(seconds(1e6)), 4004))).toEqual([]);
    const asleep = served().next().say('paused', 's1', { begins: true }).wait(seconds(1));
    const over = { fault: 0, name: 'serverClose' };
    asleep
      .say('fault', 's1', { ...over, begins: true })
      .say('fault', 's1', { ...over, begins: false })
      .wait(seconds(1));
    asleep.say('paused', 's1', { begins: false }).next().say('hungUp', 's1', { conn: 1, code: 1000, reason: '' });
    expect(says(asleep)).toEqual([]);
    const draining = served().next().say('fault', 's1', { fault: 0, name: 'drain', begins: true });
    expect(says(server(draining, 1012))).toEqual([]);
    expect(says(server(served().wait(seconds(10)), 1006))).toEqual([]);
    const misplaced = served().carry(1, 'c1', 's1', data(1));
    expect(says(misplaced.say('hungUp', 's1', { conn: 1, code: 1002, reason: '' }))).toEqual([]);
  });

  test('when the services behind a server were ill a moment ago, or it admits only so many', () => {
    const ill = served().next().say('fault', 'store', { fault: 0, name: 'storeSlow', begins: true }).wait(seconds(9));
    ill.say('fault', 'store', { fault: 0, name: 'storeSlow', begins: false }).wait(seconds(4));
    expect(verdict(livingPeer, server(ill, 1013), { facts: { ...FACTS, admits: [] } })).toEqual([]);
    expect(says(server(served(), 1013))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a client that gives up what it has just heard', () => {
    expect(
      says(begun().wait(seconds(9)).hear(1, data(1)).wait(seconds(2)).hangUp(1).tell('peer_silent').next().rest()),
    ).toEqual([
      'c1 hung up on connection #1 as silent, although it had heard something on it 2 s earlier; it counts as dead after 10 s.',
    ]);
  });

  test('a client that judges by a late timer, without a probe or without waiting for its answer', () => {
    expect(says(pause(begun(), seconds(3600)).hangUp(1))[0]).toContain(
      'which says that its timer was late, and had sent no PING; a late one probes, and waits 5 s',
    );
    const asleep = pause(begun().wait(seconds(5)).send(1, 'c1', ping), seconds(3600));
    expect(says(asleep.wait(seconds(1)).hangUp(1))[0]).toContain('and had left its PING 1 s for an answer');
  });

  test('a dial, or a handshake, that is given up too soon', () => {
    expect(says(written().intent('start').dial(1).wait(seconds(1)).hangUp(1))[0]).toBe(
      'c1 hung up on connection #1 when its dial was under way for 1 s; it waits for 5 s before it gives up.',
    );
    expect(says(written().intent('start').dial(1).wait(seconds(4)).open(1).wait(seconds(2)).hangUp(1))[0]).toContain(
      'when it was open for 2 s',
    );
  });

  test('a client that closes a connection as malformed that is not, or says goodbye without leaving', () => {
    expect(says(begun().hear(1, data(1)).hear(1, data(2)).hangUp(1, 1002))[0]).toContain('as malformed');
    expect(says(begun().hear(1, data(1)).hear(1, data(3)).hangUp(1, 1002))).toEqual([]);
    expect(says(begun().hangUp(1, 1000))[0]).toContain('although its application had not left');
  });

  test('a server that closes for a reason that is none', () => {
    expect(says(server(served(), 4001))[0]).toContain('with 4001 although nobody had taken its session over');
    expect(says(server(served(), 4003))[0]).toContain('although its token and its session were its own');
    expect(says(server(served(), 4004))[0]).toContain('although its token had');
    expect(says(server(served(), 1012))[0]).toContain('although nothing was wrong with it');
    expect(says(server(served(), 1002))[0]).toContain('although everything that it brought was in its place');
    expect(says(server(served(), 1008))[0]).toContain('although only 0 of the 256 sends');
    expect(says(server(served().wait(seconds(1)), 1006))[0]).toContain('as silent, although it had heard something');
    expect(verdict(livingPeer, server(served(), 1013), { facts: { ...FACTS, admits: [] } })[0]).toContain(
      'although it admits everybody',
    );
  });
});
