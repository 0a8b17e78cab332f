/**
 * Successive halving (Karnin, Koren and Somekh 2013; Jamieson and Talwalkar 2016): a fixed budget for many candidates. In
 * each round all that are left get the same replications, the better part of them goes on, with as many more replications
 * as there are fewer candidates. It promises no bound for losing the best one; a race (`race.ts`) does.
 */

export interface Round {
  readonly candidates: number;
  /** Of each candidate, in all, from the first round on. */
  readonly replications: number;
}

export interface HalvingRules {
  readonly candidates: number;
  /** Replications of the first round (2 or more), and the most of any. */
  readonly first: number;
  readonly most: number;
  /** One of so many goes on: default 2. */
  readonly of?: number;
  /** How many are left at the end: default 1. */
  readonly left?: number;
}

/** The rounds, from all candidates down to `left`. */
export function roundsOf({ candidates, first, most, of = 2, left = 1 }: HalvingRules): readonly Round[] {
  const rounds: Round[] = [];
  for (let now = candidates, replications = first; ; ) {
    rounds.push({ candidates: now, replications });
    if (now <= left) return rounds;
    now = Math.max(left, Math.ceil(now / of));
    replications = Math.min(most, replications * of);
  }
}

/**
 * Who goes on: the best `keep` by score, in the order of their numbers. Equal scores go by number, and a score that is
 * unknown (NaN) is behind all others.
 */
export function bestOf(
  scores: ReadonlyMap<number, number>,
  keep: number,
  better: 'less' | 'more' = 'less',
): readonly number[] {
  const worth = (score: number): number =>
    Number.isNaN(score) ? Number.POSITIVE_INFINITY : better === 'less' ? score : -score;
  return (
    [...scores]
      .map(([candidate, score]) => [candidate, worth(score)] as const)
      // Not by subtraction: of two infinite ones that would be NaN.
      .sort(([a, x], [b, y]) => (x < y ? -1 : x > y ? 1 : a - b))
      .slice(0, keep)
      .map(([candidate]) => candidate)
      .sort((a, b) => a - b)
  );
}
