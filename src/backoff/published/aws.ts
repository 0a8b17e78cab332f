/** The policies of AWS: its experiment on jitter, and its SDK. */
import { ms, seconds, ZERO } from '../../time.ts';
import { type Budget, LONGEST, type Policy, type Preset } from '../policy.ts';
import { doubling, LIBRARY, MILLISECONDS } from './library.ts';

/** The experiment: 10, 20, 40, … 1,280, 2,000 ms (base 5 ms, but the counter is 1 at first use). */
const EXPERIMENT: Policy = {
  ...LIBRARY,
  delay: { kind: 'exponential', base: ms(10), factor: doubling, compounds: false },
  cap: seconds(2),
};

/** 500 tokens for all requests of a client; a success pays back what its retry cost. */
const bucket = (cost: number): Budget => ({
  tokens: 500,
  cost,
  reserve: null,
  perSuccess: { num: cost, of: 1 },
  perSecond: { num: 0, of: 1 },
  empty: 'stop',
});

const standard = (base: number, cost: number): Policy => ({
  ...LIBRARY,
  delay: { kind: 'exponential', base: ms(base), factor: doubling, compounds: false },
  jitter: { kind: 'full', floor: ZERO },
  rounding: MILLISECONDS.down,
  attemptsMax: 2,
  budget: bucket(cost),
  retryAfter: 'floor',
  retryAfterMost: seconds(5),
});

/** A success without a retry pays 1 token, which a client of one connection does not have. */
const PER_SUCCESS = 'a success that needed no retry pays 1 token, here as much as a retry costs';

export const AWS = {
  'aws-none': {
    about: 'at once, always: the control case of the AWS experiment',
    formula: '0',
    source: 'aws-arch-backoff-simulator@66cb169 NoBackoff',
    lacks: null,
    policy: { ...LIBRARY, delay: { kind: 'constant', base: ZERO }, cap: seconds(2) },
  },
  'aws-exponential': {
    about: '10 ms doubling to 2 s, no jitter',
    formula: 'min(cap, base * 2^n)',
    source: 'aws-arch-backoff-simulator@66cb169 ExpoBackoff',
    lacks: null,
    policy: EXPERIMENT,
  },
  'aws-full-jitter': {
    about: '0 to 10 ms, doubling to 2 s',
    formula: 'u * min(cap, base * 2^n)',
    source: 'aws-arch-backoff-simulator@66cb169 ExpoBackoffFullJitter',
    lacks: null,
    policy: { ...EXPERIMENT, jitter: { kind: 'full', floor: ZERO } },
  },
  'aws-equal-jitter': {
    about: '5 to 10 ms, doubling to 2 s',
    formula: 'v / 2 + u * v / 2, v = min(cap, base * 2^n)',
    source: 'aws-arch-backoff-simulator@66cb169 ExpoBackoffEqualJitter',
    lacks: null,
    policy: { ...EXPERIMENT, jitter: { kind: 'equal' } },
  },
  /** The range reaches past the cap and the draw is cut: at the cap two clients in three wait exactly 2 s. */
  'aws-decorrelated': {
    about: '5 ms to 3x the previous delay, drawn before the 2 s cap: clients pile up at it',
    formula: 'min(cap, base + u * (3 * previous - base))',
    source: 'aws-arch-backoff-simulator@66cb169 ExpoBackoffDecorr',
    lacks: null,
    policy: {
      ...EXPERIMENT,
      delay: { kind: 'constant', base: ms(5) },
      jitter: { kind: 'decorrelated', factor: { num: 3, of: 1 } },
      ceiling: LONGEST,
      capOn: 'draw',
    },
  },
  'aws-sdk': {
    about: '0 to 50 ms, doubling to 20 s, 2 retries, 14 of 500 tokens each',
    formula: 'floor(u * min(cap, base * 2^n)); with a hint h: max(d, min(h, d + 5 s))',
    source: '@smithy/core@3.41.0 DefaultRetryBackoffStrategy, StandardRetryStrategy, transient errors',
    lacks: PER_SUCCESS,
    policy: standard(50, 14),
  },
  'aws-sdk-throttling': {
    about: '0 to 1 s, doubling to 20 s, 2 retries, 5 of 500 tokens each',
    formula: 'floor(u * min(cap, base * 2^n)); with a hint h: max(d, min(h, d + 5 s))',
    source: '@smithy/core@3.41.0 DefaultRetryBackoffStrategy, StandardRetryStrategy, throttling errors',
    lacks: PER_SUCCESS,
    policy: standard(1000, 5),
  },
  'aws-sdk-adaptive': {
    about: 'as aws-sdk-throttling, and at most one dial in two seconds',
    formula: 'floor(u * min(cap, base * 2^n)), not before a token: 1 token, 0.5 a second',
    source: '@smithy/core@3.41.0 AdaptiveRetryStrategy, DefaultRateLimiter',
    lacks:
      'the cubic rate limiter (0.7 x the rate at each throttle, then 0.4 * (t - K)^3 + max): a client of one connection measures no rate above its floor of 0.5 a second, which is what stands here; and the bucket of 500 tokens beside it',
    policy: {
      ...standard(1000, 5),
      budget: {
        tokens: 1,
        cost: 1,
        reserve: null,
        perSuccess: { num: 0, of: 1 },
        perSecond: { num: 1, of: 2 },
        empty: 'wait',
      },
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;
