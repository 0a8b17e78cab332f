/**
 * Many comparisons at once (Holm 1979, "A simple sequentially rejective multiple test procedure"): all of them together err
 * no more often than `level`, whatever depends on what, and none decides less than Bonferroni's rule would.
 */

export interface Decision {
  /** As given. */
  readonly pValue: number;
  /** What it comes to among all of them: the smallest level at which it would still be decided. */
  readonly adjusted: number;
  /** Whether it is more than luck, all comparisons taken together. */
  readonly decided: boolean;
}

/** In the order given. A p value that is unknown (NaN) counts among the comparisons, and is never decided. */
export function holm(pValues: readonly number[], level = 0.05): readonly Decision[] {
  const m = pValues.length;
  const known = (index: number): number => {
    const p = pValues[index] as number;
    return Number.isNaN(p) ? 1 : p;
  };
  const order = pValues.map((_, index) => index).sort((a, b) => known(a) - known(b) || a - b);
  const decisions = new Array<Decision>(m);
  let adjusted = 0;
  for (const [rank, index] of order.entries()) {
    adjusted = Math.max(adjusted, Math.min(1, (m - rank) * known(index)));
    const pValue = pValues[index] as number;
    decisions[index] = { pValue, adjusted, decided: adjusted <= level && !Number.isNaN(pValue) };
  }
  return decisions;
}
