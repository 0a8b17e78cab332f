/** The server of the feed: it makes an event every so often, remembers the last few, and sends them to whoever listens. */
import { at, clearTimer, healthy, type Machine, NOTHING, send, setTimer } from 'hangup';
import type { Effect, Event, Frame, ServerConfig } from './feed.ts';

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
        const news = state.listeners.map((conn) => send(conn, { type: 'event', id }));
        return [{ type: 'custom', name: 'newest', value: id }, ...news, tick(state)];
      }
      case 'wipe':
        state.oldest = state.next;
        return NOTHING;
      case 'quiesce':
        return [clearTimer('tick')];
      case 'message':
        return [healthy(event)];
      case 'incoming':
        return [{ type: 'accept', conn: event.conn }];
      case 'closed':
        state.listeners = state.listeners.filter((conn) => conn !== event.conn);
        return NOTHING;
      case 'frame':
        if (event.payload.type !== 'subscribe') return NOTHING;
        state.listeners.push(event.conn);
        return missed(state, event.payload.last).map((frame) => send(event.conn, frame));
      default:
        return NOTHING;
    }
  },
};

const tick = ({ config, next }: State): Effect => setTimer('tick', at(next * config.every));

function missed({ next, oldest }: State, last: number): readonly Frame[] {
  // A newcomer has missed nothing, and one who was with a server whose clock is a little ahead has neither.
  const after = last === 0 ? next - 1 : Math.min(last, next - 1);
  const ids = Array.from({ length: next - 1 - after }, (_, i) => after + 1 + i);
  const kept = ids.filter((id) => id >= oldest).map((id): Frame => ({ type: 'event', id }));
  return kept.length < ids.length ? [{ type: 'gap', next: oldest }, ...kept] : kept;
}
