/**
 * Evidence on a target: what each run had to say about it, summed so that a verdict can tell a finding from luck.
 *
 * Samples of one run depend on each other (a bad network spoils all of its recoveries, and a herd has thousands of them),
 * runs do not. So a run is one piece of evidence: a part and a whole, whose ratio over all runs is what the target is
 * about, and the sums of their squares and products, which say how much that ratio differs from run to run.
 */
import type { Outcome } from '../core/outcome.ts';
import { type Growth, type Peak, readingOf, type Share } from '../figures/figure.ts';
import { OVERHEAD } from '../figures/overhead.ts';
import type { Target } from '../targets/target.ts';
import { covers } from './exception.ts';
import { peakOf } from './sums.ts';
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

/** The same turned around: what should be large is judged as what should be small. */
export const mirrored = ({ runs, part, whole, partSquares, products, wholeSquares }: Evidence): Evidence => ({
  runs,
  part: -part,
  whole,
  partSquares,
  products: { high: -products.high, low: -products.low },
  wholeSquares,
});

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
export function addPiece(into: EvidenceByTarget, name: string, part: number, whole: number): void {
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
export function addEvidence(into: readonly EvidenceByTarget[], targets: readonly Target[], outcome: Outcome): void {
  for (const target of targets) {
    // The sweep measures it, with runs of its own.
    if (target.figure === OVERHEAD) continue;
    const exception = target.except.find((each) => covers(each, outcome.cell));
    const piece = pieceOf(target, readingOf(target.figure, outcome.figures), exception?.bound ?? null);
    if (piece === null) continue;
    const [part, whole] = piece;
    if (whole > 0) for (const each of into) addPiece(each, target.name, part, whole);
  }
}

/** Whether a value breaks a target, or (`bound`) the bound that stands instead and may be reached. */
export function isBeyond({ held, is }: Target, value: number, bound: number | null): boolean {
  if (is === 'at least') return value < (bound ?? held);
  return is === 'at most' || bound !== null ? value > (bound ?? held) : value >= held;
}

/**
 * The part and the whole: for a percentile, samples beyond the bound and all samples; for a mean, their sum and their
 * number; for a share, what failed and all of it; for growth, after and before; for a maximum only that it was there.
 */
function pieceOf(
  target: Target,
  reading: unknown,
  bound: number | null,
): readonly [part: number, whole: number] | null {
  if (reading === null || reading === undefined) return null;
  switch (target.figure.statistic) {
    case 'p95': {
      const samples = reading as readonly number[];
      return [samples.filter((sample) => isBeyond(target, sample, bound)).length, samples.length];
    }
    case 'mean': {
      const samples = reading as readonly number[];
      return [samples.reduce((sum, each) => sum + each, 0), samples.length];
    }
    case 'max': {
      const { peak, samples } = peakOf(reading as number | Peak);
      return [isBeyond(target, peak, bound) ? 1 : 0, samples > 0 ? 1 : 0];
    }
    case 'share': {
      const { part, whole } = reading as Share;
      return [target.is === 'at least' ? whole - part : part, whole];
    }
    case 'ratio':
      return [(reading as Growth).after, (reading as Growth).before];
    default:
      return null;
  }
}
