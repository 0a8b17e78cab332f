/**
 * The corpus of a guided search: runs that met something which none before them had met, and how often each feature was met
 * by all. What comes next is made of those whose rarest feature is rarest; or, where a search looks for the worst, of those
 * that went farthest.
 */
import type { Dice } from '../core/dice.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Trace } from './trace.ts';

export interface Kept {
  readonly seed: string;
  readonly plan: FaultPlan;
  /** What it was the first to meet. */
  readonly features: readonly number[];
  readonly score: number;
}

/** Of so many that are looked at, the best is taken: chance, so that no corner is the only one. */
const LOOKS = 4;
/** The farthest that are kept to climb from. */
const FARTHEST = 8;

export class Corpus {
  readonly kept: Kept[] = [];
  /** The farthest so far, that one first; none where nothing is maximised. */
  readonly farthest: Kept[] = [];
  readonly #met = new Map<number, number>();

  /** Features that any run met. */
  get features(): number {
    return this.#met.size;
  }

  /** Notes a run; true when it met something new. */
  note(seed: string, plan: FaultPlan, { features, score }: Trace): boolean {
    const fresh = features.filter((each) => !this.#met.has(each));
    for (const each of features) this.#met.set(each, (this.#met.get(each) ?? 0) + 1);
    const kept = { seed, plan, features: fresh, score };
    if (score > 0 && score > (this.farthest.at(-1)?.score ?? 0)) {
      this.farthest.push(kept);
      this.farthest.sort((a, b) => b.score - a.score);
    }
    if (score > 0 && this.farthest.length > FARTHEST) this.farthest.pop();
    if (fresh.length > 0) this.kept.push(kept);
    return fresh.length > 0;
  }

  /** One to make another of. Not for an empty corpus. */
  pick(dice: Dice): Kept {
    if (this.farthest.length > 0 && dice.chance('climb', 3, 4)) return dice.pick('farthest', this.farthest);
    let best = dice.pick('kept', this.kept);
    for (let looks = 1; looks < LOOKS; looks++) {
      const other = dice.pick('kept', this.kept);
      if (this.#rarity(other) < this.#rarity(best)) best = other;
    }
    return best;
  }

  /** How many runs met the rarest of what it was the first to meet. */
  #rarity({ features }: Kept): number {
    let rarest = Number.POSITIVE_INFINITY;
    for (const each of features) rarest = Math.min(rarest, this.#met.get(each) ?? 0);
    return rarest;
  }
}
