/**
 * Law 12, atomic parts: of a response with several components an application can only ever show whole ones.
 *
 * A component is *shown* when its last byte is there. Then all of it must be there, in one piece and true to its
 * checksums; components are shown in order, each once an epoch, and what was shown is never taken back. A JSON component
 * must parse when it is shown, and satisfy its schema if it has one. Bytes are looked at only once for each component
 * that is what the agents' content says, by a verdict that is kept with the content; whatever deviates is assembled and
 * looked at for itself.
 */
import { type Chunk, type Content, checksum, type Part, sameChunk } from '../../../src/content.ts';
import { Few } from '../../../src/few.ts';
import type { NodeId } from '../../../src/machine.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import { type Breach, law } from './law.ts';
import { schemaBreach } from './schema.ts';

/** What an application holds of one response. */
interface Reader {
  readonly stream: number;
  epoch: number;
  content: Content | null;
  number: number;
  /** Chunks that are there, and the byte behind the last of them. */
  count: number;
  end: number;
  /** The component that the next byte belongs to: all before it were shown. */
  part: number;
  /** What is there, as soon as anything of it is not the content's own; null while it all is. */
  own: Chunk[] | null;
}

interface Client {
  session: number;
  readonly readers: Few<number, Reader>;
  last: Reader | null;
}

interface Memory {
  readonly documents: readonly Content[];
  readonly clients: Map<NodeId, Client>;
}

export const atomicParts = law<Memory>({
  name: 'atomic-parts',
  states:
    'multi-part responses show complete components only, once, in order; finished JSON parses and satisfies its schema',
  needs: { entries: ['received'] },
  remember: (facts) => ({
    documents: facts.documents,
    clients: new Map(facts.clients.map(({ node }) => [node, { session: 0, readers: new Few(), last: null }])),
  }),
  on: {
    received(memory, entry, breach) {
      const client = memory.clients.get(entry.node);
      if (client === undefined) return;
      let reader = client.last;
      if (reader === null || reader.stream !== entry.stream) {
        reader = readerOf(memory, client, entry);
        client.last = reader;
      }
      take(reader, entry.chunk, entry.node, breach);
    },
    replaced: replace,
    restored(memory, { node, session, resumed }) {
      const client = memory.clients.get(node);
      if (client === undefined || (resumed && session === client.session)) return;
      client.session = session;
      client.readers.clear();
      client.last = null;
    },
  },
});

function take(reader: Reader, chunk: Chunk, node: NodeId, breach: Breach): void {
  const { content } = reader;
  if (content === null) return;
  const expected = content.chunks[reader.count];
  if (reader.own !== null) reader.own.push(chunk);
  else if (chunk !== expected && (expected === undefined || !sameChunk(chunk, expected)))
    reader.own = [...content.chunks.slice(0, reader.count), chunk];
  reader.count++;
  const part = content.parts[reader.part];
  if (chunk.start !== reader.end || part === undefined || chunk.part !== reader.part || chunk.end > part.end) {
    breach(misplaced(reader, chunk, content, node));
    // What follows is judged from where this chunk ends: one breach is enough.
    reader.end = chunk.end;
    reader.part = chunk.end < (content.parts[chunk.part]?.end ?? 0) ? chunk.part : chunk.part + 1;
    return;
  }
  reader.end = chunk.end;
  if (chunk.end < part.end) {
    if (chunk.fin) breach(`${held(node, reader)} ended in the middle of component ${nameOf(content, reader.part)}.`);
    return;
  }
  const wrong = reader.own === null ? verdictOn(content, part) : judgeBytes(assemble(content, reader.own, part), part);
  if (wrong !== '') breach(`${held(node, reader)} shows component ${part.name}, which ${wrong}.`);
  reader.part++;
  if (chunk.fin && reader.part < content.parts.length)
    breach(`${held(node, reader)} ended without component ${nameOf(content, reader.part)}.`);
}

/** A swap: what is there now is shown at once, component by component, as if it had come so. */
function replace(memory: Memory, entry: EntryOf<'replaced'>, breach: Breach): void {
  const client = memory.clients.get(entry.node);
  if (client === undefined) return;
  const { node, stream, epoch, chunks } = entry;
  const before = client.readers.get(stream);
  client.readers.delete(stream);
  client.last = null;
  const first = chunks[0];
  if (first === undefined) return;
  const reader = readerOf(memory, client, { stream, epoch, chunk: first });
  for (const chunk of chunks) take(reader, chunk, node, breach);
  if (before !== undefined && before.epoch === epoch && reader.part < before.part && before.content !== null)
    breach(
      `${held(node, reader)} was swapped for one without component ${nameOf(before.content, reader.part)}, which had been shown already.`,
    );
}

function misplaced(reader: Reader, chunk: Chunk, content: Content, node: NodeId): string {
  const what = held(node, reader);
  if (chunk.part !== reader.part && chunk.start === reader.end)
    return `${what} goes on with component ${nameOf(content, chunk.part)} where ${nameOf(content, reader.part)} belongs.`;
  if (chunk.part < reader.part)
    return `${what} brings component ${nameOf(content, chunk.part)} again, which had been shown already.`;
  if (chunk.part > reader.part)
    return `${what} goes on with component ${nameOf(content, chunk.part)} before ${nameOf(content, reader.part)} was complete.`;
  return `${what} goes on with byte ${chunk.start} of component ${nameOf(content, chunk.part)} behind byte ${reader.end}.`;
}

const held = (node: NodeId, { stream, epoch }: Reader): string => `${node}'s stream ${stream} (epoch ${epoch})`;
const nameOf = (content: Content, part: number): string => content.parts[part]?.name ?? `number ${part}`;

function readerOf(
  { documents }: Memory,
  client: Client,
  { stream, epoch, chunk }: Pick<EntryOf<'received'>, 'stream' | 'epoch' | 'chunk'>,
): Reader {
  let reader = client.readers.get(stream);
  if (reader === undefined) {
    const content = documents[chunk.content] ?? null;
    reader = { stream, epoch, content, number: chunk.content, count: 0, end: 0, part: 0, own: null };
    client.readers.set(stream, reader);
  }
  return reader;
}

/** What is wrong with a component whose chunks are the content's own: found out once a process, since contents are shared. */
function verdictOn(content: Content, part: Part): string {
  let verdicts = known.get(content.parts);
  if (verdicts === undefined) {
    verdicts = new Map();
    known.set(content.parts, verdicts);
  }
  let verdict = verdicts.get(part);
  if (verdict === undefined) {
    verdict = judgeBytes(assemble(content, content.chunks, part), part);
    verdicts.set(part, verdict);
  }
  return verdict;
}

const known = new WeakMap<readonly Part[], Map<Part, string>>();

/** The bytes of a component as these chunks bring them; null when a checksum does not fit. */
function assemble({ bytes }: Content, chunks: readonly Chunk[], { start, end }: Part): Uint8Array | null {
  const assembled = new Uint8Array(end - start);
  for (const chunk of chunks) {
    if (chunk.end <= start || chunk.start >= end) continue;
    if (checksum(bytes, chunk.start, chunk.end) !== chunk.sum) return null;
    assembled.set(
      bytes.subarray(Math.max(start, chunk.start), Math.min(end, chunk.end)),
      Math.max(0, chunk.start - start),
    );
  }
  return assembled;
}

function judgeBytes(bytes: Uint8Array | null, { kind, schema }: Part): string {
  if (bytes === null) return 'is not what its checksums say';
  if (kind !== 'json') return '';
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return 'is no JSON';
  }
  const wrong = schema === undefined ? null : schemaBreach(schema, value);
  return wrong === null ? '' : `does not satisfy its schema: ${wrong}`;
}
