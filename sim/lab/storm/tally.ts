/** Counts by time: bins of one width that grow with the run, laid out from an instant in both directions. */

/** The finest width that a metric asks for. */
export const BIN_WIDTH = 10_000;

export class Tally {
  /** Bins that begin before the instant that they are laid out from. */
  readonly #before: number;
  readonly #from: number;
  #bins: Uint32Array;
  #used = 0;

  constructor(origin: number) {
    this.#before = Math.ceil(origin / BIN_WIDTH);
    this.#from = origin - this.#before * BIN_WIDTH;
    this.#bins = new Uint32Array(this.#before + 1024);
  }

  /** The instant at which the first bin begins, 0 or less. */
  get from(): number {
    return this.#from;
  }

  count(at: number): void {
    const bin = Math.floor((at - this.#from) / BIN_WIDTH);
    if (bin >= this.#bins.length) this.#grow(bin);
    this.#bins[bin]!++;
    if (bin >= this.#used) this.#used = bin + 1;
  }

  /** All bins up to `length` of them, or to the last that counted. */
  bins(length = this.#used): Uint32Array {
    if (length > this.#bins.length) this.#grow(length);
    return this.#bins.slice(0, length);
  }

  get used(): number {
    return this.#used;
  }

  #grow(bin: number): void {
    const grown = new Uint32Array(Math.max(bin + 1, this.#bins.length * 2));
    grown.set(this.#bins);
    this.#bins = grown;
  }
}
