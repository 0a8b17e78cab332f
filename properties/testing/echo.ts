/** A world that speaks no protocol of ours: clients dial a server that takes every connection, and dial again when one is lost. */
import { balanced } from '../../sim/core/balanced.ts';
import type { Scenario } from '../../sim/core/scenario.ts';
import { visit } from '../../sim/core/visit.ts';
import type { NodeSpec, World } from '../../sim/core/world.ts';
import { drawPlan } from '../../sim/faults/draw.ts';
import { menuOf } from '../../sim/faults/menu.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import type { Context, Machine } from '../../src/machine.ts';
import { at, seconds } from '../../src/time.ts';
import type { TransportEffect, TransportEvent } from '../../src/transport.ts';

type Event =
  | TransportEvent
  | { readonly type: 'start' | 'leave' | 'message'; readonly from?: string; readonly message?: { op: number } };
type Effect = TransportEffect | { readonly type: 'post'; readonly to: string; readonly message: unknown };

interface Dialler {
  on: boolean;
  conn: number;
}

const dial = (state: Dialler, context: Context): readonly Effect[] => {
  state.conn = context.newConn();
  return [{ type: 'dial', conn: state.conn, to: 'lb' }];
};

const dialler: Machine<null, Dialler, Event, Effect> = {
  kind: 'dialler',
  init: () => ({ on: false, conn: 0 }),
  step(state, event, context) {
    if (event.type === 'start') {
      state.on = true;
      return dial(state, context);
    }
    if (event.type === 'leave') {
      state.on = false;
      return [{ type: 'terminate', conn: state.conn, how: 'rst' }];
    }
    return event.type === 'closed' && event.conn === state.conn && state.on ? dial(state, context) : [];
  },
};

const taker: Machine<null, Record<string, never>, Event, Effect> = {
  kind: 'taker',
  init: () => ({}),
  step(_, event) {
    if (event.type === 'incoming') return [{ type: 'accept', conn: event.conn }];
    if (event.type !== 'message') return [];
    return [
      { type: 'post', to: event.from as string, message: { type: 'probed', op: event.message?.op, ready: true } },
    ];
  },
};

/** As many clients as a seed draws, one or two. */
export const echo: Scenario<World> = {
  name: 'test/echo',
  title: 'clients that dial again',
  sometimes: [],
  world({ dice }) {
    const node = (id: string, role: string, machine: unknown): NodeSpec => ({
      ...{ id, role, machine: machine as NodeSpec['machine'], config: null },
      starts: role !== 'client',
    });
    const clients = ['c1', 'c2'].slice(0, dice.between('clients', 1, 2)).map((id) => node(id, 'client', dialler));
    return {
      ...balanced(clients, [node('s1', 'server', taker)], networkNamed('wifi')),
      applications: clients.map(({ id }) => visit(id, { start: at(0), until: at(seconds(5)) })),
      facts: { clients: [] } as unknown as World['facts'],
      conditions: `${clients.length} of two`,
    };
  },
  plan: (setting, world) => drawPlan(setting, menuOf(world, ['reset', 'cleanClose'])),
};
