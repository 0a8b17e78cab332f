/**
 * Law 11, no herd: clients that fall together do not come back together.
 *
 * An arrival is a dial at the door that a client was given. In any window, the arrivals at one door stay within a stated
 * number; how it follows from policy and number of clients is the topology's statement (`Facts.herd`), and this law only
 * counts. Two kinds of dials do not count, because nothing
 * was lost before them: the first after the application started its client, and the first after the device came online or
 * moved to another address.
 */
import { counted } from '../../../src/count.ts';
import type { HerdFacts } from '../../../src/facts.ts';
import type { EntryOf } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, formatDuration } from '../../../src/time.ts';
import { type Breach, law } from '../law.ts';

/** The times of the last `most` arrivals, in a ring. */
interface Door {
  readonly times: number[];
  /** Where the next one goes: on the oldest, once the ring is full. */
  next: number;
}

interface Memory {
  readonly window: Duration;
  /** Arrivals that one window may hold. */
  readonly most: number;
  readonly capacity: number;
  /** Clients whose next dial is free. */
  readonly free: Map<NodeId, boolean>;
  readonly doors: Map<NodeId, Door>;
}

export const noHerd = law<Memory>({
  name: 'no-herd',
  states: "arrivals at a recovering server stay within what its clients' policy spreads them to",
  needs: { facts: ['clients', 'herd'], entries: ['dialled'] },
  remember({ clients, herd }) {
    const { window, most, capacity } = herd as HerdFacts;
    return { window, most, capacity, free: new Map(clients.map(({ node }) => [node, true])), doors: new Map() };
  },
  on: {
    intent(memory, entry) {
      const { intent } = entry;
      if ((intent === 'start' || intent === 'online' || intent === 'moved') && memory.free.has(entry.node))
        memory.free.set(entry.node, true);
    },
    dialled: arrive,
  },
});

const admitting = (capacity: number): string =>
  capacity === 0 ? 'where everybody is admitted' : `where ${capacity} a second are admitted`;

function arrive(memory: Memory, entry: EntryOf<'dialled'>, breach: Breach): void {
  const free = memory.free.get(entry.node);
  if (free === undefined) return;
  if (free) {
    memory.free.set(entry.node, false);
    return;
  }
  let door = memory.doors.get(entry.to);
  if (door === undefined) {
    door = { times: [], next: 0 };
    memory.doors.set(entry.to, door);
  }
  const { window, most, capacity } = memory;
  const before = door.times[door.next];
  if (before !== undefined && entry.at - before <= window)
    breach(
      `${entry.node} was the last of ${counted(most + 1, 'arrival')} at ${entry.to} within ${formatDuration(entry.at - before)}; in ${formatDuration(window)} there may be ${most}, ${admitting(capacity)}.`,
    );
  door.times[door.next] = entry.at;
  door.next = (door.next + 1) % most;
}
