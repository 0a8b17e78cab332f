/**
 * The link: the network between two hosts, TCP over a lossy path, and on each connection what is spoken there.
 *
 * Loss is delay (retransmission, head of line), a cut is silence at the path's entry, and a connection ends by a closing
 * handshake, a FIN, a RST, or not at all (half-open). One computed arrival stands for all packets of a message. The rules
 * are those measured on kernel TCP.
 */
import { type Context, type Machine, NOTHING } from '../machine.ts';
import { latest, NEVER } from '../time.ts';
import type { Over, TimerEvent } from '../transport.ts';
import { bytes } from './bytes/bytes.ts';
import type { LinkConfig } from './config.ts';
import { gone } from './ended.ts';
import type { Layer } from './layer.ts';
import { relay } from './relay.ts';
import { watch } from './tcp/backlog.ts';
import { end, endAll, endDown, forgetEnd, reset, resetAll } from './tcp/ending.ts';
import { connect } from './tcp/handshake.ts';
import { pump } from './tcp/lane.ts';
import { missAcks, regainAcks } from './tcp/recovery.ts';
import type { Turn } from './tcp/socket.ts';
import { type Conn, init, type LinkState, newConn, type Path } from './tcp/state.ts';
import { type Direction, type End, type LinkEffect, type LinkEvent, opposite } from './vocabulary.ts';
import { websocket } from './websocket/websocket.ts';

/** What can be spoken on a connection. */
const LAYERS: Readonly<Record<Over, Layer>> = { websocket, bytes };

export const link: Machine<LinkConfig, LinkState, LinkEvent, LinkEffect> = { kind: 'link', init, step };

function step(state: LinkState, event: LinkEvent, context: Context): readonly LinkEffect[] {
  const effects: LinkEffect[] = [];
  const turn: Turn = { state, context, effects, tenants: LAYERS };
  switch (event.type) {
    case 'send': {
      const { conn: id, end, payload, bytes } = event;
      const conn = state.conns[id];
      if (conn !== undefined) layerOf(conn).send(turn, conn, event);
      else effects.push({ type: 'lose', to: opposite(end), conn: id, payload, bytes, why: 'not open' });
      break;
    }
    case 'timer':
      onTimer(turn, event);
      break;
    case 'dial': {
      const { end, conn: id, over = 'websocket' } = event;
      if (end !== 0 || state.conns[id] !== undefined) break;
      state.conns[id] = newConn(id, context.now, over, LAYERS[over].begin(event));
      connect(turn, state.conns[id] as Conn);
      break;
    }
    case 'accept':
    case 'refuse':
    case 'ping':
    case 'pong':
    case 'drain':
    case 'close':
    case 'terminate': {
      const conn = state.conns[event.conn];
      if (conn !== undefined && !conn.over[event.end]) onConn(turn, conn, event);
      break;
    }
    case 'relay':
      relay(state, event, context, effects);
      break;
    case 'endDown':
      endDown(turn, event.end, event.how);
      break;
    case 'endUp':
      state.process[event.end] = true;
      state.listens[event.end] = true;
      state.host[event.end] = true;
      break;
    case 'listen':
      state.listens[event.end] = event.active;
      break;
    case 'cut':
    case 'heal':
      for (const path of pathsOf(state, event.direction)) path.cut = event.type === 'cut';
      if (event.type === 'cut') missAcks(turn, event.direction);
      else regainAcks(turn, event.direction);
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
      resetAll(turn);
      break;
    case 'closeAll':
      // Only who speaks can be interrupted by a word.
      endAll(
        turn,
        ({ phase }) => phase === 'open',
        (conn, end, at) => layerOf(conn).interrupted(turn, conn, end, at, event),
      );
      break;
    case 'forgetEnd':
      forgetEnd(turn, event.end);
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

const layerOf = ({ tenant }: Conn): Layer => LAYERS[tenant as Over];

type OnConn = LinkEvent & { type: 'accept' | 'refuse' | 'ping' | 'pong' | 'drain' | 'close' | 'terminate' };

/** An endpoint does something with a connection that is not over for it. */
function onConn(turn: Turn, conn: Conn, event: OnConn): void {
  switch (event.type) {
    case 'accept':
    case 'refuse':
      layerOf(conn).answer(turn, conn, event);
      return;
    case 'ping':
    case 'pong':
      layerOf(conn).control(turn, conn, event);
      return;
    case 'drain':
      watch(turn, conn, event.end, event.below ?? 0);
      return;
    case 'close':
      layerOf(conn).close(turn, conn, event);
      return;
    case 'terminate':
      turn.effects.push(gone(conn.id, event.end, turn.context.now, ''));
      if (event.how === 'fin') end(turn, conn, event.end);
      else reset(turn, conn, event.end);
  }
}

function pathsOf(state: LinkState, direction: Direction): Path[] {
  if (direction === 'both') return [state.paths[0], state.paths[1]];
  return [state.paths[direction === 'up' ? 0 : 1]];
}

function onTimer(turn: Turn, { timer, key }: TimerEvent): void {
  const { conns } = turn.state;
  if (timer === 'syn') {
    const conn = conns[key];
    if (conn?.phase === 'syn') connect(turn, conn);
    return;
  }
  const from: End = key % 2 === 0 ? 0 : 1;
  const conn = conns[Math.floor(key / 2)];
  if (conn === undefined) return;
  if (timer === 'resend') {
    conn.lanes[from].wakeAt = NEVER;
    pump(turn, conn, from);
  } else if (!conn.over[from]) layerOf(conn).due(turn, conn, from);
}
