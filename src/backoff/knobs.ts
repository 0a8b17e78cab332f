/** How one knob of a policy is read: its value, or a problem with its place and the form that was expected. */
import type { Ratio } from '../machine.ts';
import { type Duration, us, ZERO } from '../time.ts';
import { durationOf, durationText, ratioOf } from './forms.ts';
import { LONGEST, RATIO_MAX } from './policy.ts';

/** One thing wrong in a policy. */
export interface Problem {
  /** Where: `delay.base`, `delay.delays[3]`. */
  readonly path: string;
  /** The form that would be accepted there. */
  readonly expected: string;
  /** What was found, as JSON, shortened; `nothing` for a knob that is missing. */
  readonly got: string;
}

/** What reading has found so far. Readers return a placeholder after a problem, so that all problems are found. */
export interface Report {
  readonly problems: Problem[];
  readonly durations: 'text' | 'microseconds';
}

export function problem(report: Report, path: string, expected: string, value: unknown): void {
  const json = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  report.problems.push({ path, expected, got: json.length > 60 ? `${json.slice(0, 57)}…` : json });
}

/** The `kind` of a union; undefined after a problem, because the other knobs can't be judged without it. */
export function kindOf<const T extends string>(
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
export function record(
  report: Report,
  value: unknown,
  path: string,
  knobs: readonly string[],
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problem(report, path, `an object with ${knobs.join(', ')}`, value);
    return {};
  }
  const [only, ...more] = knobs;
  const expected = more.length === 0 ? `no knob besides ${only}` : `one of ${knobs.join(', ')}`;
  for (const key of Object.keys(value)) {
    if (knobs.includes(key)) continue;
    const near = nearest(key, knobs);
    const meant = near === undefined ? '' : ` (did you mean ${near}?)`;
    problem(report, path === '' ? key : `${path}.${key}`, `${expected}${meant}`, key);
  }
  return value as Record<string, unknown>;
}

/** The knob that a slip of the pen may have meant: the one with the fewest letters changed, if they are a third at most. */
function nearest(given: string, knobs: readonly string[]): string | undefined {
  if (given.length > 40) return undefined;
  const of = (knob: string): number => changes(given.toLowerCase(), knob.toLowerCase());
  const near = knobs.reduce((best, knob) => (of(knob) < of(best) ? knob : best), knobs[0] ?? '');
  return 3 * of(near) <= Math.max(given.length, near.length) ? near : undefined;
}

/** Letters to change, add or take away (Levenshtein), where two that are swapped are one. */
function changes(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], [...Array(b.length + 1).keys()]];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? (before[j - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] as number;
}

/** A duration of at most `most`: in a text as people write it, in code in whole microseconds. */
export function duration(report: Report, value: unknown, path: string, most: Duration = LONGEST): Duration {
  const read = report.durations === 'microseconds' ? value : durationOf(value);
  if (typeof read === 'number' && Number.isInteger(read) && read >= 0 && read <= most) return us(read);
  const form = report.durations === 'text' ? 'a duration such as `250ms`' : 'a whole number of microseconds';
  const why = most === LONGEST ? ' (a setTimeout fires at once beyond)' : '';
  const known = typeof read === 'number' && read > most;
  problem(report, path, known ? `a duration of at most ${durationText(most)}${why}` : form, value);
  return ZERO;
}

/** A bound of waits. A timer waits `LONGEST` at most, so what is beyond, and null, is no bound. */
export function bound(report: Report, value: unknown, path: string): Duration {
  if (report.durations === 'microseconds') return duration(report, value, path);
  const read = value === null ? LONGEST : durationOf(value);
  return read !== undefined && read > LONGEST ? LONGEST : duration(report, value ?? durationText(LONGEST), path);
}

export function whole(report: Report, value: unknown, path: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  problem(report, path, `a whole number from ${least} to ${most}`, value);
  return least;
}

export function ratio(report: Report, value: unknown, path: string): Ratio {
  const given = report.durations === 'text' ? (ratioOf(value) ?? value) : value;
  const { num, of } = (given ?? {}) as { readonly num?: unknown; readonly of?: unknown };
  const sound = (part: unknown, least: number): part is number =>
    typeof part === 'number' && Number.isInteger(part) && part >= least && part <= RATIO_MAX;
  if (sound(num, 0) && sound(of, 1)) {
    record(report, given, path, ['num', 'of']);
    return { num, of };
  }
  const form = `a ratio of whole numbers up to ${RATIO_MAX} such as { "num": 3, "of": 2 }, "3/2" or 1.5`;
  problem(report, path, report.durations === 'text' ? form : form.replace(/, "3.*/, ''), value);
  return { num: 2, of: 1 };
}

export function truth(report: Report, value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') problem(report, path, 'true or false', value);
  return value === true;
}

export function word<const T extends string>(
  report: Report,
  value: unknown,
  path: string,
  words: readonly [T, ...T[]],
): T {
  const found = words.find((known) => known === value);
  if (found === undefined) problem(report, path, `one of ${words.map((known) => `\`${known}\``).join(', ')}`, value);
  return found ?? words[0];
}
