/**
 * Reads a storm as people write it, each part a text or a number under its name, and says what is wrong with each of them.
 * What is left out has its default; `clients`, `capacity` and `outage` have none.
 *
 * Durations have their unit (`60s`, `1m30s`, `PT1M`) or are milliseconds; ratios are `0.05`, `5%` or `1/20`; a range is
 * `20ms..80ms`. `outage` is one or several, as in `60s`, `60s,drops=50%,silent`, or `60s + 30s@3m,remains=1/4`.
 */
import { durationText } from '../../../src/backoff/forms.ts';
import { minutes, ms, seconds, us, ZERO } from '../../../src/time.ts';
import { rangeOf, shareOf, within } from './forms.ts';
import { readOutages } from './read-outage.ts';
import type { Outage, RetryAfter, Storm } from './storm.ts';

export interface StormProblem {
  /** The name of the part. */
  readonly name: StormPart;
  /** `expected a whole number from 1 to 10000000, got "-5"`. */
  readonly problem: string;
}

export type ReadStorm =
  | { readonly ok: true; readonly storm: Storm }
  | { readonly ok: false; readonly problems: readonly StormProblem[] };

/** The parts of a storm by the names of their flags (`--refusal-cost` is `refusalCost`), and what is said of them. */
export const STORM_PARTS = {
  clients: 'clients that lose their connections: 1 to 10,000,000',
  capacity: 'admissions a second of all servers together: 1 to 10,000,000',
  outage:
    'how long the servers are gone, such as `60s`; behind it `,drops=50%`, `,remains=25%`, `,silent`, `,noticed=0s..30s`; more of them as in `60s + 30s@3m`',
  window: 'capacity is counted out in windows of this length: default 100ms',
  refusalCost: 'what a refusal costs the servers, as a share of an admission: default 0',
  retryAfter: 'what a refusal says of when to come again: `none` (default), `5s`, `0s..10s` (drawn), `slot` (reserved)',
  refuses: 'where a refusal comes: `http` (default), before the socket opens, or `close`, behind it',
  queue: 'dials that wait for room instead of being refused: a number, or `none` (default)',
  dialTimeout: 'how long a client waits for an answer: default 20s',
  rtt: 'from a dial to its answer: `50ms`, `20ms..200ms` (drawn for each dial), default 0s',
  horizon:
    'when nobody looks any longer: default what 30 times the least recovery needs behind the last outage, at least 10m',
} as const;

export type StormPart = keyof typeof STORM_PARTS;

const CLIENTS_MOST = 10_000_000;
/** So that a minute of admissions, each in a millionth of its cost, is exact. */
const CAPACITY_MOST = 10_000_000;
const QUEUE_MOST = 1_000_000_000;
/** A day: a run counts dials by hundredths of a second, for as long as somebody dials. */
const DURATION_MOST = 86_400_000_000;

/** The storm of these parts, or every problem that they have. */
export function readStorm(parts: Readonly<Partial<Record<StormPart, unknown>>>): ReadStorm {
  const problems: StormProblem[] = [];
  const wrong = (name: StormPart, expected: string, value: unknown): undefined => {
    problems.push({ name, problem: `expected ${expected}, got ${shown(value)}` });
    return undefined;
  };
  const part = <T>(name: StormPart, byDefault: T, expected: string, read: (value: unknown) => T | undefined): T => {
    const value = parts[name];
    if (value === undefined) return byDefault;
    return read(value) ?? wrong(name, expected, value) ?? byDefault;
  };
  const needed = <T>(name: StormPart, stands: T, expected: string, read: (value: unknown) => T | undefined): T => {
    if (parts[name] === undefined) problems.push({ name, problem: `is missing: expected ${expected}` });
    return part(name, stands, expected, read);
  };

  const clients = needed('clients', 1, `a whole number from 1 to ${CLIENTS_MOST}`, (value) =>
    wholeOf(value, 1, CLIENTS_MOST),
  );
  const capacity = needed('capacity', 1, `a whole number of admissions a second from 1 to ${CAPACITY_MOST}`, (value) =>
    wholeOf(value, 1, CAPACITY_MOST),
  );
  let outages: readonly Outage[] = [];
  if (parts.outage === undefined)
    problems.push({ name: 'outage', problem: 'is missing: expected a length such as 60s' });
  else {
    const read = readOutages(String(parts.outage), DURATION_MOST);
    if (typeof read === 'string') problems.push({ name: 'outage', problem: read });
    else outages = read;
  }
  const window = part('window', ms(100), 'a duration from 1ms to 1m such as 100ms', (value) =>
    within(value, 1000, 60_000_000),
  );
  const refusalCost = part('refusalCost', { num: 0, of: 1 }, 'a share from 0 to 1 such as 0.05 or 5%', shareOf);
  const retryAfter = part<RetryAfter>('retryAfter', { kind: 'none' }, 'none, slot, 5s or 0s..10s', retryAfterOf);
  const refuses = part<Storm['refuses']>('refuses', 'http', 'http or close', (value) =>
    value === 'http' || value === 'close' ? value : undefined,
  );
  const queue = part<Storm['queue']>('queue', null, `none, or a whole number from 1 to ${QUEUE_MOST}`, (value) => {
    if (value === 'none' || value === null) return null;
    const length = wholeOf(value, 1, QUEUE_MOST);
    return length === undefined ? undefined : { length };
  });
  const dialTimeout = part('dialTimeout', seconds(20), 'a duration from 1ms to 1h such as 20s', (value) =>
    within(value, 1000, 3_600_000_000),
  );
  const roundTrip = part(
    'rtt',
    { least: ZERO, most: ZERO },
    'a duration or a range up to 1h such as 20ms..200ms',
    (value) => rangeOf(value, 3_600_000_000),
  );
  const last = outages.at(-1);
  const end = last === undefined ? 0 : last.at + last.lasts;
  const least = Math.ceil((30 * clients * 1_000_000) / capacity);
  const horizon = part(
    'horizon',
    us(end + Math.min(DURATION_MOST, Math.max(minutes(10), least))),
    'a duration up to a day such as 1h',
    (value) => within(value, 1, DURATION_MOST),
  );
  if (problems.length === 0 && horizon <= end) {
    const problem = `expected more than ${durationText(end)}, when the last outage ends, got ${shown(parts.horizon)}`;
    problems.push({ name: 'horizon', problem });
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    storm: {
      ...{ clients, capacity, window, outages, refusalCost, retryAfter, refuses, queue, dialTimeout, roundTrip },
      horizon,
    },
  };
}

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);

function wholeOf(value: unknown, least: number, most: number): number | undefined {
  if (typeof value === 'string' && !/^\d{1,3}(?:[,_]?\d{3})*$|^\d+$/.test(value)) return undefined;
  const number = typeof value === 'string' ? Number(value.replaceAll(/[,_]/g, '')) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
    ? number
    : undefined;
}

function retryAfterOf(value: unknown): RetryAfter | undefined {
  if (value === 'none' || value === 'slot') return { kind: value };
  const range = rangeOf(value, 86_400_000_000);
  if (range === undefined) return undefined;
  if (typeof value === 'string' && value.includes('..')) return { kind: 'uniform', ...range };
  return { kind: 'fixed', after: range.least };
}
