/** The frames and messages that most of a run of our session protocol consists of, spelled out for the digest. */
import type { Chunk } from '../../src/content.ts';
import type { Message } from '../../src/session/services.ts';
import type { Frame } from '../../src/session/wire/frames.ts';
import { type Digest, nameCode } from '../core/digest.ts';
import type { Spelling } from '../core/identity.ts';

const CODE = {
  DATA: nameCode('DATA'),
  ACK: nameCode('ACK'),
  SNAPSHOT: nameCode('SNAPSHOT'),
  append: nameCode('append'),
  appended: nameCode('appended'),
  durable: nameCode('durable'),
  acked: nameCode('acked'),
  entries: nameCode('entries'),
  snapshotPiece: nameCode('snapshotPiece'),
  probe: nameCode('probe'),
  probed: nameCode('probed'),
};

export const SPELLING: Spelling = {
  frame: (digest, conn, bytes, payload) => payload !== null && addFrame(digest, conn, bytes, payload as Frame),
  message: (digest, message) => addMessage(digest, message as Message),
};

function addFrame(digest: Digest, conn: number, bytes: number, payload: Frame): boolean {
  switch (payload.type) {
    case 'DATA':
      digest.addSix(CODE.DATA, conn, bytes, payload.stream, payload.epoch, payload.seq);
      addChunk(digest, payload.chunk);
      return true;
    case 'ACK':
      digest.addSix(CODE.ACK, conn, bytes, payload.stream, payload.epoch, payload.seq);
      digest.addTwo(payload.limit, 0);
      return true;
    case 'SNAPSHOT':
      digest.addSix(CODE.SNAPSHOT, conn, bytes, payload.stream, payload.epoch, payload.seq);
      addChunks(digest, payload.chunks, payload.last ? 1 : 0);
      return true;
    default:
      return false;
  }
}

function addMessage(digest: Digest, message: Message): boolean {
  switch (message.type) {
    case 'append':
    case 'durable':
      addPlace(digest, message, message.seq);
      addChunk(digest, message.chunk);
      // Without one, the name of whoever says it follows, which begins like no note.
      if (message.type === 'append' && message.note !== null) digest.addValue(message.note);
      return true;
    case 'appended':
      addPlace(digest, message, message.head);
      return true;
    case 'acked':
      addPlace(digest, message, message.seq);
      return true;
    case 'entries':
      addRead(digest, message, message.from);
      digest.addTwo(message.head, message.oldest);
      addChunks(digest, message.chunks, 0);
      return true;
    case 'snapshotPiece':
      addRead(digest, message, message.from);
      addChunks(digest, message.chunks, message.asOf);
      digest.addValue(message.last);
      return true;
    case 'probe':
      digest.addTwo(CODE.probe, message.op);
      return true;
    case 'probed':
      digest.addTwo(CODE.probed, message.op);
      digest.addValue(message.ready);
      return true;
    default:
      return false;
  }
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
