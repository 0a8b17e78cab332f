/** The map of a grid: a box for each pair of values, with its value where there is room. */
import type { LabTuning, LabVaried } from '../experiment/document.ts';
import { frame, SIZES, type Spec, textAt, WIDTH } from './chart.ts';
import { figure } from './figure.ts';
import { textWidth } from './font.ts';
import type { Cell } from './heat-cells.ts';
import { light } from './palette.ts';
import { type Colour, FRAME, ON_DARK, ON_LIGHT, rampLegend } from './ramp.ts';

export function heatGrid(
  cells: readonly Cell[],
  across: LabVaried,
  up: LabVaried | null,
  colour: Colour,
  { winner }: LabTuning,
): Spec {
  const rows = up?.values.toReversed() ?? [''];
  const left = Math.ceil(rows.reduce((most, value) => Math.max(most, textWidth(value, SIZES.small)), 0)) + 12;
  const [columns, plot] = [across.values.length, WIDTH - left - 2];
  const width = plot / columns;
  const tall = Math.min(28, Math.max(12, Math.min(width, 230 / rows.length)));
  const place = ({ across: value, up: other }: Cell) => ({
    x: across.values.indexOf(value) * width,
    y: rows.indexOf(other) * tall,
  });
  const boxes = cells.map((cell) => {
    const { x, y } = place(cell);
    const { contender, objective, keepsConstraints } = cell.candidate;
    return {
      candidate: contender,
      x,
      x2: x + width,
      y,
      y2: y + tall,
      objective,
      keepsConstraints,
      colour: colour.of(objective),
    };
  });
  const plainText = (value: number | null): string => (value === null ? 'never' : figure(value));
  const fits =
    cells.every(({ candidate: { objective } }) => textWidth(plainText(objective), SIZES.small) < width - 3) &&
    tall >= 11;
  const pixels = (field: string): Spec => ({ field, type: 'quantitative', scale: null, axis: null });
  const rectangle = (look: Spec, values: readonly Spec[]): Spec => ({
    data: { values },
    mark: { type: 'rect', ...look },
    encoding: {
      x: pixels('x'),
      x2: { field: 'x2' },
      y: pixels('y'),
      y2: { field: 'y2' },
      ...('color' in look || ('stroke' in look && look.fill === null)
        ? {}
        : { color: { field: 'colour', type: 'nominal', scale: null } }),
    },
  });
  const framed = boxes
    .filter(({ candidate }) => candidate === winner)
    .map((each) => ({ ...each, x: each.x + 1, y: each.y + 1, x2: each.x2 - 1, y2: each.y2 - 1 }));
  const height = rows.length * tall;
  return {
    width: plot,
    height,
    layer: [
      frame(left),
      rectangle({ stroke: light('paper'), strokeWidth: 1 }, boxes),
      ...cells
        .filter(({ candidate }) => !candidate.keepsConstraints)
        .map((cell): Spec => {
          const { x, y } = place(cell);
          const dark = colour.isDark(cell.candidate.objective);
          return {
            data: { values: [{}] },
            mark: {
              type: 'point',
              shape: 'cross',
              angle: 45,
              filled: true,
              size: 22,
              opacity: 1,
              color: dark ? ON_DARK : ON_LIGHT,
            },
            encoding: { x: { value: x + width - 6 }, y: { value: y + 6 } },
          };
        }),
      ...framed.map((each) => rectangle({ fill: null, stroke: FRAME, strokeWidth: 2 }, [each])),
      ...(fits
        ? cells.map((cell) => {
            const { x, y } = place(cell);
            const { objective, contender } = cell.candidate;
            return textAt(x + width / 2, y + tall / 2 + 3, plainText(objective), {
              align: 'center',
              color: colour.isDark(objective) ? ON_DARK : ON_LIGHT,
              ...(contender === winner ? { fontWeight: 'bold' } : {}),
            });
          })
        : rampLegend(colour, plot)),
      ...rows.map((value, nth) => textAt(-6, (nth + 0.5) * tall + 3, value, { align: 'right', color: light('ink2') })),
      ...thinned(across.values, width).map(([value, nth]) =>
        textAt(within(value, (nth + 0.5) * width, plot), height + 11, value, { align: 'center', color: light('ink2') }),
      ),
      textAt(plot / 2, height + 24, across.knob, { align: 'center', color: light('ink2') }),
      ...(up === null ? [] : [textAt(-left, -6, up.knob, { color: light('ink2') })]),
    ],
  };
}

/** The middle of a label, moved so that it does not reach beyond the plot. */
const within = (text: string, middle: number, plot: number): number =>
  Math.min(middle, plot - textWidth(text, SIZES.small) / 2);

/** Labels that have room beside each other. */
function thinned(values: readonly string[], width: number): readonly (readonly [string, number])[] {
  const widest = values.reduce((most, value) => Math.max(most, textWidth(value, SIZES.small)), 0) + 4;
  const every = Math.max(1, Math.ceil(widest / width));
  return values.map((value, nth) => [value, nth] as const).filter(([, nth]) => nth % every === 0);
}
