/**
 * The seam between TCP and what stands on it: a socket, seen from both sides.
 *
 * Downwards a tenant has what a socket offers: `connect` (`handshake.ts`), `write` (`lane.ts`), `accept` (here), `end` and
 * `reset` and `leave` (`ending.ts`), and `watch`, which tells when the kernel has taken what was written (`backlog.ts`).
 * TCP carries bytes and reads none of them: a write is a number of bytes with something of its tenant's attached, which
 * arrives with the last of them. Writes arrive in order, once, and completely, or both ends are told how the socket ended.
 *
 * Upwards TCP tells a tenant what is in `Tenant`. Each connection has one, by name, from when it is dialled.
 */
import type { Context } from '../../machine.ts';
import type { Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { End, LinkEffect } from '../vocabulary.ts';
import type { Conn, Item, LinkState } from './state.ts';

/** One step of a link: what it may change, ask and say. */
export interface Turn {
  readonly state: LinkState;
  readonly context: Context;
  readonly effects: LinkEffect[];
  readonly tenants: Readonly<Record<string, Tenant>>;
}

/**
 * How a socket ended without a word of its tenant's: `reset`; `refused`, no process took the SYN; `timed out`, of a dial or of
 * what nobody acknowledged; `lost`, its own host forgot it.
 */
export type Ended = 'reset' | 'refused' | 'timed out' | 'lost';

export interface Tenant {
  /**
   * The dialler's socket is connected at `at`: what it writes first, and at that time. By its arrival the other end
   * hears of the connection; it is one segment at least, if only the acknowledgement of the handshake.
   */
  greet(turn: Turn, conn: Conn, at: Instant): Item;
  /** A write of `from` arrives at `at`, and all before it have. */
  read(turn: Turn, conn: Conn, from: End, write: Item, at: Instant): void;
  /** The process at the other end is gone, or wants no more: `end` hears at `at` that it wrote nothing more, and all of it has arrived. */
  finished(turn: Turn, conn: Conn, end: End, at: Instant): void;
  /** The socket of `end` is over at `at`; said once, and nothing is said to that end afterwards. */
  ended(turn: Turn, conn: Conn, end: End, at: Instant, how: Ended): void;
  /** No more than `end` asked for by `watch` is left in its process: that many bytes. */
  drained(turn: Turn, conn: Conn, end: End, left: number): void;
  /** A write of `from` never arrives. */
  lost(turn: Turn, id: ConnId, from: End, write: Item, why: string): void;
  /** The socket of `end` is no more, by whoever's will: timers that the tenant has for that end are to go. */
  released(turn: Turn, id: ConnId, end: End): void;
}

export const tenantOf = ({ tenants }: Turn, conn: Conn): Tenant => tenants[conn.tenant] as Tenant;

/** The process at end 1 takes a connection of which it has heard. */
export function accept(conn: Conn): void {
  conn.phase = 'open';
}
