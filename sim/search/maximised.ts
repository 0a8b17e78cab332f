/**
 * The worst of a figure: a guided search that climbs, beside as many runs whose plans their seeds draw from the same menu. How
 * much worse it gets than those is what the climbing was worth.
 */
import { planAt } from '../core/run.ts';
import { seedText } from '../core/seeds.ts';
import type { Case, Cases } from '../explore/cases.ts';
import type { Tally } from '../explore/tally.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Figure } from '../figures/figure.ts';
import { Guided, type GuidedOptions } from './guided.ts';

/** The farthest run of some. */
export interface Farthest {
  readonly seed: string;
  readonly plan: FaultPlan;
  readonly score: number;
}

export class Maximised implements Cases {
  readonly guided: Guided;
  readonly figure: Figure;
  readonly #options: GuidedOptions;
  /** The farthest of the runs that seeds drew, and how many there were so far. */
  random: Farthest | null = null;
  #heard = 0;

  constructor(options: GuidedOptions, figure: Figure) {
    this.figure = figure;
    this.#options = options;
    this.guided = new Guided({ ...options, from: options.from + options.runs, menuOnly: true });
  }

  get size(): number {
    return 2 * this.#options.runs;
  }

  /** Those that are drawn come first. */
  from(first: number, most: number): readonly Case[] {
    const { runs } = this.#options;
    if (first >= runs) return this.guided.from(first - runs, most);
    return Array.from({ length: Math.min(most, runs - first) }, (_, i) => this.#drawn(first + i));
  }

  heard(tally: Tally): void {
    const { runs } = this.#options;
    // A portion may lie in both, where it was made by an earlier search; its traces are in order.
    const traces = tally.traces ?? [];
    let drawn = 0;
    for (; drawn < tally.runs && this.#heard < runs; drawn++, this.#heard++) {
      const score = traces[drawn]?.score ?? 0;
      if (score <= (this.random?.score ?? 0)) continue;
      const { seed, plan } = this.#drawn(this.#heard);
      this.random = { seed, plan, score };
    }
    if (drawn === tally.runs) delete tally.traces;
    else if (drawn === 0) this.guided.heard(tally);
    else throw new Error('hangup bug: a portion of two searches');
  }

  /** The farthest of all, and what both ways came to. */
  get result(): { readonly figure: string; readonly guided: number; readonly random: number } {
    return { figure: this.figure.name, guided: this.worst?.score ?? 0, random: this.random?.score ?? 0 };
  }

  /** The farthest that climbing found. */
  get worst(): Farthest | null {
    return this.guided.corpus.farthest[0] ?? null;
  }

  #drawn(number: number): Case {
    const { scenario, from, overrides } = this.#options;
    const { faults, ...conditions } = overrides;
    const seed = seedText(from + number);
    return {
      seed,
      plan: planAt(scenario, seed, { ...conditions, faults: faults ?? 'all' }),
      name: `drawn-${number}`,
    };
  }
}
