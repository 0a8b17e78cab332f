/**
 * What a breach is about, and where it stands. Something happened that must not: it stands at the entry that broke the law.
 * Or something that must happen did not: a law notices at some deadline, and it stands where what is waited for came no
 * further.
 */
import type { NodeId } from '../../src/machine.ts';
import type { BreachReport } from '../core/outcome.ts';
import { type RecordedEntry, trailTo } from '../core/trail.ts';
import { connOf } from './cast.ts';
import { type Item, lastNews } from './fate.ts';
import type { Guilt } from './guilt.ts';
import type { Recorded } from './recorded.ts';
import { type Repeat, repeatsIn } from './repeats.ts';
import { type Subject, subjectOf } from './subject.ts';

export interface Affair {
  /** The entry that broke the law, or the last before it was judged. */
  readonly entry: RecordedEntry;
  readonly subject: Subject;
  /** Whose affair it is. */
  readonly clients: readonly NodeId[];
  /** Something happened that must not; false: something did not happen that must. */
  readonly isPresent: boolean;
  /** Where the guilty faults begin. */
  readonly faults: readonly RecordedEntry[];
  /** What is waited for, and the last that came of it. */
  readonly item: Item | null;
  readonly news: RecordedEntry | null;
  /** What is done again and again since then. */
  readonly repeats: readonly Repeat[];
}

/** So many words of an entry stand in the sentence of the breach that it broke. */
const NAMES_IT = 3;

/** What each is about has a name of its own, and many of them are no repetition. */
const NAMED_ONE_BY_ONE = new Set(['submitted', 'settled', 'performed']);

const NOBODY: Subject = { nodes: [], conns: [], streams: [], seqs: [], keys: [] };

export function affairOf(run: Recorded, { enough }: Pick<Guilt, 'enough'> = { enough: [] }): Affair {
  const { history, breach, cast, fates } = run;
  const last = history.at(-1) as RecordedEntry;
  const { entry, score } = breach === null ? { entry: last, score: 0 } : entryOf(run, breach, last);
  const subject = breach === null ? NOBODY : subjectOf(breach.message, cast, history);
  const clients = clientsOf(run, subject, entry);
  const named: Item[] = clients.flatMap((client) => [
    ...subject.streams.map((stream) => ({ client, stream })),
    ...subject.keys.map((key) => ({ client, key })),
  ]);
  // Who waits for nothing that has a name waits for a connection.
  const others = (): Item[] =>
    subject.conns.length > 0 && clients[0] !== undefined
      ? subject.conns.map((conn) => ({ client: clients[0] as NodeId, conn }))
      : clients.map((client) => ({ client }));
  const items = named.length > 0 ? named : others();
  const hasIt =
    breach !== null &&
    entry.event === breach.event &&
    (score >= NAMES_IT ||
      (named.length > 0 ? items : []).some((item) => fates.names(entry, item)) ||
      isOf(entry, subject, run));
  const faults = history.filter(
    (one) => one.kind === 'fault' && one.begins && enough.includes(one.fault) && one.id <= entry.id,
  );
  const [waited] = items
    .map((item) => ({ item, news: lastNews(fates.of(item, entry.id), item) }))
    .sort((a, b) => (b.news?.id ?? 0) - (a.news?.id ?? 0));
  const came = waited?.news ?? null;
  // What came last is what broke it.
  const isPresent = hasIt || (breach !== null && came?.event === breach.event);
  const news = isPresent ? null : came;
  const from = Math.max(news?.id ?? 0, faults[0]?.id ?? 0);
  const since = history.filter(({ id }) => id > from && id <= entry.id);
  const repeats = repeatsIn(
    since,
    cast,
    (each) => (NAMED_ONE_BY_ONE.has(each.kind) ? run.words(each) : run.kindOfWords(each)),
    breach === null,
  );
  return { entry, subject, clients, isPresent, faults, item: waited?.item ?? null, news, repeats };
}

/** Whether an entry is on a connection that the sentence names, or of a server or service that it names and no client. */
function isOf(entry: RecordedEntry, { nodes, conns }: Subject, { cast }: Recorded): boolean {
  const conn = connOf(entry);
  if (conn !== null && conns.some((each) => cast.endOf(each) === cast.endOf(conn))) return entry.kind !== 'timerFired';
  return conns.length === 0 && nodes.includes(entry.node) && !cast.isClient(entry.node);
}

/** The entry that broke the law: of those in its event that the law looks at, the one that the sentence is about. */
function entryOf(
  { history, laws, words }: Recorded,
  breach: BreachReport,
  last: RecordedEntry,
): { readonly entry: RecordedEntry; readonly score: number } {
  const looksAt = new Set(Object.keys(laws.find(({ name }) => name === breach.law)?.on ?? {}));
  const candidates = history.filter((entry) => {
    if (entry.event !== breach.event) return false;
    const type = 'payload' in entry ? (entry.payload as { type?: unknown } | null)?.type : undefined;
    return looksAt.has(entry.kind) || looksAt.has(`${entry.kind} ${String(type)}`);
  });
  const said = wordsOf(breach.message);
  const score = (entry: RecordedEntry): number =>
    [...wordsOf(`${entry.node} ${words(entry)}`)].filter((word) => said.has(word)).length;
  let best: RecordedEntry | null = null;
  for (const entry of candidates) if (best === null || score(entry) >= score(best)) best = entry;
  return best === null ? { entry: last, score: 0 } : { entry: best, score: score(best) };
}

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(text.split(/[^\w#~.-]+/).map((word) => word.replace(/\.+$/, '')));

function clientsOf({ cast }: Recorded, { nodes }: Subject, entry: RecordedEntry): readonly NodeId[] {
  const named = nodes.filter((node) => cast.isClient(node));
  if (named.length > 0) return named.slice(0, 2);
  const conn = connOf(entry);
  const dialler = conn === null ? undefined : cast.diallerOf(conn);
  if (dialler !== undefined && cast.isClient(dialler)) return [dialler];
  if (cast.isClient(entry.node)) return [entry.node];
  return cast.nodes.filter((node) => cast.isClient(node)).slice(0, 1);
}

/** Where it stands: the breach itself, or what came last of what is missed and what is done about it since. */
export const standsAt = ({ isPresent, entry, news, repeats }: Affair): number =>
  isPresent || news === null ? entry.at : Math.max(news.at, repeats[0]?.first.at ?? 0);

/**
 * The event behind which it matters what everybody knows. Of something that happened: what was said first on its connection, or
 * what came right before it. Of something that is missed: what came right before what is done again and again since, or the
 * last that those did whose affair it is.
 */
export function focusOf(run: Recorded, affair: Affair): number {
  const { entry, isPresent, news, faults, repeats } = affair;
  if (!isPresent) {
    const again = repeats.find(({ first }) => connOf(first) !== null)?.first;
    if (again !== undefined) return Math.max(1, again.event - 1);
    return (lastMoves(run, affair).at(-1) ?? news ?? run.end).event;
  }
  const on = trailTo(entry, run.history).findLast((each) => connOf(each) !== null) ?? entry;
  const [hello] = run.greetings(connOf(on), entry.id);
  // Where nothing went wrong before, nobody had anything to find out anew.
  const isNew = hello !== undefined && faults[0] !== undefined && hello.id > faults[0].id;
  return isNew ? hello.event : Math.max(1, entry.event - 1);
}

/** So long after its last news, and after the last fault, somebody has done all that they will do about it. */
const SETTLED_US = 30_000_000;

/**
 * What those whose affair it is did since the last news, besides what is routine: until everything should have settled, because
 * a run that came to no end goes on with heartbeats for a day.
 */
export function lastMoves(run: Recorded, { clients, news, entry }: Affair): readonly RecordedEntry[] {
  if (news === null) return [];
  const healed = run.history.findLast(({ kind }) => kind === 'healed')?.at ?? 0;
  const until = Math.max(healed, news.at) + SETTLED_US;
  return run.history.filter(
    (each) =>
      each.id > news.id &&
      each.id < entry.id &&
      each.at <= until &&
      clients.includes(each.node) &&
      each.kind !== 'timerFired' &&
      each.kind !== 'healed' &&
      run.kindOfWords(each) !== null,
  );
}
