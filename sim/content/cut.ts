/** Cutting contents: real bytes into chunks as a model streams them, once for a whole process. */
import {
  CHUNK_BYTES,
  type Chunk,
  type Content,
  type ContentKind,
  checksum,
  type JsonSchema,
  type Part,
} from '../../src/content.ts';

export interface CutOptions {
  /** Chunks to aim for; each is at most `CHUNK_BYTES`. Default 200. */
  readonly chunks?: number;
  /** What a JSON content must satisfy. */
  readonly schema?: JsonSchema;
}

/** A content of one part. */
export function cutContent(name: string, kind: ContentKind, bytes: Uint8Array, options: CutOptions = {}): Content {
  const part: Part = { name, kind: kind === 'json' ? 'json' : 'text', start: 0, end: bytes.length };
  const { schema } = options;
  return cutParts(name, kind, bytes, [schema === undefined ? part : { ...part, schema }], options);
}

/** A content of several parts; a chunk never spans two of them, and an empty content is refused by the loader. */
export function cutParts(
  name: string,
  kind: ContentKind,
  bytes: Uint8Array,
  parts: readonly Part[],
  options: CutOptions = {},
): Content {
  const wanted = Math.max(1, options.chunks ?? 200);
  const size = Math.min(CHUNK_BYTES, Math.max(1, Math.ceil(bytes.length / wanted)));
  const pieces: { start: number; end: number; part: number }[] = [];
  for (const [part, { start, end }] of parts.entries()) {
    for (let from = start; from < end; ) {
      // Lengths vary by a fixed pattern, as tokens do; the mean is `size`.
      const length = Math.max(
        1,
        Math.min(CHUNK_BYTES, Math.round((size * PATTERN[pieces.length % PATTERN.length]!) / 8)),
      );
      const to = Math.min(end, from + length);
      pieces.push({ start: from, end: to, part });
      from = to;
    }
  }
  const chunks = pieces.map(
    ({ start, end, part }, i): Chunk => ({
      content: 0,
      start,
      end,
      sum: checksum(bytes, start, end),
      part,
      fin: i === pieces.length - 1,
    }),
  );
  return { name, kind, bytes, parts, chunks };
}

/** Eighths of the mean; their mean is 8. */
const PATTERN = [5, 11, 8, 3, 13, 7, 10, 6, 9, 8] as const;
