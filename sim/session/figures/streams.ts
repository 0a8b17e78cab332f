/**
 * Response streams as applications have them: owed, complete in time, and byte for byte what was produced.
 *
 * What is owed, and until when, is what the law *completion* says: a debt that the law calls unpaid counts as one stream
 * owed and not complete here, whether it came too late, never, or was ended by an error that the scenario does not allow.
 * So no share of complete streams is whole beside a broken law.
 */
import { type Chunk, type Content, checksum, sameChunk } from '../../../src/content.ts';
import { APPLICATION_ERRORS, type ApplicationError, losesSession } from '../../../src/errors.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { Facts } from '../../../src/session/facts.ts';
import type { ConnId } from '../../../src/transport.ts';
import type { SessionWitness } from '../observe.ts';
import { type ClientView, type ConnView, NONE, type StreamView, streamOf } from './views.ts';

export interface Streams {
  readonly totals: { lost: number };
  /** Streams owed, complete and intact at the end of the run. */
  count(): { owed: number; completed: number; intact: number };
}

/** What the figures must know: the real bytes, and what is promised to applications. */
interface Known {
  readonly contents: readonly Content[];
  readonly facts: Pick<Facts, 'convergeWithin' | 'allowedErrors'>;
}

/** Instead of the instant at which a send was asked for: its deadline is over. */
const LATE = -2;

/** `progress` hears of everything new that an application is given. */
export function watchStreams(
  witness: SessionWitness,
  clients: ReadonlyMap<NodeId, ClientView>,
  connOf: (id: ConnId) => ConnView,
  { contents, facts }: Known,
  progress: (client: ClientView, at: number) => void,
): Streams {
  const totals = { lost: 0 };
  /** Streams of sessions that are over, and debts that nothing else counts. */
  const before = { owed: 0, completed: 0, intact: 0 };
  /** When the last fault ended; `NONE` while there may be one. */
  let healedAt = NONE;

  const isLate = (askedAt: number, at: number): boolean =>
    healedAt > NONE && at > Math.max(askedAt, healedAt) + facts.convergeWithin;
  /** The last chunk is there. */
  const finish = (client: ClientView, stream: StreamView, at: number): void => {
    stream.complete = true;
    if (stream.askedAt > NONE && !client.leaving && !client.ended && isLate(stream.askedAt, at)) stream.late = true;
  };
  const add = (stream: StreamView, excused: boolean): void => {
    if (stream.complete || stream.late || (stream.owed && !excused)) before.owed++;
    if (!stream.complete || stream.late) return;
    before.completed++;
    if (stream.intact) before.intact++;
  };
  /** What a client waits for when it is told that it may not have it, and nobody may tell it so. */
  const refuse = (client: ClientView, error: ApplicationError): void => {
    const open = [...client.streams.values()].filter(({ owed, complete, late }) => owed && !complete && !late);
    if (!APPLICATION_ERRORS[error].terminal && !losesSession(error)) before.owed++;
    // Whoever waits for nothing yet is refused all that it would have asked for.
    else before.owed += Math.max(1, open.length + client.sends.size);
    if (APPLICATION_ERRORS[error].terminal) client.sends.clear();
  };

  witness.listen('healed', ({ at }) => {
    healedAt = at;
  });
  witness.listen('submitted', ({ node, key, at }) => {
    const client = clients.get(node);
    if (client !== undefined && !client.ended && !client.leaving) client.sends.set(key, at);
  });
  witness.listen('settled', ({ node, key, stream: number, at }) => {
    const client = clients.get(node);
    if (client === undefined) return;
    const askedAt = client.sends.get(key) ?? NONE;
    client.sends.delete(key);
    const late = askedAt === LATE || (askedAt > NONE && isLate(askedAt, at));
    if (number === 0) {
      if (late) before.owed++;
      return;
    }
    const stream = streamOf(client, number);
    stream.owed = true;
    // What was complete before its send was settled is a debt no more.
    if (!stream.complete) stream.askedAt = Math.max(NONE, askedAt);
    if (late) stream.late = true;
  });
  // Whoever never gets anywhere keeps dialling: what is overdue then stays so, whatever excuses it later.
  witness.listen('dialled', ({ node, at }) => {
    const client = clients.get(node);
    if (client === undefined || healedAt === NONE || client.leaving || client.ended) return;
    for (const [key, askedAt] of client.sends) if (askedAt > NONE && isLate(askedAt, at)) client.sends.set(key, LATE);
    for (const stream of client.streams.values())
      if (!stream.complete && stream.askedAt > NONE && isLate(stream.askedAt, at)) stream.late = true;
  });
  witness.listen('intent', ({ node, intent }) => {
    if (intent === 'leave') forgive(clients.get(node));
  });
  witness.listen('reloaded', ({ node, kept }) => {
    // Nobody waits for what a page asked that has forgotten it.
    if (!kept) forgive(clients.get(node));
  });
  const forgive = (client: ClientView | undefined): void => {
    if (client === undefined) return;
    for (const askedAt of client.sends.values()) if (askedAt === LATE) before.owed++;
    client.sends.clear();
  };
  witness.listen('received', (entry) => {
    if (entry.kind !== 'received') return;
    // By its connection, because that is a number, and the one that was heard of last.
    // What waited for a busy application names none.
    const client = entry.conn === 0 ? clients.get(entry.node) : connOf(entry.conn).client;
    if (client === null || client === undefined) return;
    const stream = streamOf(client, entry.stream);
    if (stream.held === 0) stream.epoch = entry.epoch;
    if (entry.epoch !== stream.epoch || entry.seq !== stream.held + 1 || !trueTo(contents, entry.chunk, entry.seq))
      stream.intact = false;
    stream.held = entry.seq;
    if (entry.chunk.fin) finish(client, stream, entry.at);
    progress(client, entry.at);
  });
  witness.listen('replaced', (entry) => {
    if (entry.kind !== 'replaced') return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    const stream = streamOf(client, entry.stream);
    stream.epoch = entry.epoch;
    stream.held = entry.chunks.length;
    stream.intact = entry.chunks.every((chunk, index) => trueTo(contents, chunk, index + 1));
    stream.complete = false;
    if (entry.chunks.at(-1)?.fin) finish(client, stream, entry.at);
    progress(client, entry.at);
  });
  witness.listen('told', ({ node, error, stream: number }) => {
    const client = clients.get(node);
    const { transient, terminal } = APPLICATION_ERRORS[error];
    if (client === undefined) return;
    if (!transient && !facts.allowedErrors.includes(error)) refuse(client, error);
    else if (terminal) forgive(client);
    const stream = number === undefined ? undefined : client.streams.get(number);
    if (number === undefined || stream === undefined || stream.complete) return;
    // Nobody owes the rest of a stream that is told to be gone.
    totals.lost++;
    add(stream, true);
    client.streams.delete(number);
  });
  witness.listen('restored', (entry) => {
    if (entry.kind !== 'restored' || entry.resumed) return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    // A clean session: what was unfinished in the old one is lost, and the application was told.
    for (const stream of client.streams.values()) {
      if (stream.owed && !stream.complete) totals.lost++;
      add(stream, true);
    }
    // The new session numbers its streams from 1 again.
    client.streams.clear();
  });

  return {
    totals,
    count() {
      for (const client of clients.values()) {
        for (const stream of client.streams.values()) add(stream, client.ended);
        // A send without an outcome has no stream yet, and should have had one.
        before.owed += client.sends.size;
        client.streams.clear();
        client.sends.clear();
      }
      return before;
    },
  };
}

/** Whether a delivered chunk holds the real bytes at its place in the content. */
function trueTo(contents: readonly Content[], chunk: Chunk, seq: number): boolean {
  const content = contents[chunk.content];
  const expected = content?.chunks[seq - 1];
  if (content === undefined || expected === undefined) return false;
  if (chunk === expected) return true;
  // Not the very same value: believe nothing but the bytes, once a process, because a content never changes.
  return sameChunk(chunk, expected) && trueToBytes(content, expected);
}

const sound = new WeakSet<Chunk>();

function trueToBytes(content: Content, chunk: Chunk): boolean {
  if (sound.has(chunk)) return true;
  if (checksum(content.bytes, chunk.start, chunk.end) !== chunk.sum) return false;
  sound.add(chunk);
  return true;
}
