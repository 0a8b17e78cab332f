/** The server of the feed: it makes an event every so often, remembers the last few, and sends them to whoever listens. */
import { type Machine, NOTHING } from 'hangup';
import { type Effect, type Event, type ServerConfig, send } from './feed.ts';

interface State {
  readonly config: ServerConfig;
  /** The oldest event that it remembers, and the next one that it will make. */
  oldest: number;
  next: number;
  /** Connections that listen. */
  listeners: number[];
}

export const server: Machine<ServerConfig, State, Event, Effect> = {
  kind: 'feed-server',
  init: (config) => ({ config, oldest: 1, next: 1, listeners: [] }),
  step(state, event, { now }) {
    const { every, ring } = state.config;
    switch (event.type) {
      case 'started':
        // All servers make the same events, by the clock; one that has just started remembers none.
        state.next = Math.floor(now / every) + 1;
        state.oldest = state.next;
        return [tick(state)];
      case 'timer': {
        const id = state.next++;
        state.oldest = Math.max(state.oldest, state.next - ring);
        return [
          { type: 'custom', name: 'newest', value: id },
          ...state.listeners.map((conn) => send(conn, { type: 'event', id })),
          tick(state),
        ];
      }
      case 'wipe':
        state.oldest = state.next;
        return NOTHING;
      case 'quiesce':
        return [{ type: 'clearTimer', timer: 'tick', key: 0 }];
      case 'message':
        return [{ type: 'post', to: event.from, message: { type: 'probed', op: event.message.op, ready: true } }];
      case 'incoming':
        return [{ type: 'accept', conn: event.conn }];
      case 'closed':
        state.listeners = state.listeners.filter((conn) => conn !== event.conn);
        return NOTHING;
      case 'frame': {
        if (event.payload.type !== 'subscribe') return NOTHING;
        const { conn } = event;
        state.listeners.push(conn);
        // A newcomer has missed nothing, and one who was with a server whose clock is a little ahead has neither.
        const after = event.payload.last === 0 ? state.next - 1 : Math.min(event.payload.last, state.next - 1);
        const missed = Array.from({ length: state.next - 1 - after }, (_, i) => after + 1 + i);
        const kept = missed.filter((id) => id >= state.oldest);
        const lost = kept.length < missed.length ? [send(conn, { type: 'gap', next: state.oldest })] : [];
        return [...lost, ...kept.map((id) => send(conn, { type: 'event', id }))];
      }
      default:
        return NOTHING;
    }
  },
};

const tick = ({ config, next }: State): Effect => ({
  type: 'setTimer',
  timer: 'tick',
  key: 0,
  at: (next * config.every) as never,
});
