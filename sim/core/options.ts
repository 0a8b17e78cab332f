/**
 * Options of the library, as anybody may pass them: one that does nothing would be green for nothing, and one of another
 * shape would end in the middle of a run with words that name nobody.
 */
import { flawText } from '../faults/check.ts';
import type { Budgets } from './budgets.ts';
import { LAW } from './definition.ts';
import { OVERRIDE_SHAPES } from './overrides.ts';
import type { OpenOptions, RunOptions } from './run.ts';
import { amount, anything, callable, listOf, object, oneOf, optional, type Shapes, truth } from './shape.ts';
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
  mode: oneOf('sweep', 'recorded', 'frozen'),
  laws: listOf('a list of laws', LAW),
  budgets: object('budgets with events, time, queue and dials', {
    events: amount,
    time: amount,
    queue: amount,
    dials: amount,
    instant: optional(amount),
  } satisfies Shapes<Budgets>),
  stay: object('instants by client', {}),
  until: callable,
  witness: callable,
  observe: callable,
  phase: callable,
};

export const OPEN_OPTIONS: Shapes<OpenOptions> = { ...RUN_OPTIONS, changes: truth };
