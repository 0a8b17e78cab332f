/** gRPC, and the retries of Finagle, Linkerd and of Google's SRE book. */
import { ms, seconds, ZERO } from '../../time.ts';
import { LONGEST, type Policy, type Preset } from '../policy.ts';
import { doubling, LIBRARY } from './library.ts';

/** `ConnectWithBackoff` tries first, and sleeps only then: the first attempt of an outage waits for nothing. */
const connection = (compounds: boolean): Policy => ({
  ...LIBRARY,
  delay: { kind: 'exponential', base: seconds(1), factor: { num: 16, of: 10 }, compounds },
  jitter: { kind: 'proportional', below: { num: 1, of: 5 }, above: { num: 1, of: 5 } },
  atOnce: true,
  first: { least: seconds(1), most: seconds(1) },
  ceiling: seconds(120),
  cap: seconds(144),
  measuredFrom: 'dial',
});

/** A schedule of Finagle from 5 s to 5 minutes, as its failure accrual has it. The first wait has no jitter. */
const finagle: Omit<Policy, 'delay'> = {
  ...LIBRARY,
  first: { least: seconds(5), most: seconds(5) },
  cap: seconds(300),
};

/** A retry is made at once, if the budget has it; what is withdrawn counts for 10 s. */
const budget: Policy = {
  ...LIBRARY,
  delay: { kind: 'constant', base: ZERO },
  window: { dials: 100, within: seconds(10), full: 'stop' },
};
const DEPOSITS =
  'that each request adds a fifth of a retry: a client that only reconnects lives on the reserve of 10 a second';

export const RPC = {
  /**
   * A client that loses a READY connection connects again at once; only the next wait begins the curve, without jitter,
   * and each drawn delay is multiplied again.
   */
  grpc: {
    about: 'at once, 1 s exactly, then 1.6x the previous delay +-20 %, to 120 s +-20 %, from dial to dial',
    formula: 'd = v * (1 - 0.2 + 0.4 * u), v = min(120 s, 1.6 * previous d)',
    source: '@grpc/grpc-js@1.14.7 backoff-timeout, subchannel',
    lacks: 'that a channel without calls does not dial',
    policy: connection(true),
  },
  'grpc-spec': {
    about: 'at once, 1 s exactly, then 1.6x of the ideal curve +-20 %, to 120 s +-20 %, from dial to dial',
    formula: 'v * (1 - 0.2 + 0.4 * u), v = min(120 s, 1.6^n s)',
    source: 'grpc doc/connection-backoff.md',
    lacks: 'that a dial gets 20 s at least',
    policy: connection(false),
  },
  'grpc-call': {
    about: '80 to 120 ms, doubling to 1 s +-20 %, 3 retries, as long as more than half of 10 tokens are left',
    formula: '(0.8 + 0.4 * u) * min(1 s, 100 ms * 2^n); a failure takes 1 token, a success brings 0.1',
    source: '@grpc/grpc-js@1.14.7 retrying-call, with the numbers of the example in gRFC A6',
    lacks: 'that a hint of the server resets the curve, and that tokens go on to be taken where there is no retry',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: ms(100), factor: doubling, compounds: false },
      jitter: { kind: 'proportional', below: { num: 1, of: 5 }, above: { num: 1, of: 5 } },
      ceiling: seconds(1),
      cap: ms(1200),
      attemptsMax: 3,
      budget: {
        tokens: 10,
        cost: 1,
        reserve: 5,
        perSuccess: { num: 1, of: 10 },
        perSecond: { num: 0, of: 1 },
        empty: 'stop',
      },
      retryAfter: 'exact',
    },
  },
  'finagle-decorrelated': {
    about: '5 s, then from the previous delay to 3x it, to 5 minutes: a ratchet, never shorter again',
    formula: 'previous + u * (min(cap, 3 * previous) - previous)',
    source: 'finagle@4feb34cb9 Backoff.decorrelatedJittered',
    lacks: null,
    policy: {
      ...finagle,
      delay: { kind: 'constant', base: seconds(5) },
      jitter: { kind: 'decorrelated', factor: { num: 3, of: 1 }, ratchet: true },
    },
  },
  'finagle-equal': {
    about: '5 s, then 5 to 10 s, doubling to exactly 5 minutes: no jitter there',
    formula: 'min(cap, v / 2 + u * v / 2), v = base * 2^n',
    source: 'finagle@4feb34cb9 Backoff.equalJittered, as FailureAccrualFactory has it',
    lacks: null,
    policy: {
      ...finagle,
      delay: { kind: 'exponential', base: seconds(5), factor: doubling, compounds: false },
      jitter: { kind: 'equal' },
      ceiling: LONGEST,
      capOn: 'draw',
    },
  },
  'finagle-exponential': {
    about: '5 s, then 0 to 2^n times the previous delay, to exactly 5 minutes: no jitter there',
    formula: 'u * previous * 2^n, and the cap for good once previous * 2^n reaches it',
    source: 'finagle@4feb34cb9 Backoff.exponentialJittered',
    lacks: null,
    policy: {
      ...finagle,
      delay: { kind: 'exponential', base: seconds(5), factor: doubling, compounds: true, steepens: true },
      jitter: { kind: 'full', floor: ZERO },
      capOn: 'value',
    },
  },
  'finagle-budget': {
    about: 'at once, as long as no more than 100 retries are made in 10 s',
    formula: '0 while retries of the last 10 s < 10 a second * 10 s + 0.2 * requests',
    source: 'finagle@4feb34cb9 RetryBudget',
    lacks: DEPOSITS,
    policy: budget,
  },
  'linkerd-budget': {
    about: 'at once, as long as no more than 100 retries are made in 10 s',
    formula: '0 while retries of the last 10 s < 10 a second * 10 s + 0.2 * requests',
    source: 'Linkerd 2 ServiceProfile retryBudget, as in its documentation',
    lacks: DEPOSITS,
    policy: budget,
  },
  'sre-throttling': {
    about: 'every 1 s, given up locally with a probability that grows as nothing is accepted: at most 9 of 10',
    formula: '1 s, again with p = min(0.9, max(0, (requests - 2 * accepts) / (requests + 1))) of the last 2 minutes',
    source: 'Site Reliability Engineering, chapter 21, equation 21-1',
    lacks: 'the pace of requests, which is that of users: here 1 s; and the bound of p is not of the book',
    policy: {
      ...LIBRARY,
      delay: { kind: 'constant', base: seconds(1) },
      throttle: { k: { num: 2, of: 1 }, within: seconds(120), most: { num: 9, of: 10 } },
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;
