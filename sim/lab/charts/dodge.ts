/** Places for labels along a line: each as near to where it belongs as the others let it. */

/** As far apart as `gap`, in the order of `wanted`, with the least sum of squared shifts (pooled neighbours); within `least` and `most`, if there is room. */
export function dodged(wanted: readonly number[], gap: number, least: number, most: number): readonly number[] {
  const order = wanted.map((_, nth) => nth).sort((a, b) => (wanted[a] as number) - (wanted[b] as number) || a - b);
  // With the gaps taken out, places need only be in order: neighbours that are not are pooled at their mean.
  const pools: { sum: number; count: number }[] = [];
  for (const [rank, nth] of order.entries()) {
    let pool = { sum: (wanted[nth] as number) - rank * gap, count: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && last.sum / last.count >= pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  const places = pools.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
  const end = Math.max(least, most - (order.length - 1) * gap);
  const result = new Array<number>(wanted.length).fill(0);
  for (const [rank, nth] of order.entries())
    result[nth] = Math.min(end, Math.max(least, places[rank] as number)) + rank * gap;
  return result;
}
