/**
 * The AWS SDKs: options of the JavaScript SDK v3 (`maxAttempts`, `retryMode`), of botocore (`retries`), and `~/.aws/config`
 * (`retry_mode`, `max_attempts`). They have no setting for the delays themselves.
 *
 * Errors that look like an outage are retried after up to 50 ms, doubling; those of throttling after up to 1 s. A dial that
 * fails is of the first kind.
 */
import type { Curve, Policy } from '../../../src/backoff/policy.ts';
import { type Duration, ms, seconds, ZERO } from '../../../src/time.ts';
import { isRecord, joined, type Place } from './document.ts';
import type { Found, Log, PolicyFormat } from './format.ts';
import { CUT_TO_MS, PLAIN, retriesOf } from './made.ts';
import { Part } from './part.ts';

const MODES = ['legacy', 'standard', 'adaptive'] as const;

export const AWS: PolicyFormat = {
  name: 'aws',
  title: 'AWS SDK retries (of requests, taken as dials)',
  library: '@smithy/core 3.41 and botocore 1.43',
  find: (places) =>
    places.flatMap((place) => {
      const { path, value } = place;
      const has = (...keys: readonly string[]): boolean => keys.some((key) => Object.hasOwn(value, key));
      if (has('retryMode') || (has('maxAttempts') && has('region', 'credentials', 'endpoint')))
        return [javascript(place)];
      if (
        has('retry_mode', 'AWS_RETRY_MODE') ||
        (has('max_attempts') && has('region', 'aws_access_key_id', 'output', 'sso_session'))
      )
        return [shared(place)];
      if (
        isRecord(value.retries) &&
        ['mode', 'max_attempts', 'total_max_attempts'].some((key) => Object.hasOwn(value.retries as object, key))
      )
        return [botocore({ path: joined(path, 'retries'), value: value.retries }, path)];
      return [];
    }),
  force: (place) =>
    isRecord(place.value.retries)
      ? botocore({ path: joined(place.path, 'retries'), value: place.value.retries }, place.path)
      : Object.hasOwn(place.value, 'maxAttempts') || Object.hasOwn(place.value, 'retryMode')
        ? javascript(place)
        : shared(place),
};

const javascript = (place: Place): Found => ({
  name: place.path === '' ? null : place.path,
  read(log) {
    const part = new Part(place, log);
    const attempts = part.number(['maxAttempts'], 3, { least: 1, whole: true });
    const mode = part.word(['retryMode'], ['standard', 'adaptive'], 'standard');
    part.rest({}, 'the SDK');
    return policyFor(log, mode, attempts);
  },
});

const shared = (place: Place): Found => ({
  name: place.path === '' ? null : place.path.replace(/^profile /, ''),
  read(log) {
    const part = new Part(place, log);
    const mode = part.word(['retry_mode', 'AWS_RETRY_MODE'], MODES, 'standard');
    const attempts = part.number(['max_attempts', 'AWS_MAX_ATTEMPTS'], mode === 'legacy' ? 5 : 3, {
      least: 1,
      whole: true,
    });
    return policyFor(log, mode, attempts);
  },
});

const botocore = (place: Place, around: string): Found => ({
  name: around === '' ? null : around,
  read(log) {
    const part = new Part(place, log);
    const mode = part.word(['mode'], MODES, 'legacy');
    const total = part.has('total_max_attempts')
      ? part.number(['total_max_attempts'], 3, { least: 1, whole: true })
      : part.has('max_attempts')
        ? part.number(['max_attempts'], 2, { whole: true }) + 1
        : part.number(['total_max_attempts'], mode === 'legacy' ? 5 : 3);
    part.rest({}, 'botocore');
    return policyFor(log, mode, total);
  },
});

function policyFor(log: Log, mode: (typeof MODES)[number], attempts: number): Policy {
  const curve = (base: Duration): Curve => ({
    delay: { kind: 'exponential', base, factor: { num: 2, of: 1 }, compounds: false },
    jitter: { kind: 'full', floor: ZERO },
    first: null,
    cap: seconds(20),
    ceiling: null,
    capOn: 'range',
    rounding: mode === 'legacy' ? null : CUT_TO_MS,
  });
  const attemptsMax = retriesOf(attempts - 1);
  if (mode === 'legacy') {
    log.notes.push('legacy: delays are up to 1 s, doubling without a cap: 20 s here');
    return { ...PLAIN, ...curve(seconds(1)), attemptsMax };
  }
  log.notes.push('delays are fixed: up to 50 ms, doubling to 20 s; up to 1 s, doubling, after a refusal for overload');
  log.notes.push(
    '500 tokens are shared by all requests of an SDK client, and a retry costs 14 of them: here each client has its own',
  );
  if (mode === 'adaptive')
    log.notes.push('adaptive: the SDK limits its rate of requests, too, which no policy here does');
  return {
    ...PLAIN,
    ...curve(ms(50)),
    modes: [{ on: 'overloaded', after: null, cuts: false, ...curve(seconds(1)) }],
    attemptsMax,
    budget: {
      tokens: 500,
      cost: 14,
      reserve: null,
      perSuccess: { num: 14, of: 1 },
      perSecond: { num: 0, of: 1 },
      empty: 'stop',
    },
    retryAfter: 'floor',
    retryAfterMost: seconds(5),
  };
}
