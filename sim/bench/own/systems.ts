/**
 * Somebody's own code as benchmarks run it: published clients against a server that answers and ticks, for 120 virtual
 * seconds, half of them with a fault about every six seconds.
 */
import { type Instant, ms, seconds } from '../../../src/time.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { World } from '../../core/world.ts';
import { drawPlan } from '../../faults/draw.ts';
import { menuOf } from '../../faults/menu.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import type { Side } from '../../system/definition.ts';
import { type Guest, hostServer } from '../../system/host-server.ts';
import { system } from '../../system/system.ts';

/** How often something happens, in twenty times: most often a connection is lost, and now and then a server. */
const OFTEN = { reset: 9, halfOpen: 3, cut: 3, crash: 3, cleanClose: 2 } as const;
const KINDS = Object.entries(OFTEN).flatMap(([kind, often]) => Array.from({ length: often }, () => kind));
const FAULTS = 10;
const FAULTY = seconds(60);
const TICK = '700ms';

/** Promises of a client that reconnects, such that laws have something to look at. */
const PROMISED = { order: 'per-stream', backWithin: '46s', backoff: 'least', noLeak: true } as const;

function of(name: string, client: string, server: Side, clients: number, promises: object): Scenario<World> {
  return {
    ...system({
      name: `own/${name}`,
      client,
      server,
      clients,
      network: 'wifi',
      faults: Object.keys(OFTEN),
      lasts: '60s',
      story: ({ times, client: each }) => [times(20, ['3s', '3s'], each.send, (n) => `m${n}`)],
      promises,
      from: import.meta.url,
    }),
    plan(setting, world) {
      const menu = menuOf(world, []);
      const one = (): FaultPlan =>
        drawPlan(setting, {
          ...menu,
          kinds: [setting.dice.pick('bench/kind', KINDS)],
          count: [1, 1],
          until: FAULTY as number as Instant,
          lasts: [ms(20), seconds(6)],
        });
      return Array.from({ length: FAULTS }, one)
        .flat()
        .sort((a, b) => a.at - b.at);
    },
  };
}

const echo = (): Side =>
  hostServer({
    state: () => ({ ticks: 0 }),
    message: (guest, text) => guest.send(`echo:${text}`),
    every: {
      [TICK]: (server) => {
        server.state.ticks++;
        server.broadcast(`t${server.state.ticks}`);
      },
    },
  });

const graphql = (): Side =>
  hostServer({
    state: () => ({ ticks: 0 }),
    message: graphqlMessage,
    every: {
      [TICK]: ({ state, guests }) => {
        state.ticks++;
        for (const guest of guests)
          for (const id of subscriptionsOf(guest))
            guest.send(JSON.stringify({ id, type: 'next', payload: { data: { ticks: state.ticks } } }));
      },
    },
  });

const subscriptionsOf = ({ data }: Guest): Set<string> => {
  data.subscriptions ??= new Set<string>();
  return data.subscriptions as Set<string>;
};

/** As much of graphql-transport-ws as the client needs. */
function graphqlMessage(guest: Guest, message: unknown): void {
  const { type, id, payload } = JSON.parse(String(message)) as {
    readonly type: string;
    readonly id: string;
    readonly payload?: { readonly query: string; readonly variables?: { readonly text: string } };
  };
  switch (type) {
    case 'connection_init':
      guest.send('{"type":"connection_ack"}');
      return;
    case 'ping':
      guest.send('{"type":"pong"}');
      return;
    case 'subscribe':
      if (payload?.query.startsWith('mutation') !== true) {
        subscriptionsOf(guest).add(id);
        return;
      }
      guest.send(JSON.stringify({ id, type: 'next', payload: { data: { send: payload.variables?.text } } }));
      guest.send(JSON.stringify({ id, type: 'complete' }));
      return;
    case 'complete':
      subscriptionsOf(guest).delete(id);
  }
}

/** One system, with what it promises and without. */
export interface OwnSystem {
  readonly name: string;
  readonly promised: Scenario<World>;
  readonly bare: Scenario<World>;
  /** What a prototype calls the same client. */
  readonly peer: string;
}

const both = (name: string, peer: string, client: string, server: () => Side, clients: number): OwnSystem => ({
  name,
  peer,
  promised: of(name, client, server(), clients, PROMISED),
  bare: of(name, client, server(), clients, {}),
});

export const ownSystems = (): readonly OwnSystem[] => [
  both('reconnecting-websocket', 'rws', './reconnecting.client.mjs', echo, 1),
  both('partysocket', 'partysocket', './partysocket.client.mjs', echo, 1),
  both('graphql-ws', 'graphqlws', './graphql.client.mjs', graphql, 1),
  both('ws', 'rws', './reconnecting.client.mjs', () => './echo.server.mjs', 2),
];
