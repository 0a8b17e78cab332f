/**
 * Notes that a server takes, and ticks that it gives, over a socket that reconnects by itself: reconnecting-websocket
 * and partysocket are both such a socket.
 */

export interface Socket {
  /** As that of a WebSocket. */
  readonly readyState: number;
  send(text: string): unknown;
  reconnect(): void;
  close(): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: string }) => void): void;
}

/** Milliseconds without a tick after which nobody is there: neither package notices that by itself. */
const SILENCE = 6_000;
const OPEN = 1;

export class Notes {
  readonly #socket: Socket;
  readonly #watch: ReturnType<typeof setInterval> | undefined;
  #heard = performance.now();

  constructor(
    socket: Socket,
    options: { watch: boolean; onTick: (tick: string) => void; onTaken: (note: string) => void },
  ) {
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#heard = performance.now();
    });
    socket.addEventListener('message', ({ data }) => {
      this.#heard = performance.now();
      const message = JSON.parse(data);
      if (message.tick !== undefined) options.onTick(`${message.tick} `);
      else options.onTaken(message.taken);
    });
    if (options.watch)
      this.#watch = setInterval(() => {
        // While it waits or connects it is busy by itself, and `reconnect` would set its backoff to nothing.
        if (socket.readyState !== OPEN || performance.now() - this.#heard < SILENCE) return;
        this.#heard = performance.now();
        socket.reconnect();
      }, 1_000);
  }

  write(note: string): void {
    this.#socket.send(note);
  }

  close(): void {
    clearInterval(this.#watch);
    this.#socket.close();
  }
}
