/**
 * Checking of plans that nobody drew: whether each fault is one that its kind can carry out, in a world that has what it
 * names. The kinds themselves say what they take.
 */

import { perObject } from '../core/per-object.ts';
import { NEUTRAL_PHASES, type Phases } from '../core/phases.ts';
import { shown } from '../core/shown.ts';
import type { World } from '../core/world.ts';
import { durationOf, type Faults } from './catalogue.ts';
import type { AnyKind } from './kind.ts';
import { flawOfMoment, strangerInMoment } from './moment.ts';
import { node, type Parameter, type Sort, time } from './parameter.ts';
import type { Fault, FaultPlan } from './plan.ts';

/** What is wrong with a plan: where, what stands there, and what ought to. */
export interface Flaw {
  /** `plan[0].times` */
  readonly field: string;
  readonly expected: string;
  readonly got: unknown;
}

/** The flaw in words: the field, the expected form, and what stands there. */
export const flawText = ({ field, expected, got }: Flaw): string =>
  `\`${field}\`: expected ${expected}, got ${shown(got)}`;

/** A plan may have so many faults: a hundred times what a run was ever drawn, and few enough to be carried out. */
export const MOST_FAULTS = 10_000;

/**
 * So much virtual time may pass until a fault is over: a day, which is half a million events of one idle client. A run
 * goes on for as long as its faults do, and its budgets follow, so without a bound a plan from a file would hang it.
 */
const LATEST_END = 24 * 3_600_000_000;

/** The first flaw of what claims to be a plan of these kinds, whatever its world; null for a sound one. */
export function flawOf(plan: unknown, faults: Faults): Flaw | null {
  if (!Array.isArray(plan)) return { field: 'plan', expected: 'a list of faults', got: plan };
  if (plan.length > MOST_FAULTS) return { field: 'plan', expected: `at most ${MOST_FAULTS} faults`, got: plan };
  for (const [index, fault] of plan.entries()) {
    const field = `plan[${index}]`;
    if (fault === null || typeof fault !== 'object' || Array.isArray(fault))
      return { field, expected: 'a fault with kind, target and at', got: fault };
    const { kind, upon } = fault as { kind: unknown; upon?: unknown };
    const known = faults.get(kind as string);
    if (known === undefined)
      return { field: `${field}.kind`, expected: 'a kind of fault (hangup list faults)', got: kind };
    const { parameters, names } = describe(known);
    for (const [name, { expected, accepts }] of parameters)
      if (!accepts(ownOf(fault, name), fault)) return { field: `${field}.${name}`, expected, got: ownOf(fault, name) };
    const moment = Object.hasOwn(fault, 'upon') ? flawOfMoment(upon, `${field}.upon`) : null;
    if (moment !== null) return moment;
    // A parameter that no kind reads would do nothing; it is a slip, or of another version.
    const unknown = Object.keys(fault).find((name) => !names.includes(name));
    if (unknown !== undefined)
      return {
        field: /^\w{1,40}$/.test(unknown) ? `${field}.${unknown}` : `${field}[${shown(unknown)}]`,
        expected: `no more than ${names.join(', ')}`,
        got: ownOf(fault, unknown),
      };
    const end = (fault as Fault).at + durationOf(faults, fault as Fault);
    if (end > LATEST_END)
      return { field, expected: `a fault that is over within ${LATEST_END} microseconds of the run`, got: end };
  }
  return null;
}

/** What a fault itself says, and not what every object inherits. */
const ownOf = (fault: object, name: string): unknown =>
  Object.hasOwn(fault, name) ? (fault as Record<string, unknown>)[name] : undefined;

/** The first name in a sound plan that this world does not have, or has for something else; null for none. */
export function strangerIn(
  plan: FaultPlan,
  world: World,
  faults: Faults,
  phases: Phases = NEUTRAL_PHASES,
): Flaw | null {
  const sorts = new Map<Sort, Names>();
  const nodesOf = (sort: Sort): Names => {
    let known = sorts.get(sort);
    if (known === undefined) {
      known = namesIn(nodesOfSort(world, sort));
      sorts.set(sort, known);
    }
    return known;
  };
  for (const [index, fault] of plan.entries()) {
    const { upon } = fault;
    const moment = upon === undefined ? null : strangerInMoment(upon, world, phases, `plan[${index}].upon`);
    if (moment !== null) return moment;
    for (const [name, { names }] of describe(faults.get(fault.kind) as AnyKind).parameters) {
      if (names === undefined) continue;
      const known = nodesOf(names);
      const value = fault[name] as string | readonly string[];
      for (const got of typeof value === 'string' ? [value] : value)
        if (!known.has(got))
          return { field: `plan[${index}].${name}`, expected: `the name of a ${names} (${some(known.all)})`, got };
    }
  }
  return null;
}

/** Throws when a plan cannot be carried out in this world: a run that left a fault out would be green for nothing. */
export function mustBeSound(plan: FaultPlan, world: World, faults: Faults, phases?: Phases): void {
  const flaw = flawOf(plan, faults) ?? strangerIn(plan, world, faults, phases);
  if (flaw !== null) throw new Error(flawText(flaw));
}

/** Throws for what is no list of names of these kinds; `field` is where it stands. */
export function mustBeKinds(kinds: readonly string[], faults: Faults, field = 'faults'): void {
  if (!Array.isArray(kinds)) throw new Error(`\`${field}\`: expected a list of kinds of fault, got ${shown(kinds)}`);
  const stranger = kinds.find((kind) => !faults.has(kind));
  if (stranger !== undefined || kinds.length === 0)
    throw new Error(`\`${field}\`: expected kinds of fault (hangup list faults), got ${shown(stranger ?? kinds)}`);
}

const WHEN = time('when it begins');

interface Described {
  readonly parameters: readonly (readonly [name: string, parameter: Parameter])[];
  /** The names of all that a fault of this kind says. */
  readonly names: readonly string[];
}

/** What all faults have, and then what a kind has; made once, because every plan of every run is checked. */
const describe = perObject((kind: AnyKind): Described => {
  const parameters = [
    ['target', node('what it hits', kind.hits)],
    ['at', WHEN],
    ...Object.entries<Parameter>(kind.parameters),
  ] as const;
  const [target, at, ...others] = parameters.map(([name]) => name);
  return { parameters, names: ['kind', target as string, at as string, 'upon', ...others] };
});

/** Everything of a world that faults of a sort may hit, by name. */
export const nodesOfSort = ({ nodes, links }: World, sort: Sort): readonly string[] =>
  sort === 'link' ? links.map(({ node }) => node) : nodes.filter(({ role }) => role === sort).map(({ id }) => id);

/** The kinds that hit something of a world. */
export function applicable(faults: Faults, { nodes, links }: World): readonly string[] {
  const sorts = new Set<Sort>(nodes.map(({ role }) => role));
  if (links.length > 0) sorts.add('link');
  return [...faults.values()].filter(({ hits }) => sorts.has(hits)).map(({ name }) => name);
}

interface Names {
  readonly all: readonly string[];
  has(name: string): boolean;
}

/** A set where it pays: nearly every world has a handful of nodes of a sort, and its plan names two of them. */
function namesIn(all: readonly string[]): Names {
  const set = all.length > 16 ? new Set(all) : null;
  return { all, has: (name) => (set === null ? all.includes(name) : set.has(name)) };
}

/** Worlds may have ten thousand clients. */
const some = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(', ')}, …` : names.join(', ');
