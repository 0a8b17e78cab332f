/** What the laws of delivery have in common: keys that were asked under, and pieces that are items. */
import { counted } from '../../../src/count.ts';
import type { Facts } from '../../../src/facts.ts';
import type { EntryOf, Handlers } from '../../../src/history.ts';
import { formatInstant } from '../../../src/time.ts';
import type { Breach, Ending } from '../law.ts';
import { Items, itemKey } from './items.ts';
import { Requests } from './requests.ts';
import { keyNamed, shownPiece, streamNamed } from './say.ts';

export interface Memory {
  readonly requests: Requests;
  readonly items: Items;
  /** The order of pieces is promised. */
  readonly ordered: boolean;
}

export const remember = (facts: Facts): Memory => ({
  requests: new Requests(facts),
  items: new Items(facts),
  ordered: facts.promises?.order === 'per-stream',
});

/** What is asked for, and when nobody waits for it any more. */
export const REQUESTS = {
  submitted: ({ requests }, entry) => requests.submitted(entry),
  settled: ({ requests }, entry) => requests.settled(entry),
  intent({ requests }, { node, intent }) {
    if (intent === 'leave') requests.leave(node);
  },
} as const satisfies Handlers<Memory, Breach>;

/** What is written, and when somebody begins to read anew. */
export const PIECES = {
  wrote: ({ items }, entry) => items.wrote(entry),
  replaced: ({ items }, entry) => items.replaced(entry),
  reloaded({ items, requests }, { node, kept }) {
    items.reloaded(node, kept);
    if (!kept) requests.leave(node);
  },
  restarted: ({ items }, { node }) => items.reloaded(node, true),
} as const satisfies Handlers<Memory, Breach>;

/** Something took effect: not twice, and not unasked. */
export function judgeDeed({ requests }: Memory, entry: EntryOf<'performed'>, breach: Breach): void {
  const wrong = requests.performed(entry);
  if (wrong !== null) breach(wrong);
}

/** Whether what is read was written, as a piece of its own. */
export function judgeWritten({ items }: Memory, { node, stream, value }: EntryOf<'read'>, breach: Breach): boolean {
  if (items.shelves.get(stream)?.byKey.has(itemKey(value)) === true) return true;
  breach(
    `${node} was given ${shownPiece(value)} of ${streamNamed(stream)}, and nobody had written such a piece; where less than exactly once and in order is promised, pieces are read as they were written.`,
  );
  return false;
}

/** What is read is not read more often than it was written. */
export function judgeRepeat(memory: Memory, entry: EntryOf<'read'>, breach: Breach): void {
  if (!judgeWritten(memory, entry, breach)) return;
  const { node, stream, value } = entry;
  const key = itemKey(value);
  const { counts } = memory.items.readingOf(node, stream);
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  const written = memory.items.shelfOf(stream).byKey.get(key)?.length ?? 0;
  if (count > written)
    breach(
      `${node} was given ${shownPiece(value)} of ${streamNamed(stream)} ${counted(count, 'time')}; it was written ${written === 1 ? 'once' : counted(written, 'time')}.`,
    );
}

/** Nothing is left that could answer what was asked for. */
export function judgeOpen({ requests }: Memory, breach: Breach, { complete }: Ending): void {
  if (!complete) return;
  for (const [client, key, { at }] of requests.open()) {
    breach(
      `${client} asked for ${keyNamed(key)} at ${formatInstant(at)}; the run came to rest, and it neither took effect nor was ${client} told that it did not.`,
    );
    return;
  }
}
