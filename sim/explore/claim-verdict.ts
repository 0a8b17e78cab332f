/**
 * Verdicts on claims: what must come true in some run, or the laws that it guards were never put to the test.
 *
 * That something was not seen says little as long as luck may have hidden it. A claim says how rare it may be; a sweep so
 * long that it should have seen it, and has not, fails as it does for a missed target, by the same confidence.
 */
import type { Claim } from '../core/scenario.ts';
import { RED, roundedUp, runsToSee } from './confidence.ts';

export interface ClaimRow {
  readonly name: string;
  readonly states: string;
  /** Runs in which it came true. */
  readonly runs: number;
  /** `not expected`: it was not seen, and under these arguments it need not be. */
  readonly verdict: 'reached' | 'never reached' | 'not enough seeds' | 'not expected';
  /** Seeds that would see it, if it is as frequent as it claims to be; null unless there are too few. */
  readonly needed: number | null;
}

/** A claim that does not say how rare it is comes true in one run of fifty. */
export const ONCE_PER = 50;

/** The claims of a scenario after so many runs; `reached` are those in which each came true. */
export const claimRowsOf = (
  claims: readonly Pick<Claim, 'name' | 'states' | 'oncePer'>[],
  reached: Readonly<Record<string, number>>,
  runs: number,
): readonly ClaimRow[] =>
  claims.map(({ name, states, oncePer = ONCE_PER }) => {
    const row = { name, states, runs: reached[name] ?? 0, needed: null };
    if (row.runs > 0) return { ...row, verdict: 'reached' };
    if (oncePer === null) return { ...row, verdict: 'not expected' };
    const needed = runsToSee(1 / oncePer, RED);
    return runs >= needed
      ? { ...row, verdict: 'never reached' }
      : { ...row, verdict: 'not enough seeds', needed: roundedUp(needed) };
  });
