/**
 * Slots: the place that a server keeps for somebody whom it refused. The refusal names it, a 503 in a field of its own and a
 * close frame in its reason; the dial that comes for it names it in its URL, because a page can say nothing else in a
 * handshake.
 */
import type { NodeId } from '../machine.ts';

/** The URL of a dial that comes for a slot. */
export const urlFor = (to: NodeId, slot: number): string => `wss://${to}/?slot=${slot}`;

/** The reason of a close frame that refuses somebody for whom a slot is kept. */
export const reasonFor = (slot: number): string => `slot=${slot}`;

/** The slot that a URL or a reason names; null for none. */
export function slotIn(text: string): number | null {
  const found = WRITTEN.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** At most ten digits: as many admissions as a rate of a thousand a second has in three months. */
const WRITTEN = /(?:^|[?&])slot=(\d{1,10})(?:&|$)/;
