/** Claims that faults begin while something is under way: what a plan with moments is for. */
import { roleOf } from '../../../../src/facts.ts';
import type { NodeId } from '../../../../src/machine.ts';
import type { Facts } from '../../../../src/session/facts.ts';
import type { Handlers } from '../../../../src/session/history.ts';
import type { Claim } from '../../../core/scenario.ts';
import { claim } from '../../claim.ts';

interface Memory {
  readonly facts: Facts;
  /** Who is in the middle of it, and on which connection; 0 where there is none. */
  readonly under: Map<NodeId, number>;
}

type On = Handlers<Memory, () => void>;

const struck = (what: string, on: On): Claim =>
  claim<Memory>({
    name: `struck-${what.replaceAll(' ', '-')}`,
    states: `a fault began while a ${what} was under way`,
    remember: (facts) => ({ facts, under: new Map() }),
    on: {
      ...on,
      fault({ under }, { begins }, reached) {
        if (begins && under.size > 0) reached();
      },
    },
  });

const isClient = ({ facts }: Memory, node: NodeId): boolean => roleOf(facts, node) === 'client';
const begins = ({ under }: Memory, { node, conn }: { node: NodeId; conn: number }): void => void under.set(node, conn);
/** Its connection is over, or it is done. */
const ends = ({ under }: Memory, { node, conn }: { node: NodeId; conn: number }): void => {
  if (under.get(node) === conn) under.delete(node);
};
const dies = ({ under }: Memory, { node }: { node: NodeId }): void => void under.delete(node);
const OVER: On = { closed: ends, hungUp: ends, crashed: dies };

export const STRUCK: readonly Claim[] = [
  struck('handshake', {
    opened: (memory, entry) => {
      if (isClient(memory, entry.node)) begins(memory, entry);
    },
    'delivered WELCOME': ends,
    ...OVER,
  }),
  struck('replay', {
    'delivered WELCOME': (memory, entry) => {
      if (entry.payload.streams.length > 0 && isClient(memory, entry.node)) begins(memory, entry);
    },
    'delivered REPLAY_END': ends,
    ...OVER,
  }),
  struck('snapshot', {
    'delivered RESET': (memory, entry) => {
      if (entry.payload.stream > 0 && isClient(memory, entry.node)) begins(memory, entry);
    },
    'delivered SNAPSHOT': (memory, entry) => {
      if (entry.payload.last) ends(memory, entry);
    },
    ...OVER,
  }),
  struck('claim', {
    requested: (memory, entry) => {
      if (entry.what === 'claim') begins(memory, entry);
    },
    'sent WELCOME': ends,
    ...OVER,
  }),
  struck('token refresh', {
    requested: (memory, entry) => {
      if (entry.what === 'token') begins(memory, entry);
    },
    'sent AUTH': dies,
    dialled: dies,
    told: dies,
    ...OVER,
  }),
  struck('handover', {
    'delivered GOAWAY': (memory, entry) => {
      if (isClient(memory, entry.node)) begins(memory, entry);
    },
    ...OVER,
  }),
];
