/**
 * A world: everything that a run is made of before its first event, whatever protocol is spoken in it.
 *
 * Nodes, links between them, applications behind some of them, and what laws may know. A protocol says how its own
 * description of a world becomes one of these; a world that is written by hand needs no protocol at all.
 */
import type { Facts } from '../../src/facts.ts';
import type { LinkConfig } from '../../src/link/config.ts';
import type { Machine, NodeId } from '../../src/machine.ts';
import type { Duration, Instant } from '../../src/time.ts';
import type { Budgets } from './budgets.ts';
import type { AnyMachine } from './record.ts';

/** What part a node plays: faults, menus and laws choose by it. `client`, `server` and `balancer` are what the faults of processes hit; any other word is yours. */
export type Role = string;

/** A machine and its place in a world. */
export interface NodeSpec {
  /** Its name in timelines and plans, once in a world: `c1`, `s2`, `lb`. */
  readonly id: NodeId;
  readonly role: Role;
  readonly machine: AnyMachine;
  readonly config: unknown;
  /** Host names by which URLs lead to it, with their port where it is not the scheme's: `api.example.com`. Default: its id. */
  readonly hosts?: readonly string[];
  /** The node on whose host it lives: it dies, stands still and comes back with that. By default it has a host of its own. */
  readonly host?: string;
  /** Whether its process hears `started` when the run begins. Default true; a client begins when its application says so. */
  readonly starts?: boolean;
  /** Whether what it posts, and is posted, crosses its own link, as a client's does. Default false: services are near each other. */
  readonly remote?: boolean;
  /** Whether it hears `quiesce` once every application has left, so that what it repeats for ever may end. Default false. */
  readonly quiesces?: boolean;
  /** Whether its machine answers `drain` with an `exit` in time. Default false: its process is killed at the deadline. */
  readonly drains?: boolean;
  /** Who starts its process again when that ends by itself. Default: nobody, unless a fault waits for its end (a drain). */
  readonly supervised?: Supervision;
  /** The configuration of its next life; by default that of its first. */
  next?(config: unknown, life: number): unknown;
  /** Sessions that it still keeps when nothing is left to happen; the law *no-leak* looks at them. */
  sessions?(state: unknown): readonly number[];
  /** Whether its state is on disk: a new process goes on with it. Default false: it begins without memory, as an opaque machine must. */
  readonly durable?: boolean;
  /** What survives its page; nothing by default. */
  readonly page?: Page;
  /**
   * For a page whose machine is its browser, too: what that does for the page while its tab is frozen. It then hears
   * `hidden`, `shown`, `frozen`, `resumed` and `unload`, each before it happens. By default the tab's browser is nobody's.
   */
  browser?(event: { readonly type: string }): boolean;
}

/** How a process that ended by itself is started again (`Restart=always` of systemd). */
export interface Supervision {
  /** So long after its end (`RestartSec`). */
  readonly after: Duration;
  /** At most so many starts (`StartLimitBurst`) … */
  readonly starts: number;
  /** … in such a stretch of time (`StartLimitIntervalSec`); one that ends once more stays down. */
  readonly within: Duration;
}

/** What a page stores, so that it can be loaded again, or opened a second time. */
export interface Page {
  /** What is kept of a state: plain data. */
  persist(state: unknown): unknown;
  /** The state of a new page on what was kept, null for nothing; `old` is the state of the page before, whose life is over. */
  revive(stored: unknown, old: unknown, now: Instant): unknown;
  /** A second tab beside the first one, of that number from 0; null when there can be no more of them. */
  open(
    config: unknown,
    stored: unknown,
    tab: number,
    now: Instant,
  ): { readonly config: unknown; readonly state: unknown } | null;
}

/** Something that an application, a browser or an operating system tells a client, in the words of its protocol. */
export type AnyIntent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** What an application wants next: an intent now, or to be asked again later. */
export interface Wishes {
  intend(intent: AnyIntent): void;
  /** Calls `wake` of this application at that time. */
  wakeIn(delay: Duration): void;
  /** It has nothing more to do, and has left or was told an error that ends it. */
  over(): void;
}

/** What stands behind a client: it asks, listens and leaves. Part of the harness, so that machines stay free of test scripts. */
export interface Application {
  begin(now: Instant): void;
  /** The time that it asked for has come. */
  wake(now: Instant): void;
  /** Its client gave it something. */
  hear(effect: { readonly type: string }, now: Instant): void;
  /** The page that it lives in is gone, with what was stored or without. */
  unload(kept: boolean): void;
  /** The page is there again, and its client is new. */
  reopen(now: Instant): void;
  /** No fault is active any more, and none will be. */
  healed?(now: Instant): void;
  /** All that it is in the middle of, as plain data: for a search that compares states. Missing: no two states are alike. */
  state?(): unknown;
}

/** An application and the node that it stands behind. */
export interface ApplicationSpec {
  readonly node: NodeId;
  readonly start: Instant;
  /** When it would be done if nothing went wrong, roughly: until then faults are drawn. */
  readonly until: Instant;
  /** Effects of its client that it listens to, besides `deliver`, `settle` and `report`. Missing: any; a client that says another one throws. */
  readonly hears?: readonly string[];
  /** Makes the application, which stays until `stayUntil` at least. */
  open(wishes: Wishes, stayUntil: Instant): Application;
}

export interface World {
  readonly nodes: readonly NodeSpec[];
  readonly links: readonly LinkConfig[];
  /** One-way delay of messages between services. */
  readonly serviceDelay: Duration;
  /** Up to so much longer a message between services may take, by luck; between two of them they keep their order. Default: not at all. */
  readonly serviceSpread?: Duration;
  readonly applications: readonly ApplicationSpec[];
  readonly facts: Facts;
  /** Applications stay at least until here, so that faults late in the plan meet a connected client. Default: as long as each has to. */
  readonly stayUntil?: Instant;
  /** One line on what this seed drew: network, content, servers. */
  readonly conditions: string;
  /** What its runs may use up where that is not what a world of its size needs several times over: for code that may never end. */
  readonly budgets?: Partial<Budgets>;
  /** Lengths of time at which something in it changes its mind: heartbeats, time-outs, lives. Faults may last about as long. None by default. */
  readonly scales?: readonly Duration[];
  /**
   * `shuffled`: what happens at one instant, and no physics puts in order, happens in an order of the seed; `world-first`: so,
   * but behind the world's own acts (faults, applications) of that instant. Default: in that in which it was scheduled.
   */
  readonly ties?: 'shuffled' | 'world-first';
  /** The one event of a world that is built around it: when it happens, and how long it lasts. */
  readonly harm?: { readonly at: Instant; readonly lasts: Duration };
}

/** So many nodes of one sort, called `c1`, `c2`, … where `letter` is `c`. The configuration is of the type that their machine takes. */
export const nodes = <Config>(
  letter: string,
  count: number,
  spec: Omit<NodeSpec, 'id' | 'machine' | 'config'> & {
    // biome-ignore lint/suspicious/noExplicitAny: only what the machine takes for a configuration matters here.
    readonly machine: Machine<Config, any, any, any>;
    readonly config: NoInfer<Config>;
  },
): readonly NodeSpec[] => Array.from({ length: count }, (_, i) => ({ ...spec, id: `${letter}${i + 1}` }));

/** Names of the nodes that play a part, in the order of the world. */
export const namesOf = ({ nodes }: Pick<World, 'nodes'>, role: Role): readonly NodeId[] =>
  nodes.filter((node) => node.role === role).map(({ id }) => id);
