/** How much of what was written is still in the process that wrote it, because its kernel has no room for it. */
import type { Instant } from '../../time.ts';
import type { End } from '../vocabulary.ts';
import { type Turn, tenantOf } from './socket.ts';
import { type Conn, type Flight, type Item, type Lane, MSS } from './state.ts';

/** What a kernel holds for a connection that has not carried much yet: what is under way, and what waits behind it. */
const KERNEL_BUFFER = 144 * 1024;

/** The first item that the kernel does not have, with so many segments under way: what is gone with its process. */
export function firstInUserSpace({ flight, waiting, gone, next }: Lane, sent = flight.sent): number {
  let held = sent * MSS;
  let first = gone;
  for (; first < waiting.length; first++) {
    held += (waiting[first] as Item).bytes;
    if (first >= next && held > KERNEL_BUFFER) break;
  }
  return first;
}

/** Segments under way of which no acknowledgement has arrived by now. */
function unheardOf({ sent, acks, counts, acked, due }: Flight, now: Instant): number {
  let left = sent;
  for (let i = acked; i < due && (acks[i] as number) <= now; i++) left -= counts[i] as number;
  return left;
}

/** Bytes in the process. */
function backlog(lane: Lane, now: Instant): number {
  const { waiting, flight } = lane;
  let bytes = 0;
  for (let i = firstInUserSpace(lane, unheardOf(flight, now)); i < waiting.length; i++) {
    const { left, bytes: whole } = waiting[i] as Item;
    bytes += Math.min(whole, left * MSS);
  }
  return bytes;
}

/** `end` asks to be told once no more than `below` bytes are left in its process. */
export function watch(turn: Turn, conn: Conn, end: End, below: number): void {
  conn.lanes[end].mark = below;
  tell(turn, conn, end);
}

/** Tells who asked, if it is time. */
export function tell(turn: Turn, conn: Conn, end: End): void {
  const lane = conn.lanes[end];
  const left = backlog(lane, turn.context.now);
  if (left > lane.mark) return;
  lane.mark = -1;
  tenantOf(turn, conn).drained(turn, conn, end, left);
}
