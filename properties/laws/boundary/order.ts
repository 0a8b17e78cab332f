/**
 * Law: order. Pieces of a stream are read in the order in which they were written there.
 *
 * It is judged where pieces may be missing or come again, so that the law of prefix is not: a piece that is read for the
 * first time was written behind all that were read before. One that comes again breaks no order, whenever it does. Pieces
 * that are alike give each other an alibi, and text that was cut otherwise than it was written is none of this law's.
 */

import type { EntryOf } from '../../../src/history.ts';
import { type Breach, law } from '../law.ts';
import { Items, itemKey } from './items.ts';
import { shownPiece, streamNamed } from './say.ts';

export const order = law<Items>({
  name: 'order',
  states: 'pieces of a stream are read in the order in which they were written',
  needs: {
    promises: { order: ['per-stream'], delivery: ['at-least-once', 'at-most-once', undefined] },
    entries: ['wrote', 'read'],
  },
  remember: (facts) => new Items(facts),
  on: {
    wrote: (items, entry) => items.wrote(entry),
    replaced: (items, entry) => items.replaced(entry),
    reloaded: (items, { node, kept }) => items.reloaded(node, kept),
    restarted: (items, { node }) => items.reloaded(node, true),
    read: judge,
  },
});

function judge(items: Items, { node, stream, value }: EntryOf<'read'>, breach: Breach): void {
  const shelf = items.shelfOf(stream);
  const key = itemKey(value);
  const reading = items.readingOf(node, stream);
  if (reading.counts.has(key)) return;
  const positions = shelf.byKey.get(key);
  if (positions === undefined) return;
  reading.counts.set(key, 1);
  const position = positions.find((each) => each > reading.furthest);
  if (position !== undefined) reading.furthest = position;
  else {
    const last = shelf.items[reading.furthest];
    breach(
      `${node} was given ${shownPiece(value)} of ${streamNamed(stream)} behind ${shownPiece(last?.value ?? '')}, before which it was written.`,
    );
  }
}
