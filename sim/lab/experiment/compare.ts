/** Policies side by side on the same luck: what `lab compare` does. */

import { meanOf } from '../statistics/moments.ts';
import { assembled, contenderOf, type Frame } from './assemble.ts';
import type { LabDocument, LabTrace } from './document.ts';
import { type Asked, counted, enough, type Reached } from './enough.ts';
import { columnOf, type Reference, type Sample } from './estimates.ts';
import { type Cell, cellsOf, type Entrant } from './experiment.ts';
import { frontierOf } from './frontier.ts';
import type { Rows } from './rows.ts';

export interface Comparison extends Frame {
  readonly entrants: readonly Entrant[];
  /** How many replications each cell gets. */
  readonly enough: Asked;
  /** Whom the others are held against: the best in the first metric that is shown, or one by name. */
  readonly against: 'best' | { readonly name: string };
  /** Whether one replication of each is looked at closely. */
  readonly traces: boolean;
  /** Two metrics that cannot both be had; null when nobody asks. */
  readonly axes: { readonly time: string; readonly cost: string } | null;
}

/** Makes all rows, then traces. Rejects with `Ended` when threads are ended; what is there then counts all the same. */
export async function compare(
  comparison: Comparison,
  rows: Rows,
  traces: LabTrace[],
  heard: (reached: Reached) => void,
): Promise<void> {
  const cells = cellsOf(comparison.storms, comparison.entrants);
  await enough(rows, cells, comparison.enough, 0, heard);
  if (comparison.traces) traces.push(...(await tracesOf(rows, cells, 0)));
}

/** One replication of each cell, in their order. */
export const tracesOf = (rows: Rows, cells: readonly Cell[], replication: number): Promise<readonly LabTrace[]> =>
  Promise.all(
    cells.map(async (cell) => ({
      storm: cell.storm.name,
      contender: cell.entrant.name,
      replication,
      ...(await rows.trace(cell, replication)),
    })),
  );

/** What is there, as a document. */
export function comparisonDocument(
  comparison: Comparison,
  rows: Rows,
  traces: readonly LabTrace[],
  stopped: LabDocument['stopped'],
): Omit<LabDocument, 'words'> {
  const { entrants, enough: asked, against, traces: _, axes, ...frame } = comparison;
  const samples = cellsOf(comparison.storms, entrants).map(
    (cell): Sample => ({
      storm: cell.storm.name,
      contender: cell.entrant.name,
      phase: 'estimate',
      from: 0,
      rows: counted(rows.of(cell), asked),
    }),
  );
  return assembled(frame, {
    stopped,
    samples,
    traces,
    contenders: entrants.map((entrant) => contenderOf(entrant, 'estimate')),
    reference: entrants.length < 2 ? null : referenceOf(against, samples, comparison),
    frontier: axes === null ? null : frontierOf(samples, axes, comparison.metrics),
  });
}

function referenceOf(
  against: Comparison['against'],
  samples: readonly Sample[],
  { entrants, metrics }: Comparison,
): Reference {
  if (against !== 'best') return { contender: against.name, chosenByRows: false };
  const best = bestOf(
    entrants.map(({ name }) => name),
    samples,
    metrics.findIndex(({ shown }) => shown),
    metrics.find(({ shown }) => shown)?.better ?? null,
  );
  return { contender: best, chosenByRows: true };
}

/**
 * The contender with the best mean of a metric in every storm together: means are held against the best of their storm,
 * since storms differ in size. One of whom a replication has no value (somebody never came back) is behind all others.
 */
function bestOf(
  names: readonly string[],
  samples: readonly Sample[],
  metric: number,
  better: 'less' | 'more' | null,
): string {
  const sign = better === 'more' ? -1 : 1;
  const meanIn = (sample: Sample): number => sign * meanOf(columnOf(sample, metric));
  const storms = [...new Set(samples.map(({ storm }) => storm))];
  const losses = new Map(names.map((name) => [name, 0]));
  for (const storm of storms) {
    const inStorm = samples.filter((sample) => sample.storm === storm);
    const means = inStorm.map(meanIn);
    const best = means.filter((mean) => !Number.isNaN(mean)).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    for (const [nth, { contender }] of inStorm.entries()) {
      const mean = means[nth] as number;
      const loss = Number.isNaN(mean) ? Number.POSITIVE_INFINITY : (mean - best) / Math.max(Math.abs(best), 1e-9);
      losses.set(contender, (losses.get(contender) as number) + loss);
    }
  }
  return names.reduce((a, b) => ((losses.get(b) as number) < (losses.get(a) as number) ? b : a));
}
