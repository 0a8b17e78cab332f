/**
 * Law 14, stream health: an agent that falls silent on a living connection is noticed, and the application is told.
 *
 * Two promises, each judged where it is kept. The server's: on the connection that it was seen to welcome, a stream of
 * which nothing became durable is reported (STALLED leaves the server) within the stated bound, not before it was silent
 * for long enough, and once. The client's: a report that reaches it on its own connection reaches its application in the
 * same event, once for each place, and nothing else does. Whether the connection itself is well is judged by law 7.
 *
 * Of a server that stands still nothing can be expected, so its streams are judged up to that moment, and anew when it goes
 * on. A stream counts as ended when its last chunk was seen to leave or to become durable.
 */
import { APPLICATION_ERRORS } from '../../../src/errors.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { StallFacts } from '../../../src/session/facts.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import type { Stalled } from '../../../src/session/wire/frames.ts';
import { formatDuration } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';
import {
  type Client,
  IN_FLIGHT,
  newClient,
  type Session,
  type Stream,
  sessionOf,
  streamOf,
} from './stream-health-memory.ts';

interface Memory {
  readonly stall: StallFacts;
  readonly sessions: Map<number, Session>;
  /** Sessions by the connection that serves them. */
  readonly serving: Map<ConnId, Session>;
  readonly clients: Map<NodeId, Client>;
  /** Servers that stand still. */
  readonly held: Set<NodeId>;
  last: Stream | null;
}

export const streamHealth = law<Memory>({
  name: 'stream-health',
  states:
    'an agent that is silent on a living connection is noticed by its server, and the application is told, once for each stall and within the stated bound',
  needs: { entries: ['produced'] },
  remember: (facts) => ({
    stall: facts.stall,
    sessions: new Map(),
    serving: new Map(),
    clients: new Map(facts.clients.map((limits) => [limits.node, newClient(limits)])),
    held: new Set(),
    last: null,
  }),
  on: {
    durable(memory, entry, breach) {
      let { last } = memory;
      if (last === null || last.number !== entry.stream || last.session.number !== entry.session) {
        const session = memory.sessions.get(entry.session);
        if (session === undefined) return;
        last = streamOf(session, entry.stream, entry.at);
        memory.last = last;
      }
      if (entry.at - last.movedAt >= memory.stall.after) {
        judge(memory, last, entry.at, breach);
        last.movedBefore = last.movedAt;
        last.wokeAt = entry.at;
      }
      last.movedAt = entry.at;
      last.toldAt = -1;
      if (entry.chunk.fin) last.endedIn = entry.epoch;
    },
    sent(memory, entry, breach) {
      const frame = entry.payload;
      switch (frame.type) {
        case 'DATA': {
          if (!frame.chunk.fin) return;
          const stream = memory.serving.get(entry.conn)?.streams.get(frame.stream);
          if (stream !== undefined) stream.endedIn = frame.epoch;
          return;
        }
        case 'SNAPSHOT': {
          const stream = memory.serving.get(entry.conn)?.streams.get(frame.stream);
          if (stream !== undefined && frame.chunks.at(-1)?.fin) stream.endedIn = frame.epoch;
          return;
        }
        case 'WELCOME': {
          const session = sessionOf(memory.sessions, frame.session);
          if (frame.generation <= session.generation) return;
          leave(memory, session, entry.at, breach);
          session.generation = frame.generation;
          session.server = entry.node;
          session.conn = entry.conn;
          session.since = entry.at;
          memory.serving.set(entry.conn, session);
          for (const { stream } of frame.streams) streamOf(session, stream, entry.at);
          return;
        }
        case 'SEND_ACK': {
          const session = memory.serving.get(entry.conn);
          if (session !== undefined && frame.stream > 0) streamOf(session, frame.stream, entry.at);
          return;
        }
        case 'RESET': {
          // The answer begins anew: its end is yet to come, unless it is in the log already.
          const stream = memory.serving.get(entry.conn)?.streams.get(frame.stream);
          if (stream !== undefined && frame.reason === 'epoch_changed' && stream.endedIn < frame.epoch)
            stream.endedIn = 0;
          return;
        }
        case 'STALLED':
          report(memory, entry, frame, breach);
      }
    },
    hungUp: depart,
    closed: depart,
    crashed(memory, { node, at }, breach) {
      for (const session of memory.sessions.values()) if (session.server === node) leave(memory, session, at, breach);
    },
    paused(memory, { node, at, begins }, breach) {
      for (const session of memory.sessions.values()) {
        if (session.server !== node) continue;
        if (begins) {
          judgeAll(memory, session, at, breach);
          for (const stream of session.streams.values()) stream.movedHeld = stream.movedAt;
        } else session.wentOnAt = at;
      }
      if (begins) memory.held.add(node);
      else memory.held.delete(node);
    },
    'delivered WELCOME'(memory, { node, conn }) {
      const client = memory.clients.get(node);
      if (client !== undefined && !client.ended.has(conn)) client.conn = conn;
    },
    'delivered STALLED'(memory, { node, conn, payload, event }, breach) {
      const client = memory.clients.get(node);
      if (client === undefined || client.ended.has(conn)) return;
      if (conn !== client.conn || client.over || client.told.get(payload.stream) === placeOf(payload)) return;
      settle(client, event, breach);
      client.due = { ...payload, event };
    },
    stalled(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      const { due } = client;
      client.due = null;
      const place = placeOf(entry);
      const what = `${client.node}'s application was told that stream ${entry.stream} stalls behind seq ${entry.seq}`;
      if (client.told.get(entry.stream) === place) breach(`${what}, a second time.`);
      else if (due === null || due.event !== entry.event || due.stream !== entry.stream || placeOf(due) !== place)
        breach(`${what}, but no server had said so.`);
      client.told.set(entry.stream, place);
    },
    restored(memory, { node, resumed }) {
      if (!resumed) memory.clients.get(node)?.told.clear();
    },
    reloaded(memory, { node }) {
      // The new page's application has heard of nothing yet.
      memory.clients.get(node)?.told.clear();
    },
    intent(memory, { node, intent }) {
      const client = memory.clients.get(node);
      if (client !== undefined && intent === 'leave') client.over = true;
    },
    told(memory, { node, error }) {
      const client = memory.clients.get(node);
      if (client !== undefined && APPLICATION_ERRORS[error]?.terminal) client.over = true;
    },
    rest(memory, { at }, breach) {
      for (const session of memory.sessions.values()) leave(memory, session, at, breach);
    },
  },
  end(memory, breach) {
    for (const client of memory.clients.values()) settle(client, Number.POSITIVE_INFINITY, breach);
  },
});

/** Neither side serves the session on this connection any more. */
function depart(memory: Memory, { node, conn, at }: EntryOf<'hungUp'> | EntryOf<'closed'>, breach: Breach): void {
  const client = memory.clients.get(node);
  if (client !== undefined) {
    client.ended.set(conn, true);
    if (client.conn === conn) client.conn = -1;
  }
  const session = memory.serving.get(conn);
  if (session !== undefined && session.server === node && session.conn === conn) leave(memory, session, at, breach);
}

function leave(memory: Memory, session: Session, now: number, breach: Breach): void {
  if (session.conn < 0) return;
  judgeAll(memory, session, now, breach);
  memory.serving.delete(session.conn);
  session.conn = -1;
}

function judgeAll(memory: Memory, session: Session, now: number, breach: Breach): void {
  for (const stream of session.streams.values()) judge(memory, stream, now, breach);
}

/** How long the stream has been silent under the eyes of its server, and whether that was reported in time. */
function judge(memory: Memory, stream: Stream, now: number, breach: Breach): void {
  const { session } = stream;
  if (stream.endedIn > 0 || session.conn < 0 || stream.toldAt >= session.since) return;
  if (memory.held.has(session.server)) return;
  const silent = now - Math.max(stream.movedAt, session.since, session.wentOnAt);
  if (silent <= memory.stall.within) return;
  breach(
    `${session.server} served stream ${stream.number} of session ${session.number} on connection ${breach.nameOf(session.conn)} for ${formatDuration(silent)} without a word of its agent, and reported nothing; it must within ${formatDuration(memory.stall.within)}.`,
  );
}

/** STALLED leaves the server, or is passed on. */
function report(memory: Memory, entry: EntryOf<'sent'>, frame: Stalled, breach: Breach): void {
  const session = memory.serving.get(entry.conn);
  const stream = session?.streams.get(frame.stream);
  // Passed on by a forwarder, or by a server that was fenced and does not know.
  if (session === undefined || session.server !== entry.node) return;
  const what = `${entry.node} reported on connection ${breach.nameOf(entry.conn)} that stream ${frame.stream} of session ${session.number} stalls behind seq ${frame.seq}`;
  if (stream === undefined) {
    breach(`${what}, but there is no such stream.`);
    return;
  }
  if (stream.toldAt >= session.since) breach(`${what}, a second time.`);
  judge(memory, stream, entry.at, breach);
  const isNews = entry.at - stream.wokeAt <= IN_FLIGHT;
  const wentOn = entry.at - session.wentOnAt <= IN_FLIGHT;
  const silent = entry.at - (wentOn ? stream.movedHeld : isNews ? stream.movedBefore : stream.movedAt);
  if (silent < memory.stall.after)
    breach(
      `${what}, although something became durable ${formatDuration(silent)} earlier; a stream that is silent for less than ${formatDuration(memory.stall.after)} is healthy.`,
    );
  stream.toldAt = entry.at;
}

/** A report that reached the client must have been told within its event. */
function settle(client: Client, now: number, breach: Breach): void {
  const { due } = client;
  if (due === null || due.event >= now) return;
  client.due = null;
  breach(`${client.node} was told that stream ${due.stream} stalls behind seq ${due.seq}, and kept it to itself.`);
}

const placeOf = ({ epoch, seq }: { readonly epoch: number; readonly seq: number }): string => `${epoch}/${seq}`;
