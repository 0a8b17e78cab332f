/** The document of a search: who was searched, who won, and how good it is on luck that nobody chose by. */
import { meanOf } from '../statistics/moments.ts';
import { assembled, contenderOf } from './assemble.ts';
import type { LabCandidate, LabDocument, LabPoint, LabTuning } from './document.ts';
import { counted } from './enough.ts';
import { columnOf, type Sample } from './estimates.ts';
import type { Entrant } from './experiment.ts';
import type { Rows } from './rows.ts';
import { courseIn, FRESH, type Search, type Searched } from './tune.ts';

/** What is only known of a search over a design. */
export type Designed = Pick<LabTuning, 'family' | 'design' | 'varied'>;

/** What a point of the frontier costs, unless that is what is minimised. */
const COST = 'attempts_after';
const TIME = 'recovery_p99';

export function searchDocument(
  what: Search,
  /** Null when presets were searched and no design. */
  designed: Designed | null,
  rows: Rows,
  found: Searched,
  stopped: LabDocument['stopped'],
): Omit<LabDocument, 'words'> {
  const { candidates, others, objective, enough, storms, metrics, traces: _, picks: __, ...frame } = what;
  const winner = designed === null ? (found.finalists[0] ?? null) : winnerOf(what, rows, found);
  const estimated = winner === null ? found.finalists : [winner, ...found.finalists.filter((each) => each !== winner)];
  const shown = found.finalists.length === 0 ? [] : [...estimated, ...others];
  const searched = candidates.filter((each) => !shown.includes(each));
  const sampled = (entrant: Entrant, phase: Sample['phase']): Sample[] =>
    storms.map((storm) => {
      const cell = { storm, entrant };
      const own =
        phase === 'search' ? rows.of(cell, FRESH) : counted(rows.of(cell, Number.POSITIVE_INFINITY, FRESH), enough);
      return { storm: storm.name, contender: entrant.name, phase, from: phase === 'search' ? 0 : FRESH, rows: own };
    });
  const samples = [
    ...shown.flatMap((entrant) => [
      ...(candidates.includes(entrant) ? sampled(entrant, 'search') : []),
      ...sampled(entrant, 'estimate'),
    ]),
    ...searched.flatMap((entrant) => sampled(entrant, 'search')),
  ].filter((sample) => sample.rows.length > 0);
  const inOrder = storms.flatMap(({ name }) => samples.filter(({ storm }) => storm === name));
  const cost = objective.metric.name === COST ? TIME : COST;
  return assembled(
    { ...frame, storms, metrics },
    {
      stopped,
      samples: inOrder,
      traces: found.traces,
      contenders: [
        ...shown.map((entrant) => contenderOf(entrant, 'estimate')),
        ...searched.map((entrant) => contenderOf(entrant, 'search')),
      ],
      // Chosen by other replications than these.
      reference: winner === null ? null : { contender: winner.name, chosenByRows: false },
      frontier: {
        ...{ time: objective.metric.name, cost },
        points: pointsOf(
          inOrder.filter(({ phase }) => phase === 'search'),
          [objective.metric.name, cost],
          metrics,
        ),
      },
      tuning:
        designed === null
          ? null
          : {
              ...designed,
              minimises: objective.metric.name,
              constraints: objective.constraints,
              rounds: found.rounds,
              candidates: candidates.map((entrant, nth) => candidateOf(what, rows, found, entrant, nth)),
              winner: winner?.name ?? null,
            },
    },
  );
}

/** The first of the finalists that keeps every constraint on fresh replications, too; null when none does. */
export function winnerOf(what: Search, rows: Rows, { finalists }: Searched): Entrant | null {
  return finalists.find((entrant) => keeps(what, rows, entrant, Number.POSITIVE_INFINITY, FRESH)) ?? null;
}

/** Whether constraints are kept in the mean of these replications. */
export function keeps(what: Search, rows: Rows, entrant: Entrant, to: number, from: number): boolean {
  const { objective, slacks = [] } = courseIn(what, rows, entrant, to, from);
  return objective.length > 0 && slacks.every((slack) => meanOf(slack) >= 0);
}

function candidateOf(what: Search, rows: Rows, found: Searched, entrant: Entrant, nth: number): LabCandidate {
  const { objective } = courseIn(what, rows, entrant, FRESH);
  const mean = objective.length === 0 ? Number.NaN : meanOf(objective);
  return {
    contender: entrant.name,
    leftAfter: found.leftAfter.get(nth) ?? null,
    objective: Number.isFinite(mean) ? mean : null,
    keepsConstraints: keeps(what, rows, entrant, FRESH, 0),
  };
}

/** Means of two metrics, and who is on the front of its storm by them. */
export function pointsOf(
  samples: readonly Sample[],
  [time, cost]: readonly [string, string],
  metrics: LabDocument['metrics'],
): readonly LabPoint[] {
  const meanIn = (sample: Sample, metric: string): number =>
    meanOf(
      columnOf(
        sample,
        metrics.findIndex(({ name }) => name === metric),
      ),
    );
  const means = samples.map((sample) => [meanIn(sample, time), meanIn(sample, cost)] as const);
  return samples.map((sample, nth) => {
    const [x, y] = means[nth] as (typeof means)[number];
    const isKnown = Number.isFinite(x) && Number.isFinite(y);
    const isBeaten = means.some(
      ([a, b], other) => samples[other]?.storm === sample.storm && a <= x && b <= y && (a < x || b < y),
    );
    return {
      ...{ storm: sample.storm, contender: sample.contender, phase: sample.phase },
      time: Number.isFinite(x) ? x : null,
      cost: Number.isFinite(y) ? y : null,
      onFrontier: isKnown && !isBeaten,
    };
  });
}
