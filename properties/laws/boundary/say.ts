/** How laws of the boundary speak of what is somebody's own: streams, keys and pieces, by the names that they gave them. */
import { counted } from '../../../src/count.ts';
import type { Piece, StreamId } from '../../../src/history.ts';
import { visible } from '../../../src/visible.ts';

/** So much of a piece is shown. */
const SHOWN = 40;

/** A stream as its author calls it. */
export const streamNamed = (stream: StreamId): string =>
  typeof stream === 'number' ? `stream ${stream}` : `stream ${quoted(stream)}`;

export const keyNamed = (key: string): string => visible(key.length > 80 ? `${key.slice(0, 80)}…` : key);

/** A piece as it can be read: its text, or its bytes where they are none. */
export function shownPiece(piece: Piece): string {
  if (typeof piece === 'string') return quoted(piece);
  const text = textIn(piece);
  return text === null ? `${counted(piece.length, 'byte')} (${hexOf(piece)})` : quoted(text);
}

function quoted(text: string): string {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return `"${visible(shown).replaceAll('"', '\\"')}"`;
}

/** Bytes as text, where they are UTF-8 that can be read; a character that is cut at either end is left out. */
function textIn(bytes: Uint8Array): string | null {
  let from = 0;
  while (from < 3 && from < bytes.length && ((bytes[from] as number) & 0xc0) === 0x80) from++;
  let text = '';
  for (let i = from; i < bytes.length && text.length <= SHOWN; ) {
    const head = bytes[i] as number;
    const tails = head < 0x80 ? 0 : head >= 0xf0 ? 3 : head >= 0xe0 ? 2 : head >= 0xc0 ? 1 : -1;
    if (tails < 0 || (head < 0x20 && head !== 0x0a && head !== 0x0d && head !== 0x09)) return null;
    if (i + tails >= bytes.length) break;
    let code = tails === 0 ? head : head & (0x3f >> tails);
    for (let tail = 1; tail <= tails; tail++) {
      const next = bytes[i + tail] as number;
      if ((next & 0xc0) !== 0x80) return null;
      code = (code << 6) | (next & 0x3f);
    }
    if (code > 0x10ffff) return null;
    text += String.fromCodePoint(code);
    i += tails + 1;
  }
  return text === '' && bytes.length > 0 ? null : text;
}

function hexOf(bytes: Uint8Array): string {
  const first = Array.from(bytes.subarray(0, 8), (each) => each.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 8 ? `${first} …` : first;
}
