/**
 * The link: the network between two hosts as a WebSocket sees it, TCP over a lossy path.
 *
 * Loss is delay (retransmission, head of line), a cut is silence at the path's entry, and a connection ends by a closing
 * handshake, a FIN, a RST, or not at all (half-open). One computed arrival stands for all packets of a message. The rules
 * are those measured on kernel TCP; what they leave out is the closing of a connection by a peer that still sends.
 */
import { type Context, type Machine, NOTHING } from '../machine.ts';
import { after, latest, seconds, us } from '../time.ts';
import type { ConnId, TimerEvent } from '../transport.ts';
import type { LinkConfig } from './config.ts';
import { close, closeTimedOut, endAll, endDown, forgetEnd, RESET, terminate } from './ending.ts';
import { closedAt, enqueue, lose, resume } from './lane.ts';
import { cross, losses } from './path.ts';
import { type Conn, type Item, init, type LinkState, newConn, type Path, roundTrip } from './state.ts';
import type { Direction, End, LinkEffect, LinkEvent } from './vocabulary.ts';

export const link: Machine<LinkConfig, LinkState, LinkEvent, LinkEffect> = { kind: 'link', init, step };

function step(state: LinkState, event: LinkEvent, context: Context): readonly LinkEffect[] {
  const effects: LinkEffect[] = [];
  switch (event.type) {
    case 'send': {
      const item: Item = { kind: 'frame', payload: event.payload, bytes: event.bytes, code: 0, reason: '' };
      const conn = state.conns[event.conn];
      // Before 101 went out, and after the end, nothing is carried.
      if (conn === undefined || conn.phase !== 'open' || conn.over[event.end])
        lose(event.conn, item, 'not open', effects);
      else enqueue(state, event.conn, conn, event.end, item, context, effects);
      break;
    }
    case 'timer':
      onTimer(state, event, context, effects);
      break;
    case 'dial':
      if (event.end !== 0 || state.conns[event.conn] !== undefined) break;
      state.conns[event.conn] = newConn(context.now, event.origin ?? '');
      syn(state, event.conn, state.conns[event.conn] as Conn, context, effects);
      break;
    case 'accept':
    case 'refuse': {
      const conn = state.conns[event.conn];
      if (conn === undefined || conn.phase !== 'asked' || conn.over[event.end]) break;
      const accepted = event.type === 'accept';
      if (accepted) conn.phase = 'open';
      const answer: Item = {
        kind: accepted ? 'opened' : 'refused',
        payload: null,
        bytes: 200,
        code: accepted ? 0 : event.status,
        reason: '',
      };
      enqueue(state, event.conn, conn, event.end, answer, context, effects);
      break;
    }
    case 'close': {
      const conn = state.conns[event.conn];
      if (conn !== undefined && !conn.over[event.end])
        close(state, event.conn, conn, event.end, event, context, effects);
      break;
    }
    case 'terminate': {
      const conn = state.conns[event.conn];
      if (conn === undefined || conn.over[event.end]) break;
      effects.push(closedAt(event.end, context.now, event.conn, ''));
      terminate(state, event.conn, conn, event.end, event.how, context, effects);
      break;
    }
    case 'relay':
      relay(state, event, context, effects);
      break;
    case 'endDown':
      endDown(state, event.end, event.how, context, effects);
      break;
    case 'endUp':
      state.process[event.end] = true;
      state.host[event.end] = true;
      break;
    case 'cut':
    case 'heal':
      for (const path of pathsOf(state, event.direction)) path.cut = event.type === 'cut';
      break;
    case 'degrade':
      state.paths[0].conditions = event.up;
      state.paths[1].conditions = event.down;
      break;
    case 'restore':
      state.paths[0].conditions = state.config.up;
      state.paths[1].conditions = state.config.down;
      break;
    case 'resetAll':
      endAll(state, RESET, context, effects);
      break;
    case 'closeAll':
      endAll(state, { code: event.code, reason: event.reason, clean: true }, context, effects);
      break;
    case 'forgetEnd':
      forgetEnd(state, event.end, context, effects);
      break;
    case 'stall':
      for (const path of pathsOf(state, event.direction)) path.heldUntil = latest(path.heldUntil, event.until);
      break;
    case 'slowHandshake':
      state.handshakeDelay = event.by;
      break;
    case 'forgetAll':
      for (const key in state.conns) (state.conns[key] as Conn).black = true;
      break;
    default:
      break;
  }
  return effects.length === 0 ? NOTHING : effects;
}

function pathsOf(state: LinkState, direction: Direction): Path[] {
  if (direction === 'both') return [state.paths[0], state.paths[1]];
  return [state.paths[direction === 'up' ? 0 : 1]];
}

function onTimer(state: LinkState, { timer, key }: TimerEvent, context: Context, effects: LinkEffect[]): void {
  if (timer === 'syn') {
    const conn = state.conns[key];
    if (conn?.phase === 'syn') syn(state, key, conn, context, effects);
    return;
  }
  const id = Math.floor(key / 2);
  const from: End = key % 2 === 0 ? 0 : 1;
  const conn = state.conns[id];
  if (conn === undefined) return;
  if (timer === 'resend') resume(state, id, conn, from, context, effects);
  else if (timer === 'closing') closeTimedOut(state, id, conn, from, context, effects);
}

/** When SYNs go out after the first, in seconds (Linux: five linear time-outs, then doubling); the last gives up. */
const SYN_LADDER = [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 135] as const;

/**
 * One SYN of the ladder. When it and its answer pass, the request for the WebSocket follows after the round trips that
 * the handshake needs; a host without a process answers with a reset.
 */
function syn(state: LinkState, id: ConnId, conn: Conn, context: Context, effects: LinkEffect[]): void {
  const { now } = context;
  const [up, down] = state.paths;
  const rtt = roundTrip(state);
  if (conn.syns >= SYN_LADDER.length - 1) {
    effects.push(closedAt(0, now, id, 'timed out'));
    conn.over[1] = true;
    finishDial(state, id, effects);
    return;
  }
  conn.syns++;
  const passes =
    !up.cut &&
    !down.cut &&
    state.host[1] &&
    losses(up, 'up', 1, context) === 0 &&
    losses(down, 'down', 1, context) === 0;
  if (!passes) {
    const next = after(conn.dialledAt, seconds(SYN_LADDER[conn.syns] as number));
    effects.push({ type: 'setTimer', timer: 'syn', key: id, at: next });
    return;
  }
  if (!state.process[1]) {
    effects.push(closedAt(0, after(now, us(rtt)), id, 'refused'));
    finishDial(state, id, effects);
    return;
  }
  conn.phase = 'requested';
  // The request waits for the round trips before it, as if it were the head of its lane that long.
  const request: Item = { kind: 'incoming', payload: null, bytes: 300, code: 0, reason: '' };
  conn.lanes[0].waiting.push(request);
  const at = after(now, us(rtt * (state.config.handshakeRoundTrips - 1) + state.handshakeDelay));
  effects.push({ type: 'setTimer', timer: 'resend', key: id * 2, at });
}

function finishDial(state: LinkState, id: ConnId, effects: LinkEffect[]): void {
  delete state.conns[id];
  effects.push({ type: 'clearTimer', timer: 'syn', key: id });
}

/** A request or answer outside any connection: it is repeated once when lost, and gone when the path is cut. */
function relay(state: LinkState, event: LinkEvent & { type: 'relay' }, context: Context, effects: LinkEffect[]): void {
  const path = state.paths[event.end];
  if (path.cut) return;
  const way = event.end === 0 ? 'up' : 'down';
  let at = cross(path, way, event.bytes, context);
  const rtt = roundTrip(state);
  for (let wait = rtt + 200_000; losses(path, way, 1, context) > 0; wait *= 2)
    at = after(at, us(Math.min(wait, 120_000_000)));
  effects.push({ type: 'relayed', at, to: event.to, message: event.message });
}
