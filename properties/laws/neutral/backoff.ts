/**
 * Law 4, backoff: a client that lost its connection comes back when its policy says so, and not before.
 *
 * The law keeps its own memory of each client: how many retries since the last reset, and how long the last one was. It
 * recomputes the permitted range with `envelope`, which shares no code with the function that draws delays, and never
 * reads the attempt number that a client reports. Where what a witness can see leaves it open whether the counter was
 * reset (a handover beside a connection that just became old enough), both memories are kept as *candidates*; a wait
 * that fits none of them is a breach, and a wait that fits one drops the others.
 *
 * A wait is seen as a timer `retry`. It is judged by its length, because a token may have to be fetched between the timer
 * and the dial; the dial must not come before the timer's end. Of a source that shows no such timers (a foreign client)
 * the time from failure to dial is judged instead. Three dials are free, because no failure precedes them: the first,
 * the one after `online`, and the second socket of a handover after GOAWAY.
 */
import { envelope, retriesMost } from '../../../src/backoff/envelope.ts';
import { retriesAfforded, retriesLeast } from '../../../src/backoff/longest.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import { refusalOf } from '../../../src/close-codes.ts';
import { counted } from '../../../src/count.ts';
import type { Facts } from '../../../src/facts.ts';
import type { EntryOf, Handlers } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, formatDuration, us } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from '../law.ts';
import { type Candidate, type Client, FRESH, FRESH_ONLY, newClient } from './backoff-client.ts';
import { hintsFor, judge } from './retries.ts';
import { newWaits, sharesOf, type Waits } from './waits.ts';

export interface Memory {
  readonly clients: Map<NodeId, Client>;
  readonly waits: Waits;
}

/** What the law looks at, whatever is said on a connection. */
export const COMMON = {
  intent(memory, entry) {
    const client = memory.clients.get(entry.node);
    if (client === undefined) return;
    if (entry.intent === 'start') {
      client.outageFirst = entry.at;
      client.free = 'first';
    } else if (entry.intent === 'online' || entry.intent === 'moved') client.free = 'online';
    if (entry.intent === 'online' || entry.intent === 'offline') client.online = entry.intent === 'online';
    if (entry.intent === 'moved' && client.conn >= 0) relieve(client, entry.at);
  },
  // A page that is loaded again remembers no failure.
  reloaded({ clients }, { node }) {
    const client = clients.get(node);
    if (client !== undefined) clients.set(node, newClient(node, client.policy));
  },
  dialled: judgeDial,
  timerSet: judgeWait,
  told: judgeEnd,
  settled(memory, entry) {
    const client = memory.clients.get(entry.node);
    if (client !== undefined && entry.outcome === 'done' && client.conn >= 0 && !client.progress)
      prove(client, entry.at);
  },
  closed: lose,
  hungUp: lose,
} as const satisfies Handlers<Memory, Breach>;

export const backoff = law<Memory>({
  name: 'backoff',
  states:
    "every delay lies in the policy's envelope; attempts and elapsed time respect their limits; the counter resets only after stability; retry-after is honoured",
  needs: { clients: ['policy'], entries: ['dialled'] },
  remember,
  counts: ({ waits }) => waits.counts,
  expects: sharesOf,
  on: {
    ...COMMON,
    opened(memory, { node, conn, at }) {
      const client = memory.clients.get(node);
      if (client !== undefined) stand(client, conn, at);
    },
    received(memory, { node, conn = 0, at }) {
      const client = memory.clients.get(node);
      if (client === undefined || client.conn < 0 || client.progress) return;
      if (conn === 0 || conn === client.conn) prove(client, at);
    },
  },
});

export function remember({ clients }: Facts): Memory {
  return {
    clients: new Map(clients.map(({ node, policy }) => [node, newClient(node, policy as Policy)])),
    waits: newWaits(),
  };
}

/** From here on a second connection is sought beside the first. */
export function relieve(client: Client, now: number): void {
  client.draining = true;
  if (client.outageFirst < 0) client.outageFirst = now;
}

/** A connection stands from here on, as far as its client is concerned. */
export function stand(client: Client, conn: ConnId, now: number): void {
  if (!client.conns.has(conn) || conn === client.conn) return;
  reset(client, now, true);
  client.conn = conn;
  client.standsSince = client.policy.resetOn === 'open' && client.openConn === conn ? client.openSince : now;
  client.progress = false;
  client.draining = false;
  client.credited = false;
  client.free = '';
}

/** A socket is open, which is all that some policies ask for before they count anew. */
export function open(client: Client, conn: ConnId, now: number): void {
  if (!client.conns.has(conn)) return;
  client.openConn = conn;
  client.openSince = now;
}

/** A socket that was open for long enough, although nothing was welcomed on it. */
function judgeOpen(client: Client, entry: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  const { policy, candidates, conn, openConn, openSince, online, free } = client;
  if (policy.resetOn !== 'open' || entry.conn !== openConn || entry.conn === conn) return;
  if (entry.at - openSince < policy.stableAfter) return;
  // Who gave it up for another way did not have to look.
  const isSure = entry.kind === 'closed' || (online && free === '');
  client.candidates = isSure ? FRESH_ONLY : [FRESH, ...candidates];
  client.outageLast = -1;
  if (isSure) client.outageFirst = -1;
}

function lose(memory: Memory, entry: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined || !client.conns.delete(entry.conn)) return;
  judgeOpen(client, entry);
  const refused = entry.kind === 'closed' && refusalOf(entry.code, entry.status, entry.retryAfter !== undefined);
  client.refusal = { of: refused === 'overloaded' ? refused : 'down', event: entry.event };
  if (entry.kind === 'closed' && entry.retryAfter !== undefined)
    client.hint = { conn: entry.conn, retryAfter: entry.retryAfter, ended: -1 };
  if (entry.conn === client.conn) {
    reset(client, entry.at, true);
    if (client.draining) forgive(client);
    client.conn = -1;
  }
  if (client.hint?.conn === entry.conn) client.hint.ended = entry.event;
  client.failedAt = entry.at;
  if (client.outageFirst < 0) client.outageFirst = entry.at;
}

/**
 * The connection ends beside which another was sought. Where the policy had given that search up, nobody was cut off by it:
 * the outage begins now, and nothing of the limits is used up. That it was given up shows when an attempt had failed and no
 * wait followed; where a wait or a token may be under way, the counter may have gone on as well.
 */
function forgive(client: Client): void {
  const { policy, candidates, online, until, failedAt, conns } = client;
  if (policy.elapsedMax === null && retriesMost(policy) === null) return;
  const gaveUp = online && until < 0 && failedAt >= 0 && conns.size === 0;
  if (gaveUp) client.candidates = FRESH_ONLY;
  else if (!candidates.some(({ attempt }) => attempt === 0)) client.candidates = [...candidates, FRESH];
  client.outageLast = -1;
  if (gaveUp) client.outageFirst = -1;
}

/** The present connection made progress: once is enough, so this runs for the first chunk and for no other. */
export function prove(client: Client, now: number): void {
  client.progress = true;
  reset(client, now, false);
}

/**
 * Resets the counter if the present connection has earned it. Progress resets for sure, uptime for sure when the
 * connection is `over`; beside a connection that still lives, when uptime is noticed is the client's own affair.
 */
function reset(client: Client, now: number, over: boolean): void {
  if (client.conn < 0 || client.credited) return;
  const uptime = now - client.standsSince;
  const { stableAfter } = client.policy;
  const counts = client.policy.resetOn === 'never';
  if (client.progress || (over && uptime > stableAfter)) {
    if (!counts) client.candidates = FRESH_ONLY;
    client.credited = true;
    client.outageFirst = client.draining && !over ? now : -1;
    client.outageLast = -1;
  } else if (uptime >= stableAfter) {
    if (!counts && !client.candidates.some(({ attempt }) => attempt === 0))
      client.candidates = [...client.candidates, FRESH];
    client.outageLast = -1;
  }
}

function judgeWait(memory: Memory, entry: EntryOf<'timerSet'>, breach: Breach): void {
  if (entry.timer !== 'retry') return;
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  reset(client, entry.at, false);
  const { dialledAt } = client;
  const delay = us(entry.until - entry.at);
  judge(memory, client, { at: entry.at, delay, event: entry.event, verb: 'waits', dialledAt }, breach);
  client.until = entry.until;
  client.hint = null;
  // From here on the policy decides: what was free has been used or given up.
  client.free = '';
}

function judgeDial(memory: Memory, entry: EntryOf<'dialled'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  client.conns.set(entry.conn, true);
  const { until, free, dialledAt } = client;
  client.dialledAt = entry.at;
  client.until = -1;
  if (until >= 0) {
    if (entry.at < until && free !== 'online')
      breach(`${client.node} dialled ${formatDuration(until - entry.at)} before the end of its wait.`);
    if (free === 'online') client.free = '';
  } else if (free !== '') client.free = '';
  else if (client.failedAt >= 0) {
    reset(client, entry.at, false);
    const event = client.hint?.ended ?? entry.event;
    const delay = us(entry.at - client.failedAt);
    judge(memory, client, { at: client.failedAt, delay, event, verb: 'dialled after', dialledAt }, breach);
  } else breach(`${client.node} dialled connection ${breach.nameOf(entry.conn)} although nothing had failed.`);
  client.failedAt = -1;
  client.hint = null;
}

function judgeEnd(memory: Memory, entry: EntryOf<'told'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  const { policy } = client;
  reset(client, entry.at, false);
  if (entry.error === 'attempts_exhausted') {
    const most = retriesLeast(policy);
    const made = Math.max(...client.candidates.map(({ attempt }) => attempt));
    const afforded = retriesAfforded(policy);
    if ((most === null || made < most) && (afforded === null || client.retries < afforded))
      breach(
        `${client.node} gave up with attempts_exhausted after ${counted(made, 'retry', 'retries')}, but its policy permits ${most ?? 'any number'}.`,
      );
  } else if (entry.error === 'elapsed_exhausted') {
    const hints = hintsFor(client, entry.event);
    const reach = Math.max(
      ...client.candidates.flatMap(({ attempt, previous }) =>
        hints.map((hint) => longestOf(policy, { attempt, previous }, hint)),
      ),
    );
    const since = client.outageFirst < 0 ? 0 : entry.at - client.outageFirst;
    if (policy.elapsedMax === null || since + reach <= policy.elapsedMax)
      breach(
        `${client.node} gave up with elapsed_exhausted ${formatDuration(since)} into the outage, when its next dial would come ${formatDuration(since + reach)} into it at the latest; its policy gives up after ${policy.elapsedMax === null ? 'no time at all' : formatDuration(policy.elapsedMax)}.`,
      );
  }
}

/** The longest wait on any curve of the policy. */
const longestOf = (policy: Policy, { attempt, previous }: Candidate, hint: Duration | null): number =>
  Math.max(
    envelope(policy, attempt, previous, hint).most,
    ...policy.modes.map((_, i) => envelope(policy, attempt, previous, hint, { mode: i + 1 }).most),
  );
