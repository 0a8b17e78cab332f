/** What a search is after, over one storm or several: one value a replication, and how far each constraint is kept. */
import type { Course } from '../statistics/race.ts';
import { boundOf, recoveryAt } from './assemble.ts';
import type { LabConstraint, LabMetric } from './document.ts';
import type { NamedStorm, Values } from './experiment.ts';

export interface Objective {
  readonly metric: LabMetric;
  readonly better: 'less' | 'more';
  readonly constraints: readonly LabConstraint[];
}

/** A metric's place among a row's values, and what a value counts in a storm. */
interface Column {
  readonly place: number;
  of(value: number, storm: NamedStorm): number;
}

/** Times are held against N/C where there are several storms: a second means more in a small one. */
function columnOf(name: string, metrics: readonly LabMetric[], isShared: boolean): Column {
  const place = metrics.findIndex((metric) => metric.name === name);
  const unit = metrics[place]?.unit;
  return {
    place,
    of(value, { storm }) {
      const bound = boundOf(storm);
      const longest = (storm.horizon - recoveryAt(storm)) / 1_000_000;
      // Somebody never came back: that is as long as anybody looked, at least.
      const known = Number.isFinite(value)
        ? value
        : unit === 's'
          ? longest
          : unit === 'ratio'
            ? longest / bound
            : value;
      return unit === 's' && isShared ? known / bound : known;
    },
  };
}

/** What a candidate came to: `rows` of each storm, as many of all of them; the mean over storms counts. */
export function courseOf(
  objective: Objective,
  metrics: readonly LabMetric[],
  storms: readonly NamedStorm[],
  rows: readonly (readonly Values[])[],
): Course {
  const count = Math.min(...rows.map(({ length }) => length));
  const replications = Array.from({ length: count }, (_, nth) => nth);
  const valueIn = (column: Column, nth: number, at: number): number =>
    column.of(rows[at]?.[nth]?.[column.place] ?? Number.NaN, storms[at] as NamedStorm);
  const aim = columnOf(objective.metric.name, metrics, storms.length > 1);
  return {
    objective: replications.map((nth) => storms.reduce((sum, _, at) => sum + valueIn(aim, nth, at), 0) / storms.length),
    // Kept in every storm, so each storm has a constraint of its own.
    slacks: objective.constraints.flatMap((constraint) => {
      const column = columnOf(constraint.metric, metrics, false);
      return storms.map((_, at) => replications.map((nth) => slackOf(constraint, valueIn(column, nth, at))));
    }),
  };
}

/** By how much a value keeps a bound; what has no value keeps none. */
function slackOf({ relation, bound }: LabConstraint, value: number): number {
  if (!Number.isFinite(value)) return -Math.abs(bound) - 1;
  return relation.startsWith('<') ? bound - value : value - bound;
}
