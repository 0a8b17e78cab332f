/**
 * Law: freshness. While a client has a living connection over a healthy path, it is given what is written so soon.
 *
 * The path is healthy while no fault is active anywhere. A connection is living if it opened, or brought something, after
 * the last fault was over, and neither end has seen its end: so what a fault did to it in silence is no excuse for long, and
 * no accusation. Where nothing that is written need be read (at most once), there is nothing to judge.
 */
import type { Facts } from '../../../src/facts.ts';
import { clientOf, type EntryOf } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, formatDuration } from '../../../src/time.ts';
import { type Breach, law } from '../law.ts';
import { type Arrear, Arrears } from './arrears.ts';
import { PRESENCE, Presence } from './presence.ts';
import { REACH, Reach } from './reach.ts';
import { shownPiece, streamNamed } from './say.ts';

interface Memory {
  readonly bound: Duration;
  readonly presence: Presence;
  readonly reach: Reach;
  readonly arrears: Arrears;
  /** Faults that are active, and when the last one was over. */
  faults: number;
  quiet: number;
  /** Since when each client has a living connection; -1: it has none. */
  readonly living: Map<NodeId, number>;
}

export const freshness = law<Memory>({
  name: 'freshness',
  states: 'on a living connection over a healthy path, what is written is read within the promised time',
  needs: {
    promises: { freshWithin: true, delivery: ['exactly-once', 'at-least-once'] },
    entries: ['wrote', 'read'],
  },
  remember: (facts: Facts) => ({
    bound: facts.promises?.freshWithin as Duration,
    presence: new Presence(facts),
    reach: new Reach(facts),
    arrears: new Arrears(facts),
    faults: 0,
    quiet: 0,
    living: new Map(facts.clients.map(({ node }) => [node, -1])),
  }),
  on: {
    ...PRESENCE,
    ...REACH,
    wrote: ({ arrears }, entry) => arrears.wrote(entry),
    read(memory, entry, breach) {
      judge(memory, entry.node, memory.arrears.of(entry.node, entry.stream), entry.at, breach);
      memory.arrears.read(entry);
    },
    replaced: ({ arrears }, entry) => arrears.replaced(entry),
    reloaded: ({ arrears }, { node, kept }) => arrears.reloaded(node, kept),
    told(memory, entry) {
      memory.arrears.told(entry);
      PRESENCE.told(memory, entry);
    },
    delivered(memory, { node, conn, at }) {
      memory.reach.delivered(node, conn, at);
      if (memory.living.get(node) === -1) look(memory, at);
    },
    fault(memory, entry, breach) {
      judgeAll(memory, entry.at, breach);
      memory.faults += entry.begins ? 1 : -1;
      memory.quiet = entry.at;
      look(memory, entry.at);
    },
    intent: before((memory, entry: EntryOf<'intent'>) => {
      PRESENCE.intent(memory, entry);
      if (entry.intent === 'leave') memory.arrears.present(entry.node, false);
    }),
    crashed: before((memory, entry: EntryOf<'crashed'>) => {
      PRESENCE.crashed(memory, entry);
      REACH.crashed(memory, entry);
      memory.arrears.reloaded(entry.node, true);
    }),
    closed: before((memory, entry) => REACH.closed(memory, entry)),
    hungUp: before((memory, entry) => REACH.hungUp(memory, entry)),
    socket: before((memory, entry) => REACH.socket(memory, entry)),
    opened: before((memory, entry) => REACH.opened(memory, entry)),
    paused: before((memory, entry) => PRESENCE.paused(memory, entry)),
  },
  end: (memory, breach, { at }) => judgeAll(memory, at, breach),
});

/** Judges what was so until this entry, and looks who has a living connection afterwards. */
function before<E extends { readonly at: number }>(handle: (memory: Memory, entry: E) => void) {
  return (memory: Memory, entry: E, breach: Breach): void => {
    judgeAll(memory, entry.at, breach);
    handle(memory, entry);
    look(memory, entry.at);
  };
}

function look({ living, reach, faults, quiet }: Memory, now: number): void {
  for (const [node, since] of living) {
    const heard = reach.heard(node);
    // Opened at the very moment of the last fault's end is not after it.
    const lives = faults === 0 && heard >= 0 && (heard > quiet || quiet === 0);
    if (lives !== since >= 0) living.set(node, lives ? now : -1);
  }
}

function judgeAll(memory: Memory, now: number, breach: Breach): void {
  for (const [node, arrear] of memory.arrears.all()) judge(memory, node, arrear, now, breach);
}

function judge(memory: Memory, node: NodeId, arrear: Arrear | null, now: number, breach: Breach): void {
  const living = memory.living.get(clientOf(node)) ?? -1;
  if (arrear === null || living < 0 || !memory.presence.isHere(node)) return;
  const late = now - Math.max(arrear.from, living) - memory.bound;
  if (late <= 0) return;
  breach(
    `${node} lacks ${shownPiece(arrear.next)} of ${streamNamed(arrear.stream)}, which ${arrear.by} wrote, ${formatDuration(late)} after the promised ${formatDuration(memory.bound)}; its connection lives, and nothing is wrong with its path.`,
  );
}
