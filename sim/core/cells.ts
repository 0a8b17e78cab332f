/**
 * Cells: the dimensions that a scenario opens, and the place in them that a seed draws.
 *
 * A scenario lists the values that it can be run with; each run has one of each dimension. A sweep reports by cell, and
 * `--cell condition=asymmetric,moment=late` fixes some dimensions and leaves the others to the seed. A value that a
 * dimension lists twice is drawn twice as often as one that it lists once; reports name it once.
 */
import type { Dice } from './dice.ts';
import { isName, NAME_EXPECTED } from './name.ts';
import { shown } from './shown.ts';

/**
 * Dimensions that many scenarios share: how the connection fails, when in the answer, for how long, how long the answer
 * is, over which network. A scenario may open any others, which come behind these in the order in which it lists them.
 */
export const DIMENSIONS = ['condition', 'moment', 'lasts', 'size', 'network'] as const;

/** The values of each dimension that a scenario opens, by name. */
export type Dimensions = Readonly<Record<string, readonly string[]>>;

/** One value for each dimension that is open. */
export type Cell = Readonly<Record<string, string>>;

/** The dimensions of a cell, or those that are open, in order. */
export const dimensionsOf = (of: Cell | Dimensions): readonly string[] => [
  ...DIMENSIONS.filter((dimension) => of[dimension] !== undefined),
  ...Object.keys(of).filter((dimension) => !(DIMENSIONS as readonly string[]).includes(dimension)),
];

/** The values of every dimension that is open, each once, in order. */
export const valuesOf = (open: Dimensions): readonly (readonly [dimension: string, values: readonly string[]])[] =>
  dimensionsOf(open).map((dimension) => [dimension, [...new Set(open[dimension])]] as const);

/** Throws in one line for dimensions that `--cell` could not name. */
export function mustHaveSoundDimensions({
  name,
  dimensions = {},
  builds = [],
}: {
  name: string;
  dimensions?: Dimensions;
  builds?: readonly string[];
}): void {
  const stranger = builds.find((dimension) => !Object.hasOwn(dimensions, dimension));
  if (stranger !== undefined)
    throw new Error(
      `${name}: \`builds\`: expected some of its dimensions (${Object.keys(dimensions).join(', ') || 'it has none'}), got ${shown(stranger)}`,
    );
  for (const [dimension, values] of Object.entries(dimensions)) {
    if (!isName(dimension))
      throw new Error(`${name}: \`dimensions\`: expected ${NAME_EXPECTED}, got ${shown(dimension)}`);
    if (!Array.isArray(values) || values.length === 0 || !values.every(isValue))
      throw new Error(
        `${name}: \`dimensions\`: expected values of ${dimension}, texts without commas, | and =, got ${shown(values)}`,
      );
  }
}

const isValue = (value: unknown): boolean =>
  typeof value === 'string' && /^[^,=|\p{C}]+$/u.test(value) && value.trim() === value;

/** Throws when a cell fixes what the scenario does not open, or a value that it does not list. */
export function mustBeOpen({ name, dimensions = {} }: { name: string; dimensions?: Dimensions }, cell: Cell): void {
  const open = valuesOf(dimensions);
  for (const [dimension, value] of Object.entries(cell)) {
    const values = open.find(([each]) => each === dimension)?.[1] ?? [];
    if (!values.includes(value))
      throw new Error(
        `\`cell\`: expected ${open.length === 0 ? 'none' : open.map(([each, some]) => `${each} (${some.join(', ')})`).join(' or ')}, which ${name} opens, got ${dimension}=${value}`,
      );
  }
}

/** The cell of a run: what is fixed, and for the other dimensions what the seed draws. */
export function drawCell(dice: Dice, open: Dimensions, fixed: Cell): Cell {
  const cell: Record<string, string> = {};
  for (const dimension of dimensionsOf(open)) {
    // Drawn even when fixed, so that fixing one dimension leaves the rest of the seed as it was.
    const drawn = dice.pick(`cell/${dimension}`, open[dimension] as readonly string[]);
    cell[dimension] = fixed[dimension] ?? drawn;
  }
  return cell;
}

/** `condition=outage,moment=late`, as on the command line; empty for a scenario without dimensions. */
export const cellName = (cell: Cell): string =>
  dimensionsOf(cell)
    .map((dimension) => `${dimension}=${cell[dimension]}`)
    .join(',');
