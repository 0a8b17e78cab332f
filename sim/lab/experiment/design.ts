/**
 * Which candidates a search looks at: every combination of a grid, or a random design, in which each knob takes as many
 * different values as there are candidates (a Latin hypercube: McKay, Beckman and Conover 1979), so that a knob that
 * matters is seen at all of them, however many others do not.
 */
import { philox, WORDS } from '../storm/philox.ts';
import { between, type Spacing, spread } from './spacing.ts';

/** A knob, and the values that it may take. */
export type Varied =
  | { readonly knob: string; readonly kind: 'list'; readonly values: readonly string[] }
  | {
      readonly knob: string;
      readonly kind: 'range';
      readonly spacing: Spacing;
      readonly least: number;
      readonly most: number;
      /** Of a grid. */
      readonly points: number;
      /** A value as a policy's knob takes it: `316ms`, `1.6`. */
      readonly text: (value: number) => string;
    };

/** What a candidate has of each knob, in their order. */
export type Choice = readonly (readonly [knob: string, value: string])[];

/** The values of one knob in a grid. */
export const valuesOf = (varied: Varied): readonly string[] =>
  varied.kind === 'list'
    ? varied.values
    : [...new Set(spread(varied.least, varied.most, varied.points, varied.spacing).map(varied.text))];

/** Every combination, the last knob fastest. */
export function gridOf(varied: readonly Varied[]): readonly Choice[] {
  let choices: readonly Choice[] = [[]];
  for (const each of varied)
    choices = choices.flatMap((choice) => valuesOf(each).map((value) => [...choice, [each.knob, value] as const]));
  return choices;
}

/** So many candidates, drawn by the seed; fewer when rounding made two of them alike. */
export function randomOf(varied: readonly Varied[], count: number, seed: number): readonly Choice[] {
  const columns = varied.map((each, nth) => {
    const shares = shuffled(count, seed, nth).map((stratum, row) => (stratum + drawn(seed, nth, row, 1)) / count);
    return shares.map((share) =>
      each.kind === 'list'
        ? (each.values[Math.floor(share * each.values.length)] as string)
        : each.text(between(each.least, each.most, share, each.spacing)),
    );
  });
  const choices = Array.from({ length: count }, (_, row) =>
    varied.map(({ knob }, nth) => [knob, columns[nth]?.[row] as string] as const),
  );
  const seen = new Set<string>();
  return choices.filter((choice) => {
    const key = JSON.stringify(choice);
    return !seen.has(key) && seen.add(key);
  });
}

/** 0 to `count` - 1 in an order that is drawn (Fisher and Yates). */
function shuffled(count: number, seed: number, column: number): readonly number[] {
  const order = Array.from({ length: count }, (_, nth) => nth);
  for (let last = count - 1; last > 0; last--) {
    const at = Math.floor(drawn(seed, column, last, 0) * (last + 1));
    [order[last], order[at]] = [order[at] as number, order[last] as number];
  }
  return order;
}

/** A share from 0 to below 1. */
function drawn(seed: number, column: number, row: number, purpose: number): number {
  const words = new Uint32Array(WORDS);
  philox(words, row, column, purpose, DESIGN, seed >>> 0, Math.floor(seed / 4294967296));
  return (words[0] as number) / 4294967296;
}

/** Keeps these draws apart from the luck of replications. */
const DESIGN = 0xde516e;
