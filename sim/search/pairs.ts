/**
 * Pairs of faults: behind each single fault a second one, at every moment of the run that the first one makes.
 *
 * A world of a few hundred moments and faults has a billion pairs, so they come from coarse to fine in both of their moments:
 * first those of the middle moment, then those of both quarters, and so on; each level is a search of its own. A second
 * fault is left out where the run is, at its moment, in a state in which an earlier one was at the same instant: in the
 * fault-free run, for a first fault that is over and has left nothing behind, or in the run of another first fault. From equal
 * states the same fault leads to the same verdict, and that pair, or that single fault, is run.
 */
import type { Instant } from '../../src/time.ts';
import type { AnyEvent } from '../core/kernel.ts';
import { begin } from '../core/run.ts';
import type { Case } from '../explore/cases.ts';
import type { Fault, FaultPlan } from '../faults/plan.ts';
import { coarseToFine } from './coarse.ts';
import { MOST_FAR } from './far.ts';
import type { Ground } from './ground.ts';
import type { Singles } from './singles.ts';
import { stateKey } from './state-key.ts';
import { faultAt, type Variant } from './variants.ts';

/** How the moments of one run compare with those of others. */
export interface Seconds {
  /** Moments at which a second fault makes another run, from coarse to fine. */
  readonly at: Float64Array;
  /** Moments that were left out. */
  readonly pruned: number;
}

/** What was left out so far, and what not. */
export interface Pruning {
  runs: number;
  pruned: number;
}

export class Pairs {
  readonly #singles: Singles;
  readonly pruning: Pruning = { runs: 0, pruned: 0 };
  /** Keys of states in which some run was. */
  readonly #seen = new Set<string>();
  /** By the number of the single fault. */
  readonly #seconds = new Map<number, Seconds>();

  constructor(singles: Singles) {
    this.#singles = singles;
    for (const { key } of keysOf(singles.ground, [], singles.variants)) if (key !== null) this.#seen.add(key);
  }

  /** So many there are at the most: as many as if every run had the moments of the fault-free one, less what was left out. */
  get bound(): number {
    const { moments, variants } = this.#singles;
    const count = moments.moments.length;
    return Math.max(
      this.pruning.runs,
      (variants.length * variants.length * count * (count + 1)) / 2 - this.pruning.pruned,
    );
  }

  /** All of them, in an order that depends on nothing but the world. */
  *cases(): Generator<Case> {
    const { variants, moments } = this.#singles;
    const count = moments.moments.length;
    let more = true;
    for (let least = 0, most = 1; more; least = most, most = 2 * most + 1) {
      more = most < count;
      for (let rank = 0; rank < Math.min(most, count); rank++)
        for (let first = 0; first < variants.length; first++) {
          const number = rank * variants.length + first;
          const single = this.#singles.case(number);
          const seconds = this.#secondsOf(number, single.plan);
          const from = rank < least ? least : 0;
          if (most < seconds.at.length) more = true;
          yield* this.#behind(single, seconds.at.subarray(from, most));
        }
    }
  }

  *#behind(single: Case, moments: Float64Array): Generator<Case> {
    const { variants } = this.#singles;
    for (const at of moments)
      for (const [i, variant] of variants.entries()) {
        this.pruning.runs++;
        const second = faultAt(variant, at as Instant);
        yield { ...single, plan: [...single.plan, second], name: `${single.name}-${at}-${variant.kind}-${i}` };
      }
  }

  /** Where a second fault may begin behind a first one; what it is like there is looked at once. */
  #secondsOf(number: number, plan: FaultPlan): Seconds {
    const known = this.#seconds.get(number);
    if (known !== undefined) return known;
    const { ground, variants } = this.#singles;
    const [first] = plan as readonly [Fault];
    // At once behind the first: nothing but that has happened yet.
    const kept: number[] = [first.at];
    let pruned = 0;
    for (const { at, key } of keysOf(ground, plan, variants)) {
      if (at <= first.at) continue;
      if (key !== null && this.#seen.has(key)) pruned++;
      else kept.push(at);
      if (key !== null) this.#seen.add(key);
    }
    this.pruning.pruned += pruned * variants.length;
    const order = coarseToFine(kept.length);
    const seconds = { at: Float64Array.from(order, (i) => kept[i] as number), pruned };
    this.#seconds.set(number, seconds);
    return seconds;
  }
}

/** The moments of a run in which another fault is still to come, each with the key of the state that this would find. */
export function* keysOf(
  { scenario, seed, overrides }: Ground,
  plan: FaultPlan,
  variants: readonly Variant[],
): Generator<{ readonly at: Instant; readonly key: string | null }> {
  const [any] = variants;
  if (any === undefined) return;
  // It never comes in this run, which is looked at until there is nothing else to come; but everybody waits for it.
  const awaited = plan.length;
  const running = begin(scenario, seed, { ...overrides, plan: [...plan, faultAt(any, MOST_FAR)] });
  const isAwaited = (event: AnyEvent): boolean =>
    event.type === 'faultBegins' && (event as AnyEvent & { readonly fault: number }).fault === awaited;
  const { kernel, universe } = running;
  try {
    let last = -1;
    for (;;) {
      const at = kernel.next as Instant;
      if (at >= MOST_FAR) return;
      if (at !== last) yield { at, key: stateKey(running, isAwaited) };
      last = at;
      if (!running.step(universe)) return;
    }
  } finally {
    kernel.endAll();
    kernel.close();
  }
}
