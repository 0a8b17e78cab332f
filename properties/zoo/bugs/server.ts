/** Servers that serve the wrong connection, from the wrong place, or for too long. */
import type { ServerState } from '../../../src/session/server/state.ts';
import { NEVER, START } from '../../../src/time.ts';
import { type Bug, bug } from '../bug.ts';
import { messageIn, plus, sets, without } from '../say.ts';

/** The connection that a claim was for, while it waits for the answer. */
const claimant = (state: ServerState, op: number): number => state.calls[op]?.conn ?? 0;

export const SERVER: readonly Bug[] = [
  bug(
    'server',
    'epoch-unchecked',
    'centrifugal/centrifuge-js#434',
    'A cursor is served by its sequence number alone: one from an epoch that is over is taken for one of the present.',
    {
      around({ state, event, step }) {
        const claimed = messageIn(event, 'claimed');
        const hello = claimed === null ? null : (state.conns[claimant(state, claimed.op)]?.hello ?? null);
        if (claimed !== null && hello !== null)
          hello.cursors = hello.cursors.map((cursor) => {
            const record = claimed.streams.find(({ stream }) => stream === cursor.stream);
            const usable = record !== undefined && cursor.lastSeq <= record.head;
            return usable ? { ...cursor, epoch: record.epoch } : { ...cursor };
          });
        return step();
      },
    },
  ),
  bug(
    'server',
    'boundary-cursor-refused',
    'GetStream/stream-chat-unity#227',
    'The cursor at exactly one before the oldest chunk of the window counts as outside: RESET and SNAPSHOT instead of replay.',
    {
      around({ state, event, step }) {
        const claimed = messageIn(event, 'claimed');
        const hello = claimed === null ? null : (state.conns[claimant(state, claimed.op)]?.hello ?? null);
        if (claimed === null || hello === null || event.type !== 'message') return step();
        const streams = claimed.streams.map((record) => {
          const cursor = hello.cursors.find(({ stream }) => stream === record.stream);
          const boundary =
            cursor !== undefined && cursor.epoch === record.epoch && cursor.lastSeq + 1 === record.oldest;
          return boundary && record.oldest > 1 ? { ...record, oldest: record.oldest + 1 } : record;
        });
        return step({ ...event, message: { ...claimed, streams } });
      },
    },
  ),
  bug(
    'server',
    'remembers-what-it-sent',
    'automerge/automerge-repo#206',
    'A server that still has the old connection of a client goes on where it was sending on that, and not where HELLO says.',
    {
      around({ state, event, step }) {
        const claimed = messageIn(event, 'claimed');
        const old = claimed === null ? undefined : state.conns[state.sessions[claimed.session] ?? 0];
        const hello = claimed === null ? null : (state.conns[claimant(state, claimed.op)]?.hello ?? null);
        if (old !== undefined && hello !== null)
          hello.cursors = hello.cursors.map((cursor) => {
            const sent = old.streams[cursor.stream];
            const ahead = sent !== undefined && sent.epoch === cursor.epoch && sent.sent > cursor.lastSeq;
            return ahead ? { ...cursor, lastSeq: sent.sent } : { ...cursor };
          });
        return step();
      },
    },
  ),
  bug<'server', { readonly old: Readonly<Record<number, number>> }>(
    'server',
    'old-timeout-takes-the-session',
    'socketio/socket.io#4880',
    'The old connection of a client stays beside the new one on the same server; when it times out, the session counts as left.',
    {
      around(around) {
        const { state, event, step } = around;
        const claimed = messageIn(event, 'claimed');
        if (claimed !== null) {
          const other = state.sessions[claimed.session];
          if (other === undefined || other === claimant(state, claimed.op)) return step();
          // The new one takes its place without a word to the old one.
          delete state.sessions[claimed.session];
          around.memory = { old: { ...around.memory?.old, [other]: claimed.session } };
          return step();
        }
        const session =
          event.type === 'timer' || event.type === 'closed' ? around.memory?.old[keyOf(event)] : undefined;
        const old = state.conns[keyOf(event)];
        const present = session === undefined ? undefined : state.sessions[session];
        const owner = present === undefined ? undefined : state.conns[present];
        const over = event.type === 'closed' || (event.type === 'timer' && event.timer === 'liveness');
        if (!over || session === undefined || present === undefined || owner === undefined || old === undefined)
          return step();
        old.generation = owner.generation;
        state.sessions[session] = keyOf(event);
        const effects = step();
        if (state.conns[keyOf(event)] !== undefined || state.sessions[session] === undefined)
          state.sessions[session] = present;
        return effects;
      },
    },
  ),
  bug(
    'server',
    'token-checked-at-connect-only',
    ['hasura/graphql-engine#578', 'Thream/socketio-jwt#345'],
    'A connection outlives the token that it was opened with.',
    {
      around({ state, event, step }) {
        state.tokensUntil = NEVER;
        const isDue = event.type === 'timer' && event.timer === 'token';
        const effects = isDue ? [] : step();
        state.tokensUntil = NEVER;
        return effects;
      },
    },
  ),
  bug(
    'server',
    'revocation-waits-for-a-reconnect',
    'mcdonc/klangk#3152',
    'A token that is revoked opens nothing any more, and what it had opened stays open.',
    { around: ({ event, step }) => (messageIn(event, 'revoked') === null ? step() : []) },
  ),
  bug(
    'server',
    'renewal-keeps-the-old-deadline',
    'supabase/supabase#16684',
    'A token that is renewed in band is accepted, and the connection closed when the old one is over.',
    {
      around({ state, event, step }) {
        const verified = messageIn(event, 'verified');
        const conn = verified === null ? undefined : state.conns[claimant(state, verified.op)];
        const before = conn?.stage === 'attached' ? { expires: conn.tokenExpires, lasts: conn.tokenLasts } : null;
        const effects = step();
        if (conn === undefined || before === null) return effects;
        conn.tokenExpires = before.expires;
        conn.tokenLasts = before.lasts;
        if (before.expires < state.tokensUntil) state.tokensUntil = before.expires;
        return without(effects, (effect) => sets(effect, 'token'));
      },
    },
  ),
  bug(
    'server',
    'drain-goes-on-accepting',
    ['daptin/daptin#268', 'sgl-project/sglang#39016'],
    'A server that drains says that it is ready, and takes clients to whom it will be gone in a moment.',
    {
      around({ state, event, step }) {
        const asks = event.type === 'incoming' || messageIn(event, 'probe') !== null;
        if (!asks || state.phase !== 'draining') return step();
        state.phase = 'serving';
        const effects = step();
        state.phase = 'draining';
        return effects;
      },
    },
  ),
  bug(
    'server',
    'latecomers-get-no-goaway',
    'envoyproxy/envoy#7715',
    'A connection whose handshake was under way when the drain began is told nothing of it.',
    {
      around: ({ event, step }) =>
        messageIn(event, 'claimed') === null ? step() : without(step(), (e) => sets(e, 'goaway')),
    },
  ),
  bug(
    'server',
    'exits-before-it-is-noted',
    'agent-substrate/substrate#523',
    'A drained server ends with its last connection, whether or not the store has heard what became of their sessions.',
    {
      around({ state, step }) {
        const effects = step();
        if (state.phase !== 'draining' || state.connections > 0) return effects;
        state.phase = 'exited';
        return plus(effects, { type: 'clearTimer', timer: 'drain', key: 0 }, { type: 'exit' });
      },
    },
  ),
  bug(
    'server',
    'zombie-owner',
    ['apache/kafka#13667', 'apache/helix#641'],
    'A server that is told that another one owns the session now goes on as if it were its own.',
    { around: ({ event, step }) => (messageIn(event, 'fenced')?.op === 0 ? [] : step()) },
  ),
  bug(
    'server',
    'live-data-lost-during-replay',
    ['upstash/realtime#23', 'kamp-us/phoenix#728'],
    'A chunk that becomes durable while older ones are being read is dropped, because nobody listens yet.',
    {
      around({ state, event, step }) {
        const durable = messageIn(event, 'durable');
        const conn = durable === null ? undefined : state.conns[state.sessions[durable.session] ?? 0];
        return durable !== null && conn?.streams[durable.stream]?.reading === true ? [] : step();
      },
    },
  ),
  bug(
    'server',
    'live-data-overtakes-replay',
    ['sboesebeck/morphium#319', 'cardo-org/Rembus.jl#5'],
    'A chunk that becomes durable while older ones are being read goes out before them.',
    {
      around({ state, event, step }) {
        const durable = messageIn(event, 'durable');
        const id = durable === null ? undefined : state.sessions[durable.session];
        const conn = id === undefined ? undefined : state.conns[id];
        const each = durable === null ? undefined : conn?.streams[durable.stream];
        const overtakes = each?.reading === true && each.snapshot === null && durable?.epoch === each.epoch;
        if (!overtakes || durable === null || id === undefined || each === undefined) return step();
        const { stream, epoch, seq, chunk } = durable;
        if (chunk.end > each.limit) return step();
        const payload = { type: 'DATA', stream, epoch, seq, chunk } as const;
        return plus(step(), { type: 'send', conn: id, payload, bytes: chunk.end - chunk.start });
      },
    },
  ),
  bug(
    'server',
    'believes-a-stale-replica',
    'element-hq/synapse#14158',
    'An answer that is older than what the server knows is taken for an answer.',
    {
      around({ state, event, step }) {
        const piece = messageIn(event, 'snapshotPiece');
        const entries = messageIn(event, 'entries');
        const conn = state.conns[claimant(state, (piece ?? entries)?.op ?? 0)];
        if (piece !== null) {
          const each = conn?.streams[piece.stream];
          if (each !== undefined && piece.epoch === each.epoch && piece.asOf < each.head) each.head = piece.asOf;
        }
        if (entries === null || event.type !== 'message') return step();
        const each = conn?.streams[entries.stream];
        const stale = each !== undefined && entries.epoch === each.epoch && entries.head < each.head;
        if (stale) each.head = Math.max(entries.head, each.sent);
        return step(stale ? { ...event, message: { ...entries, head: each.head } } : event);
      },
    },
  ),
  bug(
    'server',
    'judges-before-it-reads-what-came',
    ['pika/pika#243', 'socketio/engine.io#310'],
    'A server that stood still runs its overdue dead-peer timers before it reads what has arrived meanwhile, and hangs up on everybody.',
    {
      around({ state, event, context, step }) {
        const conn = event.type === 'timer' && event.timer === 'liveness' ? state.conns[event.key] : undefined;
        if (conn !== undefined) conn.livenessDue = context.now;
        return step();
      },
    },
  ),
  bug(
    'server',
    'data-is-no-life-of-a-client',
    'socketio/socket.io#5523',
    'Only PING and PONG of a client count as life: one that sends nothing but acknowledgements is given up.',
    {
      around({ state, event, step }) {
        const conn = event.type === 'frame' ? state.conns[event.conn] : undefined;
        const heard = conn?.lastHeard;
        const effects = step();
        if (event.type !== 'frame' || conn?.stage !== 'attached' || heard === undefined) return effects;
        if (event.payload.type !== 'PING' && event.payload.type !== 'PONG' && event.payload.type !== 'HELLO')
          conn.lastHeard = heard;
        return effects;
      },
    },
  ),
  bug(
    'server',
    'older-claim-wins',
    'centrifugal/centrifuge-dart#126',
    'Of two connections that the server was granted one session for, the one whose answer comes last keeps it.',
    {
      around({ state, event, step }) {
        const claimed = messageIn(event, 'claimed');
        const other = claimed === null ? undefined : state.conns[state.sessions[claimed.session] ?? 0];
        if (other !== undefined) other.generation = 0;
        return step();
      },
    },
  ),
  bug(
    'server',
    'window-left-unnoticed',
    ['nats-io/nats.go#1370', 'automerge/automerge-repo#206'],
    'When the window leaves a living connection behind, the server goes on asking for chunks that are no longer there.',
    {
      around({ state, event, step }) {
        const entries = messageIn(event, 'entries');
        const each = entries === null ? undefined : state.conns[claimant(state, entries.op)]?.streams[entries.stream];
        const left = entries !== null && each?.epoch === entries.epoch && entries.oldest > each.sent + 1;
        if (!left || entries === null || event.type !== 'message') return step();
        const effects = step({ ...event, message: { ...entries, oldest: 1 } });
        return effects;
      },
    },
  ),
  bug(
    'server',
    'stalls-are-told-of-slow-readers',
    'pravega/pravega#1867',
    'A stream that waits for the credit of its own client is reported as one whose agent is silent.',
    {
      around({ state, event, step }) {
        const conn = event.type === 'timer' && event.timer === 'heartbeat' ? state.conns[event.key] : undefined;
        if (conn === undefined) return step();
        const starved = Object.values(conn.streams).filter((each) => each.starved);
        const heads = starved.map(({ head }) => head);
        for (const each of starved) each.head = each.sent;
        const effects = step();
        for (const [i, each] of starved.entries()) each.head = heads[i] as number;
        return effects;
      },
    },
  ),
];

const keyOf = (event: { readonly type: string }): number =>
  (event as { key?: number }).key ?? (event as { conn?: number }).conn ?? (START as number);
