/**
 * Reads the frames of a WebSocket (RFC 6455 section 5) out of a stream of bytes, whatever pieces it comes in.
 *
 * A frame is judged when its head is there, its payload as it comes: nothing is waited for that cannot become right any more.
 * A message is told when it is whole, control frames in between at once. After a flaw nothing more is read.
 */
import { FLAWS, type Flaw, maySay } from './flaws.ts';
import { goesOn, textOf, type Utf8State, utf8State } from './utf8.ts';

/** What arrived; bytes are copies. */
export type Frame =
  | { readonly type: 'text'; readonly data: string }
  | { readonly type: 'binary'; readonly data: Uint8Array }
  | { readonly type: 'ping' | 'pong'; readonly data: Uint8Array }
  /** 1005: without a code. */
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  | { readonly type: 'flaw'; readonly flaw: Flaw };

export interface FrameRules {
  /** Whether frames have to be masked, as those of a client, or must not be. */
  readonly masked: boolean;
  /** The longest message that is taken, in bytes. */
  readonly longest: number;
  /** Close codes that must not be sent; default: those that RFC 6455 forbids. */
  readonly refuses?: (code: number) => boolean;
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** The opcode of each kind of frame; 0 goes on with a message. */
export const OPCODES = { text: TEXT, binary: BINARY, close: CLOSE, ping: PING, pong: PONG } as const;

/** Two bytes, eight of a length, four of a mask. */
const HEAD_MOST = 14;
/** Bytes in a control frame at most (section 5.5). */
export const CONTROL_MOST = 125;
const NO_BYTES: Uint8Array = new Uint8Array(0);

export class FrameReader {
  readonly #rules: FrameRules;
  readonly #refuses: (code: number) => boolean;
  /** The head of the frame at hand, how much of it is there, and how long it is as far as known. */
  readonly #head = new Uint8Array(HEAD_MOST);
  #have = 0;
  #need = 2;
  /** The payload: what is to come, and how much came. 0 and 0 while a head is read. */
  #left = 0;
  #came = 0;
  #opcode = 0;
  #isLast = false;
  /** The message under way: 0, or the opcode that it began with; what came of it. */
  #message = 0;
  #body = NO_BYTES;
  #size = 0;
  #utf8: Utf8State | null = null;
  readonly #control = new Uint8Array(CONTROL_MOST);
  #flawed = false;

  constructor(rules: FrameRules) {
    this.#rules = rules;
    this.#refuses = rules.refuses ?? ((code) => !maySay(code));
  }

  /** Whether nothing of a frame or message was left over. */
  get isBetween(): boolean {
    return this.#have === 0 && this.#message === 0;
  }

  read(bytes: Uint8Array, out: Frame[]): void {
    const end = bytes.length;
    let at = 0;
    while (!this.#flawed) {
      while (this.#have < this.#need && at < end) {
        this.#head[this.#have++] = bytes[at++] as number;
        if (this.#have === this.#need && !this.#judge(out)) return;
      }
      if (this.#have < this.#need) return;
      const count = Math.min(this.#left, end - at);
      if (this.#left > 0 && count === 0) return;
      this.#take(bytes, at, count, out);
      at += count;
    }
  }

  #fail(flaw: Flaw, out: Frame[]): false {
    this.#flawed = true;
    out.push({ type: 'flaw', flaw });
    return false;
  }

  /** As much of the head as was asked for is there: asks for more, or sets about the payload. */
  #judge(out: Frame[]): boolean {
    const head = this.#head;
    const first = head[0] as number;
    const second = head[1] as number;
    const short = second & 0x7f;
    const isMasked = second >= 0x80;
    if (this.#have === 2) {
      const flaw = this.#flawOf(first, short, isMasked);
      if (flaw !== null) return this.#fail(flaw, out);
      this.#need += (short === 126 ? 2 : short === 127 ? 8 : 0) + (isMasked ? 4 : 0);
      if (this.#need > 2) return true;
    }
    let length = short;
    if (short === 126) {
      length = ((head[2] as number) << 8) | (head[3] as number);
      if (length < 126) return this.#fail(FLAWS.length, out);
    } else if (short === 127) {
      const high = word(head, 2);
      length = high * 0x1_0000_0000 + word(head, 6);
      if (length < 0x1_0000 || high >= 0x8000_0000) return this.#fail(FLAWS.length, out);
    }
    this.#opcode = first & 15;
    this.#isLast = first >= 0x80;
    if (this.#opcode < CLOSE && length + this.#size > this.#rules.longest) return this.#fail(FLAWS.tooLong, out);
    this.#left = length;
    this.#came = 0;
    return true;
  }

  #flawOf(first: number, short: number, isMasked: boolean): Flaw | null {
    const opcode = first & 15;
    if ((first & 0x70) !== 0) return FLAWS.reserved;
    if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) return FLAWS.opcode;
    if (isMasked !== this.#rules.masked) return isMasked ? FLAWS.masked : FLAWS.unmasked;
    if (opcode >= CLOSE) {
      if (first < 0x80) return FLAWS.controlFragment;
      return short > CONTROL_MOST ? FLAWS.longControl : null;
    }
    if (opcode === 0) return this.#message === 0 ? FLAWS.continuation : null;
    return this.#message === 0 ? null : FLAWS.unfinished;
  }

  /** The next bytes of a payload, or none of an empty one. */
  #take(bytes: Uint8Array, from: number, count: number, out: Frame[]): void {
    this.#left -= count;
    if (this.#opcode >= CLOSE) {
      this.#unmask(bytes, from, count, this.#control, this.#came);
      this.#came += count;
      if (this.#left > 0) return;
      const size = this.#came;
      this.#next();
      this.#tellControl(size, out);
      return;
    }
    if (this.#opcode !== 0) this.#message = this.#opcode;
    // The text of a frame that is here whole needs no second look.
    const isAlone = this.#isLast && this.#left === 0 && this.#size === 0 && this.#utf8 === null;
    this.#grow(count, isAlone);
    this.#unmask(bytes, from, count, this.#body, this.#size);
    const isText = this.#message === TEXT;
    if (isText && !isAlone) {
      this.#utf8 ??= utf8State();
      if (!goesOn(this.#utf8, this.#body, this.#size, this.#size + count)) {
        this.#fail(FLAWS.utf8, out);
        return;
      }
    }
    this.#size += count;
    this.#came += count;
    if (this.#left > 0) return;
    const isLast = this.#isLast;
    this.#next();
    if (!isLast) return;
    if (isText) {
      const data = this.#utf8 === null || this.#utf8.lacks === 0 ? textOf(this.#body, 0, this.#size) : null;
      if (data === null) {
        this.#fail(FLAWS.utf8, out);
        return;
      }
      out.push({ type: 'text', data });
      this.#forget();
      return;
    }
    const data = this.#body.length === this.#size ? this.#body : this.#body.slice(0, this.#size);
    this.#body = NO_BYTES;
    out.push({ type: 'binary', data });
    this.#forget();
  }

  #next(): void {
    this.#have = 0;
    this.#need = 2;
    this.#left = 0;
    this.#came = 0;
  }

  #forget(): void {
    this.#message = 0;
    this.#size = 0;
    this.#utf8 = null;
    if (this.#body.length > KEPT) this.#body = NO_BYTES;
  }

  /** Room for so many bytes more; what a message will have is known if it is `whole`. */
  #grow(count: number, whole: boolean): void {
    const size = this.#size + count;
    if (size <= this.#body.length && !(whole && this.#message === BINARY)) return;
    const room = whole
      ? this.#message === TEXT
        ? Math.max(size, KEPT)
        : size
      : Math.max(size, this.#body.length * 2, KEPT);
    const body = new Uint8Array(room);
    if (this.#size > 0) body.set(this.#body.subarray(0, this.#size));
    this.#body = body;
  }

  #unmask(bytes: Uint8Array, from: number, count: number, into: Uint8Array, to: number): void {
    if (!this.#rules.masked) {
      if (count > 64) into.set(bytes.subarray(from, from + count), to);
      else for (let i = 0; i < count; i++) into[to + i] = bytes[from + i] as number;
      return;
    }
    const mask = this.#need - 4;
    const phase = this.#came;
    for (let i = 0; i < count; i++)
      into[to + i] = (bytes[from + i] as number) ^ (this.#head[mask + ((phase + i) & 3)] as number);
  }

  #tellControl(size: number, out: Frame[]): void {
    const control = this.#control;
    if (this.#opcode !== CLOSE) {
      out.push({ type: this.#opcode === PING ? 'ping' : 'pong', data: control.slice(0, size) });
      return;
    }
    if (size === 0) {
      out.push({ type: 'close', code: 1005, reason: '' });
      return;
    }
    const code = ((control[0] as number) << 8) | (control[1] as number);
    const reason = size > 2 ? textOf(control, 2, size) : '';
    if (size === 1) this.#fail(FLAWS.closeLength, out);
    else if (this.#refuses(code)) this.#fail(FLAWS.closeCode, out);
    else if (reason === null) this.#fail(FLAWS.closeReason, out);
    else out.push({ type: 'close', code, reason });
  }
}

/** A buffer of this many bytes is kept from message to message. */
const KEPT = 1024;

const word = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)) >>>
  0;
