/**
 * Law: back within. A client that is to be connected has a connection that works, so soon after nothing stands in the way.
 *
 * The time runs from the last of these: the end of the last fault, the start of its application or of its page after a
 * reload, the end of the connection that it had, and the return of a server where all were gone. A connection that only one
 * end believes in does not work: who never notices that its server is gone is not back.
 */
import type { Facts } from '../../../src/facts.ts';
import type { EntryKind, Handlers } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, formatDuration } from '../../../src/time.ts';
import { type Breach, law } from '../law.ts';
import { PRESENCE, Presence } from './presence.ts';
import { REACH, Reach } from './reach.ts';

interface Memory {
  readonly bound: Duration;
  readonly presence: Presence;
  readonly reach: Reach;
  /** Clients that are to be connected, and since when each has no connection that works; -1: it has one. */
  readonly without: Map<NodeId, number>;
}

/** Judges what was so until this entry, lets it change what it changes, and looks who has a connection now. */
function timed<H extends Handlers<Memory, Breach>>(handlers: H): Handlers<Memory, Breach> {
  const entries = Object.entries(
    handlers as Readonly<Record<string, (memory: Memory, entry: never, breach: Breach) => void>>,
  );
  return Object.fromEntries(
    entries.map(([kind, handle]) => [
      kind,
      (memory: Memory, entry: { readonly at: number }, breach: Breach) => {
        judge(memory, entry.at, breach);
        handle(memory, entry as never, breach);
        look(memory, entry.at);
      },
    ]),
  ) as { readonly [K in EntryKind]?: never };
}

export const backWithin = law<Memory>({
  name: 'back-within',
  states: 'every client that is to be connected has a connection that works within the promised time',
  needs: { promises: { backWithin: true }, anyClient: 'connected', anyOf: ['dialled', 'socket'] },
  remember: (facts: Facts) => ({
    bound: facts.promises?.backWithin as Duration,
    presence: new Presence(facts),
    reach: new Reach(facts),
    without: new Map(facts.clients.filter(({ connected }) => connected).map(({ node }) => [node, 0])),
  }),
  on: timed({
    ...PRESENCE,
    ...REACH,
    crashed(memory: Memory, { node, at }: { readonly node: NodeId; readonly at: number }) {
      memory.presence.down(node, at);
      memory.reach.gone(node);
    },
  } as Handlers<Memory, Breach>),
  end: (memory, breach, { complete, at }) => judge(memory, at, breach, complete),
});

function look({ without, reach }: Memory, now: number): void {
  for (const [node, since] of without) {
    const works = reach.works(node);
    if (works !== since < 0) without.set(node, works ? -1 : now);
  }
}

/** `forever`: nothing is left to happen, so whoever has no connection gets none any more. */
function judge({ bound, presence, reach, without }: Memory, now: number, breach: Breach, forever = false): void {
  for (const [node, without_] of without) {
    if (without_ < 0) continue;
    const since = presence.since(node);
    if (since < 0) continue;
    const from = Math.max(since, without_);
    if (now - from <= bound && !forever) continue;
    const late = forever ? 'and the run came to rest' : `where it promises to be back within ${formatDuration(bound)}`;
    breach(
      `${node} has had no connection that works for ${formatDuration(now - from)}, ${late}: ${reach.whereabouts(node)}.`,
    );
    return;
  }
}
