/** Time against attempts: who cannot be beaten in one without losing in the other. */
import { frontOf } from '../statistics/front.ts';
import type { LabFrontier, LabMetric } from './document.ts';
import { columnOf, type Sample } from './estimates.ts';
import { pointsOf } from './search-document.ts';

/**
 * Where each contender stands among those that are estimated: on the frontier, behind it by more than luck, or behind it
 * by what may be luck.
 */
export function frontierOf(
  samples: readonly Sample[],
  axes: { readonly time: string; readonly cost: string },
  metrics: readonly LabMetric[],
): LabFrontier {
  const { time, cost } = axes;
  const estimated = samples.filter(({ phase, rows }) => phase === 'estimate' && rows.length > 0);
  const means = pointsOf(estimated, [time, cost], metrics);
  const place = (metric: string): number => metrics.findIndex(({ name }) => name === metric);
  const points = means.map((point) => {
    const inStorm = estimated.filter(({ storm }) => storm === point.storm);
    return { point, inStorm, nth: inStorm.findIndex(({ contender }) => contender === point.contender) };
  });
  const places = new Map(
    [...new Set(estimated.map(({ storm }) => storm))].map((storm) => {
      const own = estimated.filter((sample) => sample.storm === storm);
      // Pairs: as many of each as everybody has.
      const count = Math.min(...own.map(({ rows }) => rows.length));
      const column = (sample: Sample, metric: string): number[] => [
        ...columnOf(sample, place(metric)).subarray(0, count),
      ];
      return [storm, frontOf(own.map((sample) => ({ time: column(sample, time), cost: column(sample, cost) })))];
    }),
  );
  return {
    ...axes,
    points: points.map(({ point, inStorm, nth }) => {
      const found = places.get(point.storm)?.[nth];
      const by = found?.by == null ? null : (inStorm[found.by]?.contender ?? null);
      return {
        ...point,
        place: point.onFrontier ? 'front' : (found?.is ?? 'unknown'),
        dominatedBy: point.onFrontier ? null : by,
      };
    }),
  };
}
