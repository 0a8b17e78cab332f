/** Clients that hang up on the living, wait for the dead, or come back at the wrong time. */
import type { BackoffMemory } from '../../../src/backoff/delay.ts';
import { freshMemory } from '../../../src/backoff/delay.ts';
import { attached } from '../../../src/session/client/state.ts';
import { after, type Duration, type Instant, START, seconds } from '../../../src/time.ts';
import { type Bug, bug } from '../bug.ts';
import { changed, clears, frameIn, plus, sets, without } from '../say.ts';

export const CLIENT_PACE: readonly Bug[] = [
  bug(
    'client',
    'data-is-no-sign-of-life',
    ['socketio/socket.io#5523', 'pika/pika#243'],
    'Only PING and PONG count as life: a peer that sends nothing but data is given up.',
    {
      around({ state, event, step }) {
        const own = attached(state);
        const heard = own?.lastHeard;
        const conn = own?.conn;
        const effects = step();
        if (event.type !== 'frame' || heard === undefined || event.conn !== conn) return effects;
        const now = attached(state);
        const isBeat = event.payload.type === 'PING' || event.payload.type === 'PONG';
        if (!isBeat && now?.conn === conn) now.lastHeard = heard;
        return effects;
      },
    },
  ),
  bug(
    'client',
    'judges-before-it-reads',
    ['centrifugal/centrifuge-js#423', 'centrifugal/centrifuge-dart#145'],
    'A client that stood still runs its overdue dead-peer timer before it reads what has arrived meanwhile, and hangs up.',
    {
      around({ state, event, context, step }) {
        const own = attached(state);
        if (event.type === 'timer' && event.timer === 'liveness' && own?.conn === event.key)
          own.livenessDue = context.now;
        return step();
      },
    },
  ),
  bug(
    'client',
    'probe-answered-and-still-dead',
    'centrifugal/centrifuge-js#426',
    'A client that woke up late asks whether its peer lives, and hangs up after the time for the answer even if it came.',
    {
      around({ state, event, step }) {
        const own = attached(state);
        if (event.type === 'timer' && event.timer === 'liveness' && own?.conn === event.key && own.probedAt !== null)
          own.lastHeard = (own.probedAt - 1) as Instant;
        return step();
      },
    },
  ),
  bug(
    'client',
    'heartbeat-stops-after-a-reconnect',
    ['Atmosphere/atmosphere-javascript#128', 'hatchet-dev/hatchet-typescript#72'],
    'PINGs are sent on the first connection only.',
    {
      around(around) {
        const effects = around.step();
        return without(effects, (effect) => {
          if (!sets(effect, 'heartbeat') || effect.type !== 'setTimer') return false;
          around.memory ??= effect.key;
          return effect.key !== around.memory;
        });
      },
    },
  ),
  bug(
    'client',
    'heartbeats-add-up',
    ['firezone/firezone#5534', 'grpc/grpc-go#5564'],
    'The heartbeat of each connection that is gone goes on, and sends its PINGs on the present one as well.',
    {
      around({ state, event, context, step }) {
        const own = attached(state);
        const stale = event.type === 'timer' && event.timer === 'heartbeat' && own !== null && own.conn !== event.key;
        if (!stale || own === null) return without(step(), (effect) => clears(effect, 'heartbeat'));
        own.lastSent = START;
        const at = after(context.now, own.heartbeatInterval);
        return plus(step({ ...event, key: own.conn }), { type: 'setTimer', timer: 'heartbeat', key: event.key, at });
      },
    },
  ),
  bug(
    'client',
    'backoff-overflows-at-54',
    ['rikulo/socket.io-client-dart#67', 'eclipse-hono/hono#2032'],
    'From the 54th retry of an outage on the computed delay overflows, and the client dials without a pause.',
    {
      around: ({ context, step }) =>
        changed(step(), (effect) =>
          effect.type === 'setTimer' && effect.timer === 'retry' && (effect.why?.attempt ?? 0) >= 54
            ? { ...effect, at: context.now }
            : effect,
        ),
    },
  ),
  bug(
    'client',
    'backoff-ends-at-1015',
    ['zenml-io/zenml#5265', 'openai/openai-agents-python#3226'],
    'The power that a delay is computed from is too large for a number at retry 1,015, and the loop of retries dies of it.',
    {
      around: ({ step }) =>
        without(
          step(),
          (effect) => effect.type === 'setTimer' && effect.timer === 'retry' && (effect.why?.attempt ?? 0) >= 1015,
        ),
    },
  ),
  bug(
    'client',
    'backoff-resets-on-welcome',
    ['vitorpamplona/amethyst#3219', 'PocketShell-io/pocketshell#1633'],
    'The backoff starts again with every WELCOME, also on connections that die before they have brought anything.',
    {
      around({ state, event, step }) {
        const effects = step();
        const own = attached(state);
        if (own === null || frameIn(event, 'WELCOME') === null || own.stable) return effects;
        own.stable = true;
        state.backoff = freshMemory();
        state.outageSince = null;
        return effects;
      },
    },
  ),
  bug(
    'client',
    'backoff-never-resets',
    'oscmcompany/fund#1020',
    'The wait for the first retry after hours of a good connection is as long as the last one of the outage before.',
    {
      around({ state, step }) {
        const before: BackoffMemory = { ...state.backoff };
        const effects = step();
        if (state.backoff.attempt === 0) state.backoff = before;
        return effects;
      },
    },
  ),
  bug(
    'client',
    'no-jitter',
    ['nats-io/nats.go#563', 'jenkinsci/swarm-plugin#163'],
    'Every client waits the longest time of the range: all that a crash disconnected come back at one instant.',
    {
      around: ({ context, step }) =>
        changed(step(), (effect) =>
          effect.type === 'setTimer' && effect.timer === 'retry' && effect.why !== undefined
            ? { ...effect, at: after(context.now, effect.why.most as Duration) }
            : effect,
        ),
    },
  ),
  bug(
    'client',
    'leaves-a-drain-at-once',
    ['gravitational/teleport#6889', 'elastic/elastic-agent#13874'],
    'A client that is told to go elsewhere dials at once, as all others do.',
    {
      around: ({ context, step }) =>
        changed(step(), (effect) => (sets(effect, 'handover') ? { ...effect, at: context.now } : effect) as never),
    },
  ),
  bug(
    'client',
    'retry-after-unread',
    ['javaee/tyrus#136', 'firezone/firezone#11594'],
    'When a server says to come back later, the client comes back when its own policy says so.',
    {
      around({ event, step }) {
        const error = frameIn(event, 'ERROR');
        if (event.type === 'frame' && error !== null)
          return step({ ...event, payload: { ...error, retryAfter: 0 as Duration } });
        if (event.type !== 'closed') return step();
        const { retryAfter: _, ...closed } = event;
        return step(closed);
      },
    },
  ),
  bug<'client', { since: Instant }>(
    'client',
    'pings-only-when-nothing-comes',
    'grpc/grpc#28830',
    'A client that hears something thinks that the other side hears it, too, and sends no PING while data comes.',
    {
      around({ state, event, context, step }) {
        const own = attached(state);
        const beats = event.type === 'timer' && event.timer === 'heartbeat' && own?.conn === event.key;
        if (!beats || own === null || context.now - own.lastHeard > seconds(1)) return step();
        const at = after(context.now, own.heartbeatInterval);
        return [{ type: 'setTimer', timer: 'heartbeat', key: own.conn, at }];
      },
    },
  ),
];
