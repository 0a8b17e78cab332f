/**
 * resilience4j: `resilience4j.retry` of a Spring Boot application, as YAML or properties. An instance takes what it does not
 * set from its `baseConfig`, or from the config named `default`.
 */
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { ms, us } from '../../../src/time.ts';
import { isRecord, joined, type Place } from './document.ts';
import { SPRING } from './durations.ts';
import type { Found, Log, PolicyFormat } from './format.ts';
import { growing, PLAIN, ratioBy, retriesOf, waitOf } from './made.ts';
import { numberOf } from './numbers.ts';
import { Part, relaxed } from './part.ts';

const CALLS = 'which calls are retried, not when';

const KEYS = [
  'waitduration',
  'maxattempts',
  'maxretryattempts',
  'enableexponentialbackoff',
  'enablerandomizedwait',
  'exponentialbackoffmultiplier',
];

const isInstance = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isRecord(value) && Object.keys(value).some((key) => KEYS.includes(relaxed(key)));

export const RESILIENCE4J: PolicyFormat = {
  name: 'resilience4j',
  title: 'resilience4j retry (retries of calls, taken as dials)',
  library: 'resilience4j 2.4',
  find: (places) => places.flatMap(retriesIn),
  force: (place) => found(null, place, [place]),
};

/** The instances below `resilience4j.retry`, however the two words are nested. */
function retriesIn({ path, value }: Place): readonly Found[] {
  const below = (name: string, key: string): Place[] => {
    const part = value[key];
    return relaxed(key) === name && isRecord(part) ? [{ path: joined(path, key), value: part }] : [];
  };
  const retries = Object.keys(value).flatMap((key) => [
    ...below('resilience4j.retry', key),
    ...below('resilience4j', key).flatMap(({ path, value }) =>
      Object.entries(value).flatMap(([inner, part]) =>
        relaxed(inner) === 'retry' && isRecord(part) ? [{ path: joined(path, inner), value: part }] : [],
      ),
    ),
  ]);
  return retries.flatMap((retry) => {
    const configs = groupOf(retry, 'configs');
    const instances = [...groupOf(retry, 'instances'), ...groupOf(retry, 'backends')];
    return (instances.length > 0 ? instances : configs).map((place) => {
      const name = place.path.slice(place.path.lastIndexOf('.') + 1);
      return found(name, place, basesOf(place, configs));
    });
  });
}

const groupOf = ({ path, value }: Place, name: string): readonly Place[] =>
  Object.entries(value).flatMap(([key, group]) =>
    relaxed(key) === name && isRecord(group)
      ? Object.entries(group).flatMap(([each, part]) => {
          const settings = part === null || part === '' ? {} : part;
          return isRecord(settings) && (isInstance(settings) || Object.keys(settings).length < 4)
            ? [{ path: joined(joined(path, key), each), value: settings }]
            : [];
        })
      : [],
  );

/** A place, and those that it takes from, nearest first. */
function basesOf(place: Place, configs: readonly Place[]): readonly Place[] {
  const chain: Place[] = [place];
  for (let at: Place | undefined = place; at !== undefined && chain.length < 10; ) {
    const asked: unknown = Object.entries(at.value).find(([key]) => relaxed(key) === 'baseconfig')?.[1];
    const name: string = typeof asked === 'string' ? asked : 'default';
    at = configs.find((config) => config.path.endsWith(`.${name}`) && !chain.includes(config));
    if (at !== undefined) chain.push(at);
  }
  return chain;
}

function found(name: string | null, place: Place, chain: readonly Place[]): Found {
  return {
    name,
    read(log) {
      const settings: Record<string, unknown> = {};
      for (const { value } of [...chain].reverse())
        for (const [key, set] of Object.entries(value)) {
          for (const before of Object.keys(settings)) if (relaxed(before) === relaxed(key)) delete settings[before];
          settings[key] = set;
        }
      return read(new Part({ path: place.path, value: settings }, log, relaxed), log);
    },
  };
}

function read(part: Part, log: Log): Policy {
  const attempts = part.number(['maxAttempts', 'maxRetryAttempts'], 3, { whole: true });
  const base = part.duration(['waitDuration'], SPRING, ms(500));
  const exponential = part.truth(['enableExponentialBackoff'], false);
  const randomized = part.truth(['enableRandomizedWait'], false);
  if (base < 1000) part.problem(['waitDuration'], 'a duration of 1 ms or more', part.get('waitDuration'));
  const factor = exponential ? part.number(['exponentialBackoffMultiplier'], 1.5) : 1;
  const most = exponential ? part.duration(['exponentialMaxWaitDuration'], SPRING, null) : null;
  const share = randomized ? part.number(['randomizedWaitFactor'], 0.5, { most: 1 }) : 0;
  const unused = 'has no effect';
  if (
    !exponential &&
    part.has('exponentialBackoffMultiplier') &&
    numberOf(part.get('exponentialBackoffMultiplier')) !== undefined
  )
    part.note(`exponentialBackoffMultiplier: ${unused} without enableExponentialBackoff`);
  if (!exponential && part.get('exponentialMaxWaitDuration') !== undefined)
    part.note(`exponentialMaxWaitDuration: ${unused} without enableExponentialBackoff`);
  if (!randomized && part.get('randomizedWaitFactor') !== undefined)
    part.note(`randomizedWaitFactor: ${unused} without enableRandomizedWait`);
  part.rest(
    {
      baseConfig: 'where the other settings come from',
      retryExceptions: CALLS,
      ignoreExceptions: CALLS,
      retryExceptionPredicate: CALLS,
      resultPredicate: CALLS,
      failAfterMaxAttempts: CALLS,
      eventConsumerBufferSize: CALLS,
      registerHealthIndicator: CALLS,
      intervalBiFunction: 'a class, which takes the place of waitDuration',
      consumeResultBeforeRetryAttempt: CALLS,
    },
    'resilience4j',
  );
  log.missing.sort();
  const cap = most === null ? LONGEST : waitOf(part, 'exponentialMaxWaitDuration', most);
  const around = ratioBy(part, 'randomizedWaitFactor', share);
  return {
    ...PLAIN,
    delay: growing(part, { base, factor, cap, names: ['waitDuration', 'exponentialBackoffMultiplier'] }),
    jitter: share === 0 ? { kind: 'none' } : { kind: 'proportional', below: around, above: around },
    cap: us(cap),
    ceiling: LONGEST,
    capOn: 'draw',
    attemptsMax: attempts === 0 ? 2 : retriesOf(attempts - 1),
  };
}
