/**
 * What bytes on a connection say, where they are HTTP or frames of a WebSocket: `text "hello"` beside `12 bytes`.
 *
 * Whoever wrote them says nothing about it, and one piece may hold half a frame or three of them. So each direction of each
 * connection is read from its beginning, once as it was sent and once as it arrived; a piece is told by what is whole with
 * it. What is neither of both says nothing.
 */
import type { Entry } from '../../src/history.ts';
import { type Frame, FrameReader } from '../../src/http/frame-reader.ts';
import { HeadReader, type RequestLine, requestLine, type StatusLine, statusLine } from '../../src/http/head.ts';
import { visible } from '../../src/visible.ts';

/** A line stays one: so much of a message is shown. */
const SHORT = 60;
/** No message is refused for its length here: the parties have their own limits. */
const LONGEST = Number.MAX_SAFE_INTEGER;

/** The words for each entry that has some. All of a history is needed, from its beginning on. */
export function wireWords(history: readonly Entry[]): ReadonlyMap<Entry, string> {
  const words = new Map<Entry, string>();
  const readers = new Map<string, Reader>();
  for (const entry of history) {
    if (entry.kind !== 'sent' && entry.kind !== 'delivered') continue;
    const { payload } = entry;
    if (!(payload instanceof Uint8Array)) continue;
    const name = `${entry.kind} ${entry.conn} ${entry.node}`;
    let reader = readers.get(name);
    if (reader === undefined) {
      reader = new Reader();
      readers.set(name, reader);
    }
    const said = reader.read(payload);
    if (said !== '') words.set(entry, said);
  }
  return words;
}

/** One direction of one connection, at one of its ends. */
class Reader {
  #head = newHead();
  #frames: FrameReader | null = null;
  #isOther = false;

  /** What is whole with these bytes, in words. */
  read(bytes: Uint8Array): string {
    const said: string[] = [];
    let at = 0;
    while (at < bytes.length && this.#frames === null && !this.#isOther) at = this.#readHead(bytes, at, said);
    if (this.#frames !== null && at < bytes.length) {
      const frames: Frame[] = [];
      this.#frames.read(bytes.subarray(at), frames);
      for (const frame of frames) said.push(frameIn(frame));
      if (frames.length === 0) said.push('part of a frame');
    }
    return said.join(', ');
  }

  #readHead(bytes: Uint8Array, from: number, said: string[]): number {
    const at = this.#head.read(bytes, from);
    const { flaw, isDone, start, fields } = this.#head;
    // A body, or no HTTP at all.
    if (flaw !== null || start === null || !isDone) {
      if (flaw !== null) this.#isOther = true;
      else said.push('part of a head');
      return bytes.length;
    }
    const upgrades = fields.some(([name, value]) => name.toLowerCase() === 'upgrade' && /websocket/i.test(value));
    said.push(lineIn(start));
    if (upgrades && (!('status' in start) || start.status === 101))
      this.#frames = new FrameReader({ masked: !('status' in start), longest: LONGEST, refuses: () => false });
    this.#head = newHead();
    return at;
  }
}

type Start = RequestLine | StatusLine;

const newHead = (): HeadReader<Start> =>
  new HeadReader<Start>((line) => (line.startsWith('HTTP/') ? statusLine(line) : requestLine(line)), true);

const lineIn = (start: Start): string =>
  'status' in start
    ? `HTTP ${start.status}${start.reason === '' ? '' : ` ${visible(start.reason)}`}`
    : `${start.method} ${visible(start.target)}`;

function frameIn(frame: Frame): string {
  switch (frame.type) {
    case 'text':
      return `text ${shortly(frame.data)}`;
    case 'close':
      return frame.code === 1005
        ? 'close'
        : `close ${frame.code}${frame.reason === '' ? '' : ` ${shortly(frame.reason)}`}`;
    case 'flaw':
      return `no frame: ${frame.flaw.why}`;
    default:
      return `${frame.type}${frame.data.length > 0 ? ` of ${frame.data.length} bytes` : ''}`;
  }
}

/** Somebody's own text on one line, as it is: what is JSON is read as JSON. */
const shortly = (text: string): string => visible(text.length > SHORT ? `${text.slice(0, SHORT)}…` : text);
