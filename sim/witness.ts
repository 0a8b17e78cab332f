/**
 * The witness: writes history for whoever listens, and creates no entry that nobody wants.
 *
 * Laws, claims, figures and the recorder all listen by kind of entry. A sweep without a recorder builds only the entries
 * that some law folds over: whoever writes one asks first whether its kind has a channel.
 */
import type { Entry, EntryKind, EntryOf, FrameKind, FrameTopic } from '../src/history.ts';
import { FRAME_TYPES } from '../src/wire/layout.ts';
import { blamed, blaming, type Culprit, mustBeDone } from './run-error.ts';

export type Listener<E extends Entry = Entry> = (entry: E) => void;

/** A law's or a claim's handler of one kind of entry: what it remembers, the entry, and what it calls when it must. */
export type Fold = (memory: unknown, entry: Entry, say: (message: string) => void) => unknown;

/** Whoever listens to one kind of entry. */
export class Channel<E extends Entry = Entry> {
  readonly #recorder: Listener | null;
  // Lists side by side rather than a closure for each fold: half of all entries go through here.
  readonly #folds: Fold[] = [];
  readonly #memories: unknown[] = [];
  readonly #says: ((message: string) => void)[] = [];
  readonly #culprits: Culprit[] = [];
  readonly #listeners: Listener<E>[] = [];

  constructor(recorder: Listener | null) {
    this.#recorder = recorder;
  }

  write(entry: E): void {
    if (this.#recorder !== null) this.#recorder(entry);
    const folds = this.#folds;
    let i = 0;
    try {
      for (; i < folds.length; i++) {
        const result = (folds[i] as Fold)(this.#memories[i], entry, this.#says[i] as (message: string) => void);
        if (typeof result === 'object') mustBeDone(result);
      }
    } catch (error) {
      throw blamed(this.#culprits[i] as Culprit, error);
    }
    const listeners = this.#listeners;
    for (let j = 0; j < listeners.length; j++) (listeners[j] as Listener<E>)(entry);
  }

  listen(listener: Listener<E>): void {
    this.#listeners.push(listener);
  }

  fold(fold: Fold, memory: unknown, say: (message: string) => void, culprit: Culprit): void {
    this.#folds.push(fold);
    this.#memories.push(memory);
    this.#says.push(say);
    this.#culprits.push(culprit);
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
  fold(fold: Fold, memory: unknown, say: (message: string) => void, culprit: Culprit, type?: string): void {
    if (type === undefined || type === 'DATA') this.#data.fold(fold, memory, say, culprit);
    if (type === undefined) this.#others.fold(fold, memory, say, culprit);
    else if (type !== 'DATA') this.#others.fold(only(type, fold), memory, say, culprit);
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
  fold(
    topic: EntryKind | FrameTopic,
    fold: Fold,
    memory: unknown,
    say: (message: string) => void,
    culprit: Culprit,
  ): void {
    const { kind, type } = topicOf(topic) as Topic;
    this.#channel(kind).fold(fold, memory, say, culprit, type);
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
  fold(fold: Fold, memory: unknown, say: (message: string) => void, culprit: Culprit, type?: string): void;
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
interface Topic {
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
