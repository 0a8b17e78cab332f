/**
 * Contents by size and kind, for scenarios that open the dimension size. Generated at first use, once for a process. Some
 * thirty to sixty chunks each (10 MB need more than 160, since a chunk has its limit), so that a large answer costs a run
 * hardly more events than a small one and a sweep of all of them stays short.
 */
import type { Content, ContentKind } from '../../src/content.ts';
import { cutContent } from './cut.ts';
import { order } from './order.ts';
import { prose } from './prose.ts';
import { join, noise } from './samples.ts';

/** The sizes of an answer, in bytes as people write them: 1 KB is 1,000 bytes. */
export const SIZES = ['1-10KB', '10-100KB', '100KB-1MB', '1-10MB'] as const;
export type Size = (typeof SIZES)[number];

/** Bytes of the three variants of each size, from its lower end to its upper end; and the chunks to aim for. */
const VARIANTS: Readonly<Record<Size, { readonly bytes: readonly [number, number, number]; readonly chunks: number }>> =
  {
    '1-10KB': { bytes: [1_500, 4_000, 9_500], chunks: 32 },
    '10-100KB': { bytes: [12_000, 40_000, 95_000], chunks: 40 },
    '100KB-1MB': { bytes: [120_000, 300_000, 950_000], chunks: 48 },
    '1-10MB': { bytes: [1_200_000, 4_000_000, 10_000_000], chunks: 64 },
  };

/** Variants of each size and kind, by number from 0. */
export const VARIANT_COUNT = 3;

const encoder = new TextEncoder();

const MAKERS: Readonly<Record<ContentKind, (name: string, seed: number, bytes: number, chunks: number) => Content>> = {
  text: (name, seed, bytes, chunks) => cutContent(name, 'text', encoder.encode(prose(seed, bytes)), { chunks }),
  json: (name, seed, bytes, chunks) => cutContent(name, 'json', document(seed, bytes), { chunks }),
  // Two fifths prose, two fifths data, the rest noise, as a report with a picture has them.
  multipart: (name, seed, bytes, chunks) =>
    join(
      name,
      [
        { name: 'summary.txt', kind: 'text', bytes: encoder.encode(prose(seed, Math.trunc((bytes * 2) / 5))) },
        { name: 'order.json', kind: 'json', bytes: document(seed, Math.trunc((bytes * 2) / 5)) },
        { name: 'pixels.bin', kind: 'binary', bytes: noise(seed, Math.trunc(bytes / 5)) },
      ],
      chunks,
    ),
};

const made = new Map<string, Content>();

/** The content of that kind and size; `variant` from 0 to `VARIANT_COUNT` - 1. */
export function sized(kind: ContentKind, size: Size, variant: number): Content {
  const name = `${kind} ${size} ${'abc'[variant]}`;
  let content = made.get(name);
  if (content === undefined) {
    const { bytes, chunks } = VARIANTS[size];
    // The same bytes in every process, whichever content a run asks for first.
    const seed = 40 + SIZES.indexOf(size) * VARIANT_COUNT + variant;
    content = MAKERS[kind](name, seed, bytes[variant] as number, chunks);
    made.set(name, content);
  }
  return content;
}

/** A JSON document of at most so many bytes: as many lines of an order as fit, and one at least. */
function document(seed: number, bytes: number): Uint8Array {
  const of = (lines: number): Uint8Array => encoder.encode(JSON.stringify(order(seed, lines)));
  const perLine = of(100).length / 100;
  let lines = Math.max(1, Math.trunc(bytes / perLine));
  let document = of(lines);
  while (document.length > bytes && lines > 1) {
    lines -= Math.ceil((document.length - bytes) / perLine);
    document = of(Math.max(1, lines));
  }
  return document;
}
