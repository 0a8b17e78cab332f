/**
 * Virtual time: integer microseconds.
 *
 * An `Instant` is a point on the run's clock (0 is the start of the run), a `Duration` a distance between two.
 * Both are branded numbers, so that a delay cannot be passed where a deadline is meant. All casts live in this file.
 * Integers stay exact up to 2^53 us (285 years), so addition never rounds and a digest never depends on the engine.
 */

declare const instant: unique symbol;
declare const duration: unique symbol;

/** A point in virtual time: integer microseconds since the start of the run, 0 or more. */
export type Instant = number & { readonly [instant]: true };

/** A length of virtual time: integer microseconds, 0 or more. */
export type Duration = number & { readonly [duration]: true };

/** The instant at which every run starts. */
export const START = 0 as Instant;

/** An instant that no run reaches (about 285 years). */
export const NEVER = Number.MAX_SAFE_INTEGER as Instant;

/** No time at all. */
export const ZERO = 0 as Duration;

/** Microseconds as a `Duration`; fractions are cut off. */
export const us = (n: number): Duration => Math.trunc(n) as Duration;
/** Milliseconds as a `Duration`; fractions of a microsecond are cut off. */
export const ms = (n: number): Duration => Math.trunc(n * 1000) as Duration;
/** Seconds as a `Duration`; fractions of a microsecond are cut off. */
export const seconds = (n: number): Duration => Math.trunc(n * 1_000_000) as Duration;
/** Minutes as a `Duration`; fractions of a microsecond are cut off. */
export const minutes = (n: number): Duration => Math.trunc(n * 60_000_000) as Duration;

/** `from` moved into the future by `by`. */
export const after = (from: Instant, by: Duration): Instant => (from + by) as Instant;

/** The time from `earlier` to `later`; negative differences count as zero. */
export const elapsed = (earlier: Instant, later: Instant): Duration =>
  (later > earlier ? later - earlier : 0) as Duration;

/** A whole number of microseconds as an instant (deserialising, arithmetic on arrays). */
export const at = (n: number): Instant => Math.trunc(n) as Instant;

/** The later of two instants. */
export const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** Sum of two durations. */
export const plus = (a: Duration, b: Duration): Duration => (a + b) as Duration;

/** `d` times an integer or fraction, cut off to whole microseconds. */
export const times = (d: Duration, factor: number): Duration => Math.trunc(d * factor) as Duration;

const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

/** Reads `250ms`, `1.5s`, `90us`, `2m` or `1h`; anything else is `undefined`. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m|h)$/.exec(text);
  if (match === null) return undefined;
  const exact = Number(match[1]) * (UNITS[match[2] as string] as number);
  const value = Math.round(exact);
  // A fraction of a microsecond would be rounded without a word; a product may be off by less than that.
  return Number.isSafeInteger(value) && Math.abs(exact - value) < 1e-3 ? (value as Duration) : undefined;
}

/** A duration for people: `250 us`, `12.5 ms`, `3.204 s`, `2 m 5 s`. */
export function formatDuration(d: number): string {
  if (d < 1000) return `${d} us`;
  if (d < 1_000_000) return `${trim(d / 1000, 2)} ms`;
  if (d < 120_000_000) return `${trim(d / 1_000_000, 3)} s`;
  return `${Math.trunc(d / 60_000_000)} m ${trim((d % 60_000_000) / 1_000_000, 1)} s`;
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
