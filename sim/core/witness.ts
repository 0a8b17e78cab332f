/**
 * The witness: writes history for whoever listens, and creates no entry that nobody wants.
 *
 * Laws, claims, figures and the recorder all listen by kind of entry. A sweep without a recorder builds only the entries
 * that some law folds over: whoever writes one asks first whether its kind has a channel.
 */
import type { Entries, Entry, EntryKind, EntryOf, FrameKind } from '../../src/history.ts';
import { NEUTRAL } from './observe.ts';
import { perObject } from './per-object.ts';
import { blamed, blaming, type Culprit, mustBeDone } from './run-error.ts';
import type { Observer, Vocabulary } from './vocabulary.ts';

export type Listener<E = Entry> = (entry: E) => void;

/** A law's or a claim's handler of one kind of entry: what it remembers, the entry, and what it calls when it must. */
export type Fold = (memory: unknown, entry: Entry, say: (message: string) => void) => unknown;

/** A judge in its seat: its handler, what that remembers and calls, and whose code it is. */
export interface Seat {
  readonly fold: Fold;
  readonly memory: unknown;
  readonly say: (message: string) => void;
  readonly culprit: Culprit;
}

/** Whoever listens to one kind of entry. */
export class Channel<E = Entry> {
  /** Whether any of them happened. */
  happened = false;
  readonly #recorder: Listener<unknown> | null;
  // Seats rather than a closure for each fold: half of all entries go through here.
  #seats: Seat[] = [];
  readonly #listeners: Listener<unknown>[] = [];

  constructor(recorder: Listener<E> | null) {
    this.#recorder = recorder as Listener<unknown> | null;
  }

  write(entry: E): void {
    this.happened = true;
    if (this.#recorder !== null) this.#recorder(entry);
    const seats = this.#seats;
    let i = 0;
    try {
      for (; i < seats.length; i++) {
        const { fold, memory, say } = seats[i] as Seat;
        const result = fold(memory, entry as Entry, say);
        if (typeof result === 'object') mustBeDone(result);
      }
    } catch (error) {
      throw blamed((seats[i] as Seat).culprit, error);
    }
    const listeners = this.#listeners;
    for (let j = 0; j < listeners.length; j++) (listeners[j] as Listener<unknown>)(entry);
  }

  listen(listener: Listener<E>): void {
    this.#listeners.push(listener as Listener<unknown>);
  }

  fold(seat: Seat): void {
    this.#seats.push(seat);
  }

  /** Whoever calls `say` has said it, and hears of nothing more, from the next entry on. */
  leave(say: Seat['say']): void {
    this.#seats = this.#seats.filter((seat) => seat.say !== say);
  }
}

/**
 * Whoever listens to entries about messages: an entry goes to those who mean messages of its type, or all, and past everybody
 * else. The type that nearly all are of is found without looking it up.
 */
export class FrameChannel<E = Entry> {
  readonly #recorder: Listener<unknown> | null;
  readonly #bulk: string | undefined;
  readonly #data: Channel<E>;
  /** Of types that somebody means by name; and of all others. */
  readonly #named = new Map<unknown, Channel<E>>();
  readonly #others: Channel<E>;
  /** Whoever means messages of all types: they stand in every channel, in the order in which they came. */
  #seats: Seat[] = [];
  readonly #listeners: Listener<unknown>[] = [];

  constructor(recorder: Listener<E> | null, bulk: string | undefined) {
    this.#recorder = recorder as Listener<unknown> | null;
    this.#bulk = bulk;
    this.#data = new Channel(recorder);
    this.#others = new Channel(recorder);
  }

  get happened(): boolean {
    return this.#channels.some(({ happened }) => happened);
  }

  write(entry: E): void {
    const type = typeOf(entry);
    if (type !== undefined && type === this.#bulk) this.#data.write(entry);
    else (this.#named.get(type) ?? this.#others).write(entry);
  }

  listen(listener: Listener<E>): void {
    this.#listeners.push(listener as Listener<unknown>);
    for (const channel of this.#channels) channel.listen(listener);
  }

  /** `type`: of the frames that are meant; all of them without one. */
  fold(seat: Seat, type?: string): void {
    if (type === this.#bulk && type !== undefined) this.#data.fold(seat);
    else if (type !== undefined) this.#of(type).fold(seat);
    else {
      this.#seats.push(seat);
      for (const channel of this.#channels) channel.fold(seat);
    }
  }

  leave(say: Seat['say']): void {
    this.#seats = this.#seats.filter((seat) => seat.say !== say);
    for (const channel of this.#channels) channel.leave(say);
  }

  get #channels(): readonly Channel<E>[] {
    return [this.#data, ...this.#named.values(), this.#others];
  }

  #of(type: string): Channel<E> {
    const known = this.#named.get(type);
    if (known !== undefined) return known;
    const made = new Channel<E>(this.#recorder);
    for (const seat of this.#seats) made.fold(seat);
    for (const listener of this.#listeners) made.listen(listener);
    this.#named.set(type, made);
    return made;
  }
}

/** The type of the message that an entry is about, if it says so: text and bytes have none. */
const typeOf = (entry: unknown): unknown => (entry as { payload: { type?: unknown } | null }).payload?.type;

type ChannelOf<K extends EntryKind<M>, M extends Entries> = K extends FrameKind
  ? FrameChannel<EntryOf<K, M>>
  : Channel<EntryOf<K, M>>;

/** A channel for each kind of entry that somebody wants, null for the others. */
export type Channels<M extends Entries = Entries> = { -readonly [K in EntryKind<M>]: ChannelOf<K, M> | null };

export class Witness<M extends Entries = Entries> {
  /** Read before an entry is built: `const { sent } = witness.on; if (sent !== null) sent.write(…)`. */
  readonly on: Channels<M>;
  /** What the protocol of the world has to say. */
  readonly observer: Observer;
  readonly vocabulary: Vocabulary;
  readonly #recorder: Listener<unknown> | null;

  /** `recorder` hears every entry of every kind, before the others do. */
  constructor(recorder: Listener<Entry<M>> | null = null, vocabulary: Vocabulary = NEUTRAL) {
    const { nobody } = wordsOf(vocabulary);
    this.on = { ...nobody } as unknown as Channels<M>;
    this.observer = vocabulary.observer;
    this.vocabulary = vocabulary;
    this.#recorder =
      recorder === null
        ? null
        : (entry) => blaming('the witness that it was given', recorder, () => recorder(entry as Entry<M>));
    if (recorder !== null) for (const kind in nobody) if (!this.#isQuiet(kind)) this.#channel(kind as EntryKind<M>);
  }

  listen<K extends EntryKind<M>>(kind: K, listener: Listener<EntryOf<K, M>>): void {
    this.#channel(kind).listen(listener);
  }

  /** Attaches a handler of a law or a claim, without a closure around it. */
  fold({ kind, type }: Topic, seat: Seat): void {
    this.#channel(kind as EntryKind<M>).fold(seat, type);
  }

  /** What a claim waited for has come true: it is not asked any more. */
  leave({ kind }: Topic, say: Seat['say']): void {
    (this.on as unknown as Record<string, AnyChannel<never> | null>)[kind]?.leave(say);
  }

  /** The topic of that name; undefined for one that nobody would ever hear of. */
  topicOf(name: string): Topic | undefined {
    return topicOf(name, this.vocabulary);
  }

  /** Whether anything of that kind happened since somebody listens to it. */
  happened(kind: string): boolean {
    return (this.on as Readonly<Record<string, { readonly happened: boolean } | null>>)[kind]?.happened ?? false;
  }

  /** From here on `happened` knows of that kind. */
  watch(kind: string): void {
    this.#channel(kind as EntryKind<M>);
  }

  #channel<K extends EntryKind<M>>(kind: K): AnyChannel<EntryOf<K, M>> {
    const channels = this.on as unknown as Record<string, AnyChannel<EntryOf<K, M>> | null>;
    const known = channels[kind];
    if (known !== null && known !== undefined) return known;
    const recorder = this.#isQuiet(kind) ? null : this.#recorder;
    const made = isFrameKind(kind) ? new FrameChannel(recorder, this.vocabulary.bulk) : new Channel(recorder);
    channels[kind] = made as AnyChannel<EntryOf<K, M>>;
    return made as AnyChannel<EntryOf<K, M>>;
  }

  #isQuiet(kind: string): boolean {
    return this.vocabulary.quiet?.includes(kind) === true;
  }
}

/** What both sorts of channels have in common. */
interface AnyChannel<E> {
  listen(listener: Listener<E>): void;
  fold(seat: Seat, type?: string): void;
  leave(say: Seat['say']): void;
}

const isFrameKind = (kind: string): kind is FrameKind => kind === 'sent' || kind === 'delivered' || kind === 'lost';

/** All kinds of entries that every protocol has; the type makes sure that none is forgotten. */
const NOBODY: { readonly [K in EntryKind]: null } = {
  submitted: null,
  settled: null,
  performed: null,
  produced: null,
  received: null,
  wrote: null,
  read: null,
  replaced: null,
  told: null,
  noted: null,
  console: null,
  uncaught: null,
  socket: null,
  held: null,
  custom: null,
  intent: null,
  dialled: null,
  opened: null,
  asked: null,
  accepted: null,
  refused: null,
  hungUp: null,
  closed: null,
  sent: null,
  delivered: null,
  lost: null,
  timerSet: null,
  timerFired: null,
  crashed: null,
  restarted: null,
  reloaded: null,
  paused: null,
  throttled: null,
  clock: null,
  fault: null,
  healed: null,
  rest: null,
};

/** What a law or a claim wants to hear of: a kind of entry, and of which type of message it is about, if not of all. */
export interface Topic {
  readonly kind: string;
  readonly type: string | undefined;
}

/** A vocabulary, gone through once: its kinds of entries, and topics that were asked for. Laws name the same ones in every run. */
interface Words {
  readonly nobody: Readonly<Record<string, null>>;
  readonly topics: Map<string, Topic>;
}

const wordsOf = perObject(
  ({ kinds }: Vocabulary): Words => ({
    nobody: { ...NOBODY, ...Object.fromEntries(kinds.map((kind) => [kind, null])) },
    topics: new Map(),
  }),
);

/** The topic of that name; undefined for one that nobody would ever hear of. Types of messages are believed where the protocol does not list them. */
export function topicOf(name: string, vocabulary: Vocabulary): Topic | undefined {
  const { nobody, topics } = wordsOf(vocabulary);
  const known = topics.get(name);
  if (known !== undefined) return known;
  const [kind = '', type, ...more] = name.split(' ');
  if (!Object.hasOwn(nobody, kind) || more.length > 0) return undefined;
  const { frames } = vocabulary;
  if (type !== undefined && !(isFrameKind(kind) && type !== '' && (frames === undefined || frames.includes(type))))
    return undefined;
  const topic = { kind, type };
  topics.set(name, topic);
  return topic;
}
