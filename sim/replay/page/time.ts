/** The time axis: one straight piece, or (magnified) wide pieces around the moments of the story and narrow ones between. */

export interface Piece {
  readonly from: number;
  readonly to: number;
  /** In pixels. */
  readonly left: number;
  readonly right: number;
  readonly magnified: boolean;
}

export interface Axis {
  readonly pieces: readonly Piece[];
  x(at: number): number;
  at(x: number): number;
}

/** Moments of the story get so much of the width. */
const SHARE = 2 / 3;
/** Moments that are nearer to each other than that, of the window, stand in one wide piece. */
const NEAR = 0.006;
/** What belongs to a piece before and behind its moments: of the window at the least, of the piece at the most. */
const LEAST = 0.0009;
const MOST = 0.2;
/** A piece of so many moments is as wide as one gets. */
const CROWD = 14;

export function axisOf(from: number, to: number, width: number, moments: readonly number[]): Axis {
  const pieces = moments.length === 0 ? [straight(from, to, width)] : magnified(from, to, width, moments);
  const find = (test: (piece: Piece) => boolean): Piece => pieces.find(test) ?? (pieces.at(-1) as Piece);
  return {
    pieces,
    x(at) {
      const { from: a, to: b, left, right } = find((piece) => at < piece.to);
      return left + ((at - a) * (right - left)) / (b - a);
    },
    at(x) {
      const { from: a, to: b, left, right } = find((piece) => x < piece.right);
      return a + ((x - left) * (b - a)) / (right - left);
    },
  };
}

const straight = (from: number, to: number, width: number): Piece => ({
  from,
  to,
  left: 0,
  right: width,
  magnified: false,
});

function magnified(from: number, to: number, width: number, moments: readonly number[]): readonly Piece[] {
  const window = to - from;
  const groups: { first: number; last: number; count: number }[] = [];
  for (const at of [...new Set(moments)].filter((each) => each >= from && each <= to).sort((a, b) => a - b)) {
    const group = groups.at(-1);
    if (group !== undefined && at - group.last < window * NEAR) {
      group.last = at;
      group.count++;
    } else groups.push({ first: at, last: at, count: 1 });
  }
  const spans: { from: number; to: number; weight: number; magnified: boolean }[] = [];
  const quiet = (begin: number, end: number): void => {
    if (end > begin) spans.push({ from: begin, to: end, weight: Math.sqrt(end - begin), magnified: false });
  };
  let at = from;
  for (const [i, { first, last, count }] of groups.entries()) {
    const pad = Math.max(window * LEAST, (last - first) * MOST);
    const begin = Math.max(at, first - pad);
    const end = Math.min(to, groups[i + 1]?.first ?? to, last + pad);
    if (end <= begin) continue;
    quiet(at, begin);
    spans.push({ from: begin, to: end, weight: 1 + Math.min(count, CROWD), magnified: true });
    at = end;
  }
  quiet(at, to);
  const covered = spans.reduce((sum, span) => sum + (span.magnified ? span.to - span.from : 0), 0);
  if (covered === 0 || covered > window / 2) return [straight(from, to, width)];
  const weightOf = (is: boolean): number =>
    spans.reduce((sum, span) => sum + (span.magnified === is ? span.weight : 0), 0);
  const [loud, still] = [weightOf(true), weightOf(false)];
  const share = still === 0 ? 1 : SHARE;
  let left = 0;
  return spans.map(({ weight, ...span }) => {
    const right = left + width * (span.magnified ? (weight / loud) * share : (weight / still) * (1 - share));
    const piece = { ...span, left, right };
    left = right;
    return piece;
  });
}

/** A round step of time of which at most so many fit. */
export function tick(span: number, most: number): number {
  const least = span / Math.max(1, most);
  for (let unit = 1; unit < 1e13; unit *= 10)
    for (const step of [1, 2, 5]) if (unit * step >= least) return unit * step;
  return span;
}
