/** What every part of the board draws with: the painter, colours, time, places, and what stands out. */
import type { Model } from '../../model/model.ts';
import type { Start } from '../experiments.ts';
import type { Painter } from '../painter.ts';
import type { Palette } from '../palette.ts';
import type { State } from '../state.ts';
import type { Axis } from '../time.ts';
import type { Layout } from './layout.ts';

export interface Scene {
  readonly g: Painter;
  readonly color: Palette;
  readonly state: State;
  readonly axis: Axis;
  readonly layout: Layout;
  /** Rows of the story; everything else fades behind them. Null: nothing stands out. */
  readonly story: ReadonlySet<number> | null;
  /** Indexes of the page's faults that are needed for the breach. */
  readonly accused: ReadonlySet<number>;
  /** When those could have begun as well. */
  readonly starts: ReadonlyMap<number, readonly Start[]>;
  /** Rows that only this run of two has; null where nothing is compared. */
  only(run: Model): ReadonlySet<number> | null;
  /** First difference between both runs; null for none. */
  readonly parted: number | null;
}

/** Index of the first element for which a rising list is at least `value`. */
export function lowerBound(list: ArrayLike<number>, value: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
