/** Every picture of a document, in the order in which a report shows them. */
import type { LabDocument } from '../experiment/document.ts';
import { arrivalsChart } from './arrivals.ts';
import { attemptsChart } from './attempts.ts';
import type { LabChart } from './chart.ts';
import { forestCharts } from './forest.ts';
import { frontierChart } from './frontier.ts';
import { heatMap } from './heat-map.ts';
import { type Reading, readings } from './reading.ts';
import { recoveryChart } from './recovery.ts';

const KINDS: readonly ((reading: Reading) => LabChart | null | readonly LabChart[])[] = [
  frontierChart,
  heatMap,
  recoveryChart,
  arrivalsChart,
  attemptsChart,
  forestCharts,
];

/** Those that there are data for; of several storms, each for each of them, with the number of the storm in its name. */
export function chartsOf(document: LabDocument): readonly LabChart[] {
  const all = readings(document);
  return all.flatMap((reading, nth) =>
    KINDS.flatMap((make) => {
      const charts = [make(reading)].flat().filter((chart) => chart !== null);
      return all.length === 1 ? charts : charts.map((chart) => ({ ...chart, name: `${chart.name}-storm${nth + 1}` }));
    }),
  );
}
