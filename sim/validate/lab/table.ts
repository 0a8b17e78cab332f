/** Comparisons as lines of text. */
import type { Comparison, Figure, Verdict } from './comparison.ts';

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

/** How the z values of a part lie, beside what luck alone would do. */
export function summary({ comparisons, missed }: Verdict): string {
  const lucky = comparisons.filter(({ z, allowance }) => z !== 0 && Number.isFinite(z) && allowance === 0);
  const exact = comparisons.filter(({ z, allowance }) => z === 0 && allowance === 0).length;
  const count = `${comparisons.length} comparisons, ${missed.length} missed`;
  if (lucky.length < 2) return `${count}; ${exact} exact`;
  const mean = lucky.reduce((sum, { z }) => sum + z, 0) / lucky.length;
  const deviation = Math.sqrt(lucky.reduce((sum, { z }) => sum + (z - mean) * (z - mean), 0) / (lucky.length - 1));
  const most = Math.max(...lucky.map(({ z }) => Math.abs(z)));
  const beyond = lucky.filter(({ z }) => Math.abs(z) > 1.96).length;
  return (
    `${count}; z of ${lucky.length}: mean ${mean.toFixed(2)}, sd ${deviation.toFixed(2)}, most ${most.toFixed(2)}, ` +
    `${beyond} beyond 1.96 (luck: ${Math.round(lucky.length / 20)}); ${exact} equal`
  );
}

const deviate = ({ z }: Comparison): string => (Number.isFinite(z) ? z.toFixed(2) : `${z}`).padStart(8);

const text = ({ value, error }: Figure): string =>
  `${short(value).padStart(10)}${(error === 0 ? '' : ` +-${short(error)}`).padEnd(12)}`;

/** Six figures, without an exponent. */
const short = (value: number): string =>
  Number.isInteger(value) ? `${value}` : value.toPrecision(Math.abs(value) >= 1e6 ? 9 : 6).replace(/\.?0+$/, '');
