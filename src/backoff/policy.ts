/**
 * A backoff policy as data: when a client that lost its connection dials again, and when it gives up.
 *
 * The curve (curve.ts) says how long a wait is; the other knobs say when the counter of attempts begins anew, what a
 * server's word counts, what else is known of the outage (`modes`), and what bounds dials beyond all that (`attemptsMax`,
 * `elapsedMax`, `budget`, `window`, `throttle`). A policy knows nothing of sockets, servers or the time of day; `delay.ts`
 * turns it into a delay and `envelope.ts` says, by another road, which delays it permits.
 *
 * Everything is plain JSON with integers only, so a policy can be written into a failure file, swept over in a lab and
 * compared on the same luck.
 */
import type { Refusal } from '../close-codes.ts';
import type { Ratio } from '../machine.ts';
import { type Duration, seconds, us, ZERO } from '../time.ts';
import type { Curve } from './curve.ts';

export type { Refusal } from '../close-codes.ts';
export type { Curve, Delay, Jitter, Rounding } from './curve.ts';

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

/** The most entries in a table, modes in a policy (8) and dials in a window (1,000). */
export const TABLE_MAX = 1000;
export const MODES_MAX = 8;

/** The most tokens in a budget. */
export const TOKENS_MAX = 1_000_000;

/** Another curve for what the client knows of the outage. It counts its own attempts. */
export interface Mode extends Curve {
  /** It holds after this refusal only; null: after any. */
  readonly on: Refusal | null;
  /** It holds from this time after the outage began; null: from its start. */
  readonly after: Duration | null;
  /**
   * With `after`: a wait that would last into this mode ends where the mode begins, and the mode's own wait is added (a
   * timer that changes the state, as ably has it). Without jitter it brings the whole fleet into step. Default false.
   */
  readonly cuts: boolean;
}

/** A bucket of tokens that retries are paid from. It is kept when a connection is good again; only its owner's end ends it. */
export interface Budget {
  /** What it holds at first and at most, 1 to `TOKENS_MAX`. */
  readonly tokens: number;
  /** The price of a retry, in tokens. */
  readonly cost: number;
  /** A retry is only made if more than this is left behind it; null: the last token may be spent. gRPC: half of all. */
  readonly reserve: number | null;
  /** Tokens that come back when a connection has proved to be good; and in each second. */
  readonly perSuccess: Ratio;
  readonly perSecond: Ratio;
  /** What happens when a retry can't be paid: the client gives up, or waits until it can (for ever if no time refills it: it gives up then as well). */
  readonly empty: 'stop' | 'wait';
}

/** So many dials at most in any stretch of so long. */
export interface Window {
  /** 1 to `TABLE_MAX`. */
  readonly dials: number;
  readonly within: Duration;
  /** What happens to one dial more: the client gives up, or waits until the oldest of them is out of the window. */
  readonly full: 'stop' | 'wait';
}

/**
 * Adaptive throttling at the client (Google SRE, equation 21-1): a dial is given up locally, and its client waits once more,
 * with a probability of (requests - k * accepts) / (requests + 1) as counted over the last `within`, at most `most`.
 */
export interface Throttle {
  readonly k: Ratio;
  readonly within: Duration;
  /** Below 1, or a client could lock itself out for good. */
  readonly most: Ratio;
}

/** When a client dials again, and when it gives up. */
export interface Policy extends Curve {
  /**
   * Whether the first retry of an outage comes at once, and the curve begins behind it: what is said here of attempt n
   * is then the rule of attempt n + 1. Default false. True saves a blip its first wait, and sends the whole fleet back in
   * one instant (gRPC and Kubernetes do so).
   */
  readonly atOnce: boolean;
  /**
   * Other curves by what is known of the outage, up to `MODES_MAX`; the last one that holds counts. Default none. Each
   * counts its own attempts, and leaves that of the others alone.
   */
  readonly modes: readonly Mode[];
  /**
   * Whether a wait counts from the failure (default), or from the start of the dial that failed: then a dial that took
   * longer than its wait is followed at once by the next (gRPC, NATS, TCP).
   */
  readonly measuredFrom: 'failure' | 'dial';
  /**
   * With `measuredFrom` `dial`: a wait that is over is drawn again, and goes on if the new one is longer, until a draw is
   * not (NATS does so by mistake: waits are longer than they say). Default false.
   */
  readonly redraws: boolean;
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
   * A bucket of tokens that retries are paid from, so many dials at most in a sliding window, and throttling by what was
   * accepted of late. Default null, each.
   */
  readonly budget: Budget | null;
  readonly window: Window | null;
  readonly throttle: Throttle | null;
  /**
   * What resets the counter, together with `stableAfter`: a connection that the server `accepted` (default), one that is
   * only `open` (most published clients: a server that accepts and then dies is hammered at the base for ever), or `never`.
   */
  readonly resetOn: 'accepted' | 'open' | 'never';
  /**
   * The attempt counter returns to 0 only after `resetOn` and either this uptime or progress. Default 5 s. Too short (0,
   * or a reset when the socket opens): a server that accepts and then dies is hammered at `base` for ever. Too long: a
   * second blip is charged for the first.
   */
  readonly stableAfter: Duration;
  /**
   * The counter also begins anew at the first retry that comes so long after the last one was scheduled (Kubernetes), or
   * null for never. Default null.
   */
  readonly idleAfter: Duration | null;
  /**
   * What a server's retry-after does. `honour` (default): the range moves up until it begins at the hint. `floor`: a wait
   * that was drawn shorter lasts as long as the hint: everybody who drew less comes back in one instant. `exact`: the wait is
   * the hint, longer or shorter than the own one, without any spread: right for slots that the server spreads itself, a
   * meeting point if it says the same to all. `ignore` defeats a draining server.
   */
  readonly retryAfter: 'honour' | 'floor' | 'exact' | 'ignore';
  /**
   * Least width of the range above an honoured retry-after. Default 2 s. 0 in a policy without jitter brings everyone
   * back at the one instant that the server named.
   */
  readonly retryAfterSpread: Duration;
  /**
   * The longest hint that counts, longer ones count as this; with `floor`: how much a hint may add to the wait that was
   * drawn. Default null: as long as a timer can wait.
   */
  readonly retryAfterMost: Duration | null;
  /**
   * What a wait does that is longer than a timer can hold: it is the longest that one can (default), or it fires `at-once`,
   * after 1 ms, as `setTimeout` does in Node. For that there must be no cap.
   */
  readonly overflow: 'longest' | 'at-once';
}

/** The value of each knob that a policy leaves out; see the knobs for what they guard against. */
export const POLICY_DEFAULTS: Omit<Policy, 'delay'> = {
  jitter: { kind: 'full', floor: ZERO },
  atOnce: false,
  first: null,
  cap: seconds(20),
  ceiling: null,
  capOn: 'range',
  rounding: null,
  modes: [],
  measuredFrom: 'failure',
  redraws: false,
  attemptsMax: null,
  elapsedMax: null,
  budget: null,
  window: null,
  throttle: null,
  resetOn: 'accepted',
  stableAfter: seconds(5),
  idleAfter: null,
  retryAfter: 'honour',
  retryAfterSpread: seconds(2),
  retryAfterMost: null,
  overflow: 'longest',
};

/** A policy with what `hangup list policies` says of it. */
export interface Preset {
  /** One line: the shape, the numbers, and what to know before choosing it. */
  readonly about: string;
  /** The wait before retry n, from 0, with a draw u of 0 to 1. */
  readonly formula: string;
  /** Package and version, or null for our own. */
  readonly source: string | null;
  /** What its source does and this policy cannot say; null for nothing. */
  readonly lacks: string | null;
  readonly policy: Policy;
}
