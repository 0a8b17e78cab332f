/**
 * The balancer: an L4 proxy in the data path. It accepts a client's connection once a backend took it, splices the two,
 * and passes on how either side ended. It reads no frame, and keeps only what comes before there is a backend to take it.
 * Raw bytes are taken by its kernel before it hears of them; whom it turns away then hears so in HTTP (`ending.ts`).
 */
import { type Context, type Machine, NOTHING } from '../machine.ts';
import { after, ZERO } from '../time.ts';
import type { Handshake, TimerEvent, TransportEvent } from '../transport.ts';
import type { BalancerConfig } from './config.ts';
import {
  endOf,
  endPair,
  endUnanswered,
  heardTurned,
  LATE_BACKEND,
  NO_BACKEND,
  turnAway,
  turnAwayNow,
} from './ending.ts';
import { chooseBackend, probe, probeAnswered, probeFailed, refused, startProbes } from './health.ts';
import { endDrained, endOldLives, obey } from './orders.ts';
import { count, forget, pairOfServer } from './pairs.ts';
import { type BalancerEffect, type BalancerEvent, type BalancerState, init, type Pair, type Passing } from './state.ts';

export const balancer: Machine<BalancerConfig, BalancerState, BalancerEvent, BalancerEffect> = {
  kind: 'balancer',
  init,
  step,
};

/** What a backend says to a client whose origin it does not admit. */
const FORBIDDEN = 403;

function step(state: BalancerState, event: BalancerEvent, context: Context): readonly BalancerEffect[] {
  switch (event.type) {
    case 'frame':
    case 'ping':
    case 'pong':
      return forward(state, event, context);
    case 'incoming':
      return incoming(state, event, context);
    case 'opened':
      return opened(state, event, context);
    case 'closed':
      return closed(state, event, context);
    case 'ended':
      return ended(state, event.conn);
    case 'timer':
      return timer(state, event, context);
    case 'message':
      return event.message.type === 'probed' ? probeAnswered(state, event.from, event.message) : NOTHING;
    case 'started':
      return startProbes(state, context.now);
    case 'quiesce':
      state.quiet = true;
      return state.backends.flatMap((_, key): BalancerEffect[] => [
        { type: 'clearTimer', timer: 'probe', key: key + 1 },
        { type: 'clearTimer', timer: 'probeTimeout', key: key + 1 },
      ]);
    case 'reload':
    case 'idleTimeout':
    case 'forceHealth':
    case 'drainBackend':
    case 'scatter':
      return obey(state, event, context.now);
    default:
      return NOTHING;
  }
}

/** Out on the other connection of the pair. */
function forward(state: BalancerState, event: Passing, { now }: Context): readonly BalancerEffect[] {
  const { conn } = event;
  const asClient = state.pairs[conn];
  if (asClient !== undefined) {
    if (asClient.unanswered && !asClient.asked) hearAsked(asClient, event);
    if (!asClient.spliced) {
      asClient.early ??= [];
      asClient.early.push(event);
      return asClient.turned === 0 ? NOTHING : heardTurned(state, asClient);
    }
    asClient.lastActive = now;
    return [onto(asClient.server, event)];
  }
  const client = state.byServer[conn];
  const pair = client === undefined ? undefined : state.pairs[client];
  if (pair === undefined || !pair.spliced) return NOTHING;
  if (pair.unanswered) pair.unanswered = false;
  pair.lastActive = now;
  return [onto(pair.client, event)];
}

function hearAsked(pair: Pair, event: Passing): void {
  pair.asked = true;
  const bytes = event.type === 'frame' && event.payload instanceof Uint8Array ? event.payload : null;
  pair.isHead = bytes !== null && bytes.length > HEAD.length && HEAD.every((byte, at) => bytes[at] === byte);
}

/** `HEAD `: the response to it has no body. */
const HEAD: readonly number[] = [72, 69, 65, 68, 32];

function onto(conn: number, event: Passing): BalancerEffect {
  if (event.type !== 'frame') return { type: event.type, conn, data: event.data };
  const { payload, bytes, binary } = event;
  return binary === undefined ? { type: 'send', conn, payload, bytes } : { type: 'send', conn, payload, bytes, binary };
}

function incoming(
  state: BalancerState,
  event: TransportEvent & { type: 'incoming' },
  context: Context,
): readonly BalancerEffect[] {
  const { conn, from } = event;
  if (state.pairs[conn] !== undefined) return NOTHING;
  const pair: Pair = {
    from,
    life: state.life,
    client: conn,
    server: 0,
    backend: -1,
    asks: asksOf(event),
    spliced: false,
    lastActive: context.now,
    retryAfter: ZERO,
    early: null,
    tried: [],
    unanswered: event.over === 'bytes',
    asked: false,
    isHead: false,
    clientEnded: false,
    serverEnded: false,
    turned: 0,
  };
  state.pairs[conn] = pair;
  // Read back, because a recorded run must change the draft of it.
  const dialled = dialNext(state, state.pairs[conn] as Pair, context);
  return pair.unanswered ? [{ type: 'accept', conn, halfOpen: true }, ...dialled] : dialled;
}

const isRaw = ({ asks }: Pair): boolean => asks?.over === 'bytes';

function asksOf({ origin, url, protocols, over }: Handshake): Handshake | null {
  if (origin === undefined && url === undefined && protocols === undefined && over === undefined) return null;
  return {
    ...(origin === undefined ? null : { origin }),
    ...(url === undefined ? null : { url }),
    ...(protocols === undefined ? null : { protocols }),
    ...(over === undefined ? null : { over }),
  };
}

/** Dials the next backend that was not tried for this client, or turns the client away. */
function dialNext(state: BalancerState, pair: Pair, { now }: Context, status = NO_BACKEND): readonly BalancerEffect[] {
  const backend = chooseBackend(state, pair.tried, state.homes[`@${pair.from}`] ?? -1);
  if (backend < 0) return turnAway(state, pair, status, now);
  const { config } = state;
  state.dials++;
  const conn = config.connBase + state.dials;
  pair.tried.push(backend);
  pair.backend = backend;
  pair.server = conn;
  state.byServer[conn] = pair.client;
  const to = config.backends[backend] as string;
  count(state, pair, 1);
  return [
    pair.asks === null
      ? { type: 'dial', conn, to, autoPong: false }
      : { type: 'dial', conn, to, ...pair.asks, ...(isRaw(pair) ? { halfOpen: true } : { autoPong: false }) },
    { type: 'setTimer', timer: 'connect', key: conn, at: after(now, config.connectTimeout) },
  ];
}

/** The backend took the connection: the client's is accepted, and from now on they are one. */
function opened(
  state: BalancerState,
  { conn, protocol }: TransportEvent & { type: 'opened' },
  { now }: Context,
): readonly BalancerEffect[] {
  const pair = pairOfServer(state, conn);
  if (pair === undefined || pair.spliced) return [{ type: 'terminate', conn, how: 'rst' }];
  const { early } = pair;
  pair.early = null;
  pair.spliced = true;
  pair.lastActive = now;
  state.homes[`@${pair.from}`] = pair.backend;
  const accept = { type: 'accept', conn: pair.client, autoPong: false } as const;
  return [
    { type: 'clearTimer', timer: 'connect', key: conn },
    ...(isRaw(pair) ? NOTHING : [protocol === undefined ? accept : { ...accept, protocol }]),
    ...(early === null ? NOTHING : early.map((passing) => onto(conn, passing))),
    ...(pair.clientEnded ? [endOf(conn)] : NOTHING),
    { type: 'setTimer', timer: 'idle', key: pair.client, at: after(now, state.idleTimeout) },
  ];
}

/** Raw bytes: one side has ended its stream. The other is told so, and may go on, as HAProxy does it in a tunnel. */
function ended(state: BalancerState, conn: number): readonly BalancerEffect[] {
  const asClient = state.pairs[conn];
  if (asClient !== undefined) {
    asClient.clientEnded = true;
    if (asClient.turned !== 0) return turnAwayNow(state, asClient);
    return asClient.spliced ? [endOf(asClient.server)] : NOTHING;
  }
  const pair = pairOfServer(state, conn);
  if (pair === undefined) return NOTHING;
  if (pair.unanswered) return [...endUnanswered(state, pair), endOf(conn)];
  pair.serverEnded = true;
  return [endOf(pair.client)];
}

function closed(
  state: BalancerState,
  event: TransportEvent & { type: 'closed' },
  context: Context,
): readonly BalancerEffect[] {
  const { conn, code, reason, clean, status, retryAfter, slot } = event;
  const asClient = state.pairs[conn];
  if (asClient !== undefined) {
    const { server, spliced } = asClient;
    const effects = forget(state, asClient);
    if (spliced && clean) effects.push({ type: 'close', conn: server, code, reason });
    else if (server !== 0) effects.push({ type: 'terminate', conn: server, how: 'fin' });
    return effects;
  }
  const pair = pairOfServer(state, conn);
  if (pair === undefined) return NOTHING;
  if (!pair.spliced) {
    // Refused by the process is no sign of ill health; no answer from the host is.
    if (status === 0) refused(state, pair.backend);
    if (retryAfter !== undefined && (pair.retryAfter === 0 || retryAfter < pair.retryAfter))
      pair.retryAfter = retryAfter;
    // A place is kept for it: another backend would keep one, too, and it can come to one of them only. It comes back here.
    if (slot !== undefined && retryAfter !== undefined && !pair.unanswered) {
      state.homes[`@${pair.from}`] = pair.backend;
      return [...forget(state, pair), { type: 'refuse', conn: pair.client, status, retryAfter, slot }];
    }
    // A backend's judgement of the client is passed on: another one would only be asked to overrule it.
    if (status === FORBIDDEN) return [...forget(state, pair), { type: 'refuse', conn: pair.client, status }];
    return retry(state, pair, context, reason === 'timed out' ? LATE_BACKEND : NO_BACKEND);
  }
  if (pair.unanswered) return endUnanswered(state, pair);
  const { client } = pair;
  const effects = forget(state, pair);
  // What a proxy has read of a stream it still passes on, however that ended.
  if (clean) effects.push({ type: 'close', conn: client, code, reason });
  else if (isRaw(pair) && !pair.serverEnded) effects.push(endOf(client));
  else effects.push({ type: 'terminate', conn: client, how: 'fin' });
  return effects;
}

function timer(state: BalancerState, { timer, key }: TimerEvent, context: Context): readonly BalancerEffect[] {
  switch (timer) {
    case 'probe':
      return probe(state, key - 1, context.now);
    case 'probeTimeout':
      return probeFailed(state, key - 1);
    case 'connect': {
      const pair = pairOfServer(state, key);
      if (pair === undefined || pair.spliced) return NOTHING;
      refused(state, pair.backend);
      return giveUp(state, pair, context, LATE_BACKEND);
    }
    case 'idle':
      return idle(state, key, context);
    case 'grace':
      return endOldLives(state, key);
    case 'drained':
      return drained(state, key - 1, context);
    default:
      return NOTHING;
  }
}

/** The deadline of a drained backend: what it has ends, and what is still being dialled there goes elsewhere. */
function drained(state: BalancerState, backend: number, context: Context): readonly BalancerEffect[] {
  const dials = Object.values(state.pairs).filter((pair) => pair.backend === backend && !pair.spliced);
  return [...endDrained(state, backend), ...dials.flatMap((pair) => giveUp(state, pair, context, NO_BACKEND))];
}

/** A dial that takes too long, or whose backend is drained, is ended; the client's goes on to the next backend. */
function giveUp(state: BalancerState, pair: Pair, context: Context, status: number): readonly BalancerEffect[] {
  return [{ type: 'terminate', conn: pair.server, how: 'rst' }, ...retry(state, pair, context, status)];
}

/** The dial of a backend failed: the next one, at once. `status`: what the client hears if there is none. */
function retry(state: BalancerState, pair: Pair, context: Context, status: number): readonly BalancerEffect[] {
  const dialled = pair.server;
  delete state.byServer[dialled];
  count(state, pair, -1);
  return [{ type: 'clearTimer', timer: 'connect', key: dialled }, ...dialNext(state, pair, context, status)];
}

/** Nothing passed for the whole idle time-out: both ends are closed. Otherwise the timer comes back. */
function idle(state: BalancerState, key: number, { now }: Context): readonly BalancerEffect[] {
  const pair = state.pairs[key];
  if (pair === undefined) return NOTHING;
  const due = after(pair.lastActive, state.idleTimeout);
  if (due > now) return [{ type: 'setTimer', timer: 'idle', key, at: due }];
  return endPair(state, pair, LATE_BACKEND);
}
