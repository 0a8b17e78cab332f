/**
 * Middleboxes: what stands in front of the far end of a link, and understands the bytes that pass.
 *
 * A link carries bytes and reads none of them, so whatever knows HTTP or frames stands behind it: in front of whoever
 * answers its dials, as a reverse proxy or a firewall does. There it sees what arrives before that hears of it, and what
 * that says before it enters the path, when each happens. While no fault has put one there, nobody is asked.
 */
import { endOf } from '../../src/link/ended.ts';
import type { LinkEvent } from '../../src/link/vocabulary.ts';
import type { ConnId, TransportEvent } from '../../src/transport.ts';
import { type EventSort, SORT } from './event-sort.ts';
import type { AnyEvent, Node } from './kernel.ts';
import type { Wiring } from './wiring.ts';

export type Arriving = Extract<TransportEvent, { readonly type: 'incoming' | 'frame' | 'closed' }>;

export interface Middlebox {
  /** Something arrives; true: it is the box's own affair, and the far end does not hear of it as it is. */
  arrives(event: Arriving): boolean;
  /** The far end writes on a connection of raw bytes; true: it does not enter the path as it is. */
  leaves(conn: ConnId, bytes: Uint8Array): boolean;
}

/** What a middlebox may do. */
export interface Passage {
  /** Lets something arrive at the far end now. */
  pass(event: Arriving): void;
  /** Writes to the near end, as if the far end did. */
  write(conn: ConnId, bytes: Uint8Array): void;
  /** Ends a connection, as an end of it would: `close` is the end of the stream behind all that was written. */
  end(conn: ConnId, how: 'close' | 'fin' | 'rst'): void;
  /** A remark in history. */
  note(text: string): void;
  /** The box has nothing to do any more. */
  leave(): void;
}

interface Host {
  readonly wiring: Wiring;
  reach(node: Node, event: AnyEvent, sort: EventSort): void;
  step(node: Node, event: unknown): void;
  remark(node: Node, text: string): void;
}

export class Middleboxes {
  readonly #host: Host;
  readonly #boxes = new Map<Node, Middlebox[]>();
  /** Whether there is any. */
  stand = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Puts one in front of the far end of a link, behind those that stand there; `make` is given what it may do. */
  put<B extends Middlebox>(link: Node, make: (passage: Passage) => B): B {
    const box: B = make(passageOf(this.#host, link, () => this.#remove(link, box)));
    const boxes = this.#boxes.get(link);
    if (boxes === undefined) this.#boxes.set(link, [box]);
    else boxes.push(box);
    this.stand = true;
    return box;
  }

  #remove(link: Node, box: Middlebox): void {
    const boxes = this.#boxes.get(link) ?? [];
    const left = boxes.filter((each) => each !== box);
    if (left.length > 0) this.#boxes.set(link, left);
    else this.#boxes.delete(link);
    this.stand = this.#boxes.size > 0;
  }

  /** Whether a box keeps from a node what arrives there. */
  takes(node: Node, event: AnyEvent, sort: EventSort): boolean {
    if (sort !== SORT.frame && sort !== SORT.closed && sort !== SORT.incoming && sort !== SORT.ended) return false;
    // A box does not go on behind the end of a stream.
    const arriving = sort === SORT.ended ? endOf((event as Arriving).conn) : (event as Arriving);
    const route = this.#host.wiring.routeOf(arriving.conn);
    if (route === undefined || route.dialler === node.index) return false;
    if (arriving.type === 'frame' && !(arriving.payload instanceof Uint8Array)) return false;
    for (const box of this.#boxes.get(route.link) ?? NONE) {
      if (!box.arrives(arriving)) continue;
      if (arriving.type === 'closed') route.told |= 2;
      if (sort === SORT.ended) close(this.#host, route.link, arriving.conn);
      return true;
    }
    return false;
  }

  /** Whether a box keeps from a link what its far end writes. */
  keeps(link: Node, conn: ConnId, payload: unknown): boolean {
    if (!(payload instanceof Uint8Array)) return false;
    for (const box of this.#boxes.get(link) ?? NONE) if (box.leaves(conn, payload)) return true;
    return false;
  }
}

const NONE: readonly Middlebox[] = [];

/** The far end ends its stream. */
const close = (host: Host, link: Node, conn: ConnId): void =>
  host.step(link, { type: 'close', end: 1, conn, code: 1000, reason: '' } satisfies LinkEvent);
const SORTS = { incoming: SORT.incoming, frame: SORT.frame, closed: SORT.closed } as const;

function passageOf(host: Host, link: Node, leave: () => void): Passage {
  const far = (): Node => (link.ends as readonly [Node, Node])[1];
  const ask = (event: LinkEvent): void => host.step(link, event);
  return {
    pass: (event) => host.reach(far(), event, SORTS[event.type]),
    write: (conn, bytes) => ask({ type: 'send', end: 1, conn, payload: bytes, bytes: bytes.length }),
    end(conn, how) {
      if (how === 'close') close(host, link, conn);
      else ask({ type: 'terminate', end: 1, conn, how });
    },
    note: (text) => host.remark(link, text),
    leave,
  };
}
