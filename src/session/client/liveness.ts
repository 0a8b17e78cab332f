/**
 * Liveness: a PING when nothing was sent for a while, and a verdict when nothing was heard for longer.
 *
 * Frames only note the time. The timers find out when they fire whether they are due, and come back later if not. A
 * timer that fires well behind its time says that this machine slept, not that the peer is dead; frames may be waiting
 * to be read. So it probes, and gives the answer a heartbeat interval; if the machine slept through that, it probes again.
 */
import { after, type Duration, type Instant, seconds } from '../../time.ts';
import { type ClientState, type Connection, type Effects, setTimer, transmit } from './state.ts';

/** A timer this late was held up: browsers fire the timers of a hidden tab once a second, later once a minute. */
const LATE: Duration = seconds(1);

/** Arms both timers of a connection that was just welcomed. */
export function watch(connection: Connection, effects: Effects): void {
  const { conn, lastSent, heartbeatInterval, livenessDue } = connection;
  effects.push(
    setTimer('heartbeat', conn, after(lastSent, heartbeatInterval)),
    setTimer('liveness', conn, livenessDue),
  );
}

export function probe(state: ClientState, connection: Connection, now: Instant, effects: Effects): void {
  state.nonce++;
  transmit(connection, { type: 'PING', nonce: state.nonce }, now, effects);
}

/** The timer `heartbeat`. */
export function beat(state: ClientState, connection: Connection, now: Instant, effects: Effects): void {
  if (after(connection.lastSent, connection.heartbeatInterval) <= now) probe(state, connection, now, effects);
  effects.push(setTimer('heartbeat', connection.conn, after(connection.lastSent, connection.heartbeatInterval)));
}

/** The timer `liveness`: whether the peer counts as dead; if not, the timer is set again. */
export function isDead(state: ClientState, connection: Connection, now: Instant, effects: Effects): boolean {
  const { probedAt, lastHeard, heartbeatInterval } = connection;
  const probed = probedAt !== null && lastHeard < probedAt;
  if (!probed) connection.probedAt = null;
  const deadline = probed ? after(probedAt, heartbeatInterval) : after(lastHeard, connection.deadAfter);
  if (now < deadline) return rearm(connection, deadline, effects);
  if (now <= connection.livenessDue + LATE) return true;
  probe(state, connection, now, effects);
  connection.probedAt = now;
  return rearm(connection, after(now, heartbeatInterval), effects);
}

function rearm(connection: Connection, due: Instant, effects: Effects): false {
  connection.livenessDue = due;
  effects.push(setTimer('liveness', connection.conn, due));
  return false;
}
