/**
 * Law: completion. What was asked for comes to something, and what was written is read by whoever reads that stream.
 *
 * Both within the promised time, which runs from the last of these: the request or the writing, the end of the last fault,
 * and the start of whoever waits. A client reads a stream once it was given something of it, or once a stream is called
 * like a key that it asked under; it reads no more after it was told an error of that stream, had it replaced by nothing, or
 * was loaded again. What was asked for has come to something when it took effect; where applications are told outcomes
 * (`settled` as *done*, ever), when this one was.
 */
import type { Facts } from '../../../src/facts.ts';
import { clientOf } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, formatDuration, formatInstant } from '../../../src/time.ts';
import { type Breach, law } from '../law.ts';
import { type Arrear, Arrears } from './arrears.ts';
import { PRESENCE, Presence } from './presence.ts';
import { REACH, Reach } from './reach.ts';
import { type Asker, Requests } from './requests.ts';
import { keyNamed, shownPiece, streamNamed } from './say.ts';

interface Memory {
  readonly bound: Duration;
  readonly presence: Presence;
  readonly reach: Reach;
  readonly arrears: Arrears;
  readonly requests: Requests;
  /** Somebody was told that something is done: then everybody is. */
  settles: boolean;
}

export const completion = law<Memory>({
  name: 'completion',
  states:
    'what a client asked for is done and what was written is read by all who read that stream, within the promised time',
  needs: { promises: { completeWithin: true }, anyOf: ['submitted', 'wrote'] },
  remember: (facts: Facts) => ({
    bound: facts.promises?.completeWithin as Duration,
    presence: new Presence(facts),
    reach: new Reach(facts),
    arrears: new Arrears(facts),
    requests: new Requests(facts),
    settles: false,
  }),
  on: {
    ...PRESENCE,
    ...REACH,
    submitted: ({ requests }, entry) => requests.submitted(entry),
    performed: ({ requests }, entry) => void requests.performed(entry),
    settled(memory, entry, breach) {
      const client = clientOf(entry.node);
      const asker = memory.requests.unsettledOf(client, entry.key, memory.settles);
      if (asker !== null) judgeRequest(memory, client, entry.key, asker, entry.at, breach);
      memory.requests.settled(entry);
      memory.settles ||= entry.outcome === 'done';
    },
    wrote(memory, entry) {
      const { arrears, requests } = memory;
      arrears.wrote(entry);
      const request = requests.byKey.get(String(entry.stream));
      for (const [client, { over }] of request?.askers ?? NOBODY)
        if (!over) arrears.follow(client, entry.stream, entry.at);
    },
    read(memory, entry, breach) {
      judgeArrear(memory, entry.node, memory.arrears.of(entry.node, entry.stream), entry.at, breach);
      memory.arrears.read(entry);
    },
    replaced(memory, entry, breach) {
      judgeArrear(memory, entry.node, memory.arrears.of(entry.node, entry.stream), entry.at, breach);
      memory.arrears.replaced(entry);
    },
    told(memory, entry, breach) {
      judge(memory, entry.at, breach);
      memory.arrears.told(entry);
      PRESENCE.told(memory, entry);
    },
    intent(memory, entry, breach) {
      if (entry.intent === 'leave') judge(memory, entry.at, breach);
      PRESENCE.intent(memory, entry);
      if (entry.intent === 'start' || entry.intent === 'leave')
        memory.arrears.present(entry.node, entry.intent === 'start');
      if (entry.intent === 'leave') memory.requests.leave(entry.node);
    },
    reloaded: (memory, { node, kept }) => forget(memory, node, kept),
    crashed(memory, entry) {
      PRESENCE.crashed(memory, entry);
      REACH.crashed(memory, entry);
      forget(memory, entry.node, true);
    },
    // Whoever never gets anywhere keeps dialling: it is found out near its deadline, not at the run's end.
    dialled(memory, entry, breach) {
      judge(memory, entry.at, breach);
      REACH.dialled(memory, entry);
    },
  },
  end(memory, breach, { complete, at }) {
    judge(memory, at, breach, complete);
  },
});

const NOBODY: readonly (readonly [NodeId, { readonly over: boolean }])[] = [];

function forget({ arrears, requests }: Memory, node: NodeId, kept: boolean): void {
  arrears.reloaded(node, kept);
  requests.leave(node);
}

function judge(memory: Memory, now: number, breach: Breach, forever = false): void {
  judgeRequests(memory, now, breach, forever);
  for (const [node, arrear] of memory.arrears.all()) judgeArrear(memory, node, arrear, now, breach, forever);
}

/** Whether it is too late for something that is owed since `from`; null: it is not. Otherwise in words. */
function lateness(memory: Memory, node: NodeId, from: number, now: number, forever: boolean): string | null {
  const since = memory.presence.since(clientOf(node));
  if (since < 0) return null;
  const late = now - Math.max(from, since) - memory.bound;
  if (late > 0) return `${formatDuration(late)} after the promised ${formatDuration(memory.bound)}`;
  return forever ? 'and the run came to rest' : null;
}

function judgeArrear(
  memory: Memory,
  node: NodeId,
  arrear: Arrear | null,
  now: number,
  breach: Breach,
  forever = false,
): void {
  if (arrear === null) return;
  const { stream, next, by, from } = arrear;
  const late = lateness(memory, node, from, now, forever);
  if (late === null) return;
  const client = clientOf(node);
  breach(
    `${node} lacks ${shownPiece(next)} of ${streamNamed(stream)}, which ${by} wrote, ${late}; ${memory.reach.works(client) ? 'it has a connection that works' : memory.reach.whereabouts(client)}.`,
  );
}

/** Requests that nothing came of. */
function judgeRequests(memory: Memory, now: number, breach: Breach, forever = false): void {
  for (const [client, key, asker] of memory.requests.unsettled(memory.settles))
    judgeRequest(memory, client, key, asker, now, breach, forever);
}

function judgeRequest(
  memory: Memory,
  client: NodeId,
  key: string,
  { at }: Pick<Asker, 'at'>,
  now: number,
  breach: Breach,
  forever = false,
): void {
  const late = lateness(memory, client, at, now, forever);
  if (late === null) return;
  breach(
    `${client} asked for ${keyNamed(key)} at ${formatInstant(at)}, and ${cameTo(memory, key, client)}, ${late}; ${memory.reach.works(client) ? 'it has a connection that works' : memory.reach.whereabouts(client)}.`,
  );
}

function cameTo({ requests }: Memory, key: string, client: NodeId): string {
  const deed = requests.byKey.get(key)?.deeds.find((each) => each.client === '' || each.client === client);
  return deed === undefined
    ? 'nothing has come of it'
    : `it took effect at ${formatInstant(deed.at)} at ${deed.node}, but ${client} was never told`;
}
