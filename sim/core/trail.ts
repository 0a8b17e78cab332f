/**
 * The trail of a recorded run: which entry of history led to which.
 *
 * Whatever happens was put on the agenda by something that happened before, so whoever puts it there leaves the number of
 * the entry by which a witness saw that. An entry that tells what reached a process was led to by the entry that sent it;
 * what the process does in the same event was led to by what reached it. So every entry leads back to a fault, to an
 * application that begins, or to a process that starts with the world. Runs that nobody records have no trail.
 */
import type { Entry } from '../../src/history.ts';
import type { ConnId } from '../../src/transport.ts';
import { NO_TIMER, type Timer } from './timers.ts';

/** An entry as a recorder sees it: with its place in history, and what led to it. */
export type RecordedEntry<E = Entry> = E & {
  /** Its number in the history of the run, from 1. */
  readonly id: number;
  /** The `id` of the entry that led to it, always a smaller one; 0: it began with the world. */
  readonly cause: number;
};

/**
 * What led to an entry, from where it began (a fault, an application, a process that starts with the world) to the entry
 * itself. `history`: all of it, as the `witness` of a run was given it.
 */
export function trailTo<E extends RecordedEntry>(entry: E, history: readonly E[]): readonly E[] {
  const trail: E[] = [];
  for (let at: E | undefined = entry; at !== undefined; at = history[at.cause - 1]) trail.push(at);
  return trail.reverse();
}

/** What happens to a process, or to the world: the answers to it follow in the same event. */
const HAPPENS = new Set(
  'delivered opened closed asked timerFired clock intent submitted fault crashed restarted reloaded paused'.split(' '),
);
/** Of those the parts of something else that happens in the same event. */
const FOLLOWS = new Set(['crashed', 'restarted', 'reloaded', 'paused']);

/** What somebody does on the wire, or leaves to a timer: what services are told in the same event does not come of it. */
const ONWARD = new Set('sent dialled accepted refused hungUp lost timerSet'.split(' '));

/** A message on its way, by what was sent; one direction of a connection keeps their order. */
interface OnItsWay {
  readonly id: number;
  readonly from: string;
  readonly payload: unknown;
}

export class Trail {
  #count = 0;
  /** What led to the present event, until an entry says what it is. */
  #root = 0;
  #told = false;
  /** To what processes answer at present. */
  #head = 0;
  /** What links carry at present. */
  #latest = 0;
  /** What was done last besides. */
  #done = 0;
  /** A wait that was just written: the timer is set behind it. */
  #wait = 0;
  readonly #slots: number[] = [];
  readonly #timers: number[] = [];
  readonly #held = new Map<object, number>();
  readonly #messages = new Map<ConnId, OnItsWay[]>();

  /** The `id` of what led to the present event, before any of it is written. */
  get root(): number {
    return this.#root;
  }

  /** A link, or a service, put something into that slot of the agenda. */
  carries(slot: number): void {
    this.#slots[slot] = this.#latest;
  }

  /** So did a fault, or an application. */
  plans(slot: number): void {
    this.#slots[slot] = this.#head;
  }

  /** A timer was set; `within`: by a link. */
  sets(timer: Timer, within: boolean): void {
    this.#timers[timer] = this.#wait > 0 ? this.#wait : within ? this.#latest : this.#head;
    this.#wait = 0;
  }

  /** The event in that slot begins, or that of a timer. */
  begins(slot: number, timer: Timer): void {
    this.#begin((timer === NO_TIMER ? this.#slots[slot] : this.#timers[timer]) ?? 0);
  }

  /** What reaches a process now waits until it goes on; then it is handed over. */
  holds(waiting: object): void {
    this.#held.set(waiting, this.#root);
  }

  hands(waiting: object): void {
    const cause = this.#held.get(waiting);
    if (cause === undefined) return;
    this.#held.delete(waiting);
    this.#begin(cause);
  }

  /** One service tells another something. */
  posts(): void {
    this.#latest = this.#done;
  }

  /** The entry with its place. A copy: laws in runs that are not recorded see entries of one shape. */
  note(entry: Entry): RecordedEntry {
    const id = ++this.#count;
    const happens = HAPPENS.has(entry.kind);
    const cause = this.#messageOf(entry, id) ?? (happens ? this.#root : this.#head);
    if (happens) {
      this.#head = id;
      if (!this.#told && !FOLLOWS.has(entry.kind)) {
        this.#root = id;
        this.#told = true;
      }
    }
    if (entry.kind !== 'lost') this.#latest = id;
    if (!ONWARD.has(entry.kind)) this.#done = id;
    if (entry.kind === 'timerSet') this.#wait = id;
    return { ...entry, id, cause };
  }

  #begin(cause: number): void {
    this.#root = cause;
    this.#told = false;
    this.#head = cause;
    this.#latest = cause;
    this.#done = cause;
  }

  /** What sent the message that arrives, or is lost: a link that repeats it knows only what it did last. */
  #messageOf(entry: Entry, id: number): number | undefined {
    if (entry.kind === 'sent') {
      const sent = { id, from: entry.node, payload: entry.payload };
      const others = this.#messages.get(entry.conn);
      if (others === undefined) this.#messages.set(entry.conn, [sent]);
      else others.push(sent);
    } else if (entry.kind === 'delivered' || entry.kind === 'lost') {
      const to = entry.kind === 'lost' ? entry.to : entry.node;
      const others = this.#messages.get(entry.conn) ?? [];
      const place = others.findIndex(({ from, payload }) => from !== to && payload === entry.payload);
      if (place >= 0) return others.splice(place, 1)[0]?.id;
    }
    return undefined;
  }
}
