/** What is left when nothing is left to happen: timers, connections, sessions. Read from outside, for the law no-leak. */
import type { EntryOf } from '../../src/history.ts';
import type { LinkState } from '../../src/link/tcp/state.ts';
import type { Node } from './kernel.ts';
import type { Universe } from './universe.ts';

export function atRest({ kernel }: Universe): EntryOf<'rest'> {
  const timers: EntryOf<'rest'>['timers'][number][] = [];
  const conns: EntryOf<'rest'>['conns'][number][] = [];
  const sessions: number[] = [];
  const { timers: table } = kernel;
  let keeper: Node | undefined;
  for (const node of kernel.nodes) {
    const { id, index, ends, spec, state } = node;
    for (const timer of table.armedOf(index))
      timers.push({ node: id, timer: table.nameOf(timer).name, key: table.keyOf(timer) });
    if (ends !== null) for (const conn in (state as LinkState).conns) conns.push({ node: id, conn: Number(conn) });
    if (spec.sessions === undefined) continue;
    sessions.push(...spec.sessions(state));
    keeper ??= node;
  }
  const { id: node = '' } = keeper ?? kernel.nodes[0] ?? {};
  return { at: kernel.now, node, event: kernel.event, kind: 'rest', timers, conns, sessions };
}
