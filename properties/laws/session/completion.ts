/**
 * Law 2, completion: what an application asked for arrives in the end.
 *
 * Everything that was asked for is owed: first the send's outcome, then, if the send opened a stream, that stream's last
 * chunk. A debt must be paid within `convergeWithin` of the later of two instants: the request, and the end of the last
 * fault (`healed`, which is the start of a run without faults). Before the heal nothing is late.
 *
 * A debt ends unpaid in four ways only: the application left, it was told a terminal error or that this very stream is
 * gone, or its session is gone and a clean one was started. The errors must be such as the scenario allows; any other is a
 * breach at once. An expiry needs no permission where it was due (absence.ts).
 */
import { APPLICATION_ERRORS } from '../../../src/errors.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Facts } from '../../../src/session/facts.ts';
import { formatDuration } from '../../../src/time.ts';
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

interface Client {
  readonly node: NodeId;
  /** The application left or was told a terminal error: nobody waits any more. */
  over: boolean;
  /** Sends without an outcome: when the application asked. */
  readonly sends: Few<string, number>;
  /** Streams without their end: when the application asked for the answer. */
  readonly streams: Few<number, number>;
  /** Streams that were complete before the send that opened them was settled. */
  readonly early: Few<number, true>;
}

interface Memory {
  readonly facts: Facts;
  readonly clients: Map<NodeId, Client>;
  readonly absences: Absences;
  /** When the last fault ended, or -1 while there may be one. */
  healed: number;
}

export const completion = law<Memory>({
  name: 'completion',
  states:
    'after healing, every send is settled and every stream completes within the derived bound, or its application was told an error that the scenario allows',
  needs: { entries: ['submitted'] },
  remember: (facts) => ({
    facts,
    clients: new Map(
      facts.clients.map(({ node }) => [
        node,
        { node, over: false, sends: new Few(), streams: new Few(), early: new Few() },
      ]),
    ),
    absences: newAbsences(facts.absence),
    healed: -1,
  }),
  on: {
    submitted(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client !== undefined && !client.over) client.sends.set(entry.key, entry.at);
    },
    settled(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      const asked = client?.sends.get(entry.key);
      if (client === undefined || asked === undefined) return;
      client.sends.delete(entry.key);
      const late = lateness(memory, asked, entry.at);
      if (late > 0) breach(`${client.node}'s send ${entry.key} was settled ${tooLate(memory, late)}`);
      if (entry.outcome !== 'done' || entry.stream === 0) return;
      if (!client.early.delete(entry.stream)) client.streams.set(entry.stream, asked);
    },
    received(memory, entry, breach) {
      if (entry.chunk.fin) finish(memory, entry.node, entry.stream, entry.at, breach);
    },
    replaced(memory, entry, breach) {
      if (entry.chunks.at(-1)?.fin) finish(memory, entry.node, entry.stream, entry.at, breach);
    },
    reloaded(memory, { node, kept }) {
      const client = memory.clients.get(node);
      // Nobody waits for what a page asked that has forgotten it.
      if (client !== undefined && !kept) forgive(client);
    },
    owned: ({ absences }, entry) => noteOwner(absences, entry),
    rewound: ({ absences }, entry) => noteRewound(absences, entry),
    'sent WELCOME': ({ absences }, entry) => noteWelcome(absences, entry),
    closed: ({ absences }, entry) => noteEnd(absences, entry),
    hungUp: ({ absences }, entry) => noteEnd(absences, entry),
    crashed: ({ absences }, entry) => noteCrash(absences, entry),
    restored(memory, entry) {
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
          `${entry.node} was told ${entry.error} (${entry.detail}) while it was owed ${debts(client)}; this scenario allows ${memory.facts.allowedErrors.join(', ') || 'no error'}.`,
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
    // A client that never gets anywhere keeps dialling: here it is found out near its deadline, not at the budget's end.
    dialled(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client !== undefined) judgeDebts(memory, client, entry.at, breach);
    },
  },
  end(memory, breach, { complete, at }) {
    for (const client of memory.clients.values()) {
      if (client.sends.size === 0 && client.streams.size === 0) continue;
      if (complete) {
        breach(
          `The run came to rest while ${client.node} was still owed ${debts(client)}: nothing is left that could bring it.`,
        );
        return;
      }
      // What a budget cut off in good time might still have come: only what is late already is judged.
      judgeDebts(memory, client, at, breach);
    }
  },
});

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

/** Says what a client should have had by now. */
function judgeDebts(memory: Memory, client: Client, now: number, breach: Breach): void {
  const late = latest(memory, client, now);
  if (late > 0) breach(`${client.node} is still owed ${debts(client)}, ${tooLate(memory, late)}`);
}

function latest(memory: Memory, client: Client, now: number): number {
  let worst = 0;
  for (const asked of client.sends.values()) worst = Math.max(worst, lateness(memory, asked, now));
  for (const asked of client.streams.values()) worst = Math.max(worst, lateness(memory, asked, now));
  return worst;
}

const tooLate = (memory: Memory, late: number): string =>
  `${formatDuration(late)} after the bound of ${formatDuration(memory.facts.convergeWithin)} from the request or the last fault, whichever came later.`;

/** What a client still waits for, at most three of each kind by name. */
function debts(client: Client): string {
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
