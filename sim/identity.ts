/**
 * What of an event goes into the digest: its time, its node, and everything that it says.
 *
 * Any event may be any plain data, and all of it is mixed in. The few that most of a run consists of are spelled out by
 * hand, because walking an object costs several times as much; `properties/digest.test.ts` changes each of their fields.
 */
import type { Chunk } from '../src/content.ts';
import type { Message, MessageEvent } from '../src/services.ts';
import type { Instant } from '../src/time.ts';
import type { TimerEvent, TransportEvent } from '../src/transport.ts';
import { type Digest, nameCode } from './digest.ts';
import { type EventSort, SORT } from './event-sort.ts';
import type { AnyEvent } from './kernel.ts';

/** Events that are spelled out, each by a word of its own. */
const CODE = {
  closed: nameCode('closed'),
  frame: nameCode('frame'),
  DATA: nameCode('DATA'),
  ACK: nameCode('ACK'),
  SNAPSHOT: nameCode('SNAPSHOT'),
  message: nameCode('message'),
  append: nameCode('append'),
  appended: nameCode('appended'),
  durable: nameCode('durable'),
  acked: nameCode('acked'),
  entries: nameCode('entries'),
  snapshotPiece: nameCode('snapshotPiece'),
  probe: nameCode('probe'),
  probed: nameCode('probed'),
};

/** Mixes one event of a sort into the digest; `timerCode` is the code of a timer's name, 0 for other events. */
export function identify(
  digest: Digest,
  at: Instant,
  node: number,
  event: AnyEvent,
  sort: EventSort,
  timerCode: number,
): void {
  digest.addTwo(at, node);
  switch (sort) {
    case SORT.timer:
      digest.addTwo(timerCode, (event as TimerEvent).key);
      return;
    case SORT.frame:
      addFrame(digest, event as Known & { type: 'frame' });
      return;
    case SORT.message:
      addMessage(digest, event as MessageEvent);
      return;
    case SORT.closed:
      addEnd(digest, event as Known & { type: 'closed' });
      return;
    default:
      digest.addTwo(0, 0);
      digest.addValue(event);
  }
}

type Known = Extract<TransportEvent, { type: 'frame' | 'closed' }>;

function addEnd(digest: Digest, { conn, code, status, retryAfter, clean, reason }: Known & { type: 'closed' }): void {
  digest.addTwo(CODE.closed, conn);
  digest.addTwo(code, status);
  if (retryAfter !== undefined) digest.addTwo(retryAfter, 1);
  digest.addValue(clean);
  digest.addText(reason);
}

function addFrame(digest: Digest, { conn, bytes, payload }: Known & { type: 'frame' }): void {
  switch (payload.type) {
    case 'DATA':
      digest.addSix(CODE.DATA, conn, bytes, payload.stream, payload.epoch, payload.seq);
      addChunk(digest, payload.chunk);
      return;
    case 'ACK':
      digest.addSix(CODE.ACK, conn, bytes, payload.stream, payload.epoch, payload.seq);
      digest.addTwo(payload.limit, 0);
      return;
    case 'SNAPSHOT':
      digest.addSix(CODE.SNAPSHOT, conn, bytes, payload.stream, payload.epoch, payload.seq);
      addChunks(digest, payload.chunks, payload.last ? 1 : 0);
      return;
    default:
      digest.addTwo(CODE.frame, conn);
      digest.addTwo(bytes, 0);
      digest.addValue(payload);
  }
}

function addMessage(digest: Digest, { from, message }: MessageEvent): void {
  switch (message.type) {
    case 'append':
    case 'durable':
      addPlace(digest, message, message.seq);
      addChunk(digest, message.chunk);
      // Without one, the name of whoever says it follows, which begins like no note.
      if (message.type === 'append' && message.note !== null) digest.addValue(message.note);
      break;
    case 'appended':
      addPlace(digest, message, message.head);
      break;
    case 'acked':
      addPlace(digest, message, message.seq);
      break;
    case 'entries':
      addRead(digest, message, message.from);
      digest.addTwo(message.head, message.oldest);
      addChunks(digest, message.chunks, 0);
      break;
    case 'snapshotPiece':
      addRead(digest, message, message.from);
      addChunks(digest, message.chunks, message.asOf);
      digest.addValue(message.last);
      break;
    case 'probe':
      digest.addTwo(CODE.probe, message.op);
      break;
    case 'probed':
      digest.addTwo(CODE.probed, message.op);
      digest.addValue(message.ready);
      break;
    default:
      digest.addTwo(CODE.message, 0);
      digest.addValue(message);
  }
  digest.addName(from);
}

type Placed = Extract<Message, { type: 'append' | 'appended' | 'durable' | 'acked' }>;

/** What is said, where in a session, under whose ownership, and about which number. */
function addPlace(digest: Digest, { type, session, generation, stream, epoch }: Placed, seq: number): void {
  digest.addSix(CODE[type], session, generation, stream, epoch, seq);
}

type Read = Extract<Message, { type: 'entries' | 'snapshotPiece' }>;

/** What a read found, of which stream, and from where on. */
function addRead(digest: Digest, { type, op, session, stream, epoch }: Read, from: number): void {
  digest.addSix(CODE[type], op, session, stream, epoch, from);
}

/** A list of chunks, with a number that stands beside it. */
function addChunks(digest: Digest, chunks: readonly Chunk[], beside: number): void {
  digest.addTwo(chunks.length, beside);
  for (const chunk of chunks) addChunk(digest, chunk);
}

function addChunk(digest: Digest, { content, start, end, sum, part, fin }: Chunk): void {
  digest.addSix(content, start, end, sum, part, fin ? 1 : 0);
}
