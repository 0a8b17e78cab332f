/**
 * A planted bug: a machine of the shipped path, wrapped so that it does what a published recovery bug did.
 *
 * A bug was drawn from a public thread first, and re-created second, whether or not a law would notice. What it does is
 * written as what happens around one step of a machine: it may hear another event or none, see or patch the state before
 * and after, and say other things. Bugs of configuration change that of a node only; what the laws may know (`facts`) is
 * what the world promised before anything was planted.
 */

import type { AnyMachine } from '../../sim/core/record.ts';
import type { NodeSpec, Page, World } from '../../sim/core/world.ts';
import { balancer } from '../../src/balancer/balancer.ts';
import type { Context, Machine } from '../../src/machine.ts';
import { agent } from '../../src/session/agent/agent.ts';
import { auth } from '../../src/session/auth/auth.ts';
import { client } from '../../src/session/client/session.ts';
import { server } from '../../src/session/server/server.ts';
import { store } from '../../src/session/store/store.ts';

const MACHINES = { client, balancer, server, agent, store, auth };
type Machines = typeof MACHINES;
export type BugRole = keyof Machines;

type ConfigOf<R extends BugRole> = Machines[R] extends Machine<infer C, infer _S, infer _E, infer _F> ? C : never;
type StateOf<R extends BugRole> = Machines[R] extends Machine<infer _C, infer S, infer _E, infer _F> ? S : never;
type EventOf<R extends BugRole> = Machines[R] extends Machine<infer _C, infer _S, infer E, infer _F> ? E : never;
type EffectOf<R extends BugRole> = Machines[R] extends Machine<infer _C, infer _S, infer _E, infer F> ? F : never;

/** One step of a machine, and all that a bug may do around it. `M`: what the bug remembers, plain data beside the state. */
export interface Around<R extends BugRole, M> {
  readonly state: StateOf<R>;
  readonly event: EventOf<R>;
  readonly context: Context;
  /** Null until it was set; gone with the process, or the page. */
  memory: M | null;
  /** Takes the machine's own step, with the event that came or with another one. */
  step(event?: EventOf<R>): readonly EffectOf<R>[];
}

export interface Planted<R extends BugRole, M> {
  /** The configuration of every node of the role. */
  config?(config: ConfigOf<R>): ConfigOf<R>;
  /** Instead of a step. */
  around?(step: Around<R, M>): readonly EffectOf<R>[];
  /** What survives a page, and comes back. */
  page?(page: Page): Page;
  /** The rest of a node: what lives where, what is durable. */
  node?(node: NodeSpec): NodeSpec;
}

export interface Bug {
  /** Words with dashes between them, once in the zoo. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly does: string;
  /** The public threads that it was drawn from: `owner/project#number`, or `owner/project@commit`. */
  readonly threads: readonly string[];
  readonly role: BugRole;
  plant(world: World): World;
}

/** A bug of the machines that play `role`. */
export function bug<R extends BugRole, M = unknown>(
  role: R,
  name: string,
  threads: string | readonly string[],
  does: string,
  planted: Planted<R, M>,
): Bug {
  const machine =
    planted.around === undefined ? MACHINES[role] : wrapped(MACHINES[role] as AnyMachine, planted.around as never);
  return {
    name,
    does,
    threads: typeof threads === 'string' ? [threads] : threads,
    role,
    plant: (world) => ({ ...world, nodes: world.nodes.map((node) => (node.role === role ? plantIn(node) : node)) }),
  };

  function plantIn(node: NodeSpec): NodeSpec {
    const { page } = node;
    const changed: NodeSpec = {
      ...node,
      machine: machine as AnyMachine,
      config: planted.config === undefined ? node.config : planted.config(node.config as ConfigOf<R>),
      ...(page === undefined || planted.page === undefined ? {} : { page: planted.page(page) }),
    };
    return planted.node?.(changed) ?? changed;
  }
}

/** Where the memory of a bug stands in the state of its machine. */
const MEMORY = 'zoo';

function wrapped(inner: AnyMachine, around: (step: Around<never, unknown>) => readonly never[]): AnyMachine {
  return {
    ...inner,
    step(state: Record<string, unknown>, event: unknown, context: Context) {
      const step: Around<never, unknown> = {
        state: state as never,
        event: event as never,
        context,
        get memory() {
          return state[MEMORY] ?? null;
        },
        set memory(value) {
          state[MEMORY] = value;
        },
        step: (other) => inner.step(state, other ?? event, context) as readonly never[],
      };
      return around(step);
    },
  };
}
