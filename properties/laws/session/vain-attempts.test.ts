/** The law of vain attempts: dials and tokens that cannot succeed are caught, those that might are not. */
import { describe, expect, test } from 'vitest';
import type { Frame, Token } from '../../../src/session/wire/frames.ts';
import { at, ms, seconds } from '../../../src/time.ts';
import { vainAttempts } from './vain-attempts.ts';
import { hello, honest, TOKEN, verdict, type Written, written } from './written.ts';

const says = (run: Written): string[] => verdict(vainAttempts, run);
const begun = (): Written => written().intent('start').connect(1);
const show =
  (token: Token, conn = 2): ((run: Written) => Written) =>
  (run) =>
    run.send(conn, 'c1', { ...(hello(conn) as object), token } as Frame);

describe('an honest history holds', () => {
  test('across a lost connection', () => expect(says(honest())).toEqual([]));

  test('when it dials as soon as it is online, and beside a connection that works', () => {
    expect(says(begun().intent('offline').close(1).intent('online').dial(2))).toEqual([]);
    expect(says(begun().dial(2).hangUp(2).dial(3))).toEqual([]);
  });

  test('when a new page has not heard that it is offline, or what a server called expired', () => {
    const run = begun().intent('offline').next().say('reloaded', 'c1', { kept: true });
    expect(says(run.intent('start').dial(2))).toEqual([]);
    const again = begun().close(1, 4004).next().say('reloaded', 'c1', { kept: true }).dial(2).open(2);
    expect(says(show(TOKEN)(again))).toEqual([]);
  });

  test('when a token that lives no longer than a dial is over by then', () => {
    const brief = { ...TOKEN, serial: 2, expiresAt: at(4_000_000) };
    const run = written().intent('start').next().say('issued', 'auth', { token: brief });
    expect(says(show(brief)(run.dial(2).wait(seconds(5)).open(2)))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a dial from a device that is offline', () => {
    expect(says(begun().intent('offline').close(1).dial(2))).toEqual([
      'c1 dialled connection #2 although its device had said that it is offline.',
    ]);
  });

  test('a dial while another one is on its way', () => {
    expect(says(written().intent('start').dial(1).wait(ms(5)).dial(2))).toEqual([
      'c1 dialled connection #2 while connection #1 was on its way.',
    ]);
    expect(says(begun().dial(2).open(2).dial(3))).toEqual([
      'c1 dialled connection #3 while connection #2 was on its way.',
    ]);
  });

  test('a token that a server has called expired', () => {
    const run = begun().close(1, 4004).wait(seconds(2)).dial(2).open(2);
    expect(says(show(TOKEN)(run))).toEqual([
      'c1 showed token 1 with HELLO on connection #2, which a server had called expired 2 s earlier.',
    ]);
  });

  test('a token that is over', () => {
    const brief = { ...TOKEN, serial: 2, expiresAt: at(60_000_000) };
    const run = written().intent('start').next().say('issued', 'auth', { token: brief }).wait(seconds(61));
    expect(says(show(brief)(run.dial(2).open(2)))).toEqual([
      'c1 showed token 2 with HELLO on connection #2, which was over since 1 s.',
    ]);
  });
});
