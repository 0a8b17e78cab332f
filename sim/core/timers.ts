/**
 * Named timers with deferred re-arm.
 *
 * Machines move deadlines all the time (every frame moves a liveness deadline), and a queue that is told of each move
 * drowns in stale entries. Here a timer keeps one entry in the agenda: moving the deadline later only notes it, and the
 * entry that pops too early is put back at the noted place. The order number is taken when the timer is set, so a moved
 * timer fires exactly where a naive queue would have fired it.
 */

import type { Instant } from '../../src/time.ts';
import type { TimerEvent } from '../../src/transport.ts';
import type { Agenda } from './agenda.ts';
import { nameCode } from './digest.ts';

/** A timer's name, shared by all timers that carry it. */
export interface TimerName {
  readonly name: string;
  readonly code: number;
  fired: number;
}

/** One timer of one machine. */
export interface Timer {
  readonly node: number;
  readonly name: TimerName;
  readonly event: TimerEvent;
  /** When it should fire, if armed. */
  deadline: number;
  order: number;
  armed: boolean;
  /** When its agenda entry pops; -1 when it has none. */
  queuedAt: number;
  /** The slot of that entry: an entry of any other slot is stale. */
  slot: number;
}

/** All timer names of a run, interned. */
export class TimerNames {
  readonly #names = new Map<string, TimerName>();

  named(name: string): TimerName {
    let found = this.#names.get(name);
    if (found === undefined) {
      found = { name, code: nameCode(name), fired: 0 };
      this.#names.set(name, found);
    }
    return found;
  }

  /** The name that fired most, for the verdict of a run that ran out of budget. */
  busiest(): TimerName | undefined {
    let busiest: TimerName | undefined;
    for (const name of this.#names.values()) if (busiest === undefined || name.fired > busiest.fired) busiest = name;
    return busiest;
  }
}

/** Timers of one name that a machine keeps, set or not. */
const KEPT = 16;

/** The timers of one machine. */
export class Timers {
  readonly #node: number;
  readonly #names: TimerNames;
  /** Timers about the machine itself (key 0). */
  readonly #own = new Map<string, Timer>();
  readonly #keyed = new Map<string, Map<number, Timer>>();

  constructor(node: number, names: TimerNames) {
    this.#node = node;
    this.#names = names;
  }

  /** The timer of that name and key, made when it does not exist. */
  of(name: string, key: number): Timer {
    if (key === 0) {
      let timer = this.#own.get(name);
      if (timer === undefined) {
        timer = this.#make(name, 0);
        this.#own.set(name, timer);
      }
      return timer;
    }
    let group = this.#keyed.get(name);
    if (group === undefined) {
      group = new Map();
      this.#keyed.set(name, group);
    }
    let timer = group.get(key);
    if (timer === undefined) {
      timer = this.#make(name, key);
      group.set(key, timer);
    }
    return timer;
  }

  find(name: string, key: number): Timer | undefined {
    return key === 0 ? this.#own.get(name) : this.#keyed.get(name)?.get(key);
  }

  /**
   * Forgets a keyed timer that is neither armed nor queued, so that long runs do not collect dead connections' timers.
   * A few are kept: they are soon set again, and a map that shrinks and grows all the time costs more.
   */
  tidy(timer: Timer): void {
    if (timer.armed || timer.queuedAt >= 0 || timer.event.key === 0) return;
    const group = this.#keyed.get(timer.name.name);
    if (group === undefined || group.size <= KEPT) return;
    // After a crash another timer may stand under the same key.
    if (group.get(timer.event.key) === timer) group.delete(timer.event.key);
  }

  /** The process is gone, and its timers with it. Entries still queued find nothing armed. */
  clear(): void {
    for (const timer of this.#own.values()) timer.armed = false;
    for (const group of this.#keyed.values()) for (const timer of group.values()) timer.armed = false;
    this.#own.clear();
    this.#keyed.clear();
  }

  armed(): Timer[] {
    const found: Timer[] = [];
    for (const timer of this.#own.values()) if (timer.armed) found.push(timer);
    for (const group of this.#keyed.values()) for (const timer of group.values()) if (timer.armed) found.push(timer);
    return found;
  }

  #make(name: string, key: number): Timer {
    return {
      node: this.#node,
      name: this.#names.named(name),
      event: { type: 'timer', timer: name, key },
      deadline: 0,
      order: 0,
      armed: false,
      queuedAt: -1,
      slot: -1,
    };
  }
}

/** What `due` found when a timer's entry popped. */
export type Due = 'fire' | 'later' | 'nothing';

/**
 * An entry of `timer` popped at `now`: fires it, or puts it back (`later`, the caller's slot is queued again), or finds
 * that it was cleared or superseded.
 */
export function due(timer: Timer, slot: number, now: Instant, agenda: Agenda): Due {
  if (timer.slot !== slot) return 'nothing';
  // Set again for the very moment at which its entry pops, it has its turn behind what was set before that.
  if (timer.armed && (timer.deadline > now || timer.order !== agenda.order)) {
    timer.queuedAt = timer.deadline;
    agenda.push(timer.deadline, timer.order, slot);
    return 'later';
  }
  timer.queuedAt = -1;
  timer.slot = -1;
  if (!timer.armed) return 'nothing';
  timer.armed = false;
  timer.name.fired++;
  return 'fire';
}
