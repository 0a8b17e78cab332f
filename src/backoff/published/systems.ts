/** Kubernetes, TCP and Ethernet. */
import { minutes, ms, seconds, us, ZERO } from '../../time.ts';
import type { Policy, Preset } from '../policy.ts';
import { doubling, LIBRARY } from './library.ts';

/** A SYN that nobody answers is sent again; what gives up is the dial. */
const syn: Omit<Policy, 'delay'> = { ...LIBRARY, cap: minutes(2), measuredFrom: 'dial' };

export const SYSTEMS = {
  'kubernetes-reflector': {
    about: '0.8 s doubling to 30 s, each up to 100 % more; forgiven after 2 minutes without a retry',
    formula: 'v * (1 + u), v = min(30 s, 800 ms * 2^n)',
    source: 'client-go tools/cache/reflector.go',
    lacks: null,
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: ms(800), factor: doubling, compounds: false },
      jitter: { kind: 'proportional', below: { num: 0, of: 1 }, above: { num: 1, of: 1 } },
      ceiling: seconds(30),
      cap: seconds(60),
      resetOn: 'never',
      idleAfter: seconds(120),
    },
  },
  'kubernetes-crash-loop': {
    about: 'at once, 10 s doubling to 5 minutes, no jitter; forgiven after 10 minutes without a retry',
    formula: '0, then min(300 s, 10 s * 2^n)',
    source: 'kubernetes pkg/kubelet, client-go util/flowcontrol/backoff.go',
    lacks: null,
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: seconds(10), factor: doubling, compounds: false },
      atOnce: true,
      cap: seconds(300),
      resetOn: 'never',
      idleAfter: minutes(10),
    },
  },
  'tcp-syn': {
    about: '1 s doubling, 6 times: a SYN at 1, 3, 7, 15, 31, 63 s',
    formula: '1 s * 2^n, from SYN to SYN',
    source: 'RFC 6298, Linux tcp_syn_retries',
    lacks: 'that the last SYN is given 64 s, too',
    policy: {
      ...syn,
      delay: { kind: 'exponential', base: seconds(1), factor: doubling, compounds: false },
      attemptsMax: 6,
    },
  },
  'tcp-syn-linear': {
    about: '1 s four times, then 1 s doubling, 6 times: a SYN at 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 s',
    formula: '[1, 1, 1, 1, 1, 2, 4, 8, 16, 32] s, from SYN to SYN',
    source: 'Linux tcp_syn_retries and tcp_syn_linear_timeouts',
    lacks: 'that the last SYN is given 64 s, too',
    policy: {
      ...syn,
      delay: { kind: 'table', delays: [1, 1, 1, 1, 1, 2, 4, 8, 16, 32].map(seconds), afterLast: 'stop' },
    },
  },
  ethernet: {
    about: '0 or 1 slot, then up to 1,023 of them, 15 retries: full jitter in steps',
    formula: 'slot * floor(u * 2^min(n + 1, 10))',
    source: 'IEEE 802.3 CSMA/CD at 10 Mb/s',
    lacks: 'that a slot is 51.2 us: here 51',
    policy: {
      ...LIBRARY,
      delay: { kind: 'exponential', base: us(102), factor: doubling, compounds: false },
      jitter: { kind: 'full', floor: ZERO },
      rounding: { to: us(51), by: 'down' },
      ceiling: us(52_224),
      cap: us(52_224),
      attemptsMax: 15,
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;
