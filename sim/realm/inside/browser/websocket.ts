/**
 * WebSocket, by https://websockets.spec.whatwg.org, with the words of Chromium for what is wrong.
 *
 * What a socket does on the wire is the browser's, behind the wall; here is what a page sees of it. `bufferedAmount` counts
 * what the browser has not handed to the kernel, and what is sent behind a `close()`, for ever. What comes after `close()`
 * is no message any more.
 */
import type { Handle } from '../../host.ts';
import { Blob, blobOf, bytesOfBlob } from '../blob.ts';
import { DOMException } from '../dom-exception.ts';
import { Event, trusted } from '../event.ts';
import { CloseEvent, MessageEvent } from '../event-kinds.ts';
import { attributes, EventTarget, isHeard, tell } from '../event-target.ts';
import { bytesIn, clampedShort, constants, dress, needs, usv } from '../idl.ts';
import { define, type Inside, type Part } from '../inside.ts';
import { type Address, addressOf, originOf, withScheme } from '../url.ts';
import { utf8Length } from '../utf8.ts';

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** A token of HTTP (RFC 9110 section 5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 6455 section 5.5: a close frame has room for that much behind its code. */
const LONGEST_REASON = 123;

let inside: Inside;
/** Where the page is: URLs are relative to it. */
let base: () => string;
/** Sockets whose connection is not over. */
const living = new Map<Handle, WebSocket>();

let hear: {
  opened(socket: WebSocket, protocol: string): void;
  message(socket: WebSocket, data: string | Uint8Array): void;
  closing(socket: WebSocket): void;
  closed(socket: WebSocket, code: number, reason: string, clean: boolean, failed: boolean): void;
  sent(socket: WebSocket, bytes: number): void;
  shown(socket: WebSocket): string;
};

export class WebSocket extends EventTarget {
  readonly #handle: Handle;
  readonly #address: Address;
  #state: 0 | 1 | 2 | 3 = CONNECTING;
  #protocol = '';
  #binaryType: 'blob' | 'arraybuffer' = 'blob';
  #buffered = 0;

  static {
    hear = {
      opened(socket, protocol) {
        if (socket.#state !== CONNECTING) return;
        socket.#state = OPEN;
        socket.#protocol = protocol;
        if (isHeard(socket, 'open'))
          tell(
            socket,
            trusted(() => new Event('open')),
          );
      },
      message(socket, data) {
        if (socket.#state !== OPEN || !isHeard(socket, 'message')) return;
        let given: unknown = data;
        if (typeof data !== 'string') {
          // What crossed the wall is a view of another realm's bytes.
          const bytes = new Uint8Array(data);
          given = socket.#binaryType === 'blob' ? blobOf(bytes) : bytes.buffer;
        }
        const origin = originOf(socket.#address);
        tell(
          socket,
          trusted(() => new MessageEvent('message', { data: given, origin })),
        );
      },
      closing(socket) {
        if (socket.#state < CLOSING) socket.#state = CLOSING;
      },
      closed(socket, code, reason, clean, failed) {
        living.delete(socket.#handle);
        socket.#state = CLOSED;
        if (failed && isHeard(socket, 'error'))
          tell(
            socket,
            trusted(() => new Event('error')),
          );
        if (isHeard(socket, 'close'))
          tell(
            socket,
            trusted(() => new CloseEvent('close', { code, reason, wasClean: clean })),
          );
      },
      sent(socket, bytes) {
        socket.#buffered -= bytes;
      },
      shown: (socket) => `a WebSocket to ${socket.url}, ${STATES[socket.#state]}`,
    };
  }

  constructor(url: string, protocols: unknown = undefined) {
    needs(1, arguments.length, "construct 'WebSocket'");
    super();
    const text = usv(url);
    this.#address = addressFor(text);
    const wanted = protocolsOf(protocols);
    this.#handle = inside.handle();
    living.set(this.#handle, this);
    inside.host.wsOpen(this.#handle, this.#address.href, wanted.join(','));
  }

  get url(): string {
    return this.#address.href;
  }
  get readyState(): number {
    return this.#state;
  }
  get bufferedAmount(): number {
    return this.#buffered;
  }
  get extensions(): string {
    return '';
  }
  get protocol(): string {
    return this.#protocol;
  }
  get binaryType(): string {
    return this.#binaryType;
  }
  set binaryType(value: unknown) {
    const text = `${value as string}`;
    // As for every enumeration of Web IDL, anything else is passed over.
    if (text === 'blob' || text === 'arraybuffer') this.#binaryType = text;
  }

  close(code: unknown = undefined, reason: unknown = undefined): void {
    const what = "Failed to execute 'close' on 'WebSocket'";
    // A reason behind no code is one behind code 0, as Chromium takes it.
    const isGiven = code !== undefined || reason !== undefined;
    const number = isGiven ? clampedShort(code) : 0;
    const text = reason === undefined ? '' : usv(reason);
    if (isGiven && number !== 1000 && !(number >= 3000 && number <= 4999))
      throw new DOMException(
        `${what}: The close code must be either 1000, or between 3000 and 4999. ${number} is neither.`,
        'InvalidAccessError',
      );
    if (text.length * 3 > LONGEST_REASON && utf8Length(text) > LONGEST_REASON)
      throw new DOMException(`${what}: The message must not be greater than ${LONGEST_REASON} bytes.`, 'SyntaxError');
    if (this.#state >= CLOSING) return;
    this.#state = CLOSING;
    inside.host.wsClose(this.#handle, number, text);
  }

  send(data: unknown): void {
    needs(1, arguments.length, "execute 'send' on 'WebSocket'");
    const payload = data instanceof Blob ? bytesOfBlob(data) : (bytesIn(data) ?? usv(data));
    if (this.#state === CONNECTING)
      throw new DOMException(
        "Failed to execute 'send' on 'WebSocket': Still in CONNECTING state.",
        'InvalidStateError',
      );
    this.#buffered += typeof payload === 'string' ? utf8Length(payload) : payload.length;
    if (this.#state !== OPEN) return;
    // Bytes are copied now: the page may change them afterwards, and a Blob's nobody can.
    inside.host.wsSend(this.#handle, typeof payload === 'string' || data instanceof Blob ? payload : payload.slice());
  }
}

const STATES = ['connecting', 'open', 'closing', 'closed'];

function addressFor(url: string): Address {
  const what = "Failed to construct 'WebSocket'";
  const found = addressOf(url, base());
  if (found === null) throw new DOMException(`${what}: The URL '${url}' is invalid.`, 'SyntaxError');
  const { scheme } = found;
  const address = scheme === 'http' || scheme === 'https' ? withScheme(found, scheme === 'http' ? 'ws' : 'wss') : found;
  if (address.scheme !== 'ws' && address.scheme !== 'wss')
    throw new DOMException(
      `${what}: The URL's scheme must be either 'http', 'https', 'ws', or 'wss'. '${scheme}:' is not allowed.`,
      'SyntaxError',
    );
  if (address.fragment !== '' || url.includes('#'))
    throw new DOMException(
      `${what}: The URL contains a fragment identifier ('${address.fragment.slice(1)}'). Fragment identifiers are not allowed in WebSocket URLs.`,
      'SyntaxError',
    );
  // Mixed content: what a page of https may not ask for.
  if (address.scheme === 'ws' && base().startsWith('https:'))
    throw new DOMException(
      `${what}: An insecure WebSocket connection may not be initiated from a page loaded over HTTPS.`,
      'SecurityError',
    );
  return address;
}

function protocolsOf(protocols: unknown): readonly string[] {
  if (protocols === undefined) return [];
  const iterable =
    (typeof protocols === 'object' && protocols !== null) || typeof protocols === 'function'
      ? (protocols as Partial<Iterable<unknown>>)[Symbol.iterator]
      : undefined;
  const list = iterable == null ? [usvOf(protocols)] : [...(protocols as Iterable<unknown>)].map(usvOf);
  const seen = new Set<string>();
  for (const each of list) {
    const problem = TOKEN.test(each) ? (seen.has(each) ? 'is duplicated' : null) : 'is invalid';
    if (problem !== null)
      throw new DOMException(`Failed to construct 'WebSocket': The subprotocol '${each}' ${problem}.`, 'SyntaxError');
    seen.add(each);
  }
  return list;
}

const usvOf = (value: unknown): string => `${value as string}`;

attributes(WebSocket, ['open', 'error', 'close', 'message']);
constants(WebSocket, { CONNECTING, OPEN, CLOSING, CLOSED });
dress({ WebSocket });

export function installWebSocket(given: Inside, location: () => string): Part {
  inside = given;
  base = location;
  define('WebSocket', WebSocket);
  const of = (handle: Handle, tellIt: (socket: WebSocket) => void): void => {
    const socket = living.get(handle);
    if (socket !== undefined) tellIt(socket);
  };
  return {
    wsOpened: (handle, protocol) => of(handle, (socket) => hear.opened(socket, protocol)),
    wsMessage: (handle, data) => of(handle, (socket) => hear.message(socket, data)),
    wsClosing: (handle) => of(handle, (socket) => hear.closing(socket)),
    wsClosed: (handle, code, reason, clean, failed) =>
      of(handle, (socket) => hear.closed(socket, code, reason, clean, failed)),
    wsSent: (handle, bytes) => of(handle, (socket) => hear.sent(socket, bytes)),
    reset: () => living.clear(),
    held: () => [...living.values()].map(hear.shown),
  };
}
