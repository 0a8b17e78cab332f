/**
 * The witness: writes history for whoever listens, and creates no entry that nobody wants.
 *
 * Laws, claims, figures and the recorder all listen by kind of entry. A sweep without a recorder builds only the entries
 * that some law folds over.
 */
import type { Entry, EntryKind } from '../src/history.ts';

export type Listener = (entry: Entry) => void;

export class Witness {
  readonly #listeners = new Map<EntryKind, Listener[]>();
  #everything: Listener | null = null;
  /** Which kinds anybody wants; read before an entry is built. */
  readonly wants: { readonly [K in EntryKind]?: boolean } = {};

  listen(kind: EntryKind, listener: Listener): void {
    const listeners = this.#listeners.get(kind);
    if (listeners === undefined) this.#listeners.set(kind, [listener]);
    else listeners.push(listener);
    (this.wants as Record<string, boolean>)[kind] = true;
  }

  /** Hears every entry of every kind, before the others do. */
  listenToAll(listener: Listener): void {
    this.#everything = listener;
    for (const kind of KINDS) (this.wants as Record<string, boolean>)[kind] = true;
  }

  write(entry: Entry): void {
    if (this.#everything !== null) this.#everything(entry);
    const listeners = this.#listeners.get(entry.kind);
    if (listeners === undefined) return;
    for (let i = 0; i < listeners.length; i++) (listeners[i] as Listener)(entry);
  }
}

/** All kinds of entries; the type makes sure that none is forgotten. */
const ALL_KINDS: { readonly [K in EntryKind]: true } = {
  submitted: true,
  settled: true,
  performed: true,
  produced: true,
  durable: true,
  received: true,
  replaced: true,
  restored: true,
  told: true,
  intent: true,
  owned: true,
  dialled: true,
  opened: true,
  hungUp: true,
  closed: true,
  sent: true,
  delivered: true,
  lost: true,
  timerSet: true,
  timerFired: true,
  crashed: true,
  restarted: true,
  paused: true,
  throttled: true,
  fault: true,
  healed: true,
  rest: true,
};
export const KINDS = Object.keys(ALL_KINDS) as EntryKind[];
