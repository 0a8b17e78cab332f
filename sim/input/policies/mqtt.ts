/** MQTT clients besides mqtt.js: Paho in its languages, HiveMQ, the AWS IoT device SDKs, and the bridge of mosquitto. */
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { type Duration, ms, seconds, us, ZERO } from '../../../src/time.ts';
import { byKeys } from './by-keys.ts';
import { type DurationForm, MILLISECONDS, SECONDS } from './durations.ts';
import type { PolicyFormat } from './format.ts';
import { growing, PLAIN, waitOf } from './made.ts';
import type { Part } from './part.ts';

const DIAL = 'how long a dial may take, not when the next one comes';
const LOST = 'when a connection counts as lost, not when to dial';

const doubled = (
  part: Part,
  of: { least: [name: string, by: Duration]; most: [name: string, by: Duration]; unit: DurationForm },
): Policy => {
  const [least, leastBy] = of.least;
  const [most, mostBy] = of.most;
  const base = waitOf(part, least, part.duration([least], of.unit, leastBy));
  const cap = waitOf(part, most, part.duration([most], of.unit, mostBy));
  return { ...PLAIN, delay: growing(part, { base, factor: 2, cap, names: [least, 'factor'] }), cap };
};

export const PAHO_PYTHON: PolicyFormat = byKeys({
  name: 'paho-python',
  title: 'Paho MQTT for Python (reconnect_delay_set)',
  library: 'paho-mqtt 2.1.0',
  any: ['min_delay', 'max_delay', 'reconnect_min_delay', 'reconnect_max_delay'],
  others: {
    reconnect_on_failure: 'whether a first dial that failed is followed by another: here it is',
    keepalive: LOST,
  },
  read: (part) => {
    const prefix = part.has('reconnect_min_delay', 'reconnect_max_delay') ? 'reconnect_' : '';
    return doubled(part, {
      least: [`${prefix}min_delay`, seconds(1)],
      most: [`${prefix}max_delay`, seconds(120)],
      unit: SECONDS,
    });
  },
});

export const PAHO: PolicyFormat = byKeys({
  name: 'paho',
  title: 'Paho MQTT connect options (C, C++ and Java)',
  library: 'Paho C 1.3.14 and Java 1.2.5',
  any: [
    'minRetryInterval',
    'maxRetryInterval',
    'maxReconnectDelay',
    'automaticReconnectMinDelay',
    'automaticReconnectMaxDelay',
  ],
  not: ['minReconnectDelay', 'initialDelay'],
  others: {
    connectTimeout: DIAL,
    connectionTimeout: DIAL,
    keepAliveInterval: LOST,
    cleanSession: LOST,
    maxInflight: LOST,
    retryInterval: 'when a message is sent again, not when to dial',
  },
  read(part) {
    const on = part.truth(['automaticReconnect'], true);
    const never = on ? {} : { attemptsMax: 0 };
    if (!on) part.note('automaticReconnect false: the client never dials again, so neither does this policy');
    if (part.has('minRetryInterval', 'maxRetryInterval'))
      return {
        ...doubled(part, {
          least: ['minRetryInterval', seconds(1)],
          most: ['maxRetryInterval', seconds(60)],
          unit: SECONDS,
        }),
        ...never,
      };
    if (part.has('automaticReconnectMinDelay', 'automaticReconnectMaxDelay'))
      return {
        ...doubled(part, {
          least: ['automaticReconnectMinDelay', seconds(1)],
          most: ['automaticReconnectMaxDelay', seconds(120)],
          unit: SECONDS,
        }),
        ...never,
      };
    const cap = waitOf(part, 'maxReconnectDelay', part.duration(['maxReconnectDelay'], MILLISECONDS, seconds(128)));
    return {
      ...PLAIN,
      delay: growing(part, { base: seconds(1), factor: 2, cap, names: ['maxReconnectDelay', 'factor'] }),
      cap,
      ...never,
    };
  },
});

export const HIVEMQ: PolicyFormat = byKeys({
  name: 'hivemq',
  title: 'HiveMQ MQTT client (automaticReconnect)',
  library: 'hivemq-mqtt-client 1.3',
  any: ['initialDelay'],
  all: ['maxDelay'],
  others: {},
  read(part) {
    const quarter = { num: 1, of: 4 };
    const policy = doubled(part, {
      least: ['initialDelay', seconds(1)],
      most: ['maxDelay', seconds(120)],
      unit: MILLISECONDS,
    });
    return {
      ...policy,
      jitter: { kind: 'proportional', below: quarter, above: quarter },
      ceiling: policy.cap,
      cap: us(Math.min(policy.cap * 1.25, 2_147_483_647_000)),
    };
  },
});

export const AWS_IOT: PolicyFormat = byKeys({
  name: 'aws-iot',
  title: 'AWS IoT device SDK',
  library: 'aws-iot-device-sdk 2.2 and aws-crt 1.27',
  any: [
    'baseReconnectTimeMs',
    'maximumReconnectTimeMs',
    'minimumConnectionTimeMs',
    'minReconnectDelayMs',
    'maxReconnectDelayMs',
    'reconnect_min_sec',
    'reconnect_max_sec',
    'retryJitterMode',
  ],
  others: { keepalive: LOST, connectTimeoutMs: DIAL, keep_alive: LOST, ping_timeout: LOST },
  read(part) {
    if (part.has('baseReconnectTimeMs', 'maximumReconnectTimeMs', 'minimumConnectionTimeMs')) {
      const policy = doubled(part, {
        least: ['baseReconnectTimeMs', seconds(1)],
        most: ['maximumReconnectTimeMs', seconds(128)],
        unit: MILLISECONDS,
      });
      return { ...policy, stableAfter: part.duration(['minimumConnectionTimeMs'], MILLISECONDS, seconds(20)) };
    }
    const policy = part.has('reconnect_min_sec', 'reconnect_max_sec')
      ? doubled(part, {
          least: ['reconnect_min_sec', seconds(5)],
          most: ['reconnect_max_sec', seconds(60)],
          unit: SECONDS,
        })
      : doubled(part, {
          least: ['minReconnectDelayMs', seconds(1)],
          most: ['maxReconnectDelayMs', seconds(120)],
          unit: MILLISECONDS,
        });
    const mode = String(part.get('retryJitterMode') ?? 'Default').toLowerCase();
    const stableAfter = part.duration(['minConnectedTimeToResetReconnectDelayMs'], MILLISECONDS, seconds(30));
    const base = policy.delay.kind === 'table' ? ms(1000) : policy.delay.base;
    switch (mode) {
      case '1':
      case 'none':
        return { ...policy, stableAfter };
      case '0':
      case 'default':
      case '2':
      case 'full':
        return { ...policy, jitter: { kind: 'full', floor: ZERO }, stableAfter };
      case '3':
      case 'decorrelated':
        return {
          ...policy,
          delay: { kind: 'constant', base },
          jitter: { kind: 'decorrelated', factor: { num: 3, of: 1 } },
          ceiling: LONGEST,
          capOn: 'draw',
          stableAfter,
        };
      default:
        part.problem(['retryJitterMode'], 'one of Default, None, Full, Decorrelated', mode);
        return policy;
    }
  },
});
