/**
 * Where two runs part: the first thing that somebody says, does or is told in one of them and not in the other.
 *
 * Two runs of which one has a fault more are never alike again: everything comes a little sooner or later. So time is not
 * compared. What each node says of each sort, of each stream, is a list of its own, and two runs part where the first of
 * these lists do. What only says how often something was due (timers, beats, acknowledgements) is left out.
 */
import type { Entry } from '../../src/history.ts';
import type { Protocol } from '../core/protocol.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { BULKY } from './bulk.ts';
import type { Cast } from './cast.ts';
import { wordsIn } from './fold.ts';
import { textOf } from './lines.ts';

/** One run of two. */
export interface Side {
  readonly history: readonly RecordedEntry[];
  readonly cast: Cast;
}

export interface Parting {
  /** What happens in the first run, and what in its place in the second; null: nothing of that sort any more. */
  readonly here: RecordedEntry | null;
  readonly there: RecordedEntry | null;
}

/** The first parting; null for two runs in which the same is said and done. */
export function partingOf(here: Side, there: Side, protocol: Pick<Protocol, 'vocabulary'> | undefined): Parting | null {
  const mine = topicsOf(here, protocol);
  const others = topicsOf(there, protocol);
  let first: Parting | null = null;
  for (const topic of new Set([...mine.keys(), ...others.keys()])) {
    const parting = partingIn(mine.get(topic) ?? [], others.get(topic) ?? []);
    if (parting !== null && (first === null || isBefore(parting, first))) first = parting;
  }
  return first;
}

interface Said {
  readonly entry: RecordedEntry;
  readonly text: string;
}

function partingIn(mine: readonly Said[], others: readonly Said[]): Parting | null {
  let at = 0;
  while (at < mine.length && mine[at]?.text === others[at]?.text) at++;
  if (at === mine.length && at === others.length) return null;
  return { here: mine[at]?.entry ?? null, there: others[at]?.entry ?? null };
}

function isBefore(a: Parting, b: Parting): boolean {
  const [x, y] = [momentOf(a), momentOf(b)];
  return x.at < y.at || (x.at === y.at && x.event < y.event);
}

/** When it shows: what is missing is missed when the other run has it. */
export function momentOf({ here, there }: Parting): { readonly at: number; readonly event: number } {
  if (here === null || there === null) return (here ?? there) as RecordedEntry;
  return here.at <= there.at ? here : there;
}

/** Kinds that only say when, or whose course the fault itself changes. */
export const TIMING = new Set('timerSet timerFired fault healed rest lost clock throttled held'.split(' '));

function topicsOf(
  { history, cast }: Side,
  protocol: Pick<Protocol, 'vocabulary'> | undefined,
): ReadonlyMap<string, readonly Said[]> {
  const topics = new Map<string, Said[]>();
  const lineFor = wordsIn(history, protocol, () => '');
  for (const entry of history) {
    if (TIMING.has(entry.kind) || cast.isBetween(entry.node)) continue;
    const line = lineFor(entry);
    // A number that stands by itself counts beats or says how far somebody is; it counts where it numbers what is streamed.
    if (line.number !== null && !BULKY(entry, protocol)) continue;
    const text = textOf(line);
    if ('payload' in entry && entry.payload instanceof Uint8Array && !SPOKEN.test(text)) continue;
    const topic = `${entry.node} ${entry.kind} ${typeOf(entry)} ${'stream' in entry ? entry.stream : ''} ${onOf(entry, cast)}`;
    // How many bytes came at once is luck.
    const said = { entry, text: text.replace(/\d+ bytes?/, '') };
    const others = topics.get(topic);
    if (others === undefined) topics.set(topic, [said]);
    else others.push(said);
  }
  return topics;
}

/** Bytes that say something whole, and no heartbeat. */
const SPOKEN = /: (?!ping|pong|part of)/;

/** On which connection a message is. */
const onOf = (entry: Entry, cast: Cast): string => ('payload' in entry ? cast.nameOf(entry.conn) : '');

const typeOf = (entry: Entry): string => {
  if (!('payload' in entry) || typeof entry.payload !== 'object' || entry.payload === null) return '';
  const { type = '', stream = '' } = entry.payload as { readonly type?: unknown; readonly stream?: unknown };
  return `${String(type)} ${String(stream)}`;
};
