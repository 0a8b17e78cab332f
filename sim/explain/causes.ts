/**
 * The chain of causes behind an entry, as far as a reader needs it: what a balancer only passes on is left out, and so is
 * that a message arrived which was sent a moment before; what repeats itself stands once, with its count.
 */
import { formatDuration } from '../../src/time.ts';
import { type RecordedEntry, trailTo } from '../core/trail.ts';
import type { Cast } from './cast.ts';

/** A message that takes longer says so. */
const SLOW_US = 1_000_000;

/** One link of the chain; `note` is what is said besides. */
export interface Link {
  readonly entry: RecordedEntry;
  readonly note: string;
}

/** From the beginning of an affair to an entry; nothing that happened before the entry of number `from`. */
export function causesOf(
  entry: RecordedEntry,
  history: readonly RecordedEntry[],
  cast: Cast,
  from = 0,
): readonly Link[] {
  return told(
    trailTo(entry, history).filter(({ id }) => id >= from),
    history,
    cast,
    entry,
  );
}

/** Entries in the order of the run, without what says nothing to a reader. */
export function told(
  entries: readonly RecordedEntry[],
  history: readonly RecordedEntry[],
  cast: Cast,
  keep: RecordedEntry | null,
): readonly Link[] {
  const links: Link[] = [];
  const own = entries.filter((entry) => entry === keep || !passesOn(entry, cast, history));
  for (const [i, entry] of own.entries()) {
    const before = own[i - 1];
    if (entry !== keep && isImplied(entry, before, own[i + 1], cast)) continue;
    links.push({ entry, note: '' });
    if (entry.kind === 'delivered' && before?.kind === 'sent' && entry.at - before.at >= SLOW_US)
      links[links.length - 1] = { entry, note: ` ${formatDuration(entry.at - before.at)} after it was sent` };
  }
  return links;
}

const PASSED = new Set('sent delivered asked accepted dialled opened closed hungUp lost'.split(' '));

/** Whether a balancer, or a link, only does for others what they do. A refusal, and an end that it decides on, are its own. */
function passesOn(entry: RecordedEntry, cast: Cast, history: readonly RecordedEntry[]): boolean {
  if (!cast.isBetween(entry.node)) return false;
  if (entry.kind === 'hungUp') {
    return history[entry.cause - 1]?.kind !== 'timerFired';
  }
  if (entry.kind === 'lost') return !cast.isLink(entry.node);
  return PASSED.has(entry.kind) || entry.kind === 'timerFired';
}

const DECIDED = new Set('hungUp closed told dialled refused'.split(' '));

const isParty = ({ node }: RecordedEntry, cast: Cast): boolean => ['client', 'server'].includes(cast.role(node) ?? '');

/** What the entry beside it says already. */
function isImplied(
  entry: RecordedEntry,
  before: RecordedEntry | undefined,
  next: RecordedEntry | undefined,
  cast: Cast,
): boolean {
  switch (entry.kind) {
    // It was sent: that it came is no news, unless that took long.
    case 'delivered':
      return before?.kind === 'sent' && before.payload === entry.payload && entry.at - before.at < SLOW_US;
    case 'timerFired':
      // A wait that is over, and the clockwork of services. Why somebody hangs up, or dials, is worth a line.
      return (
        before?.kind === 'timerSet' ||
        next === undefined ||
        !DECIDED.has(next.kind) ||
        next.event !== entry.event ||
        !isParty(entry, cast)
      );
    case 'asked':
    case 'accepted':
      return true;
    case 'opened':
      return next?.kind === 'sent';
    default:
      return false;
  }
}
