/**
 * How connections begin: SYN and its answer, the round trips of TLS if there are any, and the request for the WebSocket,
 * which is the first item of its lane. And what is asked outside any connection.
 */
import type { Context } from '../machine.ts';
import { after, type Duration, type Instant, seconds, us } from '../time.ts';
import type { ConnId } from '../transport.ts';
import { closedAt } from './arrival.ts';
import { sample } from './estimate.ts';
import { cross, losses } from './path.ts';
import { type Conn, type LinkState, newItem, roundTrip } from './state.ts';
import { type End, type LinkEffect, type LinkEvent, wayOf } from './vocabulary.ts';
import { fires, RTO_MAX, RTO_MIN } from './wheel.ts';

/** Waits before the next SYN, in seconds (Linux: five linear time-outs, then doubling); after the last the dial fails. */
const SYN_WAITS = [1, 1, 1, 1, 1, 2, 4, 8, 16, 32, 64] as const;

/** One SYN. When it and its answer pass, the request follows; a host without a process answers with a reset. */
export function syn(state: LinkState, id: ConnId, conn: Conn, context: Context, effects: LinkEffect[]): void {
  const { now } = context;
  const rtt = roundTrip(state);
  const wait = SYN_WAITS[conn.syns];
  if (wait === undefined) {
    effects.push(closedAt(0, now, id, 'timed out'));
    finishDial(state, id, effects);
    return;
  }
  conn.syns++;
  if (!passes(state, conn, context)) {
    effects.push({ type: 'setTimer', timer: 'syn', key: id, at: fires(now, seconds(wait)) });
    return;
  }
  if (!state.process[1]) {
    effects.push(closedAt(0, after(now, us(rtt)), id, 'refused'));
    finishDial(state, id, effects);
    return;
  }
  conn.phase = 'requested';
  // If an answer was lost, the dialler measures its first round trip from the first SYN that arrived (timestamps).
  const lane = conn.lanes[0];
  sample(lane.estimate, conn.heardAt >= 0 ? now - conn.heardAt + rtt : rtt, 0, 0);
  sample(conn.lanes[1].estimate, rtt, 0, 0);
  // The request waits for the round trips before it, as if it were the head of its lane that long.
  lane.waiting.push(newItem('incoming', 300));
  let at = after(now, us(rtt + state.handshakeDelay));
  for (let trip = 2; trip < state.config.handshakeRoundTrips; trip++)
    at = repeated(state, 0, repeated(state, 1, after(at, us(rtt)), context), context);
  lane.wakeAt = at;
  effects.push({ type: 'setTimer', timer: 'resend', key: id * 2, at });
}

/** Whether a SYN and one of its answers arrive. Who has heard one SYN repeats its answer after 1, 3, 7, 15 s, too. */
function passes(state: LinkState, conn: Conn, context: Context): boolean {
  const [up, down] = state.paths;
  if (!state.host[1]) return false;
  const heard = !up.cut && losses(up, 'up', 1, context) === 0;
  let answered = heard && !down.cut && losses(down, 'down', 1, context) === 0;
  if (conn.heardAt >= 0 && !answered) {
    const age = Math.round((context.now - conn.heardAt) / 1_000_000);
    const repeats = age === 1 || age === 3 || age === 7 || age === 15;
    answered = repeats && !down.cut && losses(down, 'down', 1, context) === 0;
  }
  if (heard && conn.heardAt < 0 && !answered) conn.heardAt = context.now;
  return answered;
}

/** When a lone segment that would go out at `at` does so for the last time: it is repeated until it passes. */
function repeated(state: LinkState, from: End, at: Instant, context: Context): Instant {
  const path = state.paths[from];
  const rtt = roundTrip(state);
  let wait = Math.min(2 * rtt, rtt + RTO_MIN) + RTO_MIN;
  let when = at;
  while (losses(path, wayOf(from), 1, context) > 0) {
    when = fires(when, wait);
    wait = Math.min(RTO_MAX, wait * 2);
    // A path that loses everything must not keep the machine.
    if (wait === RTO_MAX) break;
  }
  return when;
}

function finishDial(state: LinkState, id: ConnId, effects: LinkEffect[]): void {
  delete state.conns[id];
  effects.push({ type: 'clearTimer', timer: 'syn', key: id });
}

/** A request or answer outside any connection: it is repeated when lost, and gone when the path is cut. */
export function relay(
  state: LinkState,
  event: LinkEvent & { type: 'relay' },
  context: Context,
  effects: LinkEffect[],
): void {
  const path = state.paths[event.end];
  if (path.cut) return;
  const delay = (repeated(state, event.end, context.now, context) - context.now) as Duration;
  const at = after(cross(path, wayOf(event.end), event.bytes, context), delay);
  effects.push({ type: 'relayed', at, to: event.to, message: event.message });
}
