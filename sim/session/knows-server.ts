/** What servers know of a client: its connections, what they have sent on them, and what they wait for. */
import { counted } from '../../src/count.ts';
import { clientOf } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import type { Call, ServerConn, ServerState, ServerStream } from '../../src/session/server/state.ts';
import { elapsed, formatDuration, formatInstant } from '../../src/time.ts';
import type { About } from '../core/knowledge.ts';
import { chosen, inEpoch, NAMED, ownRecord, type Parties, type Say, sessionOf } from './parties.ts';

export function serversKnow(client: NodeId, { servers, store }: Parties, about: About, say: Say): void {
  const owner = ownRecord(store?.[1] ?? null, client)?.[1].owner;
  for (const [name, state] of servers) {
    if (state === null) {
      if (owner === name || servers.length === 1) say(name, ['is down']);
      continue;
    }
    const conns = Object.entries(state.conns).filter(([, { hello }]) => hello?.client === clientOf(client));
    const parts = conns.slice(-NAMED).map(([conn, of]) => connIn(Number(conn), of, state, about));
    for (const call of Object.values(state.calls))
      if (
        isAbout(call, client, sessionOf(null, { store }, client)) &&
        !conns.some(([conn]) => Number(conn) === call.conn)
      )
        parts.push(
          `waits for ${call.to} to answer ${call.message.type}, asked ${counted(call.attempts, 'time')} since ${formatInstant(call.asked)}`,
        );
    if (parts.length === 0 && owner === name) parts.push(`has no connection of ${client}, though it owns its session`);
    if (parts.length > 0 && state.phase !== 'serving') parts.unshift(`is ${state.phase}`);
    say(name, parts);
  }
}

/** Whether a request is about that client, or a session that is gone with it. */
function isAbout({ message }: Call, client: NodeId, session: number): boolean {
  if ('client' in message) return message.client === client;
  return 'session' in message && (session === 0 || message.session === session);
}

function connIn(id: number, conn: ServerConn, state: ServerState, about: About): string {
  const streams = chosen(conn.streams, about).map(([stream, each]) => streamIn(stream, each, conn));
  const calls = conn.asked.flatMap((op) => {
    const call = state.calls[op];
    return call === undefined
      ? []
      : [
          `waits for ${call.to} to answer ${call.message.type}, asked ${formatDuration(elapsed(call.asked, about.now))} ago`,
        ];
  });
  const place =
    conn.stage === 'attached'
      ? `serves session ${conn.session} at generation ${conn.generation} on ${about.nameOf(id)}`
      : conn.stage === 'admitting'
        ? `is about to admit ${about.nameOf(id)}`
        : `waits for HELLO on ${about.nameOf(id)}`;
  const parts = [
    place,
    ...streams,
    ...calls.slice(0, NAMED),
    conn.sends > 0 ? `${counted(conn.sends, 'SEND')} not answered yet` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function streamIn(
  stream: number,
  { epoch, sent, head, reading, starved, limit, snapshot, finished, replayTo }: ServerStream,
  conn: ServerConn,
): string {
  const place = `has sent stream ${stream} up to seq ${sent}${inEpoch(epoch)} and knows of ${head} durable`;
  const more = [
    snapshot === null ? null : `sends a snapshot from ${snapshot.from} to ${snapshot.asOf}`,
    reading ? 'reads the log' : null,
    starved ? `waits for credit beyond byte ${limit}` : null,
    finished ? 'takes it for finished' : null,
    replayTo >= 0 ? `owes REPLAY_END at ${replayTo}` : null,
  ].filter((each) => each !== null);
  return more.length === 0 || conn.stage !== 'attached' ? place : `${place} (${more.join(', ')})`;
}
