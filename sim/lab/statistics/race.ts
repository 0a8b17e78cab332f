/**
 * A race (Maron and Moore 1994; Birattari and others 2002): candidates run on the same luck, and at each of a few stages
 * those leave that another one beats by more than luck. What is spent goes to those that are hard to tell apart.
 *
 * The best candidate is lost with a probability of `level` at most (Bonferroni over all that could throw it out by luck:
 * each other candidate at each stage, and each test of a constraint), so each test is one-sided at `level` over their number.
 * The tests are Student's on paired differences.
 */
import { luckBelow } from './mean.ts';
import { differencesOf } from './moments.ts';

/** What one candidate came to: one value a replication, replication i on the same luck for all. */
export interface Course {
  /** What is to be small (or large), e.g. p99 of recovery. */
  readonly objective: readonly number[];
  /**
   * Of each constraint, by how much it was kept in each replication (the bound minus the value); it holds when the mean is
   * not below 0. All candidates have as many.
   */
  readonly slacks?: readonly (readonly number[])[];
}

export interface RaceRules {
  /** Candidates at the start, 2 or more. */
  readonly candidates: number;
  /** Numbers of replications at which somebody may leave, ascending, 2 or more. */
  readonly stages: readonly number[];
  readonly better: 'less' | 'more';
  /** How likely luck may be to throw out the best one, over the whole race. Default 0.05. */
  readonly level?: number;
  /** Constraints on each candidate. Default 0. */
  readonly constraints?: number;
}

export interface Leaving {
  readonly candidate: number;
  /** Who beat it; null when it breaks a constraint. */
  readonly by: number | null;
  /** How likely luck alone is to have made it look so, times the number of tests of the race. */
  readonly adjusted: number;
}

/** Tests that could throw out the best candidate by luck, over the whole race. */
export const testsOf = ({ candidates, stages, constraints = 0 }: RaceRules): number =>
  stages.length * ((candidates - 1) * (1 + constraints) + constraints);

/**
 * Who leaves at this stage: `courses` by candidate, those of the ones that are still in, all with as many replications. A
 * candidate is only beaten by one that keeps every constraint by more than luck.
 */
export function leavingOf(courses: ReadonlyMap<number, Course>, rules: RaceRules): readonly Leaving[] {
  const { better, level = 0.05 } = rules;
  const tests = testsOf(rules);
  const leaving: Leaving[] = [];
  const beaters: (readonly [number, Course])[] = [];
  for (const [candidate, course] of courses) {
    const slacks = course.slacks ?? [];
    const broken = Math.min(1, ...slacks.map((slack) => tests * luckBelow(slack)));
    if (broken <= level) leaving.push({ candidate, by: null, adjusted: broken });
    else if (slacks.every((slack) => tests * luckBelow(slack.map((each) => -each)) <= level))
      beaters.push([candidate, course]);
  }
  for (const [candidate, { objective }] of courses) {
    if (leaving.some((each) => each.candidate === candidate)) continue;
    let least: Leaving | null = null;
    for (const [by, beater] of beaters) {
      if (by === candidate) continue;
      const [from, to] = better === 'less' ? [objective, beater.objective] : [beater.objective, objective];
      const adjusted = Math.min(1, tests * luckBelow(differencesOf(from, to)));
      if (adjusted <= level && (least === null || adjusted < least.adjusted)) least = { candidate, by, adjusted };
    }
    if (least !== null) leaving.push(least);
  }
  return leaving;
}
