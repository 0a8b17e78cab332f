/**
 * Phases: what each party of a run is doing, as an outside witness sees it: a client dials, a server claims, a store is in the
 * middle of an fsync. They are folded from history only, like laws, so they can be had for a foreign client as well; whoever
 * wants them (faults at a moment of the protocol, coverage, a page) listens, and a run in which nobody does pays nothing.
 */
import type { Facts } from '../../src/facts.ts';
import { clientOf, type Entries, type Entry, type EntryOf, type Handlers } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import type { ConnId } from '../../src/transport.ts';
import { attach } from './attach.ts';
import type { Witness } from './witness.ts';
import type { Role, World } from './world.ts';

export type PhaseName = string;

/** A handler of history says by it in which phase a party is from here on. */
export interface Enter {
  /** It enters a phase, perhaps the one that it is in already: one more claim of a server that claims. */
  (node: NodeId, phase: PhaseName): void;
  /** It goes on with a phase that something else had interrupted, which is no new entrance. */
  back(node: NodeId, phase: PhaseName): void;
}

/** Which phases there are in a protocol, and how they are seen. */
export interface Phases<Memory = unknown, M extends Entries = Entries> {
  /** The phases of each part that nodes play; the first one is where each begins. A part that is not named is `up` or `down`. */
  readonly of: Readonly<Record<Role, readonly PhaseName[]>>;
  /** Nouns for those that somebody begins (`handshaking`: a `handshake`); of the others one is, as of `live`. */
  readonly nouns?: Readonly<Record<PhaseName, string>>;
  /** Kinds of faults that lead there, for those phases that hardly anybody enters by themselves; none by default. */
  readonly leads?: Readonly<Record<PhaseName, readonly string[]>>;
  /** The phase in which a part does what it is there for: what leads elsewhere had best begin there. None by default. */
  readonly steady?: Readonly<Record<Role, PhaseName>>;
  /** Those that are entered at every piece of what is carried, a hundred times in a run; none by default. */
  readonly often?: readonly PhaseName[];
  remember(facts: Facts, world: Pick<World, 'nodes'>): Memory;
  /** Handlers of the entries that it looks at, as a law's; they say nothing but which phase somebody enters. */
  readonly on: Handlers<Memory, Enter, M>;
}

/** Fixes the memory's type for inference, and forgets it. */
export const phases = <Memory, M extends Entries>(definition: Phases<Memory, M>): Phases =>
  definition as unknown as Phases;

const PROCESS = ['up', 'down'] as const;

/** The phases of a part that nodes play. */
export const phasesOf = ({ of }: Pick<Phases, 'of'>, role: Role): readonly PhaseName[] =>
  Object.hasOwn(of, role) ? (of[role] as readonly PhaseName[]) : PROCESS;

/** Whoever follows the phases of a run. */
export interface PhaseListener {
  /** Someone entered a phase for the `nth` time in this run, counted from 1; with the first one, everybody begins. */
  entered?(node: NodeId, phase: PhaseName, nth: number): void;
  /** Someone went back to a phase that was interrupted: the two together hear every change. */
  returned?(node: NodeId, phase: PhaseName): void;
}

/** Where everybody is, kept up while the run goes on. */
export interface PhaseWatch {
  /** The phase that a party is in; undefined for one that is not of this run. */
  of(node: NodeId): PhaseName | undefined;
  /** How often it has entered that phase. */
  times(node: NodeId, phase: PhaseName): number;
  /** Every party with its phase, in the order of the world; second tabs behind them. */
  readonly all: ReadonlyMap<NodeId, PhaseName>;
}

type WorldOfPhases = Pick<World, 'nodes'>;

/** Follows the phases of a run from before its first event. */
export function watchPhases(
  witness: Witness,
  kinds: Phases,
  facts: Facts,
  world: WorldOfPhases,
  listener: PhaseListener = {},
): PhaseWatch {
  const { watch, enter } = begin(kinds, world, listener);
  const culprit = { where: 'the phases of its protocol', of: kinds };
  attach(witness, kinds.on, kinds.remember(facts, world), enter as unknown as () => void, culprit);
  return watch;
}

/**
 * The same for a history that is at hand: `note` takes its entries, in order. What no recorder is told (`quiet` of a vocabulary)
 * is not among them, so a phase that is seen by that alone is never entered.
 */
export function notePhases(
  kinds: Phases,
  facts: Facts,
  world: WorldOfPhases,
  listener: PhaseListener = {},
): PhaseWatch & { note(entry: Entry): void } {
  const { watch, enter } = begin(kinds, world, listener);
  const memory = kinds.remember(facts, world);
  const folds = kinds.on as Readonly<Record<string, (memory: unknown, entry: Entry, enter: Enter) => void>>;
  return {
    ...watch,
    note(entry) {
      folds[entry.kind]?.(memory, entry, enter);
      const { type } = ((entry as { readonly payload?: unknown }).payload ?? {}) as { readonly type?: unknown };
      if (typeof type === 'string') folds[`${entry.kind} ${type}`]?.(memory, entry, enter);
    },
  };
}

/** Everybody in their first phase, and how others are entered. */
function begin(kinds: Phases, { nodes }: WorldOfPhases, listener: PhaseListener): { watch: PhaseWatch; enter: Enter } {
  const now = new Map<NodeId, PhaseName>();
  const counts = new Map<string, number>();
  const times = (node: NodeId, phase: PhaseName): number => counts.get(`${phase} ${node}`) ?? 0;
  const entered = (node: NodeId, phase: PhaseName): void => {
    const nth = times(node, phase) + 1;
    counts.set(`${phase} ${node}`, nth);
    now.set(node, phase);
    listener.entered?.(node, phase, nth);
  };
  const back = (node: NodeId, phase: PhaseName): void => {
    if (now.get(node) === phase) return;
    now.set(node, phase);
    listener.returned?.(node, phase);
  };
  for (const { id, role } of nodes) entered(id, phasesOf(kinds, role)[0] as PhaseName);
  return { watch: { of: (node) => now.get(node), times, all: now }, enter: Object.assign(entered, { back }) };
}

/** What is remembered of a client of which nothing is known but its connections. */
interface Dialler {
  phase: PhaseName;
  readonly open: Set<ConnId>;
  readonly dialled: Set<ConnId>;
}

interface Known {
  readonly clients: Map<NodeId, Dialler>;
  readonly roles: ReadonlyMap<NodeId, Role>;
}

/**
 * Phases of a world whose protocol says no more: a client is `idle` until it dials, `dialling`, `open` while a connection is,
 * `waiting` when it had one and has none, and `ended` when its application has left. Everybody else is `up` or `down`.
 */
export const NEUTRAL_PHASES: Phases = phases<Known, Entries>({
  of: { client: ['idle', 'dialling', 'open', 'waiting', 'ended'] },
  nouns: { dialling: 'dial', waiting: 'wait' },
  steady: { client: 'open' },
  leads: {
    waiting: ['reset', 'cut', 'restart', 'crash'],
    down: ['crash', 'restart', 'balancerCrash'],
    up: ['crash', 'restart', 'balancerCrash'],
  },
  remember: (_facts, { nodes }) => ({ clients: new Map(), roles: new Map(nodes.map(({ id, role }) => [id, role])) }),
  on: {
    dialled(known, { node, conn }, enter) {
      const client = clientIn(known, node);
      if (client === undefined) return;
      client.dialled.add(conn);
      if (client.open.size === 0) go(client, node, 'dialling', enter);
    },
    opened(known, { node, conn }, enter) {
      const client = clientIn(known, node);
      if (client === undefined || !client.dialled.delete(conn)) return;
      client.open.add(conn);
      if (client.phase !== 'open') go(client, node, 'open', enter);
    },
    closed: lose,
    hungUp: lose,
    intent(known, { node, intent }, enter) {
      const client = clientIn(known, node);
      if (client !== undefined && intent === 'leave') go(client, node, 'ended', enter);
    },
    crashed(known, { node }, enter) {
      const client = clientIn(known, node);
      if (client === undefined) enter(node, 'down');
      else {
        known.clients.delete(node);
        enter(node, 'idle');
      }
    },
    restarted(known, { node }, enter) {
      if (clientIn(known, node) === undefined) enter(node, 'up');
    },
  },
});

function lose(known: Known, { node, conn }: EntryOf<'closed'> | EntryOf<'hungUp'>, enter: Enter): void {
  const client = clientIn(known, node);
  if (client === undefined || !(client.open.delete(conn) || client.dialled.delete(conn))) return;
  if (client.phase === 'ended' || client.open.size > 0) return;
  if (client.dialled.size === 0) go(client, node, 'waiting', enter);
  else if (client.phase !== 'dialling') go(client, node, 'dialling', enter);
}

function go(client: Dialler, node: NodeId, phase: PhaseName, enter: Enter): void {
  client.phase = phase;
  enter(node, phase);
}

/** What is known of a client; undefined for whoever plays another part. */
function clientIn({ clients, roles }: Known, node: NodeId): Dialler | undefined {
  const found = clients.get(node);
  if (found !== undefined || roles.get(clientOf(node)) !== 'client') return found;
  const made: Dialler = { phase: 'idle', open: new Set(), dialled: new Set() };
  clients.set(node, made);
  return made;
}
