/** Clients that mix up their connections: timers and events of an old one, two at once, none at all. */
import { freshMemory } from '../../../src/backoff/delay.ts';
import { CLOSE } from '../../../src/close-codes.ts';
import { attached, type ClientEffect, underWay } from '../../../src/session/client/state.ts';
import { START } from '../../../src/time.ts';
import { type Bug, bug } from '../bug.ts';
import { changed, clears, frameIn, plus, sets, without } from '../say.ts';

export const CLIENT_CONNECTIONS: readonly Bug[] = [
  bug(
    'client',
    'stale-close-ends-the-new',
    'centrifugal/centrifuge-csharp#21',
    'The close event of a connection that was given up ends the one that took its place.',
    {
      around({ state, event, step }) {
        const own = attached(state);
        if (event.type !== 'closed' || own === null || event.conn === own.conn) return step();
        const attempt = underWay(state);
        if (attempt !== null && 'conn' in attempt && attempt.conn === event.conn) return step();
        return step({ ...event, conn: own.conn, code: CLOSE.abnormal, clean: false });
      },
    },
  ),
  bug(
    'client',
    'dials-beside-a-dial',
    ['rowboatlabs/rowboat#1049', 'resoai/TileBoard#72'],
    'The event `online` starts another dial while one is pending, and forgets the first.',
    {
      around({ state, event, step }) {
        if (event.type === 'online' && state.doing.phase === 'connecting') state.doing = { phase: 'suspended' };
        return step();
      },
    },
  ),
  bug(
    'client',
    'retry-timer-survives-connecting',
    'apollographql/subscriptions-transport-ws#732',
    'A retry that was cut short by `online` or `moved` fires all the same, and dials beside the connection that there is by then.',
    {
      around({ state, event, step }) {
        if (event.type === 'timer' && event.timer === 'retry' && attached(state) !== null && underWay(state) === null)
          return step({ type: 'moved' });
        return without(step(), (effect) => clears(effect, 'retry'));
      },
    },
  ),
  bug(
    'client',
    'old-liveness-timer-kills',
    ['socketio/engine.io#12', 'mezonai/mezon-js#1128'],
    'The dead-peer timer of a connection that was handed over stays, and ends the connection that relieved it.',
    {
      around({ state, event, context, step }) {
        const own = attached(state);
        if (event.type === 'timer' && event.timer === 'liveness' && own !== null && own.conn !== event.key) {
          own.lastHeard = START;
          own.probedAt = null;
          own.livenessDue = context.now;
          return step({ ...event, key: own.conn });
        }
        const handedOver = frameIn(event, 'WELCOME') !== null && own !== null;
        return handedOver ? without(step(), (effect) => clears(effect, 'liveness')) : step();
      },
    },
  ),
  bug(
    'client',
    'closes-before-it-is-relieved',
    'grpc/grpc-java#5806',
    'A client that was told to go elsewhere closes its connection as soon as the second one is open, before that owns the session.',
    {
      around({ state, event, step }) {
        const first = attached(state);
        const effects = step();
        if (event.type !== 'opened' || first === null || state.handover?.stage !== 'attempt') return effects;
        return plus(effects, { type: 'close', conn: first.conn, code: CLOSE.normal, reason: 'handed over' });
      },
    },
  ),
  bug(
    'client',
    'sends-on-the-drained-connection',
    ['grpc/grpc#19969', 'grpc/grpc-go#2919'],
    'What is submitted while the old connection is still open, after the new one took over, goes out on the old one.',
    {
      around({ state, event, step }) {
        const { handover } = state;
        if (event.type !== 'submit' || handover?.stage !== 'switching') return step();
        const { old } = handover;
        return changed(
          step(),
          (effect) => (frameIn(effect, 'SEND') !== null ? { ...effect, conn: old } : effect) as never,
        );
      },
    },
  ),
  bug(
    'client',
    'goodbye-on-silence',
    'samuel/go-zookeeper#133',
    'A client that gives up a silent peer says goodbye to it, so that a peer which hears it after all ends the session.',
    {
      around({ event, step }) {
        const effects = step();
        if (event.type !== 'timer' || event.timer !== 'liveness') return effects;
        return effects.flatMap((effect): ClientEffect[] => {
          if (effect.type !== 'terminate') return [effect];
          const { conn } = effect;
          return [
            { type: 'close', conn, code: CLOSE.normal, reason: 'leave' },
            { type: 'terminate', conn, how: 'fin' },
          ];
        });
      },
    },
  ),
  bug(
    'client',
    'server-1000-is-the-end',
    ['UnseenFaith/komada#181', 'theturtle32/WebSocket-Node#83'],
    'A close with 1000 by the server counts as the end that the application wanted: nobody reconnects, and nobody is told.',
    {
      around({ state, event, step }) {
        const mine = event.type === 'closed' && event.conn === attached(state)?.conn && event.code === CLOSE.normal;
        return mine ? step({ type: 'leave' }) : step();
      },
    },
  ),
  bug(
    'client',
    'no-handshake-timeout',
    'centrifugal/centrifuge-dart#126',
    'A connection that opens and is never answered is waited for without an end.',
    { around: ({ step }) => without(step(), (effect) => sets(effect, 'welcome')) },
  ),
  bug(
    'client',
    'no-connect-timeout',
    'centrifugal/centrifuge-js#374',
    'A dial that nobody answers is waited for as long as the network lets it.',
    { around: ({ step }) => without(step(), (effect) => sets(effect, 'connect')) },
  ),
  bug(
    'client',
    'no-token-timeout',
    ['centrifugal/centrifuge-dart#126', 'ueberdosis/hocuspocus#566'],
    'A token that was asked for and got lost is waited for without an end.',
    { around: ({ step }) => without(step(), (effect) => sets(effect, 'token')) },
  ),
  bug(
    'client',
    'online-unheard-while-connecting',
    ['enisdenjo/graphql-ws#487', 'tutao/tutanota#489'],
    'The event `online` is looked at only by a client that waits; another one goes on believing that it is offline, and suspends at its next failure.',
    {
      around({ state, event, step }) {
        const { online } = state;
        const waits = ['backoff', 'suspended'].includes(underWay(state)?.phase ?? '');
        const effects = step();
        if (event.type === 'online' && !waits) state.online = online;
        return effects;
      },
    },
  ),
  bug(
    'client',
    'goaway-ignored',
    ['grpc/grpc-node#2694', 'grpc/grpc-go#3297'],
    'A client goes on with a draining server until that hangs up.',
    { around: ({ event, step }) => (frameIn(event, 'GOAWAY') === null ? step() : []) },
  ),
  bug(
    'client',
    'gives-up-beside-a-living-connection',
    'socketio/socket.io-client#708',
    'A client whose second connection has used up the policy reports that it gave up, and drops the first one, which works.',
    {
      around({ state, step }) {
        const effects = step();
        const own = attached(state);
        if (own === null || state.handover?.stage !== 'abandoned') return effects;
        const pending = Object.values(state.outbox).map(({ key }) => key);
        state.handover = null;
        state.outbox = {};
        state.outboxCount = 0;
        state.doing = { phase: 'failed', error: 'attempts_exhausted' };
        return plus(
          effects,
          { type: 'terminate', conn: own.conn, how: 'rst' },
          { type: 'report', error: 'attempts_exhausted', detail: 'no second connection' },
          ...pending.map((key) => ({ type: 'settle', key, outcome: 'unknown', stream: 0 }) as const),
        );
      },
    },
  ),
  bug(
    'client',
    'first-timeout-is-for-all-attempts',
    'centrifugal/centrifuge-dart#126',
    'The timer of a handshake that was given up stays, and fails whichever handshake is under way when it fires.',
    {
      around({ state, event, step }) {
        const attempt = underWay(state);
        if (event.type === 'timer' && event.timer === 'welcome' && attempt?.phase === 'handshaking')
          return step({ ...event, key: attempt.conn });
        return without(step(), (effect) => clears(effect, 'welcome'));
      },
    },
  ),
  bug(
    'client',
    'backoff-resets-on-open',
    ['pladaria/reconnecting-websocket#200', 'FreeTAKTeam/LXMF-rs#493'],
    'The backoff starts again as soon as a connection is open, before anybody has answered on it.',
    {
      around({ state, event, step }) {
        const effects = step();
        if (event.type === 'opened' && underWay(state)?.phase === 'handshaking') state.backoff = freshMemory();
        return effects;
      },
    },
  ),
];
