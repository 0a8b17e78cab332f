/**
 * How sure a verdict must be before it is called one, and what that takes.
 *
 * A sweep is red as soon as one of its rows is, and it judges hundreds: each row may be red by luck so rarely that all of
 * them together are so in one sweep of a hundred (Bonferroni's rule). A sweep is green only when every row is, so a bad row
 * that passes by luck must pass its own test: each is green with 99 %, and a false green sweep is no likelier than that
 * (an intersection-union test; Berger 1982). What is neither has too few seeds.
 */

/** Rows that a sweep may judge: more than the catalogue has of targets, exceptions and claims. */
export const ROWS_MAX = 1_000;
/** How likely luck may be to make all rows of a sweep together red, and to make one row green. */
export const RED_SWEEP = 0.01;
export const GREEN = 0.01;
export const RED = RED_SWEEP / ROWS_MAX;

/** Normal quantiles of 1 - RED, of 1 - GREEN, and of the share of sweeps that decide when they have the seeds they need. */
export const RED_REACH = 4.264891;
export const GREEN_REACH = 2.326348;
export const POWER = 0.95;
export const POWER_REACH = 1.644854;

/** Whoever would need more runs than that is on the bound for all that anybody can tell. */
export const RUNS_MAX = 1_000_000;

/** The fewest runs in which something of this probability in each stays unseen no more often than `luck` says. */
export function runsToSee(probability: number, luck: number): number {
  let unseen = 1;
  let runs = 0;
  while (unseen > luck) {
    unseen *= 1 - probability;
    runs++;
  }
  return runs;
}

/** Two digits, upwards: what would decide is an estimate. */
export function roundedUp(seeds: number): number {
  let unit = 1;
  while (seeds / unit > 100) unit *= 10;
  return Math.ceil(seeds / unit - 1e-9) * unit;
}

/** What the 95th percentile leaves out: one sample in twenty. */
export const TAIL = 0.05;

/**
 * No row is green on fewer runs: what shows in one run of twenty, which is what the 95th percentile is about, would stay
 * unseen too often.
 */
export const FEWEST_RUNS = runsToSee(TAIL, GREEN);
