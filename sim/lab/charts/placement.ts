/** Places for the names of points: beside their point, over no other name and no other point, within the plot. */
import { SIZES } from './chart.ts';
import { textWidth } from './font.ts';

export interface Point {
  /** Pixels of the plot, y down. */
  readonly x: number;
  readonly y: number;
  /** What to write, best first; the last one is short, and is written wherever it is least in the way. */
  readonly names: readonly string[];
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly align: 'left' | 'center' | 'right';
  readonly text: string;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const DISTANCE = 6;
const HEIGHT = SIZES.small;

/** Right and left of the point first, then above and below, then askew. */
const SIDES = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
] as const;

/** A label for each point, in their order. Those in the thick of it choose first, since they have the least choice. */
export function labelled(
  points: readonly Point[],
  width: number,
  height: number,
  taken: readonly Box[] = [],
): readonly Label[] {
  const boxes: Box[] = [
    ...taken,
    ...points.map(({ x, y }) => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 })),
  ];
  const neighbours = points.map(
    (own) => points.filter((other) => Math.abs(own.x - other.x) < 60 && Math.abs(own.y - other.y) < 24).length,
  );
  const order = points
    .map((_, nth) => nth)
    .sort((a, b) => (neighbours[b] as number) - (neighbours[a] as number) || a - b);
  const labels = new Array<Label>(points.length);
  for (const nth of order) {
    const point = points[nth] as Point;
    const candidates = point.names.flatMap((text) => SIDES.map((side) => candidate(point, text, side)));
    const shortest = candidates.slice(-SIDES.length);
    const free = candidates.find(
      ({ box }) =>
        within(box, width, height) && boxes.every((other, at) => at === taken.length + nth || !overlap(box, other)),
    );
    const chosen =
      free ??
      shortest.reduce((best, each) =>
        cost(each.box, boxes, width, height) < cost(best.box, boxes, width, height) ? each : best,
      );
    boxes.push(chosen.box);
    labels[nth] = chosen.label;
  }
  return labels;
}

function candidate(
  { x, y }: Point,
  text: string,
  [across, down]: readonly [number, number],
): { label: Label; box: Box } {
  const width = textWidth(text, SIZES.small);
  const away = across !== 0 && down !== 0 ? DISTANCE * 0.7 : DISTANCE;
  const at = x + across * away;
  const middle = y + down * (away + HEIGHT * 0.45);
  const left = across > 0 ? at : across < 0 ? at - width : at - width / 2;
  return {
    label: { x: at, y: middle + HEIGHT * 0.35, align: across > 0 ? 'left' : across < 0 ? 'right' : 'center', text },
    box: { left, right: left + width, top: middle - HEIGHT * 0.5, bottom: middle + HEIGHT * 0.5 },
  };
}

const within = ({ left, right, top, bottom }: Box, width: number, height: number): boolean =>
  left >= 0 && right <= width && top >= 0 && bottom <= height;

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Area that is covered, and what is outside counts as covered. */
function cost(box: Box, boxes: readonly Box[], width: number, height: number): number {
  const covered = boxes.reduce((sum, other) => {
    const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    return sum + (across > 0 && down > 0 ? across * down : 0);
  }, 0);
  return covered + (within(box, width, height) ? 0 : 1000);
}
