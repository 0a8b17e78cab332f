/**
 * Guided search: plans that met something new are kept, and the next ones are made of them.
 *
 * Runs come in generations of a fixed size. Each is made, by dice that depend on its first seed and its number alone, of
 * what the generations up to the last but one have met; so one generation runs while the next is made, and whoever runs
 * what, on however many cores, the search is the same.
 */
import { dice } from '../core/dice.ts';
import type { Overrides } from '../core/overrides.ts';
import { planAt } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import { SEED_MAX, seedText } from '../core/seeds.ts';
import type { Case, Cases } from '../explore/cases.ts';
import type { Tally } from '../explore/tally.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { Corpus, type Kept } from './corpus.ts';
import { type Ground, groundOf } from './ground.ts';
import { mutate } from './mutate.ts';
import { NO_TRACE, type Trace } from './trace.ts';

/** Runs of a generation: enough for all cores, few enough to learn soon. */
export const GENERATION = 40;
/** One run in so many is drawn by its seed, so that a search never forgets the rest of the world. */
const FRESH_ONE_IN = 3;
/** Of those, one in so many has the faults that its scenario draws, and the others any that hit something. */
const OWN_ONE_IN = 4;
/** Of those that are made of others, one in so many is the same plan in another world. */
const MOVED_ONE_IN = 3;
/** Worlds that are kept at hand: those of seeds that were kept are asked for again and again. */
const GROUNDS = 256;

export interface GuidedOptions {
  readonly scenario: Scenario;
  readonly runs: number;
  /** First seed. */
  readonly from: number;
  readonly overrides: Overrides;
  /** A corpus of before: its runs are the first. */
  readonly begin?: readonly Pick<Kept, 'seed' | 'plan'>[];
  /** Whether only harm that the derived menu draws is looked at, and not what the scenario itself does: for the worst of it. */
  readonly menuOnly?: boolean;
}

export class Guided implements Cases {
  readonly corpus = new Corpus();
  readonly #options: GuidedOptions;
  /** Cases by their numbers, as far as they are made. */
  readonly #made: Case[] = [];
  readonly #grounds = new Map<string, Ground>();
  #heard = 0;
  #fresh = 0;

  constructor(options: GuidedOptions) {
    this.#options = options;
    this.#make();
    this.#make();
  }

  get size(): number {
    return this.#options.runs;
  }

  /** Runs that a corpus of before began with. */
  get begun(): number {
    return Math.min(this.size, this.#options.begin?.length ?? 0);
  }

  from(first: number, most: number): readonly Case[] {
    // A portion lies within a generation, because its traces come together.
    const end = Math.min(first + most, this.#made.length, (Math.floor(first / GENERATION) + 1) * GENERATION);
    return this.#made.slice(first, Math.max(first, end));
  }

  heard(tally: Tally): void {
    const traces = tally.traces ?? [];
    // They were for this, and a tally of many runs needs none of them.
    delete tally.traces;
    for (let i = 0; i < tally.runs; i++) {
      const { seed, plan } = this.#made[this.#heard] as Case;
      this.corpus.note(seed, plan, traces[i] ?? (NO_TRACE as Trace));
      this.#heard++;
      if (this.#heard % GENERATION === 0) this.#make();
    }
  }

  /** The next generation, of what was heard so far. */
  #make(): void {
    const end = Math.min(this.#made.length + GENERATION, this.size);
    while (this.#made.length < end) this.#made.push(this.#next(this.#made.length));
  }

  #next(number: number): Case {
    const { begin = [] } = this.#options;
    const name = `guided-${number}`;
    const old = begin[number];
    if (old !== undefined) return { ...old, name };
    const luck = dice(`guided/${seedText(this.#options.from)}/${number}`);
    const { kept } = this.corpus;
    if (kept.length === 0 || luck.chance('fresh', 1, FRESH_ONE_IN)) return { ...this.#drawn(), name };
    const parent = this.corpus.pick(luck);
    const seed = luck.chance('moved', 1, MOVED_ONE_IN) ? this.#nextSeed() : parent.seed;
    const other = luck.pick('other', kept).plan;
    return { seed, plan: mutate(parent.plan, { dice: luck, ground: this.#groundOf(seed), other }), name };
  }

  /** What the next seed draws: by itself, or from every kind that hits something of its world. */
  #drawn(): { readonly seed: string; readonly plan: FaultPlan } {
    const { scenario, overrides, menuOnly = false } = this.#options;
    const own = !menuOnly && this.#fresh % OWN_ONE_IN === 0 && !overrides.faults;
    const seed = this.#nextSeed();
    const { faults, ...conditions } = overrides;
    return { seed, plan: planAt(scenario, seed, own ? conditions : { ...conditions, faults: faults ?? 'all' }) };
  }

  #nextSeed(): string {
    return seedText((this.#options.from + this.#fresh++) % (SEED_MAX + 1));
  }

  #groundOf(seed: string): Ground {
    const { scenario, overrides } = this.#options;
    let ground = this.#grounds.get(seed);
    if (ground === undefined) {
      if (this.#grounds.size === GROUNDS) this.#grounds.clear();
      ground = groundOf(scenario, seed, overrides);
      this.#grounds.set(seed, ground);
    }
    return ground;
  }
}
