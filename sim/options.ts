/**
 * Options of the library, as anybody may pass them: one that does nothing would be green for nothing, and one of another
 * shape would end in the middle of a run with words that name nobody.
 */
import type { Law } from '../properties/laws/law.ts';
import { policyProblems, problemText } from '../src/backoff/parse.ts';
import type { Policy } from '../src/backoff/policy.ts';
import type { Content } from '../src/content.ts';
import type { Budgets } from './budgets.ts';
import type { SweepOptions } from './explore/sweep.ts';
import { flawText } from './faults/check.ts';
import { NETWORK_SHAPE } from './networks/check.ts';
import type { Network } from './networks/network.ts';
import type { RunOptions } from './run.ts';
import type { Claim, Scenario } from './scenario.ts';
import {
  anything,
  callable,
  listOf,
  must,
  object,
  optional,
  orNull,
  positive,
  type Shape,
  text,
  truth,
} from './shape.ts';
import { shown } from './shown.ts';
import type { PlansOptions } from './testing/arbitraries/plans.ts';
import type { PoliciesOptions } from './testing/arbitraries/policies.ts';
import type { SeedsOptions } from './testing/asked.ts';

type Shapes<T> = Readonly<Record<keyof T, Shape>>;

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

/** Throws in one line for what is no scenario; `field` is where it stands. */
export function mustBeScenario(scenario: unknown, field: string): asserts scenario is Scenario {
  if (sound.has(scenario as object)) return;
  const flaw = SCENARIO(scenario, field);
  if (flaw !== null) throw new Error(flawText(flaw));
  sound.add(scenario as object);
}

/** Scenarios that were looked at: thousands of runs are of one. */
const sound = new WeakSet<object>();

/** Throws in one line that names every knob of a policy that is none, in whole microseconds as in code. */
export function mustBePolicy(policy: Policy): void {
  const problems = policyProblems(policy, 'policy');
  if (problems.length > 0) throw new Error(problems.map(problemText).join('; '));
}

/** Throws in one line for a network on which no client of that scenario gets through. */
export function mustGetThrough({ protocol }: Scenario, network: Network): void {
  const flaw = protocol?.flawOfNetwork?.(network) ?? null;
  if (flaw !== null) throw new Error(`network ${network.name}: ${flaw}`);
}

const judge = { name: text, states: text, remember: callable, on: object('handlers by kind of entry', {}) };
const claim = object('a claim with name, states, remember and on', judge satisfies Partial<Shapes<Claim>>);
const law = object('a law with name, states, remember and on', {
  ...judge,
  end: optional(callable),
} satisfies Shapes<Law>);
const SCENARIO = object('a scenario, such as one of SCENARIOS (scenarioNamed gives undefined for a name of none)', {
  name: text,
  title: text,
  sometimes: listOf('a list of claims', claim),
  dimensions: optional(object('values by dimension', {})),
  builds: optional(listOf('a list of dimensions', text)),
  targets: optional(listOf('a list of targets', object('a target with its name', { name: text }))),
  protocol: optional(object('a protocol with name, cast, laws and faults', { name: text, cast: callable })),
  laws: optional(listOf('a list of laws', law)),
  faults: optional(
    listOf('a list of kinds of faults', object('a kind of fault', { name: text, hits: text, draw: callable })),
  ),
  world: callable,
  plan: callable,
} satisfies Shapes<Scenario>);

const content = object('a content, as cutContent makes them', {
  name: text,
  kind: text,
  bytes: must('a Uint8Array', (value) => value instanceof Uint8Array),
  parts: listOf('a list of parts', anything),
  chunks: must('a list of one chunk at the least', (value) => Array.isArray(value) && value.length > 0),
} satisfies Shapes<Content>);

/** What run and sweep have in common. */
const SHARED = {
  input: listOf('a list of contents', content),
  network: NETWORK_SHAPE,
  policy: anything,
  cell: object('an object of values by dimension', {}),
  faults: anything,
} satisfies Partial<Shapes<RunOptions>>;

export const RUN_OPTIONS: Shapes<RunOptions> = {
  plan: anything,
  ...SHARED,
  mode: must('one of sweep, recorded, frozen', (value) => ['sweep', 'recorded', 'frozen'].includes(value as string)),
  laws: listOf('a list of laws', law),
  budgets: object('budgets with events, time, queue and dials', {
    events: positive,
    time: positive,
    queue: positive,
    dials: positive,
  } satisfies Shapes<Budgets>),
  stay: object('instants by client', {}),
  witness: callable,
};

export const SWEEP_OPTIONS: Shapes<SweepOptions> = {
  scenarios: listOf('a list of scenarios', SCENARIO),
  seeds: anything,
  from: anything,
  jobs: anything,
  apart: truth,
  portion: anything,
  input: orNull(SHARED.input),
  network: orNull(SHARED.network),
  policy: SHARED.policy,
  cell: orNull(SHARED.cell),
  faults: SHARED.faults,
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
  ...SHARED,
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

export const PLANS_OPTIONS: Shapes<PlansOptions> = {
  kinds: listOf('a list of kinds of faults', text),
  faults: pair('faults'),
  begin: pair('microseconds'),
  lasts: pair('microseconds'),
  cell: SHARED.cell,
  input: SHARED.input,
  network: SHARED.network,
  policy: SHARED.policy,
};

export const POLICIES_OPTIONS: Shapes<PoliciesOptions> = {
  longest: must(
    'whole microseconds from 10,000 to 2,147,483,647,000',
    (value) => Number.isSafeInteger(value) && (value as number) >= 10_000 && (value as number) <= 2_147_483_647_000,
  ),
  givesUp: truth,
};
