/** The law of completion: late, lost and forbidden are breaches; early, excused and pending are not. */
import { describe, expect, test } from 'vitest';
import { seconds, us } from '../../../src/time.ts';
import { completion } from './completion.ts';
import { data, FACTS, honest, verdict, type Written, written } from './written.ts';

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
      'The run came to rest while c1 was still owed stream 1, and nothing is left that could bring it: stream 1 stands at chunk 1 of 6: chunk 2 is not durable, and the one before it became so at 0.010000 s; s1 serves it on connection #1.',
    ]);
  });

  test('a send that is never settled', () => {
    expect(verdict(completion, asked().submit('k2').heal().rest())).toEqual([
      'The run came to rest while c1 was still owed sends k1, k2, and nothing is left that could bring it: send k1 never left its client and took effect at 0.010000 s.',
    ]);
  });

  test('an end that comes too late', () => {
    const run = answered(asked().settle('k1', 'done', 1).heal().wait(seconds(61)));
    expect(verdict(completion, run)).toEqual([
      expect.stringContaining('c1 is still owed stream 1 (stream 1: nothing of it is durable'),
      "c1's stream 1 was complete 1 s after the bound of 1 min from the request or the last fault, whichever came later.",
    ]);
  });

  test('what is owed when its bound has passed, at that instant: what is next, and who has it', () => {
    const run = asked().settle('k1', 'done', 1).produce(1).receive(1).heal();
    for (const seq of [2, 3, 4]) run.produce(seq);
    run.hear(1, data(2)).wait(seconds(100)).dial(2);
    expect(verdict(completion, run)[0]).toBe(
      'c1 is still owed stream 1 (stream 1 stands at chunk 1 of 6: chunks 2 to 4 are durable, the last since 0.010000 s; s1 serves it on connection #1, has sent up to chunk 2, and has credit for more) when the bound of 1 min from the request or the last fault, whichever came later, has passed.',
    );
  });

  test('a stream that waits for credit, one that nobody serves, and one whose agent is silent', () => {
    const hung = (more: (run: Written) => Written): string | undefined => {
      const run = asked().settle('k1', 'done', 1).produce(1).receive(1).heal();
      return verdict(completion, more(run).wait(seconds(100)).dial(2))[0];
    };
    expect(
      hung((run) => {
        for (const seq of [2, 3, 4, 5]) run.produce(seq);
        for (const seq of [2, 3, 4]) run.hear(1, data(seq));
        return run;
      }),
    ).toContain('has sent up to chunk 4, and has credit up to byte 400, where the next chunk ends at byte 500)');
    expect(hung((run) => run.produce(2).say('closed', 's1', { conn: 1, code: 1006, reason: '', status: 0 }))).toContain(
      'chunk 2 is durable since 0.010000 s; s1 owns session 1 at generation 1, and serves it on no connection)',
    );
    expect(hung((run) => run)).toContain('chunk 2 is not durable');
  });

  test('a send that left its client and took no effect', () => {
    const run = written().intent('start').connect(1).submit('k1').heal();
    run.carry(1, 'c1', 's1', { type: 'SEND', clientSeq: 1, key: 'k1', ask: 0, bytes: 9 }).wait(seconds(100)).dial(2);
    expect(verdict(completion, run)[0]).toContain(
      '(send k1 left its client last at 0.010000 s on connection #1 and has not taken effect)',
    );
  });

  test('an error that the scenario does not allow', () => {
    expect(verdict(completion, asked().tell('taken_over'))).toEqual([
      'c1 was told taken_over (as planned) while it was owed send k1; this scenario allows session_expired, outbox_full.',
    ]);
  });

  test('what was late already when a budget cut the run off', () => {
    const run = asked().heal().wait(seconds(60)).wait(us(1)).rest();
    expect(verdict(completion, run, { complete: false }).at(-1)).toBe(
      'c1 is still owed send k1 (send k1 never left its client and took effect at 0.010000 s), 1 us after the bound of 1 min from the request or the last fault, whichever came later.',
    );
  });
});
