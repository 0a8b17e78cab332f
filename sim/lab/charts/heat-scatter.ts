/** The map of a random design: a dot for each candidate, at the place of its values. */
import type { LabTuning, LabVaried } from '../experiment/document.ts';
import { type Axis, encoded, frame, linearAxis, logAxis, type Spec, textAt, WIDTH } from './chart.ts';
import { figure } from './figure.ts';
import type { Cell } from './heat-cells.ts';
import { light } from './palette.ts';
import { type Colour, FRAME, ON_DARK, ON_LIGHT, rampLegend } from './ramp.ts';

export function heatScatter(
  cells: readonly Cell[],
  across: LabVaried,
  up: LabVaried | null,
  colour: Colour,
  { winner }: LabTuning,
): Spec {
  const left = 40;
  const [plot, height] = [WIDTH - left - 8, up === null ? 40 : 220];
  const x = axisOf(
    across,
    cells.map((cell) => quantity(cell.across)),
  );
  const y =
    up === null
      ? linearAxis(0, 1)
      : axisOf(
          up,
          cells.map((cell) => quantity(cell.up)),
        );
  const values = cells.map(({ across: one, up: other, candidate }) => ({
    candidate: candidate.contender,
    across: quantity(one),
    up: up === null ? 0.5 : quantity(other),
    objective: candidate.objective,
    colour: colour.of(candidate.objective),
    cross: colour.isDark(candidate.objective) ? ON_DARK : ON_LIGHT,
    keeps: candidate.keepsConstraints,
    wins: candidate.contender === winner,
  }));
  const dots = (own: readonly Spec[], look: Spec, coloured?: 'colour' | 'cross'): readonly Spec[] =>
    own.length === 0
      ? []
      : [
          {
            data: { values: own },
            mark: { type: 'point', opacity: 1, ...look },
            encoding: {
              x: { field: 'across', type: 'quantitative' },
              y: { field: 'up', type: 'quantitative' },
              ...(coloured === undefined ? {} : { fill: { field: coloured, type: 'nominal', scale: null } }),
            },
          },
        ];
  return {
    width: plot,
    height,
    layer: [
      frame(left),
      {
        data: { values: [{ across: x.domain[0], up: y.domain[0] }] },
        mark: { type: 'point', opacity: 0 },
        encoding: {
          x: {
            field: 'across',
            type: 'quantitative',
            ...encoded(x, { title: across.knob, grid: true }, asKnob(across)),
          },
          y: {
            field: 'up',
            type: 'quantitative',
            ...(up === null
              ? { scale: { domain: [0, 1] }, axis: null }
              : encoded(y, { title: null, grid: true, domain: false }, asKnob(up))),
          },
        },
      },
      ...(up === null ? [] : [textAt(-left, -6, up.knob, { color: light('ink2') })]),
      ...rampLegend(colour, plot),
      ...dots(values, { filled: true, size: 60, stroke: light('ink3'), strokeWidth: 0.6 }, 'colour'),
      ...dots(
        values.filter(({ keeps }) => !keeps),
        { filled: true, shape: 'cross', angle: 45, size: 20 },
        'cross',
      ),
      ...dots(
        values.filter(({ wins }) => wins),
        { filled: false, stroke: FRAME, strokeWidth: 2, size: 110 },
      ),
    ],
  };
}

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, min: 60, h: 3600, d: 86400, '': 1 };

/** A value of a knob as a number: durations in seconds. */
export function quantity(text: string): number {
  let sum = 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?(?:e-?\d+)?)(us|ms|min|[smhd]?)/gi)];
  for (const [, number, unit = ''] of parts) sum += Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
  return parts.length === 0 ? Number.NaN : sum;
}

const isDuration = ({ values }: LabVaried): boolean => values.some((value) => /\d(us|ms|s|m|min|h|d)$/.test(value));

const asKnob =
  (varied: LabVaried) =>
  (value: number): string => {
    if (!isDuration(varied)) return figure(value);
    if (value < 1) return `${Number((value * 1000).toPrecision(3))}ms`;
    return `${Number(value.toPrecision(3))}s`;
  };

function axisOf({ spacing, values }: LabVaried, met: readonly number[]): Axis {
  const known = [...values.map(quantity), ...met].filter(Number.isFinite);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (spacing === 'log' && least > 0 && most > least)
    return logAxis(least / (most / least) ** 0.04, most * (most / least) ** 0.04, 6);
  const room = (most - least || 1) * 0.05;
  return linearAxis(least - room, most + room, 6);
}
