/**
 * Exhaustive search: every fault at every moment of the fault-free run of a seed; and every pair of them.
 *
 * What is exhausted is a world, as one seed draws it: its network, its answers, its luck. A run is known by its number, so
 * that any of them can be run by anybody, in any order; the single faults come first.
 */
import type { Overrides } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { seedText } from '../core/seeds.ts';
import type { Case, Cases } from '../explore/cases.ts';
import { groundOf } from './ground.ts';
import { Pairs } from './pairs.ts';
import { Singles } from './singles.ts';

/** What is searched of one seed. */
export interface Searched {
  readonly seed: string;
  readonly events: number;
  readonly moments: number;
  /** Faults that begin at each moment: each kind on each target in each way. */
  readonly faults: number;
  /** Runs with a single fault. */
  readonly runs: number;
  /** Of pairs: those that were come to so far, and those that were left out because an equal state was searched. */
  readonly pairs?: { readonly runs: number; readonly pruned: number };
}

export interface Exhaustive extends Cases {
  readonly searched: readonly Searched[];
}

/** Every single fault (`depth` 1) at every moment of each of these seeds' runs, or then every pair (2). */
export function exhaustive(
  scenario: Scenario,
  { from, seeds }: { readonly from: number; readonly seeds: number },
  overrides: Overrides,
  depth: 1 | 2 = 1,
): Exhaustive {
  const parts = Array.from(
    { length: seeds },
    (_, i) => new Part(new Singles(groundOf(scenario, seedText(from + i), overrides)), depth),
  );
  return {
    get size() {
      return parts.reduce((sum, { size }) => sum + size, 0);
    },
    get searched() {
      return parts.map(({ searched }) => searched);
    },
    from(first, most) {
      const cases: Case[] = [];
      let before = 0;
      for (const part of parts) {
        for (let i = Math.max(0, first - before); cases.length < most; i++) {
          const one = part.case(i);
          if (one === null) break;
          cases.push(one);
        }
        before += part.size;
        if (cases.length === most) break;
      }
      return cases;
    },
  };
}

/** The runs of one seed. Pairs are made one after the other, and those that were made last are at hand. */
class Part {
  readonly #singles: Singles;
  readonly #pairs: Pairs | null;
  readonly #coming: Generator<Case> | null;
  /** Pairs that were made, the last ones of them, and whether there are more. */
  #made = 0;
  #last: Case | null = null;
  #isOver = false;

  constructor(singles: Singles, depth: 1 | 2) {
    this.#singles = singles;
    this.#pairs = depth === 2 ? new Pairs(singles) : null;
    this.#coming = this.#pairs?.cases() ?? null;
  }

  /** As far as anybody knows: pairs that turn out to be like others are taken off as they are met. */
  get size(): number {
    const pairs = this.#pairs === null ? 0 : this.#isOver ? this.#made : Math.max(this.#made + 1, this.#pairs.bound);
    return this.#singles.size + pairs;
  }

  get searched(): Searched {
    const { moments, variants, ground, size } = this.#singles;
    const { events } = moments;
    const [faults, pairs] = [variants.length, this.#pairs?.pruning];
    return {
      ...{ seed: ground.seed, events, moments: moments.moments.length, faults, runs: size },
      ...(pairs === undefined ? {} : { pairs: { ...pairs } }),
    };
  }

  /** Null behind the last one. Pairs are asked for in order: each once, or the last one again. */
  case(number: number): Case | null {
    const { size } = this.#singles;
    if (number < size) return this.#singles.case(number);
    while (!this.#isOver && this.#made <= number - size) {
      const next = this.#coming?.next();
      if (next === undefined || next.done) {
        this.#isOver = true;
        return null;
      }
      this.#last = next.value;
      this.#made++;
    }
    return this.#made === number - size + 1 ? this.#last : null;
  }
}
