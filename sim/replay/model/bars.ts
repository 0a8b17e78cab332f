/** What parties took their connections for, waits, and processes that were down or stood still. */

import { visible } from '../../../src/visible.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import { connectionsIn, type End } from './connections.ts';
import type { Lanes } from './lanes.ts';
import type { Bar, BarState, FaultSpan, Wait } from './model.ts';

interface Draft extends Omit<Bar, 'row'> {}

/** Shorter disagreements are what every end of a connection needs to cross. */
const HALF_US = 60_000;
/** So many bars stand below each other in a lane. */
const ROWS = 3;

export function barsOf(
  history: readonly RecordedEntry[],
  lanes: Lanes,
  faults: readonly FaultSpan[],
  ended: number,
): { readonly bars: readonly Bar[]; readonly waits: readonly Wait[] } {
  const drafts: Draft[] = [];
  const put = (
    lane: number,
    state: BarState,
    label: string,
    begins: number,
    ends: number,
    entry: number,
    half: Bar['half'] = [],
  ): void => {
    if (lane >= 0 && ends >= begins) drafts.push({ lane, state, label: visible(label), begins, ends, entry, half });
  };
  const names = namesIn(history);
  const upstream = upstreamsIn(history);
  for (const connection of connectionsIn(history).values())
    for (const end of connection.ends) {
      const lane = lanes.of(end.node);
      const over = end.ended ?? ended;
      const peer = connection.ends.find((other) => other !== end);
      const from = upstream.get(connection.conn);
      const name = from === undefined || end.dialled ? nameOf(names, connection.conn) : nameOf(names, from);
      const label = `${name}${end.dialled && peer !== undefined ? ` → ${peer.node}` : ''}`;
      if (end.opened === null) {
        if (end.dialled) put(lane, 'dialling', label, end.begins, over, end.entry);
        continue;
      }
      if (end.dialled && end.opened > end.begins) put(lane, 'dialling', '', end.begins, end.opened, end.entry);
      put(lane, 'open', label, end.opened, over, end.entry, halfOpen(end, peer, faults, ended));
    }
  const waits = waitsIn(history, lanes, ended);
  for (const { lane, begins, ends, entry } of waits) put(lane, 'wait', '', begins, ends, entry);
  for (const { node, state, label, begins, ends, entry } of standstills(history, ended))
    put(lanes.of(node), state, label, begins, ends, entry);
  return { bars: rowed(drafts), waits };
}

type Stretch = readonly [number, number];

/** When this end took it for open and the other did not, or nothing could cross. */
function halfOpen(end: End, peer: End | undefined, faults: readonly FaultSpan[], last: number): readonly Stretch[] {
  const [from, to] = [end.opened as number, end.ended ?? last];
  const shared: Stretch[] =
    peer === undefined || peer.opened === null ? [] : [[Math.max(from, peer.opened), Math.min(to, peer.ended ?? last)]];
  const cuts =
    peer === undefined ? [] : faults.filter((fault) => fault.happened && cutsBetween(fault, end.node, peer.node));
  let good = shared.filter(([a, b]) => b > a);
  for (const { begins, ends } of cuts)
    good = good.flatMap(([a, b]): Stretch[] =>
      ends <= a || begins >= b
        ? [[a, b]]
        : (
            [
              [a, Math.min(b, begins)],
              [Math.max(a, ends), b],
            ] as Stretch[]
          ).filter(([c, d]) => d > c),
    );
  const half: Stretch[] = [];
  let at = from;
  for (const [a, b] of [...good, [to, to] as Stretch]) {
    if (a - at > HALF_US) half.push([at, a]);
    at = Math.max(at, b);
  }
  return half;
}

/** Kinds that let nothing across, by what they are called in every world. */
const CUTS = new Set(['cut', 'offline', 'sleep', 'addressChange']);

const cutsBetween = ({ kind, target, between }: FaultSpan, a: string, b: string): boolean =>
  CUTS.has(kind) && (between === null ? target === a || target === b : between.includes(a) && between.includes(b));

/** Names of connections, counted as everywhere: `c1#3`. */
function namesIn(history: readonly RecordedEntry[]): ReadonlyMap<number, string> {
  const dials = new Map<string, number>();
  const names = new Map<number, string>();
  for (const entry of history)
    if (entry.kind === 'dialled') {
      const dial = (dials.get(entry.node) ?? 0) + 1;
      dials.set(entry.node, dial);
      names.set(entry.conn, `${entry.node}#${dial}`);
    }
  return names;
}
const nameOf = (names: ReadonlyMap<number, string>, conn: number): string => names.get(conn) ?? `#${conn}`;

/** Of a connection that a proxy dialled for another one, which one that was: its dial was led to by the other's handshake. */
function upstreamsIn(history: readonly RecordedEntry[]): ReadonlyMap<number, number> {
  const of = new Map<number, number>();
  for (const entry of history) {
    if (entry.kind !== 'dialled') continue;
    const cause = history[entry.cause - 1];
    if (cause?.kind === 'asked' && cause.node === entry.node) of.set(entry.conn, cause.conn);
  }
  return of;
}

function waitsIn(history: readonly RecordedEntry[], lanes: Lanes, ended: number): readonly Wait[] {
  const waits: Wait[] = [];
  const open = new Map<string, Map<string, number>>();
  const end = (node: string, key: string, at: number): void => {
    const index = open.get(node)?.get(key);
    if (index === undefined) return;
    open.get(node)?.delete(key);
    const wait = waits[index] as Wait;
    waits[index] = { ...wait, ends: Math.min(at, wait.ends) };
  };
  for (const [i, entry] of history.entries()) {
    if (entry.kind === 'timerSet') {
      const { node, at, until, least, most, attempt } = entry;
      const key = `${entry.timer} ${entry.key}`;
      end(node, key, at);
      const lane = lanes.of(node);
      if (lane < 0) continue;
      const mine = open.get(node) ?? new Map<string, number>();
      open.set(node, mine.set(key, waits.length));
      waits.push({ lane, begins: at, ends: Math.min(until, ended), until, entry: i, least, most, attempt });
    } else if (entry.kind === 'timerFired') end(entry.node, `${entry.timer} ${entry.key}`, entry.at);
    else if (entry.kind === 'dialled' || entry.kind === 'crashed' || entry.kind === 'reloaded')
      for (const key of [...(open.get(entry.node)?.keys() ?? [])]) end(entry.node, key, entry.at);
  }
  return waits;
}

/** Processes that were down, or stood still. */
function standstills(
  history: readonly RecordedEntry[],
  ended: number,
): readonly (Omit<Draft, 'lane' | 'half'> & { readonly node: string })[] {
  const all: (Omit<Draft, 'lane' | 'half'> & { readonly node: string })[] = [];
  const down = new Map<string, { at: number; entry: number; label: string }>();
  const still = new Map<string, { at: number; entry: number }>();
  const up = (node: string, at: number): void => {
    const began = down.get(node);
    down.delete(node);
    if (began !== undefined)
      all.push({ node, state: 'down', label: began.label, begins: began.at, ends: at, entry: began.entry });
  };
  for (const [i, entry] of history.entries()) {
    if (entry.kind === 'crashed' && !down.has(entry.node))
      down.set(entry.node, { at: entry.at, entry: i, label: entry.how === 'exit' ? 'exited' : 'crashed' });
    else if (entry.kind === 'restarted') up(entry.node, entry.at);
    else if (entry.kind === 'paused') {
      const began = still.get(entry.node);
      if (entry.begins) still.set(entry.node, { at: entry.at, entry: i });
      else if (began !== undefined) {
        still.delete(entry.node);
        all.push({
          node: entry.node,
          state: 'paused',
          label: 'stands still',
          begins: began.at,
          ends: entry.at,
          entry: began.entry,
        });
      }
    }
  }
  for (const node of [...down.keys()]) up(node, ended);
  for (const [node, { at, entry }] of still)
    all.push({ node, state: 'paused', label: 'stands still', begins: at, ends: ended, entry });
  return all;
}

/** Each bar in the first row of its lane that is free; what covers the whole lane stands in row 0. */
function rowed(drafts: readonly Draft[]): readonly Bar[] {
  const busy = new Map<number, number[]>();
  return [...drafts]
    .sort((a, b) => a.begins - b.begins || a.entry - b.entry)
    .map((draft) => {
      if (draft.state === 'down' || draft.state === 'paused') return { ...draft, row: 0 };
      const until = busy.get(draft.lane) ?? [];
      busy.set(draft.lane, until);
      let row = until.findIndex((at) => at <= draft.begins);
      if (row < 0) row = until.length < ROWS ? until.length : until.indexOf(Math.min(...until));
      until[row] = Math.max(until[row] ?? 0, draft.ends);
      return { ...draft, row };
    });
}
