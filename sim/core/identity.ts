/**
 * What of an event goes into the digest: its time, its node, and everything that it says.
 *
 * Any event may be any plain data, and all of it is mixed in. The few that most of a run consists of are spelled out by
 * hand, because walking an object costs several times as much; `properties/core/digest.test.ts` changes each of their fields.
 */
import type { MessageEvent } from '../../src/post.ts';
import type { Instant } from '../../src/time.ts';
import type { ConnId, TimerEvent, TransportEvent } from '../../src/transport.ts';
import { type Digest, nameCode } from './digest.ts';
import { type EventSort, SORT } from './event-sort.ts';
import type { AnyEvent } from './kernel.ts';

/** Events that are told apart by a word of their own. */
const CODE = {
  binary: nameCode('binary'),
  closed: nameCode('closed'),
  frame: nameCode('frame'),
  message: nameCode('message'),
};

/**
 * Spells out what most of a run of a protocol consists of; false for what it leaves to be walked. Each must begin with a
 * word of its own, and say everything.
 */
export interface Spelling {
  frame(digest: Digest, conn: ConnId, bytes: number, payload: unknown): boolean;
  message(digest: Digest, message: unknown): boolean;
}

/** Mixes one event of a sort into the digest; `timerCode` is the code of a timer's name, 0 for other events. */
export function identify(
  digest: Digest,
  at: Instant,
  node: number,
  event: AnyEvent,
  sort: EventSort,
  timerCode: number,
  spelling: Spelling | null,
): void {
  digest.addTwo(at, node);
  switch (sort) {
    case SORT.timer:
      digest.addTwo(timerCode, (event as TimerEvent).key);
      return;
    case SORT.frame:
      addFrame(digest, event as Known & { type: 'frame' }, spelling);
      return;
    case SORT.message:
      addMessage(digest, event as MessageEvent, spelling);
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

function addFrame(
  digest: Digest,
  { conn, bytes, payload, binary }: Known & { type: 'frame' },
  spelling: Spelling | null,
): void {
  if (binary !== undefined) digest.addTwo(CODE.binary, conn);
  if (spelling?.frame(digest, conn, bytes, payload)) return;
  digest.addTwo(CODE.frame, conn);
  digest.addTwo(bytes, 0);
  digest.addValue(payload);
}

function addMessage(digest: Digest, { from, message }: MessageEvent, spelling: Spelling | null): void {
  if (!spelling?.message(digest, message)) {
    digest.addTwo(CODE.message, 0);
    digest.addValue(message);
  }
  digest.addName(from);
}
