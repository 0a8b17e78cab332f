/**
 * Fault plans as arbitraries: any list of faults of the kinds that a scenario knows, on what there is in its world, which
 * shrinks to few, early and short ones.
 *
 * Each fault is drawn by its own kind, with dice whose throws fast-check chooses. So a kind that somebody brings along is
 * drawn, and shrinks, as well as the built-in ones, and none is ever drawn that its kind would not draw.
 */
import fc from 'fast-check';
import { between } from '../../../src/machine.ts';
import { type Duration, type Instant, seconds, us } from '../../../src/time.ts';
import { mustBeScenario } from '../../core/definition.ts';
import { mustBeOptions } from '../../core/options.ts';
import { OVERRIDE_SHAPES } from '../../core/overrides.ts';
import type { Scenario } from '../../core/scenario.ts';
import { SEED_MAX, seedText } from '../../core/seeds.ts';
import { listOf, must, type Shape, type Shapes, text } from '../../core/shape.ts';
import type { Menu } from '../../faults/kind.ts';
import type { Fault, FaultPlan } from '../../faults/plan.ts';
import { choice, pick } from './choices.ts';
import { type Conditions, commonGround, faultOf, type Ground, groundAt } from './ground.ts';

export interface PlansOptions extends Conditions {
  /** Kinds of faults by name. Default: every one that the scenario knows and that hits something of its world. */
  readonly kinds?: readonly string[];
  /** How many faults, both included. Default 0 to 4. */
  readonly faults?: readonly [least: number, most: number];
  /** Faults begin in this stretch of virtual time, both included. Default: from the start to where the longest story would end. */
  readonly begin?: readonly [from: Instant, until: Instant];
  /** How long a fault lasts, both included; most of them are short. Default 0 to 20 s. */
  readonly lasts?: readonly [least: Duration, most: Duration];
}

/** Two whole numbers from 0, the first of which is not the larger one. */
const pair = (what: string): Shape =>
  must(`[least, most] in ${what}, whole numbers from 0`, (value) => {
    if (!Array.isArray(value) || value.length !== 2) return false;
    const [least, most] = value;
    return Number.isSafeInteger(least) && Number.isSafeInteger(most) && least >= 0 && least <= most;
  });

/** `faults` says how many. */
const { faults: _, ...CONDITIONS } = OVERRIDE_SHAPES;

const PLANS_OPTIONS: Shapes<PlansOptions> = {
  kinds: listOf('a list of kinds of faults', text),
  faults: pair('faults'),
  begin: pair('microseconds'),
  lasts: pair('microseconds'),
  ...CONDITIONS,
};

/** A seed, and a plan for its world. */
export interface Case {
  readonly seed: string;
  readonly plan: FaultPlan;
}

/**
 * Seeds of runs. They do not shrink: a smaller number is no simpler run, but another one.
 */
export const seeds = (): fc.Arbitrary<string> => fc.noShrink(fc.integer({ min: 0, max: SEED_MAX })).map(seedText);

/**
 * Plans for the worlds of a scenario, whatever the seed: they hit only what the worlds of all seeds have. Throws in one
 * line for a kind that the scenario does not know. Give `run` the same conditions (`cell`, `network`, …).
 */
export function plans(scenario: Scenario, options: PlansOptions = {}): fc.Arbitrary<FaultPlan> {
  check(scenario, options);
  const ground = commonGround(scenario, options, options.kinds);
  return drafts(options).map((draft) => planOf(draft, ground, options));
}

/**
 * Seeds with a plan for the world of each, for scenarios whose seeds draw different numbers of clients or servers: all that
 * a world has can be hit.
 */
export function cases(scenario: Scenario, options: PlansOptions = {}): fc.Arbitrary<Case> {
  check(scenario, options);
  // Shrinking tries a hundred plans on one seed.
  let last: { readonly seed: string; readonly ground: Ground } | null = null;
  return fc.tuple(seeds(), drafts(options)).map(([seed, draft]) => {
    if (last?.seed !== seed) last = { seed, ground: groundAt(scenario, seed, options, options.kinds) };
    return { seed, plan: planOf(draft, last.ground, options) };
  });
}

/** A fault before its world is known: choices of kind, beginning and length, and those that its kind makes. */
interface Draft {
  readonly kind: number;
  readonly at: number;
  readonly lasts: number;
  readonly choices: readonly number[];
}

/** The most that a kind of the catalogue asks for in a small world; more come out smallest. */
const CHOICES_MOST = 16;

const drafts = ({ faults: [minLength, maxLength] = [0, 4] }: PlansOptions): fc.Arbitrary<readonly Draft[]> =>
  fc.array(
    fc.record<Draft>({
      kind: choice,
      at: choice,
      lasts: choice,
      choices: fc.array(choice, { minLength: 0, maxLength: CHOICES_MOST, size: 'max' }),
    }),
    { minLength, maxLength, size: 'max' },
  );

/** The plan in order of time; faults that begin together stand as they were drawn. */
function planOf(drafts: readonly Draft[], ground: Ground, { begin, lasts }: PlansOptions): FaultPlan {
  const [from, until] = begin ?? [0 as Instant, ground.menu.until];
  const [least, most] = lasts ?? [us(0), seconds(20)];
  const menu: Menu = { ...ground.menu, from, until, lasts: [least, most] };
  const plan = drafts.map((draft): Fault => {
    const at = between(draft.at, from, until) as Instant;
    // As the runs of a sweep draw it: the square of a share is mostly small.
    const share = between(draft.lasts, 0, 100_000);
    const long = least + Math.floor((share * share * (most - least)) / 10_000_000_000);
    return faultOf(pick(draft.kind, ground.kinds), menu, at, long, draft.choices);
  });
  return plan.sort((a, b) => a.at - b.at);
}

function check(scenario: Scenario, options: PlansOptions): void {
  mustBeScenario(scenario, 'scenario');
  mustBeOptions('plans', options, PLANS_OPTIONS);
}
