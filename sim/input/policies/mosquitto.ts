/**
 * The bridges of `mosquitto.conf`: `restart_timeout base cap` draws from the base to three times the last delay, in whole
 * seconds, and cuts that at the cap; `restart_timeout seconds` is the same every time.
 */
import { LONGEST } from '../../../src/backoff/policy.ts';
import { seconds, us } from '../../../src/time.ts';
import type { Place } from './document.ts';
import { SECONDS } from './durations.ts';
import type { Found, PolicyFormat } from './format.ts';
import { PLAIN, waitOf } from './made.ts';
import { Part } from './part.ts';

const bridge = (place: Place): Found => ({
  name: place.path === '' ? null : place.path,
  read(log) {
    const part = new Part(place, log);
    const words = String(part.get('restart_timeout') ?? '5 30')
      .trim()
      .split(/\s+/);
    if (!part.has('restart_timeout')) log.missing.push('restart_timeout 5 30');
    const [base = 0, cap] = words.map((word) => SECONDS.of(word) ?? -1);
    if (base <= 0 || (cap !== undefined && cap < base) || words.length > 2) {
      part.problem(['restart_timeout'], 'a number of seconds above 0, or two such as 5 30', words.join(' '));
      return { ...PLAIN, delay: { kind: 'constant', base: seconds(5) } };
    }
    const type = String(part.get('start_type') ?? 'automatic');
    if (type !== 'automatic') part.note(`start_type ${type}: the bridge does not dial again by itself`);
    const shortest = waitOf(part, 'restart_timeout', us(base));
    if (cap === undefined) return { ...PLAIN, delay: { kind: 'constant', base: shortest } };
    return {
      ...PLAIN,
      delay: { kind: 'constant', base: shortest },
      jitter: { kind: 'decorrelated', factor: { num: 3, of: 1 } },
      cap: waitOf(part, 'restart_timeout', us(cap)),
      ceiling: LONGEST,
      capOn: 'draw',
      rounding: { to: seconds(1), by: 'down' },
    };
  },
});

export const MOSQUITTO: PolicyFormat = {
  name: 'mosquitto',
  title: 'mosquitto.conf (bridges)',
  library: 'mosquitto 2.0.22',
  find: (places) =>
    places
      .filter(({ value }) => Object.hasOwn(value, 'restart_timeout') || Object.hasOwn(value, 'start_type'))
      .map(bridge),
  force: bridge,
};
