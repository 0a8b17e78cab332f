/** What a machine may ask of the world in a run: the present, luck, and names for connections. */
import { Few } from '../../src/few.ts';
import type { Context, NodeId } from '../../src/machine.ts';
import { type Instant, START } from '../../src/time.ts';
import { CONNS_PER_NODE, type ConnId } from '../../src/transport.ts';
import type { Dice, Stream } from './dice.ts';

/** The context of one node: its streams are looked up by purpose once and kept. */
export function contextOf(id: NodeId, index: number, dice: Dice): Context & { now: Instant } {
  const streams = new Few<string, Stream>();
  let conns = 0;
  return {
    now: START,
    random(purpose: string): number {
      let stream = streams.get(purpose);
      if (stream === undefined) {
        stream = dice.stream(`${id}/${purpose}`);
        streams.set(purpose, stream);
      }
      return stream();
    },
    newConn(): ConnId {
      if (conns === CONNS_PER_NODE)
        throw new Error(`${id} has dialled ${CONNS_PER_NODE} times, which is all that it has names for`);
      return (index + 1) * CONNS_PER_NODE + conns++;
    },
  };
}
