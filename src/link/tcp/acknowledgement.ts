/**
 * When the far end acknowledges what it receives. It does so for every second segment, and at the end of a message; but in
 * a conversation it hopes to say something itself, and puts off what it would say of one segment: until the next, until its
 * own next message, or for 40 ms.
 *
 * Linux calls a conversation pingpong mode. A message that follows within 40 ms upon one that was received begins it
 * (`tcp_event_data_sent`); an acknowledgement that was put off in vain ends it (`tcp_delack_timer_handler`).
 */
import { after, type Duration, type Instant, NEVER, us } from '../../time.ts';
import { type End, opposite } from '../vocabulary.ts';
import type { Estimate } from './estimate.ts';
import { type Conn, type Flight, isHoled, type Lane, type LinkState } from './state.ts';
import { DELAYED_ACK, TICK, ticks } from './wheel.ts';

/**
 * An acknowledgement of `count` segments, the first of which was sent at `stamp`, is on its way. It covers what could not
 * be acknowledged before, and what the receiver had put off.
 */
export function expectAck(flight: Flight, at: Instant, count: number, stamp: Instant): void {
  const before = flight.due - 1;
  let first: number = stamp;
  if (flight.unacked > 0 && flight.unackedSince < first) first = flight.unackedSince;
  const covers = count + flight.unacked;
  flight.sent += covers;
  flight.unacked = 0;
  if (before >= flight.acked) {
    if (flight.owedAt >= 0) {
      flight.acks[before] = at;
      flight.latest[before] = stamp;
      (flight.counts[before] as number) += covers;
      if (flight.filled) flight.fills[before] = true;
      flight.filled = false;
      flight.owedAt = -1;
      return;
    }
    // Acknowledgements are cumulative: a later one that comes sooner takes the place of the one before it.
    if ((flight.acks[before] as number) > at) flight.acks[before] = at;
  }
  flight.acks[flight.due] = at;
  flight.counts[flight.due] = covers;
  flight.stamps[flight.due] = first;
  flight.latest[flight.due] = stamp;
  flight.fills[flight.due] = flight.filled;
  flight.filled = false;
  flight.due++;
}

/** When the first segment was sent that is not acknowledged before the one that is sent now. */
export function covered({ owedAt, stamps, due, unacked, unackedSince }: Flight, now: Instant): number {
  if (owedAt >= 0) return stamps[due - 1] as number;
  return unacked > 0 ? unackedSince : now;
}

/** An acknowledgement that was put off until before `answer` has gone by itself; its receiver puts none off any more. */
export function settle(flight: Flight, answer: Instant): void {
  if (flight.owedAt < 0 || flight.owedAt >= answer) return;
  flight.owedAt = -1;
  flight.chatty = false;
}

/**
 * Whether the receiver puts the acknowledgement of one segment off: for every second one, in the middle of a message or in
 * a conversation, unless it misses something. `pushed`: the segment ends a message, which is read at once
 * (`__tcp_ack_snd_check`, `tcp_cleanup_rbuf`).
 */
export function putsOff(lane: Lane, pushed: boolean): boolean {
  const { flight } = lane;
  if (flight.owedAt >= 0 || (pushed && !flight.chatty)) return false;
  return flight.silent === 0 && !isHoled(lane, NEVER);
}

/**
 * How long it is put off in vain, after a segment that came `gap` after the one before: 40 ms, or twice a gap between half
 * of that and that, less a tick, where half of the last wait (in whole ticks) and the gap settle (`tcp_event_data_recv`); but
 * beyond 40 ms no longer than the receiver's own round trip (`tcp_send_delayed_ack`).
 */
export function putOffBy(gap: number, { smoothed }: Estimate): Duration {
  if (gap <= DELAYED_ACK / 2 || gap >= DELAYED_ACK || smoothed <= DELAYED_ACK) return DELAYED_ACK;
  return us(Math.min(Math.floor((2 * gap) / TICK) * TICK - TICK, ticks(smoothed)));
}

/** The acknowledgement is lost, and with it what was put off until then; a later one will cover it. */
export function unanswered(flight: Flight, count: number, now: Instant): void {
  let since: number = now;
  if (flight.owedAt >= 0) {
    flight.owedAt = -1;
    const last = flight.due - 1;
    if (last >= flight.acked) {
      since = flight.stamps[last] as number;
      count += flight.counts[last] as number;
      flight.sent -= flight.counts[last] as number;
      flight.due--;
    }
  }
  if (flight.unacked === 0) flight.unackedSince = since as Instant;
  flight.unacked += count;
}

/** `count` segments arrive at `at`, and cannot be acknowledged unless the way back is open again by then. */
export function unheard(flight: Flight, at: Instant, count: number): void {
  if (flight.unheardAt.length === 0) {
    flight.unheardAt = [];
    flight.unheard = [];
  }
  if (flight.unheardAt.length >= UNHEARD) {
    flight.unheardAt.shift();
    flight.unheard.shift();
  }
  flight.unheardAt.push(at);
  flight.unheard.push(count);
}

/** More than a window are not under way, and older ones have arrived. */
const UNHEARD = 256;

/** `from` says something: if that follows upon what it received it is a conversation, and carries what is owed. */
export function converse(state: LinkState, conn: Conn, from: End, now: Instant): void {
  const { lastArrival, flight } = conn.lanes[opposite(from)];
  if (lastArrival === 0 || now - lastArrival >= DELAYED_ACK) return;
  flight.chatty = true;
  const path = state.paths[from];
  if (flight.owedAt < 0 || path.cut) return;
  const at = after(now, path.conditions.delay);
  // What is owed is for a segment that is still under way.
  if (flight.owedAt - DELAYED_ACK > at) return;
  if (at < flight.owedAt) flight.acks[flight.due - 1] = at;
  flight.owedAt = -1;
}
