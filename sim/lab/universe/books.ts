/**
 * What a storm in the universe comes to, counted by a witness: dials, what became of each, and who is back since when. No
 * machine is asked; what the lean kernel counts as it goes is seen here from outside.
 */
import type { Instant } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import type { SessionWitness } from '../../session/observe.ts';
import { BEFORE, type Clients, NO_TIME } from '../storm/clients.ts';
import { Record } from '../storm/record.ts';
import { RADIO_TAIL, type StormRun } from '../storm/run.ts';
import type { Storm } from '../storm/storm.ts';
import type { Refused } from './dice.ts';
import { diallerOf, isClient, numberOf } from './names.ts';
import { endOfOutages } from './outage.ts';
import type { Watcher } from './patron.ts';

/** How far a dial has come. */
const NOTHING = 0;
const DIALLED = 1;
const ASKED = 2;
const OPENED = 3;

export class Books implements Watcher {
  readonly #storm: Storm;
  readonly #clients: Clients;
  readonly #refused: Refused;
  /** When the first outage begins, and how long a request takes to the servers. */
  readonly #from: Instant;
  readonly #way: number;
  readonly #lastEnd: number;
  readonly #record: Record;
  readonly #stage: Uint8Array;
  readonly #dialledAt: Float64Array;
  readonly #openedAt: Float64Array;
  /** When each heard of the end of its connection or dial last: then its policy was asked. */
  readonly #heardAt: Float64Array;
  #isOver = false;
  #out = 0;
  /** Called when nothing is left to happen: all outages are over, and everybody is back or gave up. */
  finished: () => void = () => {};

  constructor(storm: Storm, clients: Clients, refused: Refused, from: Instant, way: number) {
    this.#storm = storm;
    this.#clients = clients;
    this.#refused = refused;
    this.#from = from;
    this.#way = way;
    this.#lastEnd = endOfOutages(storm);
    this.#record = new Record(this.#lastEnd);
    this.#stage = new Uint8Array(storm.clients);
    this.#dialledAt = new Float64Array(storm.clients);
    this.#openedAt = new Float64Array(storm.clients);
    this.#heardAt = new Float64Array(storm.clients);
    // Nobody is connected before the witness saw it.
    clients.admittedAt.fill(NO_TIME);
  }

  watch(witness: SessionWitness): void {
    witness.listen('dialled', ({ node, at }) => this.#dials(node, this.#time(at)));
    witness.listen('asked', ({ conn, at }) => this.#asks(conn, this.#time(at)));
    witness.listen('opened', ({ conn, at }) => this.#opens(conn, this.#time(at)));
    witness.listen('closed', ({ node, code, status, at }) => {
      if (isClient(node)) this.#closes(numberOf(node), status === 503 || code === 1013, this.#time(at));
    });
    witness.listen('hungUp', ({ node, at }) => {
      if (isClient(node)) this.#givesUp(numberOf(node), this.#time(at));
    });
    const { admissions, refusals } = this.#record;
    const count = (tally: typeof admissions, at: Instant): void => {
      if (at >= this.#from) tally.count(this.#time(at));
    };
    if (this.#storm.refuses === 'http') {
      witness.listen('accepted', ({ at }) => count(admissions, at));
      witness.listen('refused', ({ at }) => count(refusals, at));
      return;
    }
    witness.listen('sent', ({ payload, at }) => {
      if (payload.type === 'WELCOME') count(admissions, at);
      else if (payload.type === 'ERROR') count(refusals, at);
    });
    witness.listen('delivered', ({ conn, payload }) => {
      if (payload.type === 'HELLO') this.#refused.client = diallerOf(conn);
    });
  }

  restored(client: number): void {
    const { admittedAt, droppedAt } = this.#clients;
    this.#stage[client] = NOTHING;
    if (droppedAt[client] === NO_TIME) {
      admittedAt[client] = BEFORE;
      return;
    }
    admittedAt[client] = this.#openedAt[client] as number;
    this.#out--;
    const { outcomes } = this.#record;
    outcomes.admitted++;
    outcomes.offline += (admittedAt[client] as number) - (droppedAt[client] as number);
    this.#finish();
  }

  ended(client: number, error: string, at: Instant): void {
    if (!GIVEN_UP.includes(error)) return;
    this.#clients.gaveUp[client] = 1;
    this.#out--;
    this.#record.outcomes.offline += this.#time(at) - (this.#clients.droppedAt[client] as number);
    this.#finish();
  }

  begins(_outage: number, lost: number): void {
    this.#out += lost;
    this.#isOver = false;
  }

  ends(outage: number): void {
    this.#isOver = outage === this.#storm.outages.length - 1;
    this.#finish();
  }

  run(events: number, end: Instant): StormRun {
    return this.#record.run(this.#storm, this.#clients, events, Math.min(this.#time(end), this.#storm.horizon));
  }

  #finish(): void {
    if (this.#isOver && this.#out === 0) this.finished();
  }

  #time(at: Instant): number {
    return at - this.#from;
  }

  #dials(node: string, at: number): void {
    const client = numberOf(node);
    this.#stage[client] = DIALLED;
    this.#dialledAt[client] = at;
    // The run stops at the first event behind the horizon, which may be a dial.
    if (at < 0 || at > this.#storm.horizon) return;
    const { dials, attemptsDuring, attemptsAfter } = this.#clients;
    const { outcomes } = this.#record;
    dials[client]!++;
    outcomes.dials++;
    if (at - (this.#heardAt[client] as number) > RADIO_TAIL) outcomes.wakeUps++;
    if (at < this.#lastEnd) attemptsDuring[client]!++;
    else attemptsAfter[client]!++;
  }

  #asks(conn: ConnId, at: number): void {
    const client = diallerOf(conn);
    this.#refused.client = client;
    this.#stage[client] = ASKED;
    if (at >= 0) this.#record.arrivals.count(at);
  }

  #opens(conn: ConnId, at: number): void {
    const client = diallerOf(conn);
    this.#stage[client] = OPENED;
    this.#openedAt[client] = at;
  }

  /** A client hears of the end of its connection, or of a dial. */
  #closes(client: number, isRefused: boolean, at: number): void {
    const stage = this.#stage[client];
    this.#heardAt[client] = at;
    if (stage === NOTHING || at < 0) return;
    this.#stage[client] = NOTHING;
    const { outcomes } = this.#record;
    if (isRefused) outcomes.refused++;
    else this.#meetsNobody(client, stage === DIALLED);
  }

  #meetsNobody(client: number, isUnheard: boolean): void {
    const { outcomes, arrivals } = this.#record;
    outcomes.down++;
    // The request found nobody where the servers were.
    if (isUnheard) arrivals.count((this.#dialledAt[client] as number) + this.#way);
  }

  /** A client ends a dial that takes too long. */
  #givesUp(client: number, at: number): void {
    const stage = this.#stage[client];
    if (stage === NOTHING || at < 0) return;
    this.#stage[client] = NOTHING;
    this.#heardAt[client] = at;
    if (stage === DIALLED) this.#meetsNobody(client, true);
    else this.#record.outcomes.timedOut++;
  }
}

/** What a client tells its application when its policy has come to its end. */
const GIVEN_UP: readonly string[] = ['attempts_exhausted', 'elapsed_exhausted'];
