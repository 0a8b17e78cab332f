/** Worlds that are drawn whole: what bounds are derived from is what was drawn, and corners are met by seeds that are few. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { settingOf } from '../../sim/core/setting.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { contentsOf } from '../../sim/session/scenarios/conditions.ts';
import { SWARM } from '../../sim/session/scenarios/swarm/family.ts';
import { buildWorld, type Topology } from '../../sim/session/scenarios/topology.ts';
import { conversation } from '../../sim/session/scenarios/turns.ts';
import type { SessionWorld } from '../../sim/session/world.ts';
import { ms, seconds, us, ZERO } from '../../src/time.ts';

const [session] = SWARM;
if (session === undefined) throw new Error('no swarm');
const worlds: readonly SessionWorld[] = Array.from({ length: 400 }, (_, seed) =>
  session.world(settingOf(session, seed)),
);

const kinds = (of: (world: SessionWorld) => unknown): number =>
  new Set(worlds.map((world) => JSON.stringify(of(world)))).size;

describe('a world that is drawn whole', () => {
  test('differs in everything that a world is made of', () => {
    expect(kinds(({ clients }) => clients.length)).toBe(2);
    expect(kinds(({ servers }) => servers.length)).toBe(4);
    expect(kinds(({ balancer }) => balancer.sticky)).toBe(2);
    expect(kinds(({ ties }) => ties ?? null)).toBe(2);
    expect(kinds(({ serviceSpread }) => serviceSpread ?? null)).toBe(4);
    expect(kinds(({ store }) => [store.windowCount, store.windowBytes, store.windowAge])).toBe(7);
    expect(kinds(({ store }) => store.sessionTtl)).toBe(5);
    for (const many of [
      kinds(({ clients: [client] }) => client?.policy),
      kinds(({ links: [link] }) => link?.up),
      kinds(({ servers: [server] }) => [server?.heartbeatInterval, server?.deadAfter]),
      kinds(({ stories: [story] }) => story?.turns.map(({ ask, parallel }) => [ask, parallel])),
    ])
      expect(many).toBeGreaterThan(8);
  });

  test('is as usual in most of its features, and in another few each time', () => {
    const usual = (of: (world: SessionWorld) => boolean): number => worlds.filter(of).length / worlds.length;
    expect(usual(({ store }) => store.sessionTtl === seconds(300))).toBeGreaterThan(0.4);
    expect(usual(({ store }) => store.sessionTtl === seconds(300))).toBeLessThan(0.8);
    expect(usual(({ store }) => store.regenerate)).toBeGreaterThan(0.2);
  });

  test('tells laws the bounds of what was drawn', () => {
    for (const { facts, servers, store, clients } of worlds) {
      expect(facts.clients[0]?.deadAfter).toBe(servers[0]?.deadAfter);
      expect(facts.absence.sessionTtl).toBe(store.sessionTtl);
      expect(facts.clients[0]?.credit).toBe(clients[0]?.credit);
      expect(facts.diverges).toBeUndefined();
    }
  });
});

test('a bound of convergence is that of the client which is farthest away', () => {
  const network = networkNamed('wifi');
  const setting = settingOf(session, 1);
  const topology: Topology = {
    clients: 2,
    servers: 2,
    network,
    contents: contentsOf(setting, ['brief']),
    turns: () => conversation(1, () => 0, ms(50)),
  };
  const apart = (client: string, server: string): SessionWorld =>
    buildWorld({
      ...topology,
      farther: ([from, to]) => ({ up: from === client || to === server ? ms(100) : ZERO, down: ZERO }),
    });
  const longer = { ...network, up: { ...network.up, delay: us(network.up.delay + ms(100)) } };
  const all = buildWorld({ ...topology, network: longer }).facts.convergeWithin;
  expect(buildWorld(topology).facts.convergeWithin).toBeLessThan(all);
  for (const world of [apart('c1', 'none'), apart('c2', 'none'), apart('none', 's2')])
    expect(Math.abs(world.facts.convergeWithin - all)).toBeLessThan(ms(20));
});

test('no law is broken where nothing goes wrong, whatever was drawn', () => {
  for (const scenario of SWARM)
    for (let seed = 1; seed <= 12; seed++) {
      const { breaches, exceeded } = run(scenario, seed, { plan: [] });
      expect({ run: `${scenario.name}@${seed}`, breaches, exceeded }).toMatchObject({ breaches: [], exceeded: null });
    }
});
