/** Clients of WebSockets, and of protocols on them. */
import { ms, seconds, us, ZERO } from '../../time.ts';
import { LONGEST, type Policy, type Preset } from '../policy.ts';
import { doubling, LIBRARY, MILLISECONDS } from './library.ts';

/** Both of NATS. The handler's jitter is right; the loop around it draws again after each sleep. */
const nats = (jitter: number): Policy => ({
  ...LIBRARY,
  delay: { kind: 'constant', base: seconds(2) },
  jitter: { kind: 'additive', least: ZERO, most: ms(jitter) },
  rounding: MILLISECONDS.even,
  measuredFrom: 'dial',
  redraws: true,
  attemptsMax: 10,
});
const POOL = 'that the limit counts for each server of a pool';

export const REALTIME = {
  'socket.io': {
    about: '1 s doubling +-50 % in a comb, cut at 5 s: from the fifth retry everyone waits exactly 5 s',
    formula: 'min(cap, v - floor(u * v / 2)) where floor(10 u) is even, else + ; v = base * 2^n',
    source: 'socket.io-client@4.8.4 contrib/backo2, manager',
    lacks: 'that after 1,015 failures in a row half of all waits are 0 (infinity less infinity)',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
      jitter: { kind: 'comb', share: { num: 1, of: 2 }, teeth: 10 },
      rounding: MILLISECONDS.down,
      cap: seconds(5),
      ceiling: LONGEST,
      capOn: 'draw',
      resetOn: 'open',
    },
  },
  signalr: {
    about: '0, 2, 10, 30 s, then gives up: an outage of 43 s loses every client',
    formula: '[0, 2, 10, 30] s, then none',
    source: '@microsoft/signalr@10.0.11 DefaultReconnectPolicy',
    lacks: 'that a start which fails is never retried',
    policy: {
      ...LIBRARY,
      delay: { kind: 'table', delays: [ZERO, seconds(2), seconds(10), seconds(30)], afterLast: 'stop' },
      cap: seconds(30),
    },
  },
  phoenix: {
    about: '10, 50, 100 … 2,000 ms, then every 5 s, no jitter: nine dials in 4.3 s',
    formula: '[10, 50, 100, 150, 200, 250, 500, 1000, 2000][n] ms, then 5 s',
    source: 'phoenix@1.8.16 Socket#reconnectAfterMs',
    lacks: 'that a hidden page does not dial',
    policy: {
      ...LIBRARY,
      delay: {
        kind: 'table',
        delays: [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000].map(ms),
        afterLast: 'repeat',
      },
      cap: seconds(5),
      resetOn: 'open',
    },
  },
  'phoenix-rejoin': {
    about: '1, 2, 5 s, then every 10 s, no jitter: how a channel joins again',
    formula: '[1, 2, 5][n] s, then 10 s',
    source: 'phoenix@1.8.16 Socket#rejoinAfterMs, Channel',
    lacks: 'that all channels of a client join at once when its socket opens',
    policy: {
      ...LIBRARY,
      delay: { kind: 'table', delays: [1, 2, 5, 10].map(seconds), afterLast: 'repeat' },
      cap: seconds(10),
    },
  },
  supabase: {
    about: '1, 2, 5 s, then every 10 s, no jitter',
    formula: '[1, 2, 5, 10][n] s, then 10 s',
    source: '@supabase/realtime-js@2.119.0 RealtimeClient#reconnectAfterMs',
    lacks: null,
    policy: {
      ...LIBRARY,
      delay: { kind: 'table', delays: [1, 2, 5, 10].map(seconds), afterLast: 'repeat' },
      cap: seconds(10),
      resetOn: 'open',
    },
  },
  'reconnecting-websocket': {
    about: '1 to 5 s drawn once, then 1.3x the previous delay to 10 s: phases freeze at the cap',
    formula: 'min(cap, m * 1.3^n), m = 1 s + 4 s * u of the first retry',
    source: 'reconnecting-websocket@4.4.0',
    lacks: 'that m is drawn once, when the module is loaded: here each outage draws it anew',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: { num: 13, of: 10 }, compounds: true },
      first: { least: seconds(1), most: seconds(5) },
      cap: seconds(10),
      resetOn: 'open',
      stableAfter: seconds(5),
    },
  },
  partysocket: {
    about: '3 s times 1.3 to 10 s, no jitter at all',
    formula: 'min(cap, base * 1.3^n)',
    source: 'partysocket@1.3.0',
    lacks: null,
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(3), factor: { num: 13, of: 10 }, compounds: false },
      cap: seconds(10),
      resetOn: 'open',
      stableAfter: seconds(5),
    },
  },
  'graphql-ws': {
    about: '1, 2, 4, 8, 16 s plus 0.3 to 3 s, then gives up: 31 s to 46 s in all',
    formula: 'base * 2^n + 300 ms + floor(2700 * u) ms',
    source: 'graphql-ws@6.4.2 client',
    lacks: 'close codes that end it at once (4400, 4401, 4406, 4409, 4429 …)',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
      jitter: { kind: 'additive', least: ms(300), most: ms(2999) },
      rounding: MILLISECONDS.even,
      cap: LONGEST,
      overflow: 'at-once',
      attemptsMax: 5,
    },
  },
  centrifuge: {
    about: '0.5 s plus 0 to 0.5 s, doubling to 20 s',
    formula: 'min(cap, base + floor(u * (1 + min(cap, base * 2^n))))',
    source: 'centrifuge@5.7.4 backoff',
    lacks: 'close codes that end it at once (3500 to 3999, 4500 to 4999)',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: ms(500), factor: doubling, compounds: false },
      jitter: { kind: 'full', floor: ms(500) },
      rounding: MILLISECONDS.even,
      capOn: 'draw',
    },
  },
  ably: {
    about:
      'at once, 16 to 20 s, up to 30 s, each up to 20 % less; after 2 minutes every 30 s: all in step from then on',
    formula: 'min(base * (n + 3) / 3, 2 * base) * (1 - u / 5); 120 s after the drop exactly 30 s',
    source: 'ably@2.28.0 common/lib/util/utils, ConnectionManager',
    lacks:
      'that a second loss within 1 s does not retry at once, that a dial under way is cut short by the change after 120 s, and that a server may change the 120 s',
    policy: {
      ...LIBRARY,
      delay: { kind: 'linear', base: seconds(15), step: seconds(5) },
      jitter: { kind: 'proportional', below: { num: 1, of: 5 }, above: { num: 0, of: 1 } },
      first: { least: ZERO, most: ZERO },
      cap: seconds(30),
      modes: [
        {
          on: null,
          after: seconds(120),
          cuts: true,
          delay: { kind: 'constant', base: seconds(30) },
          jitter: { kind: 'none' },
          first: null,
          cap: seconds(30),
          ceiling: null,
          capOn: 'range',
          rounding: null,
        },
      ],
    },
  },
  nats: {
    about: '2 to 2.1 s from the last dial, drawn again after each sleep: the first wave comes at once, without jitter',
    formula: '2 s + floor(101 * u) ms since the last dial, again until that is over',
    source: '@nats-io/nats-core@3.4.0 lib/options, lib/protocol',
    lacks: POOL,
    policy: nats(100),
  },
  'nats-tls': {
    about: '2 to 3 s from the last dial, drawn again after each sleep: the first wave comes at once, without jitter',
    formula: '2 s + floor(1001 * u) ms since the last dial, again until that is over',
    source: '@nats-io/nats-core@3.4.0 lib/options, lib/protocol, with the option tls',
    lacks: POOL,
    policy: nats(1000),
  },
  mqtt: {
    about: 'every 1 s, no jitter: N clients are N dials in one instant each second',
    formula: 'reconnectPeriod',
    source: 'mqtt@5.16.0',
    lacks: 'that a CONNACK that refuses ends it',
    policy: { ...LIBRARY, delay: { kind: 'constant', base: seconds(1) } },
  },
  pusher: {
    about: 'every 1 s, no jitter',
    formula: '1 s; behind close codes 4200 to 4299 at once',
    source: 'pusher-js@8.6.0 connection_manager, protocol',
    lacks:
      'close codes: 4200 to 4299 dial at once, 4000 to 4099 end it; 4100 to 4199 (over capacity) wait for 1 s, as here',
    policy: { ...LIBRARY, delay: { kind: 'constant', base: seconds(1) } },
  },
  discord: {
    about: 'every 0.5 s, no jitter: it relies on the server to admit one IDENTIFY in 5 s',
    formula: '500 ms',
    source: '@discordjs/ws@2.0.4 WebSocketShard',
    lacks:
      'the queue behind the connection: one IDENTIFY in 5 s for each slot that the server grants, and 0 to 1.5 s more',
    policy: { ...LIBRARY, delay: { kind: 'constant', base: ms(500) } },
  },
  'y-websocket': {
    about: '200 ms doubling to 2.5 s, no jitter',
    formula: 'min(cap, 100 ms * 2^(n + 1))',
    source: 'y-websocket@3.1.0',
    lacks: 'that the counter begins anew only when the document is in sync, and that 4400 to 4499 end it',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: ms(200), factor: doubling, compounds: false },
      cap: ms(2500),
    },
  },
  actioncable: {
    about: '6 to 12 s, then 6 s times 1.15 ten times, each up to 15 % more',
    formula: '6 s * 1.15^min(n, 10) * (1 + u * (n = 0 ? 1 : 0.15))',
    source: '@rails/actioncable@8.1.400 ConnectionMonitor#getPollInterval',
    lacks: 'that it polls, and dials only where no ping came for 6 s: its dials come later',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(6), factor: { num: 115, of: 100 }, compounds: false },
      jitter: { kind: 'proportional', below: { num: 0, of: 1 }, above: { num: 15, of: 100 } },
      first: { least: seconds(6), most: seconds(12) },
      ceiling: us(24_273_346),
      cap: us(27_914_347),
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;
