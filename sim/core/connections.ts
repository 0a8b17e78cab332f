/**
 * What connections are called wherever people read of them: `c1#3` is the third that c1 dialled.
 *
 * Counted from history and not taken apart from the number, because a number says less: a second tab, a page that was
 * loaded again and a balancer that was restarted dial from a range of their own.
 */
import type { NodeId } from '../../src/machine.ts';
import type { ConnId } from '../../src/transport.ts';

export class Connections {
  // Every dial is noted, and in most runs none is ever named: so a note costs two entries, and names are made when one is asked for.
  readonly #conns: ConnId[] = [];
  readonly #diallers: NodeId[] = [];
  readonly #dials = new Map<NodeId, number>();
  readonly #names = new Map<ConnId, string>();
  #named = 0;

  /** Takes note of a dial; every dial of the run, in order. */
  note({ node, conn }: { readonly node: NodeId; readonly conn: ConnId }): void {
    this.#conns.push(conn);
    this.#diallers.push(node);
  }

  /** The name of a connection; its bare number when nobody was seen to dial it. */
  nameOf(conn: ConnId): string {
    for (; this.#named < this.#conns.length; this.#named++) {
      const node = this.#diallers[this.#named] as NodeId;
      const dial = (this.#dials.get(node) ?? 0) + 1;
      this.#dials.set(node, dial);
      this.#names.set(this.#conns[this.#named] as ConnId, `${node}#${dial}`);
    }
    return this.#names.get(conn) ?? `#${conn}`;
  }
}
