/**
 * The luck of one replication: a 32-bit number for each (client, purpose, loss, attempt), whoever asks and whenever.
 *
 * Two policies under the same seed meet the same luck: the first draw of a client is its first draw under both, however many
 * others have dialled in between. That is what makes differences between policies precise (common random numbers).
 */
import { philox, WORDS } from './philox.ts';

/** What a number is drawn for: purposes never share numbers. */
export const PURPOSE = {
  /** The decision of a policy. */
  delay: 0,
  /** Whether a partial outage takes the connection of a client. */
  drop: 1,
  /** How long the way of a dial is. */
  roundTrip: 2,
  /** What a server that spreads its refusals tells this one. */
  retryAfter: 3,
  /** The order of what shares an instant. */
  ties: 4,
  /** A constant that a client drew once, when it was started. */
  nature: 5,
  /** When a client notices that its connection is gone. */
  notice: 6,
} as const;

const PURPOSES = 8;

export class Luck {
  readonly #key0: number;
  readonly #key1: number;
  readonly #replication: number;
  readonly #words = new Uint32Array(WORDS);
  // The counter of the block that stands in `words`: draws of one client follow each other, and four share a block.
  #client = -1;
  #block = -1;
  #purpose = -1;

  /** `seed` is any text, `replication` 0 or more: two of them never share a number. */
  constructor(seed: string, replication: number) {
    [this.#key0, this.#key1] = keyOf(seed);
    this.#replication = replication;
  }

  /**
   * Draw number `index` of a client for a purpose, a 32-bit unsigned integer. `loss` says which loss of its connection it
   * is about (0 for the first), so that what happens in a second outage does not depend on how many dials the first one took.
   */
  draw(client: number, purpose: number, loss: number, index: number): number {
    const block = index >>> 2;
    const about = purpose + PURPOSES * loss;
    if (client !== this.#client || block !== this.#block || about !== this.#purpose) {
      philox(this.#words, client, block, about, this.#replication, this.#key0, this.#key1);
      this.#client = client;
      this.#block = block;
      this.#purpose = about;
    }
    return this.#words[index & 3] as number;
  }
}

/** The order of what shares an instant, drawn for each instant anew, alike for every policy. */
export class Ties {
  readonly #key: number;

  constructor(luck: Luck) {
    this.#key = luck.draw(0, PURPOSE.ties, 0, 0);
  }

  /** The place of a client among those of an instant: of one instant, a bijection of 32-bit words. */
  order(client: number, at: number): number {
    return scattered(client ^ this.#instant(at));
  }

  /** The client that has this place. */
  client(order: number, at: number): number {
    return (gathered(order) ^ this.#instant(at)) >>> 0;
  }

  #instant(at: number): number {
    return scattered((at >>> 0) ^ this.#key) ^ Math.floor(at / 4294967296);
  }
}

/** A seed as 64 bits: the characters of its text, each encrypted into what came before. */
function keyOf(seed: string): readonly [number, number] {
  const words = new Uint32Array(WORDS);
  let key: readonly [number, number] = [seed.length, 0];
  for (let index = 0; index < seed.length; index++) {
    philox(words, seed.charCodeAt(index), index, 0, 0, key[0], key[1]);
    key = [words[0] as number, words[1] as number];
  }
  return key;
}

/** A bijection of 32-bit words that leaves no trace of their order (the finaliser of MurmurHash3). */
export function scattered(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The word that was scattered into this one. */
export function gathered(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x7ed1b41d);
  h = Math.imul(h ^ (h >>> 13) ^ (h >>> 26), 0xa5cb9243);
  return (h ^ (h >>> 16)) >>> 0;
}
