/** The law of completion: late, lost and forbidden are breaches; early, excused and pending are not. */
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/time.ts';
import { completion } from './completion.ts';
import { FACTS, honest, verdict, type Written, written } from './written.ts';

const asked = (): Written => written().intent('start').connect(1).submit('k1').perform('k1', 1);
const answered = (run: Written): Written => {
  for (const seq of [1, 2, 3, 4, 5, 6]) run.produce(seq).receive(seq);
  return run;
};

describe('an honest history holds', () => {
  test('across a lost connection', () => {
    expect(verdict(completion, honest())).toEqual([]);
  });

  test('when nothing ever fails, so that the heal is the start', () => {
    expect(verdict(completion, answered(written().heal().connect(1).submit('k1').settle('k1', 'done', 1)))).toEqual([]);
  });

  test('however long the harm lasts', () => {
    expect(verdict(completion, answered(asked().wait(seconds(900)).heal().settle('k1', 'done', 1)))).toEqual([]);
  });

  test('when the answer is complete before its send is settled', () => {
    expect(verdict(completion, answered(asked()).settle('k1', 'done', 1).heal())).toEqual([]);
  });

  test('when what is asked late is answered within the bound of the asking', () => {
    const run = written().heal().connect(1).wait(seconds(300)).submit('k1').wait(seconds(50));
    expect(verdict(completion, answered(run.settle('k1', 'done', 1)))).toEqual([]);
  });

  test('when a budget cuts off what is not late yet', () => {
    expect(verdict(completion, asked(), { complete: false })).toEqual([]);
    expect(verdict(completion, asked().heal().wait(seconds(59)).dial(2), { complete: false })).toEqual([]);
  });

  test('when a session expires and the scenario allows it', () => {
    const run = asked().settle('k1', 'done', 1).close(1).connect(2, { session: 2, resumed: false });
    expect(verdict(completion, run.tell('session_expired').heal().rest())).toEqual([]);
  });

  test('when the application leaves, or is told a terminal error that is allowed', () => {
    expect(verdict(completion, asked().intent('leave').rest())).toEqual([]);
    const facts = { ...FACTS, allowedErrors: ['attempts_exhausted'] as const };
    expect(verdict(completion, asked().tell('attempts_exhausted').rest(), { facts })).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a stream that never ends', () => {
    const run = asked().settle('k1', 'done', 1).produce(1).receive(1).heal().rest();
    expect(verdict(completion, run)).toEqual([
      'The run came to rest while c1 was still owed stream 1: nothing is left that could bring it.',
    ]);
  });

  test('a send that is never settled', () => {
    expect(verdict(completion, asked().submit('k2').heal().rest())).toEqual([
      'The run came to rest while c1 was still owed sends k1, k2: nothing is left that could bring it.',
    ]);
  });

  test('an end that comes too late', () => {
    const run = answered(asked().settle('k1', 'done', 1).heal().wait(seconds(61)));
    expect(verdict(completion, run)).toEqual([
      "c1's stream 1 was complete 1 s after the bound of 1 min from the request or the last fault, whichever came later.",
    ]);
  });

  test('a client that still dials long after the heal', () => {
    const run = asked().settle('k1', 'done', 1).heal().wait(seconds(100)).dial(2);
    expect(verdict(completion, run)[0]).toBe(
      'c1 is still owed stream 1, 40 s after the bound of 1 min from the request or the last fault, whichever came later.',
    );
  });

  test('an error that the scenario does not allow', () => {
    expect(verdict(completion, asked().tell('taken_over'))).toEqual([
      'c1 was told taken_over (as planned) while it was owed send k1; this scenario allows session_expired, outbox_full.',
    ]);
  });

  test('what was late already when a budget cut the run off', () => {
    const run = asked().heal().wait(seconds(61)).rest();
    expect(verdict(completion, run, { complete: false })).toEqual([
      'c1 is still owed send k1, 1 s after the bound of 1 min from the request or the last fault, whichever came later.',
    ]);
  });
});
