/**
 * Law 6, context: after every resume the conversation is what it was.
 *
 * The reference model folds `extendContext` over the sends that took effect in a session, in order; the running hash
 * after each turn is kept, so that a context can be compared with the model at any earlier instant. What a WELCOME says
 * was true when the session was claimed, which is between the client's opening of that connection and the WELCOME's
 * arrival; within that window every value of the model will do, and nothing that the application was already told is
 * done may be missing. The work of the agents (memory, tool calls, workflow step) is modelled and judged alike, from the
 * notes that became durable.
 */
import { counted } from '../../../src/count.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import { extendContext, memoryDigest, type WorkSummary } from '../../../src/session/wire/frames.ts';
import type { ConnId } from '../../../src/transport.ts';
import { type Breach, law } from './law.ts';

interface Session {
  readonly number: number;
  /** `digests[n]` is the context hash after n turns. */
  readonly digests: number[];
  /** The turn of each key. */
  readonly turns: Few<string, number>;
  /** `works[n]` is the work after n notes. */
  readonly works: WorkSummary[];
  readonly memory: Record<string, number>;
}

/** Turns and notes of a session at some instant. */
interface Position {
  readonly turns: number;
  readonly notes: number;
}

interface Client {
  readonly node: NodeId;
  session: Session | null;
  generation: number;
  /** How far the session was when each connection was opened that has not been welcomed or lost since. */
  readonly opened: Few<ConnId, Position>;
  /** Connections that are over for it: one that opens after it was given up brings no WELCOME. */
  readonly ended: Few<ConnId, true>;
  /** The latest turn of this session that the application was told is done. */
  told: number;
}

interface Memory {
  readonly sessions: Map<number, Session>;
  readonly clients: Map<NodeId, Client>;
}

/** The hash of a conversation without turns. */
const EMPTY = 0;
const NO_WORK: WorkSummary = { notes: 0, step: 0, calls: 0, callsDigest: 0, memory: 0 };
const NOWHERE: Position = { turns: 0, notes: 0 };

export const context = law<Memory>({
  name: 'context',
  states:
    'after every resume, conversation history, agent memory, tool calls and workflow step equal the reference model; expiry is explicit and starts clean',
  needs: { entries: ['restored'] },
  remember: (facts) => ({
    sessions: new Map(),
    clients: new Map(
      facts.clients.map(({ node }) => [
        node,
        { node, session: null, generation: -1, opened: new Few(), ended: new Few(), told: 0 },
      ]),
    ),
  }),
  on: {
    performed(memory, entry, breach) {
      const session = sessionOf(memory, entry.session);
      const turn = session.digests.length;
      if (entry.clientSeq !== turn)
        breach(
          `${entry.client}'s send ${entry.key} took effect in session ${entry.session} as client_seq ${entry.clientSeq} when ${turn} was next.`,
        );
      session.digests.push(extendContext(session.digests[turn - 1] ?? EMPTY, entry.clientSeq, entry.key));
      session.turns.set(entry.key, turn);
    },
    recorded(memory, entry) {
      const session = sessionOf(memory, entry.session);
      session.works.push(nextWork(session, entry));
    },
    opened(memory, entry) {
      const client = memory.clients.get(entry.node);
      if (client === undefined || client.ended.has(entry.conn)) return;
      client.opened.set(entry.conn, client.session === null ? NOWHERE : positionOf(client.session));
    },
    closed: end,
    hungUp: end,
    settled(memory, entry) {
      if (entry.outcome !== 'done') return;
      const client = memory.clients.get(entry.node);
      const turn = client?.session?.turns.get(entry.key) ?? 0;
      if (client !== undefined && turn > client.told) client.told = turn;
    },
    reloaded(memory, { node, kept }) {
      const client = memory.clients.get(node);
      if (client === undefined) return;
      client.opened.clear();
      if (!kept) Object.assign(client, { session: null, generation: -1, told: 0 });
    },
    restored: judge,
  },
});

function end(memory: Memory, { node, conn }: EntryOf<'closed'> | EntryOf<'hungUp'>): void {
  const client = memory.clients.get(node);
  client?.ended.set(conn, true);
  client?.opened.delete(conn);
}

function judge(memory: Memory, entry: EntryOf<'restored'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  const { node, session: number, generation, resumed } = entry;
  const { turns, digest } = entry.context;
  const before = client.session;
  const session = sessionOf(memory, number);
  const opening = atOpening(client);
  client.session = session;
  if (!resumed) {
    client.told = 0;
    client.generation = generation;
    if (before?.number === number)
      breach(`${node} was told that a clean session was started, but it is session ${number} again.`);
    if (entry.work !== undefined || positionOf(session).notes !== 0)
      breach(`${node} started session ${number} clean, but agents have left ${entry.work?.notes ?? 0} notes in it.`);
    if (turns !== 0 || digest !== EMPTY || turnsOf(session) !== 0)
      breach(
        `${node} started session ${number} clean, but its context holds ${counted(turns, 'turn')} (hash ${hex(digest)}) and ${counted(turnsOf(session), 'send')} took effect in it.`,
      );
    return;
  }
  if (before?.number !== number) {
    breach(
      `${node} resumed session ${number}, but ${before === null ? 'it had none' : `its session was ${before.number}`}.`,
    );
    return;
  }
  if (generation <= client.generation)
    breach(`${node} resumed session ${number} at generation ${generation}, but it had been at ${client.generation}.`);
  client.generation = generation;
  const floor = Math.max(client.told, opening.turns);
  if (turns < floor)
    breach(
      `${node} resumed session ${number} with ${counted(turns, 'turn')}, but ${client.told > turns ? `it had been told that turn ${client.told} was done` : `${floor} had taken effect when it opened the connection`}.`,
    );
  else if (turns > turnsOf(session))
    breach(
      `${node} resumed session ${number} with ${counted(turns, 'turn')}, but only ${counted(turnsOf(session), 'send')} had taken effect.`,
    );
  else if (digest !== session.digests[turns])
    breach(
      `${node} resumed session ${number} with hash ${hex(digest)} after ${counted(turns, 'turn')}, where the model has ${hex(session.digests[turns] ?? EMPTY)}.`,
    );
  judgeWork(session, opening.notes, entry, breach);
}

/** The work that a client was shown, against the model between the opening of the connection and now. */
function judgeWork(
  session: Session,
  floor: number,
  { node, work = NO_WORK }: EntryOf<'restored'>,
  breach: Breach,
): void {
  const what = `${node} resumed session ${session.number} with ${work.notes} notes of its agents`;
  const model = session.works[work.notes];
  if (work.notes < floor) breach(`${what}, but ${floor} had become durable when it opened the connection.`);
  else if (model === undefined) breach(`${what}, but only ${session.works.length - 1} had become durable.`);
  else if (work.step !== model.step)
    breach(`${what} at step ${work.step} of the workflow, where the model is at ${model.step}.`);
  else if (work.calls !== model.calls || work.callsDigest !== model.callsDigest)
    breach(
      `${what} and ${work.calls} tool calls (hash ${hex(work.callsDigest)}), where the model has ${model.calls} (hash ${hex(model.callsDigest)}).`,
    );
  else if (work.memory !== model.memory)
    breach(`${what} and an agent memory of hash ${hex(work.memory)}, where the model has ${hex(model.memory)}.`);
}

/** The work after one more note. */
function nextWork({ works, memory }: Session, { about, key, value }: EntryOf<'recorded'>): WorkSummary {
  const last = works.at(-1) ?? NO_WORK;
  const next = { ...last, notes: last.notes + 1 };
  if (about === 'step') return { ...next, step: last.step + 1 };
  if (about === 'tool')
    return { ...next, calls: last.calls + 1, callsDigest: extendContext(last.callsDigest, value, key) };
  memory[key] = value;
  return { ...next, memory: memoryDigest(memory) };
}

/**
 * The least that a session had when one of its client's waiting connections was opened. A client that follows the
 * protocol has one such connection; of one that races several it is not visible here which was welcomed, so the most
 * lenient counts.
 */
function atOpening({ opened }: Client): Position {
  let least: Position | null = null;
  for (const each of opened.values()) if (least === null || each.turns <= least.turns) least = each;
  opened.clear();
  return least ?? NOWHERE;
}

const turnsOf = (session: Session): number => session.digests.length - 1;
const positionOf = (session: Session): Position => ({ turns: turnsOf(session), notes: session.works.length - 1 });
const hex = (digest: number): string => digest.toString(16).padStart(8, '0');

function sessionOf(memory: Memory, number: number): Session {
  let session = memory.sessions.get(number);
  if (session === undefined) {
    session = { number, digests: [EMPTY], turns: new Few(), works: [NO_WORK], memory: {} };
    memory.sessions.set(number, session);
  }
  return session;
}
