/** Figures of the lab in a table: as many digits as their interval allows, and no more. */

import { NOTHING } from '../../report/words.ts';
import type { LabEstimate, LabInterval, LabMetric } from './document.ts';

/** Digits of a value whose interval has no width, or is not known. */
const EXACT = 4;
/** Nobody asks for a microsecond of a recovery, or a thousandth of a dial. */
const DECIMALS_MOST = 3;

/** `29.69 ±0.21`; without an interval only the mean; how many replications have none, where some have. */
export function estimated({ mean, interval, missing, replications }: LabEstimate): string {
  if (mean === null) return NOTHING;
  const some = missing > 0 ? ` in ${replications} of ${replications + missing}` : '';
  return `${plusMinus(mean, interval)}${some}`;
}

export function plusMinus(mean: number, interval: LabInterval | null, sign = ''): string {
  const half = interval === null ? 0 : (interval.most - interval.least) / 2;
  const decimals = half > 0 ? Math.min(DECIMALS_MOST, decimalsOf(half, 1)) : decimalsOf(mean, EXACT);
  const value = `${mean >= 0 ? sign : ''}${fixed(mean, decimals)}`;
  // Rounded up: an interval is never told narrower than it is.
  const step = 10 ** decimals;
  return half > 0 ? `${value} ±${fixed(Math.ceil(half * step) / step, decimals)}` : value;
}

/** Decimals with which so many digits of a number are seen; whole numbers have none. */
function decimalsOf(value: number, digits: number): number {
  if (Number.isInteger(value)) return 0;
  let decimals = digits - 1;
  for (let size = Math.abs(value); size >= 10 && decimals > 0; size /= 10) decimals--;
  for (let size = Math.abs(value); size < 1 && decimals < DECIMALS_OF_ANY; size *= 10) decimals++;
  return decimals;
}

const DECIMALS_OF_ANY = 6;

/** With commas between thousands, and without zeros that say nothing of whole numbers. */
function fixed(value: number, decimals: number): string {
  const [whole = '', rest] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const negative = value < 0 && Number(value.toFixed(decimals)) !== 0;
  return `${negative ? '-' : ''}${grouped}${rest === undefined ? '' : `.${rest}`}`;
}

/** A number of its unit in a sentence: `29.7 s`, `1.41`, `95 %`. */
export function inWords(value: number | null, unit: LabMetric['unit'] | 'times'): string {
  if (value === null) return 'never';
  const text = fixed(unit === 'share' ? value * 100 : value, decimalsOf(unit === 'share' ? value * 100 : value, 3));
  const units: Readonly<Record<string, string>> = { s: ' s', share: ' %', per_second: '/s', per_hour: '/h' };
  return `${text}${units[unit] ?? ''}`;
}

/** The unit as the head of a column has it. */
export const headOf = ({ name, unit }: Pick<LabMetric, 'name' | 'unit'>): string =>
  unit === 's' ? `${name} (s)` : name;
