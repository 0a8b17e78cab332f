/**
 * Law 2, completion: what an application asked for arrives in the end.
 *
 * Everything that was asked for is owed: first the send's outcome, then, if the send opened a stream, that stream's last
 * chunk. A debt must be paid within `convergeWithin` of the later of two instants: the request, and the end of the last
 * fault (`healed`, which is the start of a run without faults). Before the heal nothing is late. The law looks at the very
 * instant at which the bound of the oldest debt has passed, says what was next and who had it, and the run ends there.
 *
 * A debt ends unpaid in four ways only: the application left, it was told a terminal error or that this very stream is
 * gone, or its session is gone and a clean one was started. The errors must be such as the scenario allows; any other is a
 * breach at once. An expiry needs no permission where it was due (absence.ts).
 */
import { APPLICATION_ERRORS } from '../../../src/errors.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Facts } from '../../../src/session/facts.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import { at, formatDuration, formatInstant } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import {
  type Absences,
  newAbsences,
  noteCrash,
  noteEnd,
  noteOwner,
  noteRewound,
  noteSession,
  noteWelcome,
  wasDue,
} from './absence.ts';
import { type Breach, law } from './law.ts';
import { newWhereabouts, standing, WHEREABOUTS, type Whereabouts } from './whereabouts.ts';

/** A send without an outcome. */
interface Send {
  /** When the application asked. */
  readonly asked: number;
  /** When it left its client last, and on which connection; when it took effect. -1: it has not. */
  sentAt: number;
  conn: ConnId;
  performedAt: number;
}

interface Client {
  readonly node: NodeId;
  /** The application left or was told a terminal error: nobody waits any more. */
  over: boolean;
  readonly sends: Few<string, Send>;
  /** Streams without their end: when the application asked for the answer. */
  readonly streams: Few<number, number>;
  /** Streams that were complete before the send that opened them was settled. */
  readonly early: Few<number, true>;
}

interface Memory {
  readonly facts: Facts;
  readonly clients: Map<NodeId, Client>;
  readonly absences: Absences;
  readonly places: Whereabouts;
  /** When the last fault ended, or -1 while there may be one. */
  healed: number;
}

export const completion = law<Memory>({
  name: 'completion',
  states:
    'after healing, every send is settled and every stream completes within the derived bound, or its application was told an error that the scenario allows',
  needs: { entries: ['submitted'] },
  endsRun: true,
  remember: (facts) => ({
    facts,
    clients: new Map(
      facts.clients.map(({ node }) => [
        node,
        { node, over: false, sends: new Few(), streams: new Few(), early: new Few() },
      ]),
    ),
    absences: newAbsences(facts.absence),
    places: newWhereabouts(),
    healed: -1,
  }),
  on: {
    ...WHEREABOUTS,
    submitted(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client !== undefined && !client.over)
        client.sends.set(entry.key, { asked: entry.at, sentAt: -1, conn: -1, performedAt: -1 });
    },
    'sent SEND'({ clients }, { node, conn, payload, at: sentAt }) {
      const send = clients.get(node)?.sends.get(payload.key);
      if (send !== undefined) Object.assign(send, { sentAt, conn });
    },
    performed({ clients }, { client, key, at: performedAt }) {
      const send = clients.get(client)?.sends.get(key);
      if (send !== undefined) send.performedAt = performedAt;
    },
    settled(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      const send = client?.sends.get(entry.key);
      if (client === undefined || send === undefined) return;
      const { asked } = send;
      client.sends.delete(entry.key);
      const late = lateness(memory, asked, entry.at);
      if (late > 0) breach(`${client.node}'s send ${entry.key} was settled ${tooLate(memory, late)}`);
      if (entry.outcome !== 'done' || entry.stream === 0) return;
      if (!client.early.delete(entry.stream)) client.streams.set(entry.stream, asked);
    },
    received(memory, entry, breach) {
      WHEREABOUTS.received(memory, entry);
      if (entry.chunk.fin) finish(memory, entry.node, entry.stream, entry.at, breach);
    },
    replaced(memory, entry, breach) {
      WHEREABOUTS.replaced(memory, entry);
      if (entry.chunks.at(-1)?.fin) finish(memory, entry.node, entry.stream, entry.at, breach);
    },
    reloaded(memory, { node, kept }) {
      const client = memory.clients.get(node);
      // Nobody waits for what a page asked that has forgotten it.
      if (client !== undefined && !kept) forgive(client);
    },
    owned(memory, entry) {
      WHEREABOUTS.owned(memory, entry);
      noteOwner(memory.absences, entry);
    },
    rewound(memory, entry) {
      WHEREABOUTS.rewound(memory, entry);
      noteRewound(memory.absences, entry);
    },
    'sent WELCOME'(memory, entry) {
      WHEREABOUTS['sent WELCOME'](memory, entry);
      noteWelcome(memory.absences, entry);
    },
    closed: depart,
    hungUp: depart,
    crashed(memory, entry) {
      WHEREABOUTS.crashed(memory, entry);
      noteCrash(memory.absences, entry);
    },
    restored(memory, entry) {
      WHEREABOUTS.restored(memory, entry);
      noteSession(memory.absences, entry);
      if (entry.resumed) return;
      const client = memory.clients.get(entry.node);
      // That the application was told, and that it may be told, is judged where it is told (here and in law 7).
      client?.streams.clear();
      client?.early.clear();
    },
    told(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      // What is only said of a connection takes nothing from anybody.
      if (APPLICATION_ERRORS[entry.error]?.transient) return;
      const isAllowed =
        memory.facts.allowedErrors.includes(entry.error) ||
        (entry.error === 'session_expired' && wasDue(memory.absences, entry.node, memory.healed));
      if (!isAllowed)
        breach(
          `${entry.node} was told ${entry.error} (${entry.detail}) while it was owed ${owed(client)}; this scenario allows ${memory.facts.allowedErrors.join(', ') || 'no error'}.`,
        );
      if (entry.stream !== undefined) client.streams.delete(entry.stream);
      if (APPLICATION_ERRORS[entry.error]?.terminal) dismiss(client);
    },
    intent(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client !== undefined && entry.intent === 'leave') dismiss(client);
    },
    healed(memory, entry) {
      memory.healed = entry.at;
    },
  },
  look(memory, breach, now) {
    const { convergeWithin, diverges } = memory.facts;
    // What is asked from here on, or healed, is late so much later at the earliest.
    let next = now + convergeWithin + 1;
    if (memory.healed < 0 || diverges !== undefined) return at(next);
    for (const client of memory.clients.values()) {
      const from = oldest(client);
      if (from < 0) continue;
      const due = Math.max(from, memory.healed) + convergeWithin;
      if (due > now) next = Math.min(next, due);
      else breach(`${client.node} is still owed ${debts(memory, client, breach)} ${boundOf(memory)}.`);
    }
    return at(next);
  },
  end(memory, breach, { complete, at: now }) {
    for (const client of memory.clients.values()) {
      const from = oldest(client);
      if (from < 0) continue;
      if (complete) {
        breach(
          `The run came to rest while ${client.node} was still owed ${owed(client)}, and nothing is left that could bring it: ${places(memory, client, breach)}.`,
        );
        return;
      }
      // What a budget cut off in good time might still have come: only what is late already is judged.
      const late = lateness(memory, from, now);
      if (late > 0) breach(`${client.node} is still owed ${debts(memory, client, breach)}, ${tooLate(memory, late)}`);
    }
  },
});

function depart(memory: Memory, entry: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  WHEREABOUTS.closed(memory, entry);
  noteEnd(memory.absences, entry);
}

function finish(memory: Memory, node: NodeId, stream: number, at: number, breach: Breach): void {
  const client = memory.clients.get(node);
  if (client === undefined || client.over) return;
  const asked = client.streams.get(stream);
  if (asked === undefined) {
    client.early.set(stream, true);
    return;
  }
  client.streams.delete(stream);
  const late = lateness(memory, asked, at);
  if (late > 0) breach(`${node}'s stream ${stream} was complete ${tooLate(memory, late)}`);
}

function dismiss(client: Client): void {
  client.over = true;
  forgive(client);
}

function forgive(client: Client): void {
  client.sends.clear();
  client.streams.clear();
  client.early.clear();
}

/** How long past its deadline a debt is, in microseconds; 0 or less when it is not late. */
function lateness(memory: Memory, asked: number, now: number): number {
  if (memory.healed < 0 || memory.facts.diverges !== undefined) return 0;
  return now - Math.max(asked, memory.healed) - memory.facts.convergeWithin;
}

/** When the oldest of its debts was asked for, or -1. */
function oldest({ sends, streams }: Client): number {
  let from = Number.POSITIVE_INFINITY;
  for (const { asked } of sends.values()) from = Math.min(from, asked);
  for (const asked of streams.values()) from = Math.min(from, asked);
  return from === Number.POSITIVE_INFINITY ? -1 : from;
}

const boundOf = ({ facts }: Memory): string =>
  `when the bound of ${formatDuration(facts.convergeWithin)} from the request or the last fault, whichever came later, has passed`;

const tooLate = ({ facts }: Memory, late: number): string =>
  `${formatDuration(late)} after the bound of ${formatDuration(facts.convergeWithin)} from the request or the last fault, whichever came later.`;

/** What a client still waits for, and where that is. */
const debts = (memory: Memory, client: Client, breach: Breach): string =>
  `${owed(client)} (${places(memory, client, breach)})`;

/** Where the oldest send and the oldest stream are that a client waits for. */
function places(memory: Memory, { node, sends, streams }: Client, breach: Breach): string {
  const [send] = sends;
  const [stream] = streams.keys();
  return [
    ...(send === undefined ? [] : [whereIs(...send, breach)]),
    ...(stream === undefined ? [] : [standing(memory.places, memory.facts.contents, node, stream, breach)]),
  ].join('; ');
}

function whereIs(key: string, { sentAt, conn, performedAt }: Send, breach: Breach): string {
  const left =
    sentAt < 0
      ? 'never left its client'
      : `left its client last at ${formatInstant(sentAt)} on connection ${breach.nameOf(conn)}`;
  return `send ${key} ${left} and ${performedAt < 0 ? 'has not taken effect' : `took effect at ${formatInstant(performedAt)}`}`;
}

/** What a client still waits for, at most three of each kind by name. */
function owed(client: Client): string {
  const sends = list('send', [...client.sends.keys()]);
  const streams = list('stream', [...client.streams.keys()]);
  if (sends === '' && streams === '') return 'nothing';
  return sends === '' || streams === '' ? sends + streams : `${sends} and ${streams}`;
}

function list(what: string, names: readonly (string | number)[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, 3).join(', ');
  const rest = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.length === 1 ? what : `${what}s`} ${shown}${rest}`;
}
