/** The law of bounded memory: each hop, each outbox, each stream by itself. */
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/session/wire/frames.ts';
import { boundedMemory } from './bounded-memory.ts';
import { CONTENTS, chunk, data, hello, honest, verdict, type Written, welcome, written } from './written.ts';

const begun = (): Written => written().intent('start').connect(1);
const RESET: Frame = { type: 'RESET', stream: 1, reason: 'window_exceeded', epoch: 1, oldestSeq: 2, held: 0 };
const snapshot = (from: number, to: number, last = false): Frame => {
  const chunks = (CONTENTS[0] ?? []).slice(from - 1, to);
  return { type: 'SNAPSHOT', stream: 1, epoch: 1, seq: 6, chunks, last };
};
const held = (seq: number, limit: number): Frame => ({ type: 'HELD', stream: 1, epoch: 1, seq, limit });
const lose = (run: Written, payload: Frame, bytes: number, to = 'c1'): Written =>
  run.next().say('lost', 'c1-lb', { to, conn: 1, payload, bytes, why: 'cut' });
const PING: Frame = { type: 'PING', nonce: 1 };

describe('an honest history holds', () => {
  test('across a lost connection', () => {
    expect(verdict(boundedMemory, honest())).toEqual([]);
  });

  test('when what was lost makes room, and each direction has its own', () => {
    const run = lose(begun().send(1, 's1', data(1), 1500), data(1), 1500).send(1, 's1', data(1), 1500);
    expect(verdict(boundedMemory, run.send(1, 'c1', hello(1), 1500))).toEqual([]);
  });

  test('when a send beyond the limits is refused', () => {
    const run = begun().submit('k1').submit('k2').submit('k3').submit('k4');
    run.say('settled', 'c1', { key: 'k4', outcome: 'failed', stream: 0 });
    expect(verdict(boundedMemory, run.settle('k1').submit('k5').settle('k2'))).toEqual([]);
  });

  test('when a client grants for a snapshot behind what an older connection brought meanwhile', () => {
    const run = (limit: number): Written => {
      const moved = begun().dial(2).send(2, 'c1', hello(2));
      for (const seq of [1, 2, 3]) moved.produce(seq).carry(1, 's1', 'c1', data(seq)).receive(seq);
      return moved
        .welcome(2, { generation: 2 })
        .carry(2, 's1', 'c1', { ...RESET, held: 1 } as Frame)
        .carry(2, 's1', 'c1', snapshot(2, 2))
        .send(2, 'c1', held(2, limit));
    };
    expect(verdict(boundedMemory, run(700))).toEqual([]);
    expect(verdict(boundedMemory, run(701))[0]).toContain('401 bytes beyond what it held');
  });

  test('when a server sends all that the credit allows, and goes on behind a snapshot', () => {
    const run = begun();
    for (const seq of [1, 2, 3, 4]) run.send(1, 's1', data(seq));
    expect(verdict(boundedMemory, run.receive(1).send(1, 's1', data(5)))).toEqual([]);
    const resumed = begun().send(1, 's1', RESET).carry(1, 's1', 'c1', snapshot(1, 2)).send(1, 'c1', held(2, 600));
    resumed.send(1, 's1', snapshot(3, 4, true));
    for (const seq of [5, 6]) resumed.send(1, 's1', data(seq));
    expect(verdict(boundedMemory, resumed)).toEqual([]);
    // Left behind once more before the HELD of the first is there.
    const again = begun()
      .send(1, 's1', RESET)
      .carry(1, 's1', 'c1', snapshot(1, 2))
      .carry(1, 's1', 'c1', snapshot(3, 4));
    again
      .send(1, 's1', { ...RESET, held: 4 } as Frame)
      .send(1, 'c1', held(4, 800))
      .send(1, 's1', snapshot(5, 6, true));
    expect(verdict(boundedMemory, again)).toEqual([]);
    const further = begun().send(1, 's1', RESET).send(1, 's1', snapshot(3, 6));
    expect(verdict(boundedMemory, further)).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a connection that queues without bound', () => {
    expect(verdict(boundedMemory, begun().send(1, 's1', data(1), 1500).send(1, 's1', data(2), 600))).toEqual([
      's1 has 2100 bytes on the way on connection #1, 100 more than the 2000 that one direction may hold.',
    ]);
  });

  test('a queue beside which something was lost on its way to the other end', () => {
    const run = begun().send(1, 'c1', hello(1), 1500).send(1, 'lb', PING, 1500);
    expect(verdict(boundedMemory, lose(run, PING, 1500, 'c1').send(1, 'c1', PING, 600))).toEqual([
      'c1 has 2100 bytes on the way on connection #1, 100 more than the 2000 that one direction may hold.',
    ]);
  });

  test('an outbox with too many sends, or too many bytes', () => {
    const run = begun().submit('k1').submit('k2').submit('k3').submit('k4').perform('k1', 1).settle('k1');
    expect(verdict(boundedMemory, run)).toEqual(['c1 holds 4 unsettled sends, but its outbox may hold 3.']);
    expect(verdict(boundedMemory, begun().submit('k1', 600).submit('k2', 600))).toEqual([
      'c1 holds 1200 bytes of unsettled sends, but its outbox may hold 1000.',
    ]);
  });

  test('a server that sends beyond the credit', () => {
    const run = begun();
    for (const seq of [1, 2, 3, 4, 5]) run.send(1, 's1', data(seq));
    expect(verdict(boundedMemory, run)).toEqual([
      's1 sent stream 1 seq 5 up to byte 500, 500 bytes beyond what c1 had processed; its credit is 400.',
    ]);
  });

  test('a client that grants more than its credit, or what it had of the epoch before', () => {
    const ack = (epoch: number, seq: number, limit: number): Frame => ({ type: 'ACK', stream: 1, epoch, seq, limit });
    expect(
      verdict(
        boundedMemory,
        begun()
          .receive(1)
          .send(1, 'c1', ack(1, 1, 500)),
      ),
    ).toEqual([]);
    expect(
      verdict(
        boundedMemory,
        begun()
          .receive(1)
          .send(1, 'c1', ack(1, 1, 600)),
      ),
    ).toEqual(['c1 granted stream 1 up to byte 600, 500 bytes beyond what it had processed; its credit is 400.']);
    const anew = begun().receive(1).receive(2);
    anew.say('replaced', 'c1', { conn: 1, stream: 1, epoch: 2, seq: 1, chunks: [chunk(1)] });
    expect(verdict(boundedMemory, anew.send(1, 'c1', ack(2, 1, 600)))).toHaveLength(1);
  });

  test('a server that sends more of a snapshot, or behind it, than was granted', () => {
    const reset = (): Written => begun().send(1, 's1', RESET);
    expect(verdict(boundedMemory, reset().send(1, 's1', snapshot(1, 5)))).toEqual([
      's1 sent a snapshot of stream 1 up to byte 500, 100 bytes beyond what c1 had granted for it.',
    ]);
    expect(verdict(boundedMemory, reset().send(1, 's1', snapshot(1, 2)).send(1, 's1', snapshot(3, 5)))).toHaveLength(1);
    const behind = reset()
      .send(1, 's1', snapshot(1, 4, true))
      .send(1, 's1', data(5));
    expect(verdict(boundedMemory, behind)).toEqual([
      's1 sent stream 1 seq 5 up to byte 500, 500 bytes beyond what c1 had processed; its credit is 400.',
    ]);
  });

  test('a client that grants more for a snapshot than its credit', () => {
    const reset = (): Written => begun().send(1, 's1', RESET);
    expect(verdict(boundedMemory, reset().carry(1, 's1', 'c1', snapshot(1, 2)).send(1, 'c1', held(2, 700)))).toEqual([
      'c1 granted a snapshot of stream 1 up to byte 700, 500 bytes beyond what it held; its credit is 400.',
    ]);
    // What is still on its way to it is not held.
    expect(verdict(boundedMemory, reset().send(1, 's1', snapshot(1, 2)).send(1, 'c1', held(2, 600)))).toHaveLength(1);
  });

  test('the same at the hop behind the balancer, whose connection has another number', () => {
    const run = begun().next().say('dialled', 'lb', { conn: 70, to: 's1' }).carry(70, 'lb', 's1', hello(1));
    run.carry(70, 's1', 'lb', welcome(1, 1, false));
    for (const seq of [1, 2, 3, 4, 5]) run.carry(70, 's1', 'lb', data(seq));
    expect(verdict(boundedMemory, run)[0]).toContain('s1 sent stream 1 seq 5 up to byte 500');
  });
});
