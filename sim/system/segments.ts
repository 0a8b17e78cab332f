/**
 * How a stream of bytes is cut into pieces, by luck.
 *
 * A kernel sends what a process wrote in one go as one piece, mostly; but a write may be cut anywhere, and what arrives may
 * be read in pieces that nobody wrote. So a parser that takes a piece for a message is found out. Some processes never see
 * that, some sometimes, some often: which is drawn once for each.
 */
import type { ConnId } from '../../src/transport.ts';

const OUT = 'segments out';
const NOTHING: readonly never[] = [];
/** How often something is cut: never, one time in eight, every second time. */
const SHARES = [0, 0x2000_0000, 0x8000_0000] as const;

interface Pending {
  readonly conn: ConnId;
  readonly parts: Uint8Array[];
}

export class Segments {
  readonly #random: (purpose: string) => number;
  readonly #share: number;
  readonly #pending: Pending[] = [];

  /** `random` is that of the process: both directions draw of streams of their own. */
  constructor(random: (purpose: string) => number) {
    this.#random = random;
    this.#share = SHARES[random('segments') % SHARES.length] as number;
  }

  /** A process writes; it leaves when its step is over. */
  write(conn: ConnId, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const last = this.#pending.at(-1);
    const pending = last?.conn === conn ? last : this.#pending.find((one) => one.conn === conn);
    if (pending === undefined) this.#pending.push({ conn, parts: [bytes] });
    else pending.parts.push(bytes);
  }

  /** What was written to a connection since the last time, in the pieces in which it leaves; to be asked for before its end, too. */
  take(conn: ConnId): readonly Uint8Array[] {
    const pending = this.#pending;
    // Mostly one connection has something, and only that.
    if (pending.length === 1 && pending[0]?.conn === conn)
      return this.#cut(joined((pending.pop() as Pending).parts), OUT);
    const index = pending.findIndex((one) => one.conn === conn);
    return index < 0 ? NOTHING : this.#cut(joined((pending.splice(index, 1)[0] as Pending).parts), OUT);
  }

  /** Connections to which something was written, in the order in which it was. */
  written(): readonly ConnId[] {
    return this.#pending.length === 0 ? NOTHING : this.#pending.map(({ conn }) => conn);
  }

  /** What arrived, in the pieces in which the process reads it. */
  read(bytes: Uint8Array): readonly Uint8Array[] {
    return this.#cut(bytes, 'segments in');
  }

  /** A connection is gone, and with it what was written last. */
  forget(conn: ConnId): void {
    const index = this.#pending.findIndex((one) => one.conn === conn);
    if (index >= 0) this.#pending.splice(index, 1);
  }

  /** In one piece, in two, or in three. */
  #cut(bytes: Uint8Array, purpose: string): readonly Uint8Array[] {
    if (this.#share === 0 || bytes.length < 2 || this.#random(purpose) >= this.#share) return [bytes];
    const first = 1 + (this.#random(purpose) % (bytes.length - 1));
    const second = 1 + (this.#random(purpose) % (bytes.length - 1));
    const [from, to] = first < second ? [first, second] : [second, first];
    return [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)].filter(({ length }) => length > 0);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
