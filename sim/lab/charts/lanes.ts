/** Pictures with a lane for each policy, one below the other on one axis of time: arrivals, and attempts of single clients. */
import {
  type Axis,
  encoded,
  frame,
  legendRow,
  linearAxis,
  SIZES,
  type Spec,
  type Swatch,
  textAt,
  WIDTH,
} from './chart.ts';
import { tick } from './figure.ts';
import { fitted, textWidth } from './font.ts';
import { light } from './palette.ts';
import { type Drawn, neverBack, type Reading } from './reading.ts';

/** Left of the plots, for the labels of their axes. */
export const LEFT = 30;
/** A label at the right end of the axis may reach beyond it by half. */
const RIGHT = 8;
export const LANE_WIDTH = WIDTH - LEFT - RIGHT;
/** Of a lane's own heading. */
const HEADING = 16;

/** Seconds that the picture shows, from the first drop on. */
export interface Span {
  readonly until: number;
  readonly axis: Axis;
  readonly title: string;
  words(seconds: number): string;
}

/**
 * Until everybody is back, but not as far as the last of a policy that takes many times the others: those would be one
 * line then. Whose lane goes on beyond the edge says so.
 */
export function spanOf({ shown, storm, trace }: Reading): Span {
  const ends = shown.flatMap(({ id }) => {
    const own = trace(id);
    return own === null || neverBack(own) > 0 ? [] : [own.waiting.seconds.at(-1) ?? 0];
  });
  const sorted = ends.toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const most = Math.max(2 * storm.bound, 2 * median);
  const longest = sorted.at(-1) ?? most;
  const after = Math.max(1.1 * storm.bound, Math.min(1.04 * longest, most), 1e-3);
  const until = storm.recovery + after;
  const [unit, size] = until > 5 * 3600 ? ['h', 3600] : until > 1200 ? ['min', 60] : ['s', 1];
  const scaled = linearAxis(0, until / size, 7);
  return {
    until,
    axis: { ...scaled, domain: [0, until], ticks: scaled.ticks.map((value) => value * size) },
    title: `time since the connections were lost (${unit})`,
    words: (value) => tick(value / size),
  };
}

/** Heights that leave a picture of twelve lanes on a page. */
export const laneHeight = (lanes: number, [few, some, many]: readonly [number, number, number]): number =>
  lanes <= 3 ? few : lanes <= 6 ? some : many;

interface Lane {
  readonly who: Drawn;
  /** Right of the name. */
  readonly says: string;
  readonly height: number;
  readonly layer: readonly Spec[];
}

/** All lanes as one specification's body. */
export function stacked(
  reading: Reading,
  span: Span,
  { lanes, swatches, datasets }: { lanes: readonly Lane[]; swatches: readonly Swatch[]; datasets: Spec },
): Spec {
  return {
    datasets,
    bounds: 'flush',
    spacing: HEADING + 6,
    vconcat: [
      legendRow(LEFT, swatches),
      ...lanes.map(({ who, says, height, layer }, nth) => ({
        width: LANE_WIDTH,
        height,
        layer: [frame(LEFT), outageBands(reading, span, nth === lanes.length - 1), ...layer, ...heading(who, says)],
      })),
    ],
  };
}

function heading({ name, series }: Drawn, says: string): readonly Spec[] {
  const room = LANE_WIDTH + RIGHT - 14 - textWidth(says, SIZES.small) - 10;
  return [
    textAt(-LEFT, -5, series.letter, { fontWeight: 'bold', fontSize: SIZES.label }),
    textAt(-LEFT + 13, -5, fitted(name, room + LEFT, SIZES.label), { fontSize: SIZES.label }),
    textAt(LANE_WIDTH + RIGHT, -5, says, { align: 'right', color: light('ink2') }),
  ];
}

/** When the servers take nobody, or fewer; and the axis of time: below each lane a line, below the last one its labels. */
function outageBands({ storm }: Reading, span: Span, last: boolean): Spec {
  const values = storm.storm.outages
    .map(({ at, lasts }) => ({ from: at / 1e6, to: Math.min((at + lasts) / 1e6, span.until) }))
    .filter(({ from }) => from < span.until);
  const axis = last
    ? encoded(span.axis, { title: span.title, grid: false }, span.words)
    : encoded(span.axis, { labels: false, title: null, grid: false, ticks: false });
  return {
    data: { values },
    mark: { type: 'rect', color: light('band') },
    encoding: { x: { field: 'from', type: 'quantitative', ...axis }, x2: { field: 'to' } },
  };
}
