/** The law of isolation: sessions keep to themselves, and a token is worth what the token service says. */
import { describe, expect, test } from 'vitest';
import type { Frame, Token } from '../../../src/session/wire/frames.ts';
import { at, seconds } from '../../../src/time.ts';
import { isolation } from './isolation.ts';
import { chunk, data, hello, honest, TOKEN, verdict, type Written, welcome, written } from './written.ts';

/** A token of `c1` that lives for a second. */
const SHORT: Token = { subject: 'c1', serial: 2, expiresAt: at(1_000_000), signature: 9 };
const FOREIGN: Token = { subject: 'c2', serial: 3, expiresAt: at(1e12), signature: 3 };

const issue = (run: Written, ...tokens: Token[]): Written => {
  for (const token of tokens) run.next().say('issued', 'auth', { token });
  return run;
};
const greet = (run: Written, token: Token, conn = 1): Written =>
  run
    .dial(conn)
    .open(conn)
    .carry(conn, 'c1', 's1', { ...hello(conn), token } as Frame);
const own = (run: Written, session: number, client: string): Written =>
  run.next().say('owned', 'store', { session, generation: 1, client, server: 's1' });
/** `c2` owns session 2, where its agent says content 1. */
const neighbour = (run: Written): Written =>
  own(issue(run, FOREIGN), 2, 'c2')
    .next()
    .say('produced', 'agent2', { session: 2, stream: 1, epoch: 1, seq: 1, chunk: chunk(1, 1) });

describe('an honest history holds', () => {
  test('of one client, and of two', () => {
    expect(verdict(isolation, honest())).toEqual([]);
    expect(verdict(isolation, neighbour(written().connect(1).produce(1)).hear(1, data(1)).receive(1))).toEqual([]);
  });

  test('when a token expires or is revoked between HELLO and WELCOME', () => {
    const late = greet(issue(written(), SHORT).wait(seconds(10)), SHORT)
      .wait(seconds(2))
      .welcome(1);
    expect(verdict(isolation, late)).toEqual([]);
    const revoked = greet(issue(written(), SHORT), SHORT).wait(seconds(1));
    revoked.say('revoked', 'auth', { subject: 'c1', serial: 2 });
    expect(verdict(isolation, revoked.welcome(1))).toEqual([]);
  });

  test('when a renewal is accepted before the old token is over', () => {
    const run = greet(issue(written(), SHORT, TOKEN), SHORT)
      .welcome(1)
      .produce(1);
    run.carry(1, 'c1', 's1', { type: 'AUTH', token: TOKEN }).hear(1, { type: 'AUTH', token: TOKEN });
    expect(verdict(isolation, run.wait(seconds(60)).hear(1, data(1)))).toEqual([]);
  });
});

describe('a token is over when the clock of its service or that of its server says so', () => {
  /** `SHORT` is shown and used so long after its expiry, which 10 s of leeway follow. */
  const used = (clocks: Record<string, number>, late: number): string[] => {
    const run = issue(written(), SHORT);
    for (const [node, behind] of Object.entries(clocks)) run.next().say('clock', node, { ahead: -seconds(behind) });
    greet(run, SHORT).welcome(1).produce(1);
    return verdict(isolation, run.wait(seconds(1 + late)).hear(1, data(1)));
  };

  test('so that it lasts longer when both are behind, and by the smaller difference', () => {
    expect(used({ auth: 20, s1: 5 }, 14)).toEqual([]);
    expect(used({ auth: 5, s1: 20 }, 14)).toEqual([]);
    expect(used({ auth: 20, s1: 5 }, 16)).toEqual([
      's1 sent DATA on connection #1 16 s after the token of c1 had expired; at most 15 s are permitted.',
    ]);
  });

  test('so that one wrong clock, or one that was right when it mattered, permits nothing', () => {
    for (const clocks of [{ auth: 20 }, { s1: 20 }, { auth: 20, s2: 20 }])
      expect(used(clocks, 11)[0]).toContain('at most 10 s are permitted');
    const run = issue(written(), SHORT);
    greet(run, SHORT).welcome(1).produce(1);
    for (const node of ['auth', 's1']) run.next().say('clock', node, { ahead: -seconds(20) });
    expect(verdict(isolation, run.wait(seconds(12)).hear(1, data(1)))[0]).toContain('at most 10 s are permitted');
  });

  test('also when it is shown, and until a new process starts', () => {
    const shown = (restart: boolean): string[] => {
      const run = issue(written(), SHORT);
      for (const node of ['auth', 's1']) run.next().say('clock', node, { ahead: -seconds(20) });
      if (restart) run.next().say('restarted', 's1', {});
      return verdict(isolation, greet(run.wait(seconds(12)), SHORT).welcome(1));
    };
    expect(shown(false)).toEqual([]);
    expect(shown(true)[0]).toContain('that had expired 11 s earlier');
  });
});

describe("a breach is caught: somebody else's session", () => {
  test('a WELCOME to it', () => {
    const run = own(greet(issue(written(), TOKEN), TOKEN), 2, 'c2');
    expect(verdict(isolation, run.hear(1, welcome(2, 1, false)))).toEqual([
      "s1 sent WELCOME to session 2 on connection #1 for a token of c1, but the session is c2's.",
    ]);
  });

  test('a chunk of it', () => {
    const run = neighbour(written().connect(1).produce(1));
    const stolen: Frame = { type: 'DATA', stream: 1, epoch: 1, seq: 1, chunk: chunk(1, 1) };
    expect(verdict(isolation, run.hear(1, stolen))).toEqual([
      's1 sent seq 1 of stream 1 (content 1) to c1 on connection #1 of session 1, where it was never produced; it belongs to session 2 of c2.',
    ]);
  });

  test('a chunk that was produced there and not yet here', () => {
    const run = written().connect(1).produce(1);
    run.say('produced', 'agent2', { session: 2, stream: 1, epoch: 1, seq: 2, chunk: chunk(2) });
    expect(verdict(isolation, run.hear(1, data(2)))[0]).toContain(
      'where it was never produced; it belongs to session 2',
    );
  });

  test('a snapshot with bytes of it', () => {
    const run = neighbour(written().connect(1).produce(1));
    const chunks = [chunk(1), chunk(1, 1)];
    expect(
      verdict(isolation, run.hear(1, { type: 'SNAPSHOT', stream: 1, epoch: 1, seq: 2, chunks, last: true })),
    ).toEqual([
      's1 sent a snapshot with bytes of content 1 to c1 as stream 1 of session 1, where only content 0 was produced.',
    ]);
  });

  test('an application that is given it', () => {
    const run = own(written(), 2, 'c2');
    run.say('restored', 'c1', { session: 2, generation: 2, resumed: true, context: { turns: 0, digest: 0 } });
    expect(verdict(isolation, run)).toEqual(["c1 was given session 2, which is c2's."]);
  });
});

describe('a breach is caught: a bad token', () => {
  test('one that was never given out, or was changed', () => {
    expect(verdict(isolation, greet(written(), TOKEN).welcome(1))).toEqual([
      's1 sent WELCOME to session 1 on connection #1 for a token of c1 that was never given out.',
    ]);
    const changed = { ...SHORT, expiresAt: at(1e12) };
    expect(verdict(isolation, greet(issue(written(), SHORT), changed).welcome(1))[0]).toContain('was never given out');
  });

  test('one that had expired', () => {
    const run = greet(issue(written(), SHORT).wait(seconds(12)), SHORT).welcome(1);
    expect(verdict(isolation, run)).toEqual([
      's1 sent WELCOME to session 1 on connection #1 for a token of c1 that had expired 11 s earlier.',
    ]);
  });

  test('one that had been revoked', () => {
    const run = issue(written(), SHORT);
    run.say('revoked', 'auth', { subject: 'c1', serial: 2 }).wait(seconds(1));
    expect(verdict(isolation, greet(run, SHORT).welcome(1))).toEqual([
      's1 sent WELCOME to session 1 on connection #1 for a token of c1 that had been revoked 1 s earlier.',
    ]);
  });

  test('a connection that outlives its token', () => {
    const run = greet(issue(written(), SHORT), SHORT).welcome(1).produce(1).wait(seconds(12));
    expect(verdict(isolation, run.hear(1, data(1)))).toEqual([
      's1 sent DATA on connection #1 11 s after the token of c1 had expired; at most 10 s are permitted.',
    ]);
  });

  test("a renewal with a bad token, or with somebody else's", () => {
    const accept = (token: Token): Written => {
      const run = issue(written().connect(1), FOREIGN);
      return run.carry(1, 'c1', 's1', { type: 'AUTH', token }).hear(1, { type: 'AUTH', token });
    };
    expect(verdict(isolation, accept(SHORT))).toEqual([
      's1 accepted a token of c1 on connection #1 that was never given out.',
    ]);
    expect(verdict(isolation, accept(FOREIGN))[0]).toContain('a renewal never changes for whom it is');
  });

  test('anything sent before WELCOME', () => {
    const run = greet(issue(written(), TOKEN), TOKEN).produce(1);
    expect(verdict(isolation, run.hear(1, data(1)))[0]).toBe(
      's1 sent seq 1 of stream 1 (content 0) on connection #1, which no token had opened.',
    );
    const ack: Frame = { type: 'SEND_ACK', clientSeq: 1, key: 'k1', stream: 1 };
    expect(verdict(isolation, run.hear(1, ack)).at(-1)).toContain('sent SEND_ACK on connection #1');
  });
});
