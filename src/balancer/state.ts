/** What a balancer knows: its backends' health, and the pairs of connections that it splices. */
import type { MessageEvent, PostEffect } from '../services.ts';
import type { Instant } from '../time.ts';
import type { ConnId, TimerEffect, TimerEvent, TransportEffect, TransportEvent } from '../transport.ts';
import type { BalancerConfig } from './config.ts';

export type BalancerEvent =
  | TransportEvent
  | TimerEvent
  | MessageEvent
  | { readonly type: 'started' }
  /** The operator stops it: no more probes, so that a world without clients comes to rest. */
  | { readonly type: 'quiesce' };
export type BalancerEffect = TransportEffect | TimerEffect | PostEffect;

export interface Backend {
  healthy: boolean;
  /** Answers in a row: good above 0, failed below. */
  streak: number;
  /** Number of the probe that waits for its answer; 0 for none. */
  probe: number;
  /** Connections that are spliced or being dialled. */
  connections: number;
}

/** A client's connection and the one to its backend. */
export interface Pair {
  client: ConnId;
  server: ConnId;
  backend: number;
  /** The client's origin, which backends judge; empty for none. */
  origin: string;
  /** Whether both ends are open; before, the backend is being dialled. */
  spliced: boolean;
  lastActive: Instant;
  /** Backends that were tried for this client, as a bit each. */
  tried: number[];
}

export interface BalancerState {
  readonly config: BalancerConfig;
  backends: Backend[];
  /** Pairs by the client's connection, and the client's connection by the server's. */
  pairs: Record<number, Pair>;
  byServer: Record<number, ConnId>;
  dials: number;
  probes: number;
  /** Where the search for a backend begins, so that ties rotate. */
  rotation: number;
  quiet: boolean;
}

export const init = (config: BalancerConfig): BalancerState => ({
  config,
  backends: config.backends.map(() => ({ healthy: true, streak: 0, probe: 0, connections: 0 })),
  pairs: {},
  byServer: {},
  dials: 0,
  probes: 0,
  rotation: 0,
  quiet: false,
});
