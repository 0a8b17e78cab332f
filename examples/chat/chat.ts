/**
 * A chat that goes on where it was: the plain class that people write. What the room said is numbered by the server;
 * whoever comes back names the last number that it has. What a person says carries a key and is said again until the
 * server has it.
 *
 * `bug` puts back one of the three mistakes that this class usually has.
 */

export type Bug = 'resend' | 'cursor' | 'listener';

export interface Options {
  readonly bug?: Bug | undefined;
  /** The next line of the room, once, in order. */
  readonly onLine: (line: string) => void;
}

/** What a server says. */
type Message =
  | { readonly type: 'welcome'; readonly head: number }
  | { readonly type: 'line'; readonly n: number; readonly text: string }
  | { readonly type: 'heard'; readonly key: string }
  | { readonly type: 'pong' };

/** Milliseconds: how often a client asks whether somebody is there, and how long it believes in silence. */
const PING = 5_000;
const SILENCE = 12_000;
/** Milliseconds: the longest first wait, and the longest of all. */
const WAIT = 500;
const WAIT_MOST = 8_000;

export class Chat {
  readonly #url: string;
  readonly #options: Options;
  #socket: WebSocket | undefined;
  /** The last line that we have. */
  #cursor = 0;
  /** What was said and is not heard yet. */
  readonly #outbox = new Map<string, { readonly text: string; readonly heard: () => void }>();
  #failures = 0;
  #lastHeard = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #left = false;

  constructor(url: string, options: Options) {
    this.#url = url;
    this.#options = options;
    this.#connect();
  }

  /** Says something; settles when the server has it in its log. */
  say(text: string): Promise<void> {
    return new Promise((heard) => {
      const key = crypto.randomUUID();
      this.#outbox.set(key, { text, heard });
      if (this.#socket?.readyState === WebSocket.OPEN) this.#send({ type: 'say', key, text });
    });
  }

  close(): void {
    this.#left = true;
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    this.#socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#lastHeard = performance.now();
    socket.onopen = () => {
      this.#send({ type: 'hello', since: this.#cursor });
      for (const [key, { text }] of this.#outbox)
        this.#send({ type: 'say', key: this.#options.bug === 'resend' ? crypto.randomUUID() : key, text });
    };
    socket.onmessage = (event) => this.#hear(JSON.parse(event.data) as Message);
    socket.onclose = () => this.#dropped(socket);
    // An attempt that gets no answer is given up, too.
    this.#watch = setInterval(() => {
      if (performance.now() - this.#lastHeard > SILENCE) this.#dropped(socket);
      else if (socket.readyState === WebSocket.OPEN) this.#send({ type: 'ping' });
    }, PING);
  }

  #hear(message: Message): void {
    this.#lastHeard = performance.now();
    switch (message.type) {
      case 'welcome':
        this.#failures = 0;
        // Wrong: those lines are yet to come, and the connection may end before they do.
        if (this.#options.bug === 'cursor') this.#cursor = message.head;
        break;
      case 'line':
        this.#cursor = message.n;
        this.#options.onLine(message.text);
        break;
      case 'heard':
        this.#outbox.get(message.key)?.heard();
        this.#outbox.delete(message.key);
    }
  }

  #dropped(socket: WebSocket): void {
    // Wrong without: the old socket may come back to life and speak, and its interval goes on for ever.
    if (this.#options.bug !== 'listener') {
      clearInterval(this.#watch);
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    if (this.#left) return;
    clearTimeout(this.#retry);
    // Full jitter: after a restart of the server not everybody comes at once.
    this.#retry = setTimeout(
      () => this.#connect(),
      Math.random() * Math.min(WAIT_MOST, WAIT * 2 ** Math.min(this.#failures++, 10)),
    );
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }
}
