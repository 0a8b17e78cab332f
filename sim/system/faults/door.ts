/**
 * A door in front of a server: a proxy that answers new connections itself, and lets those pass that were there before.
 *
 * It speaks HTTP and WebSocket as `src/http` does, so what a client gets are real bytes: a refused upgrade with its status
 * and its fields, a close frame with any code, or the end of a connection that had just been accepted. The server behind
 * hears of none of it.
 */

import type { ServerConnection, ServerSaid } from '../../../src/http/endpoint.ts';
import type { Field } from '../../../src/http/fields.ts';
import { serverConnection } from '../../../src/http/server.ts';
import { utf8 } from '../../../src/http/utf8.ts';
import { type Duration, formatDuration, seconds } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import type { Arriving, Middlebox, Passage } from '../../core/middleboxes.ts';

/** What it does with whoever comes. */
export type Manner =
  /** Answers an upgrade, and with `everything` any request, with a status; 0: never. `retryAfter` in whole seconds; -1: none. */
  | { readonly does: 'refuse'; readonly status: number; readonly retryAfter: number; readonly everything: boolean }
  /** Accepts the WebSocket, and closes it: as soon as it is open, at the first message, or some time after it opened. */
  | {
      readonly does: 'close';
      readonly code: number;
      readonly when: 'open' | 'message' | 'later';
      readonly after: Duration;
    }
  /** Takes the connection, and ends it without a word. */
  | { readonly does: 'slam'; readonly how: 'fin' | 'rst' };

/** A connection that the door answers. */
interface Guest {
  readonly endpoint: ServerConnection;
  /** What has come, for the server behind if it turns out to be for that. */
  readonly came: Arriving[];
  over: boolean;
  /** Counts what its endpoint waits for: only the last of it counts. */
  waits: number;
}

export class Door implements Middlebox {
  readonly #passage: Passage;
  readonly #manner: Manner;
  readonly #later: (delay: Duration, run: () => void) => void;
  readonly #guests = new Map<ConnId, Guest>();
  #isOpen = true;

  constructor(passage: Passage, manner: Manner, later: (delay: Duration, run: () => void) => void) {
    this.#passage = passage;
    this.#manner = manner;
    this.#later = later;
  }

  /** It answers nobody new; whoever it keeps waiting is let go. */
  close(): void {
    this.#isOpen = false;
    this.#tidy();
    if (this.#manner.does !== 'refuse' || this.#manner.status !== 0) return;
    for (const [conn, guest] of this.#guests) if (!guest.over) this.#end(conn, guest, 'rst');
  }

  arrives(event: Arriving): boolean {
    const guest = this.#guests.get(event.conn);
    if (event.type === 'incoming') {
      if (!this.#isOpen || event.over !== 'bytes') return false;
      this.#welcome(event);
      return true;
    }
    if (guest === undefined) return false;
    if (event.type === 'closed') this.#forget(event.conn);
    else if (!guest.over) {
      guest.came.push(event);
      this.#hear(event.conn, guest, guest.endpoint.received(event.payload as Uint8Array));
    }
    return true;
  }

  leaves(): boolean {
    return false;
  }

  #welcome(event: Arriving & { readonly type: 'incoming' }): void {
    const guest: Guest = { endpoint: serverConnection(), came: [event], over: false, waits: 0 };
    this.#guests.set(event.conn, guest);
    if (this.#manner.does === 'slam') this.#end(event.conn, guest, this.#manner.how === 'fin' ? 'close' : 'rst');
  }

  #hear(conn: ConnId, guest: Guest, said: readonly ServerSaid[]): void {
    for (const each of said)
      switch (each.type) {
        case 'write':
          this.#passage.write(conn, each.bytes);
          break;
        case 'end':
          this.#end(conn, guest, 'close');
          break;
        case 'terminate':
          this.#end(conn, guest, each.how);
          break;
        case 'wait': {
          const waits = ++guest.waits;
          if (each.for !== null)
            this.#later(each.for, () => {
              if (guest.waits === waits && !guest.over) this.#hear(conn, guest, guest.endpoint.overdue());
            });
          break;
        }
        case 'upgrade':
          this.#answer(conn, guest, true);
          return;
        case 'request':
          this.#answer(conn, guest, false);
          return;
        case 'message':
          if (this.#manner.does === 'close' && this.#manner.when === 'message')
            this.#goodbye(conn, guest, this.#manner.code);
          break;
        default:
          break;
      }
  }

  #answer(conn: ConnId, guest: Guest, isUpgrade: boolean): void {
    const manner = this.#manner;
    if (manner.does === 'refuse' && (isUpgrade || manner.everything)) {
      if (manner.status === 0) return;
      const { status, retryAfter } = manner;
      const fields: Field[] = retryAfter < 0 ? [] : [['Retry-After', String(retryAfter)]];
      if (status === 401) fields.push(['WWW-Authenticate', 'Bearer']);
      this.#passage.note(
        `answers with ${status}${retryAfter < 0 ? '' : `, retry after ${formatDuration(seconds(retryAfter))}`}`,
      );
      this.#hear(conn, guest, guest.endpoint.respond({ status, fields, body: utf8(`${status}\n`) }));
    } else if (manner.does === 'close' && isUpgrade) {
      this.#hear(conn, guest, guest.endpoint.accept());
      if (manner.when === 'open') this.#goodbye(conn, guest, manner.code);
      else if (manner.when === 'later') this.#later(manner.after, () => this.#goodbye(conn, guest, manner.code));
    } else this.#letPass(conn, guest);
  }

  #goodbye(conn: ConnId, guest: Guest, code: number): void {
    if (guest.over || this.#guests.get(conn) !== guest) return;
    this.#passage.note(`closes with ${code}`);
    this.#hear(conn, guest, guest.endpoint.close(code, ''));
  }

  #end(conn: ConnId, guest: Guest, how: 'close' | 'fin' | 'rst'): void {
    guest.over = true;
    this.#passage.end(conn, how);
  }

  #forget(conn: ConnId): void {
    this.#guests.delete(conn);
    this.#tidy();
  }

  /** Nobody new is answered, and nobody is left who was. */
  #tidy(): void {
    if (!this.#isOpen && this.#guests.size === 0) this.#passage.leave();
  }

  /** It is for the server behind after all: a request that is no upgrade. */
  #letPass(conn: ConnId, { came }: Guest): void {
    this.#forget(conn);
    for (const event of came) this.#passage.pass(event);
  }
}
