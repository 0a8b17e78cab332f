/**
 * What published clients do, as far as the vocabulary of `policy.ts` expresses it: material for comparing, and for
 * reproducing what a fleet of them does to a server that comes back.
 *
 * A preset here reproduces delays and limits. It doesn't reproduce when the library resets its counter: many do so as
 * soon as the socket opens, which our clients never do, so `stableAfter` is 0 (reset at WELCOME) unless the library
 * waits as well. None of these libraries reads a retry-after, so the hint is ignored.
 */
import { ms, seconds, us, ZERO } from '../time.ts';
import { LONGEST, POLICY_DEFAULTS, type Policy, type Preset } from './policy.ts';

const doubling = { num: 2, of: 1 };

/** Knobs that published clients share: no jitter, no hint, no stability beyond WELCOME. */
const LIBRARY: Omit<Policy, 'delay'> = {
  ...POLICY_DEFAULTS,
  jitter: { kind: 'none' },
  stableAfter: ZERO,
  retryAfter: 'ignore',
  retryAfterSpread: ZERO,
};

/** AWS's experiment: 10, 20, 40, … 1,280, 2,000 ms (base 5 ms, but the counter is 1 at first use). */
const AWS: Policy = {
  ...LIBRARY,
  delay: { kind: 'exponential', base: ms(10), factor: doubling, compounds: false },
  cap: seconds(2),
};

/** Published policies by the name of their library. */
export const PUBLISHED = {
  'aws-none': {
    about: 'at once, always: the control case of the AWS experiment',
    source: 'aws-arch-backoff-simulator@66cb169 NoBackoff',
    policy: { ...LIBRARY, delay: { kind: 'constant', base: ZERO }, cap: seconds(2) },
  },
  'aws-exponential': {
    about: '10 ms doubling to 2 s, no jitter',
    source: 'aws-arch-backoff-simulator@66cb169 ExpoBackoff',
    policy: AWS,
  },
  'aws-full-jitter': {
    about: '0 to 10 ms, doubling to 2 s',
    source: 'aws-arch-backoff-simulator@66cb169 ExpoBackoffFullJitter',
    policy: { ...AWS, jitter: { kind: 'full', floor: ZERO } },
  },
  'aws-equal-jitter': {
    about: '5 to 10 ms, doubling to 2 s',
    source: 'aws-arch-backoff-simulator@66cb169 ExpoBackoffEqualJitter',
    policy: { ...AWS, jitter: { kind: 'equal' } },
  },
  /** The range reaches past the cap and the draw is cut: at the cap two clients in three wait exactly 2 s. */
  'aws-decorrelated': {
    about: '5 ms to 3x the previous delay, drawn before the 2 s cap: clients pile up at it',
    source: 'aws-arch-backoff-simulator@66cb169 ExpoBackoffDecorr',
    policy: {
      ...AWS,
      delay: { kind: 'constant', base: ms(5) },
      jitter: { kind: 'decorrelated', factor: { num: 3, of: 1 } },
      ceiling: LONGEST,
      capOn: 'draw',
    },
  },
  'aws-sdk': {
    about: '0 to 50 ms, doubling to 20 s, 2 retries (its shared token bucket is not modelled)',
    source: '@smithy/core@3.41.0 DefaultRetryBackoffStrategy, transient errors',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: ms(50), factor: doubling, compounds: false },
      jitter: { kind: 'full', floor: ZERO },
      attemptsMax: 2,
    },
  },
  'aws-sdk-throttling': {
    about: '0 to 1 s, doubling to 20 s, 2 retries (its shared token bucket is not modelled)',
    source: '@smithy/core@3.41.0 DefaultRetryBackoffStrategy, throttling errors',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
      jitter: { kind: 'full', floor: ZERO },
      attemptsMax: 2,
    },
  },
  /** Range and limits are exact; the library draws from ten bands within the range (mean 2.5 % higher). */
  'socket.io': {
    about: '1 s doubling +-50 %, cut at 5 s: from the fifth retry everyone waits exactly 5 s',
    source: 'socket.io-client@4.8.4 contrib/backo2',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
      jitter: { kind: 'proportional', below: { num: 1, of: 2 }, above: { num: 1, of: 2 } },
      cap: seconds(5),
      ceiling: LONGEST,
      capOn: 'draw',
    },
  },
  /**
   * A client that loses a READY connection connects again at once; only the next wait begins the curve, without jitter,
   * and each drawn delay is multiplied again. Measured there from the dial's start.
   */
  grpc: {
    about: 'at once, 1 s exactly, then 1.6x the previous delay +-20 %, to 120 s +-20 %',
    source: '@grpc/grpc-js@1.14.7 backoff-timeout, subchannel',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: { num: 16, of: 10 }, compounds: true },
      jitter: { kind: 'proportional', below: { num: 1, of: 5 }, above: { num: 1, of: 5 } },
      atOnce: true,
      first: { least: seconds(1), most: seconds(1) },
      ceiling: seconds(120),
      cap: seconds(144),
    },
  },
  /** `ConnectWithBackoff` tries first, and sleeps only then: the first attempt of an outage waits for nothing. */
  'grpc-spec': {
    about: 'at once, 1 s exactly, then 1.6x of the ideal curve +-20 %, to 120 s +-20 %',
    source: 'grpc doc/connection-backoff.md',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: { num: 16, of: 10 }, compounds: false },
      jitter: { kind: 'proportional', below: { num: 1, of: 5 }, above: { num: 1, of: 5 } },
      atOnce: true,
      first: { least: seconds(1), most: seconds(1) },
      ceiling: seconds(120),
      cap: seconds(144),
    },
  },
  signalr: {
    about: '0, 2, 10, 30 s, then gives up: an outage of 43 s loses every client',
    source: '@microsoft/signalr@10.0.11 DefaultReconnectPolicy',
    policy: {
      ...LIBRARY,
      delay: { kind: 'table', delays: [ZERO, seconds(2), seconds(10), seconds(30)], afterLast: 'stop' },
      cap: seconds(30),
    },
  },
  phoenix: {
    about: '10, 50, 100 … 2,000 ms, then every 5 s, no jitter: nine dials in 4.3 s',
    source: 'phoenix@1.8.16 Socket#reconnectAfterMs',
    policy: {
      ...LIBRARY,
      delay: {
        kind: 'table',
        delays: [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000].map(ms),
        afterLast: 'repeat',
      },
      cap: seconds(5),
    },
  },
  supabase: {
    about: '1, 2, 5 s, then every 10 s, no jitter',
    source: '@supabase/realtime-js@2.119.0 RealtimeClient#reconnectAfterMs',
    policy: {
      ...LIBRARY,
      delay: { kind: 'table', delays: [1, 2, 5, 10].map(seconds), afterLast: 'repeat' },
      cap: seconds(10),
    },
  },
  /** The library draws its base once, when the module loads; here each outage draws it anew. */
  'reconnecting-websocket': {
    about: '1 to 5 s drawn once, then 1.3x the previous delay to 10 s: phases freeze at the cap',
    source: 'reconnecting-websocket@4.4.0',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: { num: 13, of: 10 }, compounds: true },
      first: { least: seconds(1), most: seconds(5) },
      cap: seconds(10),
      stableAfter: seconds(5),
    },
  },
  partysocket: {
    about: '3 s times 1.3 to 10 s, no jitter at all',
    source: 'partysocket@1.3.0',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(3), factor: { num: 13, of: 10 }, compounds: false },
      cap: seconds(10),
      stableAfter: seconds(5),
    },
  },
  'graphql-ws': {
    about: '1, 2, 4, 8, 16 s plus 0.3 to 3 s, then gives up: 31 s to 46 s in all',
    source: 'graphql-ws@6.4.2 client',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
      jitter: { kind: 'additive', least: ms(300), most: ms(2999) },
      cap: seconds(19),
      attemptsMax: 5,
    },
  },
  centrifuge: {
    about: '0.5 s plus 0 to 0.5 s, doubling to 20 s',
    source: 'centrifuge@5.7.4 backoff',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: ms(500), factor: doubling, compounds: false },
      jitter: { kind: 'full', floor: ms(500) },
      capOn: 'draw',
    },
  },
  'y-websocket': {
    about: '200 ms doubling to 2.5 s, no jitter',
    source: 'y-websocket@3.1.0',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: ms(200), factor: doubling, compounds: false },
      cap: ms(2500),
    },
  },
  /** A poll that dials when the connection is stale, so its delays are exact but its dials come later. */
  actioncable: {
    about: '6 to 12 s, then 6 s times 1.15 ten times, each up to 15 % more',
    source: '@rails/actioncable@8.1.400 ConnectionMonitor#getPollInterval',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(6), factor: { num: 115, of: 100 }, compounds: false },
      jitter: { kind: 'proportional', below: { num: 0, of: 1 }, above: { num: 15, of: 100 } },
      first: { least: seconds(6), most: seconds(12) },
      ceiling: us(24_273_346),
      cap: us(27_914_347),
    },
  },
  mqtt: {
    about: 'every 1 s, no jitter: N clients are N dials in one instant each second',
    source: 'mqtt@5.16.0',
    policy: { ...LIBRARY, delay: { kind: 'constant', base: seconds(1) } },
  },
  'kubernetes-reflector': {
    about: '0.8 s doubling to 30 s, each up to 100 % more',
    source: 'client-go tools/cache/reflector.go',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: ms(800), factor: doubling, compounds: false },
      jitter: { kind: 'proportional', below: { num: 0, of: 1 }, above: { num: 1, of: 1 } },
      ceiling: seconds(30),
      cap: seconds(60),
      stableAfter: seconds(120),
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;
