/**
 * Reads a policy that a person wrote, and reports every problem at once with its path and the form that was expected.
 *
 * It takes what people write: a duration with its unit (`250ms`, `1m30s`, `PT1S`) or as a bare number of milliseconds, as
 * `setTimeout` and the options of most libraries have it; a ratio as `1.6`, `"1618/1000"` or `{ "num": 3, "of": 2 }`; no
 * cap as `null`. What `printPolicy` prints has one form for each. Inside the program a duration is a `Duration` in
 * microseconds; `policyProblems` judges that form.
 * What passes here is what the laws of `nextDelay` and `envelope` are stated for.
 */
import type { Duration } from '../time.ts';
import { durationText } from './forms.ts';
import { duration, type Problem, problem, type Report, record, truth, whole, word } from './knobs.ts';
import { compareCurve, readCurve } from './parse-curve.ts';
import { readBudget, readModes, readThrottle, readWindow } from './parse-limits.ts';
import { ATTEMPT_MAX, LONGEST, POLICY_DEFAULTS, type Policy, SPAN_MAX } from './policy.ts';

export { KNOBS } from './parse-curve.ts';

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
  ...['base', 'step', 'floor', 'least', 'most', 'cap', 'ceiling', 'to', 'after', 'within'],
  ...['elapsedMax', 'stableAfter', 'idleAfter', 'retryAfterSpread', 'retryAfterMost'],
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

  const yesNo = (value: unknown, where: string): boolean => truth(report, value, where);
  const curve = readCurve(report, given, at, POLICY_DEFAULTS);
  const policy: Policy = {
    ...curve,
    atOnce: or('atOnce', yesNo),
    modes: or('modes', (value, where) => readModes(report, value, where, curve)),
    measuredFrom: or('measuredFrom', (value, where) => word(report, value, where, ['failure', 'dial'])),
    redraws: or('redraws', yesNo),
    attemptsMax: or(
      'attemptsMax',
      orNull((value, where) => whole(report, value, where, 0, ATTEMPT_MAX)),
    ),
    elapsedMax: or('elapsedMax', orNull(span)),
    budget: or(
      'budget',
      orNull((value, where) => readBudget(report, value, where)),
    ),
    window: or(
      'window',
      orNull((value, where) => readWindow(report, value, where)),
    ),
    throttle: or(
      'throttle',
      orNull((value, where) => readThrottle(report, value, where)),
    ),
    resetOn: or('resetOn', (value, where) => word(report, value, where, ['accepted', 'open', 'never'])),
    stableAfter: or('stableAfter', span),
    idleAfter: or('idleAfter', orNull(span)),
    retryAfter: or('retryAfter', (value, where) => word(report, value, where, ['honour', 'floor', 'exact', 'ignore'])),
    retryAfterSpread: or('retryAfterSpread', length),
    retryAfterMost: or('retryAfterMost', orNull(length)),
    overflow: or('overflow', (value, where) => word(report, value, where, ['longest', 'at-once'])),
  };
  // Knobs are compared only when each is sound by itself: a placeholder would raise a second, false problem.
  if (report.problems.length === 0) compare(report, policy, at);
  return policy;
}

/** The conditions between knobs. */
function compare(report: Report, policy: Policy, at: (knob: string) => string): void {
  compareCurve(report, policy, at);
  const { cap, overflow, redraws, measuredFrom } = policy;
  if (redraws && measuredFrom !== 'dial')
    problem(
      report,
      at('redraws'),
      '`measuredFrom: dial` beside it, because a wait from the failure is drawn once',
      true,
    );
  if (overflow === 'at-once' && cap !== LONGEST)
    problem(report, at('overflow'), '`cap: null` beside it, because under a cap nothing overflows', overflow);
}
