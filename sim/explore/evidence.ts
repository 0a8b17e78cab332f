/**
 * Evidence on a target: what each run had to say about it, summed so that a verdict can tell a finding from luck.
 *
 * Samples of one run depend on each other (a bad network spoils all of its recoveries, and a herd has thousands of them),
 * runs do not. So a run is one piece of evidence: a part and a whole, whose ratio over all runs is what the target is
 * about, and the sums of their squares and products, which say how much that ratio differs from run to run.
 */
import type { Cell } from '../cells.ts';
import type { Figures } from '../outcome.ts';
import { TARGETS } from '../targets/catalogue.ts';
import type { TargetName, TargetUse } from '../targets/target.ts';
import { covers } from './exception.ts';
import { SPREAD_OF } from './figure.ts';
import { addProduct, addWide, noWide, type Wide } from './wide.ts';

export interface Evidence {
  /** Runs that had something to say. */
  runs: number;
  part: number;
  whole: number;
  readonly partSquares: Wide;
  readonly products: Wide;
  readonly wholeSquares: Wide;
}

export const noEvidence = (): Evidence => ({
  runs: 0,
  part: 0,
  whole: 0,
  partSquares: noWide(),
  products: noWide(),
  wholeSquares: noWide(),
});

/** By target; a target that no run had anything to say about is not in it. */
export type EvidenceByTarget = Record<string, Evidence>;

/** Adds one run. */
export function addPiece(into: EvidenceByTarget, name: TargetName, part: number, whole: number): void {
  into[name] ??= noEvidence();
  const evidence = into[name] as Evidence;
  evidence.runs++;
  evidence.part += part;
  evidence.whole += whole;
  addProduct(evidence.partSquares, part, part);
  addProduct(evidence.products, part, whole);
  addProduct(evidence.wholeSquares, whole, whole);
}

/** Adds what other runs had to say. */
export function mergeEvidence(into: EvidenceByTarget, from: EvidenceByTarget): void {
  for (const name in from) {
    const more = from[name] as Evidence;
    into[name] ??= noEvidence();
    const evidence = into[name] as Evidence;
    evidence.runs += more.runs;
    evidence.part += more.part;
    evidence.whole += more.whole;
    for (const sum of ['partSquares', 'products', 'wholeSquares'] as const) addWide(evidence[sum], more[sum]);
  }
}

/** What one run says about each target of its scenario; `into` is where the evidence goes: the whole and the cell. */
export function addEvidence(
  into: readonly EvidenceByTarget[],
  targets: readonly TargetUse[],
  cell: Cell,
  figures: Figures,
): void {
  for (const { name, except = [] } of targets) {
    let bound: number | null = null;
    for (const each of except)
      if (covers(each, cell)) {
        bound = each.bound;
        break;
      }
    const whole = wholeOf(name, figures);
    if (whole <= 0) continue;
    const part = partOf(name, figures, bound);
    for (const each of into) addPiece(each, name, part, whole);
  }
}

/** Whether a value breaks a target, or (`bound`) the bound that stands instead and may be reached. */
export function isBeyond(name: TargetName, value: number, bound: number | null): boolean {
  const { held, is } = TARGETS[name];
  if (is === 'at least') return value < (bound ?? held);
  return is === 'at most' || bound !== null ? value > (bound ?? held) : value >= held;
}

/**
 * The whole that a run has of a target: for a percentile and a mean the number of samples; for a share all of it; for
 * growth what was before; for a maximum only that it was there. 0 for nothing.
 */
function wholeOf(name: TargetName, figures: Figures): number {
  const spread = SPREAD_OF[name];
  if (spread !== undefined) return figures[spread].length;
  switch (name) {
    case 'address-change':
      return figures.stillMean;
    case 'cycle-slowdown':
      return figures.cycleEarly;
    case 'cycle-memory':
      return figures.memoryEarly;
    case 'buffers':
      return 1;
    case 'backoff':
    case 'resent':
      return figures.disconnects > 0 ? 1 : 0;
    case 'completion':
      return figures.streamsOwed;
    case 'integrity':
      return figures.streamsCompleted;
    case 'recovered':
      return figures.recoverable;
    case 'timeouts':
      return figures.deadlinesPassed;
    default:
      // The overhead needs the same seed without faults, which only some seeds are run for.
      return 0;
  }
}

/** The part of it: samples beyond the bound, or their sum for a mean; what failed; what is after; 1 for a maximum beyond. */
function partOf(name: TargetName, figures: Figures, bound: number | null): number {
  const spread = SPREAD_OF[name];
  if (spread !== undefined) {
    const isMean = TARGETS[name].statistic === 'mean';
    let part = 0;
    for (const sample of figures[spread])
      if (isMean) part += sample;
      else if (isBeyond(name, sample, bound)) part++;
    return part;
  }
  switch (name) {
    case 'address-change':
      return figures.movedMean;
    case 'cycle-slowdown':
      return figures.cycleLate;
    case 'cycle-memory':
      return figures.memoryLate;
    case 'buffers':
      return isBeyond(name, figures.peakTogetherBytes, bound) ? 1 : 0;
    case 'backoff':
      return isBeyond(name, figures.longestWait, bound) ? 1 : 0;
    case 'resent':
      return isBeyond(name, figures.resentPermille / 10, bound) ? 1 : 0;
    case 'completion':
      return figures.streamsOwed - figures.streamsCompleted;
    case 'integrity':
      return figures.streamsCompleted - figures.streamsIntact;
    case 'recovered':
      return figures.recoverable - figures.recovered;
    default:
      return figures.deadlinesPassed - figures.deadlinesKept;
  }
}
