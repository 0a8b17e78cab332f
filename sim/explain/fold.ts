/**
 * Prints a timeline: columns, and what is routine folded.
 *
 * Chunks, acknowledgements, beats and timers come in long stretches, in which each hop says the same of every number. Such
 * a stretch becomes one line for each thing that was done in it, in the order in which they began; everything else stands
 * where it happened and ends the stretch. A folded line says all that its lines said: how many they were, from when until
 * when, and every one of their numbers. Consecutive numbers are a range; a gap, a repetition or a step back begins
 * another, so that a chunk that is missing among a hundred is seen without `--full`.
 */
import pc from 'picocolors';
import type { Entry } from '../../src/history.ts';
import { formatInstant } from '../../src/time.ts';
import { Connections } from '../core/connections.ts';
import type { BreachReport } from '../core/outcome.ts';
import type { Protocol } from '../core/protocol.ts';
import { BROKEN, type Line, lineOf, textOf, withBreaches } from './lines.ts';
import { wireWords } from './wire-words.ts';

/** A line with more ranges than this is longer than two lines would be. */
const RANGES = 8;

/** So many lines ahead of a broken law stand as they happened. */
const AHEAD = 12;

interface Range {
  readonly from: number;
  to: number;
}

/** Lines that say the same but for their numbers. */
interface Folded {
  readonly first: Line;
  last: Line;
  count: number;
  readonly ranges: Range[];
}

/** Lines as text, folded unless `full`. */
export function print(lines: readonly Line[], full: boolean): string[] {
  const width = {
    event: String(lines.reduce((most, { event }) => Math.max(most, event), 0)).length + 1,
    at: lines.reduce((most, { at }) => Math.max(most, formatInstant(at).length), 0),
    node: lines.reduce((most, { node }) => Math.max(most, node.length), 6),
  };
  const indent = width.event + width.at + width.node + 6;
  return (full ? lines.map(alone) : fold(lines)).map(({ first, last, count, ranges }) => {
    const what = count === 1 ? textOf(first) : `${count} x ${first.what}${inWords(ranges)}${first.behind}`;
    const until = last.event === first.event ? '' : `, until #${last.event} at ${formatInstant(last.at)}`;
    const text = [
      `#${first.event}`.padStart(width.event),
      formatInstant(first.at).padStart(width.at),
      first.node.padEnd(width.node),
      // What has lines of its own (a stack) stands in its column.
      `${what.replaceAll('\n', `\n${' '.repeat(indent)}`)}${until}`,
    ].join('  ');
    return first.strong ? pc.bold(text) : text;
  });
}

function fold(lines: readonly Line[]): Folded[] {
  const all: Folded[] = [];
  /** The lines of the present stretch that still take more, by what they say. */
  const open = new Map<string, Folded>();
  for (const [i, line] of lines.entries()) {
    if (!line.routine || isAheadOfBreach(lines, i)) {
      open.clear();
      all.push(alone(line));
      continue;
    }
    const key = [line.node, line.what, line.number === null, line.behind].join('\n');
    const like = open.get(key);
    if (like !== undefined && takes(like, line)) continue;
    const begun = alone(line);
    open.set(key, begun);
    all.push(begun);
  }
  return all;
}

const alone = (line: Line): Folded => ({
  first: line,
  last: line,
  count: 1,
  ranges: line.number === null ? [] : [{ from: line.number, to: line.number }],
});

function isAheadOfBreach(lines: readonly Line[], i: number): boolean {
  for (let j = i + 1; j <= i + AHEAD && j < lines.length; j++) if (lines[j]?.node === BROKEN) return true;
  return false;
}

/** Takes a line in; false when that would make too many ranges. */
function takes(folded: Folded, line: Line): boolean {
  const { ranges } = folded;
  const { number } = line;
  const last = ranges.at(-1);
  if (number !== null && last !== undefined) {
    if (number === last.to + 1) last.to = number;
    else if (ranges.length < RANGES) ranges.push({ from: number, to: number });
    else return false;
  }
  folded.last = line;
  folded.count++;
  return true;
}

const inWords = (ranges: readonly Range[]): string =>
  ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ');

/**
 * A history (what `witness` of a run was given, all of it) as lines for people, as `hangup replay` prints them: when, who,
 * what and why, with the `breaches` of the outcome where they happened. Long stretches of routine are folded unless `full`.
 * `protocol`: whose words are used, by default as what is said stands in history.
 */
export function timeline(
  history: readonly Entry[],
  {
    breaches = [],
    full = false,
    protocol,
  }: {
    readonly breaches?: readonly BreachReport[];
    readonly full?: boolean;
    readonly protocol?: Pick<Protocol, 'vocabulary'>;
  } = {},
): readonly string[] {
  const lineFor = linesIn(history, protocol);
  return print(withBreaches(history.map(lineFor), breaches), full);
}

/** Each entry of a history as a line: connections by their names, and what their bytes say. All of it is needed, whatever is shown. */
export const linesIn = (history: readonly Entry[], protocol?: Pick<Protocol, 'vocabulary'>): ((entry: Entry) => Line) =>
  wordsIn(history, protocol, namesIn(history));

/** The same with names of connections that somebody else gives. */
export function wordsIn(
  history: readonly Entry[],
  protocol: Pick<Protocol, 'vocabulary'> | undefined,
  nameOf: (conn: number) => string,
): (entry: Entry) => Line {
  const words = wireWords(history);
  return (entry) => {
    const line = lineOf(nameOf, entry, protocol?.vocabulary?.tell);
    const said = words.get(entry);
    return said === undefined ? line : { ...line, behind: `${line.behind}: ${said}` };
  };
}

/** What the connections of a history are called: `c1#3`. */
function namesIn(history: readonly Entry[]): (conn: number) => string {
  const connections = new Connections();
  for (const entry of history) if (entry.kind === 'dialled') connections.note(entry);
  return (conn) => connections.nameOf(conn);
}
