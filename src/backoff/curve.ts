/**
 * The curve of a policy: how long the wait before attempt n is, and how the waits of different clients are spread.
 *
 * A wait is made in five steps, each of which is one knob: the *delay* kind gives a value for this attempt, `ceiling`
 * bounds that value, *jitter* turns it into a range, `cap` bounds the range, and a draw picks one microsecond from it, or
 * one step of `rounding`. A policy has one curve, and may have further ones for what it knows of the outage (`modes`).
 */
import type { Ratio } from '../machine.ts';
import type { Duration } from '../time.ts';

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
      /**
       * With `compounds`: attempt n multiplies by `factor` to the power of n instead of by `factor` (Finagle's exponential
       * jitter). Default false.
       */
      readonly steepens?: boolean;
    }
  | {
      readonly kind: 'table';
      /** 1 to `TABLE_MAX` delays, one an attempt. */
      readonly delays: readonly Duration[];
      /** After the last entry: `repeat` it for ever, or `stop`, as SignalR does (an outage of 43 s loses everyone). */
      readonly afterLast: 'repeat' | 'stop';
    };

/**
 * How a value becomes a range. The draw is uniform over the range, both ends included, unless a kind says otherwise: `comb`,
 * `exponential` and `decorrelated-v2` have shapes of their own, which the cap cuts after the draw, whatever `capOn` says.
 */
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
  | {
      readonly kind: 'decorrelated';
      readonly factor: Ratio;
      /** From the previous delay instead of the base (Finagle): no wait is shorter than the one before. Default false. */
      readonly ratchet?: boolean;
    }
  /**
   * From `value - below * value` to `value + above * value`; `below` at most 1 (socket.io 1/2 and 1/2, gRPC 1/5 and
   * 1/5, Kubernetes 0 and 1/1). Too small: the herd moves as one. With `above` 0 a draw of 0 takes nothing off, as in the
   * clients that subtract (ably).
   */
  | { readonly kind: 'proportional'; readonly below: Ratio; readonly above: Ratio; readonly widens?: Ratio }
  /**
   * The value plus `least` to `most` (graphql-ws: 300 ms to 3 s). The width doesn't grow with the outage, so arrivals
   * never fall below clients / width; unless it `widens`.
   *
   * `widens` (here and of `proportional`): at attempt n jitter is 1 + n * widens times as wide, up to the whole value below
   * it. Default 0/1.
   */
  | { readonly kind: 'additive'; readonly least: Duration; readonly most: Duration; readonly widens?: Ratio }
  /**
   * The draw u, from 0 to 1, decides twice (socket.io): the value moves by u * `share` of itself, down where the number of
   * the tooth that u lies in, of `teeth`, is even, else up. Only half of the range is ever met, and its mean is higher than
   * the value. The deviation is rounded, if `rounding` is given, instead of the delay.
   */
  | { readonly kind: 'comb'; readonly share: Ratio; readonly teeth: number }
  /**
   * Memoryless: exponentially distributed with the value as its mean, at most 22.2 times the value (one draw in 2^32). The
   * arrivals of a fleet are a Poisson stream from the first second on, but the unluckiest of it wait very long.
   */
  | { readonly kind: 'exponential' }
  /**
   * Polly's DecorrelatedJitterBackoffV2: the smooth curve F(t) = factor^t * tanh(sqrt(4 t)) is looked at once in each
   * attempt, at t = n + u, and the wait is what it rose since the last look, times base / 1.4. It belongs to an exponential
   * delay. A cap cuts what was drawn.
   */
  | { readonly kind: 'decorrelated-v2' };

/** How a wait is rounded. Only whole multiples of `to` come out, wherever the cap does not cut. */
export interface Rounding {
  /** 1 us or more. Most libraries count in whole milliseconds. */
  readonly to: Duration;
  /**
   * `down`: cut off, so that the upper end of the range never comes (`Math.floor(u * width)`). `nearest`: rounded, so that
   * both ends come half as often (`Math.round`). `even`: each step of the range as often as any other, both ends included.
   */
  readonly by: 'down' | 'nearest' | 'even';
}

/** When a client dials again, as long as nothing that it knows of the outage calls for another curve. */
export interface Curve {
  /** How delays grow. Required; there is no default. */
  readonly delay: Delay;
  /** How delays of different clients are spread. Default: full, floor 0. */
  readonly jitter: Jitter;
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
   * 5,000 ms). `value`: as `range`, but from the value that reaches the cap on everybody waits exactly the cap (Finagle).
   */
  readonly capOn: 'range' | 'draw' | 'value';
  /** Default null: whole microseconds, each as likely as any other. */
  readonly rounding: Rounding | null;
}
