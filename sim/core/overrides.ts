/**
 * Overrides: what somebody chooses instead of what a scenario would do. As values they go into a run, a sweep, a worker; as
 * texts they stand on the command line, in failure files, journals and documents, and in the line that replays a run.
 */
import { policyProblems, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import type { Content } from '../../src/content.ts';
import { faultsOf } from '../faults/catalogue.ts';
import { mustBeKinds } from '../faults/check.ts';
import { NETWORK_SHAPE } from '../networks/check.ts';
import type { Network } from '../networks/network.ts';
import { type Cell, type Dimensions, mustBeOpen } from './cells.ts';
import type { Scenario } from './scenario.ts';
import { anything, listOf, must, object, orNull, type Shape, type Shapes, text } from './shape.ts';
import { mustBeSizes, type Sizes } from './sizes.ts';

/** Missing, `undefined` and null alike: as the scenario has it. */
export interface Overrides {
  readonly input?: readonly Content[] | null;
  readonly network?: Network | null;
  /** Every client follows this backoff policy instead of the one that the scenario gives it. */
  readonly policy?: Policy | null;
  /**
   * Draws the plan from these kinds, over a menu derived from the world, instead of from the scenario's own; `all`: from
   * every kind that hits something of that world.
   */
  readonly faults?: readonly string[] | 'all' | null;
  /** Fixes some of the scenario's dimensions; the seed draws the others. */
  readonly cell?: Cell | null;
  /** Makes the scenario's worlds smaller: at most so many clients, servers, turns, or whatever its protocol has sizes of. */
  readonly sizes?: Sizes | null;
}

const OVERRIDES = ['input', 'network', 'policy', 'faults', 'cell', 'sizes'] as const;

const content = object('a content, as cutContent makes them', {
  name: text,
  kind: text,
  bytes: must('a Uint8Array', (value) => value instanceof Uint8Array),
  parts: listOf('a list of parts', anything),
  chunks: must('a list of one chunk at the least', (value) => Array.isArray(value) && value.length > 0),
} satisfies Shapes<Content>);

export const OVERRIDE_SHAPES: Shapes<Overrides> = {
  input: orNull(listOf('a list of contents', content)),
  network: orNull(NETWORK_SHAPE),
  policy: anything,
  faults: anything,
  cell: orNull(object('an object of values by dimension', {})),
  sizes: orNull(object('an object of whole numbers by name', {})),
} satisfies Readonly<Record<(typeof OVERRIDES)[number], Shape>>;

export const isChosen = <T>(given: T | null | undefined): given is T => given !== undefined && given !== null;

/** The overrides among other options, without those that are none. */
export const overridesIn = (options: Overrides): Overrides =>
  Object.fromEntries(OVERRIDES.flatMap((name) => (isChosen(options[name]) ? [[name, options[name]]] : [])));

/** Whether a scenario runs under its own conditions, for which alone it promises its targets; a cell is one of its own. */
export const areOwn = (options: Overrides): boolean =>
  OVERRIDES.every((name) => name === 'cell' || !isChosen(options[name]));

/** Throws in one line for what one of these scenarios cannot be run with. */
export function mustBeOverrides(
  { input, network, policy, faults, cell, sizes }: Overrides,
  scenarios: readonly Scenario[],
): void {
  if (input?.length === 0) throw new Error('`input`: expected one content at the least, got none');
  if (isChosen(policy)) {
    const problems = policyProblems(policy, 'policy');
    if (problems.length > 0) throw new Error(problems.map(problemText).join('; '));
  }
  if (isChosen(sizes)) mustBeSizes(sizes);
  for (const scenario of scenarios) {
    const flaw = isChosen(network) ? (scenario.protocol?.flawOfNetwork?.(network) ?? null) : null;
    if (flaw !== null) throw new Error(`network ${network?.name}: ${flaw}`);
    if (isChosen(faults) && faults !== 'all') mustBeKinds(faults, faultsOf(scenario));
    if (isChosen(cell)) mustBeOpen(scenario, cell);
  }
}

/**
 * What keeps a dimension of a scenario from being drawn: a run on that network must not be counted as one on another, one of
 * that content as one of another size, nor one under those faults as an outage that never was. Null where nothing does.
 */
export function closedBy(
  dimension: string,
  { builds = [] }: Pick<Scenario, 'builds'>,
  { input, network, faults }: Overrides,
): 'input' | 'network' | 'faults' | null {
  if (dimension === 'network') return isChosen(network) ? 'network' : null;
  if (builds.includes(dimension)) return null;
  if (dimension === 'size') return isChosen(input) ? 'input' : null;
  return isChosen(faults) ? 'faults' : null;
}

/** What is left of a scenario's dimensions for a seed to draw. */
export const openUnder = (scenario: Pick<Scenario, 'dimensions' | 'builds'>, overrides: Overrides): Dimensions =>
  areOwn(overrides)
    ? (scenario.dimensions ?? {})
    : Object.fromEntries(
        Object.entries(scenario.dimensions ?? {}).filter(([name]) => closedBy(name, scenario, overrides) === null),
      );

/** Overrides as arguments of the command, as they were given; null for none. */
export interface Origin {
  readonly input: string | null;
  /** What the JSON of `--input` satisfies. */
  readonly schema: string | null;
  readonly network: string | null;
  readonly policy: string | null;
  readonly faults: string | null;
  /** `condition=outage,moment=late`. */
  readonly cell: string | null;
  /** `clients=1,turns=2`. */
  readonly sizes?: string | null;
  /** The config that scenarios, network or policy come from; null where it is found by itself. */
  readonly config?: string | null;
}

/** The same as flags, and as fields of a file. */
export type Flags = { readonly [K in keyof Origin]?: string };
export type Given = { readonly [K in keyof Origin]?: string | null | undefined };

/** What a run is without arguments. */
export const NOTHING_GIVEN = {
  ...{ input: null, schema: null, network: null, policy: null },
  ...{ faults: null, cell: null, sizes: null },
};

/** The arguments among flags, or among the fields of a file. */
export const originIn = (given: Given): Required<Omit<Origin, 'config'>> =>
  Object.fromEntries(
    (Object.keys(NOTHING_GIVEN) as (keyof typeof NOTHING_GIVEN)[]).map((name) => [name, given[name] ?? null]),
  ) as unknown as Required<Omit<Origin, 'config'>>;

/** `cut,reset` or `all`, as on the command line. */
export const faultsText = (faults: Overrides['faults']): string | null =>
  isChosen(faults) && faults !== 'all' ? faults.join(',') : (faults ?? null);
