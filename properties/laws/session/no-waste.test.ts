/** The law no-waste: what is sent again was in flight, or is owed by the window. */
import { describe, expect, test } from 'vitest';
import type { Cursor, Frame } from '../../../src/session/wire/frames.ts';
import { noWaste } from './no-waste.ts';
import { CONTENTS, chunk, data, factsWith, hello, honest, verdict, type Written, welcome, written } from './written.ts';

/** A client that holds 400 bytes of credit beyond what it processed; chunks have 100 bytes. */
const cursor = (lastSeq: number, epoch = 1): Cursor => ({
  stream: 1,
  epoch,
  lastSeq,
  limit: lastSeq * 100 + 400,
  held: null,
});
const resume = (run: Written, conn: number, at: Cursor): Written =>
  run
    .dial(conn)
    .open(conn)
    .carry(conn, 'c1', 's1', {
      ...hello(conn),
      resume: { session: 1, resumeToken: 1, streams: [at] },
    } as Frame)
    .hear(conn, welcome(1, conn, true));
const hear = (run: Written, conn: number, ...seqs: number[]): Written => {
  for (const seq of seqs) run.hear(conn, data(seq));
  return run;
};
const snapshot = (from: number, to: number, last: boolean, epoch = 1, seq = 6): Frame => {
  const chunks = (CONTENTS[0] ?? []).slice(from - 1, to);
  return { type: 'SNAPSHOT', stream: 1, epoch, seq, chunks, last };
};
const reset = (epoch = 1, held = 0): Frame => ({
  type: 'RESET',
  stream: 1,
  reason: epoch > 1 ? 'epoch_changed' : 'window_exceeded',
  epoch,
  oldestSeq: 5,
  held,
});

describe('an honest history holds', () => {
  test('across a lost connection, where nothing or all that was in flight is sent again', () => {
    expect(verdict(noWaste, honest())).toEqual([]);
    const run = hear(written().connect(1), 1, 1, 2, 3, 4).close(1);
    expect(verdict(noWaste, hear(resume(run, 2, cursor(0)), 2, 1, 2, 3, 4, 5))).toEqual([]);
  });

  test('in a handover, where the first connection goes on behind HELLO', () => {
    const run = hear(written().connect(1), 1, 1);
    run.dial(2).open(2);
    const streams = [cursor(0)];
    run.carry(2, 'c1', 's1', { ...hello(2), resume: { session: 1, resumeToken: 1, streams } } as Frame);
    run.carry(1, 'c1', 's1', { type: 'ACK', stream: 1, epoch: 1, seq: 1, limit: 600 });
    hear(run, 1, 2, 3, 4, 5, 6).hear(2, welcome(1, 2, true));
    expect(verdict(noWaste, hear(run, 2, 1, 2, 3, 4, 5, 6))).toEqual([]);
  });

  test('when the window owes a snapshot behind the cursor, and after it', () => {
    const run = resume(hear(written().connect(1), 1, 1, 2, 3, 4).close(1), 2, cursor(1));
    run
      .hear(2, reset(1, 1))
      .hear(2, snapshot(2, 3, false))
      .hear(2, snapshot(4, 5, true));
    expect(verdict(noWaste, hear(run, 2, 6))).toEqual([]);
  });

  test('when a snapshot goes on behind what HELLO named as held, and the next one behind that', () => {
    const held = { ...cursor(1), held: { epoch: 1, seq: 3, limit: 700 } };
    const run = resume(hear(written().connect(1), 1, 1, 2, 3, 4).close(1), 2, held);
    run.hear(2, reset(1, 3)).hear(2, snapshot(4, 5, true, 1, 5));
    // Left behind by the window once more.
    run.hear(2, reset(1, 5)).hear(2, snapshot(6, 6, true));
    expect(verdict(noWaste, run)).toEqual([]);
  });

  test('when the window leaves a living connection behind', () => {
    const run = hear(resume(written().connect(1).close(1), 2, cursor(0)), 2, 1, 2);
    expect(verdict(noWaste, run.hear(2, reset(1, 2)).hear(2, snapshot(3, 6, true)))).toEqual([]);
  });

  test('when a stream that HELLO named nothing of is sent whole, or behind what was sent', () => {
    for (const held of [0, 2]) {
      const run = hear(written().connect(1), 1, 1, 2);
      expect(verdict(noWaste, run.hear(1, reset(1, held)).hear(1, snapshot(held + 1, 6, true)))).toEqual([]);
    }
  });

  test('when the answer begins anew', () => {
    const run = resume(hear(written().connect(1), 1, 1, 2, 3, 4).close(1), 2, cursor(1));
    run.hear(2, reset(2)).hear(2, snapshot(1, 2, true, 2));
    for (const seq of [3, 4, 5, 6]) run.hear(2, { type: 'DATA', stream: 1, epoch: 2, seq, chunk: chunk(seq) });
    expect(verdict(noWaste, run)).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a chunk that HELLO named as processed', () => {
    const run = resume(hear(written().connect(1), 1, 1, 2, 3).close(1), 2, cursor(2));
    expect(verdict(noWaste, hear(run, 2, 2))[0]).toBe(
      's1 sent stream 1 seq 2 to c1 on connection #2, although HELLO had said that everything up to seq 2 was processed.',
    );
  });

  test('a chunk twice on one connection', () => {
    expect(verdict(noWaste, hear(written().connect(1), 1, 1, 2, 1))[0]).toBe(
      's1 sent stream 1 seq 1 to c1 on connection #1 twice: byte 0 again, behind byte 200.',
    );
  });

  test('more than could have been in flight', () => {
    const run = hear(written().connect(1), 1, 1, 2, 3, 4, 5, 6).close(1);
    expect(verdict(noWaste, hear(resume(run, 2, cursor(0)), 2, 1, 2, 3, 4, 5))).toEqual([
      's1 sent 500 bytes of stream 1 again to c1 on connection #2, up to byte 500; at most 400 could have been in flight.',
    ]);
    // The same is no waste for a client with more credit.
    const facts = factsWith({ credit: 600 });
    const more = hear(written().connect(1), 1, 1, 2, 3, 4, 5, 6).close(1);
    const at: Cursor = { stream: 1, epoch: 1, lastSeq: 0, limit: 600, held: null };
    expect(verdict(noWaste, hear(resume(more, 2, at), 2, 1, 2, 3, 4, 5, 6), { facts })).toEqual([]);
  });

  test('a snapshot that nobody owes, and one that repeats itself', () => {
    const run = resume(hear(written().connect(1), 1, 1, 2).close(1), 2, cursor(1));
    expect(verdict(noWaste, run.hear(2, snapshot(1, 2, true)))[0]).toContain('no RESET had said that it was owed');
    const gap = { ...cursor(1), held: { epoch: 1, seq: 3, limit: 700 } };
    const left = resume(written().connect(1), 2, gap).hear(2, reset(1, 3));
    expect(verdict(noWaste, left.hear(2, snapshot(5, 6, true)))[0]).toContain('with byte 400 where byte 300 was next');
    const twice = resume(written().connect(1), 2, cursor(0)).hear(2, reset());
    expect(verdict(noWaste, twice.hear(2, snapshot(1, 3, false)).hear(2, snapshot(3, 5, true)))).toEqual([
      's1 sent a snapshot of stream 1 to c1 on connection #2 with byte 200 where byte 300 was next: each byte is owed once.',
    ]);
  });

  test('a snapshot that begins anew although the client has a part of it, or leaves out what it has not', () => {
    const held = { ...cursor(1), held: { epoch: 1, seq: 3, limit: 700 } };
    const begin = (frame: Frame, at: Cursor = held): string[] =>
      verdict(noWaste, resume(hear(written().connect(1), 1, 1, 2).close(1), 2, at).hear(2, frame));
    expect(begin(reset())).toEqual([
      's1 began a snapshot of stream 1 for c1 on connection #2 behind seq 0, although it held everything up to seq 3.',
    ]);
    expect(begin(reset(1, 4))[0]).toContain('behind seq 4, although it held everything up to seq 3');
    expect(begin(reset(2, 3))[0]).toContain('behind seq 3, although it held everything up to seq 0');
    expect(begin(reset(1, 2), cursor(1))).toHaveLength(1);
    expect(begin(reset(), cursor(1))).toHaveLength(1);
    expect(begin(reset(1, 1), cursor(1))).toEqual([]);
  });

  test('a second snapshot that begins anew on the connection of the first', () => {
    const run = resume(hear(written().connect(1), 1, 1, 2).close(1), 2, cursor(1));
    run.hear(2, reset(1, 1)).hear(2, snapshot(2, 5, true, 1, 5));
    expect(verdict(noWaste, run.hear(2, reset()))).toEqual([
      's1 began a snapshot of stream 1 for c1 on connection #2 behind seq 0, although it held everything up to seq 5.',
    ]);
  });

  test('a snapshot that sends more again than could have been in flight', () => {
    const run = hear(written().connect(1), 1, 1, 2, 3, 4, 5, 6).close(1);
    resume(run, 2, cursor(0))
      .hear(2, reset())
      .hear(2, snapshot(1, 5, false));
    expect(verdict(noWaste, run)).toEqual([
      's1 sent 500 bytes of stream 1 again to c1 on connection #2, up to byte 500; at most 400 could have been in flight.',
    ]);
  });
});
