/** Samples with a known truth, for tests by simulation: the same ones on every run. */
import { philox, WORDS } from '../../../sim/lab/storm/philox.ts';

/** A source of numbers strictly between 0 and 1. */
export type Uniform = () => number;

export function uniform(seed: number): Uniform {
  const words = new Uint32Array(WORDS);
  let drawn = 0;
  return () => {
    const lane = drawn % WORDS;
    if (lane === 0) philox(words, drawn / WORDS, 0, 0, 0, seed, 0x74657374);
    drawn++;
    return ((words[lane] as number) + 0.5) / 4294967296;
  };
}

export interface Distribution {
  readonly mean: number;
  readonly median: number;
  draw(next: Uniform): number;
}

/** Box and Muller; one of the two is enough. */
export const normal = (next: Uniform): number => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());

export const DISTRIBUTIONS = {
  normal: { mean: 10, median: 10, draw: (next) => 10 + 3 * normal(next) },
  /** As times of recovery are: the longer ones reach far. */
  lognormal: { mean: Math.exp(0.125), median: 1, draw: (next) => Math.exp(0.5 * normal(next)) },
  /** As counts are: few values, many ties. */
  ties: {
    mean: 2.8,
    median: 2,
    draw(next) {
      const u = next();
      return u < 0.2 ? 1 : u < 0.6 ? 2 : u < 0.8 ? 3 : 6;
    },
  },
  /** A Pareto tail with exponent 3: there is a variance, and no third moment. */
  heavy: { mean: 1.5, median: 2 ** (1 / 3), draw: (next) => next() ** (-1 / 3) },
} satisfies Readonly<Record<string, Distribution>>;

export type Name = keyof typeof DISTRIBUTIONS;
export const NAMES = Object.keys(DISTRIBUTIONS) as Name[];

/** How often `holds` is true over so many samples of n, each with draws of its own. */
export function share(samples: number, seed: number, holds: (next: Uniform, sample: number) => boolean): number {
  const next = uniform(seed);
  let count = 0;
  for (let sample = 0; sample < samples; sample++) if (holds(next, sample)) count++;
  return count / samples;
}

export const sampleOf = (n: number, { draw }: Distribution, next: Uniform): number[] =>
  Array.from({ length: n }, () => draw(next));

/** How far a share of so many samples strays from its probability by luck: four standard errors, once in 16,000 such tests. */
export const slack = (probability: number, samples: number): number =>
  4 * Math.sqrt((probability * (1 - probability)) / samples);
