/**
 * One sample a run: what each run came to as a whole, as histograms over runs.
 *
 * Samples of one run depend on each other (a bad network spoils all of its recoveries), runs do not. Whoever asks
 * whether two sweeps differ by more than luck needs independent samples, and these are.
 */
import type { Outcome } from '../outcome.ts';
import { bucketsOf, emptyHistogram, type Histogram, mergeHistogram, record } from './histogram.ts';

/** What is taken from a run: a whole number, less is better; null when the run has nothing to say about it. */
const TAKEN = {
  reconnect_us: ({ figures }: Outcome) => worst(figures.reconnect),
  resume_us: ({ figures }: Outcome) => worst(figures.resume),
  recovery_us: ({ figures }: Outcome) => worst(figures.recovery),
  streams_missing: ({ figures }: Outcome) => Math.max(0, figures.streamsOwed - figures.streamsCompleted),
  streams_spoiled: ({ figures }: Outcome) => Math.max(0, figures.streamsCompleted - figures.streamsIntact),
  streams_lost: ({ figures }: Outcome) => figures.streamsLost,
  bytes_resent: ({ figures }: Outcome) => figures.bytesResent,
  peak_buffer_bytes: ({ figures }: Outcome) => figures.peakBufferBytes,
  events: ({ events }: Outcome) => events,
  virtual_us: ({ ended }: Outcome) => ended,
} as const satisfies Record<string, (outcome: Outcome) => number | null>;

export type PerRunName = keyof typeof TAKEN;

/** Every figure that is taken once a run, in the order of documents. */
export const PER_RUN = Object.keys(TAKEN) as readonly PerRunName[];

export type PerRun = Readonly<Record<PerRunName, Histogram>>;

export const emptyPerRun = (): PerRun =>
  Object.fromEntries(PER_RUN.map((name) => [name, emptyHistogram()])) as unknown as PerRun;

/** Counts one run. */
export function countRun(into: PerRun, outcome: Outcome): void {
  for (const name of PER_RUN) {
    const value = TAKEN[name](outcome);
    if (value !== null) record(into[name], value);
  }
}

/** Adds the runs of another portion. */
export function mergePerRun(into: PerRun, from: PerRun): void {
  for (const name of PER_RUN) mergeHistogram(into[name], from[name]);
}

/** A histogram in a document. */
export interface SampleDocument {
  readonly samples: number;
  /** `[value, samples]` in ascending order of values, each value within 0.8 %. */
  readonly buckets: readonly (readonly [number, number])[];
}

/** All of them, as they stand in a document; units are in the names. */
export const perRunDocument = (perRun: PerRun): Readonly<Record<PerRunName, SampleDocument>> =>
  Object.fromEntries(
    PER_RUN.map((name) => [name, { samples: perRun[name].count, buckets: bucketsOf(perRun[name]) }]),
  ) as unknown as Record<PerRunName, SampleDocument>;

/** The largest sample: an application remembers its worst recovery. */
function worst(samples: readonly number[]): number | null {
  let most: number | null = null;
  for (const sample of samples) if (most === null || sample > most) most = sample;
  return most;
}
