/**
 * A link: the network path between two hosts, carrying any number of TCP connections in both directions.
 */
import type { NodeId, Ratio } from '../machine.ts';
import type { Duration } from '../time.ts';

/** Bursts of loss on a time-clocked Gilbert-Elliott chain (a chain that only packets move sticks in its bad state while TCP backs off). */
export interface Bursts {
  /** Mean time in the good state. */
  readonly good: Duration;
  /** Mean time in the bad state. */
  readonly bad: Duration;
  /** Packet loss while bad. */
  readonly loss: Ratio;
}

/** Now and then a message takes longer than others by as much: a radio that has to wake up, a queue that another fills. */
export interface Tail {
  /** Of all messages. */
  readonly share: Ratio;
  readonly delay: Duration;
}

/** One direction of a path. */
export interface PathConfig {
  /** One-way propagation delay. */
  readonly delay: Duration;
  /** Extra delay of a message, uniform in 0..jitter; never reorders within a connection. */
  readonly jitter: Duration;
  /** A second mode of that delay, on top of it; never reorders within a connection. Default: none. */
  readonly tail?: Tail;
  /** Bottleneck rate in bytes per second; 0 for no limit. Ignored when `trace` is given. */
  readonly rate: number;
  /** Queue before the bottleneck, in bytes; a packet that finds it full is dropped, and repeated by its sender. */
  readonly queue: number;
  /** Independent loss per packet. */
  readonly loss: Ratio;
  readonly bursts: Bursts | null;
  /**
   * Measured capacity: instants in ms, sorted, one per delivery opportunity of a 1500-byte packet; repeats with period
   * `last entry` (Mahimahi). Shared and never changed, so it may stand in a configuration.
   */
  readonly trace: ArrayLike<number> | null;
  /** Where in the trace time 0 of the run is, at least 0; beyond its end it goes on from its beginning. Default 0. */
  readonly traceFrom?: Duration;
}

export interface LinkConfig {
  readonly node: NodeId;
  /** Diallers' end first: `[client, balancer]` or `[balancer, server]`. */
  readonly ends: readonly [NodeId, NodeId];
  /** From ends[0] to ends[1]. */
  readonly up: PathConfig;
  /** From ends[1] to ends[0]. */
  readonly down: PathConfig;
  /** Round trips until a connection is open: 1 TCP, 2 WebSocket over TCP, 3 with TLS 1.3. */
  readonly handshakeRoundTrips: number;
}
