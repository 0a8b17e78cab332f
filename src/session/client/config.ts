/** What a client session is told at birth. */
import type { Policy } from '../../backoff/policy.ts';
import type { NodeId } from '../../machine.ts';
import type { Duration } from '../../time.ts';

export interface ClientConfig {
  readonly node: NodeId;
  /** Names of its connections: connBase + 1, + 2, … */
  readonly connBase: number;
  /**
   * HELLO counts dials from here: what the device's clock said when this process was started, so that a page that is
   * loaded again, or a second tab, never repeats the number of an earlier dial. Default: 0.
   */
  readonly dialsFrom?: number;
  /** Where it dials. */
  readonly balancer: NodeId;
  readonly auth: NodeId;
  /** The origin of the page that it runs in, as a browser sends it; without one (a native application) none is sent. */
  readonly origin?: string;
  readonly protoMin: number;
  readonly protoMax: number;
  readonly policy: Policy;
  /** Bytes of one stream that may be under way unprocessed. Too small starves a long path (credit / RTT bounds the rate). */
  readonly credit: number;
  /** Credit follows what the path delivers, up to `credit`; by default it is `credit` always. */
  readonly pacing?: {
    /** Delivery is measured over stretches this long; too short takes the agent's pauses for a slow path. */
    readonly stretch: Duration;
    /** Bytes that are granted however slow the path is. Less than the largest chunk stalls a stream for ever. */
    readonly least: number;
  };
  /** An ACK at the latest every so many chunks, and when half the credit is used. */
  readonly ackEvery: number;
  /** An ACK at the latest this long after a chunk. */
  readonly ackDelay: Duration;
  /** From dial to `opened`. */
  readonly connectTimeout: Duration;
  /** From `opened` to WELCOME. */
  readonly helloTimeout: Duration;
  /** From asking for a token to having it, before asking again. */
  readonly tokenTimeout: Duration;
  /** A token is renewed this long before it expires. */
  readonly refreshBefore: Duration;
  readonly outboxBytes: number;
  readonly outboxCount: number;
}
