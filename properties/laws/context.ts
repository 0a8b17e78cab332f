/**
 * Law 6, context: after every resume the conversation is what it was.
 *
 * The reference model folds `extendContext` over the sends that took effect in a session, in order; the running hash
 * after each turn is kept, so that a context can be compared with the model at any earlier instant. What a WELCOME says
 * was true when the session was claimed, which is between the client's opening of that connection and the WELCOME's
 * arrival; within that window every value of the model will do, and nothing that the application was already told is
 * done may be missing.
 */
import type { EntryOf } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import type { ConnId } from '../../src/transport.ts';
import { extendContext } from '../../src/wire/frames.ts';
import { type Breach, law } from './law.ts';

interface Session {
  readonly number: number;
  /** `digests[n]` is the context hash after n turns. */
  readonly digests: number[];
  /** The turn of each key. */
  readonly turns: Map<string, number>;
}

interface Client {
  readonly node: NodeId;
  session: Session | null;
  generation: number;
  /** How many turns the session had when each connection was opened that has not been welcomed or lost since. */
  readonly opened: Map<ConnId, number>;
  /** The latest turn of this session that the application was told is done. */
  told: number;
}

interface Memory {
  readonly sessions: Map<number, Session>;
  readonly clients: Map<NodeId, Client>;
}

/** The hash of a conversation without turns. */
const EMPTY = 0;

export const context = law<Memory>({
  name: 'context',
  states: 'after every resume, conversation history equals the reference model; expiry is explicit and starts clean',
  remember: (facts) => ({
    sessions: new Map(),
    clients: new Map(
      facts.clients.map(({ node }) => [node, { node, session: null, generation: -1, opened: new Map(), told: 0 }]),
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
    opened(memory, entry) {
      const client = memory.clients.get(entry.node);
      client?.opened.set(entry.conn, client.session === null ? 0 : turnsOf(client.session));
    },
    closed(memory, entry) {
      memory.clients.get(entry.node)?.opened.delete(entry.conn);
    },
    hungUp(memory, entry) {
      memory.clients.get(entry.node)?.opened.delete(entry.conn);
    },
    settled(memory, entry) {
      if (entry.outcome !== 'done') return;
      const client = memory.clients.get(entry.node);
      const turn = client?.session?.turns.get(entry.key) ?? 0;
      if (client !== undefined && turn > client.told) client.told = turn;
    },
    restored: judge,
  },
});

function judge(memory: Memory, entry: EntryOf<'restored'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  const { node, session: number, generation, resumed } = entry;
  const { turns, digest } = entry.context;
  const before = client.session;
  const session = sessionOf(memory, number);
  const opening = turnsAtOpening(client);
  client.session = session;
  if (!resumed) {
    client.told = 0;
    client.generation = generation;
    if (before?.number === number)
      breach(`${node} was told that a clean session was started, but it is session ${number} again.`);
    if (turns !== 0 || digest !== EMPTY || turnsOf(session) !== 0)
      breach(
        `${node} started session ${number} clean, but its context holds ${turns} turns (hash ${hex(digest)}) and ${turnsOf(session)} sends took effect in it.`,
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
  const floor = Math.max(client.told, opening);
  if (turns < floor)
    breach(
      `${node} resumed session ${number} with ${turns} turns, but ${client.told > turns ? `it had been told that turn ${client.told} was done` : `${floor} had taken effect when it opened the connection`}.`,
    );
  else if (turns > turnsOf(session))
    breach(
      `${node} resumed session ${number} with ${turns} turns, but only ${turnsOf(session)} sends had taken effect.`,
    );
  else if (digest !== session.digests[turns])
    breach(
      `${node} resumed session ${number} with hash ${hex(digest)} after ${turns} turns, where the model has ${hex(session.digests[turns] ?? EMPTY)}.`,
    );
}

/**
 * The fewest turns that a session had when one of its client's waiting connections was opened. A client that follows the
 * protocol has one such connection; of one that races several it is not visible here which was welcomed, so the most
 * lenient counts.
 */
function turnsAtOpening({ opened }: Client): number {
  if (opened.size === 0) return 0;
  const fewest = Math.min(...opened.values());
  opened.clear();
  return fewest;
}

const turnsOf = (session: Session): number => session.digests.length - 1;
const hex = (digest: number): string => digest.toString(16).padStart(8, '0');

function sessionOf(memory: Memory, number: number): Session {
  let session = memory.sessions.get(number);
  if (session === undefined) {
    session = { number, digests: [EMPTY], turns: new Map() };
    memory.sessions.set(number, session);
  }
  return session;
}
