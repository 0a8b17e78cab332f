/**
 * A storm as people write it, on a command line or in a file: each word is a flag (`--outage 60s`), and a key of `--storm`
 * (`outage=60s`). What each of them means stands here once.
 */
import { durationOf } from '../../../src/backoff/forms.ts';
import type { Ratio } from '../../../src/machine.ts';
import type { Duration } from '../../../src/time.ts';
import { shown } from '../../core/shown.ts';
import type { RetryAfter } from '../../lab/storm/storm.ts';
import { UsageError } from '../errors.ts';

/** The words, in the order of `--help`: what comes behind it there, and the sentence. */
export const STORM_WORDS = {
  clients: ['<n>', 'clients that lose their connection (default: 10000)'],
  capacity: ['<n>', 'admissions a second of all servers together (default: 500)'],
  outage: ['<time>', 'how long the servers are gone (default: 60s)'],
  'outage-repeats': ['<n>', 'so many outages (default: 1)'],
  'outage-gap': ['<time>', 'from the end of one outage to the next (default: as long as an outage)'],
  partial: ['<share>', 'an outage takes the connection of this share of the clients only, e.g. 30%'],
  'brown-out': ['<share>', 'while it lasts, this share of the capacity goes on, e.g. 20%'],
  'outage-dials': ['<what>', 'what a dial meets meanwhile: refused (default), or silent, until it times out'],
  window: ['<time>', 'capacity is counted out in windows of this length (default: 100ms)'],
  'refusal-cost': ['<share>', 'what a refused dial costs the servers, in admissions, e.g. 5% (default: 0)'],
  refuses: ['<how>', 'before the socket opens (http, default), or behind it (close)'],
  'retry-after': ['<what>', 'what a refusal says: none (default), 10s, 10s..30s, or slot'],
  queue: ['<n>', 'so many dials wait for room instead of being refused (default: none)'],
  'dial-timeout': ['<time>', 'how long a client waits for an answer (default: 20s)'],
  rtt: ['<time>', 'from a dial to its answer: 50ms, or drawn from 20ms..80ms (default: 0)'],
  horizon: ['<time>', 'who is not back by then is not recovered (default: long enough for any sane policy)'],
} as const satisfies Readonly<Record<string, readonly [takes: string, about: string]>>;

export type StormWord = keyof typeof STORM_WORDS;

/** As they were given; what is left out has its default. */
export type StormTexts = { readonly [word in StormWord]?: string };

/** What a word is called where it was given: `--window`, or `storms.json: [2].window`. */
export type Where = (word: StormWord) => string;

/** A whole number from 1 on, with `_` or `,` between digits if somebody likes: `100_000`; or as `1e5`. */
export function wholeIn(where: string, text: string, least: number, most: number): number {
  const plain = text.replace(/(?<=\d)[_,](?=\d{3}(?!\d))/g, '');
  const value = /^\d{1,9}$/.test(plain) ? Number(plain) : /^\de\d$/.test(plain) ? Number(plain) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(`${where}: expected a whole number from ${least} to ${most}, got ${shown(text)}`);
  return value;
}

/** A duration with its unit, above 0 unless `least` says otherwise. */
export function timeIn(where: string, text: string, least = 1): Duration {
  const value = /^\d+(\.\d+)?$/.test(text) && text !== '0' ? undefined : durationOf(text);
  if (value === undefined || value < least)
    throw new UsageError(
      `${where}: expected a duration ${least > 0 ? 'above 0 ' : ''}such as 60s or 500ms, got ${shown(text)}`,
    );
  return value as Duration;
}

/** A share from `least` to 1 as a ratio: `5%`, `0.05`, `1/20`. */
export function shareIn(where: string, text: string, least: 'any' | 'above 0' | 'below 1'): Ratio {
  const ratio = ratioIn(text);
  const fits =
    ratio !== undefined &&
    ratio.num <= ratio.of &&
    (least !== 'above 0' || ratio.num > 0) &&
    (least !== 'below 1' || ratio.num < ratio.of);
  if (!fits) {
    const range = { any: 'from 0 to 1', 'above 0': 'above 0, up to 1', 'below 1': 'from 0 to below 1' }[least];
    throw new UsageError(`${where}: expected a share ${range}, such as 5% or 0.05, got ${shown(text)}`);
  }
  return ratio;
}

function ratioIn(text: string): Ratio | undefined {
  const match = /^(\d{1,6})(?:\.(\d{1,6}))?(%)?$/.exec(text);
  const fraction = /^(\d{1,6})\/([1-9]\d{0,5})$/.exec(text);
  if (fraction !== null) return lowest(Number(fraction[1]), Number(fraction[2]));
  if (match === null) return undefined;
  const [, whole = '', decimals = '', percent] = match;
  return lowest(
    Number(`${whole}${decimals}`),
    Number(`1${'0'.repeat(decimals.length + (percent === undefined ? 0 : 2))}`),
  );
}

function lowest(num: number, of: number): Ratio {
  let [a, b] = [num, of];
  while (b !== 0) [a, b] = [b, a % b];
  return { num: num / a, of: of / a };
}

export function wordIn<T extends string>(where: string, text: string, words: readonly T[]): T {
  const word = words.find((each) => each === text);
  if (word === undefined) throw new UsageError(`${where}: expected ${words.join(' or ')}, got ${shown(text)}`);
  return word;
}

/** `50ms`, or both ends of a range. */
export function rangeIn(where: string, text: string, least: number): { least: Duration; most: Duration } {
  const [from = '', to = from, ...more] = text.split('..');
  const range = { least: timeIn(where, from, least), most: timeIn(where, to, least) };
  if (more.length > 0 || range.most < range.least)
    throw new UsageError(`${where}: expected a duration, or a range such as 20ms..80ms, got ${shown(text)}`);
  return range;
}

export function retryAfterIn(where: string, text: string): RetryAfter {
  if (text === 'none' || text === 'slot') return { kind: text };
  if (!/^\d/.test(text))
    throw new UsageError(
      `${where}: expected none, slot, a duration such as 10s, or a range such as 10s..30s, got ${shown(text)}`,
    );
  const { least, most } = rangeIn(where, text, 1);
  return least === most ? { kind: 'fixed', after: least } : { kind: 'uniform', least, most };
}
