/** Names of the points of a frontier, laid out around what else is drawn there. */
import { type Axis, SIZES, type Spec, textAt } from './chart.ts';
import { fitted } from './font.ts';
import { HEIGHT, type Inside, isInside, PLOT, type Place } from './frontier-places.ts';
import { light } from './palette.ts';
import { type Box, labelled } from './placement.ts';

/** Names beside their points; where there is room for a letter only, it is spelled out below. */
interface Named {
  readonly layer: readonly Spec[];
  readonly spelled: readonly Place[];
}

export function namesOf(
  places: readonly Inside[],
  searched: readonly Place[],
  x: Axis,
  y: Axis,
  bound: number | null,
  taken: readonly Box[],
): Named {
  const best = [...places, ...searched.filter(isInside)]
    .filter(({ onFrontier }) => onFrontier)
    .map(({ time, cost }) => ({ x: x.at(cost) * PLOT, y: HEIGHT * (1 - y.at(time)) }));
  const crossed = places.flatMap(({ time, cost, times, costs }) => [
    ...(times === null ? [] : [box(x, y, cost, cost, times.most, times.least)]),
    ...(costs === null ? [] : [box(x, y, costs.least, costs.most, time, time)]),
  ]);
  const points = places.map(({ who, name, but, time, cost }) => {
    const letter = who?.series.letter ?? '';
    return {
      x: x.at(cost) * PLOT,
      y: HEIGHT * (1 - y.at(time)),
      names: [
        ...new Set([
          `${letter} ${name}${but}`,
          fitted(`${letter} ${name}${but}`, 120, SIZES.small),
          fitted(`${letter} ${name}`, 70, SIZES.small),
          letter,
        ]),
      ],
    };
  });
  const line =
    bound === null
      ? []
      : [{ left: 0, right: PLOT, top: HEIGHT * (1 - y.at(bound)) - 1, bottom: HEIGHT * (1 - y.at(bound)) + 1 }];
  const others = searched.filter(isInside).map(({ time, cost }) => box(x, y, cost, cost, time, time));
  const labels = labelled(points, PLOT, HEIGHT, [...line, ...others, ...stairs(best), ...crossed, ...taken]);
  return {
    layer: labels.map(({ x: across, y: down, align, text }, nth) =>
      textAt(across, down, text, { align, color: light(places[nth]?.onFrontier === true ? 'ink' : 'ink3') }),
    ),
    spelled: places.filter(({ who }, nth) => labels[nth]?.text === who?.series.letter),
  };
}

/** What a mark from there to there covers, in pixels. */
const box = (x: Axis, y: Axis, least: number, most: number, above: number, below: number) => ({
  left: x.at(least) * PLOT - 1,
  right: x.at(most) * PLOT + 1,
  top: HEIGHT * (1 - y.at(above)) - 1,
  bottom: HEIGHT * (1 - y.at(below)) + 1,
});

/** What the staircase covers. */
function stairs(best: readonly { readonly x: number; readonly y: number }[]) {
  const sorted = best.toSorted((a, b) => a.x - b.x);
  return sorted.slice(1).flatMap((next, nth) => {
    const last = sorted[nth] as (typeof sorted)[number];
    return [
      { left: last.x + 5, right: next.x, top: last.y - 1, bottom: last.y + 1 },
      { left: next.x - 1, right: next.x + 1, top: last.y, bottom: next.y - 5 },
    ];
  });
}
