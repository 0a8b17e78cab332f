/**
 * A figure: what is measured in each run, and how many runs become one number. It is one object, a fold over history like
 * a law; tallies, verdicts, tables, documents and comparisons follow from it.
 *
 * The statistic decides how runs add up, and what a run has to say (`Readings`).
 */
import type { Facts } from '../../src/facts.ts';
import type { Handlers } from '../../src/history.ts';
import type { Instant } from '../../src/time.ts';
import { perObject } from '../core/per-object.ts';

/** Virtual microseconds, bytes, percent, or how many. A share and a growth are in percent. */
export const UNITS = ['us', 'bytes', 'percent', 'count'] as const;
export type Unit = (typeof UNITS)[number];

/** A part of the whole: counted in each run, whole numbers. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

/**
 * What grew: whole numbers before and after. `samples` of them are summed up in it, in `steps` steps in all, of each of
 * which the growth is told; one of each by default.
 */
export interface Growth {
  readonly before: number;
  readonly after: number;
  readonly samples?: number;
  readonly steps?: number;
}

/** The most of a run, and how often there was something to measure; nothing is promised of a run with none. */
export interface Peak {
  readonly peak: number;
  readonly samples: number;
}

/** What one run has to say, by the statistic of the figure; null for nothing. */
export interface Readings {
  /** Samples, whole numbers of 0 or more, of which 95 % are not above the figure. */
  readonly p95: readonly number[];
  /** The same; their mean. */
  readonly mean: readonly number[];
  /** The largest of all runs; a number is one of one sample. */
  readonly max: number | Peak | null;
  /** The part of the whole, in percent. */
  readonly share: Share | null;
  /** By how much what was measured after exceeds what was before, in percent. */
  readonly ratio: Growth | null;
  /** A whole number that adds up. No target can be on it: it grows with the number of runs. */
  readonly sum: number;
  /** The same by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** The most in each step of virtual time (`series.ts`), until the end of the run. */
  readonly series: readonly number[];
}
export const STATISTICS = ['p95', 'mean', 'max', 'share', 'ratio', 'sum', 'counts', 'series'] as const;
export type Statistic = (typeof STATISTICS)[number] & keyof Readings;

/** What a figure is called, and where it stands. */
export interface Terms<S extends Statistic = Statistic> {
  /** Lower-case words with hyphens: it names the figure, and a target on it, in tables and documents. */
  readonly name: string;
  /** One sentence without its full stop: what it is. */
  readonly states: string;
  readonly unit: Unit;
  readonly statistic: S;
  /**
   * The heading of its column in the table of scenarios, and in that of cells; null for none. By default its name, but
   * none for what a protocol measures.
   */
  readonly column?: string | null;
  readonly cellColumn?: string | null;
  /**
   * What stands in the metrics of a document: its key, or all of it; null for nothing. By default its name with the unit:
   * `catch_up_ms`, a share also as `catch_up_part` and `catch_up_whole`.
   */
  readonly document?: string | ((sum: never) => Readonly<Record<string, unknown>>) | null;
  /** Whether more of it is better, for comparisons. Default: of a share only. */
  readonly moreIsBetter?: boolean;
  /** What comparisons take from each run; null for nothing. By default its worst sample. */
  readonly perRun?: PerRun | null;
  /**
   * Whether it is what its scenario is told by in a word: while a sweep runs, as a distribution, over cells, in the trend. By
   * default the first that has a distribution.
   */
  readonly headline?: boolean;
}

/** What is taken from each run: a whole number, less is better. */
export interface PerRun {
  readonly key: string;
  take?(reading: never): number | null;
  /** By default that of the figure; of a share how many. */
  readonly unit?: Unit;
  /** What is compared: the share of runs in which it is not 0, under this name. By default quantiles, or the mean. */
  readonly runsWith?: string;
}

/** A figure that is folded by itself. */
export interface FoldedFigure<Memory = unknown, S extends Statistic = Statistic> extends Terms<S> {
  remember(facts: Facts): Memory;
  /** The entries that it looks at. */
  readonly on: Handlers<Memory, undefined>;
  /** What the run has to say, now that it is over. */
  come(memory: Memory, ended: Instant): Readings[S];
}

/** A figure taken from what the folds of a protocol measured together (`Protocol.measure`). */
export interface MeasuredFigure<F = unknown, S extends Statistic = Statistic> extends Terms<S> {
  of(measured: F): Readings[S];
}

export type Figure = FoldedFigure | MeasuredFigure;

/** Fixes the memory of a figure for inference, and forgets it for lists of figures. */
export function figure<Memory, S extends Statistic>(definition: FoldedFigure<Memory, S>): FoldedFigure {
  return definition as unknown as FoldedFigure;
}

export const isFolded = (figure: Figure): figure is FoldedFigure => 'on' in figure;

export const isMoreBetter = ({ moreIsBetter, statistic }: Pick<Figure, 'moreIsBetter' | 'statistic'>): boolean =>
  moreIsBetter ?? statistic === 'share';

/** All figures of a scenario: what its protocol brings, then its own. */
export const figuresOf = perObject(
  (scenario: {
    readonly protocol?: { readonly figures?: readonly Figure[] };
    readonly figures?: readonly Figure[];
  }): readonly Figure[] => [...(scenario.protocol?.figures ?? []), ...(scenario.figures ?? [])],
);

/** What a scenario is told by; null when it measures no distribution. */
export const headlineOf = (scenario: Parameters<typeof figuresOf>[0]): Figure | null => {
  const spreads = figuresOf(scenario).filter(({ statistic }) => statistic === 'p95' || statistic === 'mean');
  return spreads.find(({ headline }) => headline) ?? spreads[0] ?? null;
};

/** What a run had to say to a figure. */
export const readingOf = (figure: Figure, measured: Readonly<Record<string, unknown>>): unknown =>
  isFolded(figure) ? measured[figure.name] : figure.of(measured);
