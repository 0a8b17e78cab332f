/** The policies of the storm reference, by the names of its rows. */
import { LONGEST, POLICY_DEFAULTS, type Policy } from '../../../../src/backoff/policy.ts';
import { PRESETS } from '../../../../src/backoff/presets.ts';
import { ms, seconds, ZERO } from '../../../../src/time.ts';
import type { Storm } from '../../../lab/storm/storm.ts';

export interface Setting {
  readonly policy: Policy;
  /** In what the storm differs. */
  readonly storm?: Partial<Storm>;
}

/** 1 s doubling to 30 s. */
const doubling: Policy = {
  ...POLICY_DEFAULTS,
  delay: { kind: 'exponential', base: seconds(1), factor: { num: 2, of: 1 }, compounds: false },
  jitter: { kind: 'none' },
  cap: seconds(30),
};

/** Every 5 s from a random phase on. */
const poll: Policy = {
  ...POLICY_DEFAULTS,
  delay: { kind: 'constant', base: seconds(5) },
  jitter: { kind: 'none' },
  first: { least: ZERO, most: ms(5000) },
};

export const POLICIES: Readonly<Record<string, Setting>> = {
  fixed: { policy: PRESETS.mqtt.policy },
  exponential: { policy: doubling },
  'full-jitter': { policy: { ...doubling, jitter: { kind: 'full', floor: ZERO } } },
  'equal-jitter': { policy: { ...doubling, jitter: { kind: 'equal' } } },
  'socket.io': { policy: PRESETS['socket.io'].policy },
  grpc: { policy: PRESETS.grpc.policy },
  'reconnecting-websocket': { policy: PRESETS['reconnecting-websocket'].policy },
  phoenix: { policy: PRESETS.phoenix.policy },
  signalr: { policy: PRESETS.signalr.policy },
  centrifuge: { policy: PRESETS.centrifuge.policy },
  'poll-random-phase': { policy: poll },
  'poll-memoryless': { policy: { ...poll, jitter: { kind: 'exponential' }, first: null, cap: LONGEST } },
  'poll-reserved-slot': {
    policy: { ...poll, retryAfter: 'exact' },
    storm: { retryAfter: { kind: 'slot' } },
  },
};
