/**
 * The storms of an experiment: one of flags, or several of `--storm`, each of which says in what it differs from the flags
 * (`--storm clients=1000,outage=10s`), or is a file with a list of such (`--storm storms.json`).
 */
import { after, type Duration, plus, START, seconds, times, ZERO } from '../../../src/time.ts';
import { shown } from '../../core/shown.ts';
import { parseJson } from '../../input/json.ts';
import { readFile } from '../../input/read-file.ts';
import type { NamedStorm } from '../../lab/experiment/experiment.ts';
import type { Outage, Storm } from '../../lab/storm/storm.ts';
import { InputError, UsageError } from '../errors.ts';
import { unknownName } from '../names.ts';
import {
  rangeIn,
  retryAfterIn,
  STORM_WORDS,
  type StormTexts,
  type StormWord,
  shareIn,
  timeIn,
  type Where,
  wholeIn,
  wordIn,
} from './storm-words.ts';

const WORDS = Object.keys(STORM_WORDS) as readonly StormWord[];
/** What one thread has memory for. */
const CLIENTS_MOST = 10_000_000;
const OUTAGES_MOST = 1000;

/** The flags of a command line, and whatever `--storm` was given. */
export interface StormFlags extends StormTexts {
  readonly storm: readonly string[];
}

/** Throws `UsageError` or `InputError` in one line. */
export function stormsOf(flags: StormFlags): readonly NamedStorm[] {
  if (flags.storm.length === 0) return [{ name: 'storm', storm: stormOf(flags, (word) => `--${word}`) }];
  const storms = flags.storm.flatMap((text) =>
    text.includes('=') && !/\.json$/i.test(text) ? [inWords(text, flags)] : inFile(text, flags),
  );
  const twice = storms.find(({ name }, nth) => storms.findIndex((each) => each.name === name) < nth);
  if (twice !== undefined) throw new UsageError(`--storm: expected different storms, got ${shown(twice.name)} twice`);
  return storms;
}

function inWords(text: string, flags: StormTexts): NamedStorm {
  const own: Record<string, string> = {};
  for (const piece of text.split(',')) {
    const [word = '', ...rest] = piece.split('=');
    if (rest.length === 0) throw new UsageError(`--storm: expected WORD=VALUE such as outage=10s, got ${shown(piece)}`);
    mustBeWord('--storm', word.trim());
    own[word.trim()] = rest.join('=').trim();
  }
  return { name: text, storm: stormOf({ ...flags, ...own }, (word) => `--storm ${text}: ${word}`) };
}

/** A list of objects with the words as keys, and a `name`. */
function inFile(path: string, flags: StormTexts): readonly NamedStorm[] {
  const json = parseJson(path, readFile(path));
  const list = Array.isArray(json) ? json : [json];
  if (list.length === 0) throw new InputError(`${path}: expected a list of storms, got []`);
  return list.map((each: unknown, nth) => {
    const at = Array.isArray(json) ? `${path}: [${nth}]` : path;
    if (each === null || typeof each !== 'object' || Array.isArray(each))
      throw new InputError(`${at}: expected a storm such as { "clients": 1000, "outage": "10s" }, got ${shown(each)}`);
    const own: Record<string, string> = {};
    let name: string | undefined;
    for (const [word, value] of Object.entries(each)) {
      if (typeof value !== 'string' && typeof value !== 'number')
        throw new InputError(`${at}.${word}: expected a text or a number, got ${shown(value)}`);
      if (word === 'name') name = String(value);
      else {
        mustBeWord(at, word);
        own[word] = String(value);
      }
    }
    const storm = stormOf({ ...flags, ...own }, (word) => `${at}.${word}`);
    return {
      name:
        name ??
        Object.entries(own)
          .map((pair) => pair.join('='))
          .join(','),
      storm,
    };
  });
}

function mustBeWord(where: string, word: string): void {
  if (!(WORDS as readonly string[]).includes(word))
    throw unknownName(`${where}: unknown word`, word, WORDS, WORDS.join(', '));
}

/** A storm of words, each of which is called as `where` says when it is wrong. */
export function stormOf(texts: StormTexts, where: Where): Storm {
  const of = <T>(word: StormWord, usual: string, read: (where: string, text: string) => T): T =>
    read(where(word), texts[word] ?? usual);
  const clients = of('clients', '10000', (at, text) => wholeIn(at, text, 1, CLIENTS_MOST));
  const capacity = of('capacity', '500', (at, text) => wholeIn(at, text, 1, 1_000_000));
  const outages = outagesOf(texts, where);
  const recovery = outages.reduce((end, { at, lasts }) => Math.max(end, after(at, lasts)), 0);
  const { least, most } = of('rtt', '0', (at, text) => rangeIn(at, text, 0));
  const horizon =
    texts.horizon === undefined ? usualHorizon(recovery, clients, capacity) : timeIn(where('horizon'), texts.horizon);
  if (horizon <= recovery)
    throw new UsageError(
      `${where('horizon')}: expected a time behind the end of the last outage, which is ${recovery / 1_000_000}s, got ${shown(texts.horizon)}`,
    );
  return {
    clients,
    capacity,
    window: of('window', '100ms', timeIn),
    outages,
    refusalCost: of('refusal-cost', '0', (at, text) => shareIn(at, text, 'below 1')),
    retryAfter: of('retry-after', 'none', retryAfterIn),
    refuses: of('refuses', 'http', (at, text) => wordIn(at, text, ['http', 'close'])),
    queue: of('queue', 'none', (at, text) => (text === 'none' ? null : { length: wholeIn(at, text, 1, CLIENTS_MOST) })),
    dialTimeout: of('dial-timeout', '20s', timeIn),
    roundTrip: { least, most },
    horizon,
  };
}

function outagesOf(texts: StormTexts, where: Where): readonly Outage[] {
  const lasts = timeIn(where('outage'), texts.outage ?? '60s');
  const repeats = wholeIn(where('outage-repeats'), texts['outage-repeats'] ?? '1', 1, OUTAGES_MOST);
  const gap = texts['outage-gap'] === undefined ? lasts : timeIn(where('outage-gap'), texts['outage-gap']);
  const drops = shareIn(where('partial'), texts.partial ?? '1', 'above 0');
  const remains = shareIn(where('brown-out'), texts['brown-out'] ?? '0', 'below 1');
  const dials = wordIn(where('outage-dials'), texts['outage-dials'] ?? 'refused', ['refused', 'silent']);
  if (texts['outage-gap'] !== undefined && repeats === 1)
    throw new UsageError(`${where('outage-gap')}: expected several outages with it, such as --outage-repeats 3`);
  return Array.from({ length: repeats }, (_, nth) => ({
    at: after(START, times(plus(lasts, gap), nth)),
    ...{ lasts, drops, remains, dials, noticed: { least: ZERO, most: ZERO } },
  }));
}

/** So many times what physics needs, and no less than that: a policy that takes longer has collapsed. */
const HORIZON_BOUNDS = 500;
const HORIZON_LEAST: Duration = seconds(1000);

function usualHorizon(recovery: number, clients: number, capacity: number): Duration {
  const bound = seconds(clients / capacity);
  return plus(
    recovery as Duration,
    times(bound, HORIZON_BOUNDS) > HORIZON_LEAST ? times(bound, HORIZON_BOUNDS) : HORIZON_LEAST,
  );
}
