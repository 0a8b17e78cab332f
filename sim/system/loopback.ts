/**
 * Connections of a process to itself: what is written at one end waits at the other, and is told in a turn of the loop of its
 * own. They cross no link, and no fault reaches them.
 */
import { type Duration, ZERO } from '../../src/time.ts';
import type { KernelSocket } from './kernel-socket.ts';

/** Names that lead to the host itself. */
const OWN = ['localhost', '127.0.0.1', '0.0.0.0', '::1', '::', ''];

export const isOwn = (host: string): boolean => OWN.includes(host);

interface Turns {
  setTimer(timer: string, key: number, delay: Duration): void;
}

export class Loopback {
  readonly #turns: Turns;
  /** Ends that wait until their mate has read all. */
  readonly #full = new Set<KernelSocket>();
  /** Names of ends: nobody in the world has them. */
  #count = 0;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  name(): number {
    return -++this.#count;
  }

  /** Two ends of one connection. */
  join(one: KernelSocket, other: KernelSocket): void {
    one.mate = other;
    other.mate = one;
    this.#turns.setTimer('joined', one.conn, ZERO);
  }

  write({ mate }: KernelSocket, bytes: Uint8Array): void {
    mate?.waiting.push(bytes);
    this.#wake(mate);
  }

  end({ mate }: KernelSocket): void {
    if (mate !== null) mate.end ??= 'fin';
    this.#wake(mate);
  }

  destroy(socket: KernelSocket, reset: boolean): void {
    const { mate, waiting } = socket;
    if (mate === null) return;
    mate.isOver = true;
    if (reset || waiting.length > 0) mate.end = 'ECONNRESET';
    else mate.end ??= 'fin';
    this.#wake(mate);
    this.#full.delete(socket);
  }

  /** Wants to know when its mate has read all. */
  room(socket: KernelSocket): void {
    this.#full.add(socket);
    this.#turns.setTimer('loop', socket.conn, ZERO);
  }

  /** Whether one that wanted to know may be told now. */
  hasRoom(socket: KernelSocket): boolean {
    return (socket.mate?.waiting.length ?? 0) === 0 && this.#full.delete(socket);
  }

  #wake(socket: KernelSocket | null): void {
    if (socket !== null) this.#turns.setTimer('loop', socket.conn, ZERO);
  }
}
