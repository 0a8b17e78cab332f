/** The law of atomic parts: components are shown whole, once, in order; JSON parses and satisfies its schema. */
import { describe, expect, test } from 'vitest';
import { type Chunk, type Content, checksum, type JsonSchema } from '../../../src/content.ts';
import type { Facts } from '../../../src/session/facts.ts';
import { atomicParts } from './atomic-parts.ts';
import { FACTS, honest, verdict, type Written, written } from './written.ts';

const SCHEMA: JsonSchema = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } };

/** Two chunks a component. */
function contentOf(number: number, pieces: readonly [name: string, text: string, schema?: JsonSchema][]): Content {
  const bytes = new TextEncoder().encode(pieces.map(([, text]) => text).join(''));
  const chunks: Chunk[] = [];
  const parts: Content['parts'][number][] = [];
  let start = 0;
  for (const [part, [name, text, schema]] of pieces.entries()) {
    const end = start + text.length;
    parts.push({ name, kind: name.endsWith('json') ? 'json' : 'text', start, end, ...(schema && { schema }) });
    for (const [from, to] of [
      [start, start + 3],
      [start + 3, end],
    ] as const) {
      const fin = part === pieces.length - 1 && to === end;
      chunks.push({ content: number, start: from, end: to, sum: checksum(bytes, from, to), part, fin });
    }
    start = end;
  }
  return { name: `content-${number}`, kind: 'multipart', bytes, parts, chunks };
}

const documents = [
  contentOf(0, [
    ['a.txt', 'Hello.'],
    ['b.json', '{"ok":true}', SCHEMA],
    ['c.txt', 'Bye now.'],
  ]),
  contentOf(1, [['torn.json', '{"ok":tru']]),
  contentOf(2, [['wrong.json', '{"ok":"yes"}', SCHEMA]]),
];
const facts: Facts = { ...FACTS, documents, contents: documents.map(({ chunks }) => chunks) };
const chunkOf = (seq: number, content = 0): Chunk => documents[content]?.chunks[seq - 1] as Chunk;

const give = (run: Written, ...chunks: Chunk[]): Written => {
  for (const [i, chunk] of chunks.entries())
    run.next().say('received', 'c1', { conn: 1, stream: 1, epoch: 1, seq: i + 1, chunk });
  return run;
};
const swap = (run: Written, chunks: readonly Chunk[], epoch = 1): Written =>
  run.next().say('replaced', 'c1', { conn: 1, stream: 1, epoch, seq: chunks.length, chunks });
const seqs = (...list: number[]): Chunk[] => list.map((seq) => chunkOf(seq));
const judge = (run: Written): string[] => verdict(atomicParts, run, { facts });

describe('an honest history holds', () => {
  test('of a response of one component, and of three', () => {
    expect(verdict(atomicParts, honest())).toEqual([]);
    expect(judge(give(written().connect(1), ...seqs(1, 2, 3, 4, 5, 6)))).toEqual([]);
  });

  test('when a snapshot brings more of it, or an answer begins anew', () => {
    const run = swap(give(written().connect(1), ...seqs(1, 2, 3)), seqs(1, 2, 3, 4));
    for (const seq of [5, 6])
      run.next().say('received', 'c1', { conn: 1, stream: 1, epoch: 1, seq, chunk: chunkOf(seq) });
    expect(judge(run)).toEqual([]);
    expect(judge(swap(give(written().connect(1), ...seqs(1, 2, 3)), seqs(1), 2))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a component that another one interrupts', () => {
    expect(judge(give(written().connect(1), ...seqs(1, 2, 3, 5)))).toEqual([
      "c1's stream 1 (epoch 1) goes on with component c.txt before b.json was complete.",
    ]);
  });

  test('components in another order', () => {
    expect(judge(give(written().connect(1), ...seqs(1, 2, 5)))[0]).toContain(
      'component c.txt before b.json was complete',
    );
  });

  test('a component that comes again', () => {
    expect(judge(give(written().connect(1), ...seqs(1, 2, 3, 4, 1)))[0]).toBe(
      "c1's stream 1 (epoch 1) brings component a.txt again, which had been shown already.",
    );
  });

  test('a hole or a repetition inside of a component', () => {
    expect(judge(give(written().connect(1), ...seqs(1, 1)))[0]).toBe(
      "c1's stream 1 (epoch 1) goes on with byte 0 of component a.txt behind byte 3.",
    );
    expect(judge(give(written().connect(1), ...seqs(2)))[0]).toContain(
      'goes on with byte 3 of component a.txt behind byte 0',
    );
  });

  test('a component that ends too early, with its stream', () => {
    const early = { ...chunkOf(3), fin: true };
    expect(judge(give(written().connect(1), ...seqs(1, 2), early))).toEqual([
      "c1's stream 1 (epoch 1) ended in the middle of component b.json.",
    ]);
    expect(judge(give(written().connect(1), ...seqs(1), { ...chunkOf(2), fin: true }))[0]).toContain(
      'ended without component b.json',
    );
  });

  test('a component that is not what its checksums say', () => {
    expect(judge(give(written().connect(1), { ...chunkOf(1), sum: 7 }, chunkOf(2)))[0]).toContain(
      'shows component a.txt, which is not what its checksums say',
    );
  });

  test('JSON that does not parse, or does not satisfy its schema', () => {
    expect(judge(give(written().connect(1), chunkOf(1, 1), chunkOf(2, 1)))).toEqual([
      "c1's stream 1 (epoch 1) shows component torn.json, which is no JSON.",
    ]);
    expect(judge(give(written().connect(1), chunkOf(1, 2), chunkOf(2, 2)))).toEqual([
      "c1's stream 1 (epoch 1) shows component wrong.json, which does not satisfy its schema: $.ok: expected boolean, got string.",
    ]);
  });

  test('a swap that takes a component back', () => {
    expect(judge(swap(give(written().connect(1), ...seqs(1, 2, 3, 4)), seqs(1, 2, 3)))).toEqual([
      "c1's stream 1 (epoch 1) was swapped for one without component b.json, which had been shown already.",
    ]);
  });
});
