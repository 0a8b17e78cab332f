/**
 * A sample of the lines of `src/`: the same for the same count and first seed, and every line of code as likely as any other,
 * so that the share of mutants which it finds killed says what the share of all would be.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dice } from '../../sim/core/dice.ts';

/** A line, as Stryker takes it: `src/time.ts:12-12`. */
export type LineRange = string;

/** Files of `src/` whose path contains `only`, sorted. */
export const filesOf = (only: string): readonly string[] =>
  (readdirSync('src', { recursive: true, encoding: 'utf8' }) as string[])
    .map((name) => join('src', name).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && path.includes(only))
    .sort();

/** `count` lines of code of those files, without repetition, drawn from `seed`; all of them where there are fewer. */
export function sampleOf(files: readonly string[], count: number, seed: string): readonly LineRange[] {
  const lines = files.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => (isCode(line) ? [`${path}:${index + 1}-${index + 1}`] : [])),
  );
  const luck = dice(seed);
  const drawn: LineRange[] = [];
  while (drawn.length < count && lines.length > 0)
    drawn.push(...lines.splice(luck.between('line', 0, lines.length - 1), 1));
  return drawn.sort();
}

/** Comments, imports, types and lone brackets have nothing to mutate; a line too many costs nothing. */
const isCode = (line: string): boolean =>
  /[a-z]/i.test(line) && !/^\s*(\/\*\*|\*|\/\/|import |export (type|interface) |interface |type |readonly )/.test(line);
