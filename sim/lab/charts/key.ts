/** The key of a picture in which policies share one plot: a line each, with its letter, its look and a few figures. */
import { frame, SIZES, type Spec, textAt, WIDTH } from './chart.ts';
import { fitted, textWidth } from './font.ts';
import { light } from './palette.ts';
import type { Drawn } from './reading.ts';

const LINE = 13;
/** Left of the names: the letter and a piece of the line. */
const SAMPLE = 34;

export interface KeyLine {
  readonly who: Drawn;
  /** One for each column, right of the name. */
  readonly figures: readonly string[];
}

/** A view below a plot that begins `left` pixels within the picture. */
export function keyView(left: number, columns: readonly string[], lines: readonly KeyLine[]): Spec {
  const widths = columns.map((title, nth) =>
    [title, ...lines.map(({ figures }) => figures[nth] ?? '')].reduce(
      (most, text) => Math.max(most, textWidth(text, SIZES.small)),
      0,
    ),
  );
  const rights: number[] = [];
  let right = WIDTH - left;
  for (const width of widths.toReversed()) {
    rights.unshift(right);
    right -= width + 10;
  }
  const figuresAt = (y: number, texts: readonly string[], color: string): readonly Spec[] =>
    texts.map((text, nth) => textAt(rights[nth] as number, y, text, { align: 'right', color }));
  return {
    width: WIDTH - left,
    height: LINE * (lines.length + 1) - 4,
    layer: [
      frame(left),
      ...figuresAt(8, columns, light('ink2')),
      ...lines.flatMap(({ who: { name, series }, figures }, nth) => {
        const y = LINE * (nth + 1) + 8;
        return [
          textAt(-left, y, series.letter, { fontWeight: 'bold' }),
          {
            data: { values: [{}] },
            mark: { type: 'rule', color: series.colour, strokeWidth: 2, strokeDash: [...series.dash] },
            encoding: { x: { value: 12 - left }, x2: { value: SAMPLE - 6 - left }, y: { value: y - 3 } },
          },
          textAt(SAMPLE - left, y, fitted(name, right + left - SAMPLE, SIZES.small)),
          ...figuresAt(y, figures, light('ink')),
        ];
      }),
    ],
  };
}
