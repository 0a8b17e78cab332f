/** What Stryker's JSON report comes to: a score by room with its interval, and the mutants that no test noticed. */

/** The part of the report that is read here (mutation testing report schema, version 2). */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

export interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'RuntimeError' | 'CompileError' | 'Ignored';
  readonly location: { readonly start: Place; readonly end: Place };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Mutants that were noticed, of those that count: one that cannot run at all says nothing. */
export interface Score {
  readonly killed: number;
  readonly of: number;
}

const NOTICED: readonly Mutant['status'][] = ['Killed', 'Timeout'];
const MISSED: readonly Mutant['status'][] = ['Survived', 'NoCoverage'];

/** By room (`src/link`, `src/session/client`, …), and of all under `''`. */
export function scoresOf({ files }: MutationReport): ReadonlyMap<string, Score> {
  const scores = new Map<string, { killed: number; of: number }>();
  for (const [path, { mutants }] of Object.entries(files))
    for (const { status } of mutants) {
      const isKilled = NOTICED.includes(status);
      if (!isKilled && !MISSED.includes(status)) continue;
      for (const room of ['', path.slice(0, path.lastIndexOf('/'))]) {
        const score = scores.get(room) ?? { killed: 0, of: 0 };
        score.of++;
        if (isKilled) score.killed++;
        scores.set(room, score);
      }
    }
  return scores;
}

/** One line for each mutant that no test noticed: its place, what stood there and what stands there now. */
export function survivorsOf({ files }: MutationReport): readonly string[] {
  return Object.entries(files).flatMap(([path, { source, mutants }]) =>
    mutants
      .filter(({ status }) => MISSED.includes(status))
      .map(({ location, replacement = '', mutatorName, status }) => {
        const { start, end } = location;
        const was = between(source, start, end);
        const untested = status === 'NoCoverage' ? ', which no test runs' : '';
        return `${path}:${start.line}:${start.column} ${mutatorName}: ${inLine(was)} -> ${inLine(replacement)}${untested}`;
      }),
  );
}

function between(source: string, start: Place, end: Place): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
    .join('\n');
}

const WIDTH = 60;

const inLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line;
};

/** Wilson's interval of a share at 95 %, in percent: what the score of all mutants is likely to be. */
export function interval({ killed, of }: Score): readonly [number, number] {
  if (of === 0) return [0, 100];
  const z2 = 1.96 * 1.96;
  const share = killed / of;
  const middle = share + z2 / (2 * of);
  const half = 1.96 * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  const over = 1 + z2 / of;
  return [(100 * (middle - half)) / over, (100 * (middle + half)) / over];
}
