/**
 * Random walks through the client: strings of moves, most of them nonsense at the moment when they come.
 *
 * A move is data and is read against the driver when its turn comes: `conn` counts back from the last dial, so it names
 * the present connection, an older one or none. `cooperate` does what a friendly world would do next; without it a
 * random string would hardly ever come past the handshake.
 */
import fc from 'fast-check';
import type { Chunk } from '../../../src/content.ts';
import type { Attempt, ClientEvent } from '../../../src/session/client/state.ts';
import { attached, underWay } from '../../../src/session/client/state.ts';
import type { Frame, Token } from '../../../src/session/wire/frames.ts';
import { at, seconds, us } from '../../../src/time.ts';
import type { Driver } from './driver.ts';

export type Move =
  | { readonly do: 'cooperate' }
  | { readonly do: 'intend'; readonly intent: 'start' | 'leave' | 'online' | 'offline' | 'moved' | 'busy' | 'ready' }
  | { readonly do: 'take'; readonly chunks: number }
  | { readonly do: 'submit'; readonly key: number; readonly bytes: number }
  | { readonly do: 'open'; readonly conn: number }
  | { readonly do: 'close'; readonly conn: number; readonly code: number }
  | { readonly do: 'frame'; readonly conn: number; readonly frame: Frame }
  /** The next chunk of a stream, as the cursor wants it. */
  | { readonly do: 'chunk'; readonly conn: number; readonly stream: number; readonly fin: boolean }
  /** A resync of a stream: RESET, and a SNAPSHOT of so many chunks in one piece or two, the second of which may be missing. */
  | {
      readonly do: 'resync';
      readonly conn: number;
      readonly stream: number;
      readonly epoch: number;
      readonly count: number;
      readonly pieces: 'one' | 'two' | 'first';
    }
  /** An answer to a send that is unsettled. */
  | { readonly do: 'answer'; readonly conn: number; readonly rejected: boolean }
  | { readonly do: 'issue'; readonly ttl: number; readonly subject: string }
  /** The next timer fires, so much late; or any timer fires that may not even be set. */
  | { readonly do: 'fire'; readonly late: number }
  | { readonly do: 'phantom'; readonly timer: string; readonly conn: number | null }
  | { readonly do: 'pass'; readonly us: number };

const nth: fc.Arbitrary<number> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat(2) },
);
const small = fc.nat(3);
const flag = fc.boolean();
const streams = fc.array(
  fc.record({
    stream: fc.integer({ min: 1, max: 3 }),
    epoch: fc.nat(1),
    headSeq: small,
    resumed: flag,
    reason: fc.constantFrom(null, 'epoch_changed' as const),
  }),
  { maxLength: 3 },
);
const chunk: fc.Arbitrary<Chunk> = fc
  .record({ content: small, start: fc.nat(4000), size: fc.nat(900), sum: fc.constant(7), part: small, fin: flag })
  .map(({ size, ...rest }) => ({ ...rest, end: rest.start + size }));
const token = (subject: string, serial: number, expires: number): Token => ({
  subject,
  serial,
  expiresAt: at(expires),
  signature: 1,
});
const duration = fc.oneof(fc.constant(0), fc.nat(30_000_000)).map(us);

export const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    type: fc.constant('WELCOME' as const),
    proto: fc.constantFrom(1, 1, 1, 1, 9),
    session: fc.integer({ min: 1, max: 3 }),
    resumeToken: small,
    generation: small,
    resumed: flag,
    streams,
    sendAck: small,
    context: fc.constant({ turns: 0, digest: 0 }),
    sessionTtl: duration,
    heartbeatInterval: fc.constant(seconds(2)),
    deadAfter: fc.constant(seconds(5)),
  }),
  fc.record({
    type: fc.constant('DATA' as const),
    stream: small,
    epoch: fc.nat(1),
    seq: fc.integer({ min: 1, max: 5 }),
    chunk,
  }),
  fc.record({ type: fc.constant('STALLED' as const), stream: small, epoch: fc.nat(1), seq: small }),
  fc.record({ type: fc.constant('REPLAY_END' as const), stream: small, epoch: fc.nat(1), seq: small }),
  fc.record({
    type: fc.constant('RESET' as const),
    stream: small,
    reason: fc.constantFrom('window_exceeded' as const, 'epoch_changed' as const, 'unknown_session' as const),
    epoch: fc.nat(1),
    oldestSeq: small,
    held: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, small),
  }),
  fc.record({
    type: fc.constant('SNAPSHOT' as const),
    stream: small,
    epoch: fc.nat(1),
    seq: small,
    chunks: fc.array(chunk, { maxLength: 3 }),
    last: flag,
  }),
  fc.record({
    type: fc.constant('SEND_ACK' as const),
    clientSeq: small,
    key: fc.constantFrom('k0', 'k1', 'k2'),
    stream: small,
  }),
  fc.record({ type: fc.constant('GOAWAY' as const), deadline: duration, retryAfter: duration, lastSend: small }),
  fc.record({
    type: fc.constant('ERROR' as const),
    code: fc.constantFrom('unavailable' as const, 'send_rejected' as const),
    reason: fc.constant('x'),
    clientSeq: fc.constantFrom(0, 0, 1, 2),
    retryAfter: duration,
  }),
  fc.record({ type: fc.constantFrom('PING' as const, 'PONG' as const), nonce: small }),
  fc.constant<Frame>({ type: 'AUTH', token: token('c1', 1, 1) }),
  fc.constant<Frame>({ type: 'ACK', stream: 1, epoch: 0, seq: 1, limit: 1 }),
  fc.constant<Frame>({ type: 'SEND', clientSeq: 1, key: 'k0', ask: -1, bytes: 0 }),
);

const TIMERS = [
  'token',
  'connect',
  'welcome',
  'retry',
  'handover',
  'drained',
  'heartbeat',
  'liveness',
  'ack',
  'refresh',
];
/** Codes that a connection may survive weigh more, or every walk would end early. */
const CODES = [1000, 1006, 1006, 1006, 1011, 1012, 1013, 4004, 4008, 4999, 4001, 1002, 4003, 4005];

const one = (weight: number, arbitrary: fc.Arbitrary<Move>): fc.WeightedArbitrary<Move> => ({ weight, arbitrary });
const move: fc.Arbitrary<Move> = fc.oneof(
  one(
    2,
    fc.record({
      do: fc.constant('resync' as const),
      conn: nth,
      stream: fc.integer({ min: 1, max: 3 }),
      epoch: fc.nat(1),
      count: small,
      pieces: fc.constantFrom('one' as const, 'two' as const, 'first' as const),
    }),
  ),
  one(12, fc.constant({ do: 'cooperate' })),
  one(
    5,
    fc.record({ do: fc.constant('chunk' as const), conn: nth, stream: fc.integer({ min: 1, max: 3 }), fin: flag }),
  ),
  one(
    4,
    fc.record({ do: fc.constant('submit' as const), key: fc.nat(7), bytes: fc.constantFrom(0, 100, 900, 70_000) }),
  ),
  one(3, fc.record({ do: fc.constant('answer' as const), conn: nth, rejected: flag })),
  one(6, fc.record({ do: fc.constant('frame' as const), conn: nth, frame })),
  one(3, fc.record({ do: fc.constant('close' as const), conn: nth, code: fc.constantFrom(...CODES) })),
  one(3, fc.record({ do: fc.constant('frame' as const), conn: nth, frame: frame.filter((f) => f.type === 'GOAWAY') })),
  one(1, fc.record({ do: fc.constant('open' as const), conn: nth })),
  one(4, fc.record({ do: fc.constant('fire' as const), late: fc.constantFrom(0, 0, 0, 1000, 9_000_000) })),
  one(
    1,
    fc.record({
      do: fc.constant('phantom' as const),
      timer: fc.constantFrom(...TIMERS),
      conn: fc.option(nth, { nil: null }),
    }),
  ),
  one(1, fc.record({ do: fc.constant('pass' as const), us: fc.nat(8_000_000) })),
  one(
    1,
    fc.record({
      do: fc.constant('issue' as const),
      ttl: fc.constantFrom(-1, 1_000_000, 100_000_000, 900_000_000),
      subject: fc.constantFrom('c1', 'c1', 'c2'),
    }),
  ),
  one(
    2,
    fc.constantFrom<Move>(
      { do: 'intend', intent: 'online' },
      { do: 'intend', intent: 'online' },
      { do: 'intend', intent: 'offline' },
      { do: 'intend', intent: 'start' },
      { do: 'intend', intent: 'moved' },
    ),
  ),
  one(
    2,
    fc.constantFrom<Move>(
      { do: 'intend', intent: 'busy' },
      { do: 'intend', intent: 'ready' },
      { do: 'take', chunks: 0 },
      { do: 'take', chunks: 1 },
      { do: 'take', chunks: 3 },
    ),
  ),
  { weight: 1, arbitrary: fc.nat(7).map((n): Move => ({ do: 'intend', intent: n === 0 ? 'leave' : 'online' })) },
);

/** A string of moves; most begin with `start`, because an idle client hears little. */
export const walk: fc.Arbitrary<readonly Move[]> = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.array(move, { minLength: 1, maxLength: 90, size: 'max' }))
  .map(([n, moves]) => (n === 0 ? moves : [{ do: 'intend', intent: 'start' } as const, ...moves]));

/** Carries out one move. */
export function carryOut(driver: Driver, move: Move): void {
  const conn = (back: number): number => driver.config.connBase + driver.state.dials - back;
  switch (move.do) {
    case 'cooperate':
      cooperate(driver);
      return;
    case 'intend':
      driver.tell({ type: move.intent });
      return;
    case 'take':
      driver.tell({ type: 'take', chunks: move.chunks });
      return;
    case 'submit':
      driver.tell({ type: 'submit', key: `k${move.key}`, ask: -1, bytes: move.bytes });
      return;
    case 'open':
      driver.tell({ type: 'opened', conn: conn(move.conn) });
      return;
    case 'close':
      driver.tell({ type: 'closed', conn: conn(move.conn), code: move.code, reason: '', clean: false, status: 0 });
      return;
    case 'frame':
      driver.tell(framed(conn(move.conn), move.frame));
      return;
    case 'chunk':
      driver.tell(framed(conn(move.conn), nextChunk(driver, move.stream, move.fin)));
      return;
    case 'resync':
      resync(driver, conn(move.conn), move);
      return;
    case 'answer':
      driver.tell(framed(conn(move.conn), answer(driver, move.rejected)));
      return;
    case 'issue':
      driver.tell(issued(driver, move.ttl, move.subject));
      return;
    case 'fire':
      driver.fire(move.late);
      return;
    case 'phantom':
      driver.tell({ type: 'timer', timer: move.timer, key: move.conn === null ? 0 : conn(move.conn) });
      return;
    case 'pass':
      driver.pass(move.us);
  }
}

const framed = (conn: number, payload: Frame): ClientEvent => ({ type: 'frame', conn, payload, bytes: 1 });

const issued = (driver: Driver, ttl: number, subject: string): ClientEvent => ({
  type: 'message',
  from: 'auth',
  message: { type: 'issued', op: driver.state.op, token: token(subject, driver.state.op, driver.now + ttl) },
});

/** What a friendly world would do next. */
function cooperate(driver: Driver): void {
  const attempt = underWay(driver.state);
  if (attempt !== null) help(driver, attempt);
  else if (driver.state.doing.phase === 'idle') driver.tell({ type: 'start' });
  else driver.fire();
}

function help(driver: Driver, attempt: Attempt): void {
  switch (attempt.phase) {
    case 'token':
      driver.tell(issued(driver, 900_000_000, 'c1'));
      return;
    case 'connecting':
      driver.tell({ type: 'opened', conn: attempt.conn });
      return;
    case 'handshaking':
      driver.tell(framed(attempt.conn, welcomeOf(driver)));
      return;
    case 'suspended':
      driver.tell({ type: 'online' });
      return;
    case 'backoff':
      driver.fire();
  }
}

/** A WELCOME that resumes every stream that the client knows. */
export function welcomeOf(driver: Driver): Frame {
  const { session, streams } = driver.state;
  return {
    type: 'WELCOME',
    proto: 1,
    session: session?.id ?? 1,
    resumeToken: (session?.resumeToken ?? 0) + 1,
    generation: (session?.generation ?? 0) + 1,
    resumed: session !== null,
    streams: Object.entries(streams).map(([key, cursor]) => ({
      stream: Number(key),
      epoch: cursor.epoch,
      headSeq: cursor.lastSeq,
      resumed: true,
      reason: null,
    })),
    sendAck: 0,
    context: { turns: 0, digest: 0 },
    sessionTtl: seconds(120),
    heartbeatInterval: seconds(2),
    deadAfter: seconds(5),
  };
}

function nextChunk(driver: Driver, stream: number, fin: boolean): Frame {
  const { epoch, lastSeq, waiting, bytes } = driver.state.streams[stream] ?? {
    epoch: 0,
    lastSeq: 0,
    waiting: 0,
    bytes: 0,
  };
  const start = bytes + waiting * 300;
  const chunk = { content: stream, start, end: start + 300, sum: 7, part: 0, fin };
  return { type: 'DATA', stream, epoch, seq: lastSeq + waiting + 1, chunk };
}

function resync(driver: Driver, conn: number, { stream, epoch, count, pieces }: Extract<Move, { do: 'resync' }>): void {
  driver.tell(framed(conn, { type: 'RESET', stream, reason: 'window_exceeded', epoch, oldestSeq: count + 1, held: 0 }));
  const chunks = Array.from({ length: count }, (_, i) => ({
    content: stream,
    start: i * 300,
    end: i * 300 + 300,
    sum: 7,
    part: 0,
    fin: false,
  }));
  const split = pieces === 'one' ? 0 : Math.ceil(count / 2);
  const snapshot = { type: 'SNAPSHOT', stream, epoch, seq: count } as const;
  if (split > 0) driver.tell(framed(conn, { ...snapshot, chunks: chunks.slice(0, split), last: false }));
  if (pieces !== 'first') driver.tell(framed(conn, { ...snapshot, chunks: chunks.slice(split), last: true }));
}

function answer(driver: Driver, rejected: boolean): Frame {
  const [clientSeq, pending] = Object.entries(driver.state.outbox)[0] ?? ['1', null];
  return rejected
    ? { type: 'ERROR', code: 'send_rejected', reason: '', clientSeq: Number(clientSeq), retryAfter: us(0) }
    : { type: 'SEND_ACK', clientSeq: Number(clientSeq), key: pending?.key ?? 'k0', stream: 1 };
}

/** Where a client is, for counting what walks have seen: its phase, and the stage of its handover. */
export function placeOf(driver: Driver): string {
  const { doing, handover } = driver.state;
  if (attached(driver.state) === null || handover === null) return doing.phase;
  return `${doing.phase}, ${handover.stage === 'attempt' ? `second ${handover.attempt.phase}` : handover.stage}`;
}
