/**
 * One sample a run: what each run came to as a whole, as histograms over runs.
 *
 * Samples of one run depend on each other (a bad network spoils all of its recoveries), runs do not. Whoever asks
 * whether two sweeps differ by more than luck needs independent samples, and these are.
 */
import type { Outcome } from '../core/outcome.ts';
import {
  type Figure,
  isFolded,
  isMoreBetter,
  type Peak,
  readingOf,
  type Share,
  type Statistic,
  type Unit,
} from '../figures/figure.ts';
import { bucketsOf, emptyHistogram, type Histogram, mergeHistogram, record } from './histogram.ts';
import { keyOf } from './metrics.ts';
import { peakOf } from './sums.ts';

/** What is taken from every run, whatever it measures: a whole number, less is better. */
export const OF_EVERY_RUN = ['events', 'virtual_us'] as const;

/** By key, whose end is the unit. */
export type PerRun = Record<string, Histogram>;

export const emptyPerRun = (): PerRun => ({});

const SUFFIX: Readonly<Record<Unit, string>> = { us: '_us', bytes: '_bytes', percent: '_percent', count: '' };

/** Under which key a figure is taken from each run; null for none. */
export function perRunKey(figure: Figure): string | null {
  const { perRun, statistic, unit } = figure;
  if (perRun !== undefined) return perRun?.key ?? null;
  if (!isFolded(figure) || TAKES[statistic] === null) return null;
  if (statistic === 'share') return `${keyOf(figure)}_${isMoreBetter(figure) ? 'missing' : 'part'}`;
  return `${keyOf(figure)}${SUFFIX[unit]}`;
}

/** Counts one run, which was measured by these figures; gives what was taken from it, null where there was nothing. */
export function countRun(
  into: PerRun,
  outcome: Outcome,
  figures: readonly Figure[],
): Readonly<Record<string, number | null>> {
  const taken: Record<string, number | null> = {};
  for (const figure of figures) {
    const key = perRunKey(figure);
    if (key === null) continue;
    const reading = readingOf(figure, outcome.figures);
    const take = takeOf(figure);
    taken[key] = reading === null || take === null ? null : take(reading);
  }
  taken.events = outcome.events;
  taken.virtual_us = outcome.ended;
  for (const key in taken) note(into, key, taken[key] as number | null);
  return taken;
}

function takeOf(figure: Figure): ((reading: unknown) => number | null) | null {
  const take = figure.perRun?.take ?? TAKES[figure.statistic];
  const isPart = figure.statistic === 'share' && figure.perRun?.take === undefined && !isMoreBetter(figure);
  return (isPart ? ({ part }: Share) => part : take) as ((reading: unknown) => number | null) | null;
}

/** Null when the run has nothing to say about it. */
function note(into: PerRun, key: string, value: number | null): void {
  into[key] ??= emptyHistogram();
  if (value !== null) record(into[key] as Histogram, value);
}

/** Adds the runs of another portion. */
export function mergePerRun(into: PerRun, from: PerRun): void {
  for (const key in from) {
    into[key] ??= emptyHistogram();
    mergeHistogram(into[key] as Histogram, from[key] as Histogram);
  }
}

/** A histogram in a document. */
export interface SampleDocument {
  readonly samples: number;
  /** `[value, samples]` in ascending order of values, each value within 0.8 %. */
  readonly buckets: readonly (readonly [number, number])[];
}

/** Everything that is taken from each run, in order. */
export const perRunKeys = (figures: readonly Figure[]): readonly string[] => [
  ...new Set([...figures.flatMap((figure) => perRunKey(figure) ?? []), ...OF_EVERY_RUN]),
];

/** All that figures take, as it stands in a document. */
export function perRunDocument(figures: readonly Figure[], perRun: PerRun): Readonly<Record<string, SampleDocument>> {
  return Object.fromEntries(
    perRunKeys(figures).map((key) => {
      const histogram = perRun[key] ?? emptyHistogram();
      return [key, { samples: histogram.count, buckets: bucketsOf(histogram) }];
    }),
  );
}

/** What stands under a key, and how two sweeps of it are compared. */
export interface ComparedDocument {
  readonly key: string;
  readonly name: string;
  readonly states: string;
  readonly unit: Unit;
  /** Percent of runs whose value is compared, the mean, or the share of runs in which it is not 0. */
  readonly by: readonly number[] | 'mean' | 'any';
  readonly more_is_better: boolean;
}

/** What comparisons look at, in the order in which they show it. */
export function comparedDocument(figures: readonly Figure[], headline: Figure | null): readonly ComparedDocument[] {
  const of = figures.flatMap((figure): ComparedDocument[] => {
    const { unit, statistic, perRun } = figure;
    const key = perRunKey(figure);
    if (key === null) return [];
    const isShare = statistic === 'share';
    const isWorst = statistic === 'p95' || statistic === 'max';
    const runsWith = perRun?.runsWith === undefined ? null : `runs with ${perRun.runsWith}`;
    const of = isWorst ? ': the most of a run' : isShare ? ': what is missing, or too much, in a run' : '';
    const quantiles = figure === headline ? [50, 95, 99] : [50, 95];
    return [
      {
        key,
        name: runsWith ?? figure.name,
        states: runsWith ?? `${figure.states}${of}`,
        unit: perRun?.unit ?? (isShare ? 'count' : unit),
        by: runsWith !== null ? 'any' : isWorst ? quantiles : 'mean',
        more_is_better: runsWith === null && !isShare && isMoreBetter(figure),
      },
    ];
  });
  const every = { by: 'mean', more_is_better: false } as const;
  return [
    ...of,
    { ...every, key: 'events', name: 'events', unit: 'count', states: 'events of a run, the cost of simulating it' },
    { ...every, key: 'virtual_us', name: 'virtual time', unit: 'us', states: 'virtual time until a run came to rest' },
  ];
}

/** The largest sample: an application remembers its worst recovery. */
function worst(samples: readonly number[]): number | null {
  let most: number | null = null;
  for (const sample of samples) if (most === null || sample > most) most = sample;
  return most;
}

/** What stands for a run; null for what no number stands for. */
const TAKES: { readonly [S in Statistic]: ((reading: never) => number | null) | null } = {
  p95: worst,
  mean: worst,
  max: (reading: number | Peak) => Math.ceil(peakOf(reading).peak),
  share: ({ part, whole }: Share) => Math.max(0, whole - part),
  ratio: null,
  sum: (reading: number) => reading,
  counts: null,
  series: null,
};
