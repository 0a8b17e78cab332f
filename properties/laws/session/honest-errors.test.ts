/** The law of honest errors: told once, by name, in time; and no silence that nobody ends. */
import { describe, expect, test } from 'vitest';
import type { ApplicationError } from '../../../src/errors.ts';
import { ms, seconds } from '../../../src/time.ts';
import { honestErrors } from './honest-errors.ts';
import { data, goaway, honest, verdict, type Written, written } from './written.ts';

const begun = (): Written => written().intent('start').connect(1);
const says = (run: Written): string[] => verdict(honestErrors, run);

describe('an honest history holds', () => {
  test('across a lost connection', () => {
    expect(says(honest())).toEqual([]);
  });

  test('when a session is replaced and the application told, in either order', () => {
    const run = begun().close(1).retry(ms(10)).connect(2, { session: 2, resumed: false }).tell('session_expired');
    expect(says(run.close(2).retry(ms(10)).dial(3).intent('leave'))).toEqual([]);
    const reversed = begun().close(1).retry(ms(10)).dial(2).open(2).tell('session_expired');
    expect(says(reversed.welcome(2, { session: 2, resumed: false }).close(2).retry(ms(10)).dial(3))).toEqual([]);
  });

  test('when a client that was told to stop says so', () => {
    expect(says(begun().close(1, 4003).tell('unauthorized').rest())).toEqual([]);
  });

  test('when a take-over by the own second connection ends the first', () => {
    const run = begun().hear(1, goaway).dial(2).hangUp(2).close(1, 4001).retry(ms(10)).dial(3);
    expect(says(run.intent('leave'))).toEqual([]);
  });

  test('when offline lasts for hours, and before anything was started', () => {
    expect(
      says(begun().close(1).intent('offline').wait(seconds(9000)).intent('online').dial(2).intent('leave')),
    ).toEqual([]);
    expect(says(written().intent('offline').intent('online').wait(seconds(900)).intent('start').dial(1))).toEqual([]);
  });

  test('when a dead connection is given up after a probe', () => {
    expect(says(begun().wait(seconds(15)).hangUp(1).retry(ms(10)).dial(2).intent('leave').rest())).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('an error with an unknown name', () => {
    expect(says(begun().tell('oops' as ApplicationError))).toEqual([
      'c1 was told oops, which is no error that an application knows.',
    ]);
  });

  test('a terminal error that is told twice, or does not end the client', () => {
    const run = begun().close(1).tell('attempts_exhausted');
    expect(says(run.tell('taken_over'))).toEqual([
      'c1 was told taken_over after attempts_exhausted, which had already ended it.',
    ]);
    expect(says(begun().tell('taken_over').dial(2))[0]).toBe(
      'c1 dialled connection #2 after it was told taken_over, which is terminal.',
    );
    expect(says(begun().tell('taken_over').receive(1))[0]).toContain(
      'handed stream 1 seq 1 after it was told taken_over',
    );
    expect(says(begun().tell('taken_over').welcome(1))[0]).toContain('given session 1 after it was told taken_over');
  });

  test('a life after the farewell', () => {
    expect(says(begun().intent('leave').receive(1))[0]).toContain('after its application had left');
    expect(says(begun().intent('leave').dial(2))[0]).toContain('after its application had left');
  });

  test('a close code that means stop, ignored', () => {
    expect(says(begun().close(1, 4001).retry(ms(10)).dial(2))).toEqual([
      'c1 dialled connection #2 after a close with 4001, which means stop, and told its application nothing.',
    ]);
  });

  test('a session that is replaced without a word, or the word without the deed', () => {
    const run = begun().close(1).retry(ms(10)).connect(2, { session: 2, resumed: false }).close(2).retry(ms(10));
    expect(says(run.dial(3))).toEqual([
      'c1 lost its session and started a clean one, but its application was not told session_expired.',
    ]);
    expect(says(begun().tell('session_expired').close(1).retry(ms(10)).dial(2))).toEqual([
      'c1 was told session_expired 1 time, but 0 sessions were replaced.',
    ]);
  });

  test('a dead connection that is believed in', () => {
    expect(says(begun().wait(seconds(30)).hangUp(1))[0]).toBe(
      'c1 heard nothing on connection #1 for 20.25 s and did not give it up; it counts as dead after 10 s.',
    );
    expect(says(begun().wait(seconds(20.3)).hear(1, data(1)))[1]).toContain(
      'heard nothing on connection #1 for 20.3 s',
    );
  });

  test('a dial that is never given up', () => {
    expect(says(written().intent('start').dial(1).wait(seconds(11)).hangUp(1))[0]).toBe(
      'c1 held on to connection #1 for 10.25 s without a WELCOME; it must give up after 10 s.',
    );
  });

  test('a client that does nothing after a loss, for a while or for ever', () => {
    expect(says(begun().close(1).wait(seconds(31)).dial(2).intent('leave'))[0]).toBe(
      'c1 had neither a connection nor a wait for 5.25 s and told nobody.',
    );
    expect(says(begun().close(1).rest())).toEqual([
      'c1 came to rest without a connection, a wait, or an error told to its application.',
    ]);
  });
});
