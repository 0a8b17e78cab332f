/**
 * Finding the best of many candidates, and saying how good it is: two things that must not share their luck. Whoever won
 * was lucky, too, so its values in the search are better than it is (the winner's curse); here the winner cannot be had
 * without an estimate on replications that nobody chose by.
 *
 * A tournament asks for replications and is given what they came to; who runs them, and on how many cores, is not its affair:
 *
 *     const search = tournament({ by: 'race', ... });
 *     for (let asked = search.next(); ; asked = search.next(run(asked.value))) if (asked.done) return asked.value;
 */
import { bestOf, type HalvingRules, roundsOf } from './halving.ts';
import type { Confidence } from './interval.ts';
import { type MeanEstimate, meanInterval } from './mean.ts';
import { meanOf } from './moments.ts';
import { type Course, type Leaving, leavingOf, type RaceRules } from './race.ts';

/** Replications `from` to `to` (not included) of each of these candidates. */
export interface Batch {
  readonly phase: 'search' | 'estimate';
  readonly candidates: readonly number[];
  readonly from: number;
  readonly to: number;
}

export type TournamentRules = Confidence & {
  /** Fresh replications of the winner. */
  readonly estimate: number;
} & (
    | ({ readonly by: 'race' } & RaceRules)
    | ({ readonly by: 'halving'; readonly better: 'less' | 'more' } & HalvingRules)
  );

export interface Tournament {
  /** Null when every candidate breaks a constraint, or has no value. */
  readonly winner: number | null;
  /** Who was still in at the end, in the order of their numbers: a race could not tell them apart. */
  readonly left: readonly number[];
  /** Who left behind each stage. */
  readonly rounds: readonly (Pick<Batch, 'candidates'> & {
    readonly replications: number;
    readonly left: readonly Leaving[];
  })[];
  /** The mean of the winner on the replications that chose it: too good. */
  readonly searched: number;
  /** The mean of the winner on fresh replications, with its interval; null without a winner. */
  readonly estimate: MeanEstimate | null;
}

/** Replications of the search are those from 0 on; those of the estimate follow behind all that the search may use. */
export function* tournament(rules: TournamentRules): Generator<Batch, Tournament, readonly Course[]> {
  const rounds =
    rules.by === 'race'
      ? rules.stages.map((replications) => ({ replications, keep: null }))
      : roundsOf(rules).map(({ replications }, index, all) => ({
          replications,
          keep: all[index + 1]?.candidates ?? null,
        }));
  const told: Tournament['rounds'][number][] = [];
  let courses = new Map<number, Course>(
    Array.from({ length: rules.candidates }, (_, candidate) => [candidate, { objective: [] }]),
  );
  let had = 0;
  for (const { replications, keep } of rounds) {
    const candidates = [...courses.keys()];
    if (replications > had)
      courses = joined(courses, yield { phase: 'search', candidates, from: had, to: replications });
    had = Math.max(had, replications);
    const left = rules.by === 'race' ? leavingOf(courses, rules) : behind(courses, keep ?? courses.size, rules.better);
    for (const { candidate } of left) courses.delete(candidate);
    told.push({ candidates, replications, left });
    if (courses.size < 2) break;
  }
  const left = [...courses.keys()];
  const scores = scoresOf(courses);
  const [winner] = bestOf(new Map([...scores].filter(([, score]) => !Number.isNaN(score))), 1, rules.better);
  if (winner === undefined) return { winner: null, left, rounds: told, searched: Number.NaN, estimate: null };
  const from = rounds.reduce((most, { replications }) => Math.max(most, replications), 0);
  const [fresh] = yield { phase: 'estimate', candidates: [winner], from, to: from + rules.estimate };
  const searched = scores.get(winner) as number;
  return { winner, left, rounds: told, searched, estimate: meanInterval((fresh as Course).objective, rules) };
}

const scoresOf = (courses: ReadonlyMap<number, Course>): Map<number, number> =>
  new Map([...courses].map(([candidate, { objective }]) => [candidate, meanOf(objective)]));

/** Who is not among the best. */
function behind(courses: ReadonlyMap<number, Course>, keep: number, better: 'less' | 'more'): readonly Leaving[] {
  const scores = scoresOf(courses);
  const kept = bestOf(scores, keep, better);
  return [...scores.keys()]
    .filter((candidate) => !kept.includes(candidate))
    .map((candidate) => ({ candidate, by: null, adjusted: Number.NaN }));
}

/** What candidates came to so far, with what they came to since. */
function joined(courses: ReadonlyMap<number, Course>, more: readonly Course[]): Map<number, Course> {
  return new Map(
    [...courses].map(([candidate, course], index) => {
      const { objective, slacks } = more[index] as Course;
      return [
        candidate,
        {
          objective: [...course.objective, ...objective],
          ...(slacks === undefined
            ? {}
            : { slacks: slacks.map((each, k) => [...(course.slacks?.[k] ?? []), ...each]) }),
        },
      ];
    }),
  );
}
