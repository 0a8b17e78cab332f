/**
 * Kafka clients: `reconnect.backoff.ms` and `reconnect.backoff.max.ms`, flat or nested, wherever in a file they stand (a
 * consumer.properties, `spring.kafka.properties`, a JSON of librdkafka).
 *
 * The clients of Java and librdkafka have the same settings, with other defaults and another jitter.
 */
import type { Policy } from '../../../src/backoff/policy.ts';
import { type Duration, ms, seconds } from '../../../src/time.ts';
import { isRecord, type Place } from './document.ts';
import { MILLISECONDS } from './durations.ts';
import type { Found, PolicyFormat } from './format.ts';
import { CUT_TO_MS, growing, PLAIN, waitOf } from './made.ts';
import { Part } from './part.ts';

const BASE = 'reconnect.backoff.ms';
const MOST = 'reconnect.backoff.max.ms';

/** The value below a dotted name, written flat, in brackets as Spring has it, or nested. */
function below(value: Readonly<Record<string, unknown>>, name: string): unknown {
  for (const key of [name, `[${name}]`]) if (Object.hasOwn(value, key)) return value[key];
  let at: unknown = value;
  for (const step of name.split('.')) at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  return isRecord(at) ? undefined : at;
}

const isNative = ({ value }: Place): boolean =>
  ['metadata.broker.list', 'socket.keepalive.enable', 'log.connection.close', 'queue.buffering.max.ms'].some(
    (name) => below(value, name) !== undefined,
  );

const kafka = (of: {
  readonly name: string;
  readonly title: string;
  readonly library: string;
  readonly native: boolean;
  read(part: Part): Policy;
}): PolicyFormat => {
  const found = (place: Place): Found => ({
    name: place.path === '' ? null : place.path,
    read(log) {
      const settings = Object.fromEntries(
        [BASE, MOST].flatMap((name) => {
          const value = below(place.value, name);
          return value === undefined ? [] : [[name, value]];
        }),
      );
      return of.read(new Part({ path: place.path, value: settings }, log));
    },
  });
  return {
    ...of,
    find: (places) =>
      places
        .filter(
          (place) =>
            (below(place.value, BASE) !== undefined || below(place.value, MOST) !== undefined) &&
            isNative(place) === of.native,
        )
        .map(found),
    force: found,
  };
};

/** The interval doubles up to the most; the draw around it is cut at the most again. */
const around = (
  part: Part,
  base: Duration,
  most: Duration,
  below: Policy['jitter'] & { kind: 'proportional' },
): Policy => ({
  ...PLAIN,
  delay: growing(part, { base, factor: 2, cap: most, names: [BASE, 'factor'] }),
  jitter: below,
  cap: most,
  ceiling: most,
  capOn: 'draw',
  rounding: CUT_TO_MS,
});

export const KAFKA = kafka({
  name: 'kafka',
  title: 'Kafka client settings (Java)',
  library: 'kafka-clients 4.1',
  native: false,
  read(part) {
    const base = waitOf(part, BASE, part.duration([BASE], MILLISECONDS, ms(50)));
    const fixed = part.has(BASE) && !part.has(MOST);
    if (fixed) part.note(`${MOST} not given beside ${BASE}: delays do not grow`);
    const most = fixed ? base : waitOf(part, MOST, part.duration([MOST], MILLISECONDS, seconds(1)));
    const share = { num: 1, of: 5 };
    return around(part, base, most, { kind: 'proportional', below: share, above: share });
  },
});

export const LIBRDKAFKA = kafka({
  name: 'librdkafka',
  title: 'Kafka client settings (librdkafka)',
  library: 'librdkafka 2.12',
  native: true,
  read(part) {
    const base = waitOf(part, BASE, part.duration([BASE], MILLISECONDS, ms(100)));
    const most = waitOf(part, MOST, part.duration([MOST], MILLISECONDS, seconds(10)));
    const [below, above] = [
      { num: 1, of: 4 },
      { num: 1, of: 2 },
    ] as const;
    return around(part, base, most, { kind: 'proportional', below, above });
  },
});
