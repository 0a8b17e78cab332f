/** Liveness: PING into silence, and a verdict on a silent peer. Frames only note the time; the timers look when they fire. */
import { after, type Duration, type Instant, seconds } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { ServerConfig } from './config.ts';
import { abandon } from './ending.ts';
import { type Effects, type ServerConn, type ServerState, setTimer, transmit } from './state.ts';

/** A timer this late says that this process was paused, not that the peer is dead: its frames may be waiting to be read. */
export const LATE: Duration = seconds(1);

export function watch(
  conn: ServerConn,
  id: ConnId,
  { heartbeatInterval, deadAfter }: ServerConfig,
  now: Instant,
  effects: Effects,
): void {
  conn.livenessDue = after(now, deadAfter);
  effects.push(setTimer('heartbeat', id, after(now, heartbeatInterval)), setTimer('liveness', id, conn.livenessDue));
}

/** The timer `heartbeat`. */
export function beat(state: ServerState, id: ConnId, conn: ServerConn, now: Instant, effects: Effects): void {
  const { heartbeatInterval } = state.config;
  if (after(conn.lastSent, heartbeatInterval) <= now) ping(conn, id, now, effects);
  effects.push(setTimer('heartbeat', id, after(conn.lastSent, heartbeatInterval)));
}

/** The timer `liveness`. */
export function judge(state: ServerState, id: ConnId, conn: ServerConn, now: Instant, effects: Effects): void {
  const { deadAfter, heartbeatInterval } = state.config;
  const probed = conn.probedAt >= 0 && conn.lastHeard < conn.probedAt;
  let due = after(conn.lastHeard, deadAfter);
  if (probed) due = after(conn.probedAt as Instant, heartbeatInterval);
  else conn.probedAt = -1;
  if (now < due) {
    conn.livenessDue = due;
    effects.push(setTimer('liveness', id, due));
  } else if (now > conn.livenessDue + LATE) {
    ping(conn, id, now, effects);
    conn.probedAt = now;
    conn.livenessDue = after(now, heartbeatInterval);
    effects.push(setTimer('liveness', id, conn.livenessDue));
  } else abandon(state, id, now, effects);
}

function ping(conn: ServerConn, id: ConnId, now: Instant, effects: Effects): void {
  conn.nonce++;
  transmit(conn, id, { type: 'PING', nonce: conn.nonce }, now, effects);
}
