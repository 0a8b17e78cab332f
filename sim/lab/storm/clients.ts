/** The clients of a storm in typed arrays: what each of them has come to, and how far away it is. */
import { between } from '../../../src/machine.ts';
import { type Luck, PURPOSE } from './luck.ts';
import type { Outage, Storm } from './storm.ts';

/** Stands for the time of what never was. */
export const NO_TIME = -1;
/** Everybody was admitted at this time before the storm: connected for as long as any policy asks. */
export const BEFORE = Number.NEGATIVE_INFINITY;

export class Clients {
  readonly droppedAt: Float64Array;
  /** When its present connection was admitted; `NO_TIME` without one. */
  readonly admittedAt: Float64Array;
  /** When what its policy calls the outage began: a connection that was not stable does not end one. */
  readonly outageSince: Float64Array;
  readonly attemptsDuring: Uint32Array;
  readonly attemptsAfter: Uint32Array;
  readonly gaveUp: Uint8Array;
  /** Which outage took its connection last, and its dials since then: together they name its luck. */
  readonly loss: Uint16Array;
  readonly dials: Uint32Array;
  readonly #luck: Luck;
  readonly #outages: readonly Outage[];
  readonly #least: number;
  readonly #most: number;

  constructor({ clients, outages, roundTrip }: Storm, luck: Luck) {
    this.#luck = luck;
    this.#outages = outages;
    this.#least = roundTrip.least;
    this.#most = roundTrip.most;
    this.droppedAt = new Float64Array(clients).fill(NO_TIME);
    this.admittedAt = new Float64Array(clients).fill(BEFORE);
    this.outageSince = new Float64Array(clients).fill(NO_TIME);
    this.attemptsDuring = new Uint32Array(clients);
    this.attemptsAfter = new Uint32Array(clients);
    this.gaveUp = new Uint8Array(clients);
    this.loss = new Uint16Array(clients);
    this.dials = new Uint32Array(clients);
  }

  lose(client: number, at: number, outage: number): void {
    this.admittedAt[client] = NO_TIME;
    this.droppedAt[client] = at;
    this.loss[client] = outage;
    this.dials[client] = 0;
  }

  /** Dials since the beginning. */
  dialsOf(client: number): number {
    return this.attemptsDuring[client]! + this.attemptsAfter[client]!;
  }

  /** The luck of the decision about the next dial. */
  drawOf(client: number): number {
    return this.#luck.draw(client, PURPOSE.delay, this.loss[client]!, this.dials[client]!);
  }

  /** The luck of what a refusal of the present dial says. */
  hintDrawOf(client: number): number {
    return this.#luck.draw(client, PURPOSE.retryAfter, this.loss[client]!, this.dials[client]!);
  }

  /** When it knew of its last loss. */
  noticedAt(client: number): number {
    const droppedAt = this.droppedAt[client]!;
    const { least, most } = this.#outages[this.loss[client]!]!.noticed;
    if (most === 0) return droppedAt;
    return droppedAt + between(this.#luck.draw(client, PURPOSE.notice, this.loss[client]!, 0), least, most);
  }

  /** The first half of the round trip of the present dial, and the second. */
  wayThere(client: number): number {
    return Math.floor(this.#roundTrip(client) / 2);
  }

  wayBack(client: number): number {
    return Math.ceil(this.#roundTrip(client) / 2);
  }

  #roundTrip(client: number): number {
    if (this.#most === 0) return 0;
    const draw = this.#luck.draw(client, PURPOSE.roundTrip, this.loss[client]!, this.dials[client]!);
    return between(draw, this.#least, this.#most);
  }

  /** Time without a connection of those who still have none, and still try, until `end`. */
  offlineUntil(end: number): number {
    let sum = 0;
    for (let client = 0; client < this.admittedAt.length; client++) {
      if (this.admittedAt[client] === NO_TIME && this.gaveUp[client] === 0) sum += end - this.droppedAt[client]!;
    }
    return sum;
  }

  /** When each was admitted behind its last loss; who lost nothing has not recovered either. */
  recoveredAt(): Float64Array {
    return this.admittedAt.map((at) => (at === BEFORE ? NO_TIME : at));
  }
}
