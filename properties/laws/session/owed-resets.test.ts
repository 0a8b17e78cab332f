/** The law of owed resets: one that was not owed is caught, at the boundary of the window too; every one that was, is not. */
import { describe, expect, test } from 'vitest';
import type { Frame, Reset } from '../../../src/session/wire/frames.ts';
import { type Duration, seconds, us } from '../../../src/time.ts';
import { owedResets } from './owed-resets.ts';
import { CLEAN, honest, TOKEN, verdict, type Written, welcome, written } from './written.ts';

const says = (run: Written): string[] => verdict(owedResets, run);

/** A session of which so many chunks are durable; its client comes back with this cursor. */
function back(lastSeq: number, durable: number, more: { epoch?: number; after?: Duration } = {}): Written {
  const { epoch = 1, after = us(1) } = more;
  const run = written().intent('start').connect(1).submit('k1').settle('k1', 'done', 1);
  for (let seq = 1; seq <= durable; seq++) run.produce(seq);
  run.say('closed', 's1', { conn: 1, code: 1006, reason: '', status: 0 }).close(1).wait(after).dial(2).open(2);
  const streams = [{ stream: 1, epoch, lastSeq, limit: 400, held: null }];
  const hello: Frame = {
    type: 'HELLO',
    protoMin: 1,
    protoMax: 1,
    token: TOKEN,
    client: 'c1',
    dial: 2,
    credit: 400,
    resume: { session: 1, resumeToken: 1, streams },
  };
  return run.carry(2, 'c1', 's1', hello).welcome(2, { generation: 2 });
}
const reset = (run: Written, more: Partial<Reset>): Written =>
  run.send(2, 's1', { type: 'RESET', stream: 1, reason: 'window_exceeded', epoch: 1, oldestSeq: 2, held: 0, ...more });

describe('an honest history holds', () => {
  test('across a lost connection', () => expect(says(honest())).toEqual([]));

  // Five chunks fit into the window, so that of six the second is the oldest.
  test('when the cursor is before the oldest that can be replayed', () => {
    expect(says(reset(back(0, 6), {}))).toEqual([]);
  });

  test('when what follows the cursor is older than the window', () => {
    expect(says(reset(back(1, 3, { after: seconds(61) }), { oldestSeq: 3 }))).toEqual([]);
  });

  test('when a living connection was left behind', () => {
    const run = back(0, 0);
    for (const seq of [1, 2, 3, 4, 5, 6]) run.produce(seq);
    expect(says(reset(run, {}))).toEqual([]);
  });

  test('when the answer began anew, or the client has more than is durable', () => {
    expect(says(reset(back(3, 3), { reason: 'epoch_changed', epoch: 2, oldestSeq: 1 }))).toEqual([]);
    expect(says(reset(back(5, 3), { reason: 'ahead_of_log' }))).toEqual([]);
  });

  test('when a store died, and may have kept what nobody was told of', () => {
    const run = back(0, 4);
    for (const seq of [5, 6])
      run.next().say('produced', 'agent1', { session: 1, stream: 1, epoch: 1, seq, chunk: { ...CHUNK, start: 0 } });
    expect(says(reset(run.next().say('crashed', 'store', { how: 'process' }), {}))).toEqual([]);
  });

  test('when the session that was named has ended', () => {
    const run = written().intent('start').connect(1).close(1);
    run.next().say('owned', 'store', { session: 1, generation: 1, client: 'c1', server: '' });
    expect(says(anew(run))).toEqual([]);
  });
});

const CHUNK = { content: 0, start: 0, end: 100, sum: 0, part: 0, fin: false };

/** The client names session 1, and is given session 2. */
function anew(run: Written): Written {
  const hello: Frame = {
    type: 'HELLO',
    protoMin: 1,
    protoMax: 1,
    token: TOKEN,
    client: 'c1',
    dial: 2,
    credit: 400,
    resume: { session: 1, resumeToken: 1, streams: [] },
  };
  run.dial(2).open(2).carry(2, 'c1', 's1', hello);
  run.next().say('owned', 'store', { session: 2, generation: 1, client: 'c1', server: 's1' });
  run.carry(2, 's1', 'c1', welcome(2, 1, false));
  return run.say('restored', 'c1', { session: 2, generation: 1, resumed: false, context: CLEAN });
}

describe('a breach is caught', () => {
  test('a cursor at exactly one before the oldest, which is inside', () => {
    expect(says(reset(back(1, 6), {}))).toEqual([
      's1 reset stream 1 for c1 on connection #2 as window_exceeded, although it had everything up to seq 1, and seq 2 was the oldest that can be replayed.',
    ]);
  });

  test('a window that is narrower than promised', () => {
    expect(says(reset(back(1, 6), { oldestSeq: 4 }))).toEqual([
      's1 reset stream 1 for c1 on connection #2 as window_exceeded, although it had everything up to seq 1, and the replay window reaches back to seq 2 (5 chunks, 1000 bytes, 1 min).',
    ]);
    expect(says(reset(back(1, 3, { after: seconds(59) }), { oldestSeq: 3 }))).toHaveLength(1);
  });

  test('an epoch that did not change, and a cursor that is not ahead of the log', () => {
    expect(says(reset(back(3, 3), { reason: 'epoch_changed', oldestSeq: 1 }))).toEqual([
      's1 reset stream 1 for c1 on connection #2 as epoch_changed, although its client was in that very epoch.',
    ]);
    expect(says(reset(back(3, 3), { reason: 'ahead_of_log' }))).toEqual([
      's1 reset stream 1 for c1 on connection #2 as ahead_of_log, although it had everything up to seq 3, and seq 3 is durable.',
    ]);
  });

  test('a session that is begun anew although the old one lives', () => {
    expect(says(anew(written().intent('start').connect(1).close(1)))).toEqual([
      's1 began session 2 for c1 on connection #2, although session 1, which it had named, had not ended.',
    ]);
  });
});
