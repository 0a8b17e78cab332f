/**
 * The storms of an experiment: one of flags, or several of `--storm`, each of which says in what it differs from the flags
 * (`--storm clients=1000,outage=10s`), or is a file with a list of such (`--storm storms.json`).
 */
import { durationOf, durationText } from '../../../src/backoff/forms.ts';
import { shown } from '../../core/shown.ts';
import { parseJson } from '../../input/json.ts';
import { readFile } from '../../input/read-file.ts';
import type { NamedStorm } from '../../lab/experiment/experiment.ts';
import { shareOf } from '../../lab/storm/forms.ts';
import { readStorm, STORM_PARTS, type StormPart } from '../../lab/storm/read.ts';
import { wholeNumber } from '../arguments.ts';
import { InputError, type TellableError, UsageError } from '../errors.ts';
import { unknownName } from '../names.ts';

/** What a flag takes, by the name of its part. */
const TAKES: Readonly<Record<StormPart, string>> = {
  clients: '<n>',
  capacity: '<n>',
  outage: '<time>',
  window: '<time>',
  refusalCost: '<share>',
  retryAfter: '<what>',
  refuses: '<how>',
  queue: '<n>',
  dialTimeout: '<time>',
  rtt: '<time>',
  horizon: '<time>',
};

/** The storm of the question that everybody asks first. */
const USUAL: StormParts = { clients: '10000', capacity: '500', outage: '60s' };

type StormParts = { readonly [part in StormPart]?: string };

/** Short words for an outage that is not one of everything; each goes into the text of `outage`. */
const OUTAGE_WORDS = {
  outageRepeats: ['<n>', 'so many outages, one behind the other'],
  outageGap: ['<time>', 'how long the servers are back between two of them (default: as long as an outage)'],
  partial: ['<share>', 'an outage takes the connection of this share of the clients only, e.g. 30%'],
  brownOut: ['<share>', 'while an outage lasts, this share of the capacity goes on, e.g. 20%'],
} as const;

/** The flags of a command line, and whatever `--storm` was given. */
export interface StormFlags extends StormParts {
  readonly storm: readonly string[];
  readonly outageRepeats?: string;
  readonly outageGap?: string;
  readonly partial?: string;
  readonly brownOut?: string;
}

export const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Every flag of a storm as `--help` has it, with its sentence. */
export const STORM_OPTIONS: readonly (readonly [flag: string, about: string])[] = [
  ...Object.entries(STORM_PARTS).map(([part, about]) => {
    const usual = USUAL[part as StormPart];
    return [
      `--${dashed(part)} ${TAKES[part as StormPart]}`,
      usual === undefined ? about : `${about} (default: ${usual})`,
    ] as const;
  }),
  ...Object.entries(OUTAGE_WORDS).map(([name, [takes, about]]) => [`--${dashed(name)} ${takes}`, about] as const),
];

/** Throws `UsageError` or `InputError` in one line. */
export function stormsOf(flags: StormFlags): readonly NamedStorm[] {
  const parts = partsOf(flags);
  const storms =
    flags.storm.length === 0
      ? [named('storm', parts, (part) => `--${dashed(part)}`, UsageError)]
      : flags.storm.flatMap((text) => {
          if (text.trim() === '')
            throw new UsageError('--storm: expected parts such as clients=1000,outage=10s, or a FILE, got nothing');
          return /^[\w-]+=/.test(text) ? [inWords(text, parts)] : inFile(text, parts);
        });
  const twice = storms.find(({ name }, nth) => storms.findIndex((each) => each.name === name) < nth);
  if (twice !== undefined) throw new UsageError(`--storm: expected different storms, got ${shown(twice.name)} twice`);
  return storms;
}

function partsOf(flags: StormFlags): StormParts {
  const parts: { [part in StormPart]?: string } = { ...USUAL };
  for (const part of Object.keys(STORM_PARTS) as StormPart[]) {
    const given = flags[part];
    if (given !== undefined) parts[part] = given;
  }
  return { ...parts, outage: outageText(parts.outage as string, flags) };
}

/** One outage with short words, as the text that says all of it. */
function outageText(text: string, flags: StormFlags): string {
  const given = (Object.keys(OUTAGE_WORDS) as (keyof typeof OUTAGE_WORDS)[]).filter(
    (word) => flags[word] !== undefined,
  );
  const [word] = given;
  if (word === undefined) return text;
  if (text.includes('+'))
    throw new UsageError(`--${dashed(word)}: expected one --outage with it, got several: ${shown(text)}`);
  if (flags.outageGap !== undefined && flags.outageRepeats === undefined)
    throw new UsageError('--outage-gap: expected several outages with it, such as --outage-repeats 3');
  const [time = '', ...traits] = text.split(',');
  const drops = shareOf(flags.partial);
  if (flags.partial !== undefined && (drops === undefined || drops.num === 0))
    throw new UsageError(`--partial: expected a share above 0 such as 30%, got ${shown(flags.partial)}`);
  const remains = shareOf(flags.brownOut);
  if (flags.brownOut !== undefined && (remains === undefined || remains.num === remains.of))
    throw new UsageError(`--brown-out: expected a share below 1 such as 20%, got ${shown(flags.brownOut)}`);
  if (flags.partial !== undefined) traits.push(`drops=${flags.partial}`);
  if (flags.brownOut !== undefined) traits.push(`remains=${flags.brownOut}`);
  const repeats = flags.outageRepeats === undefined ? 1 : wholeNumber('--outage-repeats', flags.outageRepeats, 1, 1000);
  const lasts = timeOf('--outage', time);
  const every = lasts + (flags.outageGap === undefined ? lasts : timeOf('--outage-gap', flags.outageGap));
  return Array.from({ length: repeats }, (_, nth) =>
    [nth === 0 ? time : `${time}@${durationText(nth * every)}`, ...traits].join(','),
  ).join(' + ');
}

/** `clients=1000,outage=10s,drops=50%`: what is no part belongs to the part before it. */
function inWords(text: string, usual: StormParts): NamedStorm {
  const own: [StormPart, string][] = [];
  for (const piece of text.split(',')) {
    const at = piece.indexOf('=');
    const word = piece.slice(0, Math.max(0, at)).trim();
    const part = partNamed(word);
    const last = own.at(-1);
    if (part !== undefined) own.push([part, piece.slice(at + 1).trim()]);
    else if (last !== undefined && /^(silent|refused|drops=.*|remains=.*|noticed=.*)$/.test(piece.trim()))
      last[1] += `,${piece}`;
    else throw unknownPart('--storm', word === '' ? piece : word);
  }
  return named(
    text,
    { ...usual, ...Object.fromEntries(own) },
    (part) => `--storm ${text}: ${dashed(part)}`,
    UsageError,
  );
}

/** A list of objects with parts as keys, and a `name`. */
function inFile(path: string, usual: StormParts): readonly NamedStorm[] {
  const json = parseJson(path, readFile(path));
  const list = Array.isArray(json) ? json : [json];
  if (list.length === 0) throw new InputError(`${path}: expected a list of storms, got []`);
  return list.map((each: unknown, nth) => {
    const at = Array.isArray(json) ? `${path}: [${nth}]` : path;
    if (each === null || typeof each !== 'object' || Array.isArray(each))
      throw new InputError(`${at}: expected a storm such as { "clients": 1000, "outage": "10s" }, got ${shown(each)}`);
    const own: Record<string, unknown> = {};
    let name: string | undefined;
    for (const [word, value] of Object.entries(each)) {
      const part = partNamed(word);
      if (word === 'name' && typeof value === 'string' && value !== '') name = value;
      else if (part === undefined) throw unknownPart(at, word);
      else own[part] = value;
    }
    name ??=
      Object.entries(own)
        .map(([part, value]) => `${dashed(part)}=${value}`)
        .join(',') || 'storm';
    return named(name, { ...usual, ...own }, (part) => `${at}.${part}`, InputError);
  });
}

const partNamed = (word: string): StormPart | undefined =>
  (Object.keys(STORM_PARTS) as StormPart[]).find((part) => part === word || dashed(part) === word);

const unknownPart = (where: string, word: string): UsageError =>
  unknownName(
    `${where}: unknown part of a storm`,
    word,
    Object.keys(STORM_PARTS).map(dashed),
    Object.keys(STORM_PARTS).map(dashed).join(', '),
  );

/** Every problem has a line. */
function named(
  name: string,
  parts: Readonly<Partial<Record<StormPart, unknown>>>,
  where: (part: StormPart) => string,
  Problem: new (...lines: readonly string[]) => TellableError,
): NamedStorm {
  const read = readStorm(parts);
  if (read.ok) return { name, storm: read.storm };
  throw new Problem(...read.problems.map((each) => `${where(each.name)}: ${each.problem}`));
}

function timeOf(flag: string, text: string): number {
  const time = durationOf(text);
  if (time === undefined || time === 0)
    throw new UsageError(`${flag}: expected a duration such as 60s, got ${shown(text)}`);
  return time;
}
