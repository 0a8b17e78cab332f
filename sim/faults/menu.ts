/**
 * The menu of any world: for plans that are drawn from kinds which the scenario itself never thought of.
 *
 * What can be hit are the world's own clients, their access links and its servers; faults begin at any moment of the
 * longest story, and last as long as people have seen outages last without giving up.
 */
import { type Instant, ms, seconds } from '../../src/time.ts';
import type { Story, World } from '../scenario.ts';
import type { Menu } from './kind.ts';
import type { FaultKind } from './plan.ts';

/** One to four faults of these kinds, anywhere in the world and in its stories. */
export function menuOf(world: World, kinds: readonly FaultKind[]): Menu {
  const clients = world.clients.map(({ node }) => node);
  return {
    kinds,
    count: [1, 4],
    from: ms(50) as number as Instant,
    until: Math.max(seconds(1), world.stayUntil, ...world.stories.map((story) => endOf(story, world))) as Instant,
    lasts: [ms(20), seconds(20)],
    links: world.links.filter(({ ends }) => clients.includes(ends[0])).map(({ node }) => node),
    clients,
    servers: world.servers.map(({ node }) => node),
  };
}

/** When a story would end if nothing went wrong, roughly: waits, and answers at the agent's mean pace. */
function endOf({ start, turns }: Story, { agents, contents }: World): number {
  const [agent] = agents;
  let end: number = start;
  for (const { ask, wait } of turns) {
    end += wait;
    const content = ask < 0 ? undefined : contents[ask % contents.length];
    if (agent !== undefined && content !== undefined)
      end += agent.firstChunk + agent.chunkInterval * content.chunks.length;
  }
  return end;
}
