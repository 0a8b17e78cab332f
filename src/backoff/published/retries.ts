/** Libraries that retry a call: most reconnecting code is written with one of them. */
import { ms, seconds, ZERO } from '../../time.ts';
import { LONGEST, type Policy, type Preset } from '../policy.ts';
import { doubling, LIBRARY, MILLISECONDS } from './library.ts';

const cockatiel: Policy = {
  ...LIBRARY,
  delay: { kind: 'exponential', base: ms(128), factor: doubling, compounds: false },
  cap: seconds(30),
};

/** 1 s, doubling for ever: the tenth retry comes after 8.5 minutes, the 23rd would overflow a timer. */
const retry: Policy = {
  ...LIBRARY,
  delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
  rounding: MILLISECONDS.nearest,
  cap: LONGEST,
  attemptsMax: 10,
  overflow: 'at-once',
};
const RANDOMIZED = { kind: 'proportional', below: { num: 0, of: 1 }, above: { num: 1, of: 1 } } as const;

const backoff: Policy = {
  ...LIBRARY,
  delay: { kind: 'exponential', base: ms(100), factor: doubling, compounds: false },
  cap: LONGEST,
  attemptsMax: 9,
  overflow: 'at-once',
};

/** What libraries of this kind leave to their caller. */
const LIMIT = 'the number of attempts, which its caller gives';

export const RETRIES = {
  cockatiel: {
    about: 'about 0.13 s, doubling smoothly to exactly 30 s: decorrelated jitter of the second kind',
    formula: 'min(cap, (F(n + u) - F(n - 1 + u of the last)) * base / 1.4), F(t) = 2^t * tanh(sqrt(4 t))',
    source: 'cockatiel@4.0.0 ExponentialBackoff, decorrelatedJitterGenerator',
    lacks: LIMIT,
    policy: { ...cockatiel, jitter: { kind: 'decorrelated-v2' } },
  },
  'cockatiel-none': {
    about: '128 ms doubling to 30 s, no jitter',
    formula: 'min(cap, base * 2^n)',
    source: 'cockatiel@4.0.0 noJitterGenerator',
    lacks: LIMIT,
    policy: cockatiel,
  },
  'cockatiel-full': {
    about: '0 to 128 ms, doubling to 30 s',
    formula: 'floor(u * min(cap, base * 2^n))',
    source: 'cockatiel@4.0.0 fullJitterGenerator',
    lacks: LIMIT,
    policy: { ...cockatiel, jitter: { kind: 'full', floor: ZERO }, rounding: MILLISECONDS.down },
  },
  'cockatiel-half': {
    about: '64 to 128 ms, doubling to 30 s',
    formula: 'v / 2 + floor(u * v / 2), v = min(cap, base * 2^n)',
    source: 'cockatiel@4.0.0 halfJitterGenerator',
    lacks: LIMIT,
    policy: { ...cockatiel, jitter: { kind: 'equal' }, rounding: MILLISECONDS.down },
  },
  polly: {
    about: 'about 1 s, doubling smoothly without a cap, 5 retries: decorrelated jitter of the second kind',
    formula: '(F(n + u) - F(n - 1 + u of the last)) * base / 1.4, F(t) = 2^t * tanh(sqrt(4 t))',
    source: 'Polly.Contrib.WaitAndRetry DecorrelatedJitterBackoffV2, with the numbers of its documentation',
    lacks: null,
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
      jitter: { kind: 'decorrelated-v2' },
      cap: LONGEST,
      attemptsMax: 5,
    },
  },
  retry: {
    about: '1 s doubling for ever, no jitter, 10 retries in 17 minutes; with more than 22 it fires at once',
    formula: 'round(base * 2^n)',
    source: 'retry@0.13.1 lib/retry',
    lacks: null,
    policy: retry,
  },
  /** The list of delays is sorted, which changes nothing: no draw of one reaches into the next. */
  'retry-randomized': {
    about: '1 to 2 s, doubling for ever, 10 retries',
    formula: 'round((1 + u) * base * 2^n), sorted',
    source: 'retry@0.13.1 lib/retry, randomize',
    lacks: 'that all delays are drawn at the start',
    policy: { ...retry, jitter: RANDOMIZED },
  },
  'p-retry': {
    about: '1 s doubling to 24.8 days, no jitter, 10 retries',
    formula: 'min(2^31 - 1 ms, round(base * 2^n))',
    source: 'p-retry@9.0.0',
    lacks: null,
    policy: { ...retry, overflow: 'longest' },
  },
  'p-retry-randomized': {
    about: '1 to 2 s, doubling to 24.8 days, 10 retries',
    formula: 'min(2^31 - 1 ms, round((1 + u) * base * 2^n))',
    source: 'p-retry@9.0.0, randomize',
    lacks: null,
    policy: { ...retry, jitter: RANDOMIZED, capOn: 'draw', overflow: 'longest' },
  },
  'exponential-backoff': {
    about: '100 ms doubling for ever, no jitter, 9 retries in 51 s; with more than 25 it fires at once',
    formula: 'base * 2^n',
    source: 'exponential-backoff@3.1.3',
    lacks: null,
    policy: backoff,
  },
  'exponential-backoff-full': {
    about: '0 to 100 ms, doubling for ever, 9 retries',
    formula: 'round(u * base * 2^n)',
    source: 'exponential-backoff@3.1.3, jitter: full',
    lacks: null,
    policy: { ...backoff, jitter: { kind: 'full', floor: ZERO }, rounding: MILLISECONDS.nearest },
  },
  undici: {
    about: '0.5 s doubling to 30 s, no jitter, 5 retries; a retry-after is obeyed to the letter: all meet there',
    formula: 'min(cap, base * 2^n); with a hint h: min(h, 30 s)',
    source: 'undici@8.12.4 RetryHandler',
    lacks: null,
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: ms(500), factor: doubling, compounds: false },
      cap: seconds(30),
      attemptsMax: 5,
      retryAfter: 'exact',
      retryAfterMost: seconds(30),
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;
