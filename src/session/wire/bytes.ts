/**
 * Bytes in and bytes out: fixed-width big-endian integers, and the payloads that travel with a frame.
 *
 * Both directions throw `WireProblem`; `decode` turns it into a result, because a peer's mistake is an ordinary event, and
 * `encode` lets it out, because to have built such a frame is a mistake of our own.
 */
import { CLOSE } from '../../close-codes.ts';
import type { Chunk } from '../../content.ts';
import { counted } from '../../count.ts';

/** What closes a connection whose frame is not one: 1009 for a frame or payload that is too big, 1002 for all else. */
export type WireClose = typeof CLOSE.protocolError | typeof CLOSE.messageTooBig;

/** A frame that breaks the layout or a limit; the message names frame and field. */
export class WireProblem extends Error {
  readonly close: WireClose;

  constructor(message: string, close: WireClose = CLOSE.protocolError) {
    super(message);
    this.name = 'WireProblem';
    this.close = close;
  }
}

/** The bytes of one chunk, `start` to `end`: a slice of its content, which is copied into the frame. */
export type ContentOf = (chunk: Chunk) => Uint8Array;

const WORD = 4_294_967_296;

/** Appends to a buffer that doubles as it fills. */
export class Writer {
  readonly contentOf: ContentOf;
  readonly body: Uint8Array | null;
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  constructor(contentOf: ContentOf, body: Uint8Array | null) {
    this.contentOf = contentOf;
    this.body = body;
  }

  /** What was written, without the room behind it. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    const offset = this.#take(1);
    this.#view.setUint8(offset, value);
  }

  u16(value: number): void {
    const offset = this.#take(2);
    this.#view.setUint16(offset, value);
  }

  u32(value: number): void {
    const offset = this.#take(4);
    this.#view.setUint32(offset, value);
  }

  /** Two words instead of a `BigInt`: a safe integer splits exactly, and no number is boxed. */
  u64(value: number): void {
    const offset = this.#take(8);
    this.#view.setUint32(offset, Math.floor(value / WORD));
    this.#view.setUint32(offset + 4, value % WORD);
  }

  bytes(bytes: Uint8Array): void {
    const offset = this.#take(bytes.length);
    this.#bytes.set(bytes, offset);
  }

  /** Makes room, which may replace buffer and view: callers take first and look at `#view` afterwards. */
  #take(count: number): number {
    const offset = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const wider = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      wider.set(this.#bytes);
      this.#bytes = wider;
      this.#view = new DataView(wider.buffer);
    }
    return offset;
  }
}

/** Reads from the front; every read names the field that it is for, in case the bytes have run out. */
export class Reader {
  /** The payloads met so far, in order: views of the frame's own bytes, never copies. */
  readonly payloads: Uint8Array[] = [];
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(path: string): number {
    return this.#view.getUint8(this.#take(1, path));
  }

  u16(path: string): number {
    return this.#view.getUint16(this.#take(2, path));
  }

  u32(path: string): number {
    return this.#view.getUint32(this.#take(4, path));
  }

  /** An integer of 8 bytes; one above 2^53 - 1 comes out as some number above it, for the caller's limit to refuse. */
  u64(path: string): number {
    const offset = this.#take(8, path);
    return this.#view.getUint32(offset) * WORD + this.#view.getUint32(offset + 4);
  }

  bytes(count: number, path: string): Uint8Array {
    const offset = this.#take(count, path);
    return this.#bytes.subarray(offset, offset + count);
  }

  #take(count: number, path: string): number {
    const offset = this.#offset;
    if (count > this.left) throw new WireProblem(`${path}: ends after ${this.left} of ${counted(count, 'byte')}`);
    this.#offset = offset + count;
    return offset;
  }
}
