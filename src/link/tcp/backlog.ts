/** How much of what was written is still in the process that wrote it, because its kernel has no room for it. */
import { type Item, type Lane, MSS } from './state.ts';

/** What a kernel holds for a connection that has not carried much yet: what is under way, and what waits behind it. */
const KERNEL_BUFFER = 144 * 1024;

/** The first item that the kernel does not have: what is gone with its process. */
export function firstInUserSpace({ flight, waiting, gone, next }: Lane): number {
  let held = flight.sent * MSS;
  let first = gone;
  for (; first < waiting.length; first++) {
    held += (waiting[first] as Item).bytes;
    if (first >= next && held > KERNEL_BUFFER) break;
  }
  return first;
}
