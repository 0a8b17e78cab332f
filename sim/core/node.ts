/** What the kernel knows of a machine, and whom it tells of what happens to one. */

import type { NodeId } from '../../src/machine.ts';
import type { Instant } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import type { EventSort } from './event-sort.ts';
import type { Pause } from './pause.ts';
import type { AnyMachine } from './record.ts';
import type { NodeSpec } from './world.ts';

/** A machine in its place. */
export interface Node {
  readonly id: NodeId;
  readonly index: number;
  /** What the world says of it: its part, its host, what survives its process. */
  readonly spec: NodeSpec;
  readonly machine: AnyMachine;
  readonly config: unknown;
  state: unknown;
  /** Whether the process lives; events for a dead one are lost. */
  up: boolean;
  /** Counts the lives of the process: what was meant for an earlier life is lost. */
  incarnation: number;
  /** What is held back of it while it is paused or slowed; null for a process that runs as usual. */
  pause: Pause | null;
  readonly context: { now: Instant; random(purpose: string): number; newConn(): ConnId };
  /** Of a link: the machines at its two ends. */
  ends: readonly [Node, Node] | null;
}

/** Something that happens to a machine; every vocabulary of `src` has `type`. */
export interface AnyEvent {
  readonly type: string;
}

/** What the kernel calls back. */
export interface Handler {
  /** An event reaches a living node. */
  deliver(node: Node, event: AnyEvent, sort: EventSort): void;
  /** An event's addressee is gone (dead, or born again since). */
  miss(node: Node, event: AnyEvent): void;
  /** A scheduled action of the universe itself (a fault begins, an application asks). */
  act(action: AnyEvent): void;
}
