/**
 * Law 17, send order: what an application submits takes effect in the order in which it submitted it.
 *
 * SENDs carry dense numbers, and a store lets none pass over a hole (PROTOCOL.md, Frames and Sends): so what takes effect of
 * one application does so in its order, whatever was lost, repeated or renumbered on the way, and however many sends were
 * under way at once. A send that never takes effect (refused, or gone with its session) leaves no gap, because whoever
 * comes behind it is numbered anew. On the wire the same is seen earlier: on one connection numbers rise, and none is said
 * before WELCOME. The two tabs of a client are two applications.
 */
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import { clientOf } from '../../../src/session/history.ts';
import type { ConnId } from '../../../src/transport.ts';
import { law } from './law.ts';

interface Application {
  /** Keys in the order in which they were submitted. */
  readonly order: Few<string, number>;
  submitted: number;
  /** What of it took effect last. */
  last: string;
  lastAt: number;
  /** The number that it said last on each connection; 0 for none. */
  readonly said: Few<ConnId, number>;
}

interface Memory {
  readonly clients: ReadonlySet<NodeId>;
  readonly applications: Map<NodeId, Application>;
  /** The applications of each client: of its first tab, and of those that were opened later. */
  readonly tabs: Map<NodeId, Application[]>;
  /** The number of the last send that took effect in each session. */
  readonly sessions: Map<number, number>;
}

export const sendOrder = law<Memory>({
  name: 'send-order',
  states:
    'sends of an application take effect in the order in which it submitted them; on each connection their numbers rise, after WELCOME',
  needs: { entries: ['submitted'] },
  remember: ({ clients }) => ({
    clients: new Set(clients.map(({ node }) => node)),
    applications: new Map(),
    tabs: new Map(),
    sessions: new Map(),
  }),
  on: {
    submitted(memory, { node, key }) {
      const { order } = applicationOf(memory, node);
      const application = applicationOf(memory, node);
      // A key that is submitted again is the same send.
      if (!order.has(key)) order.set(key, ++application.submitted);
    },
    'delivered WELCOME'(memory, { node, conn }) {
      if (!memory.clients.has(clientOf(node))) return;
      const { said } = applicationOf(memory, node);
      if (!said.has(conn)) said.set(conn, 0);
    },
    closed: ({ applications }, { node, conn }) => void applications.get(node)?.said.delete(conn),
    hungUp: ({ applications }, { node, conn }) => void applications.get(node)?.said.delete(conn),
    'sent SEND'({ applications }, { node, conn, payload: { clientSeq, key } }, breach) {
      const application = applications.get(node);
      // Whoever passes it on has submitted nothing.
      if (application === undefined || !application.order.has(key)) return;
      const said = application.said.get(conn);
      const what = `${node} sent SEND ${clientSeq} (${key}) on connection ${breach.nameOf(conn)}`;
      if (said === undefined) breach(`${what} before WELCOME had come on it.`);
      else if (clientSeq <= said) breach(`${what} behind SEND ${said}: numbers on a connection rise.`);
      else application.said.set(conn, clientSeq);
    },
    // How far a backup had come nobody saw.
    rewound: ({ sessions }, { session }) => void sessions.set(session, Number.NaN),
    performed(memory, { node, client, session, clientSeq, key }, breach) {
      const next = (memory.sessions.get(session) ?? 0) + 1;
      if (clientSeq > next)
        breach(
          `${client}'s send ${key} took effect at ${node} as number ${clientSeq} of session ${session}, over the hole of number ${next}.`,
        );
      if (!(clientSeq < next)) memory.sessions.set(session, clientSeq);
      const application = memory.tabs.get(clientOf(client))?.find(({ order }) => order.has(key));
      if (application === undefined) return;
      const at = application.order.get(key) as number;
      if (at < application.lastAt)
        breach(
          `${client}'s send ${key} took effect at ${node} behind ${application.last}, which its application had submitted later.`,
        );
      if (at <= application.lastAt) return;
      application.lastAt = at;
      application.last = key;
    },
  },
});

function applicationOf({ applications, tabs }: Memory, node: NodeId): Application {
  let application = applications.get(node);
  if (application === undefined) {
    application = { order: new Few(), submitted: 0, last: '', lastAt: 0, said: new Few() };
    applications.set(node, application);
    const client = clientOf(node);
    const others = tabs.get(client);
    if (others === undefined) tabs.set(client, [application]);
    else others.push(application);
  }
  return application;
}
