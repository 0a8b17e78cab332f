/** Connections as history shows them: who dialled, who took it, and what each end took it for, from when until when. */
import type { RecordedEntry } from '../../core/trail.ts';

export interface End {
  readonly node: string;
  readonly dialled: boolean;
  /** When the attempt began at this end, and in which row. */
  readonly begins: number;
  readonly entry: number;
  /** When it was open here; null as long as it is not. */
  opened: number | null;
  /** When it was over here; null as long as it is not. */
  ended: number | null;
}

export interface Connection {
  readonly conn: number;
  readonly ends: End[];
}

/** All connections, and what processes did: a process that dies takes its ends with it. */
export function connectionsIn(history: readonly RecordedEntry[]): ReadonlyMap<number, Connection> {
  const all = new Map<number, Connection>();
  const living = new Map<string, Set<End>>();
  const begin = (entry: RecordedEntry & { readonly conn: number }, dialled: boolean, opened: number | null): void => {
    const of = all.get(entry.conn) ?? { conn: entry.conn, ends: [] };
    const known = of.ends.find(({ node }) => node === entry.node);
    if (known !== undefined) {
      known.opened ??= opened;
      return;
    }
    const end: End = { node: entry.node, dialled, begins: entry.at, entry: entry.id - 1, opened, ended: null };
    of.ends.push(end);
    all.set(entry.conn, of);
    living.set(entry.node, (living.get(entry.node) ?? new Set()).add(end));
  };
  const over = (end: End | undefined, at: number): void => {
    if (end === undefined) return;
    end.ended ??= at;
    living.get(end.node)?.delete(end);
  };
  const endOf = (conn: number, node: string): End | undefined => all.get(conn)?.ends.find((end) => end.node === node);
  for (const entry of history)
    switch (entry.kind) {
      case 'dialled':
        begin(entry, true, null);
        break;
      case 'asked':
        begin(entry, false, null);
        break;
      case 'opened': {
        const end = endOf(entry.conn, entry.node);
        if (end !== undefined) end.opened ??= entry.at;
        break;
      }
      case 'accepted':
        begin(entry, false, entry.at);
        break;
      case 'refused':
      case 'hungUp':
      case 'closed':
        over(endOf(entry.conn, entry.node), entry.at);
        break;
      case 'crashed':
      case 'reloaded':
        for (const end of [...(living.get(entry.node) ?? [])]) over(end, entry.at);
        break;
      default:
    }
  return all;
}
