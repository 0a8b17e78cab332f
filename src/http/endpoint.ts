/**
 * Endpoints: whoever speaks HTTP or WebSocket at one end of a connection of raw bytes, without the connection.
 *
 * An endpoint is told what its connection brings, and what the one who uses it wants, and answers with what happens next, in
 * order (`Said`): bytes to write, how to end, when to ask again, and what its user is to hear. It has no clock, no socket and
 * no dice, and it never calls anybody. There are three:
 *
 * - `webSocketClient` (`client.ts`): what a browser's network service does for one `WebSocket`;
 * - `serverConnection` (`server.ts`): a server's end of a connection, HTTP requests first, a WebSocket once it accepts one;
 * - `httpRequest` (`request.ts`): one whole request and its response, as `fetch` makes it.
 *
 * For all of them: a connection is told as it was (`received` in pieces of any size, `ended` once); after `closed`, `answered`
 * or `gone` everything that they are told is dropped, and they say nothing more.
 */
import type { Duration } from '../time.ts';
import type { Field } from './fields.ts';

/** What an endpoint asks of the connection beneath it; `write`, `end`, `terminate` and `drain` are those of `transport.ts`. */
export type Ask =
  /** The bytes are the receiver's: nobody changes them afterwards. */
  | { readonly type: 'write'; readonly bytes: Uint8Array }
  /** FIN behind all that was written; nothing is written afterwards. What still comes may be told, and is dropped. */
  | { readonly type: 'end' }
  /** Gone at once: `fin` lets the kernel's buffer drain, `rst` drops it. */
  | { readonly type: 'terminate'; readonly how: 'fin' | 'rst' }
  /** Call `overdue` so much later; takes the place of the one before. Null: no longer. */
  | { readonly type: 'wait'; readonly for: Duration | null }
  /** Call `kept` as soon as no more than `below` bytes of what was written are still in the process; takes the place of the one before. */
  | { readonly type: 'drain'; readonly below: number };

/** A message as a program has it. */
export type MessageData = string | Uint8Array;

/** What happened on a WebSocket, as the one who uses it hears of it. */
export type Heard =
  | { readonly type: 'message'; readonly data: MessageData }
  /** The other side began the closing handshake, and was answered: nothing more can be sent. */
  | { readonly type: 'closing'; readonly code: number; readonly reason: string }
  /** So many bytes of what was sent (of the program's, without frames) have left the process. */
  | { readonly type: 'sent'; readonly bytes: number }
  /** What the WebSocket ended with; said once, and last. */
  | Closed;

export interface Closed {
  readonly type: 'closed';
  /** The code that the other side's close frame had; 1005: it had none; 1006: there was no close frame. */
  readonly code: number;
  readonly reason: string;
  /** Whether the closing handshake was done, and the connection ended by itself. */
  readonly clean: boolean;
  /** Whether it was *failed* (RFC 6455 section 7.1.7), so that a page hears `error` before `close`. */
  readonly failed: boolean;
  /** The HTTP status that the upgrade was answered with; 101 for one that was open, 0 for no answer. */
  readonly status: number;
  /** Why, in a sentence for a timeline; empty where the code says all. */
  readonly why: string;
}

/** What a WebSocket client says. */
export type ClientSaid =
  | Ask
  | Heard
  /** Open; `protocol` is the subprotocol that the server chose, or empty. */
  | { readonly type: 'opened'; readonly protocol: string };

export interface WebSocketClientOptions {
  /** `ws:` or `wss:`, as the URL parser writes it; a fragment is left out. */
  readonly url: string;
  /** Subprotocols to offer, the one that is liked best first; checked already. */
  readonly protocols?: readonly string[];
  /** The page's origin, as a browser sends it; none by default. */
  readonly origin?: string;
  /** More fields of the request, such as `User-Agent`. */
  readonly fields?: readonly Field[];
  /** A 32-bit draw: the key of the handshake, and one for the mask of each frame. */
  readonly draw: () => number;
  /** The largest message that is taken, in bytes; a larger one fails the connection with 1009. Default: 2^31 - 1. */
  readonly longest?: number;
}

/** One `WebSocket` of a page, from the side of the browser's network service. */
export interface WebSocketClient {
  /** The connection is being dialled now. */
  begin(): readonly ClientSaid[];
  /** TCP's handshake is done. */
  connected(): readonly ClientSaid[];
  received(bytes: Uint8Array): readonly ClientSaid[];
  /** The connection is over; `clean`: its stream ended, else it was reset, refused, or never came to be, as `why` says. */
  ended(clean: boolean, why: string): readonly ClientSaid[];
  /** The answer to `drain`: so many bytes are still in the process. */
  kept(buffered: number): readonly ClientSaid[];
  /** The time of `wait` is over. */
  overdue(): readonly ClientSaid[];
  /** Dropped unless it is open: what `send` does in each state is the page's business. */
  send(data: MessageData): readonly ClientSaid[];
  /** The closing handshake, or the end of an attempt to connect. `code` 0: none is given. Both were checked already. */
  close(code: number, reason: string): readonly ClientSaid[];
}

/** What a server's connection says. */
export type ServerSaid =
  | Ask
  | Heard
  /** A whole request that is no upgrade; answer with `respond`. */
  | ({ readonly type: 'request' } & Request)
  /** Somebody asks for a WebSocket, soundly; answer with `accept`, or with `respond`, which refuses it. */
  | ({ readonly type: 'upgrade'; readonly protocols: readonly string[]; readonly origin: string } & Request)
  | { readonly type: 'ping' | 'pong'; readonly data: Uint8Array }
  /** A connection on which no WebSocket was open is over. `why`: what was wrong, if something was. */
  | { readonly type: 'gone'; readonly why: string };

/** A request, whole. */
export interface Request {
  readonly method: string;
  /** As it was sent: a path and a query, mostly. */
  readonly target: string;
  readonly fields: readonly Field[];
  readonly body: Uint8Array;
}

/** A response, whole; `Content-Length` is added where it has a body or could have one. */
export interface Response {
  readonly status: number;
  readonly fields?: readonly Field[];
  readonly body?: Uint8Array;
}

export interface ServerConnectionOptions {
  /** The largest message or body that is taken, in bytes; a larger one is answered with 1009, or 413. Default: 100 MiB, as `ws` has it. */
  readonly longest?: number;
  /** Whether pings are answered at once. Default: yes. */
  readonly autoPong?: boolean;
  /** Whether it asks when what was sent has left (`drain`), and says so (`sent`). Default: yes. */
  readonly tellsSent?: boolean;
}

/** A server's end of one connection: requests, one after the other, until one of them is an upgrade that is accepted. */
export interface ServerConnection {
  received(bytes: Uint8Array): readonly ServerSaid[];
  ended(clean: boolean, why: string): readonly ServerSaid[];
  kept(buffered: number): readonly ServerSaid[];
  overdue(): readonly ServerSaid[];
  /** Answers the request, or refuses the upgrade, that was told last. Dropped where none waits. */
  respond(response: Response): readonly ServerSaid[];
  /** Accepts the upgrade that was told last. */
  accept(chosen?: { readonly protocol?: string; readonly fields?: readonly Field[] }): readonly ServerSaid[];
  /** `pieces`: sizes of the fragments that it is sent in; what is left goes in a last one. */
  send(data: MessageData, pieces?: readonly number[]): readonly ServerSaid[];
  ping(data?: Uint8Array): readonly ServerSaid[];
  pong(data?: Uint8Array): readonly ServerSaid[];
  /** The closing handshake. `code` 0: a close frame without one. */
  close(code: number, reason: string): readonly ServerSaid[];
  /** Gone at once, whatever is under way. */
  terminate(how: 'fin' | 'rst'): readonly ServerSaid[];
}

/** What a request says. */
export type RequestSaid =
  | Ask
  | {
      readonly type: 'answered';
      readonly status: number;
      readonly reason: string;
      readonly fields: readonly Field[];
      readonly body: Uint8Array;
    }
  /** A network error: no response came, or not all of it, or what came is none. */
  | { readonly type: 'failed'; readonly why: string };

export interface HttpRequestOptions {
  readonly method: string;
  /** `http:` or `https:`, as the URL parser writes it. */
  readonly url: string;
  readonly fields?: readonly Field[];
  readonly body?: Uint8Array | null;
  /** The largest body that is taken, in bytes. Default: 100 MiB. */
  readonly longest?: number;
}

/** One request on a connection of its own. */
export interface HttpRequest {
  connected(): readonly RequestSaid[];
  received(bytes: Uint8Array): readonly RequestSaid[];
  ended(clean: boolean, why: string): readonly RequestSaid[];
  abort(): readonly RequestSaid[];
}
