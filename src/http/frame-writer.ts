/** Writes the frames of a WebSocket (RFC 6455 section 5.2). `mask`: a 32-bit draw, as frames of a client have one; null for none. */
import { OPCODES } from './frame-reader.ts';
import { utf8 } from './utf8.ts';

export type Mask = number | null;

/** One frame. `opcode` 0 goes on with a message, and `isLast` ends it. */
export function frame(opcode: number, payload: Uint8Array, isLast: boolean, mask: Mask): Uint8Array {
  const { length } = payload;
  const bytes = new Uint8Array(headLength(length, mask) + length);
  const at = writeHead(bytes, opcode, length, isLast, mask);
  if (mask === null) bytes.set(payload, at);
  else for (let i = 0; i < length; i++) bytes[at + i] = (payload[i] as number) ^ maskByte(mask, i);
  return bytes;
}

/** Below this many characters a text is written into its frame, unless one of them takes more than a byte. */
const SHORT = 125;

/** A whole message of text. */
export function textFrame(text: string, mask: Mask): Uint8Array {
  const { length } = text;
  if (length <= SHORT) {
    const bytes = new Uint8Array(2 + (mask === null ? 0 : 4) + length);
    const at = writeHead(bytes, OPCODES.text, length, true, mask);
    let i = 0;
    for (; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) break;
      bytes[at + i] = mask === null ? code : code ^ maskByte(mask, i);
    }
    if (i === length) return bytes;
  }
  return frame(OPCODES.text, utf8(text), true, mask);
}

/** A message in fragments of these sizes; what is left goes in a last one. Each takes a mask of `draw`. */
export function fragments(
  opcode: number,
  payload: Uint8Array,
  pieces: readonly number[],
  draw: () => Mask,
): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  let from = 0;
  for (const size of pieces) {
    const to = Math.min(payload.length, from + size);
    frames.push(frame(frames.length === 0 ? opcode : 0, payload.subarray(from, to), false, draw()));
    from = to;
  }
  frames.push(frame(frames.length === 0 ? opcode : 0, payload.subarray(from), true, draw()));
  return frames;
}

/** What a control frame holds beside a close code. */
const REASON_MOST = 123;

/** A close frame; `code` 1005: without one. Throws for a reason of more than 123 bytes, which no reader would take. */
export function closeFrame(code: number, reason: string, mask: Mask): Uint8Array {
  if (code === 1005) return frame(OPCODES.close, new Uint8Array(0), true, mask);
  const text = utf8(reason);
  if (text.length > REASON_MOST)
    throw new RangeError(`a close reason of ${text.length} bytes: at most ${REASON_MOST} fit into a close frame`);
  const payload = new Uint8Array(2 + text.length);
  payload[0] = code >> 8;
  payload[1] = code & 0xff;
  payload.set(text, 2);
  return frame(OPCODES.close, payload, true, mask);
}

const headLength = (length: number, mask: Mask): number =>
  (length < 126 ? 2 : length < 0x1_0000 ? 4 : 10) + (mask === null ? 0 : 4);

const maskByte = (mask: number, at: number): number => (mask >>> (24 - 8 * (at & 3))) & 0xff;

/** Where the payload begins. */
function writeHead(bytes: Uint8Array, opcode: number, length: number, isLast: boolean, mask: Mask): number {
  const bit = mask === null ? 0 : 0x80;
  bytes[0] = isLast ? 0x80 | opcode : opcode;
  let at = 2;
  if (length < 126) bytes[1] = bit | length;
  else if (length < 0x1_0000) {
    bytes[1] = bit | 126;
    bytes[2] = length >> 8;
    bytes[3] = length & 0xff;
    at = 4;
  } else {
    bytes[1] = bit | 127;
    const high = Math.floor(length / 0x1_0000_0000);
    for (let i = 0; i < 4; i++) {
      bytes[2 + i] = maskByte(high, i);
      bytes[6 + i] = maskByte(length % 0x1_0000_0000, i);
    }
    at = 10;
  }
  if (mask === null) return at;
  for (let i = 0; i < 4; i++) bytes[at + i] = maskByte(mask, i);
  return at + 4;
}
