/** Options of the library, as anybody may pass them: one that does nothing would be green for nothing. */
import type { SweepOptions } from './explore/sweep.ts';
import type { RunOptions } from './run.ts';
import { shown } from './shown.ts';

/** Throws in one line for an option that there is none of. */
export function mustBeKnown<O extends object>(call: string, options: O, known: Readonly<Record<keyof O, true>>): void {
  for (const name of Object.keys(options))
    if (!Object.hasOwn(known, name))
      throw new Error(`${call}: expected options of ${Object.keys(known).join(', ')}, got ${shown(name)}`);
}

export const RUN_OPTIONS: Readonly<Record<keyof RunOptions, true>> = {
  plan: true,
  faults: true,
  mode: true,
  laws: true,
  input: true,
  network: true,
  policy: true,
  cell: true,
  budgets: true,
  stay: true,
  witness: true,
};

export const SWEEP_OPTIONS: Readonly<Record<keyof SweepOptions, true>> = {
  scenarios: true,
  module: true,
  laws: true,
  seeds: true,
  from: true,
  jobs: true,
  apart: true,
  portion: true,
  input: true,
  network: true,
  policy: true,
  cell: true,
  faults: true,
  targets: true,
  resumed: true,
  failures: true,
  untilFailure: true,
  budgetMs: true,
  signal: true,
  onProgress: true,
  onFinished: true,
  onDeath: true,
};
