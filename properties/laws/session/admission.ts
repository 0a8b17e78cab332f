/**
 * Law 16, admission: a server takes no more connections than it says it can.
 *
 * One that admits `rate` a second has at most `rate * t + 1` admissions in any window of length t: they are a slot apart,
 * and the first finds the server idle. Instants are whole microseconds, cut off, so two of them may lie a microsecond
 * closer than their slots. One that counts them out in windows may admit all of a window at its end and all of the next one
 * at its beginning: what it can do in `t` and two windows, at most. What a life of the process admitted is no debt of the next.
 *
 * A server that refuses with 503 admits whom it accepts, and is judged there. One that refuses with 1013 accepts those
 * too whom it turns away; there an admission is what a WELCOME followed, it happened when the connection was accepted, and
 * the law says at the end of the life, or of the run, which one was too many.
 */
import type { NodeId } from '../../../src/machine.ts';
import { formatDuration } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';

interface Server {
  readonly node: NodeId;
  readonly rate: number;
  readonly turnsAway: boolean;
  /** How far admissions may run ahead of the rate, in the unit of `debt`. */
  readonly ahead: number;
  /** Accepted and not welcomed, of one that turns away; and when those were accepted that were welcomed. */
  readonly open: Map<ConnId, number>;
  times: number[];
  /**
   * The admission that asks most of the next one: `time * rate - number * 1,000,000` at its largest, and when and which
   * one that was.
   */
  debt: number;
  since: number;
  first: number;
  count: number;
}

interface Memory {
  readonly servers: Map<NodeId, Server>;
}

const SECOND = 1_000_000;

export const admission = law<Memory>({
  name: 'admission',
  states: 'a server that admits C a second admits at most C t + 1 in any time t, windows apart',
  needs: { facts: ['admits'], entries: ['accepted'] },
  remember: ({ admits }) => ({
    servers: new Map(
      admits.map(({ node, rate, turnsAway, window = 0 }) => [
        node,
        {
          node,
          rate,
          turnsAway,
          ahead: 2 * window * rate,
          open: new Map(),
          times: [],
          debt: Number.NEGATIVE_INFINITY,
          since: 0,
          first: 0,
          count: 0,
        },
      ]),
    ),
  }),
  on: {
    accepted({ servers }, { node, conn, at }, breach) {
      const server = servers.get(node);
      if (server === undefined) return;
      if (server.turnsAway) server.open.set(conn, at);
      else admit(server, at, breach);
    },
    'sent WELCOME'({ servers }, { node, conn }) {
      const server = servers.get(node);
      const accepted = server?.open.get(conn);
      if (server === undefined || accepted === undefined) return;
      server.open.delete(conn);
      server.times.push(accepted);
    },
    crashed({ servers }, { node }, breach) {
      const server = servers.get(node);
      if (server !== undefined) endLife(server, breach);
    },
  },
  end({ servers }, breach) {
    for (const server of servers.values()) endLife(server, breach);
  },
});

function admit(server: Server, at: number, breach: Breach): void {
  const { node, rate, ahead, debt, since, first } = server;
  const number = ++server.count;
  const paid = at * rate - number * SECOND;
  if (paid + rate + ahead <= debt) {
    const many = number - first + 1;
    breach(
      `${node} admitted ${many} connections within ${formatDuration(at - since)}, the last of them at ${formatDuration(at)}; it can admit ${rate} a second.`,
    );
  }
  if (paid <= debt) return;
  server.debt = paid;
  server.since = at;
  server.first = number;
}

/** What was welcomed is judged in the order in which it was accepted, and the next life begins without debts. */
function endLife(server: Server, breach: Breach): void {
  for (const at of server.times.sort((a, b) => a - b)) admit(server, at, breach);
  server.times = [];
  server.open.clear();
  server.debt = Number.NEGATIVE_INFINITY;
}
