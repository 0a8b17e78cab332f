/**
 * One rung of the agenda's ladder: a stretch of time cut into buckets of equal width, each an unsorted list of slots.
 *
 * Putting an event into its bucket costs the same however many events wait; sorting is left to the moment at which a
 * bucket comes up, when it holds a handful. Widths are powers of two, so that the bucket of an event is an exact product
 * and never depends on rounding.
 *
 * A list is a chain of *links* through the agenda's array `next`. A link is a slot plus one, so that 0 ends a chain and
 * fresh memory holds empty buckets. The newest event comes first: adding one then needs no test and no second end.
 */
export class Rung {
  /** Width of one bucket in us, a power of two. */
  width = 1;
  /** Earliest time that still belongs here; buckets before it were taken. */
  from = 0;
  /** Earliest time of the bucket taken last. */
  start = 0;

  #origin = 0;
  #end = 0;
  #perWidth = 1;
  #buckets = 0;
  #current = 0;
  #links = new Int32Array(64);

  /** Prepares an empty rung for `count` events from `start` up to, not including, `end`: one or two buckets each. */
  open(start: number, end: number, count: number): void {
    const span = end - start;
    let width = 1;
    while (width * count * 2 < span) width *= 2;
    this.width = width;
    this.#perWidth = 1 / width;
    this.#buckets = Math.ceil(span / width);
    this.#origin = start;
    this.#end = end;
    this.#current = 0;
    this.from = start;
    // Every bucket of a rung that was used up is empty, so a rung is reused without being wiped.
    if (this.#links.length < this.#buckets) this.#links = new Int32Array(this.#buckets * 2);
  }

  /** Puts an event into its bucket. */
  add(slot: number, at: number, next: Int32Array): void {
    const links = this.#links;
    const bucket = ((at - this.#origin) * this.#perWidth) | 0;
    next[slot] = links[bucket]!;
    links[bucket] = slot + 1;
  }

  /** Takes the earliest bucket that is not empty and returns its first link; 0 when all are empty. */
  take(): number {
    const links = this.#links;
    const buckets = this.#buckets;
    let current = this.#current;
    while (current < buckets && links[current] === 0) current++;
    this.#current = current + 1;
    if (current >= buckets) return 0;
    const first = links[current]!;
    links[current] = 0;
    this.start = this.#origin + current * this.width;
    // The last bucket may reach past the end, where the next rung begins.
    this.from = Math.min(this.start + this.width, this.#end);
    return first;
  }

  /** Empties every bucket. */
  clear(): void {
    this.#links.fill(0);
  }
}

/** Number of events in the list that starts with a link. */
export function lengthOf(first: number, next: Int32Array): number {
  let length = 0;
  for (let link = first; link !== 0; link = next[link - 1]!) length++;
  return length;
}

/** Turns a list around and returns its new first link. */
export function reversed(first: number, next: Int32Array): number {
  let link = first;
  let before = 0;
  while (link !== 0) {
    const following = next[link - 1]!;
    next[link - 1] = before;
    before = link;
    link = following;
  }
  return before;
}
