/** The points of a frontier: means of two metrics with their intervals, and whether another point beats them in both. */
import type { LabDocument, LabInterval, LabMetric } from '../experiment/document.ts';
import { WIDTH } from './chart.ts';
import type { Drawn, Reading } from './reading.ts';

/** Left of the plot, and the plot itself, in pixels. */
export const LEFT = 36;
export const PLOT = WIDTH - LEFT - 6;
export const HEIGHT = 230;

export interface Place {
  readonly who: Drawn | null;
  readonly name: string;
  readonly time: number | null;
  readonly cost: number | null;
  readonly times: LabInterval | null;
  readonly costs: LabInterval | null;
  readonly onFrontier: boolean;
  /** Replications in which it has no time, in words; empty when it always has one. */
  readonly but: string;
}

/** One that has a place in the plot. */
export type Inside = Place & { readonly time: number; readonly cost: number };

export const isInside = (place: Place): place is Inside => place.time !== null && place.cost !== null;

export function placesOf(reading: Reading, time: LabMetric, cost: LabMetric): readonly Place[] {
  return reading.all.map((who): Place => {
    const [own, other] = [reading.estimate(who.id, time.name), reading.estimate(who.id, cost.name)];
    const but =
      (own?.missing ?? 0) > 0 && own?.mean !== null
        ? ` (in ${own?.replications} of ${(own?.replications ?? 0) + (own?.missing ?? 0)})`
        : '';
    return {
      who,
      name: who.name,
      time: own?.mean ?? null,
      cost: other?.mean ?? null,
      times: own?.interval ?? null,
      costs: other?.interval ?? null,
      onFrontier: false,
      but,
    };
  });
}

/** Marks those that no other point is at least as good as in both. */
export function judged(places: readonly Place[]): readonly Place[] {
  // A policy that does not always come back is not compared by the times that it did.
  const sound = places.filter(isInside).filter(({ but }) => but === '');
  return places.map((own) => ({
    ...own,
    onFrontier: isInside(own) && own.but === '' && !sound.some((other) => beats(other, own)),
  }));
}

function beats(one: { time: number; cost: number }, other: { time: number; cost: number }): boolean {
  return one.time <= other.time && one.cost <= other.cost && (one.time < other.time || one.cost < other.cost);
}

/** Candidates of a search: points without names. */
export const searchedOf = ({ frontier }: LabDocument, { storm, all }: Reading): readonly Place[] =>
  (frontier?.points ?? [])
    .filter(
      (point) =>
        point.storm === storm.name && point.phase === 'search' && !all.some(({ id }) => id === point.contender),
    )
    .map(({ contender, time, cost }) => ({
      who: null,
      name: contender,
      time,
      cost,
      times: null,
      costs: null,
      onFrontier: false,
      but: '',
    }));
