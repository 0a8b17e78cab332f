/** Where an instant lies in a run. */
import type { Model } from '../model/model.ts';

/** The last row at or before an instant. */
export function rowAt(run: Model, at: number): number {
  let [low, high] = [0, run.rows.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((run.rows.at[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
