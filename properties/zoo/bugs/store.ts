/** Stores that confirm what is not durable, forget what was, or let the wrong one write. */

import { chunkBytes } from '../../../src/content.ts';
import type { Write } from '../../../src/session/store/state.ts';
import { type Bug, bug } from '../bug.ts';
import { clears, without } from '../say.ts';

/** A write that is about to take effect, changed. */
const rewritten = (writes: readonly Write[], change: (write: Write) => Write): Write[] => writes.map(change);

/** Before this long ago nothing that was confirmed is lost: what a disk keeps in its cache. */
const UNSYNCED = 250_000;

export const STORE: readonly Bug[] = [
  bug(
    'store',
    'lost-tail',
    ['etcd-io/etcd#14143', 'etcd-io/etcd#6368'],
    'Chunks that were confirmed a quarter of a second before the store dies are not in its log when it comes back.',
    {
      around({ state, event, context, step }) {
        const effects = step();
        if (event.type !== 'crash') return effects;
        for (const record of Object.values(state.sessions))
          for (const log of Object.values(record.streams))
            while (log.times.length > 0 && (log.times.at(-1) as number) > context.now - UNSYNCED) {
              const last = log.chunks.pop();
              log.times.pop();
              if (last !== undefined && log.oldest <= log.chunks.length + 1) log.windowBytes -= chunkBytes(last);
              log.done = false;
              log.oldest = Math.max(1, Math.min(log.oldest, log.chunks.length));
            }
        return effects;
      },
    },
  ),
  bug<
    'store',
    {
      readonly at: number;
      readonly session: number;
      readonly clientSeq: number;
      readonly turns: number;
      readonly digest: number;
    }
  >(
    'store',
    'lost-send',
    ['etcd-io/etcd#14364', 'f-rustrated/EastGuard#182'],
    'The last send that was confirmed before the store dies took its effect, and is not in the record of its session when the store comes back.',
    {
      around(around) {
        const { state, event, context, step } = around;
        const before = Object.entries(state.sessions).map(
          ([session, { sendAck, turns, digest }]) => [Number(session), { sendAck, turns, digest }] as const,
        );
        const effects = step();
        for (const [session, { sendAck, turns, digest }] of before) {
          const now = state.sessions[session]?.sendAck ?? sendAck;
          if (now > sendAck) around.memory = { at: context.now, session, clientSeq: now, turns, digest };
        }
        const { memory } = around;
        if (event.type !== 'crash' || memory === null || memory.at < context.now - UNSYNCED) return effects;
        const record = state.sessions[memory.session];
        if (record === undefined || record.sendAck !== memory.clientSeq) return effects;
        delete record.results[record.sendAck];
        record.sendAck--;
        record.turns = memory.turns;
        record.digest = memory.digest;
        return effects;
      },
    },
  ),
  bug(
    'store',
    'lease-runs-on',
    ['vibe-d/vibe.d#1777', 'etcd-io/etcd#5571'],
    'The time to live of a session that was left runs on when its client is back, and ends the session under it.',
    {
      around({ state, event, step }) {
        const record = event.type === 'timer' && event.timer === 'ttl' ? state.sessions[event.key] : undefined;
        if (record !== undefined) record.detached = true;
        return without(step(), (effect) => clears(effect, 'ttl'));
      },
    },
  ),
  bug(
    'store',
    'late-detach-counts',
    ['deepstreamIO/deepstream.io#729', 'websocket-client/websocket-client#971'],
    'The news that a connection is gone counts for its session whoever has that now: it begins to run out while somebody is attached.',
    {
      around({ state, event, step }) {
        if (event.type === 'timer' && event.timer === 'fsync')
          state.syncing = rewritten(state.syncing, ({ from, message }) =>
            message.type === 'detach'
              ? { from, message: { ...message, generation: state.sessions[message.session]?.generation ?? 0 } }
              : { from, message },
          );
        return step();
      },
    },
  ),
  bug(
    'store',
    'late-goodbye-counts',
    ['InteraOne/InteraOne#110', 'kyle8998/Vynchronize#48'],
    'The goodbye of a connection that was handed over ends the session that another one has by now.',
    {
      around({ state, event, step }) {
        if (event.type === 'timer' && event.timer === 'fsync')
          state.syncing = rewritten(state.syncing, ({ from, message }) =>
            message.type === 'release'
              ? { from, message: { ...message, generation: state.sessions[message.session]?.generation ?? 0 } }
              : { from, message },
          );
        return step();
      },
    },
  ),
  bug(
    'store',
    'claims-judged-twice',
    ['apache/fluss#2826', 'f-rustrated/EastGuard#182'],
    'A claim whose answer was lost is judged anew when it is asked again, and finds that somebody newer (itself) has the session.',
    {
      around({ state, event, step }) {
        if (event.type === 'timer' && event.timer === 'fsync')
          for (const { from, message } of state.syncing) {
            const ledger = message.type === 'claim' ? state.ledgers[`@${from}`] : undefined;
            if (ledger !== undefined && message.type === 'claim')
              ledger.claims = ledger.claims.filter(({ op, outcome }) => op !== message.op || outcome === 'withdrawn');
          }
        return step();
      },
    },
  ),
  bug(
    'store',
    'one-result-kept',
    ['redpanda-data/redpanda#3039', 'redpanda-data/redpanda#3038'],
    'Only the result of the last send is kept: the repetition of one before it is never answered.',
    {
      around({ state, step }) {
        const effects = step();
        for (const { type, session, clientSeq } of effects.filter((effect) => effect.type === 'perform'))
          if (type === 'perform') delete state.sessions[session]?.results[clientSeq - 1];
        return effects;
      },
    },
  ),
  bug(
    'store',
    'zombie-appends',
    ['apache/kafka#5821', 'apache/kafka#13667'],
    'An agent whose server lost the session goes on writing into its log.',
    {
      around({ state, event, step }) {
        if (event.type !== 'timer' || event.timer !== 'fsync') return step();
        const since = Object.entries(state.sessions).map(([key, { ownerSince }]) => [Number(key), ownerSince] as const);
        const appends = state.syncing.some(({ message }) => message.type === 'append');
        if (appends) for (const record of Object.values(state.sessions)) record.ownerSince = 0;
        const effects = step();
        for (const [key, ownerSince] of since) {
          const record = state.sessions[key];
          // A claim in the same fsync has set its own.
          if (appends && record?.ownerSince === 0) record.ownerSince = ownerSince;
        }
        return effects;
      },
    },
  ),
  bug(
    'store',
    'tool-called-again',
    'temporalio/sdk-java#1965',
    'An answer that begins anew calls its tools again, although their results stand.',
    {
      around({ state, event, step }) {
        if (event.type !== 'timer' || event.timer !== 'fsync') return step();
        for (const { message } of state.syncing) {
          if (message.type !== 'append' || message.note?.about !== 'tool') continue;
          const log = state.sessions[message.session]?.streams[message.stream];
          if (log !== undefined && message.seq === log.chunks.length + 1) log.calls = message.note.nth - 1;
        }
        return step();
      },
    },
  ),
  bug(
    'store',
    'idle-stream-dropped',
    ['nats-io/nats.go#1370', 'nats-io/nats.go#1729'],
    'A stream of which the client has processed all that there is counts as done, though its agent is not.',
    {
      around({ state, event, context, step }) {
        const effects = step();
        if (event.type !== 'timer' || event.timer !== 'fsync') return effects;
        for (const record of Object.values(state.sessions))
          for (const [key, log] of Object.entries(record.streams)) {
            const idle = context.now - (log.times.at(-1) ?? context.now) > 5_000_000;
            if (idle && log.chunks.length > 0 && log.acked >= log.chunks.length) delete record.streams[Number(key)];
          }
        return effects;
      },
    },
  ),
  bug(
    'store',
    'any-copy-resumes',
    ['Comfy-Org/ComfyUI#549', 'DataDog/browser-sdk#4537'],
    'A process of the client that another one left behind takes the session back with its old resume token.',
    {
      around({ state, event, step }) {
        if (event.type === 'timer' && event.timer === 'fsync')
          state.syncing = rewritten(state.syncing, ({ from, message }) => {
            const record = message.type === 'claim' ? state.sessions[message.session] : undefined;
            return message.type === 'claim' && record?.client === message.client
              ? { from, message: { ...message, resumeToken: record.token } }
              : { from, message };
          });
        return step();
      },
    },
  ),
  bug(
    'store',
    'late-hello-wins',
    ['centrifugal/centrifuge-dart#126', 'centrifugal/centrifuge-dart#79'],
    'A HELLO that was held up on its way takes the session from a later one.',
    {
      around({ state, event, step }) {
        if (event.type === 'timer' && event.timer === 'fsync')
          state.syncing = rewritten(state.syncing, ({ from, message }) => {
            const known =
              message.type === 'claim' ? state.sessions[state.byClient[`@${message.client}`] ?? 0] : undefined;
            const late = message.type === 'claim' && known !== undefined && message.dial < known.dial;
            return late ? { from, message: { ...message, dial: known.dial + 1 } } : { from, message };
          });
        return step();
      },
    },
  ),
  bug(
    'store',
    'batch-in-reverse',
    ['LabVIEW-Open-Source/LV-MQTT-Broker#115', 'planetary-social/scuttlego#3'],
    'Writes that share an fsync are applied last in first out.',
    {
      around({ state, event, step }) {
        if (event.type === 'timer' && event.timer === 'fsync') state.syncing = [...state.syncing].reverse();
        return step();
      },
    },
  ),
  bug(
    'store',
    'recover-forgotten',
    ['NousResearch/hermes-agent#69964', 'vibe-d/vibe.d#407'],
    'Sessions of a server that died stay its own: nobody ends those whose clients do not come back.',
    {
      around({ state, event, step }) {
        if (event.type !== 'timer' || event.timer !== 'fsync') return step();
        const { owned } = state;
        const recovers = state.syncing.some(({ message }) => message.type === 'recover');
        if (recovers) state.owned = {};
        const effects = step();
        if (recovers) state.owned = owned;
        return effects;
      },
    },
  ),
  bug(
    'store',
    'position-forgotten-at-restart',
    ['apache/pulsar#150', 'matrix-org/matrix-rust-sdk#5514'],
    'A store that comes back has forgotten the last dials of its clients, and takes whoever asks first for the newest.',
    {
      around({ state, event, step }) {
        if (event.type === 'started') for (const record of Object.values(state.sessions)) record.dial = 0;
        return step();
      },
    },
  ),
];
