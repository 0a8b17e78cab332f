/**
 * Which entries of a run are shown: those of some nodes, of a connection, of a stream, of a stretch of time. What is given
 * together must hold together, beside `--around` and `--why` as well.
 */
import type { Law } from '../../properties/laws/law.ts';
import { counted } from '../../src/count.ts';
import { clientOf } from '../../src/history.ts';
import { formatInstant, type Instant } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Scenario } from '../core/scenario.ts';
import { settingOf } from '../core/setting.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { worldOf } from '../core/worlds.ts';
import { Cast, connOf } from '../explain/cast.ts';
import { streamsIn } from '../explain/fate.ts';
import { UsageError } from './errors.ts';
import { unknownName } from './names.ts';
import { pointOf, type Window } from './window.ts';

export interface SelectionFlags {
  readonly node?: string;
  readonly conn?: string;
  readonly stream?: string;
  readonly from?: string;
  readonly to?: string;
}

/** So many names are listed. */
const LISTED = 12;

/** Null when nothing is chosen. Throws `UsageError` for what the run does not have, and says what it has. */
export function selectionOf(
  flags: SelectionFlags,
  scenario: Scenario,
  options: Parameters<typeof settingOf>[2],
  outcome: Outcome,
  history: readonly RecordedEntry[],
  laws: readonly Law[],
): Window | null {
  if (Object.values(chosen(flags)).length === 0) return null;
  const { world } = worldOf(scenario, settingOf(scenario, outcome.seed, { ...options, cell: outcome.cell }));
  const cast = new Cast(world, history);
  const nodes = flags.node === undefined ? null : nodesOf(flags.node, cast, history);
  const conn = flags.conn === undefined ? null : connectionOf(flags.conn, cast);
  const stream = flags.stream === undefined ? null : streamOf(flags.stream, history);
  const bound = (flag: '--from' | '--to', point: string | undefined): Bound | null =>
    point === undefined ? null : boundOf(flag, point, outcome, history, laws);
  const from = bound('--from', flags.from);
  const to = bound('--to', flags.to);
  if (from !== null && to !== null && isBefore(to, from))
    throw new UsageError(`--to: expected a point behind ${flags.from} of --from, got ${flags.to}`);
  return {
    shows(seen) {
      if (from !== null && isBefore(seen, from)) return false;
      if (to !== null && isBehind(seen, to)) return false;
      // A broken law is nobody's own.
      if (!('kind' in seen)) return true;
      if (nodes !== null && !nodes.has(seen.node) && !nodes.has(clientOf(seen.node))) return false;
      if (conn !== null && !isOn(seen, conn, cast)) return false;
      return stream === null || streamsIn(seen).includes(stream);
    },
    about: `shown: ${Object.entries(chosen(flags))
      .map(([flag, value]) => `--${flag} ${value}`)
      .join(' ')}`,
  };
}

/** What is left of a run under both. */
export function both(a: Window | null, b: Window | null): Window | null {
  if (a === null || b === null) return a ?? b;
  const { meanwhile } = a;
  return {
    shows: (seen) => a.shows(seen) && b.shows(seen),
    ...(meanwhile === undefined ? {} : { meanwhile }),
    about: `${a.about}; ${b.about.replace('shown: ', '')}`,
  };
}

/** In one line what there is, for who asked for what there is not: of each of the flags by itself. */
export function nothingShown(
  history: readonly RecordedEntry[],
  { ended, events }: Outcome,
  about: string,
  alone: readonly (readonly [flag: string, of: Window])[],
): string {
  const parts = alone.map(([flag, { shows }]) => {
    const found = history.filter(shows);
    const [first, last] = [found[0], found.at(-1)];
    return first === undefined || last === undefined
      ? `${flag}: nothing`
      : `${flag}: ${counted(found.length, 'entry', 'entries')}, #${first.event} at ${formatInstant(first.at)} to #${last.event} at ${formatInstant(last.at)}`;
  });
  const each = parts.length < 2 ? '' : `; by themselves ${parts.join('; ')}`;
  return `nothing of this run is ${about.replaceAll('shown: ', '')}${each}; the run has ${counted(history.length, 'entry', 'entries')} up to event #${events} at ${formatInstant(ended)}`;
}

/** Each of the flags that were given, by itself. */
export const eachOf = (flags: SelectionFlags): readonly (readonly [flag: string, alone: SelectionFlags])[] =>
  Object.entries(chosen(flags)).map(([flag, value]) => [`--${flag} ${value}`, { [flag]: value }]);

const chosen = ({ node, conn, stream, from, to }: SelectionFlags): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ node, conn, stream, from, to }).filter(([, value]) => value !== undefined),
  ) as Readonly<Record<string, string>>;

function nodesOf(text: string, cast: Cast, history: readonly RecordedEntry[]): ReadonlySet<string> {
  const known = [...new Set([...cast.nodes, ...history.map(({ node }) => node)])];
  const names = text.split(',').map((name) => name.trim());
  for (const name of names)
    if (!known.includes(name)) throw unknownName('--node: this run has no', name, known, `it has ${listed(known)}`);
  return new Set(names);
}

function connectionOf(name: string, cast: Cast): ConnId {
  const conn = cast.named(name);
  if (conn === undefined)
    throw unknownName(
      '--conn: nobody dials',
      name,
      cast.connections,
      cast.connections.length === 0 ? 'nobody dials in this run' : `there are ${listed(cast.connections)}`,
    );
  return conn;
}

function streamOf(name: string, history: readonly RecordedEntry[]): string {
  const streams = new Set<string>();
  for (const entry of history) for (const stream of streamsIn(entry)) streams.add(stream);
  if (!streams.has(name))
    throw unknownName(
      '--stream: this run has no',
      name,
      [...streams],
      streams.size === 0 ? 'it has no streams' : `it has ${listed([...streams])}`,
    );
  return name;
}

const isOn = (entry: RecordedEntry, conn: ConnId, cast: Cast): boolean => {
  const of = connOf(entry);
  // The half behind a balancer is asked for by its own name, or is part of the whole.
  return of !== null && (of === conn || cast.endOf(of) === conn);
};

/** By time, or by event: an instant holds many events, and an event is one of them. */
type Bound = { readonly at: Instant } | { readonly event: number };

function boundOf(
  flag: string,
  point: string,
  outcome: Outcome,
  history: readonly RecordedEntry[],
  laws: readonly Law[],
): Bound {
  const { moment, is } = pointOf(flag, point, outcome, history, laws);
  return is === 'event' ? { event: moment.event } : { at: moment.at };
}

type Placed = { readonly at: number; readonly event: number };

const isBefore = (seen: Placed | Bound, bound: Bound): boolean =>
  'event' in bound ? 'event' in seen && seen.event < bound.event : 'at' in seen && seen.at < bound.at;
const isBehind = (seen: Placed, bound: Bound): boolean =>
  'event' in bound ? seen.event > bound.event : seen.at > bound.at;

const listed = (names: readonly string[]): string =>
  names.length <= LISTED ? names.join(', ') : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;
