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

const UNITS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};

/** One number with its unit, and the space before the next one; a number of ISO 8601 has its unit as one capital. */
const PIECE = /^(\d+(?:\.\d+)?) ?(us|ms|s|min|m|h|d)(?: (?=\d))?/;
const ISO =
  /^P(?=\d|T\d)(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Reads `250ms`, `1.5s`, `90us`, `2m`, `1h`, `30d`, several of them from the largest to the smallest (`1m30s`, `2 m 5 s`),
 * or the days to seconds of ISO 8601 (`PT1.5S`). Only the last number may have decimals, and a space is a single one.
 * Anything else is `undefined`, and so is what has fractions of a microsecond.
 */
export function parseDuration(text: string): Duration | undefined {
  const iso = ISO.exec(text);
  const pieces = iso === null ? piecesOf(text) : isoPieces(iso);
  if (pieces === undefined || pieces.length === 0) return undefined;
  let total = 0;
  for (const [index, [number, unit]] of pieces.entries()) {
    if (index < pieces.length - 1 && number.includes('.')) return undefined;
    const exact = Number(number) * unit;
    const value = Math.round(exact);
    // A fraction of a microsecond would be rounded without a word; a product may be off by less than that.
    if (!Number.isSafeInteger(value) || Math.abs(exact - value) >= 1e-3) return undefined;
    total += value;
  }
  return Number.isSafeInteger(total) ? (total as Duration) : undefined;
}

type Pieces = readonly (readonly [number: string, unit: number])[];

function piecesOf(text: string): Pieces | undefined {
  const pieces: [string, number][] = [];
  for (let rest = text; rest !== ''; ) {
    const match = PIECE.exec(rest);
    const unit = match === null ? 0 : (UNITS[match[2] as string] as number);
    if (match === null || unit >= (pieces.at(-1)?.[1] ?? Number.POSITIVE_INFINITY)) return undefined;
    pieces.push([match[1] as string, unit]);
    rest = rest.slice(match[0].length);
  }
  return pieces;
}

const isoPieces = ([, ...numbers]: RegExpExecArray): Pieces =>
  [UNITS.d, UNITS.h, UNITS.m, UNITS.s].flatMap((unit, index) =>
    numbers[index] === undefined ? [] : [[numbers[index], unit as number] as const],
  );

/**
 * A duration as it is written wherever a person reads one, to the microsecond: `250 us`, `12.5 ms`, `3.204 s`,
 * `2 min 2.5 s`, `1 h 4 min`. `parseDuration` reads it back.
 */
export function formatDuration(d: number): string {
  if (d < 0) return `-${formatDuration(-d)}`;
  const whole = Math.round(d);
  if (whole === 0) return '0 s';
  if (whole < 1000) return `${whole} us`;
  if (whole < 1_000_000) return `${whole / 1000} ms`;
  return inParts(whole, (rest) => String(rest / 1_000_000));
}

/**
 * An instant of a run, the same way, but from 0 on in seconds and with all its decimals, so that a column of them is
 * aligned and one is found again by its text: `9.500000 s`, `2 min 2.534211 s`.
 */
export function formatInstant(t: number): string {
  return inParts(Math.round(t), (rest) => (rest / 1_000_000).toFixed(6), true);
}

/** What a duration is about, for a figure: three digits, or whole seconds and minutes where they say as much. */
export function formatRounded(d: number): string {
  const size = Math.abs(d);
  const step = STEPS.find(({ below }) => size < below)?.step ?? 3_600_000_000;
  return formatDuration(Math.round(d / step) * step);
}

const STEPS: readonly { readonly below: number; readonly step: number }[] = [
  { below: 1000, step: 1 },
  { below: 10_000, step: 10 },
  { below: 100_000, step: 100 },
  { below: 1_000_000, step: 1000 },
  { below: 10_000_000, step: 10_000 },
  { below: 60_000_000, step: 100_000 },
  { below: 3_600_000_000, step: 1_000_000 },
  { below: 360_000_000_000, step: 60_000_000 },
];

/** Hours, minutes and seconds, of which those that are 0 are left out; `always` writes the seconds all the same. */
function inParts(whole: number, inSeconds: (rest: number) => string, always = false): string {
  const hours = Math.trunc(whole / 3_600_000_000);
  const mins = Math.trunc((whole % 3_600_000_000) / 60_000_000);
  const rest = whole % 60_000_000;
  const parts = hours > 0 ? [`${hours} h`] : [];
  if (mins > 0) parts.push(`${mins} min`);
  if (rest > 0 || always) parts.push(`${inSeconds(rest)} s`);
  return parts.join(' ');
}
