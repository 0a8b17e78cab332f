/**
 * What the parties of the session protocol know at one moment, in sentences: where the client is and what it asks for, what
 * its server has sent, where the store's log ends. Read from the states of their machines, which are what they act on.
 */

import type { BalancerState } from '../../src/balancer/state.ts';
import { counted } from '../../src/count.ts';
import type { NodeId } from '../../src/machine.ts';
import type { AgentState } from '../../src/session/agent/agent.ts';
import type { AuthState } from '../../src/session/auth/auth.ts';
import type { Attempt, ClientState, StreamCursor } from '../../src/session/client/state.ts';
import type { ServerState } from '../../src/session/server/state.ts';
import type { StoreState } from '../../src/session/store/state.ts';
import { formatDuration, formatInstant, type Instant } from '../../src/time.ts';
import type { About, Known, States } from '../core/knowledge.ts';
import { serversKnow } from './knows-server.ts';
import { chosen, inEpoch, NAMED, ownRecord, type Parties, sessionOf } from './parties.ts';

export function knows(states: States, about: About): readonly Known[] {
  const all: Known[] = [];
  const say = (who: NodeId, parts: readonly (string | null)[]): void => {
    const text = parts.filter((part) => part !== null && part !== '').join('; ');
    if (text !== '') all.push({ who, text });
  };
  const cast = castOf(states);
  for (const node of about.clients) {
    const state = states[node] as ClientState | null | undefined;
    if (state === undefined) continue;
    if (state === null) say(node, ['its page is gone']);
    else say(node, clientKnows(state, about));
    serversKnow(node, cast, about, say);
    if (cast.store !== null) {
      const [name, store] = cast.store;
      say(name, store === null ? ['is down'] : storeKnows(store, node, about));
    }
    for (const [name, agent] of cast.agents)
      if (agent !== null) say(name, agentKnows(agent, sessionOf(state, cast, node), about));
    if (state !== null && cast.balancer !== null) say(cast.balancer[0], balancerKnows(cast.balancer[1], state, about));
    if (state !== null && cast.auth !== null) say(cast.auth[0], authKnows(cast.auth[1], node, state));
  }
  return all;
}

/** Who is who, by what stands in their states; a process that is down is known by its name alone. */
function castOf(states: States): Parties {
  const servers: [NodeId, ServerState | null][] = [];
  const agents: [NodeId, AgentState | null][] = [];
  let store: Parties['store'] = null;
  let balancer: Parties['balancer'] = null;
  let auth: Parties['auth'] = null;
  for (const [name, state] of Object.entries(states)) {
    const has = (field: string): boolean => state !== null && typeof state === 'object' && field in state;
    if (has('conns') && has('intake')) servers.push([name, state as ServerState]);
    else if (state === null && /^s\d+$/.test(name)) servers.push([name, null]);
    else if (has('jobs')) agents.push([name, state as AgentState]);
    else if (has('ledgers')) store = [name, state as StoreState];
    else if (state === null && name === 'store') store = [name, null];
    else if (has('backends')) balancer = [name, state as BalancerState];
    else if (has('verifiers')) auth = [name, state as AuthState];
  }
  return { servers, agents, store, balancer, auth };
}

function clientKnows(state: ClientState, about: About): readonly (string | null)[] {
  const streams = chosen(state.streams, about).map(([stream, cursor]) => cursorIn(stream, cursor));
  const sends = Object.entries(state.outbox).map(
    ([seq, { key, sent }]) => `${key} (client_seq ${seq}, ${sent ? 'sent' : 'never sent'})`,
  );
  const { session } = state;
  return [
    doingIn(state, about),
    session === null ? 'has no session' : `holds session ${session.id} at generation ${session.generation}`,
    ...streams,
    sends.length === 0 ? null : `waits for ${sends.length === 1 ? 'send' : 'sends'} ${listed(sends)}`,
    state.busy ? 'its application is busy and takes nothing' : null,
  ];
}

function cursorIn(stream: number, { epoch, lastSeq, waiting, done, resync, stalledAt }: StreamCursor): string {
  const place = done
    ? `has processed stream ${stream} whole (seq ${lastSeq})`
    : `has processed stream ${stream} up to seq ${lastSeq}${inEpoch(epoch)} and asks for what follows`;
  const more = [
    waiting > 0 ? `${waiting} more wait in its inbox` : null,
    resync === null
      ? null
      : `collects a snapshot of epoch ${resync.epoch}: has ${counted(resync.chunks.length, 'piece')} behind seq ${resync.from}`,
    stalledAt >= 0 ? `was told that it stalls behind seq ${stalledAt}` : null,
  ].filter((each) => each !== null);
  return [place, ...more].join(', ');
}

function doingIn({ doing, handover, online }: ClientState, about: About): string {
  const { nameOf } = about;
  switch (doing.phase) {
    case 'idle':
      return 'has not begun';
    case 'left':
      return 'has left';
    case 'failed':
      return `has given up: ${doing.error}`;
    case 'replaying':
      return `is attached on ${nameOf(doing.conn)}, ${counted(doing.left, 'REPLAY_END')} still to come${besides(handover)}`;
    case 'live':
      return `is live on ${nameOf(doing.conn)}${besides(handover)}`;
    default:
      return `${attemptIn(doing)}${online || doing.phase === 'suspended' ? '' : ', though it is offline'}`;
  }

  function besides(beside: ClientState['handover']): string {
    if (beside === null) return '';
    if (beside.stage === 'attempt') return `, beside it ${attemptIn(beside.attempt)}`;
    return beside.stage === 'waiting'
      ? ', about to seek a second connection (GOAWAY)'
      : beside.stage === 'abandoned'
        ? ', has given up on a second connection'
        : `, switching over from ${nameOf(beside.old)}`;
  }

  function attemptIn(attempt: Attempt): string {
    switch (attempt.phase) {
      case 'token':
        return 'waits for a token';
      case 'connecting':
        return `dials ${nameOf(attempt.conn)}`;
      case 'handshaking':
        return `has said HELLO on ${nameOf(attempt.conn)} and waits for WELCOME`;
      case 'backoff':
        return `waits until ${formatInstant(attempt.until)} before it dials again`;
      case 'suspended':
        return 'takes itself for offline and waits for word that it is online';
    }
  }
}

function storeKnows(state: StoreState, client: NodeId, about: About): readonly (string | null)[] {
  const own = ownRecord(state, client);
  if (own === null) return [`has no session of ${client}`];
  const [id, record] = own;
  const { owner, generation, detached, streams, sendAck, corrupt } = record;
  const logs = chosen(streams, about).map(
    ([stream, { epoch, chunks, oldest, done, acked }]) =>
      `the log of stream ${stream}${inEpoch(epoch)} ends at seq ${chunks.length}${done ? ', its last' : ''}${oldest > 1 ? `, replayable from ${oldest}` : ''}, ${client} has acknowledged ${acked}`,
  );
  const writes = state.syncing.length + state.waiting.length;
  return [
    `session ${id} belongs to ${owner === '' ? 'nobody' : owner} at generation ${generation}${detached ? ', detached' : ''}${corrupt ? ', and is damaged' : ''}`,
    ...logs,
    sendAck > 0 ? `sends took effect up to client_seq ${sendAck}` : 'no send took effect',
    writes > 0 ? `${counted(writes, 'write')} not on disk yet` : null,
    state.isParted ? 'some nodes cannot reach it' : null,
  ];
}

function agentKnows({ jobs, stalled }: AgentState, session: number, about: About): readonly (string | null)[] {
  const own = Object.values(jobs).filter(
    (job) => job.session === session && (about.streams.length === 0 || about.streams.includes(job.stream)),
  );
  return own
    .slice(-NAMED)
    .map(
      ({ stream, epoch, produced, head, fenced, generation }) =>
        `has made stream ${stream}${inEpoch(epoch)} up to seq ${produced}, of which ${head} are confirmed${fenced ? `, and is fenced at generation ${generation}` : ''}${stalled ? ', and is stalled' : ''}`,
    );
}

/** Where its connections lead, while it has any and they are no matter of course. */
function balancerKnows(state: BalancerState | null, { doing }: ClientState, about: About): readonly (string | null)[] {
  if (state === null) return ['is down'];
  const conn = 'conn' in doing ? doing.conn : null;
  const out = state.backends.flatMap(({ healthy, draining, forced }, i) =>
    forced === 'unhealthy' || draining || (!healthy && forced !== 'healthy')
      ? [state.config.backends[i] as NodeId]
      : [],
  );
  const pair = conn === null ? undefined : state.pairs[conn];
  return [
    conn === null
      ? null
      : pair === undefined
        ? `knows no ${about.nameOf(conn)}`
        : pair.spliced
          ? null
          : `waits for ${state.config.backends[pair.backend] ?? 'a backend'} to take ${about.nameOf(conn)}`,
    out.length === 0 ? null : `gives no new connection to ${out.join(', ')}`,
  ];
}

/** What becomes of tokens, where the client has none that is good, or asks for one. */
function authKnows(
  state: AuthState | null,
  node: NodeId,
  { token, doing, distrusted }: ClientState,
): readonly (string | null)[] {
  if (state === null) return ['is down'];
  const revoked = state.revoked[`@${node}`] ?? 0;
  if (doing.phase !== 'token' && distrusted === 0 && revoked === 0 && state.clockAhead === 0) return [];
  return [
    `has given out tokens up to ${state.serial}`,
    token === null
      ? null
      : `${node} holds token ${token.serial}, which says it expires at ${formatInstant(token.expiresAt as Instant)}`,
    revoked > 0 ? `those up to ${revoked} are revoked` : null,
    state.clockAhead === 0
      ? null
      : `its clock is ${formatDuration(Math.abs(state.clockAhead))} ${state.clockAhead > 0 ? 'ahead' : 'behind'}`,
  ];
}

const listed = (names: readonly string[]): string =>
  names.length <= NAMED ? names.join(', ') : `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;
