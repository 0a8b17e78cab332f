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

const NOBODY: Subject = { nodes: [], conns: [], streams: [], seqs: [], keys: [] };

export function affairOf(run: Recorded, { needed, each }: Guilt): Affair {
  const { history, breach, cast, fates } = run;
  const last = history.at(-1) as RecordedEntry;
  const { entry, score } = breach === null ? { entry: last, score: 0 } : entryOf(run, breach, last);
  const subject = breach === null ? NOBODY : subjectOf(breach.message, cast, history);
  const clients = clientsOf(run, subject, entry);
  const items: Item[] = clients.flatMap((client) => [
    ...subject.streams.map((stream) => ({ client, stream })),
    ...subject.keys.map((key) => ({ client, key })),
  ]);
  const isPresent =
    breach !== null &&
    entry.event === breach.event &&
    (items.length === 0 || score >= NAMES_IT || items.some((item) => fates.names(entry, item)));
  const guilty = [...needed, ...each];
  const faults = history.filter(
    (one) => one.kind === 'fault' && one.begins && guilty.includes(one.fault) && one.id <= entry.id,
  );
  const [waited] = items
    .map((item) => ({ item, news: lastNews(fates.of(item, entry.id), item) }))
    .sort((a, b) => (b.news?.id ?? 0) - (a.news?.id ?? 0));
  const news = isPresent ? null : (waited?.news ?? null);
  const from = Math.max(news?.id ?? 0, faults[0]?.id ?? 0);
  const since = history.filter(({ id }) => id > from && id <= entry.id);
  const repeats = repeatsIn(since, cast, run.kindOfWords);
  return { entry, subject, clients, isPresent, faults, item: waited?.item ?? null, news, repeats };
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

/**
 * The moment whose knowledge matters: what a client said first on the connection that it comes to, or on the first of those
 * that come and go again and again; null where that is when the law is judged.
 */
export function focusOf(run: Recorded, { entry, isPresent, news, faults, repeats }: Affair): RecordedEntry | null {
  const from = Math.max(faults[0]?.id ?? 0, news?.id ?? 0);
  const to = isPresent ? entry : (repeats.find(({ first }) => connOf(first) !== null)?.first ?? null);
  if (to === null) return null;
  const on = trailTo(to, run.history).findLast((each) => connOf(each) !== null) ?? to;
  const [hello] = run.greetings(connOf(on), to.id);
  return hello !== undefined && hello.id > from ? hello : null;
}
