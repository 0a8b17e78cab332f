/** What every estimate of the lab says: a value, and the bounds between which the truth lies with a stated confidence. */

/** A bound that the sample cannot give is infinite; a value that it does not have is NaN. */
export interface Interval {
  readonly least: number;
  readonly value: number;
  readonly most: number;
}

export interface Estimate extends Interval {
  /** Replications behind it. */
  readonly n: number;
  /** How often an interval made like this holds the truth: 0.95. */
  readonly confidence: number;
}

export interface Confidence {
  /** Between 0 and 1, default 0.95. */
  readonly confidence?: number;
}

/** Of a sample that cannot say anything. */
export const unknown = (n: number, confidence: number, value = Number.NaN): Estimate => ({
  ...{ n, confidence, value },
  least: Number.NEGATIVE_INFINITY,
  most: Number.POSITIVE_INFINITY,
});
