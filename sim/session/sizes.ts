/**
 * Smaller worlds of our protocol: fewer clients, servers, turns of a story and chunks of an answer, with every bound that
 * follows from their number derived anew. What a scenario has set by hand instead of deriving it stays as it is: it was
 * promised of the larger world.
 */
import type { Content } from '../../src/content.ts';
import type { ClientConfig } from '../../src/session/client/config.ts';
import type { Facts } from '../../src/session/facts.ts';
import type { ServerConfig } from '../../src/session/server/config.ts';
import { cutParts } from '../content/cut.ts';
import type { Sizes, Sizing } from '../core/sizes.ts';
import { divergenceOf, rushOf } from './scenarios/admission.ts';
import { convergenceOf, longestStory } from './scenarios/bounds.ts';
import { herdFacts } from './scenarios/herd.ts';
import { connBuffer, parallel } from './scenarios/topology.ts';
import type { SessionWorld } from './world.ts';

export const sizing: Sizing<SessionWorld> = {
  of: ({ clients, servers, stories, contents }): Sizes => ({
    clients: clients.length,
    servers: servers.length,
    turns: longestStory(stories).length,
    chunks: Math.max(0, ...contents.map(({ chunks }) => chunks.length)),
  }),
  smaller: (world, sizes) => withFacts(world, fewer(world, sizes)),
};

/** The world with fewer of everything; its facts are those of before. */
function fewer(world: SessionWorld, { clients, servers, turns, chunks }: Sizes): SessionWorld {
  const people = world.clients.slice(0, clients);
  const machines = world.servers.slice(0, servers);
  const gone = new Set(
    [...world.clients.slice(people.length), ...world.servers.slice(machines.length)].map(({ node }) => node),
  );
  const stays = (node: string): boolean => !gone.has(node);
  const agents = new Set(machines.map(({ agent }) => agent));
  const contents = chunks === undefined ? world.contents : world.contents.map((content) => shorter(content, chunks));
  return {
    ...world,
    clients: people,
    servers: machines,
    agents: world.agents
      .filter(({ node }) => agents.has(node))
      .map((agent) => (chunks === undefined ? agent : { ...agent, contents: contents.map((each) => each.chunks) })),
    balancer: { ...world.balancer, backends: world.balancer.backends.filter(stays) },
    links: world.links.filter(({ ends }) => ends.every(stays)),
    stories: world.stories
      .filter(({ client }) => stays(client))
      .map((story) => ({ ...story, turns: story.turns.slice(0, turns) })),
    contents,
  };
}

/** What laws may know of it: where the larger world says what its number comes to, the smaller one says the same of its own. */
function withFacts(larger: SessionWorld, smaller: SessionWorld): SessionWorld {
  const { facts } = larger;
  const [before, now] = [derived(larger), derived(smaller)];
  const names = new Set(smaller.clients.map(({ node }) => node));
  const servers = new Set(smaller.servers.map(({ node }) => node));
  const anew = Object.fromEntries(
    (Object.keys(now) as (keyof typeof now)[])
      .filter((name) => JSON.stringify(before[name]) === JSON.stringify(facts[name]))
      .map((name) => [name, now[name]]),
  ) as Partial<Facts>;
  return {
    ...smaller,
    facts: {
      ...facts,
      clients: facts.clients.filter(({ node }) => names.has(node)),
      contents: smaller.contents.map(({ chunks }) => chunks),
      documents: smaller.contents,
      admits: facts.admits.filter(({ node }) => servers.has(node)),
      ...anew,
    },
  };
}

type Derived = Pick<Facts, 'convergeWithin' | 'absence' | 'connBufferBytes' | 'herd'> & {
  readonly diverges: Facts['diverges'] | undefined;
};

function derived(world: SessionWorld): Derived {
  const rush = rushOf(world);
  const [client] = world.clients as readonly ClientConfig[] as [ClientConfig];
  const [server] = world.servers as readonly ServerConfig[] as [ServerConfig];
  const turns = longestStory(world.stories);
  return {
    diverges: undefined,
    ...convergenceOf(world),
    ...divergenceOf(rush),
    connBufferBytes: connBuffer(client, parallel(turns), turns),
    herd: herdFacts({
      clients: world.clients.length,
      policy: client.policy,
      drainSpread: server.drainSpread,
      capacity: world.servers.length * (server.intake?.admitRate ?? 0),
      roundTrip: rush.roundTrip,
    }),
  };
}

/** The same content in at most so many chunks, once for a whole process. */
function shorter(content: Content, most: number): Content {
  if (content.chunks.length <= most) return content;
  const known = shortened.get(content) ?? new Map<number, Content>();
  shortened.set(content, known);
  const cut = known.get(most) ?? (content.kind === 'text' ? begun(content, most) : coarser(content, most));
  known.set(most, cut);
  return cut;
}

const shortened = new WeakMap<Content, Map<number, Content>>();

/** The beginning of a text. */
function begun(content: Content, most: number): Content {
  const chunks = content.chunks.slice(0, most);
  const end = chunks.at(-1)?.end ?? 0;
  return {
    ...content,
    bytes: content.bytes.subarray(0, end),
    parts: content.parts.filter(({ start }) => start < end).map((part) => ({ ...part, end: Math.min(part.end, end) })),
    chunks: chunks.map((chunk, i) => ({ ...chunk, fin: i === chunks.length - 1 })),
  };
}

/** All of it in larger chunks, because half a document is none; as near as the size of chunks and the number of parts allow. */
function coarser(content: Content, most: number): Content {
  const number = content.chunks[0]?.content ?? 0;
  let best = content;
  for (let wanted = most; wanted >= 1; wanted = Math.floor(wanted / 2)) {
    const cut = cutParts(content.name, content.kind, content.bytes, content.parts, { chunks: wanted });
    if (cut.chunks.length < best.chunks.length) best = cut;
    if (cut.chunks.length <= most) break;
  }
  return { ...best, chunks: best.chunks.map((chunk) => ({ ...chunk, content: number })) };
}
