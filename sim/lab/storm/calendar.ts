/**
 * The pending events of a storm: at most one arrival and one time-out a client, so that a slot is its own event and nothing
 * is allocated. A calendar queue (Brown 1988): days of a fixed length, a power of two, each an unsorted list; a day is
 * sorted when it comes. `sim/core/agenda.ts` asks for the place of an event among its equals when it is pushed; herds are
 * thousands of them in an order of their own, for which that takes quadratic time, and here it is found when they are sorted.
 *
 * Events of one instant come in the order of `Ties`, arrivals before time-outs.
 */
import type { Ties } from './luck.ts';

/** Pending events a day, about, if the clients are spread over so long. */
const SPREAD = 100_000_000;
/** The longest day, 2^20 us: with the place of a client a time within it is one exact number. */
const DAY_MOST = 1_048_576;
const DAY_LEAST = 16;
/** Longer days are sorted as numbers, shorter ones by insertion. */
const FEW = 24;
const WORD = 4_294_967_296;
/** Days that the calendar holds ahead at most, and at least. */
const AHEAD_MOST = 1_048_576;
const AHEAD_LEAST = 4096;

export class Calendar {
  size = 0;
  readonly #clients: number;
  readonly #ties: Ties;
  readonly #perDay: number;
  readonly #length: number;
  // Of each slot: when, and which slot follows in its list (one more than its number, 0 at the end).
  readonly #times: Float64Array;
  readonly #next: Int32Array;
  // Days from `day` to `end`, by the lower bits of their number; what comes later is in one list.
  readonly #days: Int32Array;
  readonly #mask: number;
  #day = -1;
  #end: number;
  #ahead = 0;
  #later = 0;
  #laterLeast = Number.POSITIVE_INFINITY;
  // The day that has come, sorted.
  #today = new Int32Array(64);
  #head = 0;
  #tail = 0;
  #keys = new Float64Array(64);

  /** `slots` is the number of clients, or twice that with time-outs. */
  constructor(clients: number, slots: number, ties: Ties) {
    this.#clients = clients;
    this.#ties = ties;
    let length = DAY_MOST;
    while (length > DAY_LEAST && length * clients > SPREAD) length /= 2;
    let days = AHEAD_LEAST;
    while (days < AHEAD_MOST && days < clients) days *= 2;
    this.#length = length;
    this.#perDay = 1 / length;
    this.#times = new Float64Array(slots);
    this.#next = new Int32Array(slots);
    this.#days = new Int32Array(days);
    this.#mask = days - 1;
    this.#end = days - 1;
  }

  /** `slot` is a client (its dial arrives) or a client behind all clients (its dial times out), not pending already. */
  push(at: number, slot: number): void {
    this.size++;
    this.#times[slot] = at;
    const day = Math.floor(at * this.#perDay);
    if (day <= this.#day) this.#insert(slot);
    else if (day < this.#end) this.#put(day, slot);
    else {
      this.#next[slot] = this.#later;
      this.#later = slot + 1;
      if (day < this.#laterLeast) this.#laterLeast = day;
    }
  }

  /** When the next event is, if it is not later than `limit`; else infinity. Then events up to `limit` may still come cheaply. */
  peek(limit: number): number {
    while (this.#head === this.#tail) {
      if (this.size === 0 || !this.#turn(Math.floor(limit * this.#perDay))) return Number.POSITIVE_INFINITY;
    }
    const at = this.#times[this.#today[this.#head]!]!;
    return at <= limit ? at : Number.POSITIVE_INFINITY;
  }

  /** The event that `peek` has seen. */
  pop(): number {
    this.size--;
    return this.#today[this.#head++]!;
  }

  #put(day: number, slot: number): void {
    const index = day & this.#mask;
    this.#next[slot] = this.#days[index]!;
    this.#days[index] = slot + 1;
    this.#ahead++;
  }

  /** Makes the next day with events today, up to day `last`; false if there is none. */
  #turn(last: number): boolean {
    while (this.#day < last) {
      if (this.#ahead === 0) {
        // Over the days without anything, as far as wanted.
        const next = Math.min(last, this.#laterLeast);
        if (next > this.#day) this.#day = next - 1;
        if (this.#day + 1 > this.#end) this.#end = this.#day + 1;
      }
      this.#day++;
      if (this.#day >= this.#end) this.#bringNearer();
      const first = this.#days[this.#day & this.#mask]!;
      if (first === 0) continue;
      this.#days[this.#day & this.#mask] = 0;
      this.#load(first);
      return true;
    }
    return false;
  }

  /** Lays out as many days again, and takes from the list of what comes later what falls into them. */
  #bringNearer(): void {
    this.#end = this.#day + this.#mask;
    let link = this.#later;
    this.#later = 0;
    this.#laterLeast = Number.POSITIVE_INFINITY;
    while (link !== 0) {
      const slot = link - 1;
      link = this.#next[slot]!;
      const day = Math.floor(this.#times[slot]! * this.#perDay);
      if (day < this.#end) this.#put(day, slot);
      else {
        this.#next[slot] = this.#later;
        this.#later = slot + 1;
        if (day < this.#laterLeast) this.#laterLeast = day;
      }
    }
  }

  #load(first: number): void {
    let count = 0;
    for (let link = first; link !== 0; link = this.#next[link - 1]!) {
      if (count === this.#today.length) this.#grow();
      this.#today[count++] = link - 1;
    }
    this.#ahead -= count;
    this.#head = 0;
    this.#tail = count;
    if (count > FEW) this.#sort(count);
    else for (let index = 1; index < count; index++) this.#sink(index, 0);
  }

  /** Sorts by numbers that say time, sort and place, from which each event is found again. */
  #sort(count: number): void {
    const from = this.#day * this.#length;
    const clients = this.#clients;
    const today = this.#today;
    if (this.#keys.length < count) this.#keys = new Float64Array(today.length);
    const keys = this.#keys.subarray(0, count);
    for (let index = 0; index < count; index++) {
      const slot = today[index]!;
      const at = this.#times[slot]!;
      const isTimeOut = slot >= clients;
      const place = this.#ties.order(isTimeOut ? slot - clients : slot, at);
      keys[index] = ((at - from) * 2 + (isTimeOut ? 1 : 0)) * WORD + place;
    }
    keys.sort();
    for (let index = 0; index < count; index++) {
      const key = keys[index]!;
      const twice = Math.floor(key / WORD);
      const client = this.#ties.client(key - twice * WORD, from + Math.floor(twice / 2));
      today[index] = twice % 2 === 1 ? clients + client : client;
    }
  }

  /** Moves what stands at `index` down behind what comes before it. */
  #sink(index: number, least: number): void {
    const today = this.#today;
    const slot = today[index]!;
    let place = index;
    while (place > least && this.#isBefore(slot, today[place - 1]!)) {
      today[place] = today[place - 1]!;
      place--;
    }
    today[place] = slot;
  }

  /** An event of today that came late. */
  #insert(slot: number): void {
    if (this.#tail === this.#today.length) this.#makeRoom();
    let low = this.#head;
    let high = this.#tail;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(slot, this.#today[middle]!)) high = middle;
      else low = middle + 1;
    }
    this.#today.copyWithin(low + 1, low, this.#tail);
    this.#today[low] = slot;
    this.#tail++;
  }

  #isBefore(one: number, other: number): boolean {
    const at = this.#times[one]!;
    const otherAt = this.#times[other]!;
    if (at !== otherAt) return at < otherAt;
    const clients = this.#clients;
    if (one >= clients !== other >= clients) return one < clients;
    const order = this.#ties.order(one >= clients ? one - clients : one, at);
    return order < this.#ties.order(other >= clients ? other - clients : other, at);
  }

  /** Moves today to the start of its array, or to one twice as long. */
  #makeRoom(): void {
    const left = this.#today.subarray(this.#head, this.#tail);
    if (this.#head < this.#today.length / 2) this.#grow();
    this.#today.set(left);
    this.#tail -= this.#head;
    this.#head = 0;
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.#today.length);
    grown.set(this.#today);
    this.#today = grown;
  }
}
