/**
 * Law 10, isolation: what belongs to one client reaches no other, and a bad token opens nothing.
 *
 * Judged on the wire, hop by hop, so that a byte is found out where it leaves and not only if an application takes it.
 * A connection is for whoever its token speaks for. WELCOME may name only that client's session, and DATA only what was
 * produced in the session that the connection was welcomed to. The token itself is compared with what the token service
 * was seen to give out and to take back. What counts is when the token was shown: a verdict may lag behind the service,
 * so that a token which turns bad on its way may still open, and one that was bad before it left may not.
 *
 * One connection of each generation is the server's own; there nothing may be sent once the token is over. Behind it
 * forwarders may still be busy with what was sent in time. When a token is over is derived in tokens.ts.
 */
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import { clientOf, type EntryOf } from '../../../src/session/history.ts';
import type { Auth, Data, Hello, Snapshot, Token, Welcome } from '../../../src/session/wire/frames.ts';
import { formatDuration } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';
import { faultOf, graceOf, mostBehind, newTokens, noteClock, noteIssued, noteRevoked, type Tokens } from './tokens.ts';

/** What was produced on one stream of a session in one epoch. */
interface Production {
  readonly stream: number;
  readonly epoch: number;
  readonly content: number;
  head: number;
}

interface Session {
  client: NodeId;
  /** The newest generation that was welcomed. */
  generation: number;
  /** The server that welcomed to each generation. */
  readonly hosts: Few<number, NodeId>;
  readonly productions: Production[];
}

interface Conn {
  readonly dialler: NodeId;
  /** Since HELLO: the token that it stands on, and when that was shown. */
  token: Token;
  shownAt: number;
  /** A renewal that was offered and not accepted yet. */
  offer: Token | null;
  offeredAt: number;
  /** Since WELCOME. */
  session: Session | null;
  number: number;
  /** The server that its generation is at, and how far the token service was behind when it verified the token. */
  host: NodeId;
  serviceBehind: number;
  /** Clocks permitting, nothing may be sent any more after this; never, for a connection that only forwards. */
  until: number;
  /** The production that was sent last. */
  last: Production | null;
}

interface Memory {
  readonly tokens: Tokens;
  readonly sessions: Map<number, Session>;
  readonly conns: Map<ConnId, Conn>;
  /** Agents produce in bursts: where the last chunk went. */
  lastSession: number;
  last: Production | null;
}

export const isolation = law<Memory>({
  name: 'isolation',
  states: "nobody receives a byte of another's session; an expired, revoked or forged token gets nothing",
  needs: { entries: ['sent'] },
  remember: ({ tokenLeeway }) => ({
    tokens: newTokens(tokenLeeway),
    sessions: new Map(),
    conns: new Map(),
    lastSession: -1,
    last: null,
  }),
  on: {
    issued: ({ tokens }, entry) => noteIssued(tokens, entry),
    revoked: ({ tokens }, entry) => noteRevoked(tokens, entry),
    clock: ({ tokens }, entry) => noteClock(tokens, entry),
    // A new process looks at a right clock until it is told of a wrong one.
    restarted: ({ tokens }, { node, at }) => noteClock(tokens, { node, at, ahead: 0 }),
    owned(memory, { session, client }) {
      const known = memory.sessions.get(session);
      if (known === undefined)
        memory.sessions.set(session, { client, generation: -1, hosts: new Few(), productions: [] });
      else known.client = client;
    },
    produced(memory, entry) {
      const { last } = memory;
      if (
        last !== null &&
        memory.lastSession === entry.session &&
        last.stream === entry.stream &&
        last.epoch === entry.epoch
      ) {
        if (entry.seq > last.head) last.head = entry.seq;
      } else produce(memory, entry);
    },
    restored(memory, { node, session }, breach) {
      const owner = memory.sessions.get(session)?.client;
      if (owner !== undefined && owner !== clientOf(node))
        breach(`${node} was given session ${session}, which is ${owner}'s.`);
    },
    sent: send,
  },
});

function send(memory: Memory, entry: EntryOf<'sent'>, breach: Breach): void {
  const frame = entry.payload;
  switch (frame.type) {
    case 'DATA': {
      const conn = memory.conns.get(entry.conn);
      if (conn === undefined || conn.session === null) {
        breach(
          `${entry.node} sent ${named(frame)} on connection ${breach.nameOf(entry.conn)}, which no token had opened.`,
        );
        return;
      }
      if (entry.at > conn.until) judgeAge(memory, conn, entry, breach);
      let { last } = conn;
      if (last === null || last.stream !== frame.stream || last.epoch !== frame.epoch) {
        last = productionOf(conn.session, frame.stream, frame.epoch);
        conn.last = last;
      }
      if (last === null || frame.chunk.content !== last.content || frame.seq > last.head)
        judgeOrigin(memory, conn, entry, frame, breach);
      return;
    }
    case 'HELLO':
      greet(memory, entry, frame, breach);
      return;
    case 'WELCOME':
      welcome(memory, entry, frame, breach);
      return;
    case 'AUTH':
      renew(memory, entry, frame, breach);
      return;
    case 'SNAPSHOT':
      judgeSnapshot(memory, entry, frame, breach);
      return;
    case 'SEND_ACK':
    case 'RESET':
    case 'REPLAY_END':
    case 'GOAWAY': {
      const conn = memory.conns.get(entry.conn);
      if (conn === undefined || conn.session === null)
        breach(
          `${entry.node} sent ${frame.type} on connection ${breach.nameOf(entry.conn)}, which no token had opened.`,
        );
      else if (entry.at > conn.until) judgeAge(memory, conn, entry, breach);
    }
  }
}

function greet(memory: Memory, entry: EntryOf<'sent'>, { token }: Hello, breach: Breach): void {
  const known = memory.conns.get(entry.conn);
  // The token that a connection is judged by is the first one: a second HELLO opens nothing.
  if (known !== undefined) return;
  if (token.subject === '') breach(`${entry.node} said HELLO with a token that speaks for nobody.`);
  memory.conns.set(entry.conn, {
    dialler: entry.node,
    token,
    shownAt: entry.at,
    offer: null,
    offeredAt: 0,
    session: null,
    number: 0,
    host: '',
    serviceBehind: 0,
    until: Number.POSITIVE_INFINITY,
    last: null,
  });
}

function welcome(memory: Memory, entry: EntryOf<'sent'>, frame: Welcome, breach: Breach): void {
  const conn = memory.conns.get(entry.conn);
  const what = `${entry.node} sent WELCOME to session ${frame.session} on connection ${breach.nameOf(entry.conn)}`;
  if (conn === undefined) {
    breach(`${what}, where nobody had shown a token.`);
    return;
  }
  const { tokens } = memory;
  const session = memory.sessions.get(frame.session);
  const isNew = session !== undefined && frame.generation > session.generation;
  conn.host = (isNew ? undefined : session?.hosts.get(frame.generation)) ?? entry.node;
  const wrong = faultOf(tokens, conn.token, conn.shownAt, graceOf(tokens, conn.host, conn.shownAt, entry.at));
  if (wrong !== '') breach(`${what} for a token of ${conn.token.subject} that ${wrong}.`);
  if (session === undefined) {
    breach(`${what}, which nobody owns.`);
    return;
  }
  if (session.client !== conn.token.subject)
    breach(`${what} for a token of ${conn.token.subject}, but the session is ${session.client}'s.`);
  conn.session = session;
  conn.number = frame.session;
  conn.last = null;
  if (!isNew) return;
  session.generation = frame.generation;
  session.hosts.set(frame.generation, entry.node);
  conn.serviceBehind = mostBehind(tokens, tokens.service, conn.shownAt, entry.at);
  conn.until = conn.token.expiresAt + tokens.leeway;
}

/** AUTH from the side that said HELLO offers a token, the same from the other side accepts it. */
function renew(memory: Memory, entry: EntryOf<'sent'>, { token }: Auth, breach: Breach): void {
  const conn = memory.conns.get(entry.conn);
  if (conn === undefined) return;
  if (entry.node === conn.dialler) {
    conn.offer = token;
    conn.offeredAt = entry.at;
    return;
  }
  const { tokens } = memory;
  // An earlier offer may be accepted after a later one was made; it was shown no later than that one.
  const shownAt = conn.offer?.serial === token.serial ? conn.offeredAt : conn.shownAt;
  const what = `${entry.node} accepted a token of ${token.subject} on connection ${breach.nameOf(entry.conn)}`;
  const wrong = faultOf(tokens, token, shownAt, graceOf(tokens, conn.host, shownAt, entry.at));
  if (wrong !== '') breach(`${what} that ${wrong}.`);
  else if (token.subject !== conn.token.subject)
    breach(`${what}, but the connection is ${conn.token.subject}'s: a renewal never changes for whom it is.`);
  conn.token = token;
  conn.shownAt = shownAt;
  if (conn.until === Number.POSITIVE_INFINITY) return;
  conn.serviceBehind = mostBehind(tokens, tokens.service, shownAt, entry.at);
  conn.until = token.expiresAt + tokens.leeway;
}

function judgeAge(memory: Memory, conn: Conn, entry: EntryOf<'sent'>, breach: Breach): void {
  const { tokens } = memory;
  const grace = Math.min(conn.serviceBehind, mostBehind(tokens, conn.host, entry.at, entry.at));
  if (entry.at <= conn.until + grace) return;
  const late = entry.at - conn.token.expiresAt;
  breach(
    `${entry.node} sent ${entry.payload.type} on connection ${breach.nameOf(entry.conn)} ${formatDuration(late)} after the token of ${conn.token.subject} had expired; at most ${formatDuration(tokens.leeway + grace)} are permitted.`,
  );
}

function judgeOrigin(
  memory: Memory,
  conn: Conn,
  { node, conn: id }: EntryOf<'sent'>,
  frame: Data,
  breach: Breach,
): void {
  const whose = [...memory.sessions].find(([, { productions }]) =>
    productions.some(
      ({ stream, epoch, content, head }) =>
        stream === frame.stream && epoch === frame.epoch && content === frame.chunk.content && frame.seq <= head,
    ),
  );
  breach(
    `${node} sent ${named(frame)} to ${conn.token.subject} on connection ${breach.nameOf(id)} of session ${conn.number}, where it was never produced${whose === undefined ? '' : `; it belongs to session ${whose[0]} of ${whose[1].client}`}.`,
  );
}

function judgeSnapshot(memory: Memory, entry: EntryOf<'sent'>, frame: Snapshot, breach: Breach): void {
  const conn = memory.conns.get(entry.conn);
  if (conn === undefined || conn.session === null) {
    breach(`${entry.node} sent SNAPSHOT on connection ${breach.nameOf(entry.conn)}, which no token had opened.`);
    return;
  }
  if (entry.at > conn.until) judgeAge(memory, conn, entry, breach);
  const production = productionOf(conn.session, frame.stream, frame.epoch);
  for (const chunk of frame.chunks) {
    if (production !== null && chunk.content === production.content) continue;
    breach(
      `${entry.node} sent a snapshot with bytes of content ${chunk.content} to ${conn.token.subject} as stream ${frame.stream} of session ${conn.number}, where ${production === null ? 'nothing' : `only content ${production.content}`} was produced.`,
    );
    return;
  }
}

const productionOf = ({ productions }: Session, stream: number, epoch: number): Production | null =>
  productions.findLast((each) => each.stream === stream && each.epoch === epoch) ?? null;

function produce(memory: Memory, { session, stream, epoch, seq, chunk, node }: EntryOf<'produced'>): void {
  let owner = memory.sessions.get(session);
  if (owner === undefined) {
    // Law 5 judges who may write into a session; here it only has to be told apart from others.
    owner = { client: node, generation: -1, hosts: new Few(), productions: [] };
    memory.sessions.set(session, owner);
  }
  let production = productionOf(owner, stream, epoch);
  if (production === null) {
    production = { stream, epoch, content: chunk.content, head: 0 };
    owner.productions.push(production);
  }
  if (seq > production.head) production.head = seq;
  memory.lastSession = session;
  memory.last = production;
}

const named = (frame: Data): string => `seq ${frame.seq} of stream ${frame.stream} (content ${frame.chunk.content})`;
