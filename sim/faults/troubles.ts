/**
 * Standing troubles: an event begins each, another ends it, and a process that starts in between is in trouble from its
 * first moment. Troubles of one name on one node are a pile: the newest holds, and when it ends the one below it does.
 */
import type { Duration } from '../../src/time.ts';
import type { AnyEvent, Node } from '../core/kernel.ts';
import type { Universe } from '../core/universe.ts';
import type { Begun, FaultBase } from './kind.ts';
import type { Scene } from './scene.ts';

/** An event of a machine's own vocabulary; the kernel reads its type only. */
type Told = AnyEvent & Readonly<Record<string, unknown>>;

interface Trouble {
  readonly fault: number;
  readonly event: Told;
}

export class Troubles {
  readonly #universe: Universe;
  /** By node, then by name. */
  readonly #standing = new Map<Node, Map<string, Trouble[]>>();

  constructor(universe: Universe) {
    this.#universe = universe;
  }

  /** `event` begins a trouble of that name, for that fault of the plan; a dead process has it as soon as it lives. */
  begin(node: Node, name: string, fault: number, event: Told): void {
    let piles = this.#standing.get(node);
    if (piles === undefined) {
      piles = new Map();
      this.#standing.set(node, piles);
    }
    const pile = piles.get(name);
    if (pile === undefined) piles.set(name, [{ fault, event }]);
    else pile.push({ fault, event });
    this.#tell(node, event);
  }

  /** The trouble of that fault is over; `calm` is what the node hears when it was the last of its name. */
  end(node: Node, name: string, fault: number, calm: Told): void {
    const pile = this.#standing.get(node)?.get(name) ?? [];
    const index = pile.findIndex((trouble) => trouble.fault === fault);
    if (index < 0) return;
    pile.splice(index, 1);
    if (index === pile.length) this.#tell(node, pile.at(-1)?.event ?? calm);
  }

  /** A new process: it knows of no trouble yet. */
  again(node: Node): void {
    for (const pile of this.#standing.get(node)?.values() ?? []) {
      const trouble = pile.at(-1);
      if (trouble !== undefined) this.#tell(node, trouble.event);
    }
  }

  #tell(node: Node, event: Told): void {
    if (node.up) this.#universe.deliver(node, event);
  }
}

/** Life of a kind of fault that is one standing trouble of its target: what it hears at the beginning, and when calm. */
export const standing = <F extends FaultBase & { readonly lasts: Duration }>(calm: Told, told: (fault: F) => Told) => ({
  duration: (fault: F): Duration => fault.lasts,
  begin(scene: Scene, fault: F, number: number): Begun {
    scene.troubles.begin(scene.node(fault.target), calm.type, number, told(fault));
    return 'lasts';
  },
  end: (scene: Scene, { target }: F, number: number): void =>
    scene.troubles.end(scene.node(target), calm.type, number, calm),
});
