/**
 * The frontier: how soon the clients are back against how often they dial for it, a point for each policy. Left and below
 * is better; what another policy beats in both is pale. Below the line of N/C nobody can be.
 */
import type { LabInterval, LabMetric } from '../experiment/document.ts';
import {
  type Axis,
  encoded,
  frame,
  type LabChart,
  linearAxis,
  logAxis,
  SIZES,
  type Spec,
  specOf,
  textAt,
  WIDTH,
  wrapped,
} from './chart.ts';
import { axisTitle, figure, inUnit, percent, seconds, titleOf } from './figure.ts';
import { fitted, textWidth } from './font.ts';
import { namesOf } from './frontier-names.ts';
import {
  HEIGHT,
  type Inside,
  isInside,
  judged,
  LEFT,
  PLOT,
  type Place,
  placesOf,
  searchedOf,
} from './frontier-places.ts';
import { light } from './palette.ts';
import type { Reading } from './reading.ts';

/** A line above the plot for each policy that has no place in it. */
const STRIP = 13;
/** Between that and the plot, for the title of the upright axis. */
const TITLE = 14;

export function frontierChart(reading: Reading): LabChart | null {
  const { document } = reading;
  const time = reading.metric(document.frontier?.time ?? 'recovery_p99');
  const cost = reading.metric(document.frontier?.cost ?? 'attempts_after');
  if (time === null || cost === null) return null;
  const places = judged([...placesOf(reading, time, cost), ...searchedOf(document, reading)]);
  const estimated = places.filter(({ who }) => who !== null);
  const searched = places.filter(({ who }) => who === null);
  const inside = estimated.filter(isInside);
  const outside = estimated.filter((place) => !isInside(place));
  if (inside.length + searched.length === 0 || estimated.length + searched.length < 2) return null;
  const bound = boundOf(reading, time);
  const all = [...inside, ...searched.filter(isInside)];
  const y = axisOver(
    [...all.flatMap(({ time: at, times }) => [at, times?.least ?? at, times?.most ?? at]), bound?.value ?? null],
    6,
  );
  const x = axisOver(
    [
      ...all.flatMap(({ cost: at, costs }) => [at, costs?.least ?? at, costs?.most ?? at]),
      cost.name === 'attempts_after' ? 1 : null,
    ],
    6,
  );
  const title = 'Time against dials';
  const pale = all.some(({ onFrontier }) => !onFrontier) ? ['Pale: another is better in both.'] : [];
  const crosses = all.some(({ times }) => times !== null)
    ? [`Crosses: ${percent(document.confidence)} intervals.`]
    : [];
  const names = namesOf(inside, searched.filter(isInside), x, y, bound?.value ?? null, wordsBox(bound, y));
  const body: Spec = {
    width: PLOT,
    height: HEIGHT,
    layer: [
      {
        ...frame(LEFT),
        encoding: { x: { value: -LEFT }, x2: { value: WIDTH - LEFT }, y: { value: outside.length * -STRIP - TITLE } },
      },
      axesLayer(x, y, cost),
      textAt(-LEFT, -6, axisTitle(time), { color: light('ink2') }),
      textAt(PLOT, -6, 'lower left is better', { align: 'right', color: light('ink3') }),
      ...boundLayer(bound, y),
      ...steps(all),
      ...dots(searched.filter(isInside), true),
      ...crossesOf(inside),
      ...dots(inside, false),
      ...names.layer,
      ...spelledOut(names.spelled),
      ...outside.flatMap((place, nth) => outsideLine(place, x, -TITLE - STRIP * (outside.length - nth))),
    ],
  };
  return {
    name: 'frontier',
    title,
    says: sentence(inside, outside, time, cost, bound),
    spec: specOf({ reading, title, notes: [[...pale, ...crosses].join(' ')].filter((note) => note !== ''), body }),
    table: {
      caption: `Means of ${time.name} and ${cost.name} with ${percent(document.confidence)} intervals.`,
      columns: ['policy', titleOf(time.name), 'interval', titleOf(cost.name), 'interval', 'on the frontier'],
      rows: [...inside, ...outside].map((place) => [
        place.name,
        `${place.time === null ? 'never' : inUnit(time.unit, place.time)}${place.but}`,
        interval(time, place.times),
        inUnit(cost.unit, place.cost),
        interval(cost, place.costs),
        place.onFrontier ? 'yes' : 'no',
      ]),
    },
  };
}

const interval = ({ unit }: LabMetric, ends: LabInterval | null): string =>
  ends === null ? '' : `${inUnit(unit, ends.least)} to ${inUnit(unit, ends.most)}`;

/** The physical bound of a metric of time, and how it is called; null where there is none to be drawn. */
function boundOf({ storm }: Reading, { name }: LabMetric): { readonly value: number; readonly words: string } | null {
  const { outages } = storm.storm;
  if (outages.length !== 1 || outages[0]?.drops.num !== outages[0]?.drops.of) return null;
  const match = /^recovery_(p50|p90|p99|p999|max)(_ratio)?$/.exec(name);
  if (match === null) return null;
  const part = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999, max: 1 }[match[1] ?? ''] ?? 1;
  const value = match[2] === undefined ? part * storm.bound : part;
  return {
    value,
    words: `${part === 1 ? '' : `${percent(part)} of `}N/C: ${match[2] === undefined ? seconds(value) : figure(value)}`,
  };
}

function axisOver(values: readonly (number | null)[], ticksMost: number): Axis {
  const known = values.filter((value) => value !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (least > 0 && most / least > 6)
    return logAxis(least / (most / least) ** 0.1, most * (most / least) ** 0.06, ticksMost);
  const room = (most - least || Math.abs(most) || 1) * 0.08;
  return linearAxis(Math.max(Math.min(least, 0), least - 1.3 * room), most + room, ticksMost);
}

function axesLayer(x: Axis, y: Axis, cost: LabMetric): Spec {
  return {
    data: { values: [{ time: y.domain[0], cost: x.domain[0] }] },
    mark: { type: 'point', opacity: 0 },
    encoding: {
      x: { field: 'cost', type: 'quantitative', ...encoded(x, { title: axisTitle(cost), grid: true }) },
      y: {
        field: 'time',
        type: 'quantitative',
        ...encoded(y, { title: null, grid: true, domain: false }),
      },
    },
  };
}

function boundLayer(bound: { readonly value: number; readonly words: string } | null, y: Axis): readonly Spec[] {
  if (bound === null) return [];
  const at = HEIGHT * (1 - y.at(bound.value));
  return [
    {
      data: { values: [{}] },
      mark: { type: 'rect', color: light('band') },
      encoding: { x: { value: 0 }, x2: { value: PLOT }, y: { value: at }, y2: { value: HEIGHT } },
    },
    {
      data: { values: [{}] },
      mark: { type: 'rule', color: light('ink'), strokeDash: [3, 2] },
      encoding: { x: { value: 0 }, x2: { value: PLOT }, y: { value: at } },
    },
    textAt(PLOT, wordsAt(at), bound.words, { align: 'right' }),
  ];
}

/** The words of the bound stand in its band, or above the line where that is too low. */
const wordsAt = (line: number): number => (HEIGHT - line > 13 ? line + 10 : line - 3);

function wordsBox(bound: { readonly value: number; readonly words: string } | null, y: Axis) {
  if (bound === null) return [];
  const bottom = wordsAt(HEIGHT * (1 - y.at(bound.value)));
  return [{ left: PLOT - textWidth(bound.words, SIZES.small), right: PLOT, top: bottom - SIZES.small, bottom }];
}

/** Below the plot, who the letters are that stand alone in it. */
function spelledOut(places: readonly Place[]): readonly Spec[] {
  if (places.length === 0) return [];
  const lines = wrapped(
    places.map(({ who, name }) => `${who?.series.letter}\u00a0${name}`).join(', '),
    WIDTH,
    SIZES.small,
  );
  return [textAt(-LEFT, HEIGHT + 42, lines.length === 1 ? (lines[0] as string) : lines, { color: light('ink2') })];
}

/** The staircase that bounds what the best policies reach. */
function steps(places: readonly Inside[]): readonly Spec[] {
  const best = places.filter(({ onFrontier }) => onFrontier).toSorted((a, b) => a.cost - b.cost || a.time - b.time);
  if (best.length < 2) return [];
  return [
    {
      data: { values: best.map(({ cost, time }) => ({ cost, time })) },
      mark: { type: 'line', interpolate: 'step-after', color: light('data'), strokeWidth: 1, opacity: 0.6 },
      encoding: {
        x: { field: 'cost', type: 'quantitative' },
        y: { field: 'time', type: 'quantitative' },
        order: { field: 'cost', type: 'quantitative' },
      },
    },
  ];
}

function dots(places: readonly Place[], searched: boolean): readonly Spec[] {
  const of = (onFrontier: boolean, look: Spec): readonly Spec[] => {
    const values = places
      .filter((place) => place.onFrontier === onFrontier)
      .map(({ name, time, cost }) => ({ policy: name, time, cost }));
    if (values.length === 0) return [];
    return [
      {
        data: { values },
        mark: { type: 'point', opacity: 1, ...look },
        encoding: { x: { field: 'cost', type: 'quantitative' }, y: { field: 'time', type: 'quantitative' } },
      },
    ];
  };
  if (searched)
    return [
      ...of(false, { filled: true, size: 9, color: light('pale') }),
      ...of(true, { filled: true, size: 14, color: light('data') }),
    ];
  return [
    ...of(false, { filled: true, fill: light('paper'), stroke: light('ink3'), strokeWidth: 1.2, size: 30 }),
    ...of(true, { filled: true, color: light('data'), size: 42 }),
  ];
}

/** Intervals of both means, where a point does not cover them. */
function crossesOf(places: readonly Place[]): readonly Spec[] {
  const values = places.flatMap(({ time, cost, times, costs, onFrontier }) => [
    ...(times === null ? [] : [{ cost, cost2: cost, time: times.least, time2: times.most, onFrontier }]),
    ...(costs === null ? [] : [{ cost: costs.least, cost2: costs.most, time, time2: time, onFrontier }]),
  ]);
  return [true, false].flatMap((onFrontier) => {
    const own = values.filter((value) => value.onFrontier === onFrontier);
    if (own.length === 0) return [];
    return [
      {
        data: { values: own },
        mark: { type: 'rule', color: light(onFrontier ? 'data' : 'pale'), strokeWidth: 1 },
        encoding: {
          x: { field: 'cost', type: 'quantitative' },
          x2: { field: 'cost2' },
          y: { field: 'time', type: 'quantitative' },
          y2: { field: 'time2' },
        },
      },
    ];
  });
}

/** A policy that has no time: above the plot, where it dials as often as it does, with the reason in words. */
function outsideLine({ who, name, cost }: Place, x: Axis, y: number): readonly Spec[] {
  const at = cost === null ? 0 : x.at(cost) * PLOT;
  const left = at < PLOT / 2;
  const around = `${who?.series.letter} : never back`;
  const room = (left ? PLOT - at : at + LEFT) - 8 - textWidth(around, SIZES.small);
  const text = `${who?.series.letter} ${fitted(name, room, SIZES.small)}: never back`;
  return [
    {
      data: { values: [{}] },
      mark: { type: 'point', shape: 'triangle-up', filled: true, size: 28, color: light('broken'), opacity: 1 },
      encoding: { x: { value: at }, y: { value: y + 4 } },
    },
    textAt(left ? at + 8 : at - 8, y + 7, text, { align: left ? 'left' : 'right', color: light('broken') }),
  ];
}

function sentence(
  inside: readonly Place[],
  outside: readonly Place[],
  time: LabMetric,
  cost: LabMetric,
  bound: { readonly value: number } | null,
): string {
  const best = inside.filter(({ onFrontier }) => onFrontier).toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0));
  const say = (place: Place): string =>
    `${place.name} (${inUnit(time.unit, place.time)}, ${inUnit(cost.unit, place.cost)})`;
  const parts = [
    best.length === 0
      ? ''
      : `Nobody is better both in ${titleOf(time.name)} and in ${titleOf(cost.name)} than ${best.map(say).join(', ')}.`,
    bound === null ? '' : `The bound is ${inUnit(time.unit, bound.value)}.`,
    outside.length === 0 ? '' : `Never back, and so above the plot: ${outside.map(({ name }) => name).join(', ')}.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
