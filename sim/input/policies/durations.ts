/**
 * Durations as the configurations of other people's clients write them, in microseconds.
 *
 * Each reader takes what its library takes, and nothing else: a file that the library would refuse is not a policy that
 * anybody runs. What is below a microsecond is cut off.
 */
import { numberOf } from './numbers.ts';

/** How one kind of duration is written: the microseconds of a value, or undefined for what is none; and an example. */
export interface DurationForm {
  readonly of: (value: unknown) => number | undefined;
  readonly form: string;
}

const number = (value: unknown): number | undefined => {
  const read = numberOf(value);
  return read !== undefined && read >= 0 ? read : undefined;
};

const scaled =
  (size: number) =>
  (value: unknown): number | undefined => {
    const read = number(value);
    return read === undefined ? undefined : micro(read * size);
  };

/** Whole microseconds; a product such as 1.1 * 1,000,000 may be off by less than that of its digits. */
const micro = (exact: number): number =>
  Math.abs(exact - Math.round(exact)) < 1e-3 ? Math.round(exact) : Math.trunc(exact);

/** A number of milliseconds, as most JavaScript clients and Java properties have it. */
export const MILLISECONDS: DurationForm = { of: scaled(1000), form: 'a number of milliseconds such as 500' };

/** A number of seconds. */
export const SECONDS: DurationForm = { of: scaled(1_000_000), form: 'a number of seconds such as 1.5' };

/** `google.protobuf.Duration` in JSON: `0.1s`, `.1s`; YAML of Envoy also has `{ seconds: 1, nanos: 500000000 }`. */
export const PROTOBUF: DurationForm = {
  of(value) {
    if (typeof value === 'string') {
      const match = /^(\d+\.?\d*|\.\d+)s$/.exec(value.trim());
      return match === null ? undefined : micro(Number(match[1]) * 1_000_000);
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
    const { seconds = 0, nanos = 0, ...others } = value as Readonly<Record<string, unknown>>;
    const [whole, rest] = [number(seconds), number(nanos)];
    return whole === undefined || rest === undefined || Object.keys(others).length > 0
      ? undefined
      : micro(whole * 1_000_000 + rest / 1000);
  },
  form: 'a duration in seconds such as "0.25s"',
};

const GO_UNITS: Readonly<Record<string, number>> = {
  ns: 0.001,
  us: 1,
  µs: 1,
  μs: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
};

/** `time.ParseDuration` of Go: `1h2m3.5s`; a bare number is in nanoseconds, as `encoding/json` writes a `time.Duration`. */
export const GO: DurationForm = {
  of(value) {
    if (typeof value === 'number') return value >= 0 ? micro(value / 1000) : undefined;
    if (typeof value !== 'string') return undefined;
    if (value === '0') return 0;
    if (!/^\+?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(value)) return undefined;
    let total = 0;
    for (const [, amount, unit] of value.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
      total += Number(amount) * (GO_UNITS[unit as string] as number);
    return micro(total);
  },
  form: 'a duration such as "500ms" or "1m30s", or nanoseconds',
};

/** `System.TimeSpan` of .NET: `00:00:02`, `00:00:00.5`, `1.00:00:00`; a whole number by itself is days. */
export const TIMESPAN: DurationForm = {
  of(value) {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string') return undefined;
    if (/^\d+$/.test(text.trim())) return Number(text) * 86_400_000_000;
    const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(text.trim());
    if (match === null) return undefined;
    const [days = 0, hours = 0, minutes = 0, rest = 0] = match.slice(1, 5).map((part) => Number(part ?? 0));
    if (hours > 23 || minutes > 59 || rest > 59) return undefined;
    const fraction = Number((match[5] ?? '').padEnd(7, '0')) / 10;
    return micro((((days * 24 + hours) * 60 + minutes) * 60 + rest) * 1_000_000 + fraction);
  },
  form: 'a TimeSpan such as "00:00:02"',
};

const SPRING_UNITS: Readonly<Record<string, number>> = {
  ns: 0.001,
  us: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};

/** `java.time.Duration` of Spring Boot: `500ms`, `PT0.5S`, or a bare number of milliseconds. */
export const SPRING: DurationForm = {
  of(value) {
    if (typeof value === 'number') return value >= 0 ? micro(value * 1000) : undefined;
    if (typeof value !== 'string') return undefined;
    const simple = /^\+?(\d+)\s*([a-z]{0,2})$/i.exec(value.trim());
    if (simple !== null) {
      const unit = SPRING_UNITS[(simple[2] as string).toLowerCase() || 'ms'];
      return unit === undefined ? undefined : micro(Number(simple[1]) * unit);
    }
    const iso = /^\+?P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,9})?)S)?)?$/i.exec(value.trim());
    if (iso === null || iso.slice(1).every((part) => part === undefined)) return undefined;
    const [days = 0, hours = 0, minutes = 0, rest = 0] = iso.slice(1).map((part) => Number(part ?? 0));
    return micro((((days * 24 + hours) * 60 + minutes) * 60 + rest) * 1_000_000);
  },
  form: 'a duration such as 500ms or PT0.5S, or milliseconds',
};
