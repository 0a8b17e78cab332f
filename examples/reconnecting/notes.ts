/**
 * Notes that a server takes, and ticks that it gives, over a socket that reconnects by itself: reconnecting-websocket
 * and partysocket are both such a socket.
 */

export interface Socket {
  send(text: string): unknown;
  reconnect(): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { data: string }) => void): void;
}

/** Milliseconds without a tick after which nobody is there: neither package notices that by itself. */
const SILENCE = 6_000;

export class Notes {
  readonly #socket: Socket;
  readonly #watch: ReturnType<typeof setInterval> | undefined;
  #heard = performance.now();

  constructor(
    socket: Socket,
    options: { watch: boolean; onTick: (tick: string) => void; onTaken: (note: string) => void },
  ) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.#heard = performance.now();
      const message = JSON.parse(data);
      if (message.tick !== undefined) options.onTick(`${message.tick} `);
      else options.onTaken(message.taken);
    });
    if (options.watch)
      this.#watch = setInterval(() => {
        if (performance.now() - this.#heard < SILENCE) return;
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
