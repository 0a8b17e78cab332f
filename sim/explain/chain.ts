/**
 * How it came to a breach, in the order of the run: the guilty faults, the causes of the entry that broke the law, what was
 * said first on its connection, and the way of the piece or the request that is missing. There is room for a few lines, so
 * each has a weight, and the least go.
 */
import { counted } from '../../src/count.ts';
import { formatDuration, formatInstant } from '../../src/time.ts';
import type { RecordedEntry } from '../core/trail.ts';
import { type Affair, lastMoves } from './affair.ts';
import { connOf } from './cast.ts';
import { causesOf, told } from './causes.ts';
import { cyclesIn } from './cycles.ts';
import { itemNamed } from './fate.ts';
import type { Recorded } from './recorded.ts';

export interface ChainLine {
  readonly at: number;
  readonly event: number;
  readonly who: string;
  readonly text: string;
}

/** So many faults begin the chain. */
const FAULTS = 2;
/** So many of the last steps of a way, and of the last causes, weigh more than what came before. */
const LAST = 4;

const WEIGHT = { cause: 2, fate: 7, near: 5, greeting: 6, news: 8, fault: 9, breach: 10 } as const;

/** At most so many lines. */
export function chainOf(run: Recorded, affair: Affair, most: number): readonly ChainLine[] {
  const { entry, isPresent, news, item } = affair;
  const weights = weighed(run, affair);
  const inOrder = [...weights.keys()].sort((a, b) => a.id - b.id);
  const links = told(inOrder, run.history, run.cast, isPresent ? entry : null);
  const folded = cyclesIn(
    links,
    (link) => `${link.entry.node} ${run.words(link.entry)}`,
    (link) => `${link.entry.node} ${run.kindOfWords(link.entry) ?? run.words(link.entry)}`,
  );
  const room = isPresent ? most : most - 1;
  const least = new Set(
    [...folded]
      .sort((a, b) => (weights.get(a.of.entry) ?? 0) - (weights.get(b.of.entry) ?? 0) || a.of.entry.id - b.of.entry.id)
      .slice(0, Math.max(0, folded.length - room)),
  );
  const lines = folded
    .filter((each) => !least.has(each))
    .map(({ of, times, last }): ChainLine => {
      const again = times > 1 ? ` (${counted(times, 'time')}, until ${formatInstant(last.entry.at)})` : '';
      const { at, event, node: who } = of.entry;
      return { at, event, who, text: `${run.words(of.entry)}${of.note}${again}` };
    });
  if (isPresent) return lines;
  const of = item === null ? '' : ` of ${itemNamed(item, run.cast.nameOf)}`;
  const then = run.breach === null ? 'here the run is ended' : 'here the law is judged';
  const long = news === null ? '' : `nothing more comes${of} for ${formatDuration(run.end.at - news.at)}: `;
  return [...lines, { at: run.end.at, event: run.end.event, who: '', text: `${long}${then}` }];
}

function weighed(run: Recorded, affair: Affair): ReadonlyMap<RecordedEntry, number> {
  const { entry, isPresent, news, faults, repeats, clients } = affair;
  const { history, cast } = run;
  const weights = new Map<RecordedEntry, number>();
  const put = (entries: readonly RecordedEntry[], weight: number): void => {
    for (const each of entries) weights.set(each, Math.max(weight, weights.get(each) ?? 0));
  };
  const from = faults[0]?.id ?? 0;
  const [loud] = isPresent ? [] : repeats;
  // A fault behind what it came to is not why.
  const moves = loud === undefined ? lastMoves(run, affair) : [];
  const stands = isPresent ? entry : (loud?.first ?? moves.at(-1) ?? news ?? entry);
  put(faults.filter(({ id }) => id <= stands.id).slice(0, FAULTS), WEIGHT.fault);
  if (news !== null) put([news], WEIGHT.news);
  const to = isPresent || (news === null && loud === undefined) ? entry : (loud?.first ?? null);
  if (to !== null) {
    const causes = causesOf(to, history, cast, from).map((link) => link.entry);
    put(causes, WEIGHT.cause);
    put(causes.slice(-LAST), WEIGHT.near);
    const on = causes.findLast((each) => connOf(each) !== null) ?? to;
    put(run.greetings(connOf(on), (loud?.last ?? to).id), WEIGHT.greeting);
  } else {
    const dial = history.findLast(
      ({ id, kind, node }) => id <= entry.id && kind === 'dialled' && clients.includes(node),
    );
    if (dial !== undefined) put(run.greetings(connOf(dial), entry.id), WEIGHT.near);
  }
  put(moves.slice(-LAST), WEIGHT.near);
  // What an application, or a device, tells its client is why that does something else.
  put(moves.filter(({ kind }) => kind === 'intent').slice(-LAST), WEIGHT.fate);
  put(fateOf(run, affair).slice(-LAST), WEIGHT.fate);
  if (isPresent) put([entry], WEIGHT.breach);
  return weights;
}

/** The way of the piece that is missing, or of the request that is not answered. */
function fateOf(
  { fates, history, cast }: Recorded,
  { item, news, subject, isPresent, entry }: Affair,
): readonly RecordedEntry[] {
  if (item === null) return [];
  if (item.key === undefined && item.stream === undefined)
    return item.conn === undefined
      ? []
      : told(
          fates.of(item, entry.id).filter(({ kind }) => kind !== 'sent' && kind !== 'delivered'),
          history,
          cast,
          null,
        ).map((link) => link.entry);
  const next = news !== null && 'seq' in news ? (news.seq as number) + 1 : undefined;
  const seq = isPresent ? subject.seqs[0] : next;
  if (item.key === undefined && seq === undefined) return [];
  const steps = fates.of(item.key === undefined && seq !== undefined ? { ...item, seq } : item, entry.id);
  return told(steps, history, cast, null).map((link) => link.entry);
}
