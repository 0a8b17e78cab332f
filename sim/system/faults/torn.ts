/**
 * Cuts one write in the middle, the next one or one of a connection that is being opened: its first part arrives, and then
 * the connection is over, in one way or another.
 */

import type { ConnId } from '../../../src/transport.ts';
import type { Arriving, Middlebox, Passage } from '../../core/middleboxes.ts';

export interface Cut {
  /** What a client writes, or its server. */
  readonly way: 'up' | 'down';
  /** 0: the next one of any connection; from 1: that one of a connection that begins meanwhile. */
  readonly write: number;
  /** Where, in thousandths of what was written; something is left on either side. */
  readonly share: number;
  /** Both ends are reset, or hear that the stream has ended, or nothing passes any more and nobody is told. */
  readonly how: 'reset' | 'end' | 'silence';
}

export class Torn implements Middlebox {
  readonly #passage: Passage;
  readonly #cut: Cut;
  /** The connection that was cut; null before. */
  #conn: ConnId | null = null;
  #isOpen = true;
  /** How many writes there were on connections that began meanwhile. */
  readonly #writes = new Map<ConnId, number>();
  /** The far end was told, and need not hear what its own kernel says of it. */
  #told = false;

  constructor(passage: Passage, cut: Cut) {
    this.#passage = passage;
    this.#cut = cut;
  }

  close(): void {
    this.#isOpen = false;
    if (this.#conn === null) this.#passage.leave();
  }

  arrives(event: Arriving): boolean {
    const { conn } = event;
    if (conn === this.#conn) {
      if (event.type === 'closed') this.#passage.leave();
      return event.type === 'frame' || this.#told;
    }
    if (event.type === 'incoming') this.#writes.set(conn, 0);
    if (event.type !== 'frame' || this.#cut.way !== 'up' || !this.#strikes(conn, event.payload as Uint8Array))
      return false;
    const first = this.#firstOf(event.payload as Uint8Array);
    this.#conn = conn;
    this.#passage.pass({ ...event, payload: first, bytes: first.length });
    this.#over(conn);
    return true;
  }

  leaves(conn: ConnId, bytes: Uint8Array): boolean {
    if (conn === this.#conn) return true;
    if (this.#cut.way !== 'down' || !this.#strikes(conn, bytes)) return false;
    this.#conn = conn;
    this.#passage.write(conn, this.#firstOf(bytes));
    this.#over(conn);
    return true;
  }

  /** Of one byte there is no half: then it is the next one. */
  #strikes(conn: ConnId, bytes: Uint8Array): boolean {
    if (!this.#isOpen || this.#conn !== null) return false;
    if (this.#cut.write > 0) {
      const before = this.#writes.get(conn);
      if (before === undefined) return false;
      this.#writes.set(conn, before + 1);
      if (before + 1 < this.#cut.write) return false;
    }
    return bytes.length > 1;
  }

  #firstOf(bytes: Uint8Array): Uint8Array {
    return bytes.subarray(0, 1 + Math.floor(((bytes.length - 2) * this.#cut.share) / 1000));
  }

  #over(conn: ConnId): void {
    const { how, way } = this.#cut;
    this.#passage.note(
      `cuts what ${way === 'up' ? 'its client' : 'its server'} wrote in the middle${how === 'silence' ? ', and nothing passes any more' : ''}`,
    );
    if (how === 'reset') this.#passage.end(conn, 'rst');
    else if (how === 'end') {
      this.#passage.pass({ type: 'closed', conn, code: 1000, reason: '', clean: true, status: 0 });
      this.#told = true;
      this.#passage.end(conn, 'close');
    }
  }
}
