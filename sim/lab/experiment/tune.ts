/**
 * A search over the parameters of one policy: a race on the same luck, in which those leave that another one beats by more
 * than luck or that break a constraint; then the best of those that are left on replications that nobody chose by.
 */

import { meanOf } from '../statistics/moments.ts';
import { type Course, leavingOf } from '../statistics/race.ts';
import type { Frame } from './assemble.ts';
import { tracesOf } from './compare.ts';
import type { LabTrace } from './document.ts';
import { type Asked, enough, type Reached } from './enough.ts';
import { cellsOf, type Entrant } from './experiment.ts';
import { courseOf, type Objective } from './objective.ts';
import type { Rows } from './rows.ts';

export interface Search extends Frame {
  /** In the order of the design; each has its own name. */
  readonly candidates: readonly Entrant[];
  /** Who is held against the winner although nobody searched it: the family as it is, say. */
  readonly others: readonly Entrant[];
  readonly objective: Objective;
  /** Who is estimated, of all candidates from the best to the worst of the search; left out: the best three that are still in. */
  readonly picks?: (ranked: readonly Entrant[]) => readonly Entrant[];
  /** How many fresh replications the finalists get. */
  readonly enough: Asked;
  readonly traces: boolean;
}

/** How far a search is: filled while it goes on, so that one that is stopped has something to tell. */
export interface Searched {
  /** Candidates at the start of each round, and replications of each behind it. */
  readonly rounds: { candidates: number; replications: number }[];
  /** By candidate: the round behind which it left. */
  readonly leftAfter: Map<number, number>;
  /** Who is estimated, the best of the search first; whether constraints are kept there is another question. */
  finalists: readonly Entrant[];
  readonly traces: LabTrace[];
}

export const newSearched = (): Searched => ({ rounds: [], leftAfter: new Map(), finalists: [], traces: [] });

/** Replications at which somebody may leave. */
const STAGES = [6, 12, 24, 48, 96] as const;
/** More candidates than this are looked at briefly before they race: so many replications each, */
const MANY = 30;
const BRIEF = 2;
/** and whoever is so many times worse than the best of those that keep their constraints stays out, without a test. */
const HOPELESS = 2;
/** Of whom fresh replications are made. */
const FINALISTS = 3;
/** Fresh ones begin here: behind whatever a search may have looked at. */
export const FRESH = STAGES[STAGES.length - 1] as number;

export interface Hearing {
  reached(reached: Reached, phase?: string): void;
  /** Another round begins, or the estimate. */
  words(words: string): void;
  /** Whether there is time for another round. */
  goesOn(): boolean;
}

/** Rejects with `Ended` when threads are ended. */
export async function search(what: Search, rows: Rows, found: Searched, hearing: Hearing): Promise<void> {
  const { candidates, storms, objective } = what;
  let left = candidates.map((_, nth) => nth);
  for (const replications of [...(left.length > MANY ? [BRIEF] : []), ...STAGES]) {
    const round = found.rounds.length;
    if (left.length < 2 || (round > 0 && !hearing.goesOn())) break;
    hearing.words(`round ${round + 1}, ${left.length} of ${candidates.length} candidates`);
    const cells = cellsOf(
      storms,
      left.map((nth) => candidates[nth] as Entrant),
    );
    await enough(rows, cells, { kind: 'replications', replications }, 0, (reached) => hearing.reached(reached));
    found.rounds.push({ candidates: left.length, replications });
    const courses = new Map(left.map((nth) => [nth, courseIn(what, rows, candidates[nth] as Entrant, replications)]));
    const rules = { candidates: candidates.length, stages: STAGES, constraints: constraintsOf(what) };
    const leaving =
      replications === BRIEF
        ? hopeless(courses, objective)
        : leavingOf(courses, { ...rules, better: objective.better }).map(({ candidate }) => candidate);
    for (const candidate of leaving) found.leftAfter.set(candidate, round);
    left = left.filter((nth) => !found.leftAfter.has(nth));
  }
  const all = candidates.map((_, nth) => nth);
  found.finalists = what.picks?.(ranked(what, rows, all)) ?? ranked(what, rows, left).slice(0, FINALISTS);
  const estimated = [...found.finalists, ...what.others.filter((each) => !found.finalists.includes(each))];
  hearing.words(`fresh replications of ${estimated.length} policies`);
  const cells = cellsOf(storms, estimated);
  await enough(rows, cells, what.enough, FRESH, (reached) => hearing.reached(reached, 'fresh'));
  if (what.traces) found.traces.push(...(await tracesOf(rows, cells, FRESH)));
}

/** Those that are far off whatever luck says; nobody when there is nothing to hold them against. */
function hopeless(courses: ReadonlyMap<number, Course>, { better }: Objective): readonly number[] {
  const means = [...courses].map(([candidate, { objective, slacks = [] }]) => ({
    candidate,
    mean: meanOf(objective),
    keeps: slacks.every((slack) => meanOf(slack) >= 0),
  }));
  const kept = means.filter(({ keeps, mean }) => keeps && Number.isFinite(mean)).map(({ mean }) => mean);
  if (kept.length === 0) return [];
  const best = better === 'less' ? Math.min(...kept) : Math.max(...kept);
  return means
    .filter(({ mean }) => !(better === 'less' ? mean <= HOPELESS * best : mean * HOPELESS >= best))
    .map(({ candidate }) => candidate);
}

const constraintsOf = ({ objective, storms }: Search): number => objective.constraints.length * storms.length;

/** What a candidate came to in the first so many replications of the search. */
export function courseIn(what: Search, rows: Rows, entrant: Entrant, to: number, from = 0): Course {
  const own = what.storms.map((storm) => rows.of({ storm, entrant }, to, from));
  return courseOf(what.objective, what.metrics, what.storms, own);
}

/**
 * Those that keep every constraint in the mean by their objective, best first; then the others, by what they lack. Who does
 * not bring everybody back has no value in some replication, and is behind all who have: it may well keep a constraint by
 * giving up.
 */
export function ranked(what: Search, rows: Rows, candidates: readonly number[]): readonly Entrant[] {
  const place = what.metrics.indexOf(what.objective.metric);
  const judged = candidates.map((nth) => {
    const entrant = what.candidates[nth] as Entrant;
    const { objective, slacks = [] } = courseIn(what, rows, entrant, FRESH);
    const worst = slacks.reduce((least, slack) => Math.min(least, meanOf(slack)), 0);
    const lost = what.storms.some((storm) =>
      rows.of({ storm, entrant }, FRESH).some((row) => !Number.isFinite(row[place])),
    );
    return {
      nth,
      entrant,
      lost: lost ? 1 : 0,
      lacks: -worst,
      value: (what.objective.better === 'more' ? -1 : 1) * meanOf(objective),
    };
  });
  return judged
    .toSorted((a, b) => a.lost - b.lost || order(a.lacks, b.lacks) || order(a.value, b.value) || a.nth - b.nth)
    .map(({ entrant }) => entrant);
}

const order = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
