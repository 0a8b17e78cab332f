/** What is pending in a kernel, as it will happen: for whoever compares states. */
import type { Agenda } from './agenda.ts';
import type { AnyEvent, Node } from './kernel.ts';
import type { Timers } from './timers.ts';

export interface Pending {
  readonly at: number;
  /** The node and its life; nothing for a timer's own, or for what the universe itself does. */
  readonly whom: readonly unknown[];
  readonly what: AnyEvent;
}

/**
 * In the order in which it happens. Timers are taken from their table: one that was moved has an entry in the agenda that
 * says when it would have fired, and one that was cleared has one that says nothing.
 */
export function pendingsIn(
  agenda: Agenda,
  timers: Timers,
  nodes: readonly Node[],
  events: readonly (AnyEvent | null)[],
  whom: (slot: number) => readonly unknown[],
): readonly Pending[] {
  const found: { readonly pending: Pending; readonly order: number }[] = [];
  for (let slot = 0; slot < events.length; slot++) {
    const what = events[slot];
    if (what === null || what === undefined) continue;
    const [at, order] = agenda.keyOf(slot);
    found.push({ pending: { at, whom: whom(slot), what }, order });
  }
  for (const { index } of nodes)
    for (const timer of timers.armedOf(index)) {
      const [at, order] = timers.when(timer);
      const what = { type: 'timer', timer: timers.nameOf(timer).name, key: timers.keyOf(timer) };
      found.push({ pending: { at, whom: [index], what }, order });
    }
  return found.sort((a, b) => a.pending.at - b.pending.at || a.order - b.order).map(({ pending }) => pending);
}
