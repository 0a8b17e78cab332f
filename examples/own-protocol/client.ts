/** A client of the feed: it dials, says which event it has, shows what follows, and comes back when the connection is lost. */
import {
  after,
  type BackoffMemory,
  type Context,
  clearTimer,
  elapsed,
  freshMemory,
  hangUp,
  type Instant,
  type Machine,
  NOTHING,
  type Refusal,
  refusalOf,
  retry,
  send,
  setTimer,
} from 'hangup';
import type { ClientConfig, Effect, Event, Frame } from './feed.ts';

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
  /** Since when it has been trying to come back. */
  since: Instant | null;
  /** When the connection opened. */
  opened: Instant | null;
}

export const client: Machine<ClientConfig, State, Event, Effect> = {
  kind: 'feed-client',
  init: (config) => ({
    ...{ config, on: false, online: true, conn: 0, last: 0, resumeFrom: 0 },
    ...{ backoff: freshMemory(), since: null, opened: null },
  }),
  step(state, event, context) {
    if ('conn' in event && event.conn !== state.conn) return NOTHING;
    switch (event.type) {
      case 'start':
        state.on = true;
        return dial(state, context);
      case 'leave':
        state.on = false;
        return leave(state, context);
      case 'offline':
        state.online = false;
        return leave(state, context);
      case 'online':
        state.online = true;
        return state.on && state.conn === 0 ? dial(state, context) : NOTHING;
      case 'moved':
        return state.on && state.online ? [...leave(state, context), ...dial(state, context)] : NOTHING;
      case 'timer':
        return event.timer === 'retry' ? dial(state, context) : [...leave(state, context), ...comeBack(state, context)];
      case 'opened':
        state.resumeFrom = state.last;
        state.opened = context.now;
        return [send(event.conn, { type: 'subscribe', last: state.last }), silence(state, context)];
      case 'closed':
        state.conn = 0;
        lose(state, context);
        if (state.config.forgetful) state.last = state.resumeFrom;
        return [clearTimer('silence'), ...comeBack(state, context, refusalOf(event.code, event.status))];
      case 'frame':
        return [silence(state, context), ...hear(state, event.payload)];
      default:
        return NOTHING;
    }
  },
};

function hear(state: State, frame: Frame): readonly Effect[] {
  // A server that stood still makes the events anew that another one has made before.
  if (frame.type === 'subscribe' || (frame.type === 'event' && frame.id <= state.last)) return NOTHING;
  state.last = frame.type === 'gap' ? frame.next - 1 : frame.id;
  return [{ type: 'custom', name: frame.type === 'gap' ? 'gap' : 'shown', value: state.last }];
}

/** A dial that is not answered is given up like a connection that is silent. */
const silence = ({ config }: State, { now }: Context): Effect => setTimer('silence', after(now, config.silence));

function dial(state: State, context: Context): readonly Effect[] {
  state.conn = context.newConn();
  return [{ type: 'dial', conn: state.conn, to: 'lb' }, silence(state, context)];
}

function leave(state: State, context: Context): readonly Effect[] {
  lose(state, context);
  const { conn } = state;
  state.conn = 0;
  const still = [clearTimer('retry'), clearTimer('silence')];
  return conn === 0 ? still : [...still, hangUp(conn)];
}

/** A connection that lived for as long as the policy asks has proved to be good. */
function lose(state: State, { now }: Context): void {
  if (state.opened !== null && elapsed(state.opened, now) >= state.config.policy.stableAfter) {
    state.backoff = freshMemory();
    state.since = null;
  }
  state.opened = null;
}

function comeBack(state: State, context: Context, refusal: Refusal = 'down'): readonly Effect[] {
  if (!state.on || !state.online) return NOTHING;
  state.since ??= context.now;
  const outage = { refusal, elapsed: elapsed(state.since, context.now) };
  const { memory, effects } = retry(state.config.policy, state.backoff, context, outage);
  state.backoff = memory;
  return effects;
}
