/**
 * Named timers with deferred re-arm.
 *
 * Machines move deadlines all the time (every frame moves a liveness deadline), and a queue that is told of each move drowns
 * in stale entries. Here a timer keeps one entry in the agenda: moving the deadline later only notes it, and the entry that
 * pops too early is put back at the noted place. The order number is taken when the timer is set, so a moved timer fires
 * exactly where a naive queue would have fired it.
 *
 * A timer is a number, its row in the columns below: a client has a handful, and ten thousand clients as many objects, maps
 * and boxed instants would not fit a cache. Rows are found by (node, name, key) in one hash table.
 */
import type { Agenda } from './agenda.ts';
import { nameCode } from './digest.ts';

/** A row of the table. */
export type Timer = number;
/** A timer's name, shared by all timers that carry it. */
export interface TimerName {
  readonly name: string;
  readonly index: number;
  readonly code: number;
  fired: number;
}

/** What `due` found when a timer's entry popped. */
export type Due = 'fire' | 'later' | 'nothing';

/** The numbers of a row: when it should fire, and in which place among equals; when its entry pops; what it is about. */
const [DEADLINE, ORDER, QUEUED_AT, KEY] = [0, 1, 2, 3];
/**
 * Its words: its state; the slot of its entry (an entry of any other slot is stale); whose it is, and of which name; the next
 * row of the same bucket, or the next free one; the rows before and behind it of the same node.
 */
const [STATE, SLOT, NODE, NAME, CHAIN, BEFORE, BEHIND] = [0, 1, 2, 3, 4, 5, 6];

/** States: nobody's; a timer that is not set; one that is; one of a process that is gone, whose entry has yet to pop. */
const [FREE, IDLE, ARMED, GONE] = [0, 1, 2, 3];

/** Ends a list of rows, and stands for no row at all; and for the time of an entry that there is none of. */
export const NO_TIMER: Timer = -1;
const UNQUEUED = -1;

/** All timers of a run. */
export class Timers {
  #names = new Map<string, TimerName>();
  #named: TimerName[] = [];
  // A row has four numbers and seven words, side by side because they are read together.
  #numbers = new Float64Array(4 * 64);
  #words = new Int32Array(8 * 64);
  #used = 0;
  #free = NO_TIMER;
  #buckets = new Int32Array(64).fill(NO_TIMER);
  #linked = 0;
  /** The newest timer of each node. */
  #newest: Timer[] = [];

  /** The timer of that name and key, made when it does not exist. */
  of(node: number, name: string, key: number): Timer {
    const found = this.find(node, name, key);
    return found === NO_TIMER ? this.#make(node, this.named(name), key) : found;
  }

  find(node: number, name: string, key: number): Timer {
    const named = this.#names.get(name);
    if (named === undefined) return NO_TIMER;
    const { index } = named;
    let timer = this.#buckets[this.#bucketOf(node, index, key)] as Timer;
    while (
      timer !== NO_TIMER &&
      (this.#numbers[4 * timer + KEY] !== key ||
        this.#words[8 * timer + NODE] !== node ||
        this.#words[8 * timer + NAME] !== index)
    )
      timer = this.#words[8 * timer + CHAIN] as Timer;
    return timer;
  }

  named(name: string): TimerName {
    let found = this.#names.get(name);
    if (found === undefined) {
      found = { name, index: this.#named.length, code: nameCode(name), fired: 0 };
      this.#names.set(name, found);
      this.#named.push(found);
    }
    return found;
  }

  /** Sets a timer; true when it needs an entry of its own in the agenda, because it has none or a later one. */
  arm(timer: Timer, deadline: number, order: number): boolean {
    this.#numbers[4 * timer + DEADLINE] = deadline;
    this.#numbers[4 * timer + ORDER] = order;
    this.#words[8 * timer + STATE] = ARMED;
    const queuedAt = this.#numbers[4 * timer + QUEUED_AT] as number;
    return queuedAt === UNQUEUED || queuedAt > deadline;
  }

  /** It has an entry from now on: that slot, which pops at its deadline. */
  queued(timer: Timer, slot: number): void {
    this.#words[8 * timer + SLOT] = slot;
    this.#numbers[4 * timer + QUEUED_AT] = this.#numbers[4 * timer + DEADLINE] as number;
  }

  /** Sets it as it was set before. */
  rearm(timer: Timer): void {
    this.#words[8 * timer + STATE] = ARMED;
  }

  disarm(timer: Timer): void {
    if (this.#words[8 * timer + STATE] === ARMED) this.#words[8 * timer + STATE] = IDLE;
  }

  /** Whether it is set, and not for later than `now`. */
  isDue(timer: Timer, now: number): boolean {
    return this.#words[8 * timer + STATE] === ARMED && (this.#numbers[4 * timer + DEADLINE] as number) <= now;
  }

  nodeOf(timer: Timer): number {
    return this.#words[8 * timer + NODE] as number;
  }

  nameOf(timer: Timer): TimerName {
    return this.#named[this.#words[8 * timer + NAME] as number] as TimerName;
  }

  keyOf(timer: Timer): number {
    return this.#numbers[4 * timer + KEY] as number;
  }

  /**
   * An entry of `timer` popped at `now`: fires it, or puts it back (`later`, the caller's slot is queued again), or finds
   * that it was cleared or superseded.
   */
  due(timer: Timer, slot: number, now: number, agenda: Agenda): Due {
    if (this.#words[8 * timer + SLOT] !== slot) return 'nothing';
    const armed = this.#words[8 * timer + STATE] === ARMED;
    const deadline = this.#numbers[4 * timer + DEADLINE] as number;
    const order = this.#numbers[4 * timer + ORDER] as number;
    // Set again for the very moment at which its entry pops, it has its turn behind what was set before that.
    if (armed && (deadline > now || order !== agenda.order)) {
      this.#numbers[4 * timer + QUEUED_AT] = deadline;
      agenda.push(deadline, order, slot);
      return 'later';
    }
    this.#numbers[4 * timer + QUEUED_AT] = UNQUEUED;
    this.#words[8 * timer + SLOT] = -1;
    if (!armed) return 'nothing';
    this.#words[8 * timer + STATE] = IDLE;
    this.nameOf(timer).fired++;
    return 'fire';
  }

  /** Forgets a timer that is neither set nor queued, so that long runs do not collect dead connections' timers. */
  tidy(timer: Timer): void {
    if (this.#numbers[4 * timer + QUEUED_AT] !== UNQUEUED) return;
    const state = this.#words[8 * timer + STATE];
    if (state === IDLE) this.#unlink(timer);
    else if (state !== GONE) return;
    this.#release(timer);
  }

  /** The process of a node is gone, and its timers with it. Entries still queued find nothing armed. */
  clear(node: number): void {
    let timer = this.#newest[node] ?? NO_TIMER;
    while (timer !== NO_TIMER) {
      const next = this.#words[8 * timer + BEHIND] as Timer;
      this.#unlink(timer);
      this.#words[8 * timer + STATE] = GONE;
      this.tidy(timer);
      timer = next;
    }
  }

  /** Those of a node that are set, in the order in which they were made. */
  armedOf(node: number): Timer[] {
    const found: Timer[] = [];
    for (
      let timer = this.#newest[node] ?? NO_TIMER;
      timer !== NO_TIMER;
      timer = this.#words[8 * timer + BEHIND] as Timer
    )
      if (this.#words[8 * timer + STATE] === ARMED) found.push(timer);
    return found.reverse();
  }

  /** When it fires, and in which place among equals. */
  when(timer: Timer): readonly [at: number, order: number] {
    return [this.#numbers[4 * timer + DEADLINE] as number, this.#numbers[4 * timer + ORDER] as number];
  }

  /** The name that fired most, for the verdict of a run that ran out of budget. */
  busiest(): TimerName | undefined {
    let busiest: TimerName | undefined;
    for (const name of this.#named) if (busiest === undefined || name.fired > busiest.fired) busiest = name;
    return busiest;
  }

  /** Timers that there is memory for. */
  get capacity(): number {
    return this.#words.length / 8;
  }

  /** Forgets every timer and keeps the memory. */
  reset(): void {
    this.#names = new Map();
    this.#named = [];
    this.#used = 0;
    this.#free = NO_TIMER;
    this.#buckets.fill(NO_TIMER);
    this.#linked = 0;
    this.#newest = [];
  }

  #make(node: number, { index }: TimerName, key: number): Timer {
    if (this.#linked++ === this.#buckets.length) this.#spread();
    const timer = this.#take();
    this.#words[8 * timer + NODE] = node;
    this.#words[8 * timer + NAME] = index;
    this.#numbers[4 * timer + KEY] = key;
    this.#words[8 * timer + STATE] = IDLE;
    this.#numbers[4 * timer + QUEUED_AT] = UNQUEUED;
    this.#words[8 * timer + SLOT] = -1;
    this.#hang(timer);
    while (this.#newest.length <= node) this.#newest.push(NO_TIMER);
    const behind = this.#newest[node] as Timer;
    this.#newest[node] = timer;
    this.#words[8 * timer + BEFORE] = NO_TIMER;
    this.#words[8 * timer + BEHIND] = behind;
    if (behind !== NO_TIMER) this.#words[8 * behind + BEFORE] = timer;
    return timer;
  }

  #bucketOf(node: number, name: number, key: number): number {
    const mixed = Math.imul((Math.imul(node, 31) + name) ^ (key | 0), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (this.#buckets.length - 1);
  }

  /** Puts a row into its bucket. */
  #hang(timer: Timer): void {
    const bucket = this.#bucketOf(
      this.#words[8 * timer + NODE] as number,
      this.#words[8 * timer + NAME] as number,
      this.#numbers[4 * timer + KEY] as number,
    );
    this.#words[8 * timer + CHAIN] = this.#buckets[bucket] as Timer;
    this.#buckets[bucket] = timer;
  }

  #unlink(timer: Timer): void {
    const node = this.#words[8 * timer + NODE] as number;
    const bucket = this.#bucketOf(
      node,
      this.#words[8 * timer + NAME] as number,
      this.#numbers[4 * timer + KEY] as number,
    );
    const next = this.#words[8 * timer + CHAIN] as Timer;
    let at = this.#buckets[bucket] as Timer;
    if (at === timer) this.#buckets[bucket] = next;
    else {
      while (this.#words[8 * at + CHAIN] !== timer) at = this.#words[8 * at + CHAIN] as Timer;
      this.#words[8 * at + CHAIN] = next;
    }
    this.#linked--;
    const before = this.#words[8 * timer + BEFORE] as Timer;
    const behind = this.#words[8 * timer + BEHIND] as Timer;
    if (before === NO_TIMER) this.#newest[node] = behind;
    else this.#words[8 * before + BEHIND] = behind;
    if (behind !== NO_TIMER) this.#words[8 * behind + BEFORE] = before;
  }

  #take(): Timer {
    const timer = this.#free;
    if (timer !== NO_TIMER) {
      this.#free = this.#words[8 * timer + CHAIN] as Timer;
      return timer;
    }
    if (this.#used === this.capacity) this.#grow();
    return this.#used++;
  }

  #release(timer: Timer): void {
    this.#words[8 * timer + STATE] = FREE;
    this.#words[8 * timer + CHAIN] = this.#free;
    this.#free = timer;
  }

  #spread(): void {
    this.#buckets = new Int32Array(2 * this.#buckets.length).fill(NO_TIMER);
    for (let timer = 0; timer < this.#used; timer++)
      if (this.#words[8 * timer + STATE] === IDLE || this.#words[8 * timer + STATE] === ARMED) this.#hang(timer);
  }

  #grow(): void {
    const numbers = new Float64Array(2 * this.#numbers.length);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    const words = new Int32Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
  }
}
