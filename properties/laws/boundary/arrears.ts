/** What readers have still to be given of the streams that they read, by what is promised of delivery. */
import type { Facts } from '../../../src/facts.ts';
import { clientOf, type EntryOf, type Piece, type StreamId } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Instant } from '../../../src/time.ts';
import { Items, itemKey, type Reading } from './items.ts';
import { type Reader, Texts } from './texts.ts';

/** What comes next for somebody, and how much is behind it. */
export interface Arrear {
  readonly stream: StreamId;
  /** What is next, as far as it can be told. */
  readonly next: Piece;
  readonly by: NodeId;
  /** When it was written, or when its reader began to read, whichever came later. */
  readonly from: Instant;
}

/** Who reads what, and since when. */
interface Following {
  readonly stream: StreamId;
  readonly since: Instant;
  /** Of items: those before are all there, and how many of each key these were. */
  done: number;
  readonly used: Map<string, number>;
  reading: Reading | null;
}

export class Arrears {
  /** Null where nothing that is written must be read, or where pieces are not what counts. */
  readonly #texts: Texts | null;
  readonly #items: Items | null;
  readonly #followings = new Map<NodeId, Map<StreamId, Following>>();
  /** Those whose application left: nothing is owed to them any more, whatever still comes in. */
  readonly #gone = new Set<NodeId>();

  constructor(facts: Facts) {
    const { delivery, order } = facts.promises ?? {};
    const inOrder = delivery === 'exactly-once' && order === 'per-stream';
    this.#texts = inOrder ? new Texts(facts) : null;
    this.#items = !inOrder && (delivery === 'exactly-once' || delivery === 'at-least-once') ? new Items(facts) : null;
  }

  wrote(entry: EntryOf<'wrote'>): void {
    (this.#texts ?? this.#items)?.wrote(entry);
  }

  read(entry: EntryOf<'read'>): void {
    const { node, stream, value, at } = entry;
    this.#texts?.read(entry);
    if (this.#items !== null) {
      const { counts } = this.#items.readingOf(node, stream);
      const key = itemKey(value);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    this.follow(node, stream, at);
  }

  replaced(entry: EntryOf<'replaced'>): void {
    const { node, stream, value, at } = entry;
    (this.#texts ?? this.#items)?.replaced(entry);
    if (value === undefined) this.#followings.get(node)?.delete(stream);
    else if (this.#followings.get(node)?.has(stream) !== true) this.follow(node, stream, at);
  }

  /** It knows that it is given no more of that stream. */
  told(entry: EntryOf<'told'>): void {
    this.#texts?.told(entry);
    if (entry.stream !== undefined) this.#followings.get(entry.node)?.delete(entry.stream);
  }

  /** Its page, or its process, begins anew: whether it reads on is seen when it does. */
  reloaded(node: NodeId, kept: boolean): void {
    (this.#texts ?? this.#items)?.reloaded(node, kept);
    this.#followings.delete(node);
  }

  /** Its application starts or leaves; a second tab does so like any other, while its client goes on. */
  present(node: NodeId, here: boolean): void {
    if (here) {
      this.#gone.delete(node);
      return;
    }
    this.#gone.add(node);
    this.#followings.delete(node);
  }

  /** From here on it is owed what is written on that stream. */
  follow(node: NodeId, stream: StreamId, at: Instant): void {
    if (this.#gone.has(node)) return;
    let followings = this.#followings.get(node);
    if (followings === undefined) {
      followings = new Map();
      this.#followings.set(node, followings);
    }
    if (!followings.has(stream)) followings.set(stream, { stream, since: at, done: 0, used: new Map(), reading: null });
  }

  /** The oldest thing that a reader lacks of a stream; null for nothing. */
  of(node: NodeId, stream: StreamId): Arrear | null {
    const following = this.#followings.get(node)?.get(stream);
    if (following === undefined) return null;
    if (this.#texts !== null) return inText(this.#texts, following, this.#texts.readerOf(node, stream));
    return this.#items === null ? null : inItems(this.#items, following, this.#items.readingOf(node, stream));
  }

  /** All that lack something, of that client with its tabs or of all. */
  *all(client?: NodeId): IterableIterator<readonly [node: NodeId, arrear: Arrear]> {
    for (const [node, followings] of this.#followings) {
      if (client !== undefined && clientOf(node) !== client) continue;
      for (const stream of followings.keys()) {
        const arrear = this.of(node, stream);
        if (arrear !== null) yield [node, arrear];
      }
    }
  }
}

const later = (one: Instant, other: Instant): Instant => (one > other ? one : other);

function inText(texts: Texts, { stream, since }: Following, reader: Reader): Arrear | null {
  const version = texts.streams.get(stream)?.at(-1);
  if (version === undefined || reader.lost) return null;
  const at = Math.max(0, texts.progressOf(stream, reader));
  const { content, pieces } = version;
  if (at >= content.length) return null;
  let index = pieces.length - 1;
  while (index > 0 && (pieces[index]?.from as number) > at) index--;
  const piece = pieces[index];
  if (piece === undefined) return null;
  return { stream, next: content.slice(at), by: piece.by, from: later(piece.at, since) };
}

function inItems(items: Items, following: Following, reading: Reading): Arrear | null {
  if (following.reading !== reading) {
    following.reading = reading;
    following.done = reading.since;
    following.used.clear();
  }
  const shelf = items.shelfOf(following.stream);
  following.done = Math.max(following.done, shelf.base);
  const { used } = following;
  for (; following.done < shelf.items.length; following.done++) {
    const { key, value, by, at } = shelf.items[following.done] as (typeof shelf.items)[number];
    const needed = (used.get(key) ?? 0) + 1;
    if ((reading.counts.get(key) ?? 0) < needed)
      return { stream: following.stream, next: value, by, from: later(at, following.since) };
    used.set(key, needed);
  }
  return null;
}
