/** Forms of durations, shares and ranges as people write them in a storm. */
import { durationOf, ratioOf } from '../../../src/backoff/forms.ts';
import type { Ratio } from '../../../src/machine.ts';
import { type Duration, us } from '../../../src/time.ts';

/** The finest share: a millionth. */
const SHARES_MOST = 1_000_000;

/** A duration from `least` to `most`; undefined for anything else. */
export function within(value: unknown, least: number, most: number): Duration | undefined {
  const read = durationOf(value);
  return read !== undefined && read >= least && read <= most ? us(read) : undefined;
}

/** A share from 0 to 1. */
export function shareOf(value: unknown): Ratio | undefined {
  const percent = typeof value === 'string' ? /^([\d.]+)%$/.exec(value) : null;
  const read = ratioOf(percent === null ? value : percent[1]);
  if (read === undefined || read.of === 0) return undefined;
  const ratio = percent === null ? read : ratioOf(`${read.num}/${read.of * 100}`);
  return ratio !== undefined && ratio.num <= ratio.of && ratio.of <= SHARES_MOST ? ratio : undefined;
}

/** One duration for both ends, or two with `..` between them. */
export function rangeOf(value: unknown, most: number): { least: Duration; most: Duration } | undefined {
  const [from, to, ...more] = typeof value === 'string' ? value.split('..') : [value];
  const low = within(from, 0, most);
  const high = to === undefined ? low : within(to, 0, most);
  if (low === undefined || high === undefined || high < low || more.length > 0) return undefined;
  return { least: low, most: high };
}
