/** Choosing among many: how often the best is lost, what luck adds to who won, and what a front keeps. */
import { describe, expect, test } from 'vitest';
import { frontOf, type Point } from '../../../sim/lab/statistics/front.ts';
import { bestOf, roundsOf } from '../../../sim/lab/statistics/halving.ts';
import { type Course, leavingOf, type RaceRules, testsOf } from '../../../sim/lab/statistics/race.ts';
import {
  type Batch,
  type Tournament,
  type TournamentRules,
  tournament,
} from '../../../sim/lab/statistics/tournament.ts';
import { normal, share, slack, type Uniform, uniform } from './samples.ts';

/** Runs a tournament of candidates whose values are drawn by `draw`, on shared luck, and notes what it asked for. */
function held(
  rules: TournamentRules,
  draw: (candidate: number, luck: number, own: number) => Omit<Course, 'objective'> & { objective: number },
  next: Uniform,
): Tournament & { readonly asked: readonly Batch[] } {
  const search = tournament(rules);
  const asked: Batch[] = [];
  for (let now = search.next(); ; ) {
    if (now.done) return { ...now.value, asked };
    const { candidates, from, to } = now.value;
    asked.push(now.value);
    const courses = candidates.map((): { objective: number[]; slacks?: number[][] } => ({ objective: [] }));
    for (let replication = from; replication < to; replication++) {
      const luck = normal(next);
      for (const [index, candidate] of candidates.entries()) {
        const { objective, slacks } = draw(candidate, luck, normal(next));
        const course = courses[index] as { objective: number[]; slacks?: number[][] };
        course.objective.push(objective);
        if (slacks !== undefined) {
          course.slacks ??= slacks.map(() => []);
          for (const [k, slack] of slacks.entries()) course.slacks[k]?.push(slack[0] as number);
        }
      }
    }
    now = search.next(courses);
  }
}

const RACE = { by: 'race', better: 'less', stages: [8, 16, 32, 64], estimate: 40 } as const;

describe('a race', () => {
  test('of equals throws out the first of them no more often than its level', () => {
    const samples = 600;
    const lost = share(samples, 1, (next) => {
      const rules = { ...RACE, candidates: 6, level: 0.2 };
      return !held(rules, (_, luck, own) => ({ objective: 3 * luck + own }), next).left.includes(0);
    });
    expect(lost).toBeLessThan(0.2 + slack(0.2, samples));
    // The bound is not so wide that nobody could ever leave.
    expect(lost).toBeGreaterThan(0.02);
  });

  test('finds the best, and asks for fewer and fewer replications of the rest', () => {
    const wins = share(100, 2, (next) => {
      const { winner, asked, rounds } = held(
        { ...RACE, candidates: 10 },
        (candidate, luck, own) => ({ objective: candidate * 2 + 5 * luck + own }),
        next,
      );
      expect(asked[0]).toEqual({ phase: 'search', candidates: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], from: 0, to: 8 });
      expect(asked[1]?.candidates.length ?? 0).toBeLessThan(6);
      expect(rounds[0]?.left.every(({ by, adjusted }) => by !== null && adjusted <= 0.05)).toBe(true);
      return winner === 0;
    });
    expect(wins).toBeGreaterThan(0.95);
  });

  test('is not won by who breaks a constraint, and nobody loses to one of those', () => {
    // The smaller the number, the faster and the dearer: 0 to 2 break the constraint.
    const draw = (candidate: number, luck: number, own: number) => ({
      objective: candidate * 3 + luck + own / 3,
      slacks: [[candidate - 2.5 + own / 3]],
    });
    const wins = share(60, 3, (next) => {
      const { winner, rounds } = held({ ...RACE, candidates: 6, constraints: 1 }, draw, next);
      expect(rounds.flatMap(({ left }) => left).every(({ by }) => by === null || by > 2)).toBe(true);
      return winner === 3;
    });
    expect(wins).toBeGreaterThan(0.9);
    const nobody = held({ ...RACE, candidates: 3, constraints: 1 }, draw, () => 0.4);
    expect([nobody.winner, nobody.estimate]).toEqual([null, null]);
  });

  test('tests each other candidate at each stage, and constraints besides', () => {
    const rules: RaceRules = { candidates: 5, stages: [10, 20], better: 'less' };
    expect(testsOf(rules)).toBe(8);
    expect(testsOf({ ...rules, constraints: 2 })).toBe(2 * (4 * 3 + 2));
    // Better by one standard error of one pair: t = 1 * sqrt(10), p one-sided 0.0058, times 8.
    const even = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const courses = new Map<number, Course>([
      [0, { objective: even.map(() => 0) }],
      [1, { objective: even.map((each) => each + Math.sqrt(10 / 9)) }],
    ]);
    expect(leavingOf(courses, rules)).toEqual([{ candidate: 1, by: 0, adjusted: expect.closeTo(8 * 0.00577, 3) }]);
    expect(leavingOf(courses, { ...rules, better: 'more' })).toMatchObject([{ candidate: 0, by: 1 }]);
    expect(leavingOf(courses, { ...rules, level: 0.01 })).toEqual([]);
  });

  test('lets nobody stay who never comes to an end where others do', () => {
    const courses = new Map<number, Course>([
      [0, { objective: Array(20).fill(5) }],
      [1, { objective: Array(20).fill(Number.POSITIVE_INFINITY) }],
    ]);
    expect(leavingOf(courses, { candidates: 2, stages: [20], better: 'less' })).toMatchObject([
      { candidate: 1, by: 0 },
    ]);
  });
});

describe('the winner', () => {
  const rules = { by: 'halving', better: 'less', candidates: 16, first: 4, most: 32, estimate: 32 } as const;

  test('of equals looks better than it is where it was chosen, and not on fresh replications', () => {
    let searched = 0;
    let fresh = 0;
    const samples = 1_200;
    const covered = share(samples, 4, (next) => {
      const { searched: found, estimate } = held(rules, (_, luck, own) => ({ objective: luck + own }), next);
      searched += found / samples;
      fresh += (estimate?.value ?? Number.NaN) / samples;
      return estimate !== null && estimate.least <= 0 && 0 <= estimate.most;
    });
    // One standard error of the fresh mean is 0.25 of one, over so many samples 0.007.
    expect(Math.abs(fresh)).toBeLessThan(0.03);
    expect(searched).toBeLessThan(-0.2);
    expect(Math.abs(covered - 0.95)).toBeLessThan(slack(0.95, samples));
  });

  test.each([rules, { ...RACE, candidates: 4 }])('is estimated on replications that no candidate had: $by', (given) => {
    const { asked, winner } = held(
      given,
      (candidate, _, own) => ({ objective: candidate / 10 + own }),
      () => 0.3,
    );
    const most = Math.max(...asked.filter(({ phase }) => phase === 'search').map(({ to }) => to));
    const last = asked.at(-1);
    expect(last).toMatchObject({ phase: 'estimate', candidates: [winner] });
    expect(last?.from).toBeGreaterThanOrEqual(most);
    // Each replication was asked for once, and of all who were still in.
    for (const [index, batch] of asked.slice(0, -1).entries())
      expect(batch.from).toBe(index === 0 ? 0 : asked[index - 1]?.to);
  });
});

describe('successive halving', () => {
  test('gives the half that is left twice the replications, up to the most', () => {
    expect(roundsOf({ candidates: 9, first: 4, most: 20 })).toEqual([
      { candidates: 9, replications: 4 },
      { candidates: 5, replications: 8 },
      { candidates: 3, replications: 16 },
      { candidates: 2, replications: 20 },
      { candidates: 1, replications: 20 },
    ]);
    expect(
      roundsOf({ candidates: 27, first: 2, most: 100, of: 3, left: 3 }).map(({ candidates }) => candidates),
    ).toEqual([27, 9, 3]);
  });

  test('keeps the best, equals by number, and what is unknown behind all', () => {
    const scores = new Map([
      [0, 3],
      [1, Number.NaN],
      [2, 1],
      [3, Number.POSITIVE_INFINITY],
      [4, 1],
    ]);
    expect(bestOf(scores, 2)).toEqual([2, 4]);
    expect(bestOf(scores, 1)).toEqual([2]);
    expect(bestOf(scores, 2, 'more')).toEqual([0, 3]);
  });
});

describe('a front', () => {
  /** Points around true ones, on shared luck. */
  const around = (truth: readonly (readonly [number, number])[], n: number, noise: number, next: Uniform): Point[] => {
    const luck = Array.from({ length: n }, () => normal(next));
    return truth.map(([time, cost]) => ({
      time: luck.map((each) => time + each + noise * normal(next)),
      cost: luck.map((each) => cost + each + noise * normal(next)),
    }));
  };

  test('drawn from a true one loses any of its points no more often than its level', () => {
    const truth = [
      [1, 4],
      [2, 2],
      [2, 2],
      [4, 1],
    ] as const;
    const lost = share(400, 5, (next) =>
      frontOf(around(truth, 10, 1, next), { level: 0.1 }).some(({ is }) => is === 'dominated'),
    );
    expect(lost).toBeLessThan(0.1 + slack(0.1, 400));
  });

  test('leaves out what others beat in both, and says who', () => {
    const truth = [
      [1, 4],
      [2, 2],
      [3, 5],
      [4, 1],
    ] as const;
    const places = frontOf(around(truth, 30, 0.3, uniform(6)));
    expect(places.map(({ is }) => is)).toEqual(['front', 'front', 'dominated', 'front']);
  });

  test('keeps open what luck may have put behind', () => {
    const places = frontOf([
      { time: [1, 2, 3], cost: [1, 2, 3] },
      { time: [1, 3, 2.9], cost: [1.2, 1.8, 3.3] },
      { time: [1, Number.NaN, 3], cost: [1, 2, 3] },
    ]);
    expect(places).toMatchObject([{ is: 'front' }, { is: 'open', by: 0 }, { is: 'unknown' }]);
  });

  test('judges by time alone where the cost is the same to the last bit', () => {
    const cost = Array(12).fill(1) as number[];
    const time = Array.from({ length: 12 }, (_, i) => i % 3);
    const places = frontOf([
      { time, cost },
      { time: time.map((each, i) => each + 1 + (i % 2)), cost },
    ]);
    expect(places).toMatchObject([{ is: 'front' }, { is: 'dominated', by: 0 }]);
  });

  test('calls nobody worse by less than matters', () => {
    const wave = Array.from({ length: 30 }, (_, i) => ((i % 5) - 2) / 10);
    const points = [
      { time: wave, cost: wave.map((each) => each + 0.2) },
      { time: wave.map((each, i) => 5 + each + (i % 2) / 10), cost: wave.map((each, i) => each + (i % 3) / 100) },
    ];
    expect(frontOf(points).map(({ is }) => is)).toEqual(['front', 'front']);
    // A margin makes it two claims: better in time and not much worse in cost, or the other way round.
    const near = [
      points[0] as Point,
      { time: wave.map((each, i) => each + (i % 7) / 10), cost: wave.map((each, i) => each + 0.2 + (i % 5) / 10) },
    ] as const;
    const [once, twice] = [0, 1e-12].map((least) => frontOf(near, { indifference: { time: least, cost: least } })[1]);
    expect((twice?.adjusted ?? 0) / (once?.adjusted ?? 0)).toBeCloseTo(2, 3);
    expect(frontOf(points, { indifference: { time: 0, cost: 0.5 } })).toMatchObject([
      { is: 'front' },
      { is: 'dominated', by: 0 },
    ]);
  });
});
