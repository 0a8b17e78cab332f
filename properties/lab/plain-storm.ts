/**
 * A storm as one would write it down: objects, one list of events that is sorted whenever something is added, exact
 * fractions, and every dial, arrival, answer and time-out an event of its own. It shares with the lean kernel its luck and
 * `nextDelay`, and nothing else: what both say of a storm must be the same.
 */
import { Luck, PURPOSE, Ties } from '../../sim/lab/storm/luck.ts';
import type { Storm } from '../../sim/lab/storm/storm.ts';
import { type BackoffMemory, freshMemory, nextDelay, recovered } from '../../src/backoff/delay.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { between } from '../../src/machine.ts';
import { at as instant, us } from '../../src/time.ts';

interface Client {
  readonly number: number;
  memory: BackoffMemory;
  connected: boolean;
  since: number;
  droppedAt: number;
  noticedAt: number;
  outageSince: number;
  loss: number;
  dials: number;
  dialledAt: number;
  during: number;
  after: number;
  gaveUp: boolean;
  promise: number | null;
}

interface Event {
  readonly at: number;
  /** Of one instant: outages, then windows, then what clients do and hear, then time-outs in the queue. */
  readonly rank: number;
  readonly order: number;
  readonly happens: () => void;
}

interface Waiting {
  readonly client: Client;
  readonly dialledAt: number;
  gone: boolean;
}

export function plainStorm(storm: Storm, policy: Policy, seed: string, replication: number) {
  const luck = new Luck(seed, replication);
  const ties = new Ties(luck);
  const events: Event[] = [];
  const outcomes = { dials: 0, down: 0, refused: 0, admitted: 0, timedOut: 0, inVain: 0 };
  const arrivals: number[] = [];
  const admissions: number[] = [];
  let now = 0;
  let scheduled = 0;
  const schedule = (at: number, rank: number, happens: () => void, order = scheduled++): void => {
    events.push({ at, rank, order, happens });
  };
  /** What one client does or hears stands where its dials stand among those of an instant. */
  const scheduleOf = (client: Client, at: number, happens: () => void, rank = 2): void =>
    schedule(at, rank, happens, ties.order(client.number, at));
  const end = Math.max(...storm.outages.map((outage) => outage.at + outage.lasts));
  const outageAt = (at: number) => storm.outages.find((one) => one.at <= at && at < one.at + one.lasts);

  const clients = Array.from({ length: storm.clients }, (_, number): Client => {
    const nothing = { dials: 0, dialledAt: 0, during: 0, after: 0, loss: 0, gaveUp: false, promise: null };
    const before = { connected: true, since: Number.NEGATIVE_INFINITY, droppedAt: -1, noticedAt: -1, outageSince: -1 };
    return { number, memory: freshMemory(), ...before, ...nothing };
  });
  const draw = (of: Client, purpose: number): number => luck.draw(of.number, purpose, of.loss, of.dials);
  const roundTrip = (of: Client): number =>
    between(draw(of, PURPOSE.roundTrip), storm.roundTrip.least, storm.roundTrip.most);

  // The servers: a term, how many admissions it has counted out until an instant, and what its present window has left.
  let term = { from: 0, num: 0n, of: 1n };
  let window = { number: -1, left: 0n };
  let queue: Waiting[] = [];
  const whole = BigInt(storm.refusalCost.of);
  const price = BigInt(storm.refusalCost.num);
  /** The number of slots of the term that are earlier than so many microseconds into it. */
  const slotsBefore = (elapsed: number): bigint => {
    // Slot k is earlier if 2 k + 1 is less than twice the capacity until then.
    const twice = 2n * BigInt(storm.capacity) * term.num * BigInt(elapsed);
    const unit = term.of * 1_000_000n;
    const odd = twice / unit - (twice % unit === 0n ? 1n : 0n);
    return odd < 0n ? 0n : (odd + 1n) / 2n;
  };
  const slotAt = (slot: number): number =>
    term.from + Number(((2n * BigInt(slot) + 1n) * term.of * 1_000_000n) / (2n * BigInt(storm.capacity) * term.num));
  const windowOf = (at: number): number => Math.floor((at - term.from) / storm.window);
  const enter = (): void => {
    const number = windowOf(now);
    while (window.number < number) {
      const next = window.number + 1;
      const worth = (slotsBefore((next + 1) * storm.window) - slotsBefore(next * storm.window)) * whole;
      const owed = window.left < 0n ? -window.left : 0n;
      const most = worth > whole ? worth : whole;
      window = { number: next, left: worth - (owed < most ? owed : most) };
    }
  };
  const open = (num: number, of: number): void => {
    term = { from: now, num: BigInt(num), of: BigInt(of) };
    window = { number: -1, left: 0n };
    for (const client of clients) client.promise = null;
    serve(term.from);
  };
  /** Promises that are out for a window. */
  const keptFor = (number: number): bigint =>
    BigInt(clients.filter(({ promise }) => promise !== null && windowOf(slotAt(promise)) === number).length);
  const free = (): bigint => (window.left - keptFor(window.number) * whole) / whole;

  /** Serves the queue at the beginning of each window, as long as somebody waits and this term lasts. */
  function serve(from: number): void {
    if (term.from !== from || queue.length === 0) return;
    enter();
    // What is promised is kept, also from those who wait.
    for (let left = window.left > 0n ? free() : 0n; left > 0n && queue.length > 0; left--) {
      const { client, dialledAt, gone } = queue.shift() as Waiting;
      window.left -= whole;
      if (gone) {
        admissions.push(now);
        outcomes.inVain++;
      } else admit(client, dialledAt);
    }
    if (queue.length > 0) schedule(term.from + (window.number + 1) * storm.window, 1, () => serve(from));
  }

  function admit(client: Client, dialledAt: number): void {
    admissions.push(now);
    const rtt = roundTrip(client);
    const answered = now + Math.ceil(rtt / 2);
    const patience = dialledAt + storm.dialTimeout;
    if (answered > patience) {
      outcomes.inVain++;
      scheduleOf(client, patience, () => {
        outcomes.timedOut++;
        hears(client, null, 'down');
      });
      return;
    }
    if (answered > storm.horizon) return;
    client.connected = true;
    client.since = answered;
    schedule(answered, -1, () => {
      outcomes.admitted++;
    });
  }

  function arrive(client: Client): void {
    arrivals.push(now);
    const { dialledAt } = client;
    const patience = dialledAt + storm.dialTimeout;
    const answered = now + Math.ceil(roundTrip(client) / 2);
    const outage = outageAt(now);
    if (outage !== undefined && outage.remains.num === 0) {
      outcomes.down++;
      const heard = outage.dials === 'silent' ? patience : Math.min(answered, patience);
      scheduleOf(client, heard, () => hears(client, null, 'down'));
      return;
    }
    enter();
    const promised = client.promise === null ? null : windowOf(slotAt(client.promise));
    const isDue = promised !== null && promised <= window.number;
    if (isDue) client.promise = null;
    const room = isDue ? window.left / whole : window.left > 0n ? free() : 0n;
    if (room >= 1n && (isDue || queue.length === 0)) {
      window.left -= whole;
      client.promise = null;
      admit(client, dialledAt);
      return;
    }
    if (storm.queue !== null && queue.length < storm.queue.length) {
      const waiting: Waiting = { client, dialledAt, gone: false };
      queue.push(waiting);
      if (queue.length === 1) {
        const { from } = term;
        schedule(term.from + (window.number + 1) * storm.window, 1, () => serve(from));
      }
      const goes = (): void => {
        if (!queue.includes(waiting)) return;
        waiting.gone = true;
        outcomes.timedOut++;
        hears(client, null, 'down');
      };
      scheduleOf(client, Math.max(now, patience), goes, 3);
      return;
    }
    outcomes.refused++;
    if (outage?.dials === 'silent') {
      scheduleOf(client, patience, () => hears(client, null, 'down'));
      return;
    }
    window.left -= price;
    const hint = hintFor(client);
    if (answered > patience) scheduleOf(client, patience, () => hears(client, null, 'down'));
    else {
      scheduleOf(client, answered, () => {
        if (storm.refuses === 'close' && policy.resetOn === 'open' && policy.stableAfter === 0) {
          client.memory = recovered(policy, client.memory, instant(now));
          client.outageSince = now;
        }
        hears(client, hint, 'overloaded');
      });
    }
  }

  function hintFor(client: Client): number | null {
    const { retryAfter } = storm;
    switch (retryAfter.kind) {
      case 'none':
        return null;
      case 'fixed':
        return retryAfter.after;
      case 'uniform':
        return between(draw(client, PURPOSE.retryAfter), retryAfter.least, retryAfter.most);
      case 'slot': {
        if (client.promise === null) {
          let slot = Number(slotsBefore((window.number + 1) * storm.window));
          slot = Math.max(slot, slots);
          slots = slot + 1;
          client.promise = slot;
        }
        return slotAt(client.promise) - now;
      }
    }
  }
  let slots = 0;

  /** A client knows that it has no connection, and decides when it dials. */
  function hears(client: Client, retryAfter: number | null, refusal: 'down' | 'overloaded'): void {
    const next = nextDelay(policy, client.memory, draw(client, PURPOSE.delay), {
      retryAfter: retryAfter === null ? null : us(retryAfter),
      elapsed: us(now - client.outageSince),
      refusal,
      now: instant(now),
      sinceDial: us(Math.min(now - client.dialledAt, 2_147_483_647_000)),
    });
    if ('stop' in next) {
      client.gaveUp = true;
      return;
    }
    client.memory = next.memory;
    scheduleOf(client, now + next.delay, () => {
      outcomes.dials++;
      client.dials++;
      client.dialledAt = now;
      if (now < end) client.during++;
      else client.after++;
      const arrives = now + Math.floor(roundTrip(client) / 2);
      scheduleOf(client, arrives, () => arrive(client));
    });
  }

  storm.outages.forEach((outage, index) => {
    schedule(outage.at, 0, () => {
      slots = 0;
      const left = queue;
      if (outage.remains.num > 0) open(outage.remains.num, outage.remains.of);
      else {
        queue = [];
        for (const { client, dialledAt, gone } of left) {
          if (gone) continue;
          outcomes.down++;
          const patience = dialledAt + storm.dialTimeout;
          const answered = Math.min(patience, now + Math.ceil(roundTrip(client) / 2));
          scheduleOf(client, outage.dials === 'silent' ? patience : answered, () => hears(client, null, 'down'));
        }
      }
      for (const client of clients) {
        if (!client.connected) continue;
        const chance = luck.draw(client.number, PURPOSE.drop, index, 0) / 4_294_967_296;
        if (chance >= outage.drops.num / outage.drops.of) continue;
        const lost = Math.max(now, client.since);
        const stable = client.since + policy.stableAfter;
        if (client.since !== Number.NEGATIVE_INFINITY && lost >= stable) {
          client.memory = recovered(policy, client.memory, instant(stable));
        }
        const { least, most } = outage.noticed;
        const noticed = lost + between(luck.draw(client.number, PURPOSE.notice, index, 0), least, most);
        client.dialledAt = client.since;
        Object.assign(client, { connected: false, droppedAt: lost, noticedAt: noticed, loss: index, dials: 0 });
        if (lost >= stable) client.outageSince = noticed;
        scheduleOf(client, noticed, () => hears(client, null, 'down'));
      }
    });
    schedule(outage.at + outage.lasts, 0, () => {
      slots = 0;
      open(1, 1);
    });
  });

  for (;;) {
    events.sort((a, b) => a.at - b.at || a.rank - b.rank || a.order - b.order);
    const event = events.shift();
    if (event === undefined || event.at > storm.horizon) break;
    now = event.at;
    event.happens();
  }
  return {
    droppedAt: clients.map(({ droppedAt }) => droppedAt),
    recoveredAt: clients.map(({ connected, since }) =>
      connected && since >= 0 && since <= storm.horizon ? since : -1,
    ),
    attemptsDuring: clients.map(({ during }) => during),
    attemptsAfter: clients.map(({ after }) => after),
    gaveUp: clients.map(({ gaveUp }) => (gaveUp ? 1 : 0)),
    outcomes,
    arrivals: arrivals.length,
    admissions: admissions.length,
  };
}
