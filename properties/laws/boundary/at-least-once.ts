/**
 * Law: at least once. Nothing that was asked for is lost, and no piece of a stream; either may come again.
 *
 * Pieces are items: read as they were written. Where their order is promised, too, a piece is lost as soon as one behind it
 * is read, because it cannot come in order any more. What is lost at the end of a stream, or of one without an order, is
 * found by the law of completion, if somebody says when it must have come.
 */

import type { EntryOf } from '../../../src/history.ts';
import { type Breach, law } from '../law.ts';
import { judgeOpen, judgeWritten, type Memory, PIECES, REQUESTS, remember } from './delivery.ts';
import { itemKey } from './items.ts';
import { shownPiece, streamNamed } from './say.ts';

export const atLeastOnce = law<Memory>({
  name: 'at-least-once',
  states: 'nothing that a client asked for and no piece that was written is lost; either may come again',
  needs: { promises: { delivery: ['at-least-once'] }, anyOf: ['submitted', 'performed', 'wrote'] },
  remember,
  on: {
    ...REQUESTS,
    ...PIECES,
    performed: ({ requests }, entry) => void requests.performed(entry),
    read: judgeGap,
  },
  end: judgeOpen,
});

function judgeGap(memory: Memory, entry: EntryOf<'read'>, breach: Breach): void {
  if (!judgeWritten(memory, entry, breach) || !memory.ordered) return;
  const { node, stream, value } = entry;
  const { items, byKey } = memory.items.shelfOf(stream);
  const reading = memory.items.readingOf(node, stream);
  const positions = byKey.get(itemKey(value)) ?? [];
  const { next } = reading;
  if (next === null) {
    reading.next = positions.map((position) => position + 1);
    return;
  }
  const first = positions[0] as number;
  const after: number[] = [];
  for (const each of next) {
    // It is the next one, or one of those before that comes again.
    if (positions.includes(each)) after.push(each + 1);
    if (first < each) after.push(each);
  }
  if (after.length > 0) reading.next = [...new Set(after)];
  else {
    const missing = items[Math.max(...next)];
    breach(
      `${node} was given ${shownPiece(value)} of ${streamNamed(stream)}, and never ${missing === undefined ? 'what was before it' : shownPiece(missing.value)} before it: in order it cannot come any more.`,
    );
    reading.next = null;
  }
}
