/** A firewall that lets no ping pass, and one that ends WebSockets between two messages with a close frame. */

import { closeFrame } from '../../../src/http/frame-writer.ts';
import type { ConnId } from '../../../src/transport.ts';
import type { Arriving, Middlebox, Passage } from '../../core/middleboxes.ts';
import { FrameTap, PING } from './frame-tap.ts';

/** The taps of a connection: what its client sends, and what its server does. */
interface Taps {
  readonly up: FrameTap;
  readonly down: FrameTap;
}

abstract class Watching implements Middlebox {
  protected readonly passage: Passage;
  readonly #taps = new Map<ConnId, Taps>();
  readonly #drops: number;
  protected isOpen = true;

  constructor(passage: Passage, drops: number) {
    this.passage = passage;
    this.#drops = drops;
  }

  close(): void {
    this.isOpen = false;
    this.passage.leave();
  }

  abstract arrives(event: Arriving): boolean;
  abstract leaves(conn: ConnId, bytes: Uint8Array): boolean;

  protected tapsOf(conn: ConnId): Taps {
    let taps = this.#taps.get(conn);
    if (taps === undefined) {
      taps = { up: new FrameTap(true, this.#drops), down: new FrameTap(false, this.#drops) };
      this.#taps.set(conn, taps);
    }
    return taps;
  }
}

/** Pings of either end are left out of what passes; all else does, byte for byte. */
export class NoPings extends Watching {
  constructor(passage: Passage) {
    super(passage, PING);
  }

  arrives(event: Arriving): boolean {
    if (event.type !== 'frame') return false;
    const bytes = event.payload as Uint8Array;
    const left = this.tapsOf(event.conn).up.filter(bytes);
    if (left === bytes) return false;
    if (left.length > 0) this.passage.pass({ ...event, payload: left, bytes: left.length });
    return true;
  }

  leaves(conn: ConnId, bytes: Uint8Array): boolean {
    const left = this.tapsOf(conn).down.filter(bytes);
    if (left === bytes) return false;
    if (left.length > 0) this.passage.write(conn, left);
    return true;
  }
}

/** The next message of a server, on each connection, is its last: a close frame follows, and the end of the stream. */
export class ClosesBetween extends Watching {
  readonly #code: number;
  /** Connections that were closed here, and of which the far end's kernel has still to say so. */
  readonly #closed = new Set<ConnId>();

  constructor(passage: Passage, code: number) {
    super(passage, -1);
    this.#code = code;
  }

  override close(): void {
    this.isOpen = false;
    if (this.#closed.size === 0) this.passage.leave();
  }

  arrives({ type, conn }: Arriving): boolean {
    if (!this.#closed.has(conn)) return false;
    if (type === 'closed') this.#closed.delete(conn);
    if (!this.isOpen && this.#closed.size === 0) this.passage.leave();
    return true;
  }

  leaves(conn: ConnId, bytes: Uint8Array): boolean {
    if (this.#closed.has(conn)) return true;
    if (!this.isOpen) return false;
    const { down } = this.tapsOf(conn);
    down.filter(bytes);
    if (!down.isBetween) return false;
    this.#closed.add(conn);
    this.passage.note(`closes with ${this.#code}`);
    this.passage.write(conn, bytes);
    this.passage.write(conn, closeFrame(this.#code, '', null));
    this.passage.end(conn, 'close');
    this.passage.pass({ type: 'closed', conn, code: 1006, reason: 'reset', clean: false, status: 0 });
    return true;
  }
}
