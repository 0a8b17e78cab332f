/**
 * What the tables of a sweep have in common: they fit the width at hand, and nothing in them is cut.
 *
 * A table that is too wide takes two lines a row, or more: its columns go on below each other. Names can be pasted from it
 * at any width.
 */
import Table from 'cli-table3';
import pc from 'picocolors';
import { type Histogram, quantile } from '../explore/histogram.ts';
import { percentOf } from '../explore/numbers.ts';
import type { Unit } from '../figures/figure.ts';
import { amount, duration, percent, size } from '../report/words.ts';
import { type Sink, streams } from './streams.ts';

/** A table that is not printed on a terminal has this width, so that it is the same wherever it is read. */
const OFF_TERMINAL = 120;
/** Narrower than that, and a terminal wraps more than a table can lay out. */
const LEAST = 40;
/** Between two columns. */
const GAP = 2;

/** Characters in a line: the terminal's, or what `COLUMNS` says off a terminal. */
export function widthOf(stream: Pick<Sink, 'isTTY' | 'columns'>, columns = process.env.COLUMNS): number {
  const asked = /^\d{1,4}$/.test(columns ?? '') ? Number(columns) : OFF_TERMINAL;
  // A terminal that does not know its width says 0.
  return Math.max(LEAST, stream.isTTY && (stream.columns ?? 0) > 0 ? (stream.columns as number) : asked);
}

/** A table under its head, in as few lines a row as fit into `width` characters. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width = widthOf(streams().stdout),
): string {
  const cells = [head.map((name) => pc.dim(name)), ...rows.map((row) => row.map((cell) => oneLine(String(cell))))];
  const widths = head.map((_, i) => Math.max(...cells.map((row) => visible(row[i] ?? ''))));
  const lines = linesOf(widths, width).map((columns, nth) => aligned(cells, columns, nth === 0 ? '' : INDENT));
  return cells.flatMap((_, i) => lines.map((line) => line[i] as string)).join('\n');
}

/**
 * A sentence behind what stands before it (so many characters), its further lines below its first: for a terminal only,
 * because a search by line finds all of it elsewhere.
 */
export function hanging(text: string, before: number, stream: Pick<Sink, 'isTTY' | 'columns'>): string {
  const room = stream.isTTY ? Math.max(LEAST / 2, widthOf(stream) - before) : Number.POSITIVE_INFINITY;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && visible(last) + 1 + visible(word) <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(before)}`);
}

/** What goes on in a further line stands under it. */
const INDENT = '  ';

/** Which columns share a line: as many as fit, in their order. */
function linesOf(widths: readonly number[], width: number): readonly (readonly number[])[] {
  const lines: number[][] = [];
  let room = 0;
  for (const [column, own] of widths.entries()) {
    const line = lines.at(-1);
    if (line === undefined || own + GAP > room) {
      room = width - own - (lines.length === 0 ? 0 : INDENT.length);
      lines.push([column]);
    } else {
      room -= own + GAP;
      line.push(column);
    }
  }
  return lines;
}

/** Some columns of all rows below each other. */
function aligned(cells: readonly (readonly string[])[], columns: readonly number[], indent: string): readonly string[] {
  const grid = new Table({
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_LINES, middle: ' '.repeat(GAP) },
  });
  for (const row of cells) grid.push(columns.map((column) => row[column] ?? ''));
  return grid
    .toString()
    .split('\n')
    .map((line) => `${indent}${line}`.trimEnd());
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]\s*/g, ' ');

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours, which take no room.
const visible = (text: string): number => text.replace(/\u001b\[\d+m/g, '').length;

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((place) => [`${side}${place}`, '']),
  ),
);

/** A share in percent, `-` of nothing: `100`, `99.95`; `100` only when it is all. */
export function share(part: number, whole: number): string {
  const value = percentOf(part, whole);
  return value === null ? '-' : percent(value).replace(' %', '');
}

/** A number with its unit: `1.24 s`, `12.5 KB`, `99.95 %`, `12,345`. */
export function shownIn(unit: Unit, value: number): string {
  switch (unit) {
    case 'us':
      return duration(value / 1000);
    case 'bytes':
      return size(value);
    case 'percent':
      return percent(value);
    case 'count':
      return amount(value);
  }
}

/** p50, p95, p99 and maximum; times in whole milliseconds. */
export function spread(histogram: Histogram, unit: Unit = 'us'): string {
  if (histogram.count === 0) return '-';
  return [50, 95, 99, 100]
    .map((num) => quantile(histogram, num, 100))
    .map((value) => (value === null ? '-' : String(Math.round(unit === 'us' ? value / 1000 : value))))
    .join(' ');
}
