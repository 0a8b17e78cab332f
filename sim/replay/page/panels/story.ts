/** The story of a breach: the rows that led there, with forwarding left out and faults that lasted meanwhile put in. */
import { type Model, SORT } from '../../model/model.ts';

export interface StoryLine {
  readonly row: number;
  readonly meanwhile: boolean;
  readonly breach: boolean;
}

const made = new WeakMap<Model, readonly StoryLine[]>();

/** The lines of the first breach; empty where no law is broken. */
export function storyLines(run: Model): readonly StoryLine[] {
  let lines = made.get(run);
  if (lines === undefined) {
    lines = linesOf(run);
    made.set(run, lines);
  }
  return lines;
}

/** So many lines are read; of a longer chain its beginning and its end. */
const MOST = 40;

function linesOf(run: Model): readonly StoryLine[] {
  const [breach] = run.breaches;
  if (breach === undefined) return [];
  const { rows } = run;
  // Who passes something on in the same event says nothing new.
  const kept = breach.trail.filter((row, i) => {
    const before = breach.trail[i - 1];
    const forwards =
      before !== undefined &&
      rows.sort[row] === SORT.message &&
      rows.event[row] === rows.event[before] &&
      rows.sort[before] === SORT.message;
    return !forwards || i === breach.trail.length - 1;
  });
  const trail = kept.length <= MOST ? kept : [...kept.slice(0, 8), ...kept.slice(8 - MOST)];
  const told = new Set(trail);
  const meanwhile = breach.meanwhile.filter((row) => !told.has(row)).slice(0, 24);
  return [...trail.map((row) => ({ row, meanwhile: false })), ...meanwhile.map((row) => ({ row, meanwhile: true }))]
    .sort((a, b) => a.row - b.row)
    .map((line) => ({ ...line, breach: line.row === breach.row }));
}

/** Rows that stand out on the board; null where nothing does. */
export function storyRows(run: Model): ReadonlySet<number> | null {
  const lines = storyLines(run);
  if (lines.length === 0) return null;
  const rows = new Set(lines.map(({ row }) => row));
  // A message is told by both of its ends.
  for (const { row } of lines) {
    const message = run.rows.message[row] as number;
    if (message < 0) continue;
    rows.add(run.messages.sent[message] as number);
    if (
      (run.messages.ended[message] as number) >= 0 &&
      (run.messages.ended[message] as number) <= (run.breaches[0]?.row ?? 0)
    )
      rows.add(run.messages.ended[message] as number);
  }
  return rows;
}
