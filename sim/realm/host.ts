/**
 * The wall between a realm and the world around it.
 *
 * A realm is JavaScript that believes it runs in a browser's tab or in a Node process. Only primitives and copied bytes
 * cross: an object of one side would fail `instanceof` on the other, and would be a way out. What the inside asks of the
 * world (`Host`) is noted and happens when its step is over, so no realm ever runs inside another's step; what the world
 * tells the inside (`Port`) runs its code, with a microtask checkpoint behind each listener, as an event loop has it.
 */

/** What a realm is inside. */
export type Profile = 'browser' | 'node';

/** Milliseconds with fractions of a microsecond's grain, as the platform's own clocks give them. */
export type Millis = number;

/** Who reads it: the name of a timer, a socket, a request within one realm; given by the inside, from 1 on, never again. */
export type Handle = number;

/** What a reset came to: nothing had changed; it had, and is as it was; it cannot be put back, or was not learned. */
export type Restored = 'same' | 'restored' | 'spoilt';

/** How an error got out of the user's code. */
export type Escape = 'error' | 'rejection';

/** What the inside asks of the world. */
export interface Host {
  /** The host's wall clock, with whatever it is wrong by: milliseconds since 1970. */
  now(): Millis;
  /** Since this process, or page, began; never goes back. */
  uptime(): Millis;
  /** One microtask checkpoint; between listeners, where a browser has one. */
  drain(): void;
  /** (Re)arms a timer: the port's `timer` is called once, so much later. */
  setTimer(timer: Handle, delay: Millis): void;
  clearTimer(timer: Handle): void;
  /** The port's `timer` is called once, in a task of its own behind the present one; a background tab is not slowed in it. */
  task(timer: Handle): void;
  /** A line of the console: `log`, `warn`, `error`, … with its arguments as text. */
  console(level: string, text: string): void;
  /** An error that nobody caught, or a rejection that nobody handled; `stack` as the engine writes it. */
  uncaught(how: Escape, text: string, stack: string): void;
  /** A fact of the probe: its name, and what it says, as text or bytes. */
  probe(fact: string, first: string, second: string | Uint8Array | null): void;
  /** A digest that a platform computes: `sha256` of `data`; with `key` its HMAC. Null: no such algorithm. */
  hash(algorithm: string, data: Uint8Array, key: Uint8Array | null): Uint8Array | null;

  /** Wants to be told of every promise from now on, until its life is over. */
  promises(): void;

  // ---- a browser's
  /** Where the page is: its URL. */
  location(): string;
  /** Opens a WebSocket at a URL that was found sound; `protocols` are joined by commas. */
  wsOpen(socket: Handle, url: string, protocols: string): void;
  wsSend(socket: Handle, data: string | Uint8Array): void;
  /** The closing handshake, or the end of a connection that is not open yet; `code` 0: none was given. */
  wsClose(socket: Handle, code: number, reason: string): void;
  /** A whole request: `headers` are lines `name: value`; `redirect`: `follow`, `error` or `manual`. */
  fetch(request: Handle, method: string, url: string, headers: string, body: Uint8Array | null, redirect: string): void;
  fetchAbort(request: Handle): void;
  /** What a page stores: `value` null removes `key`, `key` null clears all. */
  store(area: 'local' | 'session', key: string | null, value: string | null): void;
  /** A message to the other tabs of this client, as text that `structuredClone` can be made of again. */
  broadcast(channel: string, data: string): void;
  /** The page loads itself again. */
  reload(): void;

  // ---- a Node process's
  /** A TCP connection to a host by its name. */
  connect(socket: Handle, host: string, port: number): void;
  write(socket: Handle, data: Uint8Array): void;
  /** Asks for `drained` once the kernel has taken all that was written. */
  room(socket: Handle): void;
  /** FIN behind all that was written. */
  end(socket: Handle): void;
  /** Gone at once; `reset`: with an RST. */
  destroy(socket: Handle, reset: boolean): void;
  /** The process stops, or goes on, taking bytes from a connection. */
  read(socket: Handle, on: boolean): void;
  listen(port: number): void;
  unlisten(port: number): void;
  /** The process ends. */
  exit(code: number): void;
}

/** A host that does nothing at all: what a profile does not have. */
export const NO_HOST: Omit<Host, 'drain'> = {
  now: () => 0,
  uptime: () => 0,
  setTimer() {},
  clearTimer() {},
  task() {},
  console() {},
  uncaught() {},
  probe() {},
  hash: () => null,
  promises() {},
  location: () => '',
  wsOpen() {},
  wsSend() {},
  wsClose() {},
  fetch() {},
  fetchAbort() {},
  store() {},
  broadcast() {},
  reload() {},
  connect() {},
  write() {},
  room() {},
  end() {},
  destroy() {},
  read() {},
  listen() {},
  unlisten() {},
  exit() {},
};

/** What the world tells the inside. All of it runs code of the user, and none of it throws. */
export interface Port {
  /** Begins a life: the dice of `Math.random` and `crypto`, and what was stored (pairs of key and value). */
  begin(seed: readonly [number, number, number], local: readonly string[], session: readonly string[]): void;
  /** Takes note of everything as it is now, before any life, so that `reset` can put it back. */
  learn(): void;
  /**
   * Forgets everything of a life, and puts back what it changed. `wholly`: every object there is is looked at, which takes
   * as long as a short run; else what is usual, and a part of the others in turn.
   */
  reset(wholly: boolean): Restored;
  timer(timer: Handle): void;
  /** Runs the user's module: a function of this realm, as `bundle.ts` makes them. False: it threw, which is reported. */
  load(module: unknown): boolean;
  /** Calls an exported function of the user's module: `args` is JSON. False: it exports none of that name. */
  call(name: string, args: string): boolean;
  /** What is still held, one line each behind its sort: `timers`, `sockets` or `listeners`, a line, a sort, a line, … */
  held(): readonly string[];
  /** A rejection that nobody handled, as the engine tells the host: it reaches the inside's own handlers first. */
  rejected(reason: unknown, promise: unknown): void;
  /** One that it was told of is handled now, after all. */
  handled(reason: unknown, promise: unknown): void;
  /** Of the engine, for who wanted to be told of promises: one was made; a reaction of it begins; it is over. */
  promiseMade(promise: object): void;
  promiseBegins(promise: object): void;
  promiseEnded(): void;

  // ---- a browser's
  wsOpened(socket: Handle, protocol: string): void;
  wsMessage(socket: Handle, data: string | Uint8Array): void;
  /** The other side began the closing handshake. */
  wsClosing(socket: Handle): void;
  wsClosed(socket: Handle, code: number, reason: string, clean: boolean, failed: boolean): void;
  /** So many bytes of what was sent have left. */
  wsSent(socket: Handle, bytes: number): void;
  /** A response, or (status 0) a network error. */
  fetched(request: Handle, status: number, statusText: string, url: string, headers: string, body: Uint8Array): void;
  online(on: boolean): void;
  visible(on: boolean): void;
  /** The page is about to be frozen, or goes on. */
  frozen(on: boolean): void;
  /** The page is about to go away: `pagehide`, `unload`. */
  unload(): void;
  /** Another tab has stored something. */
  stored(key: string | null, before: string | null, value: string | null): void;
  heard(channel: string, data: string): void;

  // ---- a Node process's
  /** Somebody connected to a port that is listened on. */
  connection(socket: Handle, port: number, from: string): void;
  connected(socket: Handle): void;
  data(socket: Handle, bytes: Uint8Array): void;
  /** All that was written before `below` is exceeded no more: the kernel has taken it. */
  drained(socket: Handle, buffered: number): void;
  /** The other side has said all that it had to say. */
  ended(socket: Handle): void;
  /** Gone; `error` is a code such as ECONNRESET, or empty. */
  closed(socket: Handle, error: string): void;
  signal(name: string): void;
}
