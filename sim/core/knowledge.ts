/** What the parties of a run know at one moment of it, in sentences: for whoever reads why a law broke. */
import type { StreamId } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import type { Instant } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';

/** What is asked about: whose affair it is, and since when. */
export interface About {
  readonly now: Instant;
  /** Clients that it is about; at least one. */
  readonly clients: readonly NodeId[];
  /** Streams that it is about; none for all. */
  readonly streams: readonly StreamId[];
  /** What a connection is called from end to end: `c1#3`, for the half behind a balancer as well. */
  nameOf(conn: ConnId): string;
}

export interface Known {
  readonly who: NodeId;
  /** One sentence without its subject, which is `who`: `has processed stream 1 up to seq 41`. */
  readonly text: string;
}

/** States of machines by node; null while a process is down. */
export type States = Readonly<Record<NodeId, unknown>>;
