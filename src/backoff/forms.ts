/** Durations and ratios as people write them in a policy, and the one form in which they are printed. */
import type { Ratio } from '../machine.ts';
import { parseDuration } from '../time.ts';

/** A text with its unit, or a bare number, which is in milliseconds; undefined for anything else. */
export function durationOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseDuration(/^\d+(\.\d+)?$/.test(value) ? `${value}ms` : value);
  // By its digits, so that 0.1 is 100 us and nothing is rounded.
  return typeof value === 'number' ? parseDuration(`${value}ms`) : undefined;
}

/** `1.6`, `"1.6"` or `"1618/1000"` in lowest terms; undefined for anything else. */
export function ratioOf(value: unknown): Ratio | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,9})|\/(\d{1,9}))?$/.exec(
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '',
  );
  if (match === null) return undefined;
  const [, whole = '', decimals = '', divisor] = match;
  const above = Number(`${whole}${decimals}`);
  const below = Number(divisor ?? `1${'0'.repeat(decimals.length)}`);
  const common = Math.max(1, divisorOf(above, below));
  return { num: above / common, of: below / common };
}

/** The greatest common divisor. */
const divisorOf = (a: number, b: number): number => (b === 0 ? a : divisorOf(b, a % b));

/** The exact text of a duration: `90us`, `250ms`, `20s`, `2m`, `1h`. */
export function durationText(value: number): string {
  const units = { h: 3_600_000_000, m: 60_000_000, s: 1_000_000, ms: 1000 };
  for (const [unit, size] of Object.entries(units)) {
    if (value !== 0 && value % size === 0) return `${value / size}${unit}`;
  }
  return `${value}us`;
}
