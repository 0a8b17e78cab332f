/**
 * Polly: the retry strategy as `Microsoft.Extensions.Http.Resilience` reads it from appsettings.json. .NET takes keys in any
 * case and a `TimeSpan` as text.
 */
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { type Duration, seconds, us } from '../../../src/time.ts';
import { byKeys } from './by-keys.ts';
import { TIMESPAN } from './durations.ts';
import type { PolicyFormat } from './format.ts';
import { growing, PLAIN, retriesOf, waitOf } from './made.ts';
import { caseless, type Part } from './part.ts';

const CALLS = 'which requests are retried, not when';

const TYPICAL: readonly string[] = ['backofftype', 'usejitter', 'delay', 'maxdelay', 'shouldretryafterheader'];
const STRANGE =
  /^(max(attempts|retries)|retry(count|delay)|(base|initial)delay|backoffmultiplier|retrymode|waitduration)$|(seconds|minutes|ms)$/i;

export const POLLY: PolicyFormat = byKeys({
  name: 'polly',
  title: 'Polly retry strategy (retries of requests, taken as dials)',
  library: 'Microsoft.Extensions.Http.Resilience 10',
  any: ['BackoffType', 'UseJitter', 'MaxRetryAttempts'],
  // Settings of somebody's own, which code makes a strategy of: they would be read half.
  unless: (keys) => keys.some((key) => STRANGE.test(key)) || !keys.some((key) => TYPICAL.includes(caseless(key))),
  fold: caseless,
  others: {
    Name: CALLS,
    ShouldRetryAfterHeader: CALLS,
    ShouldHandle: CALLS,
    DelayGenerator: 'a function, which takes the place of all of this',
    OnRetry: CALLS,
  },
  read(part) {
    const retries = part.number(['MaxRetryAttempts'], 3, { least: 1, whole: true });
    const type = part.word(['BackoffType'], ['Constant', 'Linear', 'Exponential'], 'Exponential');
    const jitter = part.truth(['UseJitter'], true);
    const base = part.duration(['Delay'], TIMESPAN, seconds(2));
    const given = part.duration(['MaxDelay'], TIMESPAN, null);
    const cap = given === null ? LONGEST : waitOf(part, 'MaxDelay', given);
    for (const key of ['Delay', 'MaxDelay'])
      if (/^\d+$/.test(String(part.get(key) ?? ''))) part.note(`${key}: a TimeSpan without colons is days in .NET`);
    const hint = part.truth(['ShouldRetryAfterHeader'], true);
    return {
      ...PLAIN,
      ...shape(part, type, jitter, base, cap),
      attemptsMax: retriesOf(retries),
      retryAfter: hint ? 'exact' : 'ignore',
    };
  },
});

function shape(
  part: Part,
  type: 'Constant' | 'Linear' | 'Exponential',
  jitter: boolean,
  base: Duration,
  cap: Duration,
): Pick<Policy, 'delay' | 'jitter' | 'cap' | 'ceiling' | 'capOn'> {
  const first = us(Math.min(base, cap));
  const quarter = { num: 1, of: 4 };
  const cut = { cap, ceiling: LONGEST, capOn: 'draw' as const };
  const around = {
    jitter: jitter ? { kind: 'proportional' as const, below: quarter, above: quarter } : { kind: 'none' as const },
    ...cut,
  };
  if (type === 'Constant' || base === 0) return { delay: { kind: 'constant', base: first }, ...around };
  if (type === 'Linear') return { delay: { kind: 'linear', base: first, step: base }, ...around };
  const delay = growing(part, { base, factor: 2, cap, names: ['Delay', 'factor'] });
  return { delay, jitter: { kind: jitter ? 'decorrelated-v2' : 'none' }, cap, ceiling: null, capOn: 'range' };
}
