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
/** So much around a moment belongs to it, of the window. */
const AROUND = 0.012;

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
  const pad = (to - from) * AROUND;
  const wide: [number, number][] = [];
  for (const at of moments.filter((each) => each >= from && each <= to).sort((a, b) => a - b)) {
    const last = wide.at(-1);
    const [a, b] = [Math.max(from, at - pad), Math.min(to, at + pad)];
    if (last !== undefined && a <= last[1]) last[1] = b;
    else wide.push([a, b]);
  }
  const covered = wide.reduce((sum, [a, b]) => sum + b - a, 0);
  if (wide.length === 0 || covered > (to - from) / 2) return [straight(from, to, width)];
  const spans: { from: number; to: number; magnified: boolean }[] = [];
  let at = from;
  for (const [a, b] of wide) {
    if (a > at) spans.push({ from: at, to: a, magnified: false });
    spans.push({ from: a, to: b, magnified: true });
    at = b;
  }
  if (at < to) spans.push({ from: at, to, magnified: false });
  const weight = (is: boolean): number =>
    spans.reduce((sum, span) => sum + (span.magnified === is ? Math.sqrt(span.to - span.from) : 0), 0);
  const [loud, quiet] = [weight(true), weight(false)];
  const share = quiet === 0 ? 1 : SHARE;
  let left = 0;
  return spans.map((span) => {
    const part = Math.sqrt(span.to - span.from) / (span.magnified ? loud : quiet);
    const right = left + width * part * (span.magnified ? share : 1 - share);
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
