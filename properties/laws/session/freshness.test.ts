/** The law of freshness: what is durable and does not come is found at its bound; faults, dead connections and old epochs excuse. */
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/time.ts';
import { freshness } from './freshness.ts';
import { contextOf, data, hello, honest, verdict, type Written, written } from './written.ts';

const says = (run: Written): string[] => verdict(freshness, run);
const begun = (): Written => written().intent('start').connect(1).submit('k1').settle('k1', 'done', 1);
const fault = (run: Written, begins: boolean): Written =>
  run.next().say('fault', 'c1-lb', { fault: 0, name: 'cut', begins });

describe('an honest history holds', () => {
  test('across a lost connection', () => expect(says(honest())).toEqual([]));

  test('when a chunk comes just in time', () => {
    expect(says(begun().produce(1).wait(seconds(2)).receive(1))).toEqual([]);
  });

  test('while something is wrong, and for a while afterwards', () => {
    const run = fault(begun(), true).produce(1).wait(seconds(60));
    fault(run, false).hear(1, data(1)).carry(1, 'c1', 's1', { type: 'PONG', nonce: 1 });
    expect(says(run.wait(seconds(3)).receive(1))).toEqual([]);
  });

  test('when a connection from before has not proven that it lives, in both directions', () => {
    const run = fault(fault(begun(), true), false).produce(1).hear(1, data(1));
    run.carry(1, 'c1', 's1', { type: 'PONG', nonce: 1 }).wait(seconds(2)).hear(1, data(1));
    expect(says(run.wait(seconds(60)).receive(1))).toEqual([]);
  });

  test('when it is over, or its client goes', () => {
    expect(says(begun().produce(1).wait(seconds(1)).close(1).wait(seconds(60)).next().rest())).toEqual([]);
    expect(says(begun().produce(1).wait(seconds(1)).intent('leave').wait(seconds(60)).rest())).toEqual([]);
  });

  test('when the answer begins anew', () => {
    const run = begun().produce(1).wait(seconds(1)).produce(1, { epoch: 2, content: 1 });
    expect(says(run.wait(seconds(1.5)).receive(1, { epoch: 2, content: 1 }))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a chunk that does not come, at its bound, with what was next and who had it', () => {
    const run = begun().produce(1).receive(1).produce(2).produce(3).hear(1, data(2)).wait(seconds(5));
    expect(says(run.rest())[0]).toBe(
      'c1 lacks chunk 2 of stream 1, durable since 0.010000 s, 2 s after it could have come on its living connection #1; it has 2 s (stream 1 stands at chunk 1 of 6: chunks 2 to 3 are durable, the last since 0.010000 s; s1 serves it on connection #1, has sent up to chunk 2, and has credit for more).',
    );
  });

  test('a chunk that comes too late', () => {
    expect(says(begun().produce(1).wait(seconds(2.1)).receive(1))).not.toEqual([]);
  });

  test('behind a fault, once the connection has proven that it lives', () => {
    const run = fault(fault(begun(), true), false).produce(1).wait(seconds(1)).hear(1, data(1));
    run.carry(1, 'c1', 's1', { type: 'PONG', nonce: 1 }).wait(seconds(2.1));
    expect(says(run.rest())[0]).toContain('c1 lacks chunk 1 of stream 1');
  });

  test('on the next connection, from its WELCOME on', () => {
    const run = begun().produce(1).close(1).wait(seconds(60)).dial(2).open(2).carry(2, 'c1', 's1', hello(2));
    run.welcome(2, { generation: 2, context: contextOf('k1') }).wait(seconds(3));
    expect(says(run.rest())[0]).toContain('2 s after it could have come on its living connection #2');
  });
});
