/**
 * The agenda: every pending event of a run, ordered by (time, order).
 *
 * A ladder queue (Tang, Goh, Thng 2005) over typed arrays, so that an event costs the same among 10 or 100,000 others and
 * none allocates. Pending events live in three regions of time, earliest first:
 *
 * - *near*: a short sorted run, popped from its head;
 * - *rungs*: stretches of time in unsorted buckets, each rung a finer division of one bucket of the rung above;
 * - *beyond*: one unsorted list.
 *
 * When near runs dry, the next bucket is sorted into it, or is first cut into a finer rung when it is crowded. A queue of
 * a few events never leaves near. A binary heap was measured beside it: even at 64 events, two times slower at 4,096.
 *
 * The order of events does not depend on the regions: whatever they hold, `pop` yields the least (time, order). An event
 * earlier than the one popped last is legal and leaves first. Times are integers: what shares the last, 1 us wide bucket
 * is a tie, and a tie is sorted by order alone.
 */
import { NEVER, START } from '../src/time.ts';
import { Rung } from './agenda-rung.ts';

/** A bucket of more events is cut into a finer rung rather than sorted. */
const CROWDED = 16;
/** So few events beyond the last rung need no rung. */
const FEW = 8;

export class Agenda {
  /** Time of the event popped last. */
  at = 0;
  /** Order number of the event popped last. */
  order = 0;
  /** Number of pending events. */
  size = 0;

  // An event is an index into these arrays; `next` links lists of events and, from `free`, the unused ones.
  #ats = new Float64Array(64);
  #orders = new Float64Array(64);
  #slots = new Int32Array(64);
  #next = new Int32Array(64);
  #used = 0;
  #free = -1;

  // Near holds what is earlier than `nearEnd`: sorted indices of events, from `head` to `tail`.
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
  #beyondFirst = -1;
  #beyondLast = -1;
  #beyondCount = 0;
  #beyondLeast = 0;
  #beyondMost = 0;

  /** Adds an event at `at` (integer us, `START` to `NEVER`). `order` must be unique among events of one time. */
  push(at: number, order: number, slot: number): void {
    // Past 2^53 the borders of buckets would round, and events would be lost in silence.
    if (!(at >= START && at <= NEVER)) throw new RangeError(`hangup bug: an event at ${at} lies outside of time`);
    let event = this.#free;
    if (event >= 0) {
      this.#free = this.#next[event]!;
    } else {
      if (this.#used === this.#slots.length) this.#grow();
      event = this.#used++;
    }
    this.#ats[event] = at;
    this.#orders[event] = order;
    this.#slots[event] = slot;
    this.size++;
    if (at < this.#nearEnd) {
      this.#addNear(event, at, order);
    } else if (at >= this.#beyondFrom) {
      this.#addBeyond(event, at);
    } else {
      const rungs = this.#rungs;
      let index = 0;
      while (at < rungs[index]!.from) index++;
      rungs[index]!.add(event, at, this.#next);
    }
  }

  /** Removes the earliest event and returns its slot, or -1 when none is pending; `at` and `order` then describe it. */
  pop(): number {
    if (this.#head === this.#tail && !this.#refill()) return -1;
    const event = this.#near[this.#head++]!;
    this.size--;
    this.at = this.#ats[event]!;
    this.order = this.#orders[event]!;
    this.#next[event] = this.#free;
    this.#free = event;
    return this.#slots[event]!;
  }

  /** Time of the earliest event, `Infinity` when none is pending. */
  peekAt(): number {
    if (this.#head === this.#tail && !this.#refill()) return Number.POSITIVE_INFINITY;
    return this.#ats[this.#near[this.#head]!]!;
  }

  /** Forgets every pending event and keeps the memory. */
  clear(): void {
    while (this.#open > 0) this.#rungs[--this.#open]!.clear();
    this.at = 0;
    this.order = 0;
    this.size = 0;
    this.#used = 0;
    this.#free = -1;
    this.#head = 0;
    this.#tail = 0;
    this.#nearEnd = Number.POSITIVE_INFINITY;
    this.#nearMost = CROWDED;
    this.#beyondFrom = Number.POSITIVE_INFINITY;
    this.#beyondCount = 0;
  }

  #addNear(event: number, at: number, order: number): void {
    if (this.#tail === this.#near.length) this.#makeRoom();
    this.#insert(event, at, order);
    if (this.#tail - this.#head > this.#nearMost) this.#spill();
  }

  /** Inserts into near from its tail: most events come late in it, and a tie belongs behind its equals. */
  #insert(event: number, at: number, order: number): void {
    const near = this.#near;
    const ats = this.#ats;
    const orders = this.#orders;
    const head = this.#head;
    let index = this.#tail++;
    while (index > head) {
      const before = near[index - 1]!;
      const beforeAt = ats[before]!;
      if (beforeAt < at || (beforeAt === at && orders[before]! < order)) break;
      near[index--] = before;
    }
    near[index] = event;
  }

  #addBeyond(event: number, at: number): void {
    if (this.#beyondCount++ === 0) {
      this.#beyondFirst = event;
      this.#beyondLeast = at;
      this.#beyondMost = at;
    } else {
      this.#next[this.#beyondLast] = event;
      if (at < this.#beyondLeast) this.#beyondLeast = at;
      if (at > this.#beyondMost) this.#beyondMost = at;
    }
    this.#beyondLast = event;
  }

  /** Makes near hold the earliest events; false when none is pending. */
  #refill(): boolean {
    this.#head = 0;
    this.#tail = 0;
    this.#nearMost = CROWDED;
    for (;;) {
      if (this.#open === 0) {
        const count = this.#beyondCount;
        this.#beyondCount = 0;
        if (count <= FEW) {
          this.#nearEnd = Number.POSITIVE_INFINITY;
          this.#beyondFrom = Number.POSITIVE_INFINITY;
          this.#sort(this.#beyondFirst, count);
          return count > 0;
        }
        this.#beyondFrom = this.#beyondMost + 1;
        this.#spread(this.#beyondFirst, count, this.#beyondLeast, this.#beyondFrom);
      }
      const rung = this.#rungs[this.#open - 1]!;
      if (!rung.take()) {
        this.#open--;
      } else if (rung.count > CROWDED && rung.width > 1) {
        this.#spread(rung.first, rung.count, rung.start, rung.from);
      } else {
        this.#nearEnd = rung.from;
        this.#sort(rung.first, rung.count);
        return true;
      }
    }
  }

  /** Sorts a list into the empty near. */
  #sort(first: number, count: number): void {
    while (this.#near.length < count) this.#near = new Int32Array(this.#near.length * 2);
    const next = this.#next;
    let event = first;
    if (count <= CROWDED) {
      for (let left = count; left > 0; left--) {
        this.#insert(event, this.#ats[event]!, this.#orders[event]!);
        event = next[event]!;
      }
      return;
    }
    // A herd at one instant. It mostly comes in order; when it does not, insertion would take quadratic time.
    const orders = this.#orders;
    let sorted = true;
    for (let index = 0; index < count; index++) {
      this.#near[index] = event;
      if (index > 0 && orders[this.#near[index - 1]!]! > orders[event]!) sorted = false;
      event = next[event]!;
    }
    if (!sorted) this.#near.subarray(0, count).sort((a, b) => orders[a]! - orders[b]!);
    this.#tail = count;
    this.#nearMost = 2 * count;
  }

  /** Spreads a list over a new rung from `start` to `end`. */
  #spread(first: number, count: number, start: number, end: number): void {
    const rung = this.#openRung(start, end, count);
    const next = this.#next;
    let event = first;
    for (let left = count; left > 0; left--) {
      const following = next[event]!;
      rung.add(event, this.#ats[event]!, next);
      event = following;
    }
  }

  /** Turns a crowded near into a rung, unless all its events are at one time and none could be told from another. */
  #spill(): void {
    const count = this.#tail - this.#head;
    const near = this.#near;
    const least = this.#ats[near[this.#head]!]!;
    const most = this.#ats[near[this.#tail - 1]!]!;
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
      const event = near[index]!;
      rung.add(event, this.#ats[event]!, this.#next);
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

  #grow(): void {
    const capacity = this.#slots.length * 2;
    this.#ats = enlarged(this.#ats, new Float64Array(capacity));
    this.#orders = enlarged(this.#orders, new Float64Array(capacity));
    this.#slots = enlarged(this.#slots, new Int32Array(capacity));
    this.#next = enlarged(this.#next, new Int32Array(capacity));
  }
}

function enlarged<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
