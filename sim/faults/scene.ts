/**
 * What kinds of faults may do to a universe. Overlapping faults on one target are counted, so that the first to end does
 * not lift the second.
 */
import type { LinkEvent } from '../../src/link/vocabulary.ts';
import type { NodeId } from '../../src/machine.ts';
import type { Duration } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import type { AnyEvent, Node } from '../core/kernel.ts';
import type { Universe } from '../core/universe.ts';
import { Troubles } from './troubles.ts';

/** What a scene asks of whoever carries the plan out. */
export interface Stagehand {
  /** A fault that waited for an exit is over, because the process died in another way. */
  abandon(fault: number): void;
  /** A process ends, as if by itself. */
  exited(node: Node): void;
  /** Does something later, in an event of its own. */
  later(delay: Duration, run: () => void): void;
  /** The page of an application is gone, with what it stored or without; and it is there again. */
  unloaded(client: Node, kept: boolean): void;
  reloaded(client: Node): void;
}

export class Scene {
  readonly universe: Universe;
  readonly troubles: Troubles;
  /** What is active on which target, and how many times over. */
  readonly #active = new Map<string, number>();
  /** Faults that end after a process has exited by itself: the fault's number, by node. */
  readonly #exits = new Map<NodeId, number>();
  /** Faults that want to know of a node's dials, by number. */
  readonly #dials = new Map<number, { readonly node: NodeId; readonly seen: (conn: ConnId) => void }>();
  #watching = false;
  /** What pages that are being loaded will find, by client. */
  readonly stored = new Map<NodeId, unknown>();
  readonly #stagehand: Stagehand;

  constructor(universe: Universe, stagehand: Stagehand) {
    this.universe = universe;
    this.troubles = new Troubles(universe);
    this.#stagehand = stagehand;
  }

  /** For a fault in the middle of its life (the next flap, the next slow chunk); it must ask whether it still lasts. */
  later(delay: Duration, run: () => void): void {
    this.#stagehand.later(delay, run);
  }

  /** The machine that a fault hits. */
  node(id: NodeId): Node {
    return this.universe.wiring.node(id);
  }

  /** Calls `seen` for every dial of a node, until the fault of that number wants no more. */
  watchDials(fault: number, node: NodeId, seen: (conn: ConnId) => void): void {
    if (!this.#watching)
      this.universe.witness.listen('dialled', (entry) => {
        if (entry.kind === 'dialled')
          for (const watch of this.#dials.values()) if (watch.node === entry.node) watch.seen(entry.conn);
      });
    this.#watching = true;
    this.#dials.set(fault, { node, seen });
  }

  unwatchDials(fault: number): void {
    this.#dials.delete(fault);
  }

  /** What an operator tells a process: when it runs, or never if it is dead. */
  tell<E extends AnyEvent>(node: Node, event: E): void {
    if (node.up) this.universe.deliver(node, event);
  }

  /** True when nothing of that name was active before. */
  raise(name: string): boolean {
    const count = (this.#active.get(name) ?? 0) + 1;
    this.#active.set(name, count);
    return count === 1;
  }

  /** True when nothing of that name is active any more. */
  lower(name: string): boolean {
    const count = (this.#active.get(name) ?? 0) - 1;
    this.#active.set(name, count);
    return count === 0;
  }

  isActive(name: string): boolean {
    return (this.#active.get(name) ?? 0) > 0;
  }

  /** Cuts a link in one or both directions, or heals it. */
  cut(link: Node, direction: 'both' | 'up' | 'down', begins: boolean): void {
    for (const way of direction === 'both' ? (['up', 'down'] as const) : [direction]) {
      const name = `cut/${link.id}/${way}`;
      if (begins ? this.raise(name) : this.lower(name))
        this.universe.step(link, { type: begins ? 'cut' : 'heal', direction: way } satisfies LinkEvent);
    }
  }

  /** The process of a node dies, and whatever shares its host. */
  crash(node: Node, how: 'process' | 'host' | 'exit'): void {
    this.raise(`down/${node.id}`);
    const waiting = this.#exits.get(node.id);
    // A crash in the middle of a drain ends the drain: the process will not exit by itself any more.
    if (waiting !== undefined && node.up && how !== 'exit') {
      this.#exits.delete(node.id);
      this.#stagehand.abandon(waiting);
    }
    this.universe.down(node, how);
    for (const guest of this.universe.wiring.guestsOf(node)) this.universe.down(guest, 'process');
  }

  /** The first state of a new process of a node: what was on disk, or none. */
  fresh({ spec, machine, config, incarnation, state }: Node): unknown {
    return spec.durable === true ? state : machine.init(spec.next?.(config, incarnation) ?? config);
  }

  /** A new process starts, once every fault that keeps it down is over. */
  revive(node: Node): void {
    if (!this.lower(`down/${node.id}`)) return;
    for (const each of [...this.universe.wiring.guestsOf(node), node]) {
      // A guest of a host may run already, by a fault of its own.
      this.#begin(each, () => this.fresh(each));
    }
  }

  /** A process begins, in whatever trouble it has: somebody's own code runs from its first step on, and its host was there before. */
  #begin(node: Node, stateOf: () => unknown): void {
    const trouble = (): void => this.troubles.again(node);
    if (node.machine.opaque === true && !node.up) this.universe.up(node, stateOf(), trouble);
    else {
      if (!node.up) this.universe.up(node, stateOf());
      trouble();
    }
  }

  /** The process dies and a new one starts at once; one that another fault keeps down stays down. */
  restart(server: Node): void {
    this.crash(server, 'process');
    this.revive(server);
  }

  /** The page of a client is gone. */
  unload(client: Node, kept: boolean): void {
    const { kernel, witness } = this.universe;
    this.raise(`down/${client.id}`);
    witness.on.reloaded?.write({ at: kernel.now, node: client.id, event: kernel.event, kind: 'reloaded', kept });
    this.universe.down(client, 'process');
    this.#stagehand.unloaded(client, kept);
  }

  /** A new page runs in that state, once no fault keeps it from being loaded; it is told if its device is offline. */
  load(client: Node, stateOf: () => unknown, offline: boolean): void {
    if (!this.lower(`down/${client.id}`)) return;
    this.#begin(client, stateOf);
    if (offline) this.universe.intend(client, { type: 'offline' });
    this.#stagehand.reloaded(client);
  }

  /** What faults that are over have left behind: what pages will find, and whatever still lasts. */
  remains(): readonly unknown[] {
    return [[...this.#active].filter(([, count]) => count !== 0), this.#exits, this.stored, this.#dials.size];
  }

  /** Whether a fault waits for this process to exit. */
  awaitsExit(node: Node): boolean {
    return this.#exits.has(node.id);
  }

  /** `fault` ends some time after the process of `node` has exited. */
  awaitExit(node: Node, fault: number): void {
    this.#exits.set(node.id, fault);
  }

  /** The process exited; returns the fault that waited for it. */
  exited(node: Node): number | undefined {
    const fault = this.#exits.get(node.id);
    this.#exits.delete(node.id);
    return fault;
  }

  /** A process and all that shares its host. */
  host(id: NodeId): readonly Node[] {
    const node = this.node(id);
    return [node, ...this.universe.wiring.guestsOf(node)];
  }

  /** A process that was to end by itself is ended. */
  exit(node: Node): void {
    this.#stagehand.exited(node);
  }
}
