/** The same storm in both fidelities, on the same luck, and where the two differ. */
import { METRICS } from '../../../sim/lab/metrics/catalogue.ts';
import { holm } from '../../../sim/lab/statistics/holm.ts';
import { pairedDifference } from '../../../sim/lab/statistics/pairs.ts';
import { runStorm } from '../../../sim/lab/storm/kernel.ts';
import type { StormRun } from '../../../sim/lab/storm/run.ts';
import { runStormInUniverse, type UniverseRun } from '../../../sim/lab/universe/run.ts';
import type { Case } from './cases.ts';

export interface Twins {
  readonly lean: StormRun;
  readonly full: UniverseRun;
}

export function twinsOf({ storm, policy }: Case, seed: string, replication: number): Twins {
  const luck = { seed, replication };
  return { lean: runStorm(storm, policy, luck), full: runStormInUniverse(storm, policy, luck) };
}

const OF_CLIENTS = ['droppedAt', 'recoveredAt', 'attemptsDuring', 'attemptsAfter', 'gaveUp'] as const;
const BINS = ['arrivals', 'admissions', 'refusals'] as const;

/** What differs between two runs, in words; nothing where they are equal to the microsecond, client by client. */
export function differences({ lean, full }: Twins): readonly string[] {
  const found: string[] = [];
  for (const name of [...OF_CLIENTS, ...BINS]) {
    const at = firstDifference(lean[name], full[name]);
    if (at >= 0) found.push(`${name}[${at}]: ${lean[name][at]} in the lean kernel, ${full[name][at]} in the universe`);
  }
  for (const [name, value] of Object.entries(lean.outcomes)) {
    const other = full.outcomes[name as keyof typeof full.outcomes];
    if (value !== other) found.push(`${name}: ${value} in the lean kernel, ${other} in the universe`);
  }
  return [...found, ...full.breaches.map(({ law, message }) => `${law}: ${message}`)];
}

function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return -1;
}

/** What is compared on average. */
const COMPARED = [
  'attempts_during',
  'attempts_after',
  'recovery_p50',
  'recovery_p99',
  'recovery_max',
  'peak_arrivals_100ms',
];

export interface Comparison {
  readonly metric: string;
  readonly lean: number;
  readonly full: number;
  /** The mean of the differences, the half of its interval, and how likely luck alone makes it. */
  readonly difference: number;
  readonly half: number;
  readonly pValue: number;
}

/** The metrics of so many replications in both, as paired differences. */
export function compare(
  one: Case,
  seed: string,
  replications: number,
  leaves: readonly string[] = [],
): readonly Comparison[] {
  const pairs = Array.from({ length: replications }, (_, replication) => twinsOf(one, seed, replication));
  return METRICS.filter(({ name }) => COMPARED.includes(name) && !leaves.includes(name)).map((metric) => {
    const lean = pairs.map((pair) => metric.of(pair.lean));
    const full = pairs.map((pair) => metric.of(pair.full));
    const { value, most, pValue } = pairedDifference(lean, full);
    const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
    return { metric: metric.name, lean: mean(lean), full: mean(full), difference: value, half: most - value, pValue };
  });
}

/** Those of many comparisons that are more than luck, at 1 % for all of them together. Beyond a thousandth nobody would see it. */
export function decided<C extends Comparison>(comparisons: readonly C[]): readonly C[] {
  const decisions = holm(
    comparisons.map(({ pValue }) => pValue),
    0.01,
  );
  return comparisons.filter(
    ({ difference, lean }, i) => decisions[i]?.decided === true && Math.abs(difference) > Math.abs(lean) / 1000,
  );
}
