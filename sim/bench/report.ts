/** What a suite of benchmarks yields, and how it is printed: a table for people, or one JSON document. */
import type { Timing } from './compare.ts';

/** Options of every suite. */
export interface Options {
  /** Fewer sizes, events and rounds: all suites together in less than 15 s. */
  readonly quick: boolean;
  /** The folder of a prototype to measure beside `own`. */
  readonly prototype?: string;
}

/** One size: the timings of every kernel, ours first. */
export interface Row {
  /** What the row is about, where that is no number. */
  readonly label?: string;
  readonly size: Readonly<Record<string, number>>;
  readonly timings: readonly Timing[];
}

/** A target, and the worst ratio that was measured. */
export interface Claim {
  readonly claim: string;
  readonly value: number;
  readonly holds: boolean;
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly claims: readonly Claim[];
}

/** A suite as a table: time of ours, then time and ratio to ours of every peer. */
export function asTable({ title, rows, claims }: Suite): string {
  const [first] = rows;
  if (first === undefined) return `${title}\n  nothing was measured`;
  const names = first.label === undefined ? [] : [''];
  const head = [...names, ...Object.keys(first.size), ...first.timings.map(({ kernel }) => kernel)];
  const body = rows.map(({ label, size, timings }) => [
    ...(label === undefined ? [] : [label]),
    ...Object.values(size).map((value) => value.toLocaleString('en-US')),
    ...timings.map(({ ns }, index) => (index === 0 ? digits(ns) : `${digits(ns)} (${ratio(ns / timings[0]!.ns)})`)),
  ]);
  const lines = claims.map(
    ({ claim, value, holds }) => `  ${holds ? 'met' : 'NOT MET'}: ${claim} (worst ${ratio(value)})`,
  );
  return [title, ...grid([head, ...body]), ...lines].join('\n');
}

/** All suites as one document. */
export function asJson(suites: readonly Suite[]): string {
  return JSON.stringify({ node: process.version, suites }, null, 2);
}

const digits = (ns: number): string => ns.toFixed(ns < 100 ? 1 : 0);
const ratio = (value: number): string => `${value.toFixed(2)}x`;

function grid(cells: readonly (readonly string[])[]): string[] {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('   ')}`);
}
