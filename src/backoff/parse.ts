/**
 * Reads a policy that a person wrote, and reports every problem at once with its path and the form that was expected.
 *
 * In JSON a duration is a text with its unit (`250ms`), because a bare 250 has been read as seconds, milliseconds and
 * microseconds by three different readers. Inside the program it is a `Duration`; `policyProblems` judges that form.
 * What passes here is what the laws of `nextDelay` and `envelope` are stated for.
 */
import type { Ratio } from '../machine.ts';
import { type Duration, formatDuration, parseDuration, us, ZERO } from '../time.ts';
import {
  ATTEMPT_MAX,
  type Delay,
  type Jitter,
  LONGEST,
  POLICY_DEFAULTS,
  type Policy,
  RATIO_MAX,
  TABLE_MAX,
} from './policy.ts';

/** One thing wrong in a policy. */
export interface Problem {
  /** Where: `delay.base`, `delay.delays[3]`. */
  readonly path: string;
  /** The form that would be accepted there. */
  readonly expected: string;
  /** What was found, as JSON, shortened; `nothing` for a knob that is missing. */
  readonly got: string;
}

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
    if (DURATIONS.has(key) && typeof value === 'number') return text(value);
    return key === 'delays' ? (value as number[]).map(text) : value;
  });
}

const DURATIONS: ReadonlySet<string> = new Set([
  ...['base', 'step', 'floor', 'least', 'most', 'cap', 'ceiling', 'elapsedMax', 'stableAfter', 'retryAfterSpread'],
]);

/** What reading has found so far. Readers return a placeholder after a problem, so that all problems are found. */
interface Report {
  readonly problems: Problem[];
  readonly durations: 'text' | 'microseconds';
}

function readPolicy(report: Report, input: unknown, path: string): Policy {
  const at = (knob: string): string => (path === '' ? knob : `${path}.${knob}`);
  const given = record(report, input, path, ['delay', ...Object.keys(POLICY_DEFAULTS)]);
  const or = <T>(knob: keyof typeof POLICY_DEFAULTS, read: (value: unknown, path: string) => T): T =>
    given[knob] === undefined ? (POLICY_DEFAULTS[knob] as T) : read(given[knob], at(knob));
  const length = (value: unknown, where: string): Duration => duration(report, value, where);
  const orNull =
    <T>(read: (value: unknown, path: string) => T) =>
    (value: unknown, where: string): T | null =>
      value === null ? null : read(value, where);

  const policy: Policy = {
    delay: readDelay(report, given.delay, at('delay')),
    jitter: or('jitter', (value, where) => readJitter(report, value, where)),
    first: or(
      'first',
      orNull((value, where) => {
        const first = record(report, value, where, ['least', 'most']);
        return { least: length(first.least, `${where}.least`), most: length(first.most, `${where}.most`) };
      }),
    ),
    cap: or('cap', length),
    ceiling: or('ceiling', orNull(length)),
    capOn: or('capOn', (value, where) => word(report, value, where, ['range', 'draw'])),
    attemptsMax: or(
      'attemptsMax',
      orNull((value, where) => whole(report, value, where, 0, ATTEMPT_MAX)),
    ),
    elapsedMax: or('elapsedMax', orNull(length)),
    stableAfter: or('stableAfter', length),
    retryAfter: or('retryAfter', (value, where) => word(report, value, where, ['honour', 'ignore'])),
    retryAfterSpread: or('retryAfterSpread', length),
  };
  // Knobs are compared only when each is sound by itself: a placeholder would raise a second, false problem.
  if (report.problems.length === 0) compare(report, policy, at);
  return policy;
}

function readDelay(report: Report, input: unknown, path: string): Delay {
  const kind = kindOf(report, input, path, ['constant', 'linear', 'exponential', 'table']);
  const base = (given: Record<string, unknown>): Duration => duration(report, given.base, `${path}.base`);
  switch (kind) {
    case undefined:
      return { kind: 'constant', base: ZERO };
    case 'constant':
      return { kind, base: base(record(report, input, path, ['kind', 'base'])) };
    case 'linear': {
      const given = record(report, input, path, ['kind', 'base', 'step']);
      return { kind, base: base(given), step: duration(report, given.step, `${path}.step`) };
    }
    case 'exponential': {
      const given = record(report, input, path, ['kind', 'base', 'factor', 'compounds']);
      const compounds = given.compounds ?? false;
      if (typeof compounds !== 'boolean') problem(report, `${path}.compounds`, 'true or false', compounds);
      const factor = ratio(report, given.factor, `${path}.factor`);
      return { kind, base: base(given), factor, compounds: compounds === true };
    }
    case 'table': {
      const given = record(report, input, path, ['kind', 'delays', 'afterLast']);
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
  const kind = kindOf(report, input, path, ['none', 'full', 'equal', 'decorrelated', 'proportional', 'additive']);
  switch (kind) {
    case undefined:
      return { kind: 'none' };
    case 'none':
    case 'equal':
      record(report, input, path, ['kind']);
      return { kind };
    case 'full': {
      const { floor } = record(report, input, path, ['kind', 'floor']);
      return { kind, floor: floor === undefined ? ZERO : duration(report, floor, `${path}.floor`) };
    }
    case 'decorrelated': {
      const { factor } = record(report, input, path, ['kind', 'factor']);
      return { kind, factor: ratio(report, factor, `${path}.factor`) };
    }
    case 'proportional': {
      const { below, above } = record(report, input, path, ['kind', 'below', 'above']);
      return {
        kind,
        below: ratio(report, below, `${path}.below`),
        above: ratio(report, above, `${path}.above`),
      };
    }
    case 'additive': {
      const { least, most } = record(report, input, path, ['kind', 'least', 'most']);
      return {
        kind,
        least: duration(report, least, `${path}.least`),
        most: duration(report, most, `${path}.most`),
      };
    }
  }
}

/** The conditions between knobs. */
function compare(report: Report, policy: Policy, at: (knob: string) => string): void {
  const { delay, jitter, first, cap, ceiling } = policy;
  const shown = (value: Duration): unknown => (report.durations === 'text' ? text(value) : value);
  const atMost = (path: string, value: Duration, limit: Duration, name: string): void => {
    if (value > limit) problem(report, at(path), `at most \`${name}\` (${formatDuration(limit)})`, shown(value));
  };
  if (delay.kind === 'table') {
    for (const [index, entry] of delay.delays.entries()) atMost(`delay.delays[${index}]`, entry, cap, 'cap');
  } else {
    atMost('delay.base', delay.base, cap, 'cap');
    if (ceiling !== null) atMost('delay.base', delay.base, ceiling, 'ceiling');
  }
  if (delay.kind === 'exponential' && delay.base * (delay.factor.num - delay.factor.of) < 100 * delay.factor.of) {
    // Values are cut off to whole microseconds at each step: a smaller growth would be rounding, or none at all.
    problem(report, at('delay.factor'), 'a ratio that makes `base` grow by 100 us or more', delay.factor);
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

/** The exact text of a duration: `90us`, `250ms`, `20s`, `2m`, `1h`. */
function text(value: number): string {
  const units = { h: 3_600_000_000, m: 60_000_000, s: 1_000_000, ms: 1000 };
  for (const [unit, size] of Object.entries(units)) {
    if (value !== 0 && value % size === 0) return `${value / size}${unit}`;
  }
  return `${value}us`;
}

function problem(report: Report, path: string, expected: string, value: unknown): void {
  const json = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  report.problems.push({ path, expected, got: json.length > 60 ? `${json.slice(0, 57)}…` : json });
}

/** The `kind` of a union; undefined after a problem, because the other knobs can't be judged without it. */
function kindOf<const T extends string>(
  report: Report,
  input: unknown,
  path: string,
  kinds: readonly [T, ...T[]],
): T | undefined {
  const before = report.problems.length;
  const given = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : undefined;
  if (given === undefined) problem(report, path, 'an object with a `kind`', input);
  const kind = given === undefined ? kinds[0] : word(report, (given as { kind?: unknown }).kind, `${path}.kind`, kinds);
  return report.problems.length === before ? kind : undefined;
}

/** An object with no other knobs than these; an unknown one is a problem, because a typo would silently be a default. */
function record(report: Report, value: unknown, path: string, knobs: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problem(report, path, `an object with ${knobs.join(', ')}`, value);
    return {};
  }
  for (const key of Object.keys(value)) {
    if (!knobs.includes(key)) problem(report, path === '' ? key : `${path}.${key}`, `one of ${knobs.join(', ')}`, key);
  }
  return value as Record<string, unknown>;
}

function duration(report: Report, value: unknown, path: string): Duration {
  const read =
    report.durations === 'microseconds' ? value : typeof value === 'string' ? parseDuration(value) : undefined;
  if (typeof read === 'number' && Number.isInteger(read) && read >= 0 && read <= LONGEST) return us(read);
  const form = report.durations === 'text' ? 'a duration such as `250ms`' : 'a whole number of microseconds';
  const known = typeof read === 'number' && read > LONGEST;
  problem(
    report,
    path,
    known ? `a duration of at most ${text(LONGEST)} (a setTimeout fires at once beyond)` : form,
    value,
  );
  return ZERO;
}

function whole(report: Report, value: unknown, path: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  problem(report, path, `a whole number from ${least} to ${most}`, value);
  return least;
}

function ratio(report: Report, value: unknown, path: string): Ratio {
  const given = value as Ratio | null | undefined;
  const sound = (part: unknown, least: number): boolean =>
    typeof part === 'number' && Number.isInteger(part) && part >= least && part <= RATIO_MAX;
  if (typeof given === 'object' && given !== null && sound(given.num, 0) && sound(given.of, 1)) {
    record(report, given, path, ['num', 'of']);
    return { num: given.num, of: given.of };
  }
  problem(report, path, `a ratio of whole numbers up to ${RATIO_MAX} such as { "num": 3, "of": 2 }`, value);
  return { num: 2, of: 1 };
}

function word<const T extends string>(report: Report, value: unknown, path: string, words: readonly [T, ...T[]]): T {
  const found = words.find((known) => known === value);
  if (found === undefined) problem(report, path, `one of ${words.map((known) => `\`${known}\``).join(', ')}`, value);
  return found ?? words[0];
}
