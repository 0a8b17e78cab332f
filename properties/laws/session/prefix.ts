/**
 * Law 1, prefix: no loss, no duplicate, no reorder, no corruption, at every instant.
 *
 * Two sides are compared. One is what agents were seen to produce, for each session, stream and epoch: dense from 1, and
 * of one content. The other is what each application was handed. Because a production is dense and of one content, it is
 * remembered as a content and a head, and a received chunk is compared with the content's own chunk at that place: this
 * costs two comparisons a chunk and keeps no copy of anything.
 *
 * Which connection a chunk came on is none of this law's business; law 5 judges that.
 */
import { type Chunk, sameChunk } from '../../../src/content.ts';
import { counted } from '../../../src/count.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import { type Breach, law } from './law.ts';

/** What the agents of one session produced on one stream in one epoch. */
interface Production {
  readonly session: number;
  readonly stream: number;
  readonly epoch: number;
  readonly content: number;
  /** Highest sequence number produced so far; a new agent goes on behind the durable head, so it may repeat some. */
  head: number;
}

/** How far one application is in one stream. */
interface Position {
  epoch: number;
  seq: number;
  /** Byte offset behind the last chunk. */
  end: number;
  /** Found once an epoch, because looking it up for every chunk would cost more than the check. */
  production: Production | null;
}

interface Reader {
  session: number;
  readonly streams: Few<number, Position>;
}

interface Memory {
  readonly contents: readonly (readonly Chunk[])[];
  readonly readers: Map<NodeId, Reader>;
  /** By session, then stream; one production for each epoch. */
  readonly sessions: Map<number, Few<number, Production[]>>;
  /** Agents produce in bursts: the production that was looked up last is most often the next one. */
  last: Production | null;
}

export const prefix = law<Memory>({
  name: 'prefix',
  states:
    'at every instant, what an application received on a stream is a byte-exact prefix of what was produced: no loss, no duplicate, no reorder, no corruption',
  needs: { entries: ['received'] },
  remember: (facts) => ({
    contents: facts.contents,
    readers: new Map(facts.clients.map(({ node }) => [node, { session: 0, streams: new Few() }])),
    sessions: new Map(),
    last: null,
  }),
  on: {
    produced: produce,
    received: receive,
    replaced: replace,
    restored(memory, entry) {
      const reader = memory.readers.get(entry.node);
      if (reader === undefined) return;
      if (!entry.resumed || entry.session !== reader.session) reader.streams.clear();
      reader.session = entry.session;
    },
  },
});

function produce(memory: Memory, entry: EntryOf<'produced'>, breach: Breach): void {
  const { session, stream, epoch, seq, chunk } = entry;
  const production = productionOf(memory, session, stream, epoch) ?? begin(memory, entry);
  if (seq === production.head + 1) production.head = seq;
  else if (seq > production.head)
    breach(
      `${entry.node} produced seq ${seq} of session ${session} stream ${stream} epoch ${epoch} right after seq ${production.head}: seq ${production.head + 1} was left out.`,
    );
  const expected = memory.contents[production.content]?.[seq - 1];
  if (chunk === expected || (expected !== undefined && sameChunk(chunk, expected))) return;
  breach(
    `${entry.node} produced ${named(chunk)} as seq ${seq} of session ${session} stream ${stream} epoch ${epoch}, where ${named(expected)} of content ${production.content} belongs.`,
  );
}

function receive(memory: Memory, entry: EntryOf<'received'>, breach: Breach): void {
  const reader = memory.readers.get(entry.node);
  if (reader === undefined) return;
  const { epoch, seq, chunk } = entry;
  let position = reader.streams.get(entry.stream);
  if (position === undefined) {
    position = { epoch, seq: 0, end: 0, production: null };
    reader.streams.set(entry.stream, position);
  }
  if (epoch !== position.epoch || seq !== position.seq + 1) {
    breach(misplaced(entry, position));
    return;
  }
  let production = position.production;
  if (production === null) {
    production = productionOf(memory, reader.session, entry.stream, epoch);
    position.production = production;
  }
  if (production === null || seq > production.head) {
    breach(
      `${entry.node} was handed ${place(entry)}, which nobody in its session ${reader.session} had produced: ${production === null ? 'nothing' : `seq ${production.head}`} was the last.`,
    );
    return;
  }
  const expected = memory.contents[production.content]?.[seq - 1];
  if ((chunk !== expected && (expected === undefined || !sameChunk(chunk, expected))) || chunk.start !== position.end) {
    breach(
      `${entry.node} was handed ${named(chunk)} as ${place(entry)}, behind byte ${position.end}, where ${named(expected)} was produced.`,
    );
    return;
  }
  position.seq = seq;
  position.end = chunk.end;
}

function replace(memory: Memory, entry: EntryOf<'replaced'>, breach: Breach): void {
  const reader = memory.readers.get(entry.node);
  if (reader === undefined) return;
  const { node, stream, epoch, seq, chunks } = entry;
  const before = reader.streams.get(stream);
  if (before !== undefined && (epoch < before.epoch || (epoch === before.epoch && seq < before.seq))) {
    breach(
      `${node} saw stream ${stream} taken back from seq ${before.seq} of epoch ${before.epoch} to seq ${seq} of epoch ${epoch}: what was received must stay received.`,
    );
    return;
  }
  if (chunks.length !== seq) {
    breach(
      `${node} had ${place(entry)} replaced by ${counted(chunks.length, 'chunk')}, which are not seq 1 to ${seq}.`,
    );
    return;
  }
  const production = productionOf(memory, reader.session, stream, epoch);
  if (seq > (production?.head ?? 0)) {
    breach(
      `${node} had ${place(entry)} replaced by a snapshot up to seq ${seq}, but its session ${reader.session} had produced ${counted(production?.head ?? 0, 'chunk')}.`,
    );
    return;
  }
  let end = 0;
  const contents = production === null ? undefined : memory.contents[production.content];
  for (let i = 0; i < chunks.length; i++) {
    const chunk = chunks[i] as Chunk;
    const expected = contents?.[i];
    if ((chunk !== expected && (expected === undefined || !sameChunk(chunk, expected))) || chunk.start !== end) {
      breach(
        `${node} had ${place(entry)} replaced by a snapshot with ${named(chunk)} as seq ${i + 1}, behind byte ${end}, where ${named(expected)} was produced.`,
      );
      return;
    }
    end = chunk.end;
  }
  reader.streams.set(stream, { epoch, seq, end, production });
}

/** Why a chunk is out of place: each way has its own name, because each has its own cause. */
function misplaced(entry: EntryOf<'received'>, { epoch, seq }: Position): string {
  const what = `${entry.node} was handed ${place(entry)}`;
  if (entry.epoch !== epoch)
    return `${what} in the middle of epoch ${epoch} (seq ${seq}): an epoch changes only by a replacement.`;
  if (entry.seq <= seq) return `${what} twice: it already had everything up to seq ${seq}.`;
  return `${what} right after seq ${seq}: ${counted(entry.seq - seq - 1, 'chunk is', 'chunks are')} missing, from seq ${seq + 1}.`;
}

function productionOf(memory: Memory, session: number, stream: number, epoch: number): Production | null {
  const last = memory.last;
  if (last !== null && last.session === session && last.stream === stream && last.epoch === epoch) return last;
  const epochs = memory.sessions.get(session)?.get(stream);
  if (epochs === undefined) return null;
  for (let i = epochs.length - 1; i >= 0; i--) {
    const production = epochs[i] as Production;
    if (production.epoch !== epoch) continue;
    memory.last = production;
    return production;
  }
  return null;
}

/** The first chunk of an epoch decides which content it is. */
function begin(memory: Memory, { session, stream, epoch, chunk }: EntryOf<'produced'>): Production {
  const production = { session, stream, epoch, content: chunk.content, head: 0 };
  let streams = memory.sessions.get(session);
  if (streams === undefined) {
    streams = new Few();
    memory.sessions.set(session, streams);
  }
  const epochs = streams.get(stream);
  if (epochs === undefined) streams.set(stream, [production]);
  else epochs.push(production);
  memory.last = production;
  return production;
}

const place = (entry: { readonly stream: number; readonly epoch: number; readonly seq: number }): string =>
  `stream ${entry.stream} seq ${entry.seq} of epoch ${entry.epoch}`;

/** A chunk for people. */
function named(chunk: Chunk | undefined): string {
  if (chunk === undefined) return 'nothing';
  const sum = chunk.sum.toString(16).padStart(8, '0');
  return `bytes ${chunk.start} to ${chunk.end} of content ${chunk.content} (sum ${sum}${chunk.fin ? ', the last' : ''})`;
}
