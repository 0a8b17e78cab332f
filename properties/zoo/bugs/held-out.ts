/** Bugs that were kept aside while laws and situations were widened, so that they measure what those find beyond what they were shown. */
import { attached, underWay } from '../../../src/session/client/state.ts';
import type { Duration } from '../../../src/time.ts';
import { type Bug, bug } from '../bug.ts';
import { changed, frameIn, plus, sets, without } from '../say.ts';

export const HELD_OUT: readonly Bug[] = [
  bug(
    'client',
    'silent-peer-kept-open',
    ['socketio/engine.io-client#8', 'miguelgrinberg/python-engineio#148'],
    'A client that gives up a silent peer goes for another connection, and leaves the first one open.',
    {
      around({ event, step }) {
        const due = event.type === 'timer' && event.timer === 'liveness';
        return due ? without(step(), ({ type }) => type === 'terminate') : step();
      },
    },
  ),
  bug(
    'server',
    'dead-client-kept-open',
    'mrniko/netty-socketio#549',
    'A server that gives up a silent client forgets its connection, and leaves it open.',
    {
      around({ event, step }) {
        const due = event.type === 'timer' && event.timer === 'liveness';
        return due ? without(step(), ({ type }) => type === 'terminate') : step();
      },
    },
  ),
  bug<'client', Readonly<Record<number, number>>>(
    'client',
    'resumes-behind-the-last-ack',
    'SignalR/SignalR#3245',
    'HELLO names what was acknowledged last, and not what was processed since.',
    {
      around(around) {
        const effects = around.step();
        for (const effect of effects) {
          const ack = frameIn(effect, 'ACK');
          if (ack !== null) around.memory = { ...around.memory, [ack.stream]: ack.seq };
        }
        return changed(effects, (effect) => {
          const hello = frameIn(effect, 'HELLO');
          if (hello === null || hello.resume === null) return effect;
          const streams = hello.resume.streams.map((cursor) => {
            const acked = around.memory?.[cursor.stream] ?? 0;
            return { ...cursor, lastSeq: Math.min(cursor.lastSeq, acked) };
          });
          return { ...effect, payload: { ...hello, resume: { ...hello.resume, streams } } } as never;
        });
      },
    },
  ),
  bug(
    'client',
    'first-welcome-flushes-nothing',
    'phoenixframework/phoenix#1295',
    'What was submitted before the first WELCOME waits for the second.',
    {
      around({ state, event, step }) {
        const isFirst = frameIn(event, 'WELCOME') !== null && state.session === null;
        return isFirst ? without(step(), (effect) => frameIn(effect, 'SEND') !== null) : step();
      },
    },
  ),
  bug(
    'client',
    'end-acknowledged-once',
    'apache/pulsar#7683',
    'The end of a stream counts as acknowledged when the ACK was written, and is not said again when its connection was lost.',
    {
      around({ event, step }) {
        if (frameIn(event, 'WELCOME') === null) return step();
        return without(step(), (effect) => frameIn(effect, 'ACK') !== null);
      },
    },
  ),
  bug(
    'client',
    'waits-twice-for-the-dead',
    ['microsoft/etcd3#57', 'microsoft/etcd3#155'],
    'A client gives a silent peer up after twice the time that both agreed on.',
    {
      around({ event, step }) {
        const welcome = frameIn(event, 'WELCOME');
        if (welcome === null || event.type !== 'frame') return step();
        return step({ ...event, payload: { ...welcome, deadAfter: (2 * welcome.deadAfter) as Duration } });
      },
    },
  ),
  bug(
    'server',
    'looks-for-the-dead-once',
    'temporalio/temporal#771',
    'The timer that looks for a silent client is not set again when it finds one that lives.',
    {
      around({ event, step }) {
        const due = event.type === 'timer' && event.timer === 'liveness';
        return due ? without(step(), (effect) => sets(effect, 'liveness')) : step();
      },
    },
  ),
  bug(
    'server',
    'snapshot-asked-once',
    ['nats-io/nats.c#596', 'nats-io/nats.c#601'],
    'A piece of a snapshot that the store did not answer with is not asked for again.',
    {
      around({ event, step }) {
        if (event.type !== 'timer' || event.timer !== 'call') return step();
        return without(step(), (effect) => effect.type === 'post' && effect.message.type === 'readSnapshot');
      },
    },
  ),
  bug(
    'client',
    'offline-hangs-up',
    ['eclipse-theia/theia#9299', 'sockjs/sockjs-client#102'],
    'The event `offline` ends a connection that may well live.',
    {
      around({ state, event, step }) {
        const own = attached(state);
        if (event.type !== 'offline' || own === null) return step();
        const { conn } = own;
        const before = step({ type: 'closed', conn, code: 1006, reason: '', clean: false, status: 0 });
        return plus(before, { type: 'terminate', conn, how: 'rst' }, ...step());
      },
    },
  ),
  bug(
    'client',
    'expired-token-shown-again',
    ['256foundation/asic-rs#255', 'xmidt-org/parodus#305'],
    'A client that is told that its token expired dials again with it, as long as its own clock says that it is good.',
    {
      around: ({ event, step }) =>
        step(event.type === 'closed' && event.code === 4004 ? { ...event, code: 1011 } : event),
    },
  ),
  bug<'client', true>(
    'client',
    'one-failed-refresh-is-for-good',
    'firebase/firebase-admin-node#3234',
    'After one request for a token that was not answered in time the client asks for no other.',
    {
      around(around) {
        const { state, event } = around;
        const failed = event.type === 'timer' && event.timer === 'token' && underWay(state)?.phase === 'token';
        const effects = around.step();
        const asked = without(effects, (effect) => around.memory === true && effect.type === 'post');
        if (failed) around.memory = true;
        return asked;
      },
    },
  ),
  bug(
    'client',
    'forbidden-is-final',
    'solidjs/solid#3100',
    'A handshake that was refused with a status below 500 is never tried again.',
    {
      around({ event, step }) {
        const refused = event.type === 'closed' && event.status >= 400 && event.status < 500;
        return step(refused ? { ...event, code: 4003 } : event);
      },
    },
  ),
];
