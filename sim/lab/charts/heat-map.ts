/**
 * The map of a search over parameters: a cell for each pair of values of two knobs, darker where what was minimised is
 * less. Cells that break a constraint have a cross, the winner is framed. Of more than two knobs the two that the
 * design varies most are the axes, and a cell has the best over all others.
 *
 * A random design has no cells: its candidates are dots at the place of their values, with the same colours.
 */
import type { LabTuning, LabVaried } from '../experiment/document.ts';
import { type LabChart, specOf } from './chart.ts';
import { figure, inUnit, NONE, titleOf } from './figure.ts';
import { type Cell, cellsOf, parametersOf } from './heat-cells.ts';
import { heatGrid } from './heat-grid.ts';
import { heatScatter } from './heat-scatter.ts';
import { ramp } from './ramp.ts';
import type { Reading } from './reading.ts';

export function heatMap(reading: Reading): LabChart | null {
  const { tuning } = reading.document;
  // A search has one objective over all storms: its map is drawn once.
  if (tuning === null || reading.document.storms[0]?.name !== reading.storm.name) return null;
  const varied = tuning.varied.toSorted((a, b) => b.values.length - a.values.length);
  const [first, second] = tuning.design === 'grid' ? varied : tuning.varied;
  if (first === undefined || tuning.candidates.length === 0) return null;
  const [across, up] = second === undefined ? [first, null] : inOrder(tuning, first, second);
  const cells = cellsOf(reading, tuning, across, up);
  const known = cells.flatMap(({ candidate: { objective } }) => (objective === null ? [] : [objective]));
  if (known.length === 0) return null;
  const colour = ramp(known);
  const unit = reading.metric(tuning.minimises)?.unit ?? 'count';
  const storms = reading.document.storms.length;
  const what = storms === 1 ? titleOf(tuning.minimises) : `${titleOf(tuning.minimises)}, worst ratio to the best`;
  const words = (value: number | null): string =>
    value === null ? 'never' : inUnit(storms === 1 ? unit : 'ratio', value);
  const title = `${tuning.family}: ${what}`;
  const constraints = tuning.constraints.map(
    ({ metric, relation, bound }) => `${titleOf(metric)}\u00a0${SIGNS[relation]}\u00a0${figure(bound)}`,
  );
  const others = tuning.varied.length - (up === null ? 1 : 2);
  const body =
    tuning.design === 'grid'
      ? heatGrid(cells, across, up, colour, tuning)
      : heatScatter(cells, across, up, colour, tuning);
  return {
    name: 'parameters',
    title,
    says: sentence(tuning, cells, constraints, words),
    spec: specOf({
      reading,
      title,
      notes: [
        `Darker is better${unit === 's' && storms === 1 ? ', in seconds' : ''}.${tuning.winner === null ? '' : ' Framed: the winner.'}${known.length < cells.length ? ' Grey: never.' : ''}${constraints.length === 0 ? '' : ` With ×: breaks ${constraints.join(', ')}.`}${others > 0 ? ` Best over ${others} more knob${others === 1 ? '' : 's'}.` : ''}`,
      ],
      body,
    }),
    table: {
      caption: `Candidates of the search; ${what} is what was minimised, on the replications that each had.`,
      columns: ['candidate', ...tuning.varied.map(({ knob }) => knob), what, 'keeps constraints', 'left after round'],
      rows: tuning.candidates.map((candidate) => [
        candidate.contender,
        ...tuning.varied.map(({ knob }) => parametersOf(reading, candidate)[knob] ?? NONE),
        words(candidate.objective),
        candidate.keepsConstraints ? 'yes' : 'no',
        candidate.leftAfter === null ? 'kept to the end' : String(candidate.leftAfter + 1),
      ]),
    },
  };
}

const SIGNS = { '<=': '≤', '>=': '≥', '<': '<', '>': '>' } as const;

/** As `--vary` has them: the first knob goes across. */
const inOrder = ({ varied }: LabTuning, a: LabVaried, b: LabVaried): readonly [LabVaried, LabVaried] =>
  varied.indexOf(a) < varied.indexOf(b) ? [a, b] : [b, a];

function sentence(
  { candidates, winner, family }: LabTuning,
  cells: readonly Cell[],
  constraints: readonly string[],
  words: (value: number | null) => string,
): string {
  const own = candidates.find(({ contender }) => contender === winner);
  const kept = candidates.filter(({ keepsConstraints }) => keepsConstraints).length;
  const under = constraints.length === 0 ? '' : ` under ${constraints.join(' and ')}, which ${kept} of them keep`;
  const wins =
    own === undefined
      ? `None of ${candidates.length} variants of ${family} wins`
      : `Of ${candidates.length} variants of ${family}, ${own.contender} wins with ${words(own.objective)}`;
  const known = cells.flatMap(({ candidate: { objective } }) => (objective === null ? [] : [objective]));
  return `${wins}${under}. Over the map it is ${words(Math.min(...known))} to ${words(Math.max(...known))}.`;
}
