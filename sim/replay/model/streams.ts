/**
 * Streams as sequence against time: what was made, sent, and handed over. Who made what a client was given is found by
 * the trail: one piece of each stream is followed back to where it was made.
 */
import { clientOf } from '../../../src/history.ts';
import { visible } from '../../../src/visible.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import type { Point, Stream } from './model.ts';

/** So many streams have a graph. */
const MOST = 24;
const DEEP = 400;

export function streamsOf(history: readonly RecordedEntry[]): readonly Stream[] {
  const received = new Map<string, { client: string; stream: string; points: Point[]; last: RecordedEntry }>();
  const produced = new Map<string, Point[]>();
  const madeBy = (entry: RecordedEntry & { readonly stream: unknown }): string =>
    `${entry.node} ${String((entry as { readonly session?: unknown }).session ?? '')} ${String(entry.stream)}`;
  for (const [i, entry] of history.entries()) {
    if (entry.kind === 'produced') {
      const key = madeBy(entry);
      const points = produced.get(key);
      if (points === undefined) produced.set(key, [[entry.at, entry.seq, i]]);
      else points.push([entry.at, entry.seq, i]);
    } else if (entry.kind === 'received') {
      const client = clientOf(entry.node);
      const key = `${client} ${entry.stream}`;
      const known = received.get(key);
      if (known === undefined)
        received.set(key, { client, stream: String(entry.stream), points: [[entry.at, entry.seq, i]], last: entry });
      else {
        known.points.push([entry.at, entry.seq, i]);
        known.last = entry;
      }
    }
  }
  const sent = sentTo(history);
  return [...received.values()].slice(0, MOST).map(({ client, stream, points, last }) => {
    const maker = makerOf(last, history);
    return {
      name: visible(`${client} reads stream ${stream}`),
      client: visible(client),
      produced: maker === null ? [] : (produced.get(madeBy(maker)) ?? []),
      sent: sent.get(`${client} ${stream}`) ?? [],
      received: points,
    };
  });
}

type Produced = RecordedEntry & { readonly kind: 'produced'; readonly stream: unknown };

/** What made the piece that was given, or null where no trail leads there. */
function makerOf(entry: RecordedEntry, history: readonly RecordedEntry[]): Produced | null {
  for (let at: RecordedEntry | undefined = entry, n = 0; at !== undefined && n < DEEP; at = history[at.cause - 1], n++)
    if (at.kind === 'produced') return at as Produced;
  // A replay was led to by whoever asked for it; then the piece of the same number is as good.
  const wanted = entry as { readonly stream?: unknown; readonly seq?: unknown };
  return (history.find(
    (each) => each.kind === 'produced' && each.stream === wanted.stream && each.seq === wanted.seq,
  ) ?? null) as Produced | null;
}

/** Numbered messages that arrived at, or were lost on their way to, each client's stream. */
function sentTo(history: readonly RecordedEntry[]): ReadonlyMap<string, Stream['sent'][number][]> {
  const all = new Map<string, [number, number, number, 0 | 1 | 2][]>();
  const most = new Map<string, number>();
  for (const entry of history) {
    if (entry.kind !== 'delivered' && entry.kind !== 'lost') continue;
    const { stream, seq } = (entry.payload ?? {}) as { readonly stream?: unknown; readonly seq?: unknown };
    const { type } = (entry.payload ?? {}) as { readonly type?: unknown };
    if (typeof seq !== 'number' || stream === undefined || /ack/i.test(String(type))) continue;
    const sender = history[entry.cause - 1];
    if (sender?.kind !== 'sent') continue;
    const client = clientOf(entry.kind === 'lost' ? entry.to : entry.node);
    const key = `${client} ${String(stream)}`;
    const before = most.get(key) ?? 0;
    if (seq > before) most.set(key, seq);
    const how = entry.kind === 'lost' ? 2 : seq <= before ? 1 : 0;
    const point: [number, number, number, 0 | 1 | 2] = [sender.at, seq, sender.id - 1, how];
    const points = all.get(key);
    if (points === undefined) all.set(key, [point]);
    else points.push(point);
  }
  for (const points of all.values()) points.sort((a, b) => a[0] - b[0]);
  return all;
}
