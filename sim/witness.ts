/**
 * The witness: writes history for whoever listens, and creates no entry that nobody wants.
 *
 * Laws, claims, figures and the recorder all listen by kind of entry. A sweep without a recorder builds only the entries
 * that some law folds over: whoever writes one asks first whether its kind has a channel.
 */
import type { Entry, EntryKind, EntryOf, FrameKind } from '../src/history.ts';
import { FRAME_TYPES } from '../src/wire/layout.ts';
import { blamed, blaming, type Culprit, mustBeDone } from './run-error.ts';

export type Listener<E extends Entry = Entry> = (entry: E) => void;

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
export class Channel<E extends Entry = Entry> {
  readonly #recorder: Listener | null;
  // Seats rather than a closure for each fold: half of all entries go through here.
  #seats: Seat[] = [];
  readonly #listeners: Listener<E>[] = [];

  constructor(recorder: Listener | null) {
    this.#recorder = recorder;
  }

  write(entry: E): void {
    if (this.#recorder !== null) this.#recorder(entry);
    const seats = this.#seats;
    let i = 0;
    try {
      for (; i < seats.length; i++) {
        const { fold, memory, say } = seats[i] as Seat;
        const result = fold(memory, entry, say);
        if (typeof result === 'object') mustBeDone(result);
      }
    } catch (error) {
      throw blamed((seats[i] as Seat).culprit, error);
    }
    const listeners = this.#listeners;
    for (let j = 0; j < listeners.length; j++) (listeners[j] as Listener<E>)(entry);
  }

  listen(listener: Listener<E>): void {
    this.#listeners.push(listener);
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
 * Whoever listens to entries about frames: those that carry data, which nearly all of them do, go past everybody who
 * means another type.
 */
export class FrameChannel<E extends Entry> {
  readonly #data: Channel<E>;
  readonly #others: Channel<E>;

  constructor(recorder: Listener | null) {
    this.#data = new Channel(recorder);
    this.#others = new Channel(recorder);
  }

  write(entry: E): void {
    if (typeOf(entry) === 'DATA') this.#data.write(entry);
    else this.#others.write(entry);
  }

  listen(listener: Listener<E>): void {
    this.#data.listen(listener);
    this.#others.listen(listener);
  }

  /** `type`: of the frames that are meant; all of them without one. */
  fold(seat: Seat, type?: string): void {
    if (type === undefined || type === 'DATA') this.#data.fold(seat);
    if (type === undefined) this.#others.fold(seat);
    else if (type !== 'DATA') this.#others.fold({ ...seat, fold: only(type, seat.fold) });
  }

  leave(say: Seat['say']): void {
    this.#data.leave(say);
    this.#others.leave(say);
  }
}

const only =
  (type: string, fold: Fold): Fold =>
  (memory, entry, say) =>
    typeOf(entry) === type ? fold(memory, entry, say) : undefined;

const typeOf = (entry: Entry): string => (entry as EntryOf<FrameKind>).payload.type;

type ChannelOf<K extends EntryKind> = K extends FrameKind ? FrameChannel<EntryOf<K>> : Channel<EntryOf<K>>;

/** A channel for each kind of entry that somebody wants, null for the others. */
export type Channels = { -readonly [K in EntryKind]: ChannelOf<K> | null };

export class Witness {
  /** Read before an entry is built: `const { sent } = witness.on; if (sent !== null) sent.write(…)`. */
  readonly on: Channels = { ...NOBODY };
  readonly #recorder: Listener | null;

  /** `recorder` hears every entry of every kind, before the others do. */
  constructor(recorder: Listener | null = null) {
    this.#recorder =
      recorder === null ? null : (entry) => blaming('the witness that it was given', recorder, () => recorder(entry));
    if (recorder !== null) for (const kind of KINDS) this.#channel(kind);
  }

  listen<K extends EntryKind>(kind: K, listener: Listener<EntryOf<K>>): void {
    this.#channel(kind).listen(listener);
  }

  /** Attaches a handler of a law or a claim, without a closure around it. */
  fold({ kind, type }: Topic, seat: Seat): void {
    this.#channel(kind).fold(seat, type);
  }

  /** What a claim waited for has come true: it is not asked any more. */
  leave({ kind }: Topic, say: Seat['say']): void {
    this.on[kind]?.leave(say);
  }

  #channel<K extends EntryKind>(kind: K): AnyChannel<EntryOf<K>> {
    const channels = this.on as unknown as Record<string, AnyChannel<EntryOf<K>> | null>;
    const known = channels[kind];
    if (known !== null && known !== undefined) return known;
    const made = isFrameKind(kind) ? new FrameChannel(this.#recorder) : new Channel<EntryOf<K>>(this.#recorder);
    channels[kind] = made as AnyChannel<EntryOf<K>>;
    return made as AnyChannel<EntryOf<K>>;
  }
}

/** What both sorts of channels have in common. */
interface AnyChannel<E extends Entry> {
  listen(listener: Listener<E>): void;
  fold(seat: Seat, type?: string): void;
}

const isFrameKind = (kind: EntryKind): kind is FrameKind => kind === 'sent' || kind === 'delivered' || kind === 'lost';

/** All kinds of entries; the type makes sure that none is forgotten. */
const NOBODY: { readonly [K in EntryKind]: null } = {
  submitted: null,
  settled: null,
  performed: null,
  noted: null,
  produced: null,
  durable: null,
  received: null,
  replaced: null,
  restored: null,
  told: null,
  custom: null,
  intent: null,
  owned: null,
  stalled: null,
  issued: null,
  revoked: null,
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
const KINDS = Object.keys(NOBODY) as EntryKind[];

/** What a law or a claim wants to hear of: a kind of entry, and of which type of frame it is about, if not of all. */
export interface Topic {
  readonly kind: EntryKind;
  readonly type: string | undefined;
}

/** Laws name the same topics in every run. */
const topics = new Map<string, Topic>();

/** The topic of that name; undefined for one that nobody would ever hear of. */
export function topicOf(name: string): Topic | undefined {
  const known = topics.get(name);
  if (known !== undefined) return known;
  const [kind = '', type, ...more] = name.split(' ');
  if (!Object.hasOwn(NOBODY, kind) || more.length > 0) return undefined;
  if (type !== undefined && !(isFrameKind(kind as EntryKind) && (FRAME_TYPES as readonly string[]).includes(type)))
    return undefined;
  const topic = { kind: kind as EntryKind, type };
  topics.set(name, topic);
  return topic;
}
