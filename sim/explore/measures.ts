/** What many runs measured together: sums and distributions that add up, whoever ran them and in whatever portions. */
import type { Outcome } from '../outcome.ts';
import { emptyHistogram, type Histogram, mergeHistogram, record } from './histogram.ts';

/** What is summed over runs. */
const SUMS = [
  'runs',
  'brokenRuns',
  'budgetRuns',
  'events',
  'virtual',
  'streamsOwed',
  'streamsLost',
  'streamsCompleted',
  'streamsIntact',
  'bytesSent',
  'bytesResent',
  'disconnects',
] as const;
type Sum = (typeof SUMS)[number];

/** Distributions of samples in virtual microseconds; each has its samples in the figures under the same name. */
const SPREADS = ['reconnect', 'resume', 'recovery'] as const;
type Spread = (typeof SPREADS)[number];

/** Of which the largest counts. */
const PEAKS = ['peakBufferBytes'] as const;
type Peak = (typeof PEAKS)[number];

export interface Measures extends Record<Sum, number>, Readonly<Record<Spread, Histogram>>, Record<Peak, number> {
  /** Runs in which each law was broken. */
  readonly brokenBy: Record<string, number>;
}

export function emptyMeasures(): Measures {
  return {
    ...filled(SUMS, () => 0),
    ...filled(SPREADS, emptyHistogram),
    ...filled(PEAKS, () => 0),
    brokenBy: {},
  };
}

const filled = <K extends string, V>(names: readonly K[], value: () => V): Record<K, V> =>
  Object.fromEntries(names.map((name) => [name, value()])) as Record<K, V>;

/** Adds one run. */
export function addRun(into: Measures, { figures, verdict, events, ended, breaches }: Outcome): void {
  into.runs++;
  into.events += events;
  into.virtual += ended;
  into.streamsOwed += figures.streamsOwed;
  into.streamsLost += figures.streamsLost;
  into.streamsCompleted += figures.streamsCompleted;
  into.streamsIntact += figures.streamsIntact;
  into.bytesSent += figures.bytesSent;
  into.bytesResent += figures.bytesResent;
  into.disconnects += figures.disconnects;
  for (const name of SPREADS) for (const sample of figures[name]) record(into[name], sample);
  for (const name of PEAKS) into[name] = Math.max(into[name], figures[name]);
  if (verdict === 'broken') into.brokenRuns++;
  else if (verdict === 'budget') into.budgetRuns++;
  for (const { law } of breaches) into.brokenBy[law] = (into.brokenBy[law] ?? 0) + 1;
}

/** Adds what other runs measured. */
export function mergeMeasures(into: Measures, from: Measures): void {
  for (const name of SUMS) into[name] += from[name];
  for (const name of SPREADS) mergeHistogram(into[name], from[name]);
  for (const name of PEAKS) into[name] = Math.max(into[name], from[name]);
  addCounts(into.brokenBy, from.brokenBy);
}

/** Adds counts by name. */
export function addCounts(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const name in from) into[name] = (into[name] ?? 0) + (from[name] as number);
}
