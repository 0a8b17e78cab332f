/**
 * An order from coarse to fine: the middle, then the middles of both halves, and so on. A search that is ended by its
 * budget has then looked everywhere a little, instead of at the beginning only.
 */

/** The numbers from 0 to `count` - 1 in that order. */
export function coarseToFine(count: number): Int32Array {
  const order = new Int32Array(count);
  /** Stretches that are still whole: from, and up to but not including. */
  let stretches: (readonly [number, number])[] = count > 0 ? [[0, count]] : [];
  let placed = 0;
  while (stretches.length > 0) {
    const finer: (readonly [number, number])[] = [];
    for (const [from, to] of stretches) {
      const middle = (from + to) >> 1;
      order[placed++] = middle;
      if (middle > from) finer.push([from, middle]);
      if (middle + 1 < to) finer.push([middle + 1, to]);
    }
    stretches = finer;
  }
  return order;
}
