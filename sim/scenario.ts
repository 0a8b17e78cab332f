/**
 * What a scenario is: a world, a story, a way to harm it, and claims about what must sometimes happen.
 */
import type { AgentConfig } from '../src/agent/config.ts';
import type { AuthConfig } from '../src/auth/config.ts';
import type { BalancerConfig } from '../src/balancer/config.ts';
import type { ClientConfig } from '../src/client/config.ts';
import type { Content } from '../src/content.ts';
import type { Facts, Handlers } from '../src/history.ts';
import type { LinkConfig } from '../src/link/config.ts';
import type { NodeId } from '../src/machine.ts';
import type { ServerConfig } from '../src/server/config.ts';
import type { StoreConfig } from '../src/store/config.ts';
import type { Duration, Instant } from '../src/time.ts';
import type { Cell, Dimension, Dimensions } from './cells.ts';
import type { Dice } from './dice.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { Network } from './networks/network.ts';
import type { TargetUse } from './targets/target.ts';

/** One request of an application. */
export interface Turn {
  readonly key: string;
  /** Content number that answers, -1 for none. */
  readonly ask: number;
  /** Size of the request body. */
  readonly bytes: number;
  /** How long the application waits before it asks. */
  readonly wait: Duration;
  /** True: counted from when the turn before was asked; false: from when it was complete. */
  readonly parallel: boolean;
}

/** What the application behind one client does; it leaves when every turn is complete and the harm is over. */
export interface Story {
  readonly client: NodeId;
  readonly start: Instant;
  readonly turns: readonly Turn[];
}

/** Everything that a run is made of, before the first event. */
export interface World {
  readonly clients: readonly ClientConfig[];
  readonly balancer: BalancerConfig;
  readonly servers: readonly ServerConfig[];
  readonly agents: readonly AgentConfig[];
  readonly store: StoreConfig;
  readonly auth: AuthConfig;
  readonly links: readonly LinkConfig[];
  /** One-way delay of messages between services. */
  readonly serviceDelay: Duration;
  readonly contents: readonly Content[];
  readonly stories: readonly Story[];
  readonly facts: Facts;
  /** Applications stay at least until here, so that faults late in the plan meet a connected client. */
  readonly stayUntil: Instant;
  /** One line on what this seed drew: network, content, servers. */
  readonly conditions: string;
  /** The one event of a world that is built around it: when it happens, and how long it lasts. */
  readonly harm?: { readonly at: Instant; readonly lasts: Duration };
}

/** What a scenario may use to build its world. */
export interface Setting {
  readonly dice: Dice;
  /** Contents from `--input`, or null for the scenario's own samples. */
  readonly input: readonly Content[] | null;
  /** Network from `--network`, or null for the scenario's own choice. */
  readonly network: Network | null;
  /** One value for each dimension that the scenario opens. */
  readonly cell: Cell;
}

/** A claim that a sweep must have seen come true at least once; a law that was never exercised proves nothing. */
export interface Claim<Memory = unknown> {
  readonly name: string;
  readonly states: string;
  /**
   * It is expected to come true in one run of so many at least: 2 or more, 50 by default. Say it from a long sweep where a
   * claim is rarer, and with a margin: a sweep that should have seen it, and has not, fails. `null` expects nothing.
   */
  readonly oncePer?: number | null;
  remember(): Memory;
  readonly on: Handlers<Memory, () => void>;
}

export function claim<Memory>(definition: Claim<Memory>): Claim {
  return definition as unknown as Claim;
}

/** A claim that comes true in one run of so many: the upper end of what a sweep of thousands of seeds allows. */
export const oncePer = (runs: number, rare: Claim): Claim => ({ ...rare, oncePer: runs });

export interface Scenario {
  /** `family/name`, as on the command line. */
  readonly name: string;
  /** One line for `hangup list scenarios`. */
  readonly title: string;
  readonly sometimes: readonly Claim[];
  /** What it varies besides luck, with all the values; none by default. */
  readonly dimensions?: Dimensions;
  /**
   * Of condition, moment and lasts those that its world is built by, and not only its plan: they stay open where `--faults`
   * takes the place of the plan. None by default.
   */
  readonly builds?: readonly Dimension[];
  /** The service levels that it promises; none by default. */
  readonly targets?: readonly TargetUse[];
  world(setting: Setting): World;
  plan(setting: Setting, world: World): FaultPlan;
}
