/**
 * The agenda: every pending event of a run, ordered by (time, order).
 *
 * A ladder queue (Tang, Goh, Thng 2005) over typed arrays, so that an event costs about the same among 10 or 100,000 others
 * and none allocates. Pending events live in three regions of time, earliest first:
 * - *near*: a short sorted run, popped from its head;
 * - *rungs*: stretches of time in unsorted buckets, each rung a finer division of one bucket of the rung above;
 * - *beyond*: one unsorted list.
 * When near runs dry, the next bucket is sorted into it, or is first cut into a finer rung when it is crowded. A queue of a few
 * events never leaves near. A binary heap was measured beside it: even at 64 events, two times slower at 4,096.
 *
 * The order of events does not depend on the regions: whatever they hold, `pop` yields the least (time, order). An event
 * earlier than the one popped last is legal and leaves first. Times are integers: what shares the last, 1 us wide bucket is a
 * tie, and a tie is sorted by order alone.
 */
import { NEVER, START } from '../../src/time.ts';
import { lengthOf, Rung, reversed } from './agenda-rung.ts';

/** A bucket of more events is cut into a finer rung rather than sorted. */
const CROWDED = 24;
/** So few events beyond the last rung need no rung. */
const FEW = 8;
/** Stands for the time of a slot that is not pending. */
const IDLE = -1;

export class Agenda {
  /** Time and order number of the event popped last. */
  at = 0;
  order = 0;
  /** Number of pending events. */
  size = 0;
  // Per slot: time and order side by side, because they are read together, and the link to the next event of a list.
  #keys = new Float64Array(128).fill(IDLE);
  #next = new Int32Array(64);
  // Near: what is earlier than `nearEnd`; sorted slots, from `head` to `tail`.
  #near = new Int32Array(64);
  #head = 0;
  #tail = 0;
  #nearEnd = Number.POSITIVE_INFINITY;
  #nearMost = CROWDED;

  // The last of the open rungs is the finest and the earliest; the others are kept for reuse.
  #rungs: Rung[] = [];
  #open = 0;

  // Beyond holds what is at `beyondFrom` or later.
  #beyondFrom = Number.POSITIVE_INFINITY;
  #beyondFirst = 0;
  #beyondCount = 0;
  #beyondLeast = 0;
  #beyondMost = 0;

  /**
   * Adds an event at `at` (integer us, `START` to `NEVER`). `order` must be unique among events of one time. `slot` is an
   * index into the caller's arrays, 0 or more, not pending already; memory grows with the largest.
   */
  push(at: number, order: number, slot: number): void {
    // Past 2^53 the borders of buckets would round, and events would be lost in silence.
    if (!(at >= START && at <= NEVER)) throw new RangeError(`hangup bug: an event at ${at} lies outside of time`);
    if (slot >= this.#next.length) this.#grow(slot);
    const keys = this.#keys;
    if (keys[2 * slot] !== IDLE) throw new RangeError(`hangup bug: slot ${slot} is pending already`);
    keys[2 * slot] = at;
    keys[2 * slot + 1] = order;
    this.size++;
    if (at < this.#nearEnd) {
      this.#addNear(slot, at, order);
    } else if (at >= this.#beyondFrom) {
      this.#addBeyond(slot, at);
    } else {
      const rungs = this.#rungs;
      let index = 0;
      while (at < rungs[index]!.from) index++;
      rungs[index]!.add(slot, at, this.#next);
    }
  }

  /** Removes the earliest event and returns its slot, or -1 when none is pending; `at` and `order` then describe it. */
  pop(): number {
    if (this.#head === this.#tail && !this.#refill()) return -1;
    const slot = this.#near[this.#head++]!;
    const keys = this.#keys;
    this.size--;
    this.at = keys[2 * slot]!;
    this.order = keys[2 * slot + 1]!;
    keys[2 * slot] = IDLE;
    return slot;
  }

  /** Time of the earliest event, `Infinity` when none is pending. */
  peekAt(): number {
    const isEmpty = this.#head === this.#tail && !this.#refill();
    return isEmpty ? Number.POSITIVE_INFINITY : this.#keys[2 * this.#near[this.#head]!]!;
  }

  /** Time and order number of a pending event. */
  keyOf(slot: number): readonly [at: number, order: number] {
    return [this.#keys[2 * slot]!, this.#keys[2 * slot + 1]!];
  }

  /** Events that there is memory for. */
  get capacity(): number {
    return this.#next.length;
  }

  /** Forgets every pending event and keeps the memory. */
  clear(): void {
    while (this.#open > 0) this.#rungs[--this.#open]!.clear();
    this.#keys.fill(IDLE);
    this.at = 0;
    this.order = 0;
    this.size = 0;
    this.#head = 0;
    this.#tail = 0;
    this.#nearEnd = Number.POSITIVE_INFINITY;
    this.#nearMost = CROWDED;
    this.#beyondFrom = Number.POSITIVE_INFINITY;
    this.#beyondFirst = 0;
    this.#beyondCount = 0;
  }

  /** Inserts into near from its tail: most events come late in it, and a tie belongs behind its equals. */
  #addNear(slot: number, at: number, order: number): void {
    if (this.#tail === this.#near.length) this.#makeRoom();
    const near = this.#near;
    const keys = this.#keys;
    const head = this.#head;
    let index = this.#tail++;
    while (index > head) {
      const before = near[index - 1]!;
      const beforeAt = keys[2 * before]!;
      if (beforeAt < at || (beforeAt === at && keys[2 * before + 1]! < order)) break;
      near[index--] = before;
    }
    near[index] = slot;
    if (this.#tail - head > this.#nearMost) this.#spill();
  }

  #addBeyond(slot: number, at: number): void {
    this.#next[slot] = this.#beyondFirst;
    this.#beyondFirst = slot + 1;
    if (this.#beyondCount++ === 0) {
      this.#beyondLeast = at;
      this.#beyondMost = at;
    } else {
      if (at < this.#beyondLeast) this.#beyondLeast = at;
      if (at > this.#beyondMost) this.#beyondMost = at;
    }
  }

  /** Makes near hold the earliest events; false when none is pending. */
  #refill(): boolean {
    this.#head = 0;
    this.#tail = 0;
    this.#nearMost = CROWDED;
    for (;;) {
      if (this.#open === 0) {
        const first = this.#beyondFirst;
        const count = this.#beyondCount;
        this.#beyondFirst = 0;
        this.#beyondCount = 0;
        if (count <= FEW) {
          this.#nearEnd = Number.POSITIVE_INFINITY;
          this.#beyondFrom = Number.POSITIVE_INFINITY;
          this.#sort(first, count);
          return count > 0;
        }
        this.#beyondFrom = this.#beyondMost + 1;
        this.#spread(first, count, this.#beyondLeast, this.#beyondFrom);
      }
      const rung = this.#rungs[this.#open - 1]!;
      const first = rung.take();
      if (first === 0) {
        this.#open--;
        continue;
      }
      const count = lengthOf(first, this.#next);
      if (count > CROWDED && rung.width > 1) {
        this.#spread(first, count, rung.start, rung.from);
      } else {
        this.#nearEnd = rung.from;
        if (count > CROWDED) this.#sortHerd(first, count);
        else this.#sort(first, count);
        return true;
      }
    }
  }

  /** Sorts a short list into the empty near. A list has the newest first, so it is inserted from the head. */
  #sort(first: number, count: number): void {
    const near = this.#near;
    const keys = this.#keys;
    const next = this.#next;
    let head = count;
    for (let link = first; link !== 0; link = next[link - 1]!) {
      const slot = link - 1;
      const at = keys[2 * slot]!;
      let index = head--;
      while (index < count) {
        const after = near[index]!;
        const afterAt = keys[2 * after]!;
        if (afterAt > at || (afterAt === at && keys[2 * after + 1]! > keys[2 * slot + 1]!)) break;
        near[index - 1] = after;
        index++;
      }
      near[index - 1] = slot;
    }
    this.#tail = count;
  }

  /** Sorts a herd at one instant into the empty near. It mostly comes in order; when it does not, insertion
   * would take quadratic time. */
  #sortHerd(first: number, count: number): void {
    while (this.#near.length < count) this.#near = new Int32Array(this.#near.length * 2);
    const near = this.#near;
    const keys = this.#keys;
    let sorted = true;
    let index = count;
    for (let link = first; link !== 0; link = this.#next[link - 1]!) {
      near[--index] = link - 1;
      if (index < count - 1 && keys[2 * near[index]! + 1]! > keys[2 * near[index + 1]! + 1]!) sorted = false;
    }
    if (!sorted) near.subarray(0, count).sort((a, b) => keys[2 * a + 1]! - keys[2 * b + 1]!);
    this.#tail = count;
    this.#nearMost = 2 * count;
  }

  /** Spreads a list over a new rung from `start` to `end`. */
  #spread(first: number, count: number, start: number, end: number): void {
    const rung = this.#openRung(start, end, count);
    const next = this.#next;
    const keys = this.#keys;
    // Turned around, so that the new lists have the newest first again.
    let link = reversed(first, next);
    while (link !== 0) {
      const slot = link - 1;
      link = next[slot]!;
      rung.add(slot, keys[2 * slot]!, next);
    }
  }

  /** Turns a crowded near into a rung, unless all its events are at one time and none could be told from another. */
  #spill(): void {
    const count = this.#tail - this.#head;
    const near = this.#near;
    const keys = this.#keys;
    const least = keys[2 * near[this.#head]!]!;
    const most = keys[2 * near[this.#tail - 1]!]!;
    // Doubling keeps the cost of trying in proportion when an attempt achieves little.
    this.#nearMost = 2 * count;
    if (least === most) return;
    if (this.#open === 0) {
      // Without a rung, near had no end and nothing was beyond.
      this.#nearEnd = most + 1;
      this.#beyondFrom = this.#nearEnd;
    }
    const rung = this.#openRung(least, this.#nearEnd, count);
    for (let index = this.#head; index < this.#tail; index++) {
      const slot = near[index]!;
      rung.add(slot, keys[2 * slot]!, this.#next);
    }
    this.#head = 0;
    this.#tail = 0;
    this.#nearEnd = least;
  }

  #openRung(start: number, end: number, count: number): Rung {
    let rung = this.#rungs[this.#open];
    if (rung === undefined) {
      rung = new Rung();
      this.#rungs.push(rung);
    }
    this.#open++;
    rung.open(start, end, count);
    return rung;
  }

  /** Moves near to the start of its array, or to one twice as long. */
  #makeRoom(): void {
    const { length } = this.#near;
    const target = this.#head > length / 2 ? this.#near : new Int32Array(length * 2);
    target.set(this.#near.subarray(this.#head, this.#tail));
    this.#near = target;
    this.#tail -= this.#head;
    this.#head = 0;
  }

  /** Makes room for `slot` by doubling. */
  #grow(slot: number): void {
    const used = this.#next.length;
    let capacity = 2 * used;
    while (capacity <= slot) capacity *= 2;
    const keys = new Float64Array(2 * capacity).fill(IDLE, 2 * used);
    keys.set(this.#keys);
    this.#keys = keys;
    const next = new Int32Array(capacity);
    next.set(this.#next);
    this.#next = next;
  }
}
