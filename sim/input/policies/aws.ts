/**
 * The AWS SDKs: options of the JavaScript SDK v3 (`maxAttempts`, `retryMode`), of botocore (`retries`), and `~/.aws/config`
 * (`retry_mode`, `max_attempts`). They have no setting for the delays themselves.
 *
 * Errors that look like an outage are retried after up to 50 ms, doubling; those of throttling after up to 1 s. A dial that
 * fails is of the first kind.
 */
import type { Policy } from '../../../src/backoff/policy.ts';
import { ms, seconds, ZERO } from '../../../src/time.ts';
import { isRecord, joined, type Place } from './document.ts';
import type { Found, Log, PolicyFormat } from './format.ts';
import { PLAIN, retriesOf } from './made.ts';
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
  log.notes.push('delays: up to 50 ms, doubling to 20 s; after a refusal for throttling up to 1 s instead');
  log.notes.push('a bucket of 500 tokens that all requests of a client share');
  if (mode === 'adaptive')
    log.notes.push('adaptive: the client also limits its own rate of requests, which no policy here does');
  return {
    ...PLAIN,
    delay: {
      kind: 'exponential',
      base: mode === 'legacy' ? seconds(1) : ms(50),
      factor: { num: 2, of: 1 },
      compounds: false,
    },
    jitter: { kind: 'full', floor: ZERO },
    cap: seconds(20),
    attemptsMax: retriesOf(attempts - 1),
  };
}
