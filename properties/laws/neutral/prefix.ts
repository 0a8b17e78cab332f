/**
 * Law 1, prefix, of any protocol: what an application is given on a stream is what was produced there, in its order.
 *
 * A stream has a name that both ends know, and its pieces have numbers that are dense from the first one on. Who numbers
 * anew (a server that lost everything) begins another stream. An application that was told an error of a stream knows that
 * something is missing there: the next piece may then be any later one. A page that has forgotten everything begins anew.
 */
import { counted } from '../../../src/count.ts';
import type { Facts } from '../../../src/facts.ts';
import type { EntryOf, StreamId } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { samePlain } from '../../../src/plain.ts';
import { type Breach, law } from '../law.ts';

/** What was produced on a stream: the number of its first piece, and all values from there on. */
interface Production {
  readonly first: number;
  readonly values: unknown[];
}

/** How far an application is in a stream, and whether it was told that something is missing behind that. */
interface Position {
  seq: number;
  told: boolean;
}

interface Memory {
  readonly joinsLate: boolean;
  readonly productions: Map<StreamId, Production>;
  readonly readers: Map<NodeId, Map<StreamId, Position>>;
}

export const prefix = law<Memory>({
  name: 'prefix',
  states:
    'at every instant, what an application received on a stream is a prefix of what was produced there: no loss, no duplicate, no reorder, no corruption',
  needs: { entries: ['produced', 'received'] },
  remember: ({ joinsLate = false }: Facts) => ({ joinsLate, productions: new Map(), readers: new Map() }),
  on: {
    produced: produce,
    received: receive,
    told(memory, { node, stream }) {
      if (stream === undefined) return;
      const position = positionsOf(memory, node).get(stream);
      if (position === undefined) positionsOf(memory, node).set(stream, { seq: Number.NEGATIVE_INFINITY, told: true });
      else position.told = true;
    },
    reloaded({ readers }, { node, kept }) {
      if (!kept) readers.delete(node);
    },
  },
});

function produce({ productions }: Memory, { node, stream, seq, value }: EntryOf<'produced'>, breach: Breach): void {
  const production = productions.get(stream);
  if (production === undefined) {
    productions.set(stream, { first: seq, values: [value] });
    return;
  }
  const { first, values } = production;
  const next = first + values.length;
  if (seq === next) values.push(value);
  else if (seq > next)
    breach(`${node} produced seq ${seq} of stream ${stream} right after seq ${next - 1}: seq ${next} was left out.`);
  else if (seq < first || !samePlain(value, values[seq - first]))
    breach(`${node} produced seq ${seq} of stream ${stream} again, and something else than before.`);
}

function receive(memory: Memory, entry: EntryOf<'received'>, breach: Breach): void {
  const { node, stream, seq, value } = entry;
  const positions = positionsOf(memory, node);
  const position = positions.get(stream);
  const given = `${node} was given stream ${stream} seq ${seq}`;
  const production = memory.productions.get(stream);
  if (production === undefined || seq < production.first || seq >= production.first + production.values.length) {
    breach(
      `${given}, which nobody had produced: ${production === undefined ? 'nothing' : `seq ${production.first + production.values.length - 1}`} was the last.`,
    );
    return;
  }
  const { first, values } = production;
  if (!samePlain(value, values[seq - first])) breach(`${given} with another value than was produced.`);
  const before = position?.seq ?? first - 1;
  if (seq <= before) breach(`${given} twice: it already had everything up to seq ${before}.`);
  else if (seq > before + 1 && position?.told !== true && !(memory.joinsLate && position === undefined))
    breach(
      `${given} ${position === undefined ? 'first' : `right after seq ${before}`}: ${counted(seq - before - 1, 'piece is', 'pieces are')} missing, from seq ${before + 1}.`,
    );
  if (position === undefined) positions.set(stream, { seq, told: false });
  else Object.assign(position, { seq, told: false });
}

function positionsOf({ readers }: Memory, node: NodeId): Map<StreamId, Position> {
  let positions = readers.get(node);
  if (positions === undefined) {
    positions = new Map();
    readers.set(node, positions);
  }
  return positions;
}
