/**
 * The font of the pictures, and how wide text is in it: so a picture is laid out alike on every machine, also on one that
 * has no fonts at all.
 *
 * Arimo has the widths of Arial, Helvetica and Liberation Sans, glyph by glyph: an SVG that is opened where Arimo is not
 * installed is set in one of those, and nothing in it moves.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** As an SVG names it. */
export const FAMILY = 'Arimo, Arial, Helvetica, "Liberation Sans", sans-serif';

interface Face {
  readonly bytes: Uint8Array;
  /** Of a code point, as a share of the font's size. */
  widthOf(codePoint: number): number;
}

const FILES = { regular: '400Regular/Arimo_400Regular.ttf', bold: '700Bold/Arimo_700Bold.ttf' } as const;
type Weight = keyof typeof FILES;
const read = new Map<Weight, Face>();

export function face(weight: Weight): Face {
  let known = read.get(weight);
  if (known === undefined) {
    const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/arimo/${FILES[weight]}`);
    known = faceOf(readFileSync(path));
    read.set(weight, known);
  }
  return known;
}

/** In pixels. */
export function textWidth(text: string, size: number, weight: Weight = 'regular'): number {
  const { widthOf } = face(weight);
  let sum = 0;
  for (const char of text) sum += widthOf(char.codePointAt(0) as number);
  return sum * size;
}

/**
 * The text, or its beginning and its end with an ellipsis between them: names of variants and paths of files differ at
 * their ends.
 */
export function fitted(text: string, width: number, size: number, weight: Weight = 'regular'): string {
  if (textWidth(text, size, weight) <= width) return text;
  const chars = [...text];
  for (let kept = chars.length - 1; kept > 1; kept--) {
    const head = Math.ceil(kept * 0.4);
    const shorter = `${chars.slice(0, head).join('')}…${chars.slice(chars.length - (kept - head)).join('')}`;
    if (textWidth(shorter, size, weight) <= width) return shorter;
  }
  return '…';
}

/** Widths of a TrueType font: tables `head`, `hhea`, `hmtx`, and the 16-bit map of `cmap` (OpenType 1.9, format 4). */
function faceOf(bytes: Uint8Array): Face {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, number>();
  for (let nth = 0; nth < view.getUint16(4); nth++) {
    const at = 12 + nth * 16;
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), view.getUint32(at + 8));
  }
  const table = (tag: string): number => {
    const at = tables.get(tag);
    if (at === undefined) throw new Error(`the font has no table ${tag}`);
    return at;
  };
  const unitsPerEm = view.getUint16(table('head') + 18);
  const metrics = view.getUint16(table('hhea') + 34);
  const hmtx = table('hmtx');
  const glyphOf = glyphs(view, table('cmap'));
  const known = new Map<number, number>();
  return {
    bytes,
    widthOf(codePoint) {
      let width = known.get(codePoint);
      if (width === undefined) {
        // Where the font has no glyph its box is drawn, glyph 0.
        const glyph = Math.min(glyphOf(codePoint), metrics - 1);
        width = view.getUint16(hmtx + glyph * 4) / unitsPerEm;
        known.set(codePoint, width);
      }
      return width;
    },
  };
}

function glyphs(view: DataView, cmap: number): (codePoint: number) => number {
  for (let nth = 0; nth < view.getUint16(cmap + 2); nth++) {
    const at = cmap + view.getUint32(cmap + 4 + nth * 8 + 4);
    if (view.getUint16(at) === 4) return segments(view, at);
  }
  throw new Error('the font has no map of format 4');
}

function segments(view: DataView, at: number): (codePoint: number) => number {
  const count = view.getUint16(at + 6) / 2;
  const [ends, starts] = [at + 14, at + 16 + count * 2];
  const [deltas, offsets] = [starts + count * 2, starts + count * 4];
  return (codePoint) => {
    for (let nth = 0; nth < count; nth++) {
      if (codePoint > view.getUint16(ends + nth * 2)) continue;
      const start = view.getUint16(starts + nth * 2);
      if (codePoint < start) return 0;
      const delta = view.getUint16(deltas + nth * 2);
      const offset = view.getUint16(offsets + nth * 2);
      if (offset === 0) return (codePoint + delta) & 0xffff;
      const glyph = view.getUint16(offsets + nth * 2 + offset + (codePoint - start) * 2);
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
