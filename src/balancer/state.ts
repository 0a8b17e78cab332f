/** What a balancer knows: its backends' health, and the pairs of connections that it splices. */
import type { NodeId } from '../machine.ts';
import type { MessageEvent, PostEffect, Probe, Probed } from '../post.ts';
import type { Duration, Instant } from '../time.ts';
import type { ConnId, Handshake, TimerEffect, TimerEvent, TransportEffect, TransportEvent } from '../transport.ts';
import type { BalancerConfig } from './config.ts';
import type { Order } from './orders.ts';

export type BalancerEvent =
  | TransportEvent
  | TimerEvent
  | MessageEvent<Probed>
  | Order
  | { readonly type: 'started' }
  /** The operator stops it: no more probes, so that a world without clients comes to rest. */
  | { readonly type: 'quiesce' };
export type BalancerEffect = TransportEffect | TimerEffect | PostEffect<Probe>;

/** Something on its way through. */
export type Passing = Extract<TransportEvent, { readonly type: 'frame' | 'ping' | 'pong' }>;

export interface Backend {
  healthy: boolean;
  /** What it counts as whatever it says; null: probes and dials decide. */
  forced: 'healthy' | 'unhealthy' | null;
  /** Whether it gets no new connections. */
  draining: boolean;
  /** Answers in a row: good above 0, failed below. */
  streak: number;
  /** Number of the probe that waits for its answer; 0 for none. */
  probe: number;
  /** Connections that are spliced or being dialled. */
  connections: number;
}

/** A client's connection and the one to its backend. */
export interface Pair {
  /** Whose connection it is, and which process of the balancer took it. */
  from: NodeId;
  life: number;
  client: ConnId;
  server: ConnId;
  backend: number;
  /** What the client's handshake says, for backends to judge; null for nothing. */
  asks: Handshake | null;
  /** Whether both ends are open; before, the backend is being dialled. */
  spliced: boolean;
  lastActive: Instant;
  /** The soonest that a backend which is full asked this client to come back; 0 while none did. */
  retryAfter: Duration;
  /** What came before there was a backend to take it, as it may over raw bytes; null for nothing. */
  early: Passing[] | null;
  /** Backends that were tried for this client. */
  tried: number[];
  /** Raw bytes to which no backend has said a word yet: the balancer may still answer itself. */
  unanswered: boolean;
  /** Whether the client has said something then, and whether that asks for no body (HEAD). */
  asked: boolean;
  isHead: boolean;
  /** Raw bytes: whether the client, and the backend, has ended its stream. */
  clientEnded: boolean;
  serverEnded: boolean;
  /** The status that it is turned away with as soon as its request is whole; 0 for none. */
  turned: number;
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
  /** Counts reloads. */
  life: number;
  /** The idle time-out in force. */
  idleTimeout: Duration;
  /** The backend that each client was on last, by `@name`. */
  homes: Record<string, number>;
  /** Whether clients come to other backends than before. */
  scattered: boolean;
}

export const newBackend = (): Backend => ({
  healthy: true,
  forced: null,
  draining: false,
  streak: 0,
  probe: 0,
  connections: 0,
});

export const init = (config: BalancerConfig): BalancerState => ({
  config,
  backends: config.backends.map(newBackend),
  pairs: {},
  byServer: {},
  dials: 0,
  probes: 0,
  rotation: 0,
  quiet: false,
  life: 0,
  idleTimeout: config.idleTimeout,
  homes: {},
  scattered: false,
});
