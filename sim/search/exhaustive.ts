/**
 * Exhaustive search: every fault at every moment of the fault-free run of a seed.
 *
 * What is exhausted is a world, as one seed draws it: its network, its answers, its luck. The faults are all those of
 * `variants.ts`, the moments all those of `moments.ts`, from coarse to fine. A run is known by its number, so that any of
 * them can be run by anybody, in any order.
 */
import type { Overrides } from '../core/overrides.ts';
import type { Scenario } from '../core/scenario.ts';
import { seedText } from '../core/seeds.ts';
import type { Case, Cases } from '../explore/cases.ts';
import { coarseToFine } from './coarse.ts';
import { type Ground, groundOf } from './ground.ts';
import { type Moment, type Moments, momentsOf } from './moments.ts';
import { faultAt, type Variant, variantsOf } from './variants.ts';

/** What is searched of one seed. */
export interface Searched {
  readonly seed: string;
  readonly events: number;
  readonly moments: number;
  /** Faults that begin at each moment: each kind on each target in each way. */
  readonly faults: number;
  readonly runs: number;
}

export interface Exhaustive extends Cases {
  readonly searched: readonly Searched[];
}

/** Every single fault at every moment of each of these seeds' runs. */
export function exhaustive(
  scenario: Scenario,
  { from, seeds }: { readonly from: number; readonly seeds: number },
  overrides: Overrides,
): Exhaustive {
  const singles = Array.from(
    { length: seeds },
    (_, i) => new Singles(groundOf(scenario, seedText(from + i), overrides)),
  );
  return {
    size: singles.reduce((sum, { size }) => sum + size, 0),
    searched: singles.map(({ searched }) => searched),
    from(first, most) {
      const cases: Case[] = [];
      let before = 0;
      for (const each of singles) {
        const begin = Math.max(0, first - before);
        for (let i = begin; i < each.size && cases.length < most; i++) cases.push(each.case(i));
        before += each.size;
        first = Math.max(first, before);
      }
      return cases;
    },
  };
}

/** The single faults of one seed. */
class Singles {
  readonly #ground: Ground;
  readonly #variants: readonly Variant[];
  readonly #moments: Moments;
  readonly #order: Int32Array;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#variants = variantsOf(ground);
    this.#moments = momentsOf(ground);
    this.#order = coarseToFine(this.#moments.moments.length);
  }

  get size(): number {
    return this.#order.length * this.#variants.length;
  }

  get searched(): Searched {
    const { events, moments } = this.#moments;
    const { seed } = this.#ground;
    return { seed, events, moments: moments.length, faults: this.#variants.length, runs: this.size };
  }

  /** All faults of a moment, then those of the next one. */
  case(number: number): Case {
    const faults = this.#variants.length;
    const { at, event } = this.#moments.moments[this.#order[Math.floor(number / faults)] as number] as Moment;
    const variant = this.#variants[number % faults] as Variant;
    const fault = faultAt(variant, at);
    return { seed: this.#ground.seed, plan: [fault], name: `e${event}-${variant.kind}-${number % faults}` };
  }
}
