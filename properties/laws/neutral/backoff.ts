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
import { type Envelope, envelope, retriesMost } from '../../../src/backoff/envelope.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import { counted } from '../../../src/count.ts';
import type { Facts } from '../../../src/facts.ts';
import type { EntryOf, Handlers } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, formatDuration, us } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from '../law.ts';
import { type Candidate, type Client, FRESH, FRESH_ONLY, newClient } from './backoff-client.ts';
import { judgeLuck } from './luck.ts';
import { countWait, newWaits, sharesOf, type Waits } from './waits.ts';

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
  client.standsSince = now;
  client.progress = false;
  client.draining = false;
  client.credited = false;
  client.free = '';
}

function lose(memory: Memory, entry: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined || !client.conns.delete(entry.conn)) return;
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
  if (client.progress || (over && uptime > stableAfter)) {
    client.candidates = FRESH_ONLY;
    client.credited = true;
    client.outageFirst = client.draining && !over ? now : -1;
    client.outageLast = -1;
  } else if (uptime >= stableAfter) {
    if (!client.candidates.some(({ attempt }) => attempt === 0)) client.candidates = [...client.candidates, FRESH];
    client.outageLast = -1;
  }
}

function judgeWait(memory: Memory, entry: EntryOf<'timerSet'>, breach: Breach): void {
  if (entry.timer !== 'retry') return;
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  reset(client, entry.at, false);
  judge(memory, client, { at: entry.at, delay: us(entry.until - entry.at), event: entry.event, verb: 'waits' }, breach);
  client.until = entry.until;
  client.hint = null;
  // From here on the policy decides: what was free has been used or given up.
  client.free = '';
}

function judgeDial(memory: Memory, entry: EntryOf<'dialled'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  client.conns.set(entry.conn, true);
  const { until, free } = client;
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
    judge(memory, client, { at: client.failedAt, delay, event, verb: 'dialled after' }, breach);
  } else breach(`${client.node} dialled connection ${breach.nameOf(entry.conn)} although nothing had failed.`);
  client.failedAt = -1;
  client.hint = null;
}

/** One retry: which of the candidates permit this delay? */
function judge(
  memory: Memory,
  client: Client,
  retry: { readonly at: number; readonly delay: Duration; readonly event: number; readonly verb: string },
  breach: Breach,
): void {
  const { policy, candidates } = client;
  const { delay } = retry;
  const most = retriesMost(policy) ?? Number.POSITIVE_INFINITY;
  const hints = hintsFor(client, retry.event);
  const permitted = candidates.filter(
    ({ attempt, previous }) =>
      attempt < most && hints.some((hint) => within(delay, envelope(policy, attempt, previous, hint))),
  );
  if (permitted.length === 0) {
    // The last candidate is the fresh one if there is any doubt; the first is what the law believes.
    const { attempt, previous } = candidates[0] as Candidate;
    const hint = hints[0] as Duration | null;
    const range = envelope(policy, attempt, previous, hint);
    breach(
      attempt >= most
        ? `${client.node} ${retry.verb} ${formatDuration(delay)} for retry ${attempt + 1} of this outage, but its policy permits ${most}.`
        : `${client.node} ${retry.verb} ${formatDuration(delay)} for retry ${attempt + 1} of this outage, outside the policy's ${formatDuration(range.least)} to ${formatDuration(range.most)}${hint === null ? '' : ` (the server asked for ${formatDuration(hint)})`}.`,
    );
  }
  if (hints[0] === null && policy.jitter.kind === 'full' && permitted.length > 0)
    judgeLuck(client, permitted, retry, breach);
  if (hints.length === 1 && hints[0] === null) count(memory, client, retry);
  if (client.outageFirst < 0) client.outageFirst = retry.at;
  if (client.outageLast < 0) client.outageLast = retry.at;
  if (policy.elapsedMax !== null && retry.at + delay - client.outageLast > policy.elapsedMax)
    breach(
      `${client.node} ${retry.verb} ${formatDuration(delay)}, to dial ${formatDuration(retry.at + delay - client.outageLast)} after the outage began; its policy gives up after ${formatDuration(policy.elapsedMax)}.`,
    );
  client.candidates = (permitted.length === 0 ? candidates : permitted).map(({ attempt }) => ({
    attempt: attempt + 1,
    previous: delay,
  }));
}

/** A wait goes into the counts of the sweep, unless what is seen leaves it open how it was drawn. */
function count(
  { waits }: Memory,
  { node, policy, candidates, outageFirst }: Client,
  { at, delay }: { readonly at: number; readonly delay: Duration },
): void {
  const [candidate] = candidates;
  if (candidate === undefined || candidates.length > 1) return;
  const { elapsedMax, cap } = policy;
  // Where time may run out, long waits are not seen.
  if (elapsedMax !== null && at + cap - (outageFirst < 0 ? at : outageFirst) > elapsedMax) return;
  countWait(waits, node, policy, candidate, delay);
}

const within = (delay: Duration, { least, most }: Envelope): boolean => delay >= least && delay <= most;

/**
 * A hint binds the retry after its own connection. While that connection stands beside another, which of the two failed
 * is the client's own affair. Once it ended and no wait came of it in the same event, a later wait has another reason.
 */
function hintsFor({ hint, conns }: Client, event: number): readonly (Duration | null)[] {
  if (hint === null || (hint.ended >= 0 && hint.ended < event)) return NO_HINT;
  if (hint.ended === event || (conns.size === 1 && conns.has(hint.conn))) return [hint.retryAfter];
  return [hint.retryAfter, null];
}

const NO_HINT: readonly (Duration | null)[] = [null];

function judgeEnd(memory: Memory, entry: EntryOf<'told'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  const { policy } = client;
  reset(client, entry.at, false);
  if (entry.error === 'attempts_exhausted') {
    const most = retriesMost(policy);
    const made = Math.max(...client.candidates.map(({ attempt }) => attempt));
    if (most === null || made < most)
      breach(
        `${client.node} gave up with attempts_exhausted after ${counted(made, 'retry', 'retries')}, but its policy permits ${most ?? 'any number'}.`,
      );
  } else if (entry.error === 'elapsed_exhausted') {
    const hints = hintsFor(client, entry.event);
    const reach = Math.max(
      ...client.candidates.flatMap(({ attempt, previous }) =>
        hints.map((hint) => envelope(policy, attempt, previous, hint).most as number),
      ),
    );
    const since = client.outageFirst < 0 ? 0 : entry.at - client.outageFirst;
    if (policy.elapsedMax === null || since + reach <= policy.elapsedMax)
      breach(
        `${client.node} gave up with elapsed_exhausted ${formatDuration(since)} into the outage, when its next dial would come ${formatDuration(since + reach)} into it at the latest; its policy gives up after ${policy.elapsedMax === null ? 'no time at all' : formatDuration(policy.elapsedMax)}.`,
      );
  }
}
