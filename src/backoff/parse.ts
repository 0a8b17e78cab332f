/**
 * Reads a policy that a person wrote, and reports every problem at once with its path and the form that was expected.
 *
 * It takes what people write: a duration with its unit (`250ms`, `1m30s`, `PT1S`) or as a bare number of milliseconds, as
 * `setTimeout` and the options of most libraries have it; a ratio as `1.6`, `"1618/1000"` or `{ "num": 3, "of": 2 }`; no
 * cap as `null`. What `printPolicy` prints has one form for each. Inside the program a duration is a `Duration` in
 * microseconds; `policyProblems` judges that form.
 * What passes here is what the laws of `nextDelay` and `envelope` are stated for.
 */
import { type Duration, formatDuration, ZERO } from '../time.ts';
import { durationText } from './forms.ts';
import {
  bound,
  duration,
  kindOf,
  type Problem,
  problem,
  type Report,
  ratio,
  record,
  truth,
  whole,
  word,
} from './knobs.ts';
import { ATTEMPT_MAX, type Delay, type Jitter, POLICY_DEFAULTS, type Policy, SPAN_MAX, TABLE_MAX } from './policy.ts';

/** A policy with every default filled in, or all its problems. */
export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A problem as a line: `` `retry.delay.base`: expected a duration such as `250ms`, got 250 ``. */
export const problemText = ({ path, expected, got }: Problem): string =>
  `${path === '' ? 'policy' : `\`${path}\``}: expected ${expected}, got ${got === 'nothing' ? got : `\`${got}\``}`;

/** Reads JSON with durations as text. `path` is where the policy stands in its document, such as `retry`. */
export function parsePolicy(input: unknown, path = ''): ParsedPolicy {
  const report: Report = { problems: [], durations: 'text' };
  const policy = readPolicy(report, input, path);
  return report.problems.length === 0 ? { ok: true, policy } : { ok: false, problems: report.problems };
}

/** What is wrong with a policy built in code, where durations are integer microseconds; empty when it is sound. */
export function policyProblems(policy: Policy, path = ''): readonly Problem[] {
  const report: Report = { problems: [], durations: 'microseconds' };
  readPolicy(report, policy, path);
  return report.problems;
}

/** A policy as the JSON that `parsePolicy` reads, every duration a text in the largest unit that is exact. */
export function printPolicy(policy: Policy): unknown {
  return JSON.parse(JSON.stringify(policy), (key, value: unknown) => {
    if (DURATIONS.has(key) && typeof value === 'number') return durationText(value);
    return key === 'delays' ? (value as number[]).map(durationText) : value;
  });
}

const DURATIONS: ReadonlySet<string> = new Set([
  ...['base', 'step', 'floor', 'least', 'most', 'cap', 'ceiling', 'elapsedMax', 'stableAfter', 'retryAfterSpread'],
]);

function readPolicy(report: Report, input: unknown, path: string): Policy {
  const at = (knob: string): string => (path === '' ? knob : `${path}.${knob}`);
  const given = record(report, input, path, ['delay', ...Object.keys(POLICY_DEFAULTS)]);
  const or = <T>(knob: keyof typeof POLICY_DEFAULTS, read: (value: unknown, path: string) => T): T =>
    given[knob] === undefined ? (POLICY_DEFAULTS[knob] as T) : read(given[knob], at(knob));
  const length = (value: unknown, where: string): Duration => duration(report, value, where);
  const span = (value: unknown, where: string): Duration => duration(report, value, where, SPAN_MAX);
  const orNull =
    <T>(read: (value: unknown, path: string) => T) =>
    (value: unknown, where: string): T | null =>
      value === null ? null : read(value, where);

  const policy: Policy = {
    delay: readDelay(report, given.delay, at('delay')),
    jitter: or('jitter', (value, where) => readJitter(report, value, where)),
    atOnce: or('atOnce', (value, where) => truth(report, value, where)),
    first: or(
      'first',
      orNull((value, where) => {
        const first = record(report, value, where, ['least', 'most']);
        return { least: length(first.least, `${where}.least`), most: length(first.most, `${where}.most`) };
      }),
    ),
    cap: or('cap', (value, where) => bound(report, value, where)),
    ceiling: or(
      'ceiling',
      orNull((value, where) => bound(report, value, where)),
    ),
    capOn: or('capOn', (value, where) => word(report, value, where, ['range', 'draw'])),
    attemptsMax: or(
      'attemptsMax',
      orNull((value, where) => whole(report, value, where, 0, ATTEMPT_MAX)),
    ),
    elapsedMax: or('elapsedMax', orNull(span)),
    stableAfter: or('stableAfter', span),
    retryAfter: or('retryAfter', (value, where) => word(report, value, where, ['honour', 'ignore'])),
    retryAfterSpread: or('retryAfterSpread', length),
  };
  // Knobs are compared only when each is sound by itself: a placeholder would raise a second, false problem.
  if (report.problems.length === 0) compare(report, policy, at);
  return policy;
}

/** The knobs of each kind of delay and of jitter, besides `kind`. */
export const KNOBS = {
  delay: {
    constant: ['base'],
    linear: ['base', 'step'],
    exponential: ['base', 'factor', 'compounds'],
    table: ['delays', 'afterLast'],
  },
  jitter: {
    none: [],
    full: ['floor'],
    equal: [],
    decorrelated: ['factor'],
    proportional: ['below', 'above'],
    additive: ['least', 'most'],
  },
} as const;

const DELAY_KINDS = Object.keys(KNOBS.delay) as [Delay['kind'], ...Delay['kind'][]];
const JITTER_KINDS = Object.keys(KNOBS.jitter) as [Jitter['kind'], ...Jitter['kind'][]];

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
      return { kind, base: base(), factor, compounds };
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

function readJitter(report: Report, input: unknown, path: string): Jitter {
  const kind = kindOf(report, input, path, JITTER_KINDS);
  const given = kind === undefined ? {} : record(report, input, path, ['kind', ...KNOBS.jitter[kind]]);
  switch (kind) {
    case undefined:
      return { kind: 'none' };
    case 'none':
    case 'equal':
      return { kind };
    case 'full':
      return { kind, floor: given.floor === undefined ? ZERO : duration(report, given.floor, `${path}.floor`) };
    case 'decorrelated':
      return { kind, factor: ratio(report, given.factor, `${path}.factor`) };
    case 'proportional':
      return {
        kind,
        below: ratio(report, given.below, `${path}.below`),
        above: ratio(report, given.above, `${path}.above`),
      };
    case 'additive':
      return {
        kind,
        least: duration(report, given.least, `${path}.least`),
        most: duration(report, given.most, `${path}.most`),
      };
  }
}

/** The conditions between knobs. */
function compare(report: Report, policy: Policy, at: (knob: string) => string): void {
  const { delay, jitter, first, cap, ceiling } = policy;
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
  if (first !== null) {
    atMost('first.least', first.least, first.most, 'most');
    atMost('first.most', first.most, cap, 'cap');
  }
}

const growsSoundly = ({ base, factor }: Extract<Delay, { kind: 'exponential' }>): boolean =>
  factor.num === factor.of || base * (factor.num - factor.of) >= 100 * factor.of;
