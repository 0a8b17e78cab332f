/** The tally of many runs of one scenario: plain data that adds up, whoever ran them and in whatever portions. */
import { Digest } from '../digest.ts';
import type { BreachReport, Outcome } from '../outcome.ts';
import { emptyHistogram, type Histogram, mergeHistogram, record } from './histogram.ts';

/** A run that broke a law, or ran out of budget. */
export interface BadRun {
  readonly seed: string;
  readonly digest: string;
  readonly verdict: 'broken' | 'budget';
  readonly exceeded: string | null;
  readonly breaches: readonly BreachReport[];
  readonly plan: Outcome['plan'];
}

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

export interface Tally extends Record<(typeof SUMS)[number], number> {
  /** Runs in which each law was broken; runs in which each sometimes-claim came true. */
  readonly brokenBy: Record<string, number>;
  readonly reached: Record<string, number>;
  /** The first bad runs, in seed order. */
  readonly bad: BadRun[];
  /** Digest of each run, in seed order. */
  readonly digests: string[];
  readonly reconnect: Histogram;
  readonly resume: Histogram;
  readonly recovery: Histogram;
  peakBufferBytes: number;
}

/** Bad runs that are kept with their plans; more of them say nothing new. */
const BAD_KEPT = 20;

export function emptyTally(): Tally {
  const sums = Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<(typeof SUMS)[number], number>;
  return {
    ...sums,
    brokenBy: {},
    reached: {},
    bad: [],
    digests: [],
    reconnect: emptyHistogram(),
    resume: emptyHistogram(),
    recovery: emptyHistogram(),
    peakBufferBytes: 0,
  };
}

/** Counts one run. */
export function count(tally: Tally, { figures, verdict, ...outcome }: Outcome): void {
  tally.runs++;
  tally.digests.push(outcome.digest);
  tally.events += outcome.events;
  tally.virtual += outcome.ended;
  for (const sample of figures.reconnect) record(tally.reconnect, sample);
  for (const sample of figures.resume) record(tally.resume, sample);
  for (const sample of figures.recovery) record(tally.recovery, sample);
  tally.streamsOwed += figures.streamsOwed;
  tally.streamsLost += figures.streamsLost;
  tally.streamsCompleted += figures.streamsCompleted;
  tally.streamsIntact += figures.streamsIntact;
  tally.peakBufferBytes = Math.max(tally.peakBufferBytes, figures.peakBufferBytes);
  tally.bytesSent += figures.bytesSent;
  tally.bytesResent += figures.bytesResent;
  tally.disconnects += figures.disconnects;
  for (const name of outcome.reached) tally.reached[name] = (tally.reached[name] ?? 0) + 1;
  if (verdict === 'holds') return;
  if (verdict === 'broken') tally.brokenRuns++;
  else tally.budgetRuns++;
  for (const { law } of outcome.breaches) tally.brokenBy[law] = (tally.brokenBy[law] ?? 0) + 1;
  if (tally.bad.length < BAD_KEPT) {
    const { seed, digest, exceeded, breaches, plan } = outcome;
    tally.bad.push({ seed, digest, verdict, exceeded, breaches, plan });
  }
}

/** Adds the next portion, in seed order. */
export function merge(into: Tally, next: Tally): void {
  for (const name of SUMS) into[name] += next[name];
  for (const law in next.brokenBy) into.brokenBy[law] = (into.brokenBy[law] ?? 0) + (next.brokenBy[law] as number);
  for (const name in next.reached) into.reached[name] = (into.reached[name] ?? 0) + (next.reached[name] as number);
  for (const bad of next.bad) if (into.bad.length < BAD_KEPT) into.bad.push(bad);
  for (const digest of next.digests) into.digests.push(digest);
  mergeHistogram(into.reconnect, next.reconnect);
  mergeHistogram(into.resume, next.resume);
  mergeHistogram(into.recovery, next.recovery);
  into.peakBufferBytes = Math.max(into.peakBufferBytes, next.peakBufferBytes);
}

/** One digest over all runs in seed order, whatever the workers and the portions. */
export function digestOf({ digests }: Tally): string {
  const digest = new Digest();
  for (const each of digests) digest.addText(each);
  return digest.toString();
}
