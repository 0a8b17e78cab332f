/**
 * Parameters of faults: what each means, and which values it may have.
 *
 * A plan that was drawn has none but sound values. One from a file may have been written by hand, and a run must neither
 * go on for ever nor fall over it: so every kind says here what it takes, and `check.ts` asks.
 */
import type { NodeId } from '../../src/machine.ts';
import type { Duration } from '../../src/time.ts';
import type { FaultBase } from './kind.ts';

/** The sorts of nodes that faults hit or name: `link`, or the part that a node plays in its world (`client`, `server`, …). */
export type Sort = string;

/** `T` is what its values are. */
export interface Parameter<T = unknown> {
  /** Never there: it only says the type. */
  readonly is?: T;
  /** For people: meaning, unit and range. */
  readonly about: string;
  /** What a value must be, as an error says it: `expected …`. */
  readonly expected: string;
  /** Whether a value is that; `fault` is the rest of the fault, not checked yet. */
  accepts(value: unknown, fault: Readonly<Record<string, unknown>>): boolean;
  /** How people read its numbers: as a length of time, or as a share; as they stand without. */
  readonly unit?: 'microseconds' | 'thousandths';
  /** Of a parameter that names nodes: which sort, and which they are. */
  readonly names?: Sort;
  /** All that it may be, where that is a choice of some: a search tries each. */
  readonly values?: readonly T[];
}

/** The parameters of a kind of fault: all that it has besides kind, target and time. */
export type Parameters<F> = Readonly<Record<Exclude<keyof F, keyof FaultBase | 'kind'>, Parameter>>;

/** Thirty days: thirty times what a run may last, and far from where sums of times are no longer exact. */
const LONGEST = 30 * 24 * 3_600_000_000;
/** How often something may be repeated, or into how many steps it may be cut. */
export const MOST_TIMES = 1_000;

const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** A whole number, both bounds included. */
export const whole = (about: string, least: number, most: number): Parameter<number> => ({
  about,
  expected: `a whole number from ${least} to ${most}`,
  accepts: (value) => isWhole(value, least, most),
});

/** Microseconds: a length of time, or a point of it. */
export const time = (about: string, least = 0): Parameter<Duration> => ({
  about,
  unit: 'microseconds',
  expected: `whole microseconds from ${least} to ${LONGEST}`,
  accepts: (value) => isWhole(value, least, LONGEST),
});

/** Microseconds that a clock is off, either way. */
export const shift = (about: string): Parameter<Duration> => ({
  ...(whole(about, -LONGEST, LONGEST) as Parameter as Parameter<Duration>),
  unit: 'microseconds',
});

/** A share in thousandths. */
export const thousandths = (about: string, least = 0): Parameter => ({
  ...whole(about, least, 1000),
  unit: 'thousandths',
});

/** A number, whole or not, both bounds included. */
export const number = (about: string, least: number, most: number): Parameter<number> => ({
  about,
  expected: `a number from ${least} to ${most}`,
  accepts: (value) => typeof value === 'number' && value >= least && value <= most,
});

export const oneOf = <const W extends string>(about: string, words: readonly W[]): Parameter<W> => ({
  about,
  expected: `one of ${words.join(', ')}`,
  accepts: (value) => (words as readonly unknown[]).includes(value),
  values: words,
});

export const yesOrNo = (about: string): Parameter<boolean> => ({
  about,
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
  values: [true, false],
});

export const texts = (about: string): Parameter<readonly string[]> => ({
  about,
  expected: 'a list of texts',
  accepts: isTexts,
});

/** The name of a node. */
export const node = (about: string, names: Sort): Parameter<NodeId> => ({
  about,
  expected: `the name of a ${names}`,
  accepts: (value) => typeof value === 'string',
  names,
});

/** Names of nodes, each once. */
export const nodes = (about: string, names: Sort): Parameter<readonly NodeId[]> => ({
  about,
  expected: `a list of names of ${names}s, each once`,
  accepts: (value) => isTexts(value) && value.length > 0 && new Set(value).size === value.length,
  names,
});

/** An order of another list of the same fault: each of its positions once. */
export const orderOf = (about: string, list: string): Parameter<readonly number[]> => ({
  about,
  expected: `each position in \`${list}\` once, from 0`,
  accepts: (value, fault) => {
    const other = fault[list];
    if (!Array.isArray(value) || !Array.isArray(other) || value.length !== other.length) return false;
    const places = new Set<unknown>(value);
    return other.every((_, place) => places.has(place));
  },
});

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
