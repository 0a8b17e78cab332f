/**
 * Coverage: in which phases of their protocol parties were when something happened to them, in which phases faults began, and
 * which ways through the phases were taken. It is counted beside the laws, from history, when somebody asks; counts add up,
 * so coverage of portions merged in any order is that of the whole.
 */
import { clientOf, type Entry } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import type { Observed } from '../core/observed.ts';
import { NEUTRAL_PHASES, type PhaseName, watchPhases } from '../core/phases.ts';
import { type Seat, topicOf } from '../core/witness.ts';

/** Counts by two names. */
export type Counts = Record<string, Record<string, number>>;

/** What many runs met: plain data that adds up. */
export interface Coverage {
  runs: number;
  /** What happened to whom, by part and phase: `client live`, then `delivered DATA`. */
  readonly events: Counts;
  /** Faults that began, by kind, and in which phase: of the client that was hit, or of each; and of servers and stores that were busy. */
  readonly faults: Counts;
  /** Three phases of one party in a row, by its part: `live > waiting > dialling`. */
  readonly turns: Counts;
  /** What clients, servers and the store were in together: `live, claiming, fsync`. */
  readonly together: Record<string, number>;
}

export const emptyCoverage = (): Coverage => ({ runs: 0, events: {}, faults: {}, turns: {}, together: {} });

export function mergeCoverage(into: Coverage, next: Coverage): void {
  into.runs += next.runs;
  for (const part of ['events', 'faults', 'turns'] as const)
    for (const [name, counts] of Object.entries(next[part])) addTo(rowOf(into[part], name), counts);
  addTo(into.together, next.together);
}

function addTo(into: Record<string, number>, next: Readonly<Record<string, number>>): void {
  for (const name in next) into[name] = (into[name] ?? 0) + (next[name] as number);
}

const rowOf = (counts: Counts, name: string): Record<string, number> => {
  counts[name] ??= {};
  return counts[name];
};

const add = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

/** Kinds of entries that happen to a party, and what of them tells one from another. */
const HAPPENS: Readonly<Record<string, (entry: never) => string>> = {
  delivered: ({ payload }: { readonly payload: { readonly type?: unknown } | null }) =>
    typeof payload?.type === 'string' ? ` ${payload.type}` : '',
  closed: ({ code, status }: { readonly code: number; readonly status: number }) =>
    status > 0 ? ` ${status}` : ` ${code}`,
  timerFired: ({ timer }: { readonly timer: string }) => ` ${timer}`,
  intent: ({ intent }: { readonly intent: string }) => ` ${intent}`,
  paused: ({ begins }: { readonly begins: boolean }) => (begins ? ' begins' : ' ends'),
  opened: () => '',
  asked: () => '',
  crashed: () => '',
  restarted: () => '',
  reloaded: () => '',
  throttled: () => '',
  clock: () => '',
};

/** Counts what one run meets. */
export function cover(coverage: Coverage, { witness, scenario, facts, world }: Observed): void {
  const kinds = scenario.protocol?.phases ?? NEUTRAL_PHASES;
  const roles = new Map<NodeId, string>(world.nodes.map(({ id, role }) => [id, role]));
  const clients = world.nodes.filter(({ role }) => role === 'client').map(({ id }) => id);
  const clientOfLink = new Map(world.links.map(({ node, ends }) => [node, ends[0]]));
  const roleOf = (node: NodeId): string | undefined => roles.get(node) ?? roles.get(clientOf(node));
  let phaseOf: (node: NodeId) => PhaseName | undefined = () => undefined;
  coverage.runs++;

  const happens = (entry: Entry): void => {
    const role = roleOf(entry.node);
    const phase = phaseOf(entry.node);
    if (role === undefined || phase === undefined) return;
    const what = `${entry.kind}${(HAPPENS[entry.kind] as (entry: Entry) => string)(entry)}`;
    add(rowOf(coverage.events, `${role} ${phase}`), what);
  };
  const begins = (entry: Entry): void => {
    const { node, name, begins } = entry as Entry & { kind: 'fault' };
    if (!begins) return;
    const row = rowOf(coverage.faults, name);
    const hit = clientOfLink.get(node) ?? node;
    const seen = new Set<string>();
    for (const client of roles.get(hit) === 'client' ? [hit] : clients) seen.add(`client ${phaseOf(client)}`);
    for (const [other, role] of roles) {
      const phase = phaseOf(other);
      // Of a party that does nothing much nobody asks in which phase a fault found it.
      if (role !== 'client' && phase !== undefined && phase !== kinds.of[role]?.[0] && Object.hasOwn(kinds.of, role))
        seen.add(`${role} ${phase}`);
    }
    for (const each of seen) add(row, each);
  };

  // Ahead of the phases, so that an event is counted in the phase that it found, and not in the one that it led to.
  const say = (): void => {};
  const seat = (fold: (entry: Entry) => void): Seat => ({
    fold: (_, entry) => fold(entry),
    memory: null,
    say,
    culprit: { where: 'coverage', of: cover },
  });
  for (const kind of Object.keys(HAPPENS)) {
    const topic = topicOf(kind, witness.vocabulary);
    if (topic !== undefined) witness.fold(topic, seat(happens));
  }
  witness.fold({ kind: 'fault', type: undefined }, seat(begins));

  const ways = new Map<NodeId, readonly [PhaseName, PhaseName]>();
  const watched = Object.keys(kinds.of);
  const now = new Map<string, Map<PhaseName, number>>(watched.map((role) => [role, new Map()]));
  const places = new Map<NodeId, PhaseName>();
  const moved = (node: NodeId, phase: PhaseName): void => {
    const role = roleOf(node);
    const parties = role === undefined ? undefined : now.get(role);
    if (role === undefined || parties === undefined) return;
    const before = places.get(node);
    places.set(node, phase);
    if (before !== undefined) parties.set(before, (parties.get(before) ?? 1) - 1);
    parties.set(phase, (parties.get(phase) ?? 0) + 1);
    if (before === undefined) return;
    const [earlier] = ways.get(node) ?? ['', ''];
    if (before !== phase || earlier !== before) {
      if (earlier !== '') add(rowOf(coverage.turns, role), `${earlier} > ${before} > ${phase}`);
      ways.set(node, [before, phase]);
    }
    add(coverage.together, togetherIn(now, kinds.of));
  };
  const watch = watchPhases(witness, kinds, facts, world, { entered: moved, returned: moved });
  phaseOf = watch.of;
}

/** Of each part the phase of one party that is furthest from rest: `live, claiming, fsync`. */
function togetherIn(
  now: ReadonlyMap<string, ReadonlyMap<PhaseName, number>>,
  of: Readonly<Record<string, readonly PhaseName[]>>,
): string {
  const phases: string[] = [];
  for (const [role, parties] of now) {
    const there = (of[role] as readonly PhaseName[]).filter((phase) => (parties.get(phase) ?? 0) > 0);
    // Of few clients, or servers, all phases that are there; more would have a name of their own in each run.
    phases.push(there.length === 0 ? '-' : there.slice(-2).join('+'));
  }
  return phases.join(', ');
}
