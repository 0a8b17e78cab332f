/** Bodies of HTTP/1.1 messages (RFC 9112 sections 6 and 7): how long one is, and reading it, whole. */
import { type Field, fieldOf, listOf } from './fields.ts';
import { fieldOfLine, HEAD_LONGEST } from './head.ts';
import { latin1 } from './latin1.ts';

/** How the end of a body is known: so many bytes, chunks of which the last is empty, or the end of the connection. */
export type Framing = number | 'chunked' | 'close';

export interface BodyFlaw {
  readonly status: number;
  readonly why: string;
}

const flaw = (status: number, why: string): BodyFlaw => ({ status, why });

export const BODY_FLAWS = {
  both: flaw(400, 'both Content-Length and Transfer-Encoding'),
  length: flaw(400, 'a Content-Length that is no number, or several'),
  coding: flaw(501, 'a Transfer-Encoding other than chunked'),
  chunk: flaw(400, 'a chunk that is not as chunks are'),
  tooLong: flaw(413, 'a body that is too long'),
} as const satisfies Readonly<Record<string, BodyFlaw>>;

function framing(fields: readonly Field[], otherwise: Framing): Framing | BodyFlaw {
  const coding = fieldOf(fields, 'transfer-encoding');
  const length = fieldOf(fields, 'content-length');
  // Two of them that disagree are how requests are smuggled past a proxy (section 6.3).
  if (coding !== null && length !== null) return BODY_FLAWS.both;
  if (coding !== null) {
    const codings = listOf(coding.toLowerCase());
    return codings.length === 1 && codings[0] === 'chunked' ? 'chunked' : BODY_FLAWS.coding;
  }
  if (length === null) return otherwise;
  // Several of them are a list, which is no number.
  if (!/^\d{1,15}$/.test(length)) return BODY_FLAWS.length;
  return Number(length);
}

/** A request without a word about it has no body. */
export const ofRequest = (fields: readonly Field[]): Framing | BodyFlaw => framing(fields, 0);

/** A response without a word about it has one up to the end of the connection; some never have one, whatever they say. */
export const ofResponse = (method: string, status: number, fields: readonly Field[]): Framing | BodyFlaw =>
  method === 'HEAD' || status < 200 || status === 204 || status === 304 ? 0 : framing(fields, 'close');

type Part = 'size' | 'data' | 'after' | 'trailer';

const LF = 10;

/** Reads one body. */
export class BodyReader {
  readonly #framing: Framing;
  readonly #longest: number;
  readonly #pieces: Uint8Array[] = [];
  #size = 0;
  /** What is to come of the body, or of the chunk. */
  #left: number;
  #part: Part;
  /** The line under way, and how long all lines of trailers were. */
  #line = '';
  #trailers = 0;
  isDone: boolean;
  flaw: BodyFlaw | null = null;

  constructor(framing: Framing, longest: number) {
    this.#framing = framing;
    this.#longest = longest;
    this.#left = typeof framing === 'number' ? framing : framing === 'close' ? Number.MAX_SAFE_INTEGER : 0;
    this.#part = framing === 'chunked' ? 'size' : 'data';
    this.isDone = framing === 0;
    if (typeof framing === 'number' && framing > longest) this.flaw = BODY_FLAWS.tooLong;
  }

  /** Reads on from `at`; returns where it stopped, which is the end unless the body is done or flawed. */
  read(bytes: Uint8Array, at: number): number {
    let from = at;
    while (!this.isDone && this.flaw === null && from < bytes.length)
      from = this.#part === 'data' ? this.#data(bytes, from) : this.#text(bytes, from);
    return from;
  }

  /** What has come of it since the last time, for who does not want it whole. */
  take(): readonly Uint8Array[] {
    return this.#pieces.splice(0);
  }

  /** The connection has ended; true if that was the end of the body. */
  end(): boolean {
    if (this.#framing === 'close') this.isDone = true;
    return this.isDone;
  }

  /** The whole body. */
  get body(): Uint8Array {
    const body = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of this.#pieces) {
      body.set(piece, at);
      at += piece.length;
    }
    return body;
  }

  #data(bytes: Uint8Array, from: number): number {
    const to = Math.min(bytes.length, from + this.#left);
    this.#size += to - from;
    if (this.#size > this.#longest) {
      this.flaw = BODY_FLAWS.tooLong;
      return to;
    }
    this.#pieces.push(bytes.slice(from, to));
    this.#left -= to - from;
    if (this.#left > 0) return to;
    if (this.#framing === 'chunked') this.#part = 'after';
    else this.isDone = true;
    return to;
  }

  /** A line: the size of a chunk, what ends one, or a trailer. */
  #text(bytes: Uint8Array, from: number): number {
    const lineEnd = bytes.indexOf(LF, from);
    const to = lineEnd < 0 ? bytes.length : lineEnd + 1;
    this.#line += latin1(bytes, from, to);
    if (this.#line.length + this.#trailers > HEAD_LONGEST) this.flaw = BODY_FLAWS.chunk;
    else if (lineEnd >= 0) {
      const line = this.#line;
      this.#line = '';
      if (!line.endsWith('\r\n')) this.flaw = BODY_FLAWS.chunk;
      else this.#take(line.slice(0, -2));
    }
    return to;
  }

  #take(line: string): void {
    if (this.#part === 'after') {
      if (line !== '') this.flaw = BODY_FLAWS.chunk;
      this.#part = 'size';
    } else if (this.#part === 'trailer') {
      this.#trailers += line.length;
      if (line === '') this.isDone = true;
      else if (!Array.isArray(fieldOfLine(line))) this.flaw = BODY_FLAWS.chunk;
    } else {
      // Extensions of a chunk are passed over (section 7.1.1).
      const size = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/.exec(line)?.[1];
      if (size === undefined) {
        this.flaw = BODY_FLAWS.chunk;
        return;
      }
      this.#left = Number.parseInt(size, 16);
      if (this.#size + this.#left > this.#longest) this.flaw = BODY_FLAWS.tooLong;
      this.#part = this.#left === 0 ? 'trailer' : 'data';
    }
  }
}

/** A body in chunks of these sizes, and what is left in a last one. */
export function chunked(body: Uint8Array, sizes: readonly number[]): Uint8Array {
  const ends: number[] = [];
  for (const size of sizes) ends.push(Math.min(body.length, (ends.at(-1) ?? 0) + size));
  ends.push(body.length);
  const out: number[] = [];
  const say = (text: string): void => {
    for (let at = 0; at < text.length; at++) out.push(text.charCodeAt(at));
  };
  let from = 0;
  for (const to of ends) {
    // An empty chunk would be the last.
    if (to === from) continue;
    say(`${(to - from).toString(16)}\r\n`);
    for (let at = from; at < to; at++) out.push(body[at] as number);
    say('\r\n');
    from = to;
  }
  say('0\r\n\r\n');
  return Uint8Array.from(out);
}
