/**
 * Judges a target by the evidence of its runs: whether it holds, fails, or cannot be told on so few seeds.
 *
 * - What must never happen (a maximum, a share of 100 %) fails with the first run in which it does. That it never does
 *   no sample proves: it holds when what happens in one run of twenty would have been seen.
 * - A percentile or another share is a matter of how many samples are beyond the bound: an exact binomial test. A run counts
 *   as so many independent samples as it is worth: the whole is divided by Kish's design effect, that is by how many samples
 *   a run has when all of them are alike, or by how much runs differ where that is more (Rao and Scott 1992).
 * - A mean and a growth are compared with Student's test on what each run adds to the difference, which for a ratio is
 *   Fieller's. The normal law of means needs many runs, so fewer than `FEWEST_RUNS` are never judged.
 */
import { binomial } from './binomial.ts';
import { FEWEST_RUNS, GREEN, GREEN_REACH, POWER, POWER_REACH, RED, RED_REACH, RUNS_MAX } from './confidence.ts';
import type { Evidence } from './evidence.ts';
import { numberOf } from './wide.ts';

export type Finding = 'holds' | 'fails' | 'open';

export interface Judgement {
  readonly finding: Finding;
  /** Independent runs that the evidence is worth. */
  readonly worth: number;
  /** Such runs that would decide, if what was measured is the truth; null for more than `RUNS_MAX`. */
  needed(): number | null;
}

/** A division that is exact in the integers may be a little off. */
const SLIP = 1e-9;
const SLIP_OF_MEAN = 1e-6;

const decided = (finding: Finding, worth: number): Judgement => ({ finding, worth, needed: () => worth });

/** What must never happen: `failed` when it did. */
export function judgeNever(failed: boolean, runs: number): Judgement {
  if (failed) return decided('fails', runs);
  return runs >= FEWEST_RUNS ? decided('holds', runs) : { finding: 'open', worth: runs, needed: () => FEWEST_RUNS };
}

/** The part of the samples that is beyond the bound, of which `allowed` is promised; between 0 and 1, both excluded. */
export function judgeShare(evidence: Evidence, allowed: number): Judgement {
  const { part, whole } = evidence;
  const share = part / whole;
  const worth = whole / designEffect(evidence);
  const count = share * worth;
  const fails = share > allowed && binomial(Math.ceil(worth - SLIP), allowed).atLeast(Math.floor(count + SLIP)) <= RED;
  if (fails) return decided('fails', worth);
  const holds = share < allowed && binomial(Math.floor(worth + SLIP), allowed).atMost(Math.ceil(count - SLIP)) <= GREEN;
  if (holds) return decided('holds', worth);
  return { finding: 'open', worth, needed: () => runsToTell(share, allowed, Math.floor(worth)) };
}

/** How many samples are worth one run: at least what they are when all samples of a run are alike. */
function designEffect({ part, whole, partSquares, products, wholeSquares }: Evidence): number {
  const share = part / whole;
  const alike = numberOf(wholeSquares) / whole;
  const variance = share * (1 - share) * whole;
  if (variance === 0) return alike;
  const squares = numberOf(partSquares) - 2 * share * numberOf(products) + share * share * numberOf(wholeSquares);
  return Math.max(alike, squares / variance);
}

/** The fewest runs that tell a share from the allowed one in nineteen sweeps of twenty. */
function runsToTell(share: number, allowed: number, beyond: number): number | null {
  const bad = share > allowed;
  const spread = (p: number): number => Math.sqrt(p * (1 - p));
  const reaches = (bad ? RED_REACH : GREEN_REACH) * spread(allowed) + POWER_REACH * spread(share);
  const roughly = (reaches / (share - allowed)) * (reaches / (share - allowed));
  if (!(roughly <= RUNS_MAX)) return null;
  const tells = (runs: number): boolean => {
    const truth = binomial(runs, share);
    const promise = binomial(runs, allowed);
    // The count that decides, and how often the truth is as far out as that.
    let low = 0;
    let high = runs + 1;
    while (low < high) {
      const count = Math.floor((low + high) / 2);
      const decides = bad ? promise.atLeast(count) <= RED : promise.atMost(count) > GREEN;
      if (decides) high = count;
      else low = count + 1;
    }
    return (bad ? truth.atLeast(low) : truth.atMost(low - 1)) >= POWER;
  };
  let most = Math.max(2, beyond + 1, Math.ceil(roughly));
  while (!tells(most)) most *= 2;
  let least = beyond;
  while (least + 1 < most) {
    const runs = Math.floor((least + most) / 2);
    if (tells(runs)) most = runs;
    else least = runs;
  }
  return most;
}

/** A mean or a growth that should stay below `ratio` (part by whole), or may reach it. */
export function judgeMean(evidence: Evidence, ratio: number, mayReach: boolean): Judgement {
  const { runs, part, whole, partSquares, products, wholeSquares } = evidence;
  if (runs < FEWEST_RUNS) return { finding: 'open', worth: runs, needed: () => FEWEST_RUNS };
  const mean = Math.abs(part) / runs;
  // What is nothing but the rounding of these sums is nothing.
  const exact = (value: number): number => (Math.abs(value) <= SLIP_OF_MEAN * mean ? 0 : value);
  const over = exact((part - ratio * whole) / runs);
  const squares = numberOf(partSquares) - 2 * ratio * numberOf(products) + ratio * ratio * numberOf(wholeSquares);
  const variance = Math.max(0, squares / runs - over * over) * (runs / (runs - 1));
  const error = exact(Math.sqrt(variance / runs));
  if (over - student(RED_REACH, runs - 1) * error > 0) return decided('fails', runs);
  const most = over + student(GREEN_REACH, runs - 1) * error;
  if (mayReach ? most <= 0 : most < 0) return decided('holds', runs);
  return {
    finding: 'open',
    worth: runs,
    needed() {
      const reach = (over > 0 ? RED_REACH : GREEN_REACH) + POWER_REACH;
      const needed = Math.ceil(((reach * reach) / (over * over)) * variance);
      return needed <= RUNS_MAX ? Math.max(FEWEST_RUNS, needed, runs + 1) : null;
    },
  };
}

/** Student's quantile from the normal one: the first terms of its expansion, which are enough for dozens of runs. */
const student = (z: number, freedom: number): number =>
  z + (z * (z * z + 1)) / (4 * freedom) + (z * (5 * z * z * z * z + 16 * z * z + 3)) / (96 * freedom * freedom);
