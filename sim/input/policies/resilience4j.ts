/**
 * resilience4j: `resilience4j.retry` of a Spring Boot application, as YAML or properties. An instance takes what it does not
 * set from its `baseConfig`, or from the config named `default`.
 */
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { ms } from '../../../src/time.ts';
import { isRecord, joined, type Place } from './document.ts';
import { SPRING } from './durations.ts';
import type { Found, Log, PolicyFormat } from './format.ts';
import { CUT_TO_MS, growing, PLAIN, ratioBy, retriesOf, waitOf } from './made.ts';
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

/** Settings of a base that count beside an instance's own; every other setting comes with the base or not at all. */
const MERGED = [
  'enableexponentialbackoff',
  'enablerandomizedwait',
  'exponentialbackoffmultiplier',
  'exponentialmaxwaitduration',
];

const found = (name: string | null, place: Place, chain: readonly Place[]): Found => ({
  name,
  read: (log) => read(place, chain, log),
});

/** A setting of an object, under any of its names. */
function own({ value }: Place, ...names: readonly string[]): [key: string, value: unknown] | undefined {
  return Object.entries(value).find(([key, set]) => names.includes(relaxed(key)) && set !== null && set !== undefined);
}

/**
 * The wait comes from the nearest object of the chain that sets `waitDuration`, together with what that object says of
 * growth and randomness: an instance that sets these alone changes nothing.
 */
function read(place: Place, chain: readonly Place[], log: Log): Policy {
  const at = chain.findIndex((each) => own(each, 'waitduration') !== undefined);
  const source = chain[at];
  const base = chain[at + 1];
  const settings: Record<string, unknown> = {};
  for (const each of chain) {
    const attempts = own(each, 'maxattempts', 'maxretryattempts');
    if (attempts !== undefined && Number(attempts[1]) !== 0) {
      settings[attempts[0]] = attempts[1];
      break;
    }
  }
  if (source !== undefined) {
    if (base !== undefined)
      for (const name of MERGED) {
        const merged = own(base, name);
        if (merged !== undefined && own(source, name) === undefined) settings[merged[0]] = merged[1];
      }
    for (const [key, set] of Object.entries(source.value))
      if (!['maxattempts', 'maxretryattempts'].includes(relaxed(key))) settings[key] = set;
  }
  const part = new Part({ path: place.path, value: settings }, log, relaxed);
  const policy = policyOf(part);
  if (source !== place) {
    const lost = MERGED.flatMap((name) => own(place, name)?.[0] ?? []);
    if (lost.length > 0) part.note(`${lost.join(', ')}: no effect in an instance without a waitDuration of its own`);
  }
  return policy;
}

function policyOf(part: Part): Policy {
  const attempts = part.number(['maxAttempts', 'maxRetryAttempts'], 3, { least: 1, whole: true });
  const base = part.duration(['waitDuration'], SPRING, ms(500));
  if (base < 1000) part.problem(['waitDuration'], 'a duration of 1 ms or more', part.get('waitDuration'));
  const exponential = part.truth(['enableExponentialBackoff'], false);
  const randomized = part.truth(['enableRandomizedWait'], false);
  const factor = exponential ? part.number(['exponentialBackoffMultiplier'], 1.5) : 1;
  const most = exponential ? part.duration(['exponentialMaxWaitDuration'], SPRING, null) : null;
  const share = randomized ? part.number(['randomizedWaitFactor'], 0.5, { most: 1 }) : 0;
  const isGiven = (name: string): boolean => part.get(name) !== undefined;
  // The library takes the most only together with every other setting of the same kind.
  const counts = isGiven('exponentialBackoffMultiplier') && (!randomized || isGiven('randomizedWaitFactor'));
  if (most !== null && !counts)
    part.note(
      `exponentialMaxWaitDuration: no effect without ${isGiven('exponentialBackoffMultiplier') ? 'randomizedWaitFactor' : 'exponentialBackoffMultiplier'} beside it`,
    );
  if (!exponential)
    for (const name of ['exponentialBackoffMultiplier', 'exponentialMaxWaitDuration'])
      if (isGiven(name)) part.note(`${name}: no effect without enableExponentialBackoff`);
  if (!randomized && isGiven('randomizedWaitFactor'))
    part.note('randomizedWaitFactor: no effect without enableRandomizedWait');
  part.rest(OTHERS, 'resilience4j');
  const cap = most === null || !counts ? LONGEST : waitOf(part, 'exponentialMaxWaitDuration', most);
  const around = ratioBy(part, 'randomizedWaitFactor', share);
  return {
    ...PLAIN,
    delay: growing(part, { base, factor, cap, names: ['waitDuration', 'exponentialBackoffMultiplier'] }),
    jitter: share === 0 ? { kind: 'none' } : { kind: 'proportional', below: around, above: around },
    cap,
    ceiling: share === 0 ? null : LONGEST,
    capOn: share === 0 ? 'range' : 'draw',
    rounding: share === 0 ? null : CUT_TO_MS,
    attemptsMax: retriesOf(attempts - 1),
  };
}

const OTHERS = {
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
};
