/** The single faults of a seed: every fault at every moment of its fault-free run, each by its number, from coarse to fine. */
import type { Case } from '../explore/cases.ts';
import { coarseToFine } from './coarse.ts';
import type { Ground } from './ground.ts';
import { type Moment, type Moments, momentsOf } from './moments.ts';
import { faultAt, type Variant, variantsOf } from './variants.ts';

export class Singles {
  readonly ground: Ground;
  readonly variants: readonly Variant[];
  readonly moments: Moments;
  readonly #order: Int32Array;

  constructor(ground: Ground) {
    this.ground = ground;
    this.variants = variantsOf(ground);
    this.moments = momentsOf(ground);
    this.#order = coarseToFine(this.moments.moments.length);
  }

  get size(): number {
    return this.#order.length * this.variants.length;
  }

  /** All faults of a moment, then those of the next one. */
  case(number: number): Case {
    const faults = this.variants.length;
    const { at, event } = this.moments.moments[this.#order[Math.floor(number / faults)] as number] as Moment;
    const variant = this.variants[number % faults] as Variant;
    const fault = faultAt(variant, at);
    return { seed: this.ground.seed, plan: [fault], name: `e${event}-${variant.kind}-${number % faults}` };
  }
}
