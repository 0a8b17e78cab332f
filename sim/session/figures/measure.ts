/**
 * Figures: what a run measured, folded from history like a law, so that they too need nobody's own report.
 *
 * Five folds share one view of the clients: the wire, deadlines, recovery, streams, and the rush at the servers.
 */
import type { NodeId } from '../../../src/machine.ts';
import type { Instant } from '../../../src/time.ts';
import type { SessionWitness } from '../observe.ts';
import type { SessionWorld } from '../world.ts';
import { cyclesOf, movesOf } from './cycles.ts';
import { watchDeadlines } from './deadlines.ts';
import type { Figures } from './measured.ts';
import { watchRecovery } from './recovery.ts';
import { watchRush } from './rush.ts';
import { watchStreams } from './streams.ts';
import { type ClientView, type ConnView, newClient } from './views.ts';
import { type Ears, watchWire } from './wire.ts';

/** What of the world the figures must know: who is who, its promises, and the real bytes. */
type Known = Pick<SessionWorld, 'facts' | 'contents' | 'balancer' | 'servers' | 'links'>;

/** Attaches the folds to a witness; the function that it returns says what they came to when the run is over. */
export function measure(
  witness: SessionWitness,
  { facts, contents, balancer, servers, links }: Known,
): (ended: Instant) => Figures {
  const clients = new Map<NodeId, ClientView>();
  for (const { node, connectTimeout, helloTimeout } of facts.clients)
    clients.set(node, newClient(node, connectTimeout, helloTimeout));
  const byLink = new Map<NodeId, ClientView>();
  for (const { node, ends } of links) {
    const client = clients.get(ends[0]);
    if (client !== undefined) byLink.set(node, client);
  }

  const ears: Ears = {
    brokeSilence: (conn, at) => deadlines.brokeSilence(conn, at),
    heard: (conn, client, payload, at) => recovery.hear(conn, client, payload, at),
    welcomed: (conn) => rush.welcomed(conn),
    noticed: (conn, server, ends) => deadlines.expect(conn, server, ends),
  };
  const wire = watchWire(witness, clients, balancer.node, ears);
  const connOf = (id: number): ConnView => wire.connOf(id);
  // Deadlines are judged before the loss is noted, because what was expected of a connection depends on what it was.
  const deadlines = watchDeadlines(witness, connOf);
  const recovery = watchRecovery(witness, clients, connOf, byLink, facts.allowedErrors);
  const capacity = facts.admits.reduce((sum, { rate }) => sum + rate, 0);
  const rush = watchRush(witness, clients, new Set(servers.map(({ node }) => node)), capacity, connOf);
  const streams = watchStreams(witness, clients, connOf, { contents, facts }, recovery.progress);
  const credit = facts.clients.reduce((least, client) => Math.min(least, client.credit), Number.MAX_SAFE_INTEGER);

  return (ended) => {
    const { owed, completed, intact } = streams.count();
    const { totals } = recovery;
    return {
      streamsOwed: owed,
      streamsLost: streams.totals.lost,
      streamsCompleted: completed,
      streamsIntact: intact,
      ...recovery.samples,
      rolling: recovery.restarted.size < 2 ? [] : [...clients.values()].map(({ interrupted }) => interrupted),
      peakBufferBytes: wire.totals.peak,
      peakTogetherBytes: wire.totals.peakTogether,
      buffers: wire.series(ended),
      bytesSent: wire.totals.bytesSent,
      bytesResent: wire.totals.bytesResent,
      resentPermille: Math.ceil((wire.totals.peakAgain * 1000) / credit),
      disconnects: totals.disconnects,
      dials: wire.totals.dials,
      ...rush.count(),
      recoverable: totals.recoverable,
      recovered: totals.recovered,
      longestWait: totals.backoff,
      deadlinesPassed: deadlines.totals.passed,
      deadlinesKept: deadlines.totals.kept,
      ...movesOf(totals),
      ...cyclesOf(clients.values()),
      errors: recovery.errors,
      closes: recovery.closes,
    };
  };
}
