/**
 * `--vary KNOB=VALUES`: `base=100ms..10s` (five values by a constant factor), `base=100ms..10s/9` (nine), `cap=5s..60s:linear`,
 * `cap=5s,20s,60s` (these), `jitter.kind=full,equal`; and the candidates that come of several of them.
 */

import { durationText } from '../../../src/backoff/forms.ts';
import { parseDuration } from '../../../src/time.ts';
import { seedNumber } from '../../core/seeds.ts';
import { shown } from '../../core/shown.ts';
import { type Choice, gridOf, randomOf, type Varied, valuesOf } from '../../lab/experiment/design.ts';
import type { LabVaried } from '../../lab/experiment/document.ts';
import type { Entrant } from '../../lab/experiment/experiment.ts';
import { wholeNumber } from '../arguments.ts';
import { TellableError, UsageError } from '../errors.ts';
import type { Known } from '../known.ts';
import { entrantsOf } from './entrants.ts';

/** Values of a range that says no number. */
const POINTS = 5;
const POINTS_MOST = 100;
/** Ends of a range so far apart are spaced by a factor, unless somebody says otherwise. */
const FAR = 4;
/** Candidates of a search: each costs replications. */
const CANDIDATES_MOST = 2000;

export function variedOf(text: string): Varied {
  const at = text.indexOf('=');
  const knob = text.slice(0, Math.max(0, at)).trim();
  const values = text.slice(at + 1).trim();
  if (at < 1 || values === '' || !/^[A-Za-z_][\w.]*$/.test(knob))
    throw new UsageError(
      `--vary: expected KNOB=LEAST..MOST or KNOB=VALUE,VALUE such as base=100ms..10s, got ${shown(text)}`,
    );
  if (!values.includes('..')) {
    const listed = values.split(',').map((value) => value.trim());
    if (listed.includes(''))
      throw new UsageError(`--vary ${knob}: expected values such as 5s,20s, got ${shown(values)}`);
    if (new Set(listed).size < listed.length)
      throw new UsageError(`--vary ${knob}: expected each value once, got ${shown(values)}`);
    return { knob, kind: 'list', values: listed };
  }
  return rangeOf(knob, values);
}

function rangeOf(knob: string, text: string): Varied {
  const match = /^(.+?)\.\.([^/:]+)(?:\/(\d+))?(?::(log|linear))?$/.exec(text);
  const expected = `--vary ${knob}: expected a range such as 100ms..10s, 100ms..10s/9 or 5s..60s:linear, got ${shown(text)}`;
  if (match === null) throw new UsageError(expected);
  const [, from = '', to = '', points, asked] = match;
  const ends = [from, to].map((end) => numberIn(end.trim()));
  const [least, most] = ends;
  if (least === undefined || most === undefined) throw new UsageError(expected);
  if (least.isTime !== most.isTime && least.value !== 0)
    throw new UsageError(`--vary ${knob}: expected both ends with a unit or none of them, got ${shown(text)}`);
  if (most.value <= least.value)
    throw new UsageError(`--vary ${knob}: expected a larger value behind the dots, got ${shown(text)}`);
  const spacing = asked ?? (least.value > 0 && most.value >= FAR * least.value ? 'log' : 'linear');
  if (spacing === 'log' && least.value === 0)
    throw new UsageError(`--vary ${knob}: expected a range above 0 with :log, got ${shown(text)}`);
  return {
    ...{ knob, kind: 'range', spacing: spacing as 'log' | 'linear', least: least.value, most: most.value },
    points: points === undefined ? POINTS : wholeNumber(`--vary ${knob}`, points, 2, POINTS_MOST),
    text: most.isTime
      ? (value) => durationText(Math.round(value))
      : WHOLE.test(knob)
        ? (value) => String(Math.round(value))
        : (value) => String(Number(value.toFixed(3))),
  };
}

/** Knobs of which there are no halves. */
const WHOLE = /(^|\.)(attemptsMax|dials|tokens|cost|from)$/;

/** A duration in microseconds, or a number without a unit. */
function numberIn(text: string): { readonly value: number; readonly isTime: boolean } | undefined {
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return { value: Number(text), isTime: false };
  const time = parseDuration(text);
  return time === undefined ? undefined : { value: time, isTime: true };
}

export interface Design {
  readonly design: 'grid' | 'random';
  readonly varied: readonly LabVaried[];
  readonly candidates: readonly Entrant[];
  /** Combinations that are no policy, and why the first of them is none. */
  readonly refused: { readonly count: number; readonly why: string | null };
}

export interface DesignFlags {
  readonly vary: readonly string[];
  readonly design: string;
  readonly candidates?: string;
  readonly seed: string;
}

/** Variations of a policy. Throws `UsageError` when none of them is a policy. */
export function designOf(family: string, flags: DesignFlags, known: Pick<Known, 'policies'>): Design {
  const { design } = flags;
  if (design !== 'grid' && design !== 'random')
    throw new UsageError(`--design: expected grid or random, got ${shown(design)}`);
  if (flags.candidates !== undefined && design !== 'random')
    throw new UsageError('--candidates: expected --design random with it: a grid has as many as its values make');
  const varied = flags.vary.map(variedOf);
  if (varied.length === 0)
    throw new UsageError('--vary: expected a knob and its values, such as --vary base=100ms..10s --vary cap=5s..120s');
  const twice = varied.find(({ knob }, nth) => varied.findIndex((each) => each.knob === knob) < nth);
  if (twice !== undefined) throw new UsageError(`--vary: ${shown(twice.knob)} is given twice; expected each knob once`);
  const all =
    design === 'grid'
      ? varied.reduce((product, each) => product * valuesOf(each).length, 1)
      : wholeNumber('--candidates', flags.candidates ?? '50', 2, CANDIDATES_MOST);
  if (all > CANDIDATES_MOST)
    throw new UsageError(
      `--vary: expected at most ${CANDIDATES_MOST} candidates, got ${all}: fewer values (base=100ms..10s/4), or --design random`,
    );
  const choices = design === 'grid' ? gridOf(varied) : randomOf(varied, all, seedNumber(flags.seed) ?? 1);
  return {
    design,
    varied: varied.map((each) => ({
      knob: each.knob,
      spacing: each.kind === 'list' ? 'list' : each.spacing,
      values:
        each.kind === 'range' && design === 'random' ? [each.text(each.least), each.text(each.most)] : valuesOf(each),
    })),
    ...candidatesOf(family, choices, known),
  };
}

/** A combination may be no policy (a base above the cap): that is left out, and said. */
function candidatesOf(
  family: string,
  choices: readonly Choice[],
  known: Pick<Known, 'policies'>,
): Pick<Design, 'candidates' | 'refused'> {
  const candidates: Entrant[] = [];
  let refused = 0;
  let why: string | null = null;
  for (const choice of choices) {
    const knobs = choice.map(([knob, value]) => `${knob}=${value}`);
    try {
      const [entrant] = entrantsOf([family, ...knobs].join(','), known);
      if (entrant !== undefined) candidates.push({ ...entrant, family, parameters: Object.fromEntries(choice) });
    } catch (error) {
      if (!(error instanceof TellableError)) throw error;
      refused++;
      why ??= error.message;
    }
  }
  if (candidates.length === 0) throw new UsageError(`--vary: no combination is a policy; the first: ${why}`);
  return { candidates, refused: { count: refused, why } };
}
