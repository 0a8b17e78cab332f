/**
 * Options of the library, as anybody may pass them: one that does nothing would be green for nothing, and one of another
 * shape would end in the middle of a run with words that name nobody.
 */
import { policyProblems, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import type { Content } from '../../src/content.ts';
import { flawText } from '../faults/check.ts';
import { NETWORK_SHAPE } from '../networks/check.ts';
import type { Network } from '../networks/network.ts';
import type { Budgets } from './budgets.ts';
import { LAW } from './definition.ts';
import type { RunOptions } from './run.ts';
import type { Scenario } from './scenario.ts';
import { amount, anything, callable, listOf, must, object, type Shapes, text } from './shape.ts';
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

const content = object('a content, as cutContent makes them', {
  name: text,
  kind: text,
  bytes: must('a Uint8Array', (value) => value instanceof Uint8Array),
  parts: listOf('a list of parts', anything),
  chunks: must('a list of one chunk at the least', (value) => Array.isArray(value) && value.length > 0),
} satisfies Shapes<Content>);

/** What every call that runs a scenario takes. */
export const SHARED = {
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
