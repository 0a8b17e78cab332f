/**
 * Options of the library, as anybody may pass them: one that does nothing would be green for nothing, and one of another
 * shape would end in the middle of a run with words that name nobody.
 */
import { LAW, SCENARIO } from '../definition.ts';
import type { SweepOptions } from '../explore/sweep.ts';
import { flawText } from '../faults/check.ts';
import type { PlansOptions } from '../testing/arbitraries/plans.ts';
import type { PoliciesOptions } from '../testing/arbitraries/policies.ts';
import type { SeedsOptions } from '../testing/asked.ts';
import type { Budgets } from './budgets.ts';
import { OVERRIDE_SHAPES } from './overrides.ts';
import type { RunOptions } from './run.ts';
import {
  amount,
  anything,
  callable,
  listOf,
  must,
  object,
  orNull,
  type Shape,
  type Shapes,
  text,
  truth,
} from './shape.ts';
import { shown } from './shown.ts';

/** Throws in one line for an option that there is none of, or that is not what it must be; `undefined` is none. */
export function mustBeOptions<O extends object>(call: string, options: O, shapes: Shapes<O>): void {
  const whole = object(`${call}: expected an object of options`, {})(options, call);
  if (whole !== null) throw new Error(`${whole.expected}, got ${shown(options)}`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(shapes, name))
      throw new Error(`${call}: expected options of ${Object.keys(shapes).join(', ')}, got ${shown(name)}`);
    const flaw = value === undefined ? null : shapes[name as keyof O](value, name);
    if (flaw !== null) throw new Error(flawText(flaw));
  }
}

export const RUN_OPTIONS: Shapes<RunOptions> = {
  plan: anything,
  ...OVERRIDE_SHAPES,
  mode: must('one of sweep, recorded, frozen', (value) => ['sweep', 'recorded', 'frozen'].includes(value as string)),
  laws: listOf('a list of laws', LAW),
  budgets: object('budgets with events, time, queue and dials', {
    events: amount,
    time: amount,
    queue: amount,
    dials: amount,
  } satisfies Shapes<Budgets>),
  stay: object('instants by client', {}),
  witness: callable,
};

export const SWEEP_OPTIONS: Shapes<SweepOptions> = {
  scenarios: listOf('a list of scenarios, or a `module` that has them', (value, field) =>
    typeof value === 'string' ? null : SCENARIO(value, field),
  ),
  module: must('a path or an URL', (value) => typeof value === 'string' || value instanceof URL),
  laws: orNull(listOf('a list of laws', LAW)),
  seeds: anything,
  from: anything,
  jobs: anything,
  apart: truth,
  portion: anything,
  ...OVERRIDE_SHAPES,
  targets: truth,
  resumed: listOf('a list of portions', object('a portion with its tally', { tally: object('a tally', {}) })),
  failures: text,
  untilFailure: truth,
  budgetMs: anything,
  signal: object('an AbortSignal', { aborted: truth }),
  onProgress: callable,
  onFinished: callable,
  onDeath: callable,
};

export const SEEDS_OPTIONS: Shapes<SeedsOptions> = {
  runs: anything,
  from: anything,
  jobs: anything,
  laws: RUN_OPTIONS.laws,
  ...OVERRIDE_SHAPES,
  timeout: anything,
  failures: orNull(text),
};

/** Two whole numbers from 0, the first of which is not the larger one. */
const pair = (what: string): Shape =>
  must(`[least, most] in ${what}, whole numbers from 0`, (value) => {
    if (!Array.isArray(value) || value.length !== 2) return false;
    const [least, most] = value;
    return Number.isSafeInteger(least) && Number.isSafeInteger(most) && least >= 0 && least <= most;
  });

/** `faults` says how many. */
const { faults: _, ...CONDITIONS } = OVERRIDE_SHAPES;

export const PLANS_OPTIONS: Shapes<PlansOptions> = {
  kinds: listOf('a list of kinds of faults', text),
  faults: pair('faults'),
  begin: pair('microseconds'),
  lasts: pair('microseconds'),
  ...CONDITIONS,
};

export const POLICIES_OPTIONS: Shapes<PoliciesOptions> = {
  longest: must(
    'whole microseconds from 10,000 to 2,147,483,647,000',
    (value) => Number.isSafeInteger(value) && (value as number) >= 10_000 && (value as number) <= 2_147_483_647_000,
  ),
  givesUp: truth,
};
