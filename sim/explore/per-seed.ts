/**
 * What each seed came to, in their order: a comparison of two sweeps that ran the same seeds holds each run against its
 * twin, which met the same luck, so it sees differences that are lost between independent runs.
 *
 * In a document a value takes its digits and a space, some 50 bytes a run of the catalogue. What is beyond the first 100,000
 * seeds of a scenario is left out, and so are runs that no row of seeds draws: those of a search, and of a sweep without an end.
 */
import { seedNumber, seedText } from '../core/seeds.ts';

/** Consecutive seeds. */
export interface PerSeed {
  /** The first of them; -1 before there is one. */
  from: number;
  runs: number;
  /** Runs that did not hold, as numbers from 0. */
  readonly bad: number[];
  /** What was taken from each run, -1 where it has no such value; a key that came later has what is missing at its end. */
  readonly values: Record<string, number[]>;
}

/** Seeds of a scenario that are kept. */
export const PER_SEED_MAX = 100_000;

export const emptyPerSeed = (): PerSeed => ({ from: -1, runs: 0, bad: [], values: {} });

/** Notes the next run; null when it is not that of the next seed, and for ever after. */
export function noteSeed(
  into: PerSeed | null,
  seed: string,
  isBad: boolean,
  values: Readonly<Record<string, number | null>>,
): PerSeed | null {
  const number = seedNumber(seed);
  if (into === null || number === undefined) return null;
  if (into.runs === 0) into.from = number;
  else if (number !== into.from + into.runs) return null;
  if (isBad && into.runs < PER_SEED_MAX) into.bad.push(into.runs);
  if (into.runs < PER_SEED_MAX)
    for (const key in values) {
      into.values[key] ??= [];
      const column = into.values[key] as number[];
      fill(column, into.runs);
      column.push(values[key] ?? NONE);
    }
  into.runs++;
  return into;
}

const NONE = -1;

function fill(column: number[], runs: number): void {
  while (column.length < runs) column.push(NONE);
}

/** Adds the seeds that follow; null when these are others. */
export function mergePerSeed(into: PerSeed | null, next: PerSeed | null | undefined): PerSeed | null {
  if (into === null || next === null || next === undefined) return null;
  if (next.runs === 0) return into;
  if (into.runs === 0) into.from = next.from;
  else if (next.from !== into.from + into.runs) return null;
  for (const each of next.bad) if (into.runs + each < PER_SEED_MAX) into.bad.push(into.runs + each);
  for (const key in next.values) {
    into.values[key] ??= [];
    const column = into.values[key] as number[];
    fill(column, Math.min(into.runs, PER_SEED_MAX));
    for (const value of next.values[key] as number[]) if (column.length < PER_SEED_MAX) column.push(value);
  }
  into.runs += next.runs;
  return into;
}

/** How columns are written. A reader that does not know another one takes the runs for independent. */
export const PER_SEED_FORMAT = 'hangup/per-seed/1';

/** In a document: every column as text, one value a seed with a space between them. */
export interface PerSeedDocument {
  readonly format: typeof PER_SEED_FORMAT;
  /** The first seed, and how many follow each other from there. */
  readonly from: string;
  readonly runs: number;
  /** Which of them did not hold, counted from 0. */
  readonly bad: string;
  /** By key of `per_run`; `-` for a run without such a value. */
  readonly values: Readonly<Record<string, string>>;
}

/** Null where nobody can say which run is that of which seed. */
export function perSeedDocument(
  perSeed: PerSeed | null,
  runs: number,
  keys: readonly string[],
): PerSeedDocument | null {
  if (perSeed === null || perSeed.runs !== runs || runs === 0) return null;
  const kept = Math.min(runs, PER_SEED_MAX);
  const text = (column: readonly number[]): string =>
    Array.from({ length: kept }, (_, index) => {
      const value = column[index] ?? NONE;
      return value === NONE ? '-' : String(value);
    }).join(' ');
  return {
    format: PER_SEED_FORMAT,
    from: seedText(perSeed.from),
    runs: kept,
    bad: perSeed.bad.join(' '),
    values: Object.fromEntries(keys.map((key) => [key, text(perSeed.values[key] ?? [])])),
  };
}

/** A column as numbers, NaN for what has no value; null when it is no such text, or not so long. */
export function columnOf(text: unknown, runs: number): Float64Array | null {
  if (typeof text !== 'string') return null;
  const parts = text.split(' ');
  if (parts.length !== runs) return null;
  const column = new Float64Array(runs);
  for (const [index, part] of parts.entries()) {
    const value = part === '-' ? Number.NaN : /^\d{1,16}$/.test(part) ? Number(part) : -1;
    if (value < 0 || value > Number.MAX_SAFE_INTEGER) return null;
    column[index] = value;
  }
  return column;
}

/** Which of so many runs are bad, as 0 and 1; null when the text does not say that. */
export function badColumnOf(text: unknown, runs: number): Float64Array | null {
  if (typeof text !== 'string') return null;
  const column = new Float64Array(runs);
  if (text === '') return column;
  let before = -1;
  for (const part of text.split(' ')) {
    const at = /^\d{1,6}$/.test(part) ? Number(part) : -1;
    if (at <= before || at >= runs) return null;
    column[at] = 1;
    before = at;
  }
  return column;
}
