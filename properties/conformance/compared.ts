/** Two logs beside each other. */
import { asInRealm, type Difference } from './differences.ts';
import { textOf } from './expected.ts';
import type { Logs } from './program.ts';

export type Verdict =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'differs as listed'; readonly why: readonly string[] }
  | { readonly kind: 'differs'; readonly expected: Logs; readonly got: Logs; readonly note: string }
  | { readonly kind: 'not recorded' };

/** `expected` has each form of the log that was seen; `listed` are the differences that are known of this program. */
export function compare(got: Logs, expected: readonly Logs[], listed: readonly Difference[] = []): Verdict {
  if (expected.length === 0) return { kind: 'not recorded' };
  const text = textOf(got);
  const same = expected.some((each) => textOf(each) === text);
  if (listed.length === 0) {
    return same ? { kind: 'agrees' } : { kind: 'differs', expected: nearest(got, expected), got, note: '' };
  }
  if (same)
    return { kind: 'differs', expected: expected[0]!, got, note: 'a difference is listed that is none any more' };
  const fitting = expected.map((each) => asInRealm(each, listed)).filter((each) => each !== null);
  if (fitting.some((each) => textOf(each) === text))
    return { kind: 'differs as listed', why: [...new Set(listed.map(({ why }) => why))] };
  if (fitting.length === 0)
    return { kind: 'differs', expected: nearest(got, expected), got, note: 'a difference is listed that does not fit' };
  return { kind: 'differs', expected: nearest(got, fitting), got, note: 'otherwise than listed' };
}

/** The form that has most lines in common with what was said. */
function nearest(got: Logs, expected: readonly Logs[]): Logs {
  const common = (logs: Logs): number =>
    Object.entries(logs).reduce(
      (sum, [who, lines]) => sum + lines.filter((line) => got[who]?.includes(line)).length,
      0,
    );
  return [...expected].sort((a, b) => common(b) - common(a))[0]!;
}

/** Side by side, with a mark where they part. */
export function sideBySide(expected: Logs, got: Logs, [left, right]: readonly [string, string]): string[] {
  const width = 58;
  const cut = (text: string): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width));
  const out: string[] = [];
  for (const who of [...new Set([...Object.keys(expected), ...Object.keys(got)])].sort()) {
    const rows = aligned(expected[who] ?? [], got[who] ?? []);
    if (rows.every(([a, b]) => a === b)) continue;
    out.push(`    ${cut(`${who}, ${left}`)}   ${who}, ${right}`);
    for (const [a, b] of rows)
      out.push(`    ${cut(a ?? '')} ${a === b ? ' ' : '|'} ${(b ?? '').slice(0, width)}`.trimEnd());
  }
  return out;
}

/** Lines of both in order, equal ones in one row: by the longest common subsequence. */
function aligned(a: readonly string[], b: readonly string[]): [string | null, string | null][] {
  const length = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
    }
  }
  const rows: [string | null, string | null][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push([a[i]!, b[j]!]);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && length[i + 1]![j]! >= length[i]![j + 1]!)) {
      rows.push([a[i]!, null]);
      i += 1;
    } else {
      rows.push([null, b[j]!]);
      j += 1;
    }
  }
  return rows;
}
