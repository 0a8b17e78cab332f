/** A client of the feed: it dials, says which event it has, shows what follows, and comes back when the connection is lost. */
import { advance, type BackoffMemory, type Context, freshMemory, type Machine, NOTHING, nextDelay } from 'hangup';
import { type ClientConfig, type Effect, type Event, later, send } from './feed.ts';

interface State {
  readonly config: ClientConfig;
  on: boolean;
  online: boolean;
  /** The connection, open or being opened; 0 for none. */
  conn: number;
  /** The last event that the application was shown, and the one that it will resume behind. */
  last: number;
  resumeFrom: number;
  backoff: BackoffMemory;
}

export const client: Machine<ClientConfig, State, Event, Effect> = {
  kind: 'feed-client',
  init: (config) => ({ config, on: false, online: true, conn: 0, last: 0, resumeFrom: 0, backoff: freshMemory() }),
  step(state, event, context) {
    switch (event.type) {
      case 'start':
        state.on = true;
        return dial(state, context);
      case 'leave':
        state.on = false;
        return hangUp(state);
      case 'offline':
        state.online = false;
        return hangUp(state);
      case 'online':
        state.online = true;
        return state.on && state.conn === 0 ? dial(state, context) : NOTHING;
      case 'moved':
        return state.on && state.online ? [...hangUp(state), ...dial(state, context)] : NOTHING;
      case 'timer':
        if (event.timer === 'retry') return dial(state, context);
        return [...hangUp(state), ...retry(state, context)];
      case 'opened':
        if (event.conn !== state.conn) return NOTHING;
        state.resumeFrom = state.last;
        return [
          send(event.conn, { type: 'subscribe', last: state.last }),
          later('silence', context.now, state.config.silence),
        ];
      case 'closed':
        if (event.conn !== state.conn) return NOTHING;
        state.conn = 0;
        if (state.config.forgetful) state.last = state.resumeFrom;
        return [{ type: 'clearTimer', timer: 'silence', key: 0 }, ...retry(state, context)];
      case 'frame':
        return event.conn === state.conn ? hear(state, event.payload, context) : NOTHING;
      default:
        return NOTHING;
    }
  },
};

function hear(state: State, frame: (Event & { type: 'frame' })['payload'], { now }: Context): readonly Effect[] {
  state.backoff = freshMemory();
  const heard = later('silence', now, state.config.silence);
  if (frame.type === 'gap') {
    state.last = frame.next - 1;
    return [heard, { type: 'custom', name: 'gap', value: frame.next }];
  }
  if (frame.type !== 'event') return [heard];
  state.last = frame.id;
  return [heard, { type: 'custom', name: 'shown', value: frame.id }];
}

function dial(state: State, context: Context): readonly Effect[] {
  state.conn = context.newConn();
  // A dial that is not answered is given up like a connection that is silent.
  return [{ type: 'dial', conn: state.conn, to: 'lb' }, later('silence', context.now, state.config.silence)];
}

function hangUp(state: State): readonly Effect[] {
  const { conn } = state;
  state.conn = 0;
  const still: Effect[] = ['retry', 'silence'].map((timer) => ({ type: 'clearTimer', timer, key: 0 }));
  return conn === 0 ? still : [...still, { type: 'terminate', conn, how: 'rst' }];
}

function retry(state: State, context: Context): readonly Effect[] {
  if (!state.on || !state.online) return NOTHING;
  const { policy } = state.config;
  const next = nextDelay(policy, state.backoff, context.random('retry'), { retryAfter: null, elapsed: 0 as never });
  if ('stop' in next) return NOTHING;
  const why = { attempt: state.backoff.attempt + 1, least: next.least, most: next.most };
  state.backoff = advance(state.backoff, next.delay);
  return [{ type: 'setTimer', timer: 'retry', key: 0, at: (context.now + next.delay) as never, why }];
}
