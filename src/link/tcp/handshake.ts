/** How connections begin: SYN and its answer, and the round trips of TLS if there are any. */
import type { Context } from '../../machine.ts';
import { after, type Instant, seconds, us } from '../../time.ts';
import { type End, wayOf } from '../vocabulary.ts';
import { sample } from './estimate.ts';
import { losses } from './path.ts';
import { type Turn, tenantOf } from './socket.ts';
import { type Conn, type LinkState, newLanes, roundTrip } from './state.ts';
import { fires, RTO_MAX, RTO_MIN } from './wheel.ts';

/** Waits before the next SYN, in seconds (Linux: five linear time-outs, then doubling); after the last the dial fails. */
const SYN_WAITS = [1, 1, 1, 1, 1, 2, 4, 8, 16, 32, 64] as const;

/** One SYN. When it and its answer pass, the dialler is connected; a host where nobody listens answers with a reset. */
export function connect(turn: Turn, conn: Conn): void {
  const { state, context, effects } = turn;
  const { now } = context;
  const { id } = conn;
  const rtt = roundTrip(state);
  const wait = SYN_WAITS[conn.syns];
  if (wait === undefined) {
    tenantOf(turn, conn).ended(turn, conn, 0, now, 'timed out');
    giveUp(turn, conn);
    return;
  }
  conn.syns++;
  if (!passes(state, conn, context)) {
    if (conn.syns === 1) conn.lanes = newLanes();
    effects.push({ type: 'setTimer', timer: 'syn', key: id, at: fires(now, seconds(wait)) });
    return;
  }
  if (!state.process[1] || !state.listens[1]) {
    tenantOf(turn, conn).ended(turn, conn, 0, after(now, us(rtt)), 'refused');
    giveUp(turn, conn);
    return;
  }
  if (conn.syns === 1) conn.lanes = newLanes();
  conn.phase = 'connected';
  // If an answer was lost, the dialler measures its first round trip from the first SYN that arrived (timestamps).
  const lane = conn.lanes[0];
  sample(lane.estimate, conn.heardAt >= 0 ? now - conn.heardAt + rtt : rtt, 0, 0);
  sample(conn.lanes[1].estimate, rtt, 0, 0);
  let at = after(now, us(rtt + state.handshakeDelay));
  for (let trip = 2; trip < state.config.handshakeRoundTrips; trip++)
    at = repeated(state, 0, repeated(state, 1, after(at, us(rtt)), context), context);
  // What is said first waits for the round trips before it, as if it were the head of its lane that long.
  lane.waiting.push(tenantOf(turn, conn).greet(turn, conn, at));
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
export function repeated(state: LinkState, from: End, at: Instant, context: Context): Instant {
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

function giveUp({ state, effects }: Turn, { id }: Conn): void {
  delete state.conns[id];
  effects.push({ type: 'clearTimer', timer: 'syn', key: id });
}
