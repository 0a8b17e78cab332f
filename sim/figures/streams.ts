/** Response streams as applications have them: asked for, complete, and byte for byte what was produced. */
import { type Chunk, type Content, checksum, sameChunk } from '../../src/content.ts';
import type { NodeId } from '../../src/machine.ts';
import type { ConnId } from '../../src/transport.ts';
import type { Witness } from '../witness.ts';
import { type ClientView, type ConnView, streamOf } from './views.ts';

export interface Streams {
  readonly totals: { lost: number };
  /** Streams owed, complete and intact at the end of the run. */
  count(): { owed: number; completed: number; intact: number };
}

/** `progress` hears of everything new that an application is given. */
export function watchStreams(
  witness: Witness,
  clients: ReadonlyMap<NodeId, ClientView>,
  connOf: (id: ConnId) => ConnView,
  contents: readonly Content[],
  progress: (client: ClientView, at: number) => void,
): Streams {
  const totals = { lost: 0 };
  /** Complete streams of sessions that are over. */
  const before = { completed: 0, intact: 0 };

  witness.listen('settled', (entry) => {
    if (entry.kind !== 'settled' || entry.stream === 0) return;
    const client = clients.get(entry.node);
    if (client !== undefined) streamOf(client, entry.stream).owed = true;
  });
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
    if (entry.chunk.fin) stream.complete = true;
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
    stream.complete = entry.chunks.at(-1)?.fin ?? false;
    progress(client, entry.at);
  });
  witness.listen('told', (entry) => {
    if (entry.kind !== 'told' || entry.stream === undefined) return;
    const client = clients.get(entry.node);
    const stream = client?.streams.get(entry.stream);
    if (client === undefined || stream === undefined || stream.complete) return;
    // Nobody owes the rest of a stream that is told to be gone.
    totals.lost++;
    client.streams.delete(entry.stream);
  });
  witness.listen('restored', (entry) => {
    if (entry.kind !== 'restored' || entry.resumed) return;
    const client = clients.get(entry.node);
    if (client === undefined) return;
    // A clean session: what was unfinished in the old one is lost, and the application was told.
    for (const stream of client.streams.values()) {
      if (stream.owed && !stream.complete) totals.lost++;
      if (!stream.complete) continue;
      before.completed++;
      if (stream.intact) before.intact++;
    }
    // The new session numbers its streams from 1 again.
    client.streams.clear();
  });

  return {
    totals,
    count() {
      let owed = before.completed;
      let { completed, intact } = before;
      for (const client of clients.values())
        for (const stream of client.streams.values()) {
          if (stream.complete) completed++;
          if (stream.complete && stream.intact) intact++;
          if (stream.complete || (stream.owed && !client.ended)) owed++;
        }
      return { owed, completed, intact };
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
