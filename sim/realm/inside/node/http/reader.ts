/**
 * Reads messages from a connection, one after the other: heads and bodies by the same code that everything here that speaks
 * HTTP has (`src/http`), told to a sink as they come.
 */
import { BodyReader, ofRequest, ofResponse } from '../../../../../src/http/body.ts';
import type { Field } from '../../../../../src/http/fields.ts';
import {
  HEAD_FLAWS,
  HeadReader,
  type RequestLine,
  requestLine,
  type StatusLine,
  statusLine,
} from '../../../../../src/http/head.ts';
import { Buffer } from '../buffer.ts';
import { coded } from '../errors.ts';
import type { Any } from '../loose.ts';
import { METHODS } from './status.ts';

export type Start = RequestLine | StatusLine;

/** What the sink says to a head: its body follows, it has none whatever it says, or what follows is another protocol. */
export type Verdict = 'body' | 'none' | 'switch';

export interface Sink {
  /** Of a response: the method of its request. */
  readonly method?: string;
  head(start: Start, fields: readonly Field[]): Verdict;
  body(piece: Any): void;
  complete(): void;
}

type Phase = 'head' | 'body' | 'switched' | 'broken';

/** Flaws of heads by their names in llhttp. */
const LLHTTP: readonly (readonly [flaw: string, code: string, reason: string])[] = [
  [HEAD_FLAWS.statusLine.why, 'HPE_INVALID_CONSTANT', 'Expected HTTP/, RTSP/ or ICE/'],
  [HEAD_FLAWS.version.why, 'HPE_INVALID_VERSION', 'Invalid HTTP version'],
  [HEAD_FLAWS.lineEnd.why, 'HPE_CR_EXPECTED', 'Missing expected CR after header value'],
  [HEAD_FLAWS.folded.why, 'HPE_INVALID_HEADER_TOKEN', 'Unexpected whitespace after header value'],
  [HEAD_FLAWS.name.why, 'HPE_INVALID_HEADER_TOKEN', 'Invalid header token'],
  [HEAD_FLAWS.value.why, 'HPE_INVALID_HEADER_TOKEN', 'Invalid header value char'],
];

export class Reader {
  readonly #isRequest: boolean;
  readonly #sink: Sink;
  #phase: Phase = 'head';
  #head: HeadReader<Any>;
  #body: BodyReader | null = null;

  constructor(kind: 'request' | 'response', sink: Sink) {
    this.#isRequest = kind === 'request';
    this.#sink = sink;
    this.#head = this.#next();
  }
  #next(): HeadReader<Any> {
    return this.#isRequest ? new HeadReader<Any>(requestLine, true) : new HeadReader<Any>(statusLine, false);
  }

  get isSwitched(): boolean {
    return this.#phase === 'switched';
  }
  /** Whether nothing of a message is under way. */
  get isBetween(): boolean {
    return this.#phase === 'head' && !this.#head.isBegun;
  }

  /** Takes what has come; returns how much of it belonged to messages, or an error. */
  execute(bytes: Any): number | Error {
    let at = 0;
    while (at < bytes.length && this.#phase !== 'switched') {
      if (this.#phase === 'broken') return bytes.length;
      if (this.#phase === 'head') {
        at = this.#head.read(bytes, at);
        if (this.#head.flaw !== null) return this.#broken(this.#head.flaw, at);
        if (this.#head.isDone) {
          const error = this.#begin(at);
          if (error !== null) return error;
        }
      } else {
        const body = this.#body as BodyReader;
        at = body.read(bytes, at);
        for (const piece of body.take()) this.#sink.body(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
        if (body.flaw !== null) return this.#broken(body.flaw, at);
        if (body.isDone) this.#end();
      }
    }
    return at;
  }

  #begin(at: number): Error | null {
    const { start, fields } = this.#head;
    if (this.#isRequest && !METHODS.includes((start as RequestLine).method))
      return this.#broken(HEAD_FLAWS.requestLine, at);
    this.#head = this.#next();
    const verdict = this.#sink.head(start as Start, fields);
    if (verdict === 'switch') {
      this.#phase = 'switched';
      return null;
    }
    const framing =
      verdict === 'none'
        ? 0
        : this.#isRequest
          ? ofRequest(fields)
          : ofResponse(this.#sink.method ?? 'GET', (start as StatusLine).status, fields);
    if (typeof framing === 'object') return this.#broken(framing, at);
    this.#body = new BodyReader(framing, Number.MAX_SAFE_INTEGER);
    this.#phase = 'body';
    if (this.#body.isDone) this.#end();
    return null;
  }

  #end(): void {
    this.#phase = 'head';
    this.#body = null;
    this.#sink.complete();
  }

  #broken({ status, why }: { status: number; why: string }, at: number): Error {
    this.#phase = 'broken';
    const [code, reason] = this.#named(status, why);
    const error = coded(Error, code, `Parse Error: ${reason}`) as Any;
    error.bytesParsed = at;
    error.reason = reason;
    return error;
  }

  /** What llhttp calls it; a flaw that it has no name for is told in our words. */
  #named(status: number, why: string): readonly [code: string, reason: string] {
    if (status === 431) return ['HPE_HEADER_OVERFLOW', 'Header overflow'];
    const named = LLHTTP.find(([flaw]) => flaw === why);
    if (named !== undefined) return [named[1], named[2]];
    if (why === HEAD_FLAWS.requestLine.why) return ['HPE_INVALID_METHOD', 'Invalid method encountered'];
    return ['HPE_INVALID_CONSTANT', why];
  }

  /** The connection has ended: an error if that was in the middle of something. */
  finish(): Error | null {
    if (this.#phase === 'body' && this.#body?.end()) {
      this.#end();
      return null;
    }
    if (this.#phase === 'broken' || this.#phase === 'switched' || this.isBetween) return null;
    return coded(Error, 'HPE_INVALID_EOF_STATE', 'Parse Error: Invalid EOF state');
  }
}
