/**
 * Prints a timeline: columns, and runs of like lines as one.
 *
 * A folded line says all that its lines said: how many they were, from when until when, and every one of their numbers.
 * Consecutive numbers are a range; a gap, a repetition or a step back begins another, so that a chunk that is missing
 * among a hundred is seen without `--full`.
 */
import pc from 'picocolors';
import { formatInstant } from '../../src/time.ts';
import { type Line, textOf } from './timeline.ts';

/** A line with more ranges than this is longer than two lines would be. */
const RANGES = 8;

/** Lines as text, folded unless `full`. */
export function print(lines: readonly Line[], full: boolean): string[] {
  const width = {
    event: String(lines.reduce((most, { event }) => Math.max(most, event), 0)).length + 1,
    at: formatInstant(lines.reduce((most, { at }) => Math.max(most, at), 0)).length,
    node: lines.reduce((most, { node }) => Math.max(most, node.length), 6),
  };
  const printed: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const first = lines[i] as Line;
    const ranges = first.number === null ? [] : [{ from: first.number, to: first.number }];
    let end = i + 1;
    if (!full)
      while (end < lines.length && isLike(first, lines[end] as Line) && takes(ranges, lines[end] as Line)) end++;
    const count = end - i;
    const last = lines[end - 1] as Line;
    const what = count === 1 ? textOf(first) : `${count} x ${first.what}${inWords(ranges)}${first.behind}`;
    const until = last.event === first.event ? '' : `, until #${last.event} at ${formatInstant(last.at)}`;
    const text = [
      `#${first.event}`.padStart(width.event),
      formatInstant(first.at).padStart(width.at),
      first.node.padEnd(width.node),
      `${what}${until}`,
    ].join('  ');
    printed.push(first.strong ? pc.bold(text) : text);
    i = end;
  }
  return printed;
}

interface Range {
  readonly from: number;
  to: number;
}

/** Whether two lines say the same but for their number. */
const isLike = (a: Line, b: Line): boolean =>
  !a.strong &&
  a.node === b.node &&
  a.what === b.what &&
  a.behind === b.behind &&
  (a.number === null) === (b.number === null);

/** Adds the number of a line; false when there would be too many ranges. */
function takes(ranges: Range[], { number }: Line): boolean {
  if (number === null) return true;
  const last = ranges.at(-1);
  if (last !== undefined && number === last.to + 1) last.to = number;
  else if (ranges.length < RANGES) ranges.push({ from: number, to: number });
  else return false;
  return true;
}

const inWords = (ranges: readonly Range[]): string =>
  ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
