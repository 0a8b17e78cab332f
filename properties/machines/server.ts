/** A server between a client and its services, all played by the test. */
import type { Chunk } from '../../src/content.ts';
import type { ServerConfig } from '../../src/session/server/config.ts';
import { server } from '../../src/session/server/server.ts';
import type { ServerEffect, ServerEvent, ServerState } from '../../src/session/server/state.ts';
import type { Message, StreamRecord } from '../../src/session/services.ts';
import type { Cursor, Frame, FrameType, HeldPieces, Hello, Token } from '../../src/session/wire/frames.ts';
import { at, elapsed, ms, seconds } from '../../src/time.ts';
import { Drive } from './drive.ts';

export const CONFIG: ServerConfig = {
  node: 's1',
  store: 'store',
  auth: 'auth',
  agent: 'agent1',
  protoMin: 1,
  protoMax: 2,
  sessionTtl: seconds(300),
  heartbeatInterval: seconds(4),
  deadAfter: seconds(10),
  stallAfter: seconds(15),
  helloTimeout: seconds(10),
  callTimeout: ms(500),
  callAttempts: 3,
  readBytes: 4000,
  drainSpread: ms(500),
  connectionsMax: 0,
  retryAfter: seconds(1),
};

export const TOKEN: Token = { subject: 'c1', serial: 7, expiresAt: at(60_000_000), signature: 1 };
/** The credit that clients grant: ten chunks. */
export const CREDIT = 1000;

/** Chunk `seq` of content 0: 100 bytes. */
export const chunk = (seq: number, fin = false): Chunk => ({
  content: 0,
  start: (seq - 1) * 100,
  end: seq * 100,
  sum: seq,
  part: 0,
  fin,
});
export const chunks = (from: number, to: number, fin = false): Chunk[] =>
  Array.from({ length: to - from + 1 }, (_, i) => chunk(from + i, fin && from + i === to));

export const record = (over: Partial<StreamRecord> = {}): StreamRecord => ({
  stream: 1,
  epoch: 1,
  content: 0,
  head: 0,
  oldest: 1,
  done: false,
  ...over,
});

/** A client that has processed so much of stream 1, with its credit behind that. */
export const cursor = (lastSeq: number, epoch = 1, held: HeldPieces | null = null): Cursor => ({
  stream: 1,
  epoch,
  lastSeq,
  limit: lastSeq * 100 + CREDIT,
  held,
});

type Ask<Type extends Message['type']> = Extract<Message, { readonly type: Type; readonly op: number }>;

export class Played extends Drive<ServerConfig, ServerState, ServerEvent, ServerEffect> {
  constructor(config: Partial<ServerConfig> = {}) {
    super(server, { ...CONFIG, ...config });
  }

  /** What it posted in the last step, of one type. */
  posted<Type extends Message['type']>(type: Type): Extract<Message, { readonly type: Type }>[] {
    return this.effects('post').flatMap(({ message }) =>
      message.type === type ? [message as Extract<Message, { readonly type: Type }>] : [],
    );
  }

  /** The request of that type in the last step. */
  asked<Type extends Ask<Message['type']>['type']>(type: Type): Ask<Type> {
    const found = this.posted(type)[0];
    if (found === undefined) throw new Error(`no ${type} was asked: ${JSON.stringify(this.last)}`);
    return found as Ask<Type>;
  }

  /** Frames of the last step, of one type. */
  sent<Type extends FrameType>(type: Type): Extract<Frame, { readonly type: Type }>[] {
    return this.effects('send').flatMap(({ payload }) =>
      payload.type === type ? [payload as Extract<Frame, { readonly type: Type }>] : [],
    );
  }

  /** Close codes of the last step. */
  closes(): number[] {
    return this.effects('close').map(({ code }) => code);
  }

  hear(message: Message, from = message.type === 'verified' || message.type === 'revoked' ? 'auth' : 'store'): void {
    this.tell({ type: 'message', from, message });
  }

  frame(conn: number, payload: Frame): void {
    this.tell({ type: 'frame', conn, payload, bytes: 100 });
  }

  /** A connection comes in and says HELLO. */
  greet(conn: number, over: Partial<Hello> = {}): void {
    this.tell({ type: 'incoming', conn, from: 'lb' });
    this.frame(conn, {
      type: 'HELLO',
      protoMin: 1,
      protoMax: 1,
      token: TOKEN,
      client: 'c1',
      dial: conn,
      credit: CREDIT,
      resume: null,
      ...over,
    });
  }

  /** …and its token is good. */
  verify(): void {
    const { op } = this.asked('verify');
    const expiresAt = at(65_000_000);
    this.hear({ type: 'verified', op, verdict: 'ok', expiresAt, lives: elapsed(this.now, expiresAt) });
  }

  /** A connection that owns session 1, with these streams and cursors. */
  attach(
    conn: number,
    {
      streams = [],
      cursors,
      credit = CREDIT,
    }: { streams?: readonly StreamRecord[]; cursors?: readonly Cursor[]; credit?: number } = {},
  ): void {
    const resume = cursors === undefined ? null : { session: 1, resumeToken: 5, streams: cursors };
    this.greet(conn, { resume, credit });
    this.verify();
    this.claim(conn, { streams, resumed: cursors !== undefined });
  }

  /** The store grants the claim that was just asked. */
  claim(
    conn: number,
    {
      streams = [],
      resumed = false,
      session = 1,
      generation = conn,
    }: { streams?: readonly StreamRecord[]; resumed?: boolean; session?: number; generation?: number } = {},
  ): void {
    const { op } = this.asked('claim');
    const context = { turns: 0, digest: 0 };
    this.hear({
      type: 'claimed',
      op,
      conn,
      session,
      generation,
      resumeToken: 6,
      resumed,
      sendAck: 0,
      corrupt: false,
      context,
      streams,
    });
  }

  /** The log answers the read that was just asked. */
  answer(list: readonly Chunk[], { head = list.length, epoch = 1, oldest = 1 } = {}): void {
    const { op, session, stream, from } = this.asked('read');
    this.hear({ type: 'entries', op, session, stream, epoch, from, chunks: list, head, oldest });
  }

  /** The log answers the piece of a snapshot that was just asked. */
  piece(list: readonly Chunk[], { asOf = list.length, epoch = 1, last = true } = {}): void {
    const { op, session, stream, from } = this.asked('readSnapshot');
    this.hear({ type: 'snapshotPiece', op, session, stream, epoch, asOf, from, chunks: list, last });
  }

  ack(conn: number, seq: number, { limit = seq * 100 + CREDIT, epoch = 1 } = {}): void {
    this.frame(conn, { type: 'ACK', stream: 1, epoch, seq, limit });
  }

  send(conn: number, clientSeq: number, bytes = 10): void {
    this.frame(conn, { type: 'SEND', clientSeq, key: `k${clientSeq}`, ask: 0, bytes });
  }
}
