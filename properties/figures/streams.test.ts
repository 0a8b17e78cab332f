/** Streams complete, and the law *completion*: no share of them is whole beside a broken law. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ApplicationError } from '../../src/errors.ts';
import { seconds } from '../../src/time.ts';
import { completion } from '../laws/session/completion.ts';
import { verdict, type Written, written } from '../laws/session/written.ts';
import { figuresOf } from './measured.ts';

const asked = (): Written => written().intent('start').connect(1).submit('k1').perform('k1', 1);
const answered = (run: Written): Written => {
  for (const seq of [1, 2, 3, 4, 5, 6]) run.produce(seq).receive(seq);
  return run;
};
const settled = (): Written => asked().settle('k1', 'done', 1);
const streams = (run: Written): readonly number[] => {
  const { streamsOwed, streamsCompleted } = figuresOf(run);
  return [streamsCompleted, streamsOwed];
};

describe('a stream that the law misses is owed and not complete', () => {
  test.each([
    ['never ends', settled().produce(1).receive(1).heal().rest(), [0, 1]],
    ['has no send that was settled', asked().submit('k2').heal().rest(), [0, 2]],
    ['ends too late', answered(settled().heal().wait(seconds(61))), [0, 1]],
    ['is settled too late', answered(asked().heal().wait(seconds(61)).settle('k1', 'done', 1)), [0, 1]],
    ['is overdue when its client dials', answered(settled().heal().wait(seconds(100)).dial(2)), [0, 1]],
    ['is ended by an error that is not allowed', settled().tell('taken_over'), [0, 1]],
    [
      'was yet to be asked for when such an error came',
      written().intent('start').connect(1).tell('unauthorized'),
      [0, 1],
    ],
  ] as const)('when it %s', (_, run, shares) => {
    expect(verdict(completion, run)).not.toEqual([]);
    expect(streams(run)).toEqual(shares);
  });

  test.each([
    ['is complete in time', answered(settled().heal()), [1, 1]],
    ['is complete before its send is settled', answered(asked()).settle('k1', 'done', 1).heal(), [1, 1]],
    ['is late while there still are faults', answered(settled().wait(seconds(900)).heal()), [1, 1]],
    [
      'ends with a session that may expire',
      settled().close(1).connect(2, { session: 2, resumed: false }).heal().rest(),
      [0, 0],
    ],
  ] as const)('but not when it %s', (_, run, shares) => {
    expect(verdict(completion, run)).toEqual([]);
    expect(streams(run)).toEqual(shares);
  });
});

const ERRORS: readonly ApplicationError[] = [
  'session_expired',
  'taken_over',
  'outbox_full',
  'connection_lost',
  'stream_gone',
];

/** Anything that may befall the requests of an application, in any order. */
const step = fc.oneof(
  fc.constantFrom<(run: Written) => Written>(
    (run) => run.heal(),
    (run) => run.wait(seconds(20)),
    (run) => run.wait(seconds(61)),
    (run) => run.submit('k1'),
    (run) => run.submit('k2'),
    (run) => run.settle('k1', 'done', 1),
    (run) => run.settle('k2', 'done', 0),
    (run) => answered(run),
    (run) => run.produce(1).receive(1),
    (run) => run.dial(2),
    (run) => run.close(1).connect(2, { session: 2, resumed: false }),
  ),
  fc.constantFrom(...ERRORS).map((error) => (run: Written) => run.tell(error)),
);

test('no history whatever breaks the law and has every stream complete', () => {
  let broken = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 9 }), fc.boolean(), (steps, rests) => {
      let run = written().intent('start').connect(1);
      for (const each of steps) run = each(run);
      if (rests) run = run.rest();
      if (verdict(completion, run).length === 0) return;
      broken++;
      const [completed = 0, owed = 0] = streams(run);
      expect(completed).toBeLessThan(owed);
    }),
    { numRuns: 1_500 },
  );
  expect(broken).toBeGreaterThan(200);
});
