/**
 * Heads of HTTP/1.1 messages (RFC 9112): a line that says what is asked or how it went, and fields. They are read line by line
 * as they come, so that what is no HTTP is known by its first line; what is refused is refused by name.
 */
import { type Field, isToken, trimmed } from './fields.ts';
import { bytesOf, latin1 } from './latin1.ts';

export interface RequestLine {
  readonly method: string;
  readonly target: string;
  /** The minor version: 0 or 1. */
  readonly minor: number;
}

export interface StatusLine {
  readonly status: number;
  readonly reason: string;
  readonly minor: number;
}

/** What can be wrong with a head: how a server answers it, and why. */
export interface HeadFlaw {
  readonly status: number;
  readonly why: string;
}

const flaw = (status: number, why: string): HeadFlaw => ({ status, why });

export const HEAD_FLAWS = {
  tooLong: flaw(431, 'a head that is too long'),
  requestLine: flaw(400, 'no request line of HTTP/1.1'),
  statusLine: flaw(400, 'no status line of HTTP/1.1'),
  version: flaw(505, 'a version of HTTP that is neither 1.0 nor 1.1'),
  lineEnd: flaw(400, 'a line that does not end in CR LF'),
  folded: flaw(400, 'a field that is folded over two lines'),
  name: flaw(400, 'a field without a name, or with one that is no token'),
  value: flaw(400, 'a field with a control character in its value'),
} as const satisfies Readonly<Record<string, HeadFlaw>>;

/** Node's limit (`--max-http-header-size`). */
export const HEAD_LONGEST = 16_384;

const CR = 13;
const LF = 10;

/** Reads one head: its first line by `first`, then its fields. `skipsEmpty`: an empty line before it is passed over (section 2.2). */
export class HeadReader<Line> {
  readonly #first: (line: string) => Line | HeadFlaw;
  readonly #longest: number;
  readonly #skipsEmpty: boolean;
  #line = '';
  #read = 0;
  start: Line | null = null;
  readonly fields: Field[] = [];
  isDone = false;
  flaw: HeadFlaw | null = null;

  constructor(first: (line: string) => Line | HeadFlaw, skipsEmpty: boolean, longest = HEAD_LONGEST) {
    this.#first = first;
    this.#skipsEmpty = skipsEmpty;
    this.#longest = longest;
  }

  /** Whether anything of it has come. */
  get isBegun(): boolean {
    return this.#read > 0;
  }

  /** Reads on from `at`; returns where it stopped, which is the end unless the head is done or flawed. */
  read(bytes: Uint8Array, at: number): number {
    let from = at;
    while (!this.isDone && this.flaw === null && from < bytes.length) {
      const lineEnd = bytes.indexOf(LF, from);
      const to = lineEnd < 0 ? bytes.length : lineEnd + 1;
      this.#read += to - from;
      if (this.#read > this.#longest) this.flaw = HEAD_FLAWS.tooLong;
      else this.#line += latin1(bytes, from, to);
      from = to;
      if (lineEnd >= 0 && this.flaw === null) this.#take();
    }
    return from;
  }

  #take(): void {
    const raw = this.#line;
    this.#line = '';
    if (raw.charCodeAt(raw.length - 2) !== CR) {
      this.flaw = HEAD_FLAWS.lineEnd;
      return;
    }
    const line = raw.slice(0, -2);
    if (this.start === null) {
      if (line === '' && this.#skipsEmpty) return;
      const start = this.#first(line);
      if (isFlaw(start)) this.flaw = start;
      else this.start = start;
    } else if (line === '') this.isDone = true;
    else {
      const field = fieldOfLine(line);
      if (isFlaw(field)) this.flaw = field;
      else this.fields.push(field);
    }
  }
}

const FLAWS: ReadonlySet<unknown> = new Set(Object.values(HEAD_FLAWS));
const isFlaw = (value: unknown): value is HeadFlaw => FLAWS.has(value);

/** Control characters, of which only the tabulator may stand in a value (RFC 9110 section 5.5). */
const isControl = (code: number): boolean => (code < 0x20 && code !== 9) || code === 0x7f;

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (isControl(text.charCodeAt(at))) return true;
  return false;
}

/** One line `name: value`. */
export function fieldOfLine(line: string): Field | HeadFlaw {
  if (line.startsWith(' ') || line.startsWith('\t')) return HEAD_FLAWS.folded;
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon));
  if (!isToken(name)) return HEAD_FLAWS.name;
  const value = trimmed(line.slice(colon + 1));
  return hasControl(value) ? HEAD_FLAWS.value : [name, value];
}

export function requestLine(line: string): RequestLine | HeadFlaw {
  const [method, target, version, ...rest] = line.split(' ');
  if (method === undefined || !isToken(method) || target === undefined || target === '' || hasControl(target))
    return HEAD_FLAWS.requestLine;
  if (version === undefined || rest.length > 0) return HEAD_FLAWS.requestLine;
  const minor = minorOf(version);
  if (minor !== null) return { method, target, minor };
  return /^HTTP\/\d\.\d$/.test(version) ? HEAD_FLAWS.version : HEAD_FLAWS.requestLine;
}

export function statusLine(line: string): StatusLine | HeadFlaw {
  const match = /^(HTTP\/\d\.\d) ([1-9]\d\d)(?: (.*))?$/s.exec(line);
  if (match === null) return HEAD_FLAWS.statusLine;
  const [, version = '', status = '', reason = ''] = match;
  const minor = minorOf(version);
  if (hasControl(reason)) return HEAD_FLAWS.statusLine;
  return minor === null ? HEAD_FLAWS.version : { status: Number(status), reason, minor };
}

const minorOf = (version: string): number | null => (version === 'HTTP/1.1' ? 1 : version === 'HTTP/1.0' ? 0 : null);

/** A head as bytes. Throws for what would be read as something else: it is what somebody wrote by hand. */
export function head(start: string, fields: readonly Field[]): Uint8Array {
  let text = `${line(start)}\r\n`;
  for (const [name, value] of fields) {
    if (!isToken(name)) throw new RangeError(`${JSON.stringify(name)} is no name of an HTTP field`);
    text += `${name}: ${line(value)}\r\n`;
  }
  return bytesOf(`${text}\r\n`);
}

function line(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isControl(code) || code > 0xff)
      throw new RangeError(`${JSON.stringify(text)} cannot stand in a head of HTTP, for its character ${at + 1}`);
  }
  return text;
}

/** What servers call the statuses that a test is likely to answer with (RFC 9110 section 15, RFC 6585). */
const REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  426: 'Upgrade Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
};

/** The first line of a response; a status without a name has an empty one. */
export const statusText = (status: number): string => `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`;
