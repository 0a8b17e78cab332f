/** What is left when nothing is left to happen: timers, connections, sessions. Read from outside, for the law no-leak. */
import type { EntryOf } from '../src/history.ts';
import type { LinkState } from '../src/link/state.ts';
import type { StoreState } from '../src/store/state.ts';
import type { World } from './scenario.ts';
import type { Universe } from './universe.ts';

export function atRest(universe: Universe, world: World): EntryOf<'rest'> {
  const { kernel } = universe;
  const timers: EntryOf<'rest'>['timers'][number][] = [];
  const conns: EntryOf<'rest'>['conns'][number][] = [];
  for (const { id, machine, state, timers: own } of kernel.nodes) {
    for (const { event } of own.armed()) timers.push({ node: id, timer: event.timer, key: event.key });
    if (machine.kind === 'link')
      for (const conn in (state as LinkState).conns) conns.push({ node: id, conn: Number(conn) });
  }
  const { sessions } = universe.wiring.node(world.store.node).state as StoreState;
  return {
    at: kernel.now,
    node: world.store.node,
    event: kernel.event,
    kind: 'rest',
    timers,
    conns,
    sessions: Object.keys(sessions).map(Number),
  };
}
