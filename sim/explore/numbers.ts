/** Numbers as documents have them. */

/** Percent of the whole; `null` of nothing, which is neither all of it nor none. */
export const percentOf = (part: number, whole: number): number | null => (whole === 0 ? null : (part / whole) * 100);

/** Four digits behind the point: enough for a share of ten thousand runs. */
export const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
