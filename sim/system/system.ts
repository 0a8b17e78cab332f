/**
 * `system({…})`: your client and your server as a scenario, which everything takes as it takes those of the catalogue.
 */
import { plus, seconds, us } from '../../src/time.ts';
import { mustBeScenario, mustGoTogether } from '../core/definition.ts';
import { settle } from '../core/home.ts';
import type { Scenario } from '../core/scenario.ts';
import type { World } from '../core/world.ts';
import { drawPlan } from '../faults/draw.ts';
import { anyTimeMenuOf } from '../faults/menu.ts';
import type { Network } from '../networks/network.ts';
import { networkNamed } from '../networks/presets.ts';
import { fileThatCalled } from './caller.ts';
import { choiceOf, kindsFor, mustChoose } from './choice.ts';
import { mustBeSystem, type SystemDefinition } from './definition.ts';
import { type Deployment, deployed } from './deployment.ts';
import { type End, endOf } from './ends.ts';
import { clientAt, isTested, modulesAt, mustBeSound, serverAt } from './modules.ts';
import { factsOf } from './promises.ts';
import { CONNECTED, protocolOf } from './protocol.ts';
import { linesOf, timeOf } from './story.ts';

/** On which a seed draws one: home, a phone, a phone far out, a phone on a bad day. */
const NETWORKS = ['wifi', 'lte', '3g', 'mobile-loss-5'];
const LASTS = '60s';
/** After story and faults, where nothing is promised: the longest wait of most policies, and a dial. */
const STAYS = seconds(30);
/** What was promised until then is judged while somebody is there. */
const MORE = seconds(2);

/**
 * A scenario of a client and a server of yours. Paths are relative to the file that calls it. Throws in one line that names
 * the field for what is no system; what is wrong with the modules themselves is told before the first run.
 */
export function system(definition: SystemDefinition): Scenario<World> {
  mustBeSystem(definition);
  const home = definition.from === undefined ? fileThatCalled(system) : String(definition.from);
  try {
    return made(definition, home);
  } catch (error) {
    throw new Error(`${definition.name}: ${(error as Error).message}`);
  }
}

function made(definition: SystemDefinition, home: string | null): Scenario<World> {
  const { name, clients = 2, servers = 1, story = () => [], sometimes = [], laws = [] } = definition;
  const { balancer = servers > 1, hosts = ['server'], promises = {} } = definition;
  if (servers > 1 && !balancer)
    throw new Error('`balancer`: expected true where there is more than one server, got false');
  const client = endOf(definition.client, home, 'browser', definition.env);
  const server = endOf(definition.server, home, 'node', definition.env);
  const lines = linesOf(story, clients, servers);
  const facts = factsOf(promises);
  const said = facts([]).promises;
  const networks = networksOf(definition.network ?? NETWORKS);
  const of: Deployment = {
    client: clientAt(client),
    server: serverAt(server),
    clients,
    servers,
    balancer,
    hosts,
    lasts: timeOf(definition.lasts ?? LASTS, 'lasts', 1_000_000),
    stays: plus(us(Math.max(said?.backWithin ?? 0, said?.completeWithin ?? 0) || STAYS), MORE),
    lines,
    facts,
  };
  const choice = choiceOf(definition.faults);
  const pages = 'module' in client;
  let isSound = false;
  const whole: Scenario<World> = {
    name,
    title: definition.title ?? titleOf(client, server),
    ...(networks.size > 1 ? { dimensions: { network: [...networks.keys()] } } : {}),
    protocol: protocolOf(isTested(client) && isTested(server), said ?? {}),
    faults: choice.own,
    sometimes: [CONNECTED, ...sometimes],
    laws: [...(of.client.laws ?? []), ...(of.server.laws ?? []), ...laws],
    figures: definition.figures ?? [],
    targets: definition.targets ?? [],
    ready() {
      // Asked by a command, and once more by its sweep; a bundle does not change meanwhile.
      if (!isSound) mustBeSound({ client, server }, lines);
      isSound = true;
    },
    modules: () => modulesAt([client, server]),
    world(setting) {
      const network = setting.network ?? (networks.get(setting.cell.network ?? '') as Network | undefined);
      return deployed(of, network ?? ([...networks.values()][0] as Network), setting);
    },
    plan: (setting, world) =>
      choice.names?.length === 0
        ? []
        : // Half-open connections and slow herds need long quiet stretches, which plans at moments leave no room for.
          drawPlan(setting, anyTimeMenuOf(world, kindsFor(choice, setting, world, pages))),
  };
  mustBeScenario(whole, 'system');
  mustGoTogether(whole);
  if (home !== null) settle(whole, home);
  mustChoose(choice, whole, { balancer, pages });
  return whole;
}

function networksOf(given: NonNullable<SystemDefinition['network']>): ReadonlyMap<string, Network> {
  const list = (Array.isArray(given) ? given : [given]) as readonly (string | Network)[];
  const all = list.map((each) => (typeof each === 'string' ? networkNamed(each) : each));
  return new Map(all.map((network) => [network.name, network]));
}

function titleOf(client: End, server: End): string {
  const named = (end: End, model: string): string => ('module' in end ? end.module.given : model);
  return `${named(client, 'a client')} and ${named(server, 'a server')}`;
}
