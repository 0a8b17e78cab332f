/** What a sweep takes, as anybody may pass it. */
import { LAW, SCENARIO } from '../core/definition.ts';
import { OVERRIDE_SHAPES } from '../core/overrides.ts';
import { anything, callable, listOf, must, object, orNull, type Shapes, text, truth } from '../core/shape.ts';
import type { SweepOptions } from './sweep.ts';

export const MODULE = must('a path or an URL', (value) => typeof value === 'string' || value instanceof URL);

export const SWEEP_OPTIONS: Shapes<SweepOptions> = {
  scenarios: listOf('a list of scenarios, or a `module` that has them', (value, field) =>
    typeof value === 'string' ? null : SCENARIO(value, field),
  ),
  module: MODULE,
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
  knownFailing: anything,
  forever: truth,
  budgetMs: anything,
  signal: object('an AbortSignal', { aborted: truth }),
  onProgress: callable,
  onFinished: callable,
  onDeath: callable,
};
