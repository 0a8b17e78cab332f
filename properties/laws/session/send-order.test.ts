/** The law of send order: what overtakes is caught, at the store and on the wire; what is refused or lost leaves no gap. */
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/time.ts';
import { sendOrder } from './send-order.ts';
import { honest, verdict, type Written, written } from './written.ts';

const says = (run: Written): string[] => verdict(sendOrder, run);
const begun = (): Written => written().intent('start').connect(1);
const send = (run: Written, clientSeq: number, key: string, conn = 1): Written =>
  run.send(conn, 'c1', { type: 'SEND', clientSeq, key, ask: -1, bytes: 9 });

describe('an honest history holds', () => {
  test('across a lost connection', () => expect(says(honest())).toEqual([]));

  test('with several sends under way at once, repeated in order on the next connection', () => {
    const run = begun().submit('a').submit('b').submit('c');
    send(send(run, 1, 'a'), 2, 'b')
      .perform('a', 1)
      .close(1)
      .connect(2, { generation: 2 });
    send(send(send(run, 1, 'a', 2), 2, 'b', 2), 3, 'c', 2)
      .perform('b', 2)
      .perform('c', 3);
    expect(says(run)).toEqual([]);
  });

  test('where one was refused, and where a new session numbers the rest anew', () => {
    const run = begun().submit('a').submit('b').settle('b', 'failed').submit('c').submit('d');
    run.perform('a', 1).close(1).connect(2, { session: 2, resumed: false });
    send(send(run, 1, 'c', 2), 2, 'd', 2)
      .perform('c', 1, 2)
      .perform('d', 2, 2);
    expect(says(run)).toEqual([]);
  });

  test('of two tabs, each in its own order', () => {
    const run = begun().submit('a').submit('b');
    run.next().say('submitted', 'c1~2', { key: 'x', ask: -1, bytes: 9 });
    expect(says(run.perform('x', 1).perform('a', 2).perform('b', 3))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a send that takes effect behind one that was submitted later', () => {
    expect(says(begun().submit('a').submit('b').perform('b', 1).wait(seconds(1)).perform('a', 2))).toEqual([
      "c1's send a took effect at store behind b, which its application had submitted later.",
    ]);
  });

  test('a send that takes effect over a hole', () => {
    expect(says(begun().submit('a').submit('b').perform('a', 1).perform('b', 3))).toEqual([
      "c1's send b took effect at store as number 3 of session 1, over the hole of number 2.",
    ]);
  });

  test('sends that are said in another order, or before WELCOME', () => {
    const run = begun().submit('a').submit('b');
    expect(says(send(send(run, 2, 'b'), 1, 'a'))).toEqual([
      'c1 sent SEND 1 (a) on connection #1 behind SEND 2: numbers on a connection rise.',
    ]);
    const early = written().intent('start').submit('a').dial(1).open(1);
    expect(says(send(early, 1, 'a'))).toEqual(['c1 sent SEND 1 (a) on connection #1 before WELCOME had come on it.']);
  });
});
