/**
 * The lean fidelity: one replication of a storm, in typed arrays. A dial is one event, its arrival at the servers; what a
 * client does between two of them is known as soon as the answer is. And while no server takes anybody, what a dial meets
 * does not depend on other clients: those dials cost no event at all, only the draw of their policy.
 *
 * What shares an instant is served in an order that is drawn for each instant anew. By client number, low numbers would
 * win each tie, and with policies that keep a herd together nearly everything is decided by ties.
 */
import type { FunctionReference } from '../../../src/backoff/function.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import { invariant } from '../../../src/machine.ts';
import { Calendar } from './calendar.ts';
import { Clients, NO_TIME } from './clients.ts';
import { Luck, PURPOSE, Ties } from './luck.ts';
import { GIVES_UP, NO_HINT, type Pacer } from './pace.ts';
import { pacerOf } from './pacer.ts';
import { WaitingRoom } from './queue.ts';
import { Record } from './record.ts';
import { RADIO_TAIL, type StormRun } from './run.ts';
import { Servers } from './servers.ts';
import type { Storm } from './storm.ts';

export interface StormOptions {
  readonly seed: string;
  /** 0 or more. The same seed and number are the same luck for every policy. */
  readonly replication: number;
  /** Told of each dial whose outcome is known: of whom, when it began, and what became of it. Not in order of time. */
  readonly watch?: (client: number, at: number, outcome: Outcome) => void;
}

export type Outcome = 'down' | 'refused' | 'admitted' | 'timed-out';

/** Dials of one client without any time in between: its policy never waits, and the network has no distance. */
const AT_ONCE_MOST = 10_000;

/** Dials of one client behind one loss: beyond that nobody waits for the end, and no servers bear it. */
const DIALS_MOST = 1_000_000;

/** The run of a storm under a policy. Throws a RangeError for a policy that hardly waits in a network that is hardly wide. */
export function runStorm(storm: Storm, policy: Policy | FunctionReference, options: StormOptions): StormRun {
  return new Lean(storm, pacerOf(policy, storm.clients), options).run();
}

class Lean {
  readonly #storm: Storm;
  readonly #pacer: Pacer;
  readonly #luck: Luck;
  readonly #watch: StormOptions['watch'];
  readonly #servers: Servers;
  readonly #room: WaitingRoom | null;
  readonly #calendar: Calendar;
  readonly #record: Record;
  readonly #lastEnd: number;

  // The outage that comes next, or that goes on; and whether it does.
  #outage = 0;
  #suffers = false;
  #events = 0;
  /** Who dials again in the instant in which it was refused, which it does before anybody else, and how often so far. */
  #again = -1;
  #atOnce = 0;
  #now = 0;

  readonly #clients: Clients;

  constructor(storm: Storm, pacer: Pacer, { seed, replication, watch }: StormOptions) {
    const { clients: count, outages } = storm;
    const last = outages.at(-1);
    invariant(last !== undefined, 'a storm without an outage');
    this.#storm = storm;
    this.#pacer = pacer;
    this.#watch = watch;
    this.#luck = new Luck(seed, replication);
    const ties = new Ties(this.#luck);
    this.#calendar = new Calendar(count, storm.queue === null ? count : 2 * count, ties);
    this.#servers = new Servers(storm);
    this.#room = storm.queue === null ? null : new WaitingRoom(count, storm.queue.length);
    this.#lastEnd = last.at + last.lasts;
    this.#record = new Record(this.#lastEnd);
    this.#clients = new Clients(storm, this.#luck);
  }

  run(): StormRun {
    const { horizon } = this.#storm;
    const calendar = this.#calendar;
    const room = this.#room;
    for (;;) {
      const turns = this.#turnsAt();
      const serves = room !== null && room.size > 0 ? this.#servers.nextWindow(this.#now) : Number.POSITIVE_INFINITY;
      const limit = Math.min(turns, serves, horizon);
      const next = Math.min(calendar.peek(limit), turns, serves);
      if (next > horizon || next === Number.POSITIVE_INFINITY) break;
      this.#now = next;
      this.#events++;
      if (turns === next) this.#turn();
      else if (serves === next) this.#serve();
      else this.#pop();
    }
    return this.#record.run(this.#storm, this.#clients, this.#events, this.#now);
  }

  /** When servers stop or start next. */
  #turnsAt(): number {
    const outage = this.#storm.outages[this.#outage];
    if (outage === undefined) return Number.POSITIVE_INFINITY;
    return this.#suffers ? outage.at + outage.lasts : outage.at;
  }

  #turn(): void {
    const now = this.#now;
    const outage = this.#storm.outages[this.#outage]!;
    if (this.#suffers) {
      this.#suffers = false;
      this.#outage++;
      this.#servers.open(now, 1, 1);
      this.#serve();
      return;
    }
    this.#suffers = true;
    const { drops, remains } = outage;
    if (remains.num > 0) {
      this.#servers.open(now, remains.num, remains.of);
      this.#serve();
    } else this.#emptyRoom();
    for (let client = 0; client < this.#storm.clients; client++) {
      const since = this.#clients.admittedAt[client]!;
      if (since === NO_TIME) continue;
      if (drops.num < drops.of) {
        const draw = this.#luck.draw(client, PURPOSE.drop, this.#outage, 0);
        if (draw * drops.of >= drops.num * 4294967296) continue;
      }
      // An answer that is on its way arrives before its connection is lost.
      const at = Math.max(now, since);
      this.#clients.lose(client, at, this.#outage);
      const noticed = this.#clients.noticedAt(client);
      if (this.#pacer.lost(client, since, at - since)) this.#clients.outageSince[client] = noticed;
      this.#dialAgain(client, noticed, since, NO_HINT, false);
    }
  }

  /**
   * A client knows at `at` that it has no connection: that its dial of `began` failed, because a live server said so or not,
   * or that the connection of that dial is gone. It waits, and dials.
   */
  #dialAgain(client: number, at: number, began: number, retryAfter: number, isOverload: boolean): void {
    const { outages, dialTimeout, horizon } = this.#storm;
    const clients = this.#clients;
    const since = clients.outageSince[client]!;
    let heard = at;
    let hint = retryAfter;
    let overloaded = isOverload;
    let last = began;
    let atOnce = 0;
    let outage = this.#outage;
    while (heard <= horizon) {
      const draw = clients.drawOf(client);
      const delay = this.#pacer.next(client, draw, hint, heard - since, overloaded, heard, heard - last);
      if (delay === GIVES_UP) {
        clients.gaveUp[client] = 1;
        this.#record.outcomes.offline += heard - clients.droppedAt[client]!;
        return;
      }
      const dialled = heard + delay;
      if (dialled > horizon) return;
      if (++clients.dials[client]! > DIALS_MOST) throw new RangeError('a client dials a million times in one outage');
      this.#record.outcomes.dials++;
      if (delay > RADIO_TAIL) this.#record.outcomes.wakeUps++;
      if (dialled < this.#lastEnd) clients.attemptsDuring[client]!++;
      else clients.attemptsAfter[client]!++;
      const arrives = dialled + clients.wayThere(client);
      let met = outages[outage];
      while (met !== undefined && met.at + met.lasts <= arrives) met = outages[++outage];
      if (arrives > horizon) return;
      if (met === undefined || arrives < met.at || met.remains.num > 0) {
        if (arrives === this.#now && client === this.#again) this.#atOnce++;
        else this.#atOnce = 0;
        this.#again = client;
        if (this.#atOnce === AT_ONCE_MOST) throw neverWaits();
        this.#calendar.push(arrives, client);
        return;
      }
      this.#record.arrivals.count(arrives);
      this.#record.outcomes.down++;
      this.#watch?.(client, dialled, 'down');
      const gaveUp = dialled + dialTimeout;
      const answered = met.dials === 'silent' ? gaveUp : Math.min(arrives + clients.wayBack(client), gaveUp);
      atOnce = answered === heard ? atOnce + 1 : 0;
      if (atOnce === AT_ONCE_MOST) throw neverWaits();
      heard = answered;
      last = dialled;
      hint = NO_HINT;
      overloaded = false;
    }
  }

  #pop(): void {
    const slot = this.#calendar.pop();
    const { clients } = this.#storm;
    if (slot >= clients) this.#timesOut(slot - clients);
    else this.#arrive(slot);
  }

  #arrive(client: number): void {
    const now = this.#now;
    this.#record.arrivals.count(now);
    const room = this.#room;
    if (this.#servers.admits(client, now, room !== null && room.size > 0)) {
      this.#admit(client, now - this.#clients.wayThere(client));
      return;
    }
    const dialled = now - this.#clients.wayThere(client);
    const gaveUp = dialled + this.#storm.dialTimeout;
    if (room?.enter(client, this.#clients.dialsOf(client), dialled) === true) {
      const at = Math.max(gaveUp, now);
      if (room.arm(client, at)) this.#calendar.push(at, this.#storm.clients + client);
      return;
    }
    this.#record.outcomes.refused++;
    this.#watch?.(client, dialled, 'refused');
    const outage = this.#storm.outages[this.#outage];
    if (this.#suffers && outage?.dials === 'silent') {
      this.#dialAgain(client, gaveUp, dialled, NO_HINT, false);
      return;
    }
    this.#servers.refuses();
    this.#record.refusals.count(now);
    const hint = this.#servers.hint(client, now, this.#clients);
    const answered = now + this.#clients.wayBack(client);
    if (answered <= gaveUp) {
      if (this.#storm.refuses === 'close' && this.#pacer.opened(client, answered))
        this.#clients.outageSince[client] = answered;
      this.#dialAgain(client, answered, dialled, hint, true);
    } else this.#dialAgain(client, gaveUp, dialled, NO_HINT, false);
  }

  /** The servers have taken a dial that began at `dialled`: is its client still there? */
  #admit(client: number, dialled: number): void {
    const answered = this.#now + this.#clients.wayBack(client);
    const gaveUp = dialled + this.#storm.dialTimeout;
    this.#record.admissions.count(this.#now);
    if (answered <= gaveUp) {
      if (answered > this.#storm.horizon) return;
      this.#record.outcomes.admitted++;
      this.#watch?.(client, dialled, 'admitted');
      this.#clients.admittedAt[client] = answered;
      this.#record.outcomes.offline += answered - this.#clients.droppedAt[client]!;
      return;
    }
    this.#record.outcomes.inVain++;
    if (gaveUp > this.#storm.horizon) return;
    this.#record.outcomes.timedOut++;
    this.#watch?.(client, dialled, 'timed-out');
    this.#dialAgain(client, gaveUp, dialled, NO_HINT, false);
  }

  /** A window begins, and those who wait longest are taken, whether or not somebody still waits for it. */
  #serve(): void {
    const room = this.#room;
    if (room === null || room.size === 0) return;
    for (let left = this.#servers.take(this.#now, room.size); left > 0; left--) {
      const client = room.leave();
      if (client >= 0) this.#admit(client, room.dialledAt(client));
      else {
        this.#record.admissions.count(this.#now);
        this.#record.outcomes.inVain++;
      }
    }
  }

  /** The servers stop: who waited is refused, or never hears of it. */
  #emptyRoom(): void {
    const room = this.#room;
    if (room === null) return;
    const outage = this.#storm.outages[this.#outage]!;
    while (room.size > 0) {
      const client = room.leave();
      if (client < 0) continue;
      const dialled = room.dialledAt(client);
      const gaveUp = dialled + this.#storm.dialTimeout;
      this.#record.outcomes.down++;
      this.#watch?.(client, dialled, 'down');
      const answered = this.#now + this.#clients.wayBack(client);
      this.#dialAgain(client, outage.dials === 'silent' ? gaveUp : Math.min(answered, gaveUp), dialled, NO_HINT, false);
    }
  }

  #timesOut(client: number): void {
    const room = this.#room!;
    const deadline = room.disarm(client, this.#now);
    if (deadline > this.#now) this.#calendar.push(deadline, this.#storm.clients + client);
    if (deadline !== this.#now) return;
    this.#record.outcomes.timedOut++;
    this.#watch?.(client, room.dialledAt(client), 'timed-out');
    this.#dialAgain(client, this.#now, room.dialledAt(client), NO_HINT, false);
  }
}

const neverWaits = (): RangeError => new RangeError('the policy never waits: it needs a network with a round trip');
