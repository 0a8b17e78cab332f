/**
 * Streams whose pieces are items: where less than *exactly once and in order* is promised, a piece is read as it was
 * written, whole and by itself, or not at all. Items that are alike cannot be told apart, and are only counted.
 */
import type { Facts } from '../../../src/facts.ts';
import { clientOf, type EntryOf, type Piece, type StreamId } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Instant } from '../../../src/time.ts';
import { bytesOf } from './bytes.ts';

/** By which items are found: equal for equal contents, whether they came as text or as bytes. */
export const itemKey = (value: Piece): string =>
  typeof value === 'string' && ASCII.test(value) ? value : bytesOf(value).key();

/** Text that is its own UTF-8. */
const ASCII = /^[\0-\x7f]*$/;

export interface Item {
  readonly key: string;
  readonly value: Piece;
  readonly at: Instant;
  readonly by: NodeId;
}

/** What was written on a stream. */
export interface Shelf {
  readonly items: Item[];
  /** Positions of the items of a key, in ascending order. */
  readonly byKey: Map<string, number[]>;
  /** The first item of the newest writing: a server may begin a stream anew. */
  base: number;
}

/** What an application was given of a stream since it last began with nothing. */
export interface Reading {
  readonly counts: Map<string, number>;
  /** The furthest item that it was given, in the order of writing; -1 for none. */
  furthest: number;
  /** Items that may be the next one, each by its position; null while it may be any. */
  next: readonly number[] | null;
  /** The first item that it is owed. */
  since: number;
  /** It is given more of the stream, as far as anybody can know. */
  reads: boolean;
}

export class Items {
  readonly #joinsLate: boolean;
  readonly #clients: ReadonlySet<NodeId>;
  readonly shelves = new Map<StreamId, Shelf>();
  readonly readers = new Map<NodeId, Map<StreamId, Reading>>();

  constructor({ joinsLate = false, clients }: Facts) {
    this.#joinsLate = joinsLate;
    this.#clients = new Set(clients.map(({ node }) => node));
  }

  shelfOf(stream: StreamId): Shelf {
    let shelf = this.shelves.get(stream);
    if (shelf === undefined) {
      shelf = { items: [], byKey: new Map(), base: 0 };
      this.shelves.set(stream, shelf);
    }
    return shelf;
  }

  wrote({ node, stream, value, at }: Pick<EntryOf<'wrote'>, 'node' | 'stream' | 'value' | 'at'>): void {
    const { items, byKey } = this.shelfOf(stream);
    const key = itemKey(value);
    const positions = byKey.get(key);
    if (positions === undefined) byKey.set(key, [items.length]);
    else positions.push(items.length);
    items.push({ key, value, at, by: node });
  }

  replaced({ node, stream, value, at }: EntryOf<'replaced'>): void {
    if (this.#clients.has(clientOf(node))) {
      // What a snapshot holds is not told item by item: whoever has one may be given any item next.
      const reading = this.#forget(node, stream, value === undefined || value.length === 0);
      reading.reads = value !== undefined;
      return;
    }
    const shelf = this.shelfOf(stream);
    shelf.base = shelf.items.length;
    if (value !== undefined && value.length > 0) this.wrote({ node, stream, value, at });
  }

  /** Its page was loaded again, or its process began anew. */
  reloaded(node: NodeId, kept: boolean): void {
    if (!kept) this.readers.delete(node);
    else for (const stream of this.readers.get(node)?.keys() ?? []) this.#forget(node, stream, false).reads = false;
  }

  readingOf(node: NodeId, stream: StreamId): Reading {
    let streams = this.readers.get(node);
    if (streams === undefined) {
      streams = new Map();
      this.readers.set(node, streams);
    }
    const reading = streams.get(stream);
    // A second tab, and a server that goes on where another was, begin somewhere.
    return reading ?? this.#begin(streams, stream, !this.#joinsLate && this.#clients.has(node));
  }

  #forget(node: NodeId, stream: StreamId, atStart: boolean): Reading {
    this.readingOf(node, stream);
    return this.#begin(this.readers.get(node) as Map<StreamId, Reading>, stream, atStart && !this.#joinsLate);
  }

  #begin(streams: Map<StreamId, Reading>, stream: StreamId, atStart: boolean): Reading {
    const { base, items } = this.shelfOf(stream);
    const reading: Reading = {
      counts: new Map(),
      furthest: -1,
      next: atStart ? (base === 0 ? FIRST : [0, base]) : null,
      since: atStart ? base : items.length,
      reads: false,
    };
    streams.set(stream, reading);
    return reading;
  }
}

const FIRST: readonly number[] = [0];
