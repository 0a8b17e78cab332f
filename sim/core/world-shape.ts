/** Whether what a scenario calls its world is one, in words of who wrote it: each part has its shape, and every name leads somewhere. */

import { policyProblems } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import type { ClientFacts, Facts, HerdFacts, Promises } from '../../src/facts.ts';
import type { LinkConfig } from '../../src/link/config.ts';
import { flawText } from '../faults/check.ts';
import { PATH_SHAPE } from '../networks/check.ts';
import type { Budgets } from './budgets.ts';
import type { Protocol } from './protocol.ts';
import {
  amount,
  anything,
  callable,
  listOf,
  must,
  object,
  oneOf,
  optional,
  type Shape,
  type Shapes,
  text,
  truth,
  wholeFrom,
} from './shape.ts';
import { BOUNDARY } from './vantage.ts';
import type { ApplicationSpec, NodeSpec, Supervision, World } from './world.ts';

const id = must('a name', (value) => typeof value === 'string' && value !== '' && !/[\s~]/.test(value));
const yes = must('true, or nothing', (value) => value === true);
const time = wholeFrom(0, 'microseconds');

const NODE = object(
  'a node with id, role, machine and config',
  {
    id,
    role: text,
    machine: object('a machine with kind, init and step', { kind: text, init: callable, step: callable }),
    config: anything,
    hosts: optional(listOf('a list of host names', text)),
    host: optional(id),
    starts: optional(truth),
    remote: optional(truth),
    quiesces: optional(truth),
    drains: optional(truth),
    supervised: optional(
      object('a supervision with after, starts and within', {
        after: time,
        starts: wholeFrom(1, 'starts'),
        within: time,
      } satisfies Shapes<Supervision>),
    ),
    next: optional(callable),
    sessions: optional(callable),
    durable: optional(truth),
    page: optional(
      object('a page with persist, revive and open', { persist: callable, revive: callable, open: callable }),
    ),
    browser: optional(callable),
  } satisfies Shapes<NodeSpec>,
  true,
);

const LINK = object('a link with node, ends, up, down and handshakeRoundTrips', {
  node: id,
  ends: must('two names of nodes', (value) => Array.isArray(value) && value.length === 2),
  up: PATH_SHAPE,
  down: PATH_SHAPE,
  handshakeRoundTrips: wholeFrom(1, 'round trips'),
} satisfies Shapes<LinkConfig>);

const APPLICATION = object('an application, as visit() makes them', {
  node: id,
  start: time,
  until: time,
  hears: optional(listOf('a list of effects', text)),
  open: callable,
} satisfies Shapes<ApplicationSpec>);

const texts = optional(listOf('a list of names', text));
const policy: Shape = (value, field) => {
  const [problem] = policyProblems(value as Policy, field);
  if (problem === undefined) return null;
  const { path, expected, got } = problem;
  return { field: path, expected, got: got === 'nothing' ? undefined : got };
};

/** What may be promised of leaks. */
export const NO_LEAK = must(
  'true, or { keeps: a list of texts }',
  (value) =>
    value === true ||
    (value !== null &&
      typeof value === 'object' &&
      Object.keys(value).join() === 'keeps' &&
      Array.isArray((value as { keeps: unknown }).keeps) &&
      (value as { keeps: unknown[] }).keeps.every((each) => typeof each === 'string' && each !== '')),
);

/** What laws may know. A protocol of somebody's own may say more of it, so other fields are its own affair. */
const FACT_SHAPES = {
  clients: listOf(
    'a list of clients, each with its node',
    object('a client with its node', {
      node: text,
      policy: optional(policy),
      deadAfter: optional(time),
      connected: optional(yes),
    } satisfies Shapes<ClientFacts>),
  ),
  roles: optional(object('roles by node', {})),
  errors: optional(object('what errors mean, by name', {})),
  writes: texts,
  allowedErrors: texts,
  convergeWithin: optional(time),
  diverges: optional(text),
  joinsLate: optional(truth),
  admits: optional(
    listOf('a list of servers with what they admit', object('a server with node and rate', { node: text })),
  ),
  herd: optional(
    object('a window, the most arrivals in it and the capacity', {
      window: wholeFrom(1, 'microseconds'),
      most: wholeFrom(1, 'arrivals'),
      capacity: amount,
    } satisfies Shapes<HerdFacts>),
  ),
  promises: optional(
    object(
      'an object of promises',
      {
        delivery: optional(oneOf('exactly-once', 'at-least-once', 'at-most-once')),
        order: optional(oneOf('per-stream', 'none')),
        backWithin: optional(time),
        completeWithin: optional(time),
        freshWithin: optional(time),
        backoff: optional((value, field) => (value === 'least' ? null : policy(value, field))),
        isolated: optional(
          must(
            '"by-key", or a function that says whether a client may see a stream',
            (value) => value === 'by-key' || typeof value === 'function',
          ),
        ),
        noLeak: optional(NO_LEAK),
      } satisfies Shapes<Promises>,
      true,
    ),
  ),
} satisfies Shapes<Facts>;
const FACTS = object('an object with `clients`', FACT_SHAPES);
/** Those that a world says; `roles` follow from its nodes. */
const FACT_NAMES = Object.keys(FACT_SHAPES).filter((name) => name !== 'roles');

const WORLD = object('a world with nodes, links and applications', {
  nodes: listOf('nodes, a list', NODE),
  links: listOf('links, a list', LINK),
  serviceDelay: time,
  serviceSpread: optional(time),
  applications: listOf('applications, a list', APPLICATION),
  facts: FACTS,
  stayUntil: optional(time),
  conditions: text,
  budgets: optional(
    object('budgets, any of events, time, queue, dials and instant', {
      events: optional(amount),
      time: optional(amount),
      queue: optional(amount),
      dials: optional(amount),
      instant: optional(amount),
    } satisfies Shapes<Budgets>),
  ),
  scales: optional(listOf('a list of durations', time)),
  ties: optional(oneOf('shuffled')),
  harm: optional(object('the harm with at and lasts', { at: time, lasts: time })),
} satisfies Shapes<World>);

/** Throws in one line for a world of another shape, or in which a name is given twice or leads nowhere. */
export function mustBeWorld(given: unknown, protocol?: Pick<Protocol<never>, 'vocabulary'>): asserts given is World {
  const flaw = WORLD(given, 'world');
  if (flaw !== null) throw new Error(`${flawText(flaw)}${hint(given)}`);
  const { nodes, links, applications, facts } = given as World;
  const names = new Set<string>();
  for (const name of [...nodes.map((node) => node.id), ...links.map(({ node }) => node)]) {
    if (names.has(name)) throw new Error(`\`world\`: expected different names of nodes and links, got two of ${name}`);
    names.add(name);
  }
  const ids = new Set(nodes.map((node) => node.id));
  const behind = new Set<string>();
  for (const { node } of applications) {
    if (behind.has(node)) throw new Error(`\`world.applications\`: expected one for each node, got two for ${node}`);
    behind.add(node);
  }
  const { roles: _roles, ...said } = facts;
  const unheard = protocol === undefined ? Object.keys(said).find((name) => !FACT_NAMES.includes(name)) : undefined;
  if (unheard !== undefined)
    throw new Error(`\`world.facts\`: expected no field besides ${FACT_NAMES.join(', ')}, got "${unheard}"`);
  const kinds = [...BOUNDARY, ...(protocol?.vocabulary?.kinds ?? [])];
  const unwritten = facts.writes?.find((kind) => !kinds.includes(kind));
  if (unwritten !== undefined)
    throw new Error(`\`world.facts.writes\`: expected some of ${kinds.join(', ')}, got "${unwritten}"`);
  const named: readonly (readonly [string, readonly string[]])[] = [
    ['links[].ends', links.flatMap(({ ends }) => ends)],
    ['applications[].node', [...behind]],
    ['facts.clients[].node', facts.clients.map(({ node }) => node)],
    ['nodes[].host', nodes.flatMap(({ host }) => host ?? [])],
  ];
  for (const [where, all] of named) {
    const stranger = all.find((name) => !ids.has(name));
    if (stranger !== undefined)
      throw new Error(`\`world.${where}\`: expected the name of a node (${[...ids].join(', ')}), got "${stranger}"`);
  }
}

/** What is made for another protocol looks nearly right. */
const hint = (given: unknown): string =>
  typeof given === 'object' && given !== null && 'stories' in given
    ? ' (a world of buildWorld belongs to a sessionScenario)'
    : '';
