/** Figures in words, as pictures and tables of the lab write them. */
import type { LabMetric } from '../experiment/document.ts';

/** What stands where there is no value. */
export const NONE = '–';

/** Three digits, thousands with commas, a true minus: `0.0123`, `1.41`, `30.4`, `5,971`, `−2.50`. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size === 0) return '0';
  if (size >= 1e9) return `${sign}${exponential(size)}`;
  if (size >= 99.95) return sign + grouped(Math.round(size));
  if (size >= 9.995) return sign + size.toFixed(1);
  if (size >= 0.9995) return sign + size.toFixed(2);
  if (size >= 0.000995) return sign + Number(size.toPrecision(3)).toString();
  return `${sign}${exponential(size)}`;
}

/** `1.2×10⁻⁵` */
const exponential = (size: number): string => {
  const [digits, power] = size.toExponential(1).split('e');
  const raised = [...String(Number(power))].map((char) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(char)] ?? '⁻').join('');
  return `${digits}×10${raised}`;
};

/** `12,345`; of whole numbers. */
/** A share in percent: `99 %`, `0.5 %`; `100 %` and `0 %` only where they are exact. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 99.9 && value < 100) return of('> 99.9', '%');
  return of(String(Number(value.toPrecision(3))), '%');
}

export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** A number of an axis, short: `0.5`, `20`, `5k`, `2M`. */
export function tick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3))).replace('-', '−');
}

const of = (value: string, unit: string): string => `${value} ${unit}`;

/** A time that was measured: `30.4 s`, `5,971 s`, `850 ms`. Never in minutes: figures stand below each other to be compared. */
export function seconds(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  return size > 0 && size < 0.9995 ? of(figure(value * 1000), 'ms') : of(figure(value), 's');
}

/** A duration that somebody chose: `60 s`, `30 min`, `100 ms`, in whole units where it is. */
export function chosen(value: number): string {
  if (value >= 120 && value % 60 === 0)
    return value % 3600 === 0 ? of(grouped(value / 3600), 'h') : of(grouped(value / 60), 'min');
  return value < 1
    ? of(String(Number((value * 1000).toPrecision(6))), 'ms')
    : of(String(Number(value.toPrecision(6))), 's');
}

const SIGNS: Readonly<Record<LabMetric['unit'], string>> = {
  s: ' s',
  ratio: '×',
  count: '',
  share: '',
  per_second: '/s',
  per_hour: '/h',
};

/** A value of a metric with its unit: `30.4 s`, `1.52×`, `2.89`. */
export const inUnit = (unit: LabMetric['unit'], value: number | null): string =>
  value === null ? NONE : unit === 's' ? seconds(value) : `${figure(value)}${SIGNS[unit]}`;

const PART: Readonly<Record<string, string>> = { p50: '50 %', p90: '90 %', p99: '99 %', p999: '99.9 %', max: 'all' };

/** A metric as people say it: `time until 99 % are back`; its name where nobody has said it yet. */
export function titleOf(name: string): string {
  const known = TITLES[name];
  if (known !== undefined) return known;
  const recovery = /^(recovery|from_drop)_(p50|p90|p99|p999|max)(_ratio)?$/.exec(name);
  if (recovery !== null) {
    const [, from, part = '', ratio] = recovery;
    const what = `time until ${PART[part]} are back`;
    return from === 'from_drop' ? `${what}, from the drop` : ratio === undefined ? what : `${what}, over N/C`;
  }
  const peak = /^peak_arrivals_(run_)?(\d+m?s)$/.exec(name);
  if (peak !== null) {
    const span = (peak[2] ?? '').replace(/(\d)([a-z])/, '$1 $2');
    return `peak dials in ${span}, over capacity${peak[1] === undefined ? '' : ' (whole run)'}`;
  }
  return name.replaceAll('_', ' ');
}

const TITLES: Readonly<Record<string, string>> = {
  attempts_during: 'dials a client during the outage',
  attempts_after: 'dials a client after recovery',
  goodput: 'goodput',
  utilisation: 'share of capacity used',
  gave_up: 'clients that gave up',
  not_recovered: 'clients never back',
  fairness_jain: 'fairness (Jain)',
  dials_per_client_hour: 'dials a client-hour',
  metastable: 'runs that stay collapsed',
};

/** The same, with the unit that an axis has. */
export const axisTitle = ({ name, unit }: Pick<LabMetric, 'name' | 'unit'>): string =>
  unit === 's' ? `${titleOf(name)} (s)` : titleOf(name);
