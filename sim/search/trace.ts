/**
 * What a search hears of one run: which features it had, as numbers, and how far it went towards what is to be maximised.
 *
 * A feature is something that a run met or did not: an event in a phase, a fault in a phase, three phases in a row, parties
 * in phases together, a claim; and of everything that was measured its order of magnitude, which is where a law's margin
 * shows: the longest recovery, the most bytes held.
 */

import { nameCode } from '../core/digest.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Scenario } from '../core/scenario.ts';
import { type Figure, figuresOf, type Peak, readingOf } from '../figures/figure.ts';
import type { Coverage } from './coverage.ts';

export interface Trace {
  /** Each once, ascending. */
  readonly features: readonly number[];
  /** Of what is maximised; 0 where nothing is, and for a run that measured nothing. */
  readonly score: number;
}

/** Of a run that came to no outcome. */
export const NO_TRACE: Trace = { features: [], score: 0 };

/** The trace of a run: what it met, and what came of it. */
export function traceOf(coverage: Coverage, outcome: Outcome, scenario: Scenario, objective: string | null): Trace {
  const features = new Set<number>();
  const note = (name: string): void => void features.add(nameCode(name));
  for (const part of ['events', 'faults', 'turns'] as const)
    for (const row in coverage[part]) for (const name in coverage[part][row]) note(`${part}/${row}/${name}`);
  for (const name in coverage.together) note(`together/${name}`);
  for (const name in coverage.turns) {
    // How often somebody went round, in powers of two: ten cascades are another run than two.
    const sum = Object.values(coverage.turns[name] as Record<string, number>).reduce((all, each) => all + each, 0);
    note(`rounds/${name}/${magnitude(sum)}`);
  }
  for (const claim of outcome.reached) note(`claim/${claim}`);
  let score = 0;
  for (const figure of figuresOf(scenario)) {
    const most = mostOf(figure, readingOf(figure, outcome.figures));
    if (most === null) continue;
    if (most > 0) note(`figure/${figure.name}/${magnitude(most)}`);
    if (figure.name === objective) score = most;
  }
  for (const { law } of outcome.breaches) note(`law/${law}`);
  return { features: [...features].sort((a, b) => a - b), score };
}

/** The order of magnitude of a number from 0: each doubling is one more, and its upper half another. */
export function magnitude(value: number): number {
  let exponent = 0;
  let rest = value;
  while (rest >= 4) {
    rest /= 2;
    exponent++;
  }
  return 2 * exponent + Math.floor(rest);
}

/** The most that a run measured of a figure; null where that is no number of which more is farther. */
export function mostOf({ statistic }: Figure, reading: unknown): number | null {
  if (reading === null || reading === undefined) return null;
  if (statistic === 'p95' || statistic === 'mean')
    return (reading as readonly number[]).reduce((a, b) => Math.max(a, b), 0);
  if (statistic === 'max') return typeof reading === 'number' ? reading : (reading as Peak).peak;
  return statistic === 'sum' ? (reading as number) : null;
}
