/**
 * Checking of plans that nobody drew: whether each fault is one that its kind can carry out, in a world that has what it
 * names. The kinds themselves say what they take.
 */
import type { World } from '../scenario.ts';
import { FAULT_KINDS, kindOf } from './catalogue.ts';
import { node, type Parameter, type Sort, time } from './parameter.ts';
import type { Fault, FaultKind, FaultPlan } from './plan.ts';

/** What is wrong with a plan: where, what stands there, and what ought to. */
export interface Flaw {
  /** `plan[0].times` */
  readonly field: string;
  readonly expected: string;
  readonly got: unknown;
}

/** The first flaw of what claims to be a plan, whatever its world; null for a sound one. */
export function flawOf(plan: unknown): Flaw | null {
  if (!Array.isArray(plan)) return { field: 'plan', expected: 'a list of faults', got: plan };
  for (const [index, fault] of plan.entries()) {
    const field = `plan[${index}]`;
    if (fault === null || typeof fault !== 'object')
      return { field, expected: 'a fault with kind, target and at', got: fault };
    const { kind } = fault as { kind: unknown };
    if (!FAULT_KINDS.includes(kind as FaultKind))
      return { field: `${field}.kind`, expected: 'a kind of fault', got: kind };
    for (const [name, { expected, accepts }] of parametersOf(kind as FaultKind))
      if (!accepts(fault[name], fault)) return { field: `${field}.${name}`, expected, got: fault[name] };
  }
  return null;
}

/** The first name in a sound plan that this world does not have, or has for something else; null for none. */
export function strangerIn(plan: FaultPlan, world: World): Flaw | null {
  for (const [index, fault] of plan.entries())
    for (const [name, { names }] of parametersOf(fault.kind)) {
      if (names === undefined) continue;
      const known = NODES[names](world);
      const value = fault[name as keyof Fault] as string | readonly string[];
      for (const got of typeof value === 'string' ? [value] : value)
        if (!known.includes(got))
          return { field: `plan[${index}].${name}`, expected: `the name of a ${names} (${shown(known)})`, got };
    }
  return null;
}

/** What all faults have, and then what this kind has. */
function parametersOf(kind: FaultKind): readonly (readonly [name: string, parameter: Parameter])[] {
  const { hits, parameters } = kindOf(kind);
  return [['target', node('what it hits', hits)], ['at', WHEN], ...Object.entries<Parameter>(parameters)];
}

const WHEN = time('when it begins');

const NODES: { readonly [S in Sort]: (world: World) => readonly string[] } = {
  link: ({ links }) => links.map(({ node }) => node),
  client: ({ clients }) => clients.map(({ node }) => node),
  server: ({ servers }) => servers.map(({ node }) => node),
  balancer: ({ balancer }) => [balancer.node],
  store: ({ store }) => [store.node],
  auth: ({ auth }) => [auth.node],
};

/** Worlds may have ten thousand clients. */
const shown = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(', ')}, …` : names.join(', ');
