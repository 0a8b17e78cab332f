/** The applications of a system: who opens a page, calls what the story says and leaves; and who calls a server. */
import { after, type Duration, type Instant, latest, seconds, us } from '../../src/time.ts';
import type { Application, ApplicationSpec, Wishes } from '../core/world.ts';
import type { Call } from './story.ts';

/** What a node of a system is told by the story; `args` is JSON. */
export type Told =
  | { readonly type: 'start' }
  | { readonly type: 'call'; readonly name: string; readonly args: string }
  | { readonly type: 'leave' }
  /** What does it still hold? */
  | { readonly type: 'holds' }
  /** Its page is closed. */
  | { readonly type: 'unload' };

/** From `leave` to the end of the page: a closing handshake on a slow path, and whatever waits for that. */
const LEAVING = seconds(10);

export interface Visit {
  readonly node: string;
  readonly start: Instant;
  /** When the story is over. */
  readonly until: Instant;
  readonly calls: readonly Call[];
  /** After the story, and after the last fault, it stays for so long: what is promised must have come by then. */
  readonly stays: Duration;
}

/**
 * A person in front of a page: it begins to load at `start`, is told what the story says, and is left when story and
 * faults are over and there was time for everything to arrive.
 */
export const visitor = (visit: Visit): ApplicationSpec => ({
  node: visit.node,
  start: visit.start,
  until: visit.until,
  open: (wishes, stayUntil) => new Visitor(visit, latest(visit.until, stayUntil), wishes),
});

class Visitor implements Application {
  readonly #visit: Visit;
  readonly #wishes: Wishes;
  readonly #until: Instant;
  #next = 0;
  #healed: Instant | null = null;
  /** When it said goodbye. */
  #left: Instant | null = null;
  #over = false;
  /** There is no page: not yet, or not again. */
  #loading = true;
  /** When it will be woken next, as far as it knows. */
  #wakes = -1;

  constructor(visit: Visit, until: Instant, wishes: Wishes) {
    this.#visit = visit;
    this.#until = until;
    this.#wishes = wishes;
  }

  begin(now: Instant): void {
    this.reopen(now);
  }

  wake(now: Instant): void {
    // A page that is being loaded is told when it is there.
    if (!this.#over && !this.#loading) this.#goOn(now);
  }

  healed(now: Instant): void {
    this.#healed = now;
    if (!this.#over && !this.#loading) this.#wait(now);
  }

  hear(): void {}

  unload(): void {
    this.#loading = true;
  }

  reopen(now: Instant): void {
    this.#loading = false;
    if (this.#over) return;
    this.#wishes.intend({ type: 'start' } satisfies Told);
    this.#goOn(now);
  }

  #goOn(now: Instant): void {
    const { calls } = this.#visit;
    for (let call = calls[this.#next]; call !== undefined && call.at <= now; call = calls[++this.#next])
      this.#wishes.intend({ type: 'call', name: call.name, args: call.args } satisfies Told);
    if (this.#next === calls.length && now >= this.#leavesAt()) this.#leave(now);
    this.#wait(now);
  }

  /** Says goodbye, waits a little, and closes the page. */
  #leave(now: Instant): void {
    if (this.#left === null) {
      this.#left = now;
      this.#wishes.intend({ type: 'leave' } satisfies Told);
    } else if (now >= after(this.#left, LEAVING)) {
      this.#over = true;
      this.#wishes.intend({ type: 'holds' } satisfies Told);
      this.#wishes.intend({ type: 'unload' } satisfies Told);
      this.#wishes.over();
    }
  }

  /** Asks to be woken for what comes next; nothing does while a fault lasts and the story is told. */
  #wait(now: Instant): void {
    if (this.#over) return;
    const next = this.#visit.calls[this.#next]?.at ?? this.#leavesAt();
    // One that is due, and has not come yet, asks again when it comes.
    if (next === Number.POSITIVE_INFINITY || (this.#wakes > now && this.#wakes <= next)) return;
    this.#wakes = next;
    this.#wishes.wakeIn(us(Math.max(0, next - now)));
  }

  #leavesAt(): number {
    if (this.#left !== null) return after(this.#left, LEAVING);
    if (this.#healed === null) return Number.POSITIVE_INFINITY;
    return after(latest(this.#until, this.#healed), this.#visit.stays);
  }
}

/** Whoever calls what a server exports, from the start of the run. */
export const caller = (node: string, calls: readonly Call[]): ApplicationSpec => ({
  node,
  start: 0 as Instant,
  until: calls.at(-1)?.at ?? (0 as Instant),
  open: (wishes) => new Calling(calls, wishes),
});

class Calling implements Application {
  readonly #calls: readonly Call[];
  readonly #wishes: Wishes;
  #next = 0;

  constructor(calls: readonly Call[], wishes: Wishes) {
    this.#calls = calls;
    this.#wishes = wishes;
  }

  begin(now: Instant): void {
    this.wake(now);
  }

  wake(now: Instant): void {
    const calls = this.#calls;
    for (let call = calls[this.#next]; call !== undefined && call.at <= now; call = calls[++this.#next])
      this.#wishes.intend({ type: 'call', name: call.name, args: call.args } satisfies Told);
    const next = calls[this.#next];
    if (next === undefined) this.#wishes.over();
    else this.#wishes.wakeIn(us(next.at - now));
  }

  hear(): void {}
  unload(): void {}
  reopen(): void {}
}
