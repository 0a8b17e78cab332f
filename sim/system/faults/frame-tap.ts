/**
 * Follows the frames of a WebSocket in one direction, from a moment in the middle of its life on.
 *
 * It reads heads of frames only (RFC 6455 section 5.2), and falls into step at the first write that is made of whole frames:
 * nearly every write is, and bytes that are none (the upgrade, the middle of a long message) do not look like it. Until then
 * it lets everything pass.
 */
const CONTINUES = 0;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** So long at most. */
const HEAD_MOST = 14;

export class FrameTap {
  readonly #masked: boolean;
  readonly #drops: number;
  readonly #head = new Uint8Array(HEAD_MOST);
  #have = 0;
  #left = 0;
  #dropping = false;
  #inStep = false;

  /** `masked`: it follows what a client sends; `drops`: frames of this opcode are left out of what `filter` returns. */
  constructor(masked: boolean, drops = -1) {
    this.#masked = masked;
    this.#drops = drops;
  }

  /** It is in step, and a frame has just ended. */
  get isBetween(): boolean {
    return this.#inStep && this.#have === 0 && this.#left === 0;
  }

  /** What is left of a write; the same bytes if it is all of it. */
  filter(bytes: Uint8Array): Uint8Array {
    if (!this.#inStep) {
      if (!isWhole(bytes, this.#masked)) return bytes;
      this.#inStep = true;
    }
    const kept = new Uint8Array(bytes.length);
    let size = 0;
    for (let at = 0; at < bytes.length; ) {
      const from = at;
      if (this.#left > 0) {
        at += Math.min(this.#left, bytes.length - at);
        this.#left -= at - from;
      } else {
        const byte = bytes[at++] as number;
        if (this.#have === 0) this.#dropping = (byte & 15) === this.#drops;
        this.#head[this.#have++] = byte;
        const need = headLength(this.#head, this.#have);
        if (this.#have === need) {
          this.#left = payloadLength(this.#head);
          this.#have = 0;
        }
      }
      if (this.#dropping) continue;
      kept.set(bytes.subarray(from, at), size);
      size += at - from;
    }
    return size === bytes.length ? bytes : kept.subarray(0, size);
  }
}

export { PING };

/** How long the head is of which `have` bytes are there; more than that while it is not known. */
function headLength(head: Uint8Array, have: number): number {
  if (have < 2) return 2;
  const second = head[1] as number;
  const short = second & 0x7f;
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (second >= 0x80 ? 4 : 0);
}

function payloadLength(head: Uint8Array): number {
  const short = (head[1] as number) & 0x7f;
  if (short < 126) return short;
  let length = 0;
  for (let i = 2; i < (short === 126 ? 4 : 10); i++) length = length * 256 + (head[i] as number);
  return length;
}

/** Whether these bytes are frames of that direction, each of them whole. */
export function isWhole(bytes: Uint8Array, masked: boolean): boolean {
  let at = 0;
  while (at < bytes.length) {
    const head = bytes.subarray(at, at + HEAD_MOST);
    const [first = 0, second = 0] = head;
    const opcode = first & 15;
    if (opcode > PONG || (opcode > BINARY && opcode < CLOSE) || second >= 0x80 !== masked) return false;
    // A compressed message says so in its first frame (RFC 7692).
    const reserved = first & 0x70;
    if (reserved !== 0 && !(reserved === 0x40 && opcode > CONTINUES && opcode <= BINARY)) return false;
    if (opcode >= CLOSE && (first < 0x80 || (second & 0x7f) > 125)) return false;
    const length = headLength(head, head.length);
    if (head.length < length) return false;
    at += length + payloadLength(head);
  }
  return bytes.length > 0 && at === bytes.length;
}
