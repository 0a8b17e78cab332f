/**
 * What a socket writes. It counts as sent as long as the kernel surely has room for it; beyond that the kernel is asked, so
 * `write`, `drain` and `bufferedAmount` of whoever stands on it say what they say in Node.
 */
import { Buffer } from '../buffer.ts';
import { joined, sortOf } from '../bytes.ts';
import { coded } from '../errors.ts';
import { life } from '../life.ts';
import type { Any, Callback } from '../loose.ts';

/** What a kernel takes of one connection before it has to say whether it has room for more. */
const SURE_ROOM = 128 * 1024;

export class Outlet {
  #written = 0;
  /** What was written since the kernel surely had room, and who waits for it to say so. */
  #unsure = 0;
  #waiting: Callback | null = null;

  /** How much was handed to the kernel in all. */
  get written(): number {
    return this.#written;
  }
  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  /** `done` is called at once, or once the kernel has taken it all. */
  write(handle: number, bytes: Any, done: Callback): void {
    this.#written += bytes.length;
    life.host.write(handle, bytes);
    this.#unsure += bytes.length;
    if (this.#unsure <= SURE_ROOM) done();
    else {
      this.#waiting = done;
      life.host.room(handle);
    }
  }

  /** The kernel has taken all; who waited for that. */
  emptied(): Callback | null {
    const done = this.#waiting;
    this.#waiting = null;
    return done;
  }
}

/** Several pieces that were written in one go. */
export const oneOf = (chunks: readonly { chunk: Any; encoding: string }[]): Any =>
  joined(
    chunks.map(({ chunk, encoding }) =>
      typeof chunk === 'string' && sortOf(encoding) !== 'utf8' ? Buffer.from(chunk, encoding) : chunk,
    ),
  );

/** Writes again when it is connected; fails when it never is. */
export function onceConnected(socket: Any, again: Callback, done: Callback): void {
  const failed = (): void =>
    done(coded(Error, 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION', 'Socket closed before the connection was established'));
  socket.once('connect', () => {
    socket.off('close', failed);
    again();
  });
  socket.once('close', failed);
}
