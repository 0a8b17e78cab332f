/**
 * What became of something: of a piece of a stream, of a request, of a connection. Whoever waits for it asks who had it last
 * and what happened to it then; every entry that names it is a step of its way.
 */
import type { Entry, StreamId } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import type { ConnId } from '../../src/transport.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { type Cast, connOf } from './cast.ts';

/** A name for it in a sentence. */
export const itemNamed = ({ client, stream, key, conn }: Item, nameOf: (conn: ConnId) => string): string =>
  key !== undefined
    ? `send ${key}`
    : stream !== undefined
      ? `stream ${stream}`
      : conn !== undefined
        ? nameOf(conn)
        : client;

/** Whose: streams and keys are named anew for every client. */
export interface Item {
  readonly client: NodeId;
  readonly stream?: StreamId;
  readonly seq?: number;
  readonly key?: string;
  readonly conn?: ConnId;
}

export class Fates {
  readonly #history: readonly RecordedEntry[];
  readonly #cast: Cast;
  /** Sessions of each client, where the protocol has such a thing. */
  readonly #sessions = new Map<NodeId, Set<unknown>>();

  constructor(history: readonly RecordedEntry[], cast: Cast) {
    this.#history = history;
    this.#cast = cast;
    for (const entry of history) {
      const { session } = entry as { readonly session?: unknown };
      if (session === undefined || !cast.isClient(entry.node)) continue;
      const own = this.#sessions.get(entry.node);
      if (own === undefined) this.#sessions.set(entry.node, new Set([session]));
      else own.add(session);
    }
  }

  /** Everything that was seen of an item, until an entry. */
  of(item: Item, until: number): readonly RecordedEntry[] {
    return this.#history.filter((entry) => entry.id <= until && this.names(entry, item));
  }

  /** Whether an entry is about that item of that client. */
  names(entry: Entry, item: Item): boolean {
    if (item.conn !== undefined) {
      const conn = connOf(entry);
      return conn !== null && this.#cast.endOf(conn) === this.#cast.endOf(item.conn);
    }
    if (!this.#concerns(entry, item.client)) return false;
    // The client itself: whatever it does.
    if (item.key === undefined && item.stream === undefined) return entry.node === item.client;
    if (item.key !== undefined) return fieldOf(entry, 'key') === item.key;
    if (fieldOf(entry, 'stream') !== item.stream) return false;
    return item.seq === undefined || fieldOf(entry, 'seq') === item.seq;
  }

  #concerns(entry: Entry, client: NodeId): boolean {
    if (entry.node === client) return true;
    const conn = connOf(entry);
    if (conn !== null) return this.#cast.diallerOf(conn) === client;
    const { session, client: of } = entry as { readonly session?: unknown; readonly client?: unknown };
    if (typeof of === 'string' && of !== '') return of === client;
    const own = this.#sessions.get(client);
    return session === undefined ? !this.#cast.isClient(entry.node) : own?.has(session) === true;
  }
}

/** A field of an entry, or of the message that it is about. */
export function fieldOf(entry: Entry, name: string): unknown {
  const own = (entry as unknown as Readonly<Record<string, unknown>>)[name];
  if (own !== undefined) return own;
  const { payload } = entry as { readonly payload?: unknown };
  return typeof payload === 'object' && payload !== null
    ? (payload as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Streams that an entry names: its own, that of its message, or those of the lists in that (the cursors of a HELLO). */
export function streamsIn(entry: Entry): readonly string[] {
  const found: string[] = [];
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    const { stream } = value as { readonly stream?: unknown };
    if (typeof stream === 'number' || typeof stream === 'string') found.push(String(stream));
    if (depth < DEEPEST) for (const inner of Object.values(value)) look(inner, depth + 1);
  };
  look('payload' in entry ? entry.payload : entry, 'payload' in entry ? 0 : DEEPEST);
  return found;
}
/** A cursor stands in a list of an object of its message. */
const DEEPEST = 3;

/** What goes on by itself, whatever becomes of a connection or a client; heartbeats are messages. */
const IDLE = new Set('timerFired timerSet sent delivered lost healed held rest'.split(' '));

/** Kinds by which an application is given a piece of a stream. */
const GIVEN = new Set(['received', 'read', 'replaced']);

/**
 * The last entry by which an item came any further: for a stream, the last piece that its client was given; for a request,
 * the last that was said of it for the first time; for a connection or a client, the last that it did besides talking.
 */
export function lastNews(steps: readonly RecordedEntry[], { client, key, stream }: Item): RecordedEntry | null {
  if (key === undefined && stream === undefined) return steps.findLast(({ kind }) => !IDLE.has(kind)) ?? null;
  if (key === undefined) return steps.findLast(({ kind, node }) => GIVEN.has(kind) && node === client) ?? null;
  const seen = new Set<string>();
  let last: RecordedEntry | null = null;
  for (const step of steps) {
    const sort = `${step.node} ${step.kind} ${String(fieldOf(step, 'type'))} ${String(fieldOf(step, 'outcome'))}`;
    if (seen.has(sort)) continue;
    seen.add(sort);
    last = step;
  }
  return last;
}
