/**
 * The servers of a storm, taken together: so many admissions a second, counted out in windows.
 *
 * They serve in *terms*: from the end of an outage to the next one, or through a brown-out. A term begins with a window.
 * Admission number k falls into the window that contains (k + 1/2) / capacity, which is also its slot: so windows of a
 * fraction of an admission add up, and what is counted out by then is capacity * e, to the nearest.
 *
 * A refusal costs a share of an admission. A window that cannot pay for its refusals owes the rest to the next one, at
 * most one window's worth: so servers never stand still for longer than refusals keep coming.
 *
 * With `retryAfter: slot` a refusal promises the next slot of a later window that nobody has been promised. A promise is
 * a place, not a lock: in its window only those without one are kept from it. Whoever comes behind its slot is admitted
 * while there is room, before those who were never promised anything; whoever comes early is told the same slot again.
 */
import { between } from '../../../src/machine.ts';
import type { Clients } from './clients.ts';
import { NO_HINT } from './pace.ts';
import type { Storm } from './storm.ts';

/** Marks a client without a promise. */
const NONE = -1;

export class Servers {
  readonly #storm: Storm;
  // Money is counted in units: an admission costs `whole` of them, a refusal `price`.
  readonly #whole: number;
  readonly #price: number;
  readonly #window: number;
  // The term: when it began, and its capacity as a fraction of admissions a microsecond.
  #from = 0;
  #above = 0;
  #below = 1;
  // The window: its number, and what is left of it (negative: owed).
  #number = -1;
  #left = 0;
  // Promises: by client the number of its slot, by window those that are still out.
  readonly #promised: Int32Array;
  #out = new Uint32Array(0);
  #nextSlot = 0;

  constructor(storm: Storm) {
    this.#storm = storm;
    this.#whole = storm.refusalCost.of;
    this.#price = storm.refusalCost.num;
    this.#window = storm.window;
    this.#promised = new Int32Array(storm.retryAfter.kind === 'slot' ? storm.clients : 0);
  }

  /** A term begins, with a share of the capacity. What was promised or owed in the last one is forgotten. */
  open(at: number, num: number, of: number): void {
    this.#from = at;
    this.#above = this.#storm.capacity * num;
    this.#below = of * 1_000_000;
    this.#number = -1;
    this.#left = 0;
    this.#nextSlot = 0;
    this.#promised.fill(NONE);
    this.#out.fill(0);
  }

  /** Whether a dial that arrives now is admitted; while others wait, only one that was promised a place. */
  admits(client: number, now: number, othersWait: boolean): boolean {
    this.#enter(now);
    if (this.#promised.length === 0) {
      if (othersWait || this.#left < this.#whole) return false;
      this.#left -= this.#whole;
      return true;
    }
    return this.#admitsWithPromises(client, othersWait);
  }

  /** A dial that arrived now is refused. */
  refuses(): void {
    this.#left -= this.#price;
  }

  /** When to come again, from now on, as the servers tell a client that they refuse; `NO_HINT` if they say nothing. */
  hint(client: number, now: number, clients: Clients): number {
    const { retryAfter } = this.#storm;
    switch (retryAfter.kind) {
      case 'none':
        return NO_HINT;
      case 'fixed':
        return retryAfter.after;
      case 'uniform':
        return between(clients.hintDrawOf(client), retryAfter.least, retryAfter.most);
      case 'slot':
        return this.#promise(client, now);
    }
  }

  #promise(client: number, now: number): number {
    const kept = this.#promised[client] as number;
    if (kept !== NONE) return this.#slotAt(kept) - now;
    const first = this.#countedOut((this.#number + 1) * this.#window);
    const slot = Math.max(first, this.#nextSlot);
    this.#nextSlot = slot + 1;
    this.#promised[client] = slot;
    const at = this.#slotAt(slot);
    const window = this.#windowOf(at);
    if (window >= this.#out.length) this.#grow(window);
    this.#out[window]!++;
    return at - now;
  }

  /** Takes as many as the window that begins now has room for, at most `most`. */
  take(now: number, most: number): number {
    this.#enter(now);
    const kept = this.#out[this.#number] ?? 0;
    const taken = Math.min(most, Math.max(0, Math.floor(this.#left / this.#whole) - kept));
    this.#left -= taken * this.#whole;
    return taken;
  }

  /** When the window behind this instant begins. */
  nextWindow(now: number): number {
    return this.#from + (Math.floor((now - this.#from) / this.#window) + 1) * this.#window;
  }

  #admitsWithPromises(client: number, othersWait: boolean): boolean {
    const promised = this.#promised[client] as number;
    const window = promised === NONE ? NONE : this.#windowOf(this.#slotAt(promised));
    const due = window !== NONE && window <= this.#number;
    const kept = due ? 0 : (this.#out[this.#number] ?? 0);
    if (due) this.#forget(client, window);
    if ((othersWait && !due) || this.#left < (kept + 1) * this.#whole) return false;
    this.#left -= this.#whole;
    if (!due && window !== NONE) this.#forget(client, window);
    return true;
  }

  #forget(client: number, window: number): void {
    this.#promised[client] = NONE;
    this.#out[window]!--;
  }

  #enter(now: number): void {
    const number = Math.floor((now - this.#from) / this.#window);
    if (number === this.#number) return;
    const next = this.#countedOut((this.#number + 1) * this.#window);
    const begins = this.#countedOut(number * this.#window);
    const worth = this.#countedOut((number + 1) * this.#window) - begins;
    let owed = 0;
    if (this.#left < 0) {
      const nextWorth = this.#countedOut((this.#number + 2) * this.#window) - next;
      owed = Math.min(-this.#left, Math.max(nextWorth, 1) * this.#whole);
      // Windows in which nobody dialled have paid what they could.
      owed = Math.max(0, owed - (begins - next) * this.#whole);
    }
    this.#left = worth * this.#whole - owed;
    this.#number = number;
  }

  /** Admissions that are counted out in so much of the term: slots that are earlier than its end. */
  #countedOut(elapsed: number): number {
    const twice = 2 * this.#above * elapsed + this.#below - 1;
    if (twice <= Number.MAX_SAFE_INTEGER) return Math.floor(twice / (2 * this.#below));
    const exact = 2n * BigInt(this.#above) * BigInt(elapsed) + BigInt(this.#below) - 1n;
    return Number(exact / (2n * BigInt(this.#below)));
  }

  /** The instant of a slot: the middle of its share of the term. */
  #slotAt(slot: number): number {
    const twice = (2 * slot + 1) * this.#below;
    const since =
      twice <= Number.MAX_SAFE_INTEGER
        ? Math.floor(twice / (2 * this.#above))
        : Number((BigInt(2 * slot + 1) * BigInt(this.#below)) / (2n * BigInt(this.#above)));
    return this.#from + since;
  }

  #windowOf(at: number): number {
    return Math.floor((at - this.#from) / this.#window);
  }

  #grow(window: number): void {
    const grown = new Uint32Array(Math.max(window + 1, 2 * this.#out.length, 256));
    grown.set(this.#out);
    this.#out = grown;
  }
}
