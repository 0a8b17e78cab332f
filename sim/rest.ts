/** What is left when nothing is left to happen: timers, connections, sessions. Read from outside, for the law no-leak. */
import type { EntryOf } from '../src/history.ts';
import type { LinkState } from '../src/link/state.ts';
import type { Universe } from './universe.ts';

export function atRest({ kernel }: Universe): EntryOf<'rest'> {
  const { nodes, now: at, event } = kernel;
  const timers = nodes.flatMap((node) =>
    node.timers.armed().map(({ event }) => ({ node: node.id, timer: event.timer, key: event.key })),
  );
  const conns = nodes.flatMap(({ id, ends, state }) =>
    ends === null ? [] : Object.keys((state as LinkState).conns).map((conn) => ({ node: id, conn: Number(conn) })),
  );
  const keeper = nodes.find(({ spec }) => spec.sessions !== undefined) ?? nodes[0];
  const sessions = nodes.flatMap(({ spec, state }) => spec.sessions?.(state) ?? []);
  return { at, node: keeper?.id ?? '', event, kind: 'rest', timers, conns, sessions };
}
