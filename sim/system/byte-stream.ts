/**
 * A connection of raw bytes that a process uses through an endpoint of `src/http`: what the endpoint asks is done here, at
 * the end of the step in which it asks, so that what was written together leaves together.
 */
import type { Ask } from '../../src/http/endpoint.ts';
import type { ConnId } from '../../src/transport.ts';
import type { Life } from './process.ts';
import type { Segments } from './segments.ts';

/** Names the timers of endpoints; their key is the connection. */
export const ENDPOINT_TIMER = 'endpoint';

export class ByteStream {
  readonly conn: ConnId;
  readonly #life: Life;
  readonly #segments: Segments;
  readonly #used: ByteStream[];
  /** What is to be asked of the kernel once this step's bytes are gone: when no more than so many are left. */
  #below = -1;
  #waits = false;
  #gone = false;

  /** `used`: where it is put when it has something to do at the end of the step. */
  constructor(life: Life, segments: Segments, conn: ConnId, used: ByteStream[]) {
    this.#life = life;
    this.#used = used;
    this.#segments = segments;
    this.conn = conn;
  }

  /** It was terminated from here: nothing more is heard of it. */
  get isGone(): boolean {
    return this.#gone;
  }

  do(ask: Ask): void {
    const { conn } = this;
    const life = this.#life;
    switch (ask.type) {
      case 'write':
        this.#segments.write(conn, ask.bytes);
        this.#use();
        return;
      case 'end':
        this.flush();
        life.emit({ type: 'close', conn, code: 1000, reason: '' });
        return;
      case 'terminate':
        this.#gone = true;
        this.#use();
        if (ask.how === 'rst') this.#segments.forget(conn);
        else this.flush();
        life.emit({ type: 'terminate', conn, how: ask.how });
        return;
      case 'wait':
        if (ask.for !== null) life.setTimer(ENDPOINT_TIMER, conn, ask.for);
        else if (this.#waits) life.clearTimer(ENDPOINT_TIMER, conn);
        this.#waits = ask.for !== null;
        return;
      case 'drain':
        this.#below = ask.below;
        this.#use();
        return;
    }
  }

  #use(): void {
    if (!this.#used.includes(this)) this.#used.push(this);
  }

  /** What was written leaves now. */
  flush(): void {
    const { conn } = this;
    for (const bytes of this.#segments.take(conn))
      this.#life.emit({ type: 'send', conn, payload: bytes, bytes: bytes.length });
    if (this.#below < 0) return;
    this.#life.emit({ type: 'drain', conn, below: this.#below });
    this.#below = -1;
  }

  /** It is over, and so is whatever it waited for. */
  over(): void {
    this.#segments.forget(this.conn);
    this.#below = -1;
    if (this.#waits) this.#life.clearTimer(ENDPOINT_TIMER, this.conn);
    this.#waits = false;
  }
}
