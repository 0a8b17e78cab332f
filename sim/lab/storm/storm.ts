/**
 * A storm: so many clients lose their connections, their servers admit so many a second when they are back, and a policy
 * says when each client dials again. Plain data, the same for both fidelities: the lean kernel of this room, and the
 * universe with servers that admit at a rate.
 *
 * Instants count from the first drop, durations are microseconds, and ratios are of integers, as everywhere.
 */
import type { Ratio } from '../../../src/machine.ts';
import { type Duration, type Instant, ms, START, seconds, ZERO } from '../../../src/time.ts';

/** A stretch in which the servers take nobody, or fewer than usual. */
export interface Outage {
  /** When it begins; the first one at 0. */
  readonly at: Instant;
  readonly lasts: Duration;
  /** The share of the clients that lose their connection when it begins: 1/1 unless the outage is partial. */
  readonly drops: Ratio;
  /** The share of `capacity` that goes on to be admitted while it lasts: 0/1 unless it is a brown-out. */
  readonly remains: Ratio;
  /** What a dial meets that no server takes: `refused` at once, or `silent`, so that the client waits for its time-out. */
  readonly dials: 'refused' | 'silent';
  /**
   * From its beginning until a client knows that its connection is gone, drawn for each: 0 to 0 where a reset says so; up to
   * a heartbeat's period behind its time-out where nothing does.
   */
  readonly noticed: { readonly least: Duration; readonly most: Duration };
}

/** What a refusal for want of capacity says of when to come again. */
export type RetryAfter =
  /** Nothing. */
  | { readonly kind: 'none' }
  /** The same to everybody: with a policy that adds no spread, all of them meet again. */
  | { readonly kind: 'fixed'; readonly after: Duration }
  /** Drawn for each refusal, uniform over the range: spread by the server, which counts nothing. */
  | { readonly kind: 'uniform'; readonly least: Duration; readonly most: Duration }
  /** The next admission that nobody has been promised: a reserved slot. */
  | { readonly kind: 'slot' };

export interface Storm {
  /** 1 or more. */
  readonly clients: number;
  /** Admissions a second of all servers together, 1 or more. */
  readonly capacity: number;
  /** Capacity is counted out in windows of this length, from the end of an outage on: default 100 ms. */
  readonly window: Duration;
  /** One or more, in order, not overlapping. */
  readonly outages: readonly Outage[];
  /** What a refused dial costs, as a share of one admission: 0/1 by default. Beyond capacity/cost dials a second nobody gets in. */
  readonly refusalCost: Ratio;
  readonly retryAfter: RetryAfter;
  /** Whether a refusal comes before the socket opens (`http`), or behind it (`close`): policies that reset on open do so then. */
  readonly refuses: 'http' | 'close';
  /** Dials that wait for room instead of being refused; null for none. */
  readonly queue: { readonly length: number } | null;
  /** How long a client waits for an answer before it gives the dial up; what stood in the queue for it is served in vain. */
  readonly dialTimeout: Duration;
  /** From the dial to its answer, drawn for each dial; both 0 for a network without distance. */
  readonly roundTrip: { readonly least: Duration; readonly most: Duration };
  /** When nobody looks any longer: who is not back by then is not recovered. */
  readonly horizon: Duration;
}

/** 10,000 clients, 500 admissions a second, an outage of a minute that takes everybody: what policies are held to. */
export const REFERENCE_STORM: Storm = {
  clients: 10_000,
  capacity: 500,
  window: ms(100),
  outages: [
    {
      at: START,
      lasts: seconds(60),
      drops: { num: 1, of: 1 },
      remains: { num: 0, of: 1 },
      dials: 'refused',
      noticed: { least: ZERO, most: ZERO },
    },
  ],
  refusalCost: { num: 0, of: 1 },
  retryAfter: { kind: 'none' },
  refuses: 'http',
  queue: null,
  dialTimeout: seconds(20),
  roundTrip: { least: ZERO, most: ZERO },
  horizon: seconds(10_000),
};
