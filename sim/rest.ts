/** What is left when nothing is left to happen: timers, connections, sessions. Read from outside, for the law no-leak. */
import type { EntryOf } from '../src/history.ts';
import type { LinkState } from '../src/link/state.ts';
import type { StoreState } from '../src/store/state.ts';
import type { World } from './scenario.ts';
import type { Universe } from './universe.ts';

export function atRest(universe: Universe, world: World): EntryOf<'rest'> {
  const { kernel } = universe;
  const timers = kernel.nodes.flatMap((node) =>
    node.timers.armed().map(({ event }) => ({ node: node.id, timer: event.timer, key: event.key })),
  );
  const conns = kernel.nodes.flatMap(({ id, machine, state }) =>
    machine.kind === 'link'
      ? Object.keys((state as LinkState).conns).map((conn) => ({ node: id, conn: Number(conn) }))
      : [],
  );
  const { sessions } = universe.node(world.store.node).state as StoreState;
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
