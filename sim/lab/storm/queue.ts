/**
 * The accept queue of the servers: first come, first served, up to its length. Servers do not learn that a client has gone
 * away, so a dial that timed out keeps its place and is served for nobody; with a queue that is longer than what is served
 * within a time-out, everything is, and a storm goes on without its cause.
 */

const NEVER = -1;

export class WaitingRoom {
  /** Dials that wait, those without a client included. */
  size = 0;
  readonly #length: number;
  // A ring of dials: of whom, and which of them. It grows with what waits, up to the length of the queue.
  #clients = new Int32Array(64);
  #numbers = new Uint32Array(64);
  #first = 0;
  // Of each client that waits: the number of its dial (0: does not wait), when it began, and when it gives up.
  readonly #waits: Uint32Array;
  readonly #dialledAt: Float64Array;
  readonly #deadline: Float64Array;
  /** Whether a time-out is on the agenda, of this dial or of an earlier one. */
  readonly #armed: Uint8Array;

  constructor(clients: number, length: number) {
    this.#length = length;
    this.#waits = new Uint32Array(clients);
    this.#dialledAt = new Float64Array(clients);
    this.#deadline = new Float64Array(clients).fill(NEVER);
    this.#armed = new Uint8Array(clients);
  }

  /** Dial `number` (1 or more) of a client waits; false if the queue is full. */
  enter(client: number, number: number, dialledAt: number): boolean {
    if (this.size >= this.#length) return false;
    if (this.size === this.#clients.length) this.#grow();
    const place = (this.#first + this.size++) & (this.#clients.length - 1);
    this.#clients[place] = client;
    this.#numbers[place] = number;
    this.#waits[client] = number;
    this.#dialledAt[client] = dialledAt;
    return true;
  }

  /** Takes the dial that waited longest: its client, or -1 if that has gone away. */
  leave(): number {
    const client = this.#clients[this.#first]!;
    const number = this.#numbers[this.#first]!;
    this.#first = (this.#first + 1) & (this.#clients.length - 1);
    this.size--;
    if (this.#waits[client] !== number) return -1;
    this.#waits[client] = 0;
    this.#deadline[client] = NEVER;
    return client;
  }

  dialledAt(client: number): number {
    return this.#dialledAt[client]!;
  }

  /** A client waits until `at`; true if its time-out must be put on the agenda, which holds one of each client at most. */
  arm(client: number, at: number): boolean {
    this.#deadline[client] = at;
    if (this.#armed[client] === 1) return false;
    this.#armed[client] = 1;
    return true;
  }

  /**
   * A time-out has left the agenda. If the client waits until `now` it goes away, and `now` is returned; if it waits for
   * longer, in another dial, the time-out is armed again for what is returned; -1 if it does not wait.
   */
  disarm(client: number, now: number): number {
    const deadline = this.#deadline[client]!;
    if (deadline <= now) {
      this.#armed[client] = 0;
      if (deadline === now) {
        this.#waits[client] = 0;
        this.#deadline[client] = NEVER;
      }
    }
    return deadline;
  }

  #grow(): void {
    const used = this.#clients.length;
    const clients = new Int32Array(2 * used);
    const numbers = new Uint32Array(2 * used);
    for (let index = 0; index < used; index++) {
      const place = (this.#first + index) & (used - 1);
      clients[index] = this.#clients[place]!;
      numbers[index] = this.#numbers[place]!;
    }
    this.#clients = clients;
    this.#numbers = numbers;
    this.#first = 0;
  }
}
