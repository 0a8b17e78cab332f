/**
 * One rung of the agenda's ladder: a stretch of time cut into buckets of equal width, each an unsorted list of events.
 *
 * Putting an event into its bucket costs the same however many events wait; sorting is left to the moment at which a
 * bucket comes up, when it holds a handful. Widths are powers of two, so that the bucket of an event is an exact product
 * and never depends on rounding. Lists keep the order in which events came: events of equal time stay sorted.
 */

/** Integers per bucket: first event, last event, number of events, and one unused for the sake of alignment. */
const STRIDE = 4;
const LAST = 1;
const COUNT = 2;

export class Rung {
  /** Width of one bucket in us, a power of two. */
  width = 1;
  /** Earliest time that still belongs here; buckets before it were taken. */
  from = 0;
  /** Earliest time of the bucket taken last. */
  start = 0;
  /** First event of the bucket taken last; the rest follow in the agenda's `next`. */
  first = 0;
  /** Number of events in the bucket taken last. */
  count = 0;

  #origin = 0;
  #end = 0;
  #buckets = 0;
  #current = 0;
  #perWidth = 1;
  #cells = new Int32Array(64 * STRIDE);

  /** Prepares an empty rung for `count` events from `start` up to, not including, `end`: about one bucket each. */
  open(start: number, end: number, count: number): void {
    const span = end - start;
    let width = 1;
    while (width * count < span) width *= 2;
    this.width = width;
    this.#perWidth = 1 / width;
    this.#buckets = Math.ceil(span / width);
    this.#origin = start;
    this.#end = end;
    this.#current = 0;
    this.from = start;
    // Every bucket of a rung that was used up is empty, so a rung is reused without being wiped.
    if (this.#cells.length < this.#buckets * STRIDE) this.#cells = new Int32Array(this.#buckets * STRIDE * 2);
  }

  /** Puts an event at the end of its bucket. */
  add(event: number, at: number, next: Int32Array): void {
    const cells = this.#cells;
    const cell = (((at - this.#origin) * this.#perWidth) | 0) * STRIDE;
    const count = cells[cell + COUNT]!;
    if (count === 0) cells[cell] = event;
    else next[cells[cell + LAST]!] = event;
    cells[cell + LAST] = event;
    cells[cell + COUNT] = count + 1;
  }

  /** Takes the earliest bucket that is not empty into `first` and `count`; false when all are empty. */
  take(): boolean {
    const cells = this.#cells;
    const buckets = this.#buckets;
    let current = this.#current;
    while (current < buckets && cells[current * STRIDE + COUNT] === 0) current++;
    this.#current = current + 1;
    if (current >= buckets) return false;
    const cell = current * STRIDE;
    this.first = cells[cell]!;
    this.count = cells[cell + COUNT]!;
    cells[cell + COUNT] = 0;
    this.start = this.#origin + current * this.width;
    // The last bucket may reach past the end, where the next rung begins.
    this.from = Math.min(this.start + this.width, this.#end);
    return true;
  }

  /** Empties every bucket. */
  clear(): void {
    this.#cells.fill(0);
  }
}
