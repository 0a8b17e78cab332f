/** What somebody writes in a `*.hangup.ts`, and whether it is that. */
import type { Law } from '../../properties/laws/law.ts';
import { meant } from '../cli/names.ts';
import { LAW } from '../core/definition.ts';
import type { AnyMachine } from '../core/record.ts';
import type { Claim } from '../core/scenario.ts';
import {
  anything,
  callable,
  listOf,
  must,
  object,
  optional,
  type Shape,
  type Shapes,
  text,
  truth,
  wholeFrom,
} from '../core/shape.ts';
import { shown } from '../core/shown.ts';
import type { NodeSpec } from '../core/world.ts';
import { flawText } from '../faults/check.ts';
import type { AnyKind } from '../faults/kind.ts';
import type { Figure } from '../figures/figure.ts';
import { NETWORK_SHAPE } from '../networks/check.ts';
import type { Network } from '../networks/network.ts';
import { findNetwork, NETWORKS } from '../networks/presets.ts';
import type { TargetUse } from '../targets/target.ts';
import { PROMISE_NAMES, PROMISES, type Promises } from './promises.ts';
import type { Story } from './story.ts';

/**
 * What stands at one end: a module of yours, by its path from the file that names it, which is bundled and run as it is; or
 * a machine, for code that keeps to hangup's contract; or what `hostServer` and `peer` make.
 */
export type Side = string | AnyMachine | Part;

/** A machine in its place: what is said of a node in a world, without its name. */
export interface Part extends Omit<NodeSpec, 'id' | 'role' | 'config' | 'host' | 'starts'> {
  readonly config?: unknown;
  /** The functions that a story may call; any, where it does not say. */
  readonly exports?: readonly string[];
  /** Laws that judge whatever plays this part. */
  readonly laws?: readonly Law[];
}

export interface SystemDefinition {
  /** As on the command line: letters, digits and `- _ . +` between slashes. */
  readonly name: string;
  /** One line for `hangup list scenarios`; by default which modules it runs. */
  readonly title?: string;
  /** Runs in a browser-like realm, one for each client. */
  readonly client: Side;
  /** Runs in a Node-like realm, one for each server. */
  readonly server: Side;
  /** 1 to 100. Default 2. */
  readonly clients?: number;
  /** 1 to 20. Default 1. */
  readonly servers?: number;
  /** Whether a balancer stands before the servers. Default: where there is more than one. */
  readonly balancer?: boolean;
  /** Host names by which URLs of the client lead to the servers, with a port where it is not that of the scheme. Default: `server`. */
  readonly hosts?: readonly string[];
  /**
   * The clients' access: a preset (`hangup list networks`), a network, or several of them, of which a seed draws one.
   * Default: `wifi`, `lte`, `3g` and `mobile-loss-5`.
   */
  readonly network?: string | Network | readonly (string | Network)[];
  /**
   * Kinds of faults by name (`hangup list faults`), and kinds of your own; or `{ without: ['crash'] }`: all that hit something of
   * this system, without these. Default: all of them; `[]`: nothing goes wrong.
   */
  readonly faults?: readonly (string | AnyKind)[] | { readonly without: readonly string[] };
  /** How long the story goes on, and faults begin. Default `'60s'`; a run goes on until everything had time to recover. */
  readonly lasts?: string;
  /** Who calls what, when. Default: clients open their pages, stay and leave. */
  readonly story?: Story;
  readonly promises?: Promises;
  /** Claims that must come true in some run, or the sweep has not tested what it says. */
  readonly sometimes?: readonly Claim[];
  /** Laws of your own, besides those that promises choose. */
  readonly laws?: readonly Law[];
  readonly figures?: readonly Figure[];
  readonly targets?: readonly TargetUse[];
  /**
   * Environment variables of the servers; in a client's module they are put in where it says `process.env.NAME`, as bundlers
   * do.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** The file that paths are relative to: `import.meta.url`. Default: the file that calls `system`. */
  readonly from?: string | URL;
}

const isMachine = (value: unknown): value is AnyMachine =>
  value !== null &&
  typeof value === 'object' &&
  ['init', 'step'].every((name) => callable((value as never)[name], '') === null);

const isPart = (value: unknown): value is Part =>
  value !== null && typeof value === 'object' && isMachine((value as Partial<Part>).machine);

const side = (module: string, model: string): Shape =>
  must(
    `the path of a module such as './${module}', ${model}, or a machine`,
    (value) => (typeof value === 'string' && value !== '') || isMachine(value) || isPart(value),
  );

const network: Shape = (value, field) => {
  if (typeof value !== 'string') return NETWORK_SHAPE(value, field);
  if (findNetwork(value) !== undefined) return null;
  const names = NETWORKS.map(({ name }) => name);
  return { field, expected: `a network of hangup list networks${meant(value, names)}`, got: value };
};

const networks: Shape = (value, field) =>
  Array.isArray(value)
    ? value.length === 0
      ? { field, expected: 'one network at the least', got: value }
      : listOf('a list of networks', network)(value, field)
    : network(value, field);

const kind: Shape = (value, field) =>
  typeof value === 'string' || (value !== null && typeof value === 'object' && 'name' in value && 'begin' in value)
    ? null
    : { field, expected: 'the name of a kind of fault (hangup list faults), or what fault() makes', got: value };

/** A name and its port, as they stand in a URL. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?$/;

const someHosts = listOf(
  'a list of host names',
  must(
    "a host name in lower case such as 'api.example.com' or 'localhost:8080'",
    (value) => typeof value === 'string' && HOST.test(value),
  ),
);
const hosts: Shape = (value, field) =>
  Array.isArray(value) && value.length === 0
    ? { field, expected: 'one host name at the least', got: value }
    : someHosts(value, field);

const kinds = listOf('a list of kinds of faults', kind);
const exceptions = object(
  "a list of kinds of faults, or all `{ without: ['crash'] }`",
  { without: listOf('a list of names of kinds of faults', text) },
  true,
);
const faults: Shape = (value, field) => (Array.isArray(value) ? kinds : exceptions)(value, field);

/** As they stand in a shell, and in `process.env.NAME`. */
const VARIABLE = /^[A-Za-z_]\w*$/;

const env: Shape = (value, field) => {
  const flaw = object('an object of texts', {})(value, field);
  if (flaw !== null) return flaw;
  for (const [name, each] of Object.entries(value as object)) {
    if (!VARIABLE.test(name)) return { field, expected: 'names of letters, digits and _', got: name };
    if (typeof each !== 'string') return { field: `${field}.${name}`, expected: 'a text', got: each };
  }
  return null;
};

const SHAPES = {
  name: anything,
  title: optional(text),
  client: side('chat.client.ts', 'a peer'),
  server: side('chat.server.ts', 'what hostServer() makes'),
  clients: optional(wholeFrom(1, 'clients', 100)),
  servers: optional(wholeFrom(1, 'servers', 20)),
  balancer: optional(truth),
  hosts: optional(hosts),
  network: optional(networks),
  faults: optional(faults),
  lasts: anything,
  story: optional(callable),
  promises: optional(PROMISES),
  sometimes: optional(listOf('a list of claims', anything)),
  laws: optional(listOf('a list of laws', LAW)),
  figures: optional(listOf('a list of figures', anything)),
  targets: optional(listOf('a list of targets', anything)),
  env: optional(env),
  from: optional(
    must(
      'import.meta.url',
      (value) => value instanceof URL || (typeof value === 'string' && value.startsWith('file:')),
    ),
  ),
} satisfies Shapes<SystemDefinition>;

/** Throws in one line, with the field, what is expected there and what was probably meant, for what is no definition. */
export function mustBeSystem(given: unknown): asserts given is SystemDefinition {
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    throw new Error(`system: expected an object with name, client and server, got ${shown(given)}`);
  mustKnow(given, Object.keys(SHAPES), '');
  const { name, promises } = given as Partial<SystemDefinition>;
  const where = typeof name === 'string' ? `${name}: ` : 'system: ';
  if (promises !== null && typeof promises === 'object') mustKnow(promises, PROMISE_NAMES, 'promises.', where);
  for (const [field, shape] of Object.entries<Shape>(SHAPES)) {
    const value = (given as Readonly<Record<string, unknown>>)[field];
    const flaw = shape(value, field);
    if (flaw !== null) throw new Error(`${where}${flawText(flaw)}`);
  }
}

function mustKnow(given: object, names: readonly string[], before: string, where = 'system: '): void {
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw new Error(
      `${where}\`${before}${stranger}\`: expected no field besides ${names.join(', ')}${meant(stranger, names)}`,
    );
}

/** A side that is no module, as what is said of a node. */
export const partOf = (given: AnyMachine | Part): Part => (isMachine(given) ? { machine: given } : (given as Part));
