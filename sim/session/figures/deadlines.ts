/**
 * Deadlines: which passed, and whether each was acted on at its time.
 *
 * Judged are the promises that a witness can see both ends of: a dial without an opening (`connectTimeout`), an opening
 * without a WELCOME (`helloTimeout`), silence on the connection that owns the session (`deadAfter`, from WELCOME), and the
 * end of a drain (GOAWAY). A deadline that is met before it passes says nothing. One that passed was kept if the endpoint
 * hung up in that very microsecond, and missed if the connection saw anything later. The lengths of backoff waits are the
 * law *backoff*'s.
 *
 * A process that stands still cannot act, and one with throttled timers acts late: a deadline that passes meanwhile is not
 * counted.
 */
import type { NodeId } from '../../../src/machine.ts';
import { NEVER } from '../../../src/time.ts';
import type { SessionWitness } from '../observe.ts';
import { type ClientView, type ConnView, isCurrent, NONE } from './views.ts';

export interface Deadlines {
  readonly totals: { passed: number; kept: number };
  /** A frame comes in: the silence before it must not have been longer than the deadline. */
  brokeSilence(conn: ConnView, at: number): void;
  /** A draining server said when it will close the connection. */
  expect(conn: ConnView, server: NodeId, ends: number): void;
}

export function watchDeadlines(witness: SessionWitness, connOf: (id: number) => ConnView): Deadlines {
  const totals = { passed: 0, kept: 0 };
  /** Until when each process was held up last: a deadline before that says nothing. */
  const heldUntil = new Map<NodeId, number>();
  const draining = new Map<NodeId, ConnView[]>();

  const judge = (node: NodeId, deadline: number, at: number, acts: boolean): void => {
    if (at < deadline || (at === deadline && !acts) || deadline <= (heldUntil.get(node) ?? NONE)) return;
    totals.passed++;
    if (at === deadline) totals.kept++;
  };
  /** The endpoint of the client is through with the connection, by itself (`acts`) or because it was told. */
  const judgeClient = (client: ClientView, conn: ConnView, at: number, acts: boolean): void => {
    if (conn.over) return;
    conn.over = true;
    if (isCurrent(conn)) judge(client.node, conn.heardAt + conn.deadAfter, at, acts);
    else if (conn.openedAt === NONE) judge(client.node, conn.dialledAt + client.connectTimeout, at, acts);
    else if (conn.heardAt === NONE) judge(client.node, conn.openedAt + client.helloTimeout, at, acts);
  };
  const end = (id: number, node: NodeId, at: number, acts: boolean): void => {
    const conn = connOf(id);
    if (conn.client !== null && conn.client.node === node) judgeClient(conn.client, conn, at, acts);
    else if (conn.endsAt > NONE && draining.get(node)?.includes(conn)) {
      judge(node, conn.endsAt, at, acts);
      conn.endsAt = NONE;
    }
  };

  witness.listen('opened', (entry) => {
    if (entry.kind !== 'opened') return;
    const conn = connOf(entry.conn);
    // An opening may still arrive after the client has given the dial up; that is no second verdict.
    if (conn.client === null || conn.client.node !== entry.node || conn.over) return;
    judge(entry.node, conn.dialledAt + conn.client.connectTimeout, entry.at, false);
  });
  witness.listen('hungUp', (entry) => {
    if (entry.kind === 'hungUp') end(entry.conn, entry.node, entry.at, true);
  });
  witness.listen('closed', (entry) => {
    if (entry.kind === 'closed') end(entry.conn, entry.node, entry.at, false);
  });
  witness.listen('crashed', (entry) => {
    // Nobody is left who could keep them.
    if (entry.kind === 'crashed') draining.delete(entry.node);
  });
  witness.listen('paused', (entry) => {
    if (entry.kind === 'paused') heldUntil.set(entry.node, entry.begins ? NEVER : entry.at);
  });
  witness.listen('throttled', (entry) => {
    if (entry.kind === 'throttled') heldUntil.set(entry.node, entry.resolution > 0 ? NEVER : entry.at);
  });

  return {
    totals,
    brokeSilence(conn, at) {
      const { client } = conn;
      if (client === null || conn.over) return;
      if (isCurrent(conn)) judge(client.node, conn.heardAt + conn.deadAfter, at, false);
      else if (conn.openedAt > NONE && conn.heardAt === NONE)
        judge(client.node, conn.openedAt + client.helloTimeout, at, false);
    },
    expect(conn, server, ends) {
      conn.endsAt = ends;
      const mine = draining.get(server);
      if (mine === undefined) draining.set(server, [conn]);
      else mine.push(conn);
    },
  };
}
