/**
 * Streamed content: slices of shared immutable bytes.
 *
 * Machines, frames and logs carry `Chunk` values: coordinates and a checksum, never the bytes. A 10 MB response therefore
 * costs no copies, while the application (and the laws) still assemble and check the real bytes that the chunks name.
 */

/** The most bytes of a chunk. */
export const CHUNK_BYTES = 64 * 1024;

/** One piece of a response: bytes `start` to `end` (exclusive) of content number `content`. A value: shared, never changed. */
export interface Chunk {
  /** Which content of the run these bytes come from (index into the run's contents). */
  readonly content: number;
  readonly start: number;
  readonly end: number;
  /** FNV-1a (32 bit) of the bytes. */
  readonly sum: number;
  /** Which component of a multi-part response, from 0; 0 for single-part content. */
  readonly part: number;
  /** Whether this is the last chunk of the content. */
  readonly fin: boolean;
}

/** Bytes in a chunk. */
export const chunkBytes = (chunk: Chunk): number => chunk.end - chunk.start;

/** The chunk as a value of its own, for messages and effects: what is read from a machine's state may be a draft. */
export const chunkValue = ({ content, start, end, sum, part, fin }: Chunk): Chunk => ({
  content,
  start,
  end,
  sum,
  part,
  fin,
});

/** Same bytes, by coordinates and checksum. */
export const sameChunk = (a: Chunk, b: Chunk): boolean =>
  a === b ||
  (a.content === b.content &&
    a.start === b.start &&
    a.end === b.end &&
    a.sum === b.sum &&
    a.part === b.part &&
    a.fin === b.fin);

/** FNV-1a over `bytes[start, end)`, an unsigned 32-bit integer. */
export function checksum(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash >>> 0;
}

/** What a content is, so that the application can check the assembled result. */
export type ContentKind = 'text' | 'json' | 'multipart';

/** A JSON Schema, as data; which keywords are judged, the law of atomic parts says. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A named component of a multi-part content. */
export interface Part {
  readonly name: string;
  readonly kind: 'text' | 'json' | 'binary';
  /** What a JSON component must satisfy, if anything is known about it. */
  readonly schema?: JsonSchema;
  readonly start: number;
  readonly end: number;
}

/** A response as the agent will produce it: real bytes, cut into chunks once, shared by every run of the process. */
export interface Content {
  readonly name: string;
  readonly kind: ContentKind;
  readonly bytes: Uint8Array;
  readonly parts: readonly Part[];
  readonly chunks: readonly Chunk[];
}
