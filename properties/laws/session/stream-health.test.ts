/** The law of stream health: a silent agent is noticed in time, and only a silent one. */
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/session/wire/frames.ts';
import { seconds } from '../../../src/time.ts';
import { streamHealth } from './stream-health.ts';
import { honest, verdict, type Written, written } from './written.ts';

/** The facts say: healthy below 15 s, reported within 28 s. */
const stalled = (seq: number): Frame => ({ type: 'STALLED', stream: 1, epoch: 1, seq });
const tell = (run: Written, seq: number): Written => run.say('stalled', 'c1', { conn: 1, stream: 1, epoch: 1, seq });
/** A question was asked and its answer began. */
const answering = (): Written =>
  written().connect(1).hear(1, { type: 'SEND_ACK', clientSeq: 1, key: 'k1', stream: 1 }).produce(1);
const finish = (run: Written): Written => {
  for (const seq of [2, 3, 4, 5, 6]) run.produce(seq);
  return run.rest();
};

describe('an honest history holds', () => {
  test('without a stall, and with one that is reported and told', () => {
    expect(verdict(streamHealth, honest())).toEqual([]);
    const run = answering().wait(seconds(20)).hear(1, stalled(1));
    expect(verdict(streamHealth, finish(tell(run, 1).wait(seconds(60))))).toEqual([]);
  });

  test('with two stalls of one stream', () => {
    const first = tell(answering().wait(seconds(20)).hear(1, stalled(1)), 1).produce(2);
    expect(verdict(streamHealth, finish(tell(first.wait(seconds(20)).hear(1, stalled(2)), 2)))).toEqual([]);
  });

  test('when the connection is lost before the time is up', () => {
    const run = answering().wait(seconds(20)).say('closed', 's1', { conn: 1, code: 1006, reason: '', status: 0 });
    expect(verdict(streamHealth, run.wait(seconds(60)).rest())).toEqual([]);
  });

  test('when the next chunk and the report cross', () => {
    const run = answering().wait(seconds(20)).produce(2).send(1, 's1', stalled(1));
    expect(verdict(streamHealth, finish(run))).toEqual([]);
  });

  test('when the server itself stands still', () => {
    const run = answering().say('paused', 's1', { begins: true }).wait(seconds(60));
    run.say('paused', 's1', { begins: false });
    expect(verdict(streamHealth, finish(run))).toEqual([]);
  });

  test('when a server that stood still has not read yet what the agent said meanwhile', () => {
    const run = answering().wait(seconds(10)).say('paused', 's1', { begins: true }).wait(seconds(2)).produce(2);
    run.wait(seconds(8)).say('paused', 's1', { begins: false });
    expect(verdict(streamHealth, finish(tell(run.hear(1, stalled(1)), 1)))).toEqual([]);
  });

  test('when a new epoch is complete in the log before its server says that it began, and the snapshot takes its time', () => {
    const anew: Frame = { type: 'RESET', stream: 1, reason: 'epoch_changed', epoch: 2, oldestSeq: 1, held: 0 };
    const run = (upTo: number): Written => {
      const moved = answering().welcome(1, { generation: 2 });
      for (let seq = 1; seq <= upTo; seq++) moved.produce(seq, { epoch: 2, generation: 2 });
      return moved.send(1, 's1', anew).wait(seconds(60)).rest();
    };
    expect(verdict(streamHealth, run(6))).toEqual([]);
    expect(verdict(streamHealth, run(5))).toHaveLength(1);
  });

  test('when the stream is over', () => {
    const run = answering();
    for (const seq of [2, 3, 4, 5, 6]) run.produce(seq);
    expect(verdict(streamHealth, run.wait(seconds(99)).rest())).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a silence that nobody reports, before the next chunk or at the end', () => {
    expect(verdict(streamHealth, answering().wait(seconds(30)).produce(2))).toEqual([
      's1 served stream 1 of session 1 on connection #1 for 30 s without a word of its agent, and reported nothing; it must within 28 s.',
    ]);
    expect(verdict(streamHealth, answering().wait(seconds(30)).rest())).toHaveLength(1);
  });

  test('an answer that never begins', () => {
    const run = written().connect(1).hear(1, { type: 'SEND_ACK', clientSeq: 1, key: 'k1', stream: 1 });
    expect(verdict(streamHealth, run.wait(seconds(30)).rest())).toHaveLength(1);
  });

  test('a report that comes too late, or too early, or twice', () => {
    expect(verdict(streamHealth, tell(answering().wait(seconds(30)).hear(1, stalled(1)), 1))).toHaveLength(1);
    expect(verdict(streamHealth, tell(answering().wait(seconds(10)).hear(1, stalled(1)), 1))).toEqual([
      's1 reported on connection #1 that stream 1 of session 1 stalls behind seq 1, although something became durable 10 s earlier; a stream that is silent for less than 15 s is healthy.',
    ]);
    const twice = tell(answering().wait(seconds(20)).hear(1, stalled(1)), 1)
      .wait(seconds(5))
      .hear(1, stalled(1));
    expect(verdict(streamHealth, twice)[0]).toContain('stalls behind seq 1, a second time.');
  });

  test('a report of a server that stood still, but has read since what the agent said', () => {
    const run = answering().wait(seconds(10)).say('paused', 's1', { begins: true }).wait(seconds(2)).produce(2);
    run.wait(seconds(8)).say('paused', 's1', { begins: false }).wait(seconds(1));
    expect(verdict(streamHealth, tell(run.hear(1, stalled(1)), 1))[0]).toContain('although something became durable');
  });

  test('a report about a stream that does not exist', () => {
    expect(verdict(streamHealth, written().connect(1).send(1, 's1', stalled(1)))[0]).toContain(
      'there is no such stream',
    );
  });

  test('a client that keeps it to itself, says it twice, or makes it up', () => {
    const kept = answering().wait(seconds(20)).hear(1, stalled(1)).produce(2);
    expect(verdict(streamHealth, kept)).toEqual([
      'c1 was told that stream 1 stalls behind seq 1, and kept it to itself.',
    ]);
    const twice = tell(tell(answering().wait(seconds(20)).hear(1, stalled(1)), 1), 1);
    expect(verdict(streamHealth, twice)).toEqual([
      "c1's application was told that stream 1 stalls behind seq 1, a second time.",
    ]);
    expect(verdict(streamHealth, tell(answering(), 1))).toEqual([
      "c1's application was told that stream 1 stalls behind seq 1, but no server had said so.",
    ]);
  });
});
