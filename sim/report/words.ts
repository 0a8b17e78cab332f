/** Figures in words: one way to write a duration, a size, a share and a count, wherever a report shows one. */
import { formatInstant, formatRounded } from '../../src/time.ts';

/** What stands where nothing was measured. */
export const NOTHING = '–';

/** Milliseconds, in three digits: `450 us`, `123 ms`, `1.24 s`, `3 min 5 s`, `2 h 4 min`. */
export const duration = (ms: number | null): string => (ms === null ? NOTHING : formatRounded(ms * 1000));

/** Where in a run something happened, in microseconds and as the timeline numbers events: `at 9.506882 s, event #812`. */
export const moment = (at: number, event: number): string => `at ${formatInstant(at)}, event #${event}`;

/** `0 B`, `512 B`, `12.5 KB`, `3.1 MB`; a KB is 1,000 bytes, as in the targets. */
export function size(bytes: number | null): string {
  if (bytes === null) return NOTHING;
  let value = bytes;
  let unit = 'B';
  for (const next of ['KB', 'MB', 'GB']) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${unit === 'B' ? Math.round(value) : trim(value.toFixed(value < 100 ? 1 : 0))} ${unit}`;
}

/** A share in percent; `100 %` and `0 %` are only written when they are exact. */
export function percent(value: number | null): string {
  if (value === null) return NOTHING;
  if (value > 99.9 && value < 100) return `${trim(Math.min(99.999, value).toFixed(3))} %`;
  if (value > 0 && value < 0.001) return '< 0.001 %';
  return `${trim(value.toFixed(Math.abs(value) < 1 ? 3 : 2))} %`;
}

/** `12,345`. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** A number of anything, which need not be whole: `12,345`, `3.25`. */
export const amount = (value: number | null): string =>
  value === null
    ? NOTHING
    : Number.isInteger(value)
      ? count(value)
      : trim(value.toFixed(Math.abs(value) < 100 ? 2 : 0));

/** A number in the unit of a document: `1.24 s`, `12.5 KB`, `99.95 %`, `12,345`. */
export function inUnit(
  { unit }: { readonly unit: 'ms' | 'bytes' | 'percent' | 'count' },
  value: number | null,
): string {
  switch (unit) {
    case 'ms':
      return duration(value);
    case 'bytes':
      return size(value);
    case 'percent':
      return percent(value);
    case 'count':
      return amount(value);
  }
}

/** `1 run`, `2 runs`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** Why a verdict is not given: `not enough seeds (5,400 needed)`. `of` says what was measured: runs, and samples in them. */
export function notEnough(needed: number | null, of: { readonly runs: number; readonly samples: number }): string {
  if (needed !== null) return `not enough seeds (${count(needed)} needed)`;
  if (of.runs === 0) return 'not enough seeds (no run yet)';
  if (of.samples === 0) return `not enough seeds (no sample in ${counted(of.runs, 'run')})`;
  return 'not enough seeds (more than 1,000,000 needed: on its bound)';
}

/** What so many clean runs exclude with 95 %, by the rule of three; empty for so few that they exclude nothing. */
export const excludedBy = (runs: number): string =>
  runs < 6 ? '' : `a bug shows in at most 1 run of ${count(Math.floor(runs / 3))} (95 % confidence)`;

/** Why a sweep with `--faults`, `--input`, `--network` or `--policy` judges laws alone. */
export const NONE_PROMISED =
  'scenarios promise targets, if any, for their own faults, contents, networks and policies only';

/** What a sweep that stopped early never came to, from the runs of each scenario: `29 of 30 scenarios were not begun`; empty when all were begun. */
export function notBegun(runs: readonly number[]): string {
  const none = runs.filter((each) => each === 0).length;
  return none === 0 ? '' : `${none} of ${counted(runs.length, 'scenario')} ${none === 1 ? 'was' : 'were'} not begun`;
}
