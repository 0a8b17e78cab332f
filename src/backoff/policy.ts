/**
 * A backoff policy as data: when a client that lost its connection dials again, and when it gives up.
 *
 * A delay is made in five steps, each of which is one knob: the *delay* kind gives a value for this attempt, `ceiling`
 * bounds that value, *jitter* turns it into a range, `cap` bounds the range, and a draw picks one microsecond from it.
 * `retryAfter` may then move the range up. A policy knows nothing of sockets, servers or the time of day; `delay.ts`
 * turns it into a delay and `envelope.ts` says, by another road, which delays it permits.
 *
 * Everything is plain JSON with integers only, so a policy can be written into a failure file, swept over in a lab and
 * compared on the same luck.
 */
import type { Ratio } from '../machine.ts';
import { type Duration, seconds, us, ZERO } from '../time.ts';

/**
 * The longest duration that a policy may name: 2^31 - 1 ms, about 24.8 days. A longer `setTimeout` fires at once in
 * browsers and in Node, which turned several published policies into a busy loop. It also keeps every product here
 * below 2^53.
 */
export const LONGEST: Duration = us(2_147_483_647_000);

/** The longest span of an outage or of an uptime that a policy may name, 36,500 days: none of them is a single wait. */
export const SPAN_MAX: Duration = us(36_500 * 86_400_000_000);

/** The highest attempt number, 2^31 - 1. The counter stays there, so that an outage of years neither wraps nor rounds. */
export const ATTEMPT_MAX = 2_147_483_647;

/**
 * The largest number in a ratio, so that `LONGEST` times it stays an exact integer; and any growth below 4 can be written
 * with three decimals.
 */
export const RATIO_MAX = 4000;

/** The most entries in a table. */
export const TABLE_MAX = 1000;

/** How the delay before attempt n (0 is the first retry) grows, before jitter. */
export type Delay =
  /** The same every time. Without jitter, clients that fell together return together, every time. */
  | { readonly kind: 'constant'; readonly base: Duration }
  /** `base`, `base + step`, `base + 2 step`, … */
  | { readonly kind: 'linear'; readonly base: Duration; readonly step: Duration }
  | {
      /** `base` times `factor` for each attempt, cut off to whole microseconds at each multiplication. */
      readonly kind: 'exponential';
      /**
       * The value at attempt 0. Above 0, at most `cap`. Too short: the first seconds of an outage are a burst of dials;
       * too long: a blip of 100 ms costs every user that long.
       */
      readonly base: Duration;
      /**
       * Growth a step, 1 or more (1: none at all); numbers up to `RATIO_MAX`. 2 is usual, gRPC takes 1.6 (`{ num: 16, of: 10 }`). Too
       * near to 1: a large fleet keeps the server saturated; too large: the cap is reached at once.
       */
      readonly factor: Ratio;
      /**
       * Whether the factor multiplies the previous delay as it was drawn, jitter included, instead of the ideal curve
       * (`@grpc/grpc-js` does). Default false. True makes each client walk its own way: unlucky ones stay slow.
       */
      readonly compounds: boolean;
    }
  | {
      readonly kind: 'table';
      /** 1 to `TABLE_MAX` delays, one an attempt. */
      readonly delays: readonly Duration[];
      /** After the last entry: `repeat` it for ever, or `stop`, as SignalR does (an outage of 43 s loses everyone). */
      readonly afterLast: 'repeat' | 'stop';
    };

/** How a value becomes a range. The draw is uniform over the range, both ends included. */
export type Jitter =
  /** No range. Clients that were cut at one instant dial at one instant. */
  | { readonly kind: 'none' }
  /**
   * From `floor` to `floor + value`: the widest spread, hence the smallest herd. With a floor of 0 a retry may come at
   * once; a floor (centrifuge: 500 ms) trades that for a little latency.
   */
  | { readonly kind: 'full'; readonly floor: Duration }
  /** From half the value to the value. Nobody returns at once, but the herd is twice as dense as under `full`. */
  | { readonly kind: 'equal' }
  /**
   * From the base to `factor` times the previous delay (AWS: 3). It grows by itself, so it is used with a constant
   * delay. With `capOn: 'draw'` up to two thirds of the fleet sit at exactly the cap.
   */
  | { readonly kind: 'decorrelated'; readonly factor: Ratio }
  /**
   * From `value - below * value` to `value + above * value`; `below` at most 1 (socket.io 1/2 and 1/2, gRPC 1/5 and
   * 1/5, Kubernetes 0 and 1/1). Too small: the herd moves as one.
   */
  | { readonly kind: 'proportional'; readonly below: Ratio; readonly above: Ratio }
  /**
   * The value plus `least` to `most` (graphql-ws: 300 ms to 3 s). The width doesn't grow with the outage, so arrivals
   * never fall below clients / width.
   */
  | { readonly kind: 'additive'; readonly least: Duration; readonly most: Duration };

/** When a client dials again, and when it gives up. */
export interface Policy {
  /** How delays grow. Required; there is no default. */
  readonly delay: Delay;
  /** How delays of different clients are spread. Default: full, floor 0. */
  readonly jitter: Jitter;
  /**
   * Whether the first retry of an outage comes at once, and the curve begins behind it: what is said here of attempt n
   * is then the rule of attempt n + 1. Default false. True saves a blip its first wait, and sends the whole fleet back in
   * one instant (gRPC and Kubernetes do so).
   */
  readonly atOnce: boolean;
  /**
   * A range that replaces delay and jitter of attempt 0; later attempts keep their place in the curve. Default null.
   * `{ least: 0, most: 0 }` is "retry at once", which sends the whole fleet back in one instant.
   */
  readonly first: { readonly least: Duration; readonly most: Duration } | null;
  /**
   * No delay is longer, jitter included; only an honoured retry-after is. 0 to `LONGEST`, which is as good as none;
   * default 20 s. Too short: the
   * fleet never gets out of the way of a struggling server; too long: users wait long after it came back.
   */
  readonly cap: Duration;
  /**
   * Bound of the value before jitter, or null for the cap itself. Default null. Below the cap it leaves room for jitter
   * above the curve (gRPC: 120 s under 144 s); above the cap, with `capOn: 'draw'`, it reproduces libraries whose
   * jitter dies out at the cap.
   */
  readonly ceiling: Duration | null;
  /**
   * What the cap cuts. `range` (default): the range, before the draw, so clients at the cap stay spread. `draw`: the
   * delay that was drawn; clients then pile up at exactly the cap (socket.io: from the fifth retry every delay is
   * 5,000 ms).
   */
  readonly capOn: 'range' | 'draw';
  /**
   * Retries in one outage, 0 to `ATTEMPT_MAX`, or null for no limit. Default null. Too small: an ordinary deploy ends
   * in a terminal error.
   */
  readonly attemptsMax: number | null;
  /**
   * No dial starts later than this after the outage began, or null for no limit. Default null. The client gives up as
   * soon as the delay that it drew would end later: a delay cut to the limit would gather the herd there.
   */
  readonly elapsedMax: Duration | null;
  /**
   * The attempt counter returns to 0 only after WELCOME and either this uptime or progress. Default 5 s. Too short (0,
   * or a reset when the socket opens): a server that accepts and then dies is hammered at `base` for ever. Too long: a
   * second blip is charged for the first.
   */
  readonly stableAfter: Duration;
  /** Whether a server's retry-after raises the delay. Default `honour`; `ignore` defeats a draining server. */
  readonly retryAfter: 'honour' | 'ignore';
  /**
   * Least width of the range above an honoured retry-after. Default 2 s. 0 in a policy without jitter brings everyone
   * back at the one instant that the server named.
   */
  readonly retryAfterSpread: Duration;
}

/** The value of each knob that a policy leaves out; see the knobs for what they guard against. */
export const POLICY_DEFAULTS: Omit<Policy, 'delay'> = {
  jitter: { kind: 'full', floor: ZERO },
  atOnce: false,
  first: null,
  cap: seconds(20),
  ceiling: null,
  capOn: 'range',
  attemptsMax: null,
  elapsedMax: null,
  stableAfter: seconds(5),
  retryAfter: 'honour',
  retryAfterSpread: seconds(2),
};

/** A policy with the line that `hangup list policies` prints for it. */
export interface Preset {
  /** One line: the shape, the numbers, and what to know before choosing it. */
  readonly about: string;
  /** Package and version, or null for our own. */
  readonly source: string | null;
  readonly policy: Policy;
}
