/**
 * The link: the network between two hosts as a WebSocket sees it, TCP over a lossy path.
 *
 * Loss is delay (retransmission, head of line), a cut is silence at the path's entry, and a connection ends by a closing
 * handshake, a FIN, a RST, or not at all (half-open). One computed arrival stands for all packets of a message. The rules
 * are those measured on kernel TCP; what they leave out is the closing of a connection by a peer that still sends.
 */
import { type Context, type Machine, NOTHING } from '../machine.ts';
import { latest, NEVER, ZERO } from '../time.ts';
import type { TimerEvent } from '../transport.ts';
import { closedAt, lose } from './arrival.ts';
import type { LinkConfig } from './config.ts';
import { relay, syn } from './dialling.ts';
import { close, closeTimedOut, endAll, endDown, forgetEnd, RESET, terminate } from './ending.ts';
import { enqueue, pump } from './lane.ts';
import { missAcks, regainAcks } from './recovery.ts';
import { type Conn, init, type LinkState, newConn, newItem, type Path } from './state.ts';
import type { Direction, End, LinkEffect, LinkEvent } from './vocabulary.ts';

export const link: Machine<LinkConfig, LinkState, LinkEvent, LinkEffect> = { kind: 'link', init, step };

function step(state: LinkState, event: LinkEvent, context: Context): readonly LinkEffect[] {
  const effects: LinkEffect[] = [];
  switch (event.type) {
    case 'send': {
      const item = newItem('frame', event.bytes, event.payload);
      const conn = state.conns[event.conn];
      // Before 101 went out, and after the end, nothing is carried.
      if (conn === undefined || conn.phase !== 'open' || conn.over[event.end])
        lose(event.conn, event.end, item, 'not open', effects);
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
      else conn.retryAfter = event.retryAfter ?? ZERO;
      const answer = newItem(accepted ? 'opened' : 'refused', 200, null, accepted ? 0 : event.status);
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
      if (event.type === 'cut') missAcks(state, event.direction, context, effects);
      else regainAcks(state, event.direction, context, effects);
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
  if (timer === 'resend') {
    conn.lanes[from].wakeAt = NEVER;
    pump(state, id, conn, from, context, effects);
  } else if (timer === 'closing' && !conn.over[from]) closeTimedOut(state, id, conn, from, context, effects);
}
