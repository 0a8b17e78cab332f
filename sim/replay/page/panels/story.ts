/** The story of a breach: the rows that led there, with forwarding left out and faults that lasted meanwhile put in. */
import { type Model, SORT, textAt, whoAt } from '../../model/model.ts';

export interface StoryLine {
  readonly row: number;
  /** How often the same was done in turn; only the last of it is a line. */
  readonly times: number;
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
  const kept = breach.trail.filter((row, i) => {
    const [before, next] = [breach.trail[i - 1], breach.trail[i + 1]];
    if (next === undefined || before === undefined || row === breach.row) return true;
    const sort = rows.sort[row];
    // Of a handshake, the dial and what came of it; of a message that is passed on, who began and who got it in the end.
    if (sort === SORT.connection) return rows.sort[before] !== SORT.connection || rows.sort[next] !== SORT.connection;
    return sort !== SORT.message || saidIn(run, row) !== saidIn(run, next) || saidIn(run, row) !== saidIn(run, before);
  });
  const trail = kept.length <= MOST ? kept : [...kept.slice(0, 8), ...kept.slice(8 - MOST)];
  const told = new Set(trail);
  const meanwhile = breach.meanwhile.filter((row) => !told.has(row)).slice(0, 24);
  return [...trail.map((row) => ({ row, meanwhile: false })), ...meanwhile.map((row) => ({ row, meanwhile: true }))]
    .sort((a, b) => a.row - b.row)
    .reduce<StoryLine[]>((all, line) => {
      const last = all.at(-1);
      const isSame =
        last !== undefined && !last.meanwhile && !line.meanwhile && wordsOf(run, last.row) === wordsOf(run, line.row);
      if (isSame) all.pop();
      all.push({ ...line, times: isSame ? last.times + 1 : 1, breach: line.row === breach.row });
      return all;
    }, []);
}

/** Who does what, whatever number it has. */
const wordsOf = (run: Model, row: number): string =>
  `${whoAt(run.rows, row)} ${textAt(run.rows, row).replace(/\d+/g, '')}`;

/** A message, whoever sends or gets it, on whatever connection. */
const saidIn = (run: Model, row: number): string =>
  run.rows.sort[row] === SORT.message
    ? textAt(run.rows, row)
        .replace(/^\w+ /, '')
        .replace(/ on \S+$/, '')
    : '';

/** Rows that stand out on the board; null where nothing does. */
export function storyRows(run: Model): ReadonlySet<number> | null {
  const lines = storyLines(run);
  if (lines.length === 0) return null;
  const told =
    run.told?.lines.flatMap(({ row, part }) =>
      row >= 0 && part !== 'run' && row <= (run.breaches[0]?.row ?? 0) ? [row] : [],
    ) ?? [];
  const rows = new Set([...(told.length > 2 ? told : lines.map(({ row }) => row)), run.breaches[0]?.row ?? 0]);
  // The faults that it takes, or took part in, and both ends of each message.
  for (const { row, meanwhile } of lines) if (meanwhile || run.rows.sort[row] === SORT.fault) rows.add(row);
  for (const row of [...rows]) {
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
