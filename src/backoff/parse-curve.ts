/** How the curve of a policy, or of one of its modes, is read, and what must hold between its knobs. */
import { type Duration, formatDuration, us, ZERO } from '../time.ts';
import type { Curve, Delay, Jitter, Rounding } from './curve.ts';
import { durationText } from './forms.ts';
import { bound, duration, kindOf, problem, type Report, ratio, record, truth, whole, word } from './knobs.ts';
import { TABLE_MAX } from './policy.ts';

/** The knobs of each kind of delay and of jitter, besides `kind`. */
export const KNOBS = {
  delay: {
    constant: ['base'],
    linear: ['base', 'step'],
    exponential: ['base', 'factor', 'compounds', 'steepens'],
    table: ['delays', 'afterLast'],
  },
  jitter: {
    none: [],
    full: ['floor'],
    equal: [],
    decorrelated: ['factor', 'ratchet'],
    proportional: ['below', 'above', 'widens'],
    additive: ['least', 'most', 'widens'],
    comb: ['share', 'teeth'],
    exponential: [],
    'decorrelated-v2': [],
  },
} as const;

const DELAY_KINDS = Object.keys(KNOBS.delay) as [Delay['kind'], ...Delay['kind'][]];
const JITTER_KINDS = Object.keys(KNOBS.jitter) as [Jitter['kind'], ...Jitter['kind'][]];

/** The knobs of a curve. */
export const CURVE_KNOBS = ['delay', 'jitter', 'first', 'cap', 'ceiling', 'capOn', 'rounding'] as const;

/** Reads a curve out of knobs that are known by name; what is left out is as in `otherwise`. */
export function readCurve(
  report: Report,
  given: Readonly<Record<string, unknown>>,
  at: (knob: string) => string,
  otherwise: Omit<Curve, 'delay'> & { readonly delay?: Delay },
): Curve {
  const or = <Knob extends keyof Curve>(
    knob: Knob,
    read: (value: unknown, path: string) => Curve[Knob],
  ): Curve[Knob] =>
    given[knob] === undefined && otherwise[knob] !== undefined
      ? (otherwise[knob] as Curve[Knob])
      : read(given[knob], at(knob));
  return {
    delay: or('delay', (value, where) => readDelay(report, value, where)),
    jitter: or('jitter', (value, where) => readJitter(report, value, where)),
    first: or('first', (value, where) => {
      if (value === null) return null;
      const first = record(report, value, where, ['least', 'most']);
      const end = (name: 'least' | 'most'): Duration => duration(report, first[name], `${where}.${name}`);
      return { least: end('least'), most: end('most') };
    }),
    cap: or('cap', (value, where) => bound(report, value, where)),
    ceiling: or('ceiling', (value, where) => (value === null ? null : bound(report, value, where))),
    capOn: or('capOn', (value, where) => word(report, value, where, ['range', 'draw', 'value'])),
    rounding: or('rounding', (value, where) => (value === null ? null : readRounding(report, value, where))),
  };
}

function readRounding(report: Report, input: unknown, path: string): Rounding {
  const given = record(report, input, path, ['to', 'by']);
  const to = duration(report, given.to, `${path}.to`);
  if (given.to !== undefined && to === 0) problem(report, `${path}.to`, 'a step of 1 us or more', given.to);
  return { to: us(Math.max(1, to)), by: word(report, given.by, `${path}.by`, ['down', 'nearest', 'even']) };
}

function readDelay(report: Report, input: unknown, path: string): Delay {
  const kind = kindOf(report, input, path, DELAY_KINDS);
  const given = kind === undefined ? {} : record(report, input, path, ['kind', ...KNOBS.delay[kind]]);
  const base = (): Duration => duration(report, given.base, `${path}.base`);
  switch (kind) {
    case undefined:
      return { kind: 'constant', base: ZERO };
    case 'constant':
      return { kind, base: base() };
    case 'linear':
      return { kind, base: base(), step: duration(report, given.step, `${path}.step`) };
    case 'exponential': {
      const compounds = truth(report, given.compounds ?? false, `${path}.compounds`);
      const factor = ratio(report, given.factor, `${path}.factor`);
      const steepens = optional('steepens', given.steepens, (value, where) => truth(report, value, where), path);
      return { kind, base: base(), factor, compounds, ...steepens };
    }
    case 'table': {
      const listed = Array.isArray(given.delays) && given.delays.length > 0 && given.delays.length <= TABLE_MAX;
      if (!listed) problem(report, `${path}.delays`, `a list of 1 to ${TABLE_MAX} durations`, given.delays);
      const delays = (listed ? (given.delays as unknown[]) : []).map((value, index) =>
        duration(report, value, `${path}.delays[${index}]`),
      );
      const afterLast = word(report, given.afterLast ?? 'repeat', `${path}.afterLast`, ['repeat', 'stop']);
      return { kind, delays, afterLast };
    }
  }
}

/** A knob of a kind that stands in the policy only if it was given. */
function optional<const Name extends string, T>(
  name: Name,
  given: unknown,
  read: (value: unknown, path: string) => T,
  path: string,
): { readonly [Key in Name]?: T } {
  return given === undefined ? {} : ({ [name]: read(given, `${path}.${name}`) } as { [Key in Name]: T });
}

function readJitter(report: Report, input: unknown, path: string): Jitter {
  const kind = kindOf(report, input, path, JITTER_KINDS);
  const given = kind === undefined ? {} : record(report, input, path, ['kind', ...KNOBS.jitter[kind]]);
  const widens = () => optional('widens', given.widens, (value, where) => ratio(report, value, where), path);
  switch (kind) {
    case undefined:
      return { kind: 'none' };
    case 'none':
    case 'equal':
    case 'exponential':
    case 'decorrelated-v2':
      return { kind };
    case 'full':
      return { kind, floor: given.floor === undefined ? ZERO : duration(report, given.floor, `${path}.floor`) };
    case 'decorrelated':
      return {
        kind,
        factor: ratio(report, given.factor, `${path}.factor`),
        ...optional('ratchet', given.ratchet, (value, where) => truth(report, value, where), path),
      };
    case 'comb':
      return {
        kind,
        share: ratio(report, given.share, `${path}.share`),
        teeth: whole(report, given.teeth, `${path}.teeth`, 1, TABLE_MAX),
      };
    case 'proportional':
      return {
        kind,
        below: ratio(report, given.below, `${path}.below`),
        above: ratio(report, given.above, `${path}.above`),
        ...widens(),
      };
    case 'additive':
      return {
        kind,
        least: duration(report, given.least, `${path}.least`),
        most: duration(report, given.most, `${path}.most`),
        ...widens(),
      };
  }
}

/** The conditions between knobs of one curve. */
export function compareCurve(report: Report, curve: Curve, at: (knob: string) => string): void {
  const { delay, jitter, first, cap, ceiling } = curve;
  const shown = (value: Duration): unknown => (report.durations === 'text' ? durationText(value) : value);
  const atMost = (path: string, value: Duration, limit: Duration, name: string): void => {
    if (value > limit) problem(report, at(path), `at most \`${name}\` (${formatDuration(limit)})`, shown(value));
  };
  if (delay.kind === 'table') {
    for (const [index, entry] of delay.delays.entries()) atMost(`delay.delays[${index}]`, entry, cap, 'cap');
  } else {
    atMost('delay.base', delay.base, cap, 'cap');
    if (ceiling !== null) atMost('delay.base', delay.base, ceiling, 'ceiling');
  }
  if (delay.kind === 'exponential' && !growsSoundly(delay)) {
    // Values are cut off to whole microseconds at each step: a smaller growth would be rounding.
    problem(report, at('delay.factor'), '1, or a ratio that makes `base` grow by 100 us or more', delay.factor);
  }
  if (jitter.kind === 'full') atMost('jitter.floor', jitter.floor, cap, 'cap');
  if (jitter.kind === 'additive') {
    atMost('jitter.least', jitter.least, jitter.most, 'most');
    atMost('jitter.most', jitter.most, cap, 'cap');
  }
  if (jitter.kind === 'proportional' && jitter.below.num > jitter.below.of) {
    problem(report, at('jitter.below'), 'a ratio of at most 1, because no delay is negative', jitter.below);
  }
  if (jitter.kind === 'decorrelated') {
    if (jitter.factor.num <= jitter.factor.of) {
      problem(report, at('jitter.factor'), 'a ratio above 1 such as { "num": 3, "of": 1 }', jitter.factor);
    }
    if (delay.kind !== 'constant' || delay.base === 0) {
      const why = '`constant` with a `base` above 0, because decorrelated jitter grows by itself';
      problem(report, at('delay'), why, delay.kind === 'constant' ? shown(delay.base) : delay.kind);
    }
  }
  if (jitter.kind === 'comb' && jitter.share.num > jitter.share.of) {
    problem(report, at('jitter.share'), 'a ratio of at most 1, because no delay is negative', jitter.share);
  }
  if (jitter.kind === 'decorrelated-v2' && (delay.kind !== 'exponential' || delay.compounds)) {
    const why = '`exponential` that does not compound, because decorrelated-v2 looks at the curve itself';
    problem(report, at('delay'), why, delay.kind === 'exponential' ? 'compounds' : delay.kind);
  }
  if (delay.kind === 'exponential' && delay.steepens === true && !delay.compounds) {
    problem(report, at('delay.steepens'), '`compounds` beside it, because it multiplies the previous delay', true);
  }
  if (delay.kind === 'exponential' && delay.steepens === true && delay.factor.num % delay.factor.of !== 0) {
    problem(report, at('delay.factor'), 'a whole number beside `steepens`, so that nothing is rounded', delay.factor);
  }
  if (first !== null) {
    atMost('first.least', first.least, first.most, 'most');
    atMost('first.most', first.most, cap, 'cap');
  }
}

const growsSoundly = ({ base, factor }: Extract<Delay, { kind: 'exponential' }>): boolean =>
  factor.num === factor.of || base * (factor.num - factor.of) >= 100 * factor.of;
