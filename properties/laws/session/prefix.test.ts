/** The law of prefixes: it passes what is whole, and catches every way in which a stream can be wrong. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Chunk } from '../../../src/content.ts';
import type { Entry } from '../../../src/session/history.ts';
import { prefix } from './prefix.ts';
import { chunk, honest, verdict, type Written, written } from './written.ts';

/** Connected, and six chunks of content 0 produced. */
function answering(): Written {
  const run = written().intent('start').connect(1);
  for (const seq of [1, 2, 3, 4, 5, 6]) run.produce(seq);
  return run;
}

const replaced = (run: Written, seq: number, chunks: readonly Chunk[], epoch = 1): Written =>
  run.next().say('replaced', 'c1', { conn: 1, stream: 1, epoch, seq, chunks });

describe('an honest history holds', () => {
  test('across a lost connection', () => {
    expect(verdict(prefix, honest())).toEqual([]);
  });

  test('when chunks are equal but not the same values', () => {
    const run = answering();
    run.say('received', 'c1', { conn: 1, stream: 1, epoch: 1, seq: 1, chunk: { ...chunk(1) } }).receive(2);
    expect(verdict(prefix, run)).toEqual([]);
  });

  test('when a snapshot takes the place of the chunks that the window had lost', () => {
    const run = replaced(
      answering().receive(1),
      4,
      [1, 2, 3, 4].map((seq) => chunk(seq)),
    );
    expect(verdict(prefix, run.receive(5).receive(6))).toEqual([]);
  });

  test('when an answer starts anew in a later epoch', () => {
    const run = replaced(answering().receive(1), 0, [], 2).produce(1, { epoch: 2, content: 1 });
    expect(verdict(prefix, run.receive(1, { epoch: 2, content: 1 }))).toEqual([]);
  });

  test('when a new agent produces again what was not durable', () => {
    expect(verdict(prefix, answering().produce(5).produce(6).receive(1))).toEqual([]);
  });

  test('when stream numbers start again in a clean session', () => {
    const run = answering().receive(1).close(1).connect(2, { session: 2, resumed: false });
    run.say('produced', 'agent1', { session: 2, stream: 1, epoch: 1, seq: 1, chunk: chunk(1, 1) });
    expect(verdict(prefix, run.receive(1, { conn: 2, content: 1 }))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a chunk that comes twice', () => {
    expect(verdict(prefix, answering().receive(1).receive(2).receive(2))).toEqual([
      'c1 was handed stream 1 seq 2 of epoch 1 twice: it already had everything up to seq 2.',
    ]);
  });

  test('a chunk that is missing', () => {
    expect(verdict(prefix, answering().receive(1).receive(4))[0]).toBe(
      'c1 was handed stream 1 seq 4 of epoch 1 right after seq 1: 2 chunks are missing, from seq 2.',
    );
  });

  test('a chunk whose bytes were damaged', () => {
    const run = answering();
    run.say('received', 'c1', { conn: 1, stream: 1, epoch: 1, seq: 1, chunk: { ...chunk(1), sum: 0xbad } });
    expect(verdict(prefix, run)).toEqual([
      'c1 was handed bytes 0 to 100 of content 0 (sum 00000bad) as stream 1 seq 1 of epoch 1, behind byte 0, where bytes 0 to 100 of content 0 (sum 2fbe9e55) was produced.',
    ]);
  });

  test("a chunk of somebody else's answer", () => {
    expect(verdict(prefix, answering().receive(1, { content: 1 }))[0]).toContain(
      'of content 1 (sum 19dc0d39) as stream 1',
    );
  });

  test('a chunk that nobody had produced yet', () => {
    const run = written().intent('start').connect(1).produce(1).receive(1).receive(2);
    expect(verdict(prefix, run)).toEqual([
      'c1 was handed stream 1 seq 2 of epoch 1, which nobody in its session 1 had produced: seq 1 was the last.',
    ]);
  });

  test('two epochs mixed in one stream', () => {
    const run = answering().receive(1).produce(1, { epoch: 2, content: 1 }).receive(2, { epoch: 2, content: 1 });
    expect(verdict(prefix, run)[0]).toContain('seq 2 of epoch 2 in the middle of epoch 1 (seq 1)');
  });

  test('a snapshot that takes back what was received', () => {
    const run = replaced(answering().receive(1).receive(2), 1, [chunk(1)]);
    expect(verdict(prefix, run)).toEqual([
      'c1 saw stream 1 taken back from seq 2 of epoch 1 to seq 1 of epoch 1: what was received must stay received.',
    ]);
  });

  test('a snapshot with a hole, with foreign bytes, or of a future', () => {
    expect(verdict(prefix, replaced(answering(), 3, [chunk(1), chunk(3)]))[0]).toContain(
      '2 chunks, which are not seq 1 to 3',
    );
    expect(verdict(prefix, replaced(answering(), 2, [chunk(1), chunk(3)]))[0]).toContain('as seq 2, behind byte 100');
    expect(verdict(prefix, replaced(written().connect(1).produce(1), 2, [chunk(1), chunk(2)]))[0]).toContain(
      'had produced 1 chunk',
    );
  });

  test('an agent that leaves a chunk out, or changes the subject', () => {
    const run = written().connect(1).produce(1);
    expect(verdict(prefix, run.produce(3))[0]).toContain('seq 3 of session 1 stream 1 epoch 1 right after seq 1');
    expect(verdict(prefix, written().connect(1).produce(1).produce(2, { content: 1 }))[0]).toContain(
      'where bytes 100 to 200 of content 0',
    );
  });
});

/** Every way to harm one reception, or two that follow each other. */
const HARMS: readonly ((entries: Entry[], i: number, j: number) => Entry[])[] = [
  // Dropped, unless it is the last: an end that is missing is a prefix still.
  (entries, i) => entries.filter((_, place) => place !== i),
  (entries, i) => entries.toSpliced(i, 0, entries[i] as Entry),
  (entries, i, j) => entries.with(i, entries[j] as Entry).with(j, entries[i] as Entry),
  (entries, i) =>
    entries.with(i, { ...entries[i], chunk: { ...(entries[i] as { chunk: Chunk }).chunk, sum: 0xbad } } as Entry),
  (entries, i) => entries.with(i, { ...entries[i], epoch: 7 } as Entry),
  (entries, i) =>
    entries.with(i, { ...entries[i], chunk: { ...(entries[i] as { chunk: Chunk }).chunk, start: 1 } } as Entry),
];

test('any harm to the receptions of an honest history is caught', () => {
  const { entries } = honest();
  const places = entries.flatMap((entry, i) => (entry.kind === 'received' ? [i] : []));
  fc.assert(
    fc.property(fc.constantFrom(...HARMS), fc.nat(places.length - 2), (harm, n) => {
      const harmed = harm(entries, places[n] as number, places[n + 1] as number);
      return verdict(prefix, harmed).length > 0;
    }),
  );
});
