/** Clients that lose their place: cursors, acknowledgements, snapshots, credit. */
import type { Resync } from '../../../src/session/client/state.ts';
import { attached, type WaitingChunk } from '../../../src/session/client/state.ts';
import type { Stored } from '../../../src/session/client/storage.ts';
import { frameBytes } from '../../../src/session/wire/size.ts';
import { type Bug, bug } from '../bug.ts';
import { changed, frameIn, plus, without } from '../say.ts';

export const CLIENT_STREAMS: readonly Bug[] = [
  bug(
    'client',
    'cursors-survive-their-session',
    'centrifugal/centrifuge-js#385',
    'A client whose session was lost keeps the places it had in the streams of the old one, and takes them for those of the new.',
    {
      around({ state, event, step }) {
        const welcome = frameIn(event, 'WELCOME');
        const lost = welcome !== null && state.session !== null && state.session.id !== welcome.session;
        const before = lost ? Object.entries(state.streams).map(([key, cursor]) => [key, { ...cursor }] as const) : [];
        const effects = step();
        if (attached(state) !== null)
          for (const [key, cursor] of before)
            state.streams[Number(key)] ??= { ...cursor, resync: null, waiting: 0, replaying: false };
        return effects;
      },
    },
  ),
  bug<'client', { session: number }>(
    'client',
    'nothing-received-is-no-session',
    ['socketio/socket.io#4888', 'socketio/socket.io#5538'],
    'A client that has received nothing yet names no session in HELLO, and gets a new one.',
    {
      around(around) {
        const { state, step } = around;
        const effects = step();
        if (effects.some(({ type }) => type === 'deliver' || type === 'replace'))
          around.memory = { session: state.session?.id ?? 0 };
        return changed(effects, (effect) => {
          const hello = frameIn(effect, 'HELLO');
          const knows = hello?.resume?.session === around.memory?.session;
          return hello === null || knows ? effect : ({ ...effect, payload: { ...hello, resume: null } } as never);
        });
      },
    },
  ),
  bug(
    'client',
    'cursor-ahead-of-the-application',
    ['matrix-org/conference-bot#92', 'apache/pulsar#7683'],
    'The stored cursor counts what was received, not what the application took: what waited is lost when the page is loaded again.',
    {
      page: (page) => ({
        ...page,
        persist(state) {
          const stored = page.persist(state) as Stored;
          const { streams: cursors } = state as { streams: Record<number, { waiting: number }> };
          const streams = Object.fromEntries(
            Object.entries(stored.streams).map(([key, cursor]) => [
              key,
              { ...cursor, lastSeq: cursor.lastSeq + (cursors[Number(key)]?.waiting ?? 0) },
            ]),
          );
          return { ...stored, streams };
        },
      }),
    },
  ),
  bug(
    'client',
    'credits-what-nobody-took',
    ['apple/swift-nio-http2#177', 'quicwg/base-drafts#150'],
    'A chunk that waits for a busy application is acknowledged when it arrives, and its credit is given back.',
    {
      around({ state, event, step }) {
        const effects = step();
        const data = frameIn(event, 'DATA');
        const own = attached(state);
        const cursor = data === null ? undefined : state.streams[data.stream];
        if (data === null || own === null || cursor === undefined || !state.busy || cursor.waiting === 0)
          return effects;
        const { stream, epoch, chunk } = data;
        const seq = cursor.lastSeq + cursor.waiting;
        cursor.limit = Math.max(cursor.limit, chunk.end + state.config.credit);
        const payload = { type: 'ACK', stream, epoch, seq, limit: cursor.limit } as const;
        return plus(effects, { type: 'send', conn: own.conn, payload, bytes: frameBytes(payload) });
      },
    },
  ),
  bug(
    'client',
    'delivers-what-it-has',
    ['dotnet/aspnetcore#47748', 'centrifugal/centrifuge-dart#142'],
    'Chunks that a new connection brings again, because its HELLO was written before the old one delivered them, are delivered again.',
    {
      around({ state, event, step }) {
        const data = frameIn(event, 'DATA');
        const own = attached(state);
        const cursor = data === null ? undefined : state.streams[data.stream];
        const known =
          event.type === 'frame' &&
          own?.conn === event.conn &&
          data !== null &&
          cursor?.epoch === data.epoch &&
          data.seq <= cursor.lastSeq &&
          cursor.resync === null;
        const effects = step();
        if (!known || data === null || own === null) return effects;
        const { stream, epoch, seq, chunk } = data;
        return plus(effects, { type: 'deliver', conn: own.conn, stream, epoch, seq, chunk });
      },
    },
  ),
  bug(
    'client',
    'epoch-without-its-place',
    'centrifugal/centrifuge-go#160',
    'DATA of a newer epoch moves the cursor to that epoch, and leaves its sequence number where it was in the old one.',
    {
      around({ state, event, step }) {
        const data = frameIn(event, 'DATA');
        const cursor = data === null ? undefined : state.streams[data.stream];
        const mine = event.type === 'frame' && attached(state)?.conn === event.conn;
        if (data !== null && cursor !== undefined && mine && data.epoch > cursor.epoch) cursor.epoch = data.epoch;
        return step();
      },
    },
  ),
  bug(
    'client',
    'snapshot-behind-the-old-pieces',
    'nextcloud/android#1454',
    'A snapshot that begins again is put behind the pieces that were held of the one before.',
    {
      around({ state, event, step }) {
        const reset = frameIn(event, 'RESET');
        const before: Resync | null | undefined = reset === null ? null : state.streams[reset.stream]?.resync;
        const chunks = before === null || before === undefined ? [] : before.chunks.map((chunk) => ({ ...chunk }));
        const effects = step();
        const resync = reset === null ? null : (state.streams[reset.stream]?.resync ?? null);
        if (resync !== null && reset?.held === 0 && chunks.length > 0) resync.chunks = chunks;
        return effects;
      },
    },
  ),
  bug(
    'client',
    'names-pieces-beside-a-living-connection',
    'QubitProducts/gcs-browser-upload#29',
    'HELLO names what is held of a snapshot although the old connection goes on with it, so that both bring the rest.',
    {
      around({ state, step }) {
        const beside = attached(state) !== null;
        return changed(step(), (effect) => {
          const hello = frameIn(effect, 'HELLO');
          if (hello === null || hello.resume === null || !beside) return effect;
          const streams = hello.resume.streams.map((cursor) => {
            const resync = state.streams[cursor.stream]?.resync ?? null;
            const last = resync?.chunks.at(-1);
            if (resync === null || last === undefined) return cursor;
            const seq = resync.from + resync.chunks.length;
            return { ...cursor, held: { epoch: resync.epoch, seq, limit: last.end + state.config.credit } };
          });
          const payload = { ...hello, resume: { ...hello.resume, streams } };
          return { ...effect, payload, bytes: frameBytes(payload) } as never;
        });
      },
    },
  ),
  bug(
    'client',
    'snapshot-without-credit',
    'tinylabscom/mvm#2572',
    'Nothing is granted for the pieces of a snapshot, so that one which is larger than the credit never becomes whole.',
    { around: ({ step }) => without(step(), (effect) => frameIn(effect, 'HELD') !== null) },
  ),
  bug(
    'client',
    'inbox-survives-a-reset',
    ['upstash/realtime#23', 'sboesebeck/morphium#319'],
    'What waits for a busy application stays there although a snapshot that holds it too is on its way.',
    {
      around({ state, event, step }) {
        const reset = frameIn(event, 'RESET');
        const mine = event.type === 'frame' && attached(state)?.conn === event.conn;
        const inbox: WaitingChunk[] = reset === null || !mine ? [] : state.inbox.map((item) => ({ ...item }));
        const waiting = reset === null ? 0 : (state.streams[reset.stream]?.waiting ?? 0);
        const effects = step();
        const cursor = reset === null ? undefined : state.streams[reset.stream];
        if (inbox.length > state.inbox.length && cursor !== undefined) {
          state.inbox = inbox;
          cursor.waiting = waiting;
        }
        return effects;
      },
    },
  ),
  bug(
    'client',
    'acks-stop-after-a-reconnect',
    'hatchet-dev/hatchet-typescript#72',
    'The timer of late acknowledgements is cleared with its connection and counts as set ever after, so that it never comes back.',
    {
      around({ state, event, step }) {
        const { ackArmed } = state;
        const due = event.type === 'timer' && event.timer === 'ack';
        const effects = step();
        if (ackArmed && !due && attached(state) === null && state.doing.phase !== 'left') state.ackArmed = true;
        return effects;
      },
    },
  ),
  bug(
    'client',
    'epoch-of-cursor-forgotten',
    ['centrifugal/centrifuge-js#434', 'centrifugal/centrifuge-go#159'],
    'A page that is loaded again knows the sequence number of its cursors, and takes their epoch to be the first.',
    {
      page: (page) => ({
        ...page,
        persist(state) {
          const stored = page.persist(state) as Stored;
          const streams = Object.fromEntries(
            Object.entries(stored.streams).map(([key, cursor]) => [key, { ...cursor, epoch: 1 }]),
          );
          return { ...stored, streams };
        },
      }),
    },
  ),
];
