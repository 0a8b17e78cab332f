/** Comparisons as lines of text. */
import type { Comparison, Figure, Verdict } from './comparison.ts';
import { spreadOf } from './luck.ts';

export interface Shown {
  /** All comparisons, or only those that are far out. */
  readonly isWhole: boolean;
}

/** A z that luck alone exceeds once in a hundred comparisons. */
const FAR = 2.576;

export function lines({ comparisons, missed }: Verdict, { isWhole }: Shown): readonly string[] {
  const shown = comparisons.filter((row) => isWhole || missed.includes(row) || Math.abs(row.z) > FAR);
  const width = Math.max(0, ...shown.map(({ cell }) => cell.length)) + 2;
  const figures = Math.max(0, ...shown.map(({ figure }) => figure.length)) + 2;
  return shown.map(
    (row) =>
      `${row.cell.padEnd(width)}${row.figure.padEnd(figures)}${text(row.reference)}  ${text(row.ours)}  ${deviate(row)}` +
      (row.allowance > 0 ? `  (the reference may be off by ${short(row.allowance)})` : '') +
      (missed.includes(row) ? '  MISSED' : ''),
  );
}

/** How many comparisons there are, and how their z values lie beside what luck alone would do. */
export function summary({ comparisons, missed }: Verdict): string {
  const equal = comparisons.filter(({ z, allowance }) => z === 0 && allowance === 0).length;
  const near = comparisons.filter(({ allowance }) => allowance > 0).length;
  const spread = spreadOf(comparisons);
  return [
    `${comparisons.length} comparisons, ${missed.length} missed`,
    ...(spread === null
      ? []
      : [
          `z of ${spread.count}: mean ${spread.mean.toFixed(2)}, sd ${spread.deviation.toFixed(2)}, ` +
            `most ${spread.most.toFixed(2)}, ${spread.beyond} beyond 1.96 (luck: ${Math.round(spread.count / 20)})`,
        ]),
    ...(equal === 0 ? [] : [`${equal} equal`]),
    ...(near === 0 ? [] : [`${near} with approximations`]),
  ].join('; ');
}

const deviate = ({ z }: Comparison): string => (Number.isFinite(z) ? z.toFixed(2) : `${z}`).padStart(8);

const text = ({ value, error }: Figure): string =>
  `${short(value).padStart(10)}${(error === 0 ? '' : ` +-${short(error)}`).padEnd(12)}`;

/** Six figures, without an exponent. */
const short = (value: number): string =>
  Number.isInteger(value) ? `${value}` : value.toPrecision(Math.abs(value) >= 1e6 ? 9 : 6).replace(/\.?0+$/, '');
