/**
 * What of an event goes into the digest: its time, its node, and everything that it says.
 *
 * Any event may be any plain data, and all of it is mixed in. The few that most of a run consists of are spelled out by
 * hand, because walking an object costs several times as much; `properties/digest.test.ts` changes each of their fields.
 */
import type { Chunk } from '../src/content.ts';
import type { Message, MessageEvent } from '../src/services.ts';
import type { Instant } from '../src/time.ts';
import type { TransportEvent } from '../src/transport.ts';
import { type Digest, nameCode } from './digest.ts';
import type { AnyEvent } from './kernel.ts';

/** Events that are spelled out, each by a word of its own. */
const CODE = {
  closed: nameCode('closed'),
  frame: nameCode('frame'),
  DATA: nameCode('DATA'),
  ACK: nameCode('ACK'),
  message: nameCode('message'),
  append: nameCode('append'),
  appended: nameCode('appended'),
  durable: nameCode('durable'),
  acked: nameCode('acked'),
};

/** Mixes one event into the digest; `timerCode` is the code of a timer's name, 0 for other events. */
export function identify(digest: Digest, at: Instant, node: number, event: AnyEvent, timerCode: number): void {
  digest.addTwo(at, node);
  if (timerCode !== 0) {
    digest.addTwo(timerCode, (event as unknown as { key: number }).key);
    return;
  }
  const known = event as Known;
  switch (known.type) {
    case 'frame':
      addFrame(digest, known);
      return;
    case 'message':
      addMessage(digest, known);
      return;
    case 'closed':
      digest.addTwo(CODE.closed, known.conn);
      digest.addTwo(known.code, known.status);
      if (known.retryAfter !== undefined) digest.addTwo(known.retryAfter, 1);
      digest.addValue(known.clean);
      digest.addText(known.reason);
      return;
    default:
      digest.addTwo(0, 0);
      digest.addValue(event);
  }
}

type Known = Extract<TransportEvent, { type: 'frame' | 'closed' }> | MessageEvent;

function addFrame(digest: Digest, { conn, bytes, payload }: Known & { type: 'frame' }): void {
  switch (payload.type) {
    case 'DATA':
      digest.addTwo(CODE.DATA, conn);
      digest.addTwo(bytes, payload.stream);
      digest.addTwo(payload.epoch, payload.seq);
      addChunk(digest, payload.chunk);
      return;
    case 'ACK':
      digest.addTwo(CODE.ACK, conn);
      digest.addTwo(bytes, payload.stream);
      digest.addTwo(payload.epoch, payload.seq);
      digest.addTwo(payload.limit, 0);
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
      if (message.type === 'append') digest.addValue(message.note);
      break;
    case 'appended':
      addPlace(digest, message, message.head);
      break;
    case 'acked':
      addPlace(digest, message, message.seq);
      break;
    default:
      digest.addTwo(CODE.message, 0);
      digest.addValue(message);
  }
  digest.addText(from);
}

type Placed = Extract<Message, { type: 'append' | 'appended' | 'durable' | 'acked' }>;

/** What is said, where in a session, under whose ownership, and about which number. */
function addPlace(digest: Digest, { type, session, generation, stream, epoch }: Placed, seq: number): void {
  digest.addTwo(CODE[type], session);
  digest.addTwo(generation, stream);
  digest.addTwo(epoch, seq);
}

function addChunk(digest: Digest, { content, start, end, sum, part, fin }: Chunk): void {
  digest.addTwo(content, start);
  digest.addTwo(end, sum);
  digest.addTwo(part, fin ? 1 : 0);
}
