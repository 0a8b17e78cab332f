/** A world in which our session protocol is spoken: clients on access networks, a balancer, servers with an agent each, a store, a token service. */
import type { BalancerConfig } from '../../src/balancer/config.ts';
import type { Content } from '../../src/content.ts';
import type { NodeId } from '../../src/machine.ts';
import type { AgentConfig } from '../../src/session/agent/config.ts';
import type { AuthConfig } from '../../src/session/auth/config.ts';
import type { ClientConfig } from '../../src/session/client/config.ts';
import type { Facts } from '../../src/session/facts.ts';
import type { ServerConfig } from '../../src/session/server/config.ts';
import type { StoreConfig } from '../../src/session/store/config.ts';
import type { Duration, Instant } from '../../src/time.ts';
import type { World } from '../core/world.ts';

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
export interface SessionWorld extends Omit<World, 'nodes' | 'applications' | 'facts'> {
  readonly facts: Facts;
  readonly clients: readonly ClientConfig[];
  readonly balancer: BalancerConfig;
  readonly servers: readonly ServerConfig[];
  readonly agents: readonly AgentConfig[];
  readonly store: StoreConfig;
  readonly auth: AuthConfig;
  readonly contents: readonly Content[];
  readonly stories: readonly Story[];
}
