/**
 * The contents that ship. They are generated, so that a browser has them too and the package stays small; the generator
 * is deterministic, and a content is made once for a process, at first use.
 */
import type { Content, JsonSchema, Part } from '../../src/content.ts';
import { cutContent, cutParts } from './cut.ts';
import { ORDER_SCHEMA, order } from './order.ts';
import { prose } from './prose.ts';

const encoder = new TextEncoder();

const MAKERS = {
  /** Some 8 KB of prose in 200 chunks: an answer of a model. */
  text: () => cutContent('text', 'text', encoder.encode(prose(1, 8_000)), { chunks: 200 }),
  /** Another answer to the same question. */
  'text-b': () => cutContent('text-b', 'text', encoder.encode(prose(2, 8_600)), { chunks: 200 }),
  /** A short answer of forty chunks. */
  short: () => cutContent('short', 'text', encoder.encode(prose(3, 1_200)), { chunks: 40 }),
  'short-b': () => cutContent('short-b', 'text', encoder.encode(prose(4, 1_000)), { chunks: 36 }),
  /** A JSON document of some 30 KB that satisfies `ORDER_SCHEMA`. */
  json: () =>
    cutContent('json', 'json', encoder.encode(JSON.stringify(order(5, 120), null, 1)), {
      chunks: 200,
      schema: ORDER_SCHEMA,
    }),
  'json-b': () =>
    cutContent('json-b', 'json', encoder.encode(JSON.stringify(order(6, 110), null, 1)), {
      chunks: 190,
      schema: ORDER_SCHEMA,
    }),
  /** Text, JSON and binary in one response. */
  multipart: () => bundle('multipart', 7),
  'multipart-b': () => bundle('multipart-b', 8),
  /** 10 MB of prose. */
  large: () => cutContent('large', 'text', encoder.encode(prose(9, 10 * 1024 * 1024)), { chunks: 160 }),
  /** 11 MB of text, JSON and binary. */
  larger: () => bundle('larger', 10, 700),
  /** Answers of some fifteen chunks, for many at once. */
  brief: () => cutContent('brief', 'text', encoder.encode(prose(11, 1_800)), { chunks: 16 }),
  'brief-b': () => cutContent('brief-b', 'text', encoder.encode(prose(12, 5_000)), { chunks: 14 }),
  'brief-parts': () => bundle('brief-parts', 14, 1, 15),
  /** Answers of some ten chunks, for conversations. */
  remark: () => cutContent('remark', 'text', encoder.encode(prose(14, 900)), { chunks: 11 }),
  'remark-b': () => cutContent('remark-b', 'text', encoder.encode(prose(15, 2_400)), { chunks: 9 }),
  'brief-json': () => cutContent('brief-json', 'json', encoder.encode(JSON.stringify(order(13, 40))), { chunks: 15 }),
} satisfies Readonly<Record<string, () => Content>>;

export type SampleName = keyof typeof MAKERS;

export const SAMPLE_NAMES = Object.keys(MAKERS) as readonly SampleName[];

const made = new Map<SampleName, Content>();

/** The sample of that name. */
export function sample(name: SampleName): Content {
  let content = made.get(name);
  if (content === undefined) {
    content = MAKERS[name]();
    made.set(name, content);
  }
  return content;
}

/** A component before it is joined with others. */
interface Piece {
  readonly name: string;
  readonly kind: Part['kind'];
  readonly bytes: Uint8Array;
  readonly schema?: JsonSchema;
}

/** A report in words, its data, and a picture's worth of bytes; `scale` times as much of each. */
function bundle(name: string, seed: number, scale = 1, chunks = 200): Content {
  const pieces: Piece[] = [
    { name: 'summary.txt', kind: 'text', bytes: encoder.encode(prose(seed, 4_000 * scale)) },
    {
      name: 'order.json',
      kind: 'json',
      bytes: encoder.encode(JSON.stringify(order(seed, 40 * scale))),
      schema: ORDER_SCHEMA,
    },
    { name: 'pixels.bin', kind: 'binary', bytes: noise(seed, 9_000 * scale) },
  ];
  return join(name, pieces, chunks);
}

/** Joins pieces into one multi-part content. */
export function join(name: string, pieces: readonly Piece[], chunks: number): Content {
  const bytes = new Uint8Array(pieces.reduce((total, piece) => total + piece.bytes.length, 0));
  const parts: Part[] = [];
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.bytes, at);
    const { name, kind, schema } = piece;
    const part: Part = { name, kind, start: at, end: at + piece.bytes.length };
    parts.push(schema === undefined ? part : { ...part, schema });
    at += piece.bytes.length;
  }
  return cutParts(name, 'multipart', bytes, parts, { chunks });
}

/** Bytes that look like nothing; the same for the same seed. */
export function noise(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let x = seed;
  for (let i = 0; i < length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    bytes[i] = x >>> 24;
  }
  return bytes;
}
