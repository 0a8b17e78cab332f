/**
 * The full fidelity: one replication of a storm among real clients, links and a real server, each the machine that ships.
 *
 * Nothing is taken from the lean kernel but its luck and its books: what a client does, when a dial is answered and who is
 * admitted follow from machines that know nothing of storms. So where both agree, the lean one leaves out nothing that
 * matters.
 */
import type { Law } from '../../../properties/laws/law.ts';
import { admission } from '../../../properties/laws/session/admission.ts';
import { backoff } from '../../../properties/laws/session/backoff.ts';
import { oneOwner } from '../../../properties/laws/session/one-owner.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import { after, type Instant, us } from '../../../src/time.ts';
import { CONNS_PER_NODE } from '../../../src/transport.ts';
import type { Budgets } from '../../core/budgets.ts';
import type { AnyEvent } from '../../core/kernel.ts';
import type { BreachReport } from '../../core/outcome.ts';
import type { Protocol } from '../../core/protocol.ts';
import { Running } from '../../core/running.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { World } from '../../core/world.ts';
import { faultsOf } from '../../faults/catalogue.ts';
import type { Network } from '../../networks/network.ts';
import type { SessionWitness } from '../../session/observe.ts';
import { session } from '../../session/protocol.ts';
import { Clients } from '../storm/clients.ts';
import { Luck } from '../storm/luck.ts';
import type { StormRun } from '../storm/run.ts';
import type { Storm } from '../storm/storm.ts';
import { Books } from './books.ts';
import { type Refused, stormDice } from './dice.ts';
import { flawOf } from './limits.ts';
import { SERVER } from './names.ts';
import { outagesOf } from './outage.ts';
import { begins, linkFor, worldOf } from './world.ts';

export interface UniverseOptions {
  /** Any text; the same seed and replication are the luck of the lean kernel, dial by dial. */
  readonly seed: string;
  readonly replication: number;
  /** Instead of links that take the round trip of the storm: a real access network. */
  readonly network?: Pick<Network, 'up' | 'down'>;
  /** What it is judged by. Default: `STORM_LAWS`. */
  readonly laws?: readonly Law[];
}

export interface UniverseRun extends StormRun {
  /** Laws that were broken: none, unless a policy or a machine does what it must not. */
  readonly breaches: readonly BreachReport[];
  readonly digest: string;
}

/** What matters in a storm: no server admits more than it can, no client waits otherwise than its policy says, no session has two owners. */
export const STORM_LAWS: readonly Law[] = [admission, backoff, oneOwner];

/** Without what is measured of other runs. */
const { measure: _, ...spoken } = session;
const protocol: Protocol<World> = {
  ...(spoken as unknown as Protocol<World>),
  cast: (world) => world,
  figures: [],
  targets: {},
};

/** Throws in one line for a storm that the universe cannot have. */
export function runStormInUniverse(storm: Storm, policy: Policy, options: UniverseOptions): UniverseRun {
  const { seed, replication, network, laws = STORM_LAWS } = options;
  const flaw = flawOf(storm, network !== undefined);
  if (flaw !== null) throw new RangeError(flaw);
  const luck = new Luck(seed, replication);
  const clients = new Clients(storm, luck);
  const refused: Refused = { client: 0 };
  const from = begins(storm, policy);
  const link = network ?? linkFor(storm);
  const books = new Books(storm, clients, refused, from, link.up.delay);
  const { kind, plan } = outagesOf(
    {
      storm,
      clients,
      luck,
      begins: (outage, lost) => books.begins(outage, lost),
      ends: (outage) => books.ends(outage),
    },
    from,
  );
  const scenario = { name: 'lab/storm', title: '', sometimes: [], protocol, faults: [kind] } as unknown as Scenario;
  const world = worldOf(storm, policy, link, books);
  const running = new Running({
    scenario,
    setting: {
      dice: stormDice(seed, replication, clients, refused),
      input: null,
      network: null,
      policy: null,
      cell: {},
      faults: faultsOf(scenario),
    },
    described: world,
    world,
    plan,
    options: {
      plan,
      laws,
      budgets: budgetsOf(storm, from),
      observe: ({ witness }) => books.watch(witness as unknown as SessionWitness),
    },
    watch: {},
  });
  const { kernel } = running;
  books.finished = () => {
    kernel.isDecided = true;
  };
  running.begin();
  letIn(running, storm);
  const { breaches, events, ended, digest } = running.finish();
  return { ...books.run(events, ended), breaches, digest };
}

/** Before the storm nobody is refused: who arrives earlier than it set out to, because paths vary, finds room. */
function letIn({ universe }: Running, { clients }: Storm): void {
  universe.deliver(universe.wiring.node(SERVER), { type: 'share', share: { num: clients, of: 1 } } as AnyEvent);
}

/** It ends at its horizon, if not before; nothing else may end it. */
const budgetsOf = ({ horizon }: Storm, from: Instant): Budgets => ({
  events: Number.POSITIVE_INFINITY,
  time: after(from, us(horizon)),
  queue: Number.POSITIVE_INFINITY,
  dials: CONNS_PER_NODE - 1,
});
