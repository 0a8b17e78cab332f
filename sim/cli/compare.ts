/** `hangup compare A B...`: what became worse between sweeps, by more than luck. */
import { type Comparison, compareAll } from '../compare/compare.ts';
import { parseSweep } from '../compare/read.ts';
import { shown } from '../core/shown.ts';
import type { ExploreDocument } from '../explore/document.ts';
import { readFile } from '../input/read-file.ts';
import { comparisonText, type Side } from './comparison-text.ts';
import { EXIT, InputError, UsageError } from './errors.ts';
import { say, sayJson } from './terminal.ts';
import { VERSION } from './version.ts';

export interface CompareFlags {
  readonly leastChange: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** All against the first of them. */
export function compareFiles(paths: readonly string[], flags: CompareFlags): number {
  const leastPercent = percentOf('--least-change', flags.leastChange);
  const read = paths.map(sweepOf);
  const problems = read.filter((each) => typeof each === 'string');
  // One line for each file, so that all are mended at once.
  if (problems.length > 0) throw new InputError(...problems);
  const sides = (read as ExploreDocument[]).map((sweep, index): Side => {
    return { name: nameOf(index), path: paths[index] as string, sweep };
  });
  const [first, ...others] = sides as [Side, ...Side[]];
  const comparisons = compareAll(
    first.sweep,
    others.map(({ sweep }) => sweep),
    { leastPercent },
  );
  const strange = others.filter((_, index) => comparisons[index]?.onlyA.length === first.sweep.scenarios.length);
  if (strange.length > 0)
    throw new InputError(
      ...strange.map(({ path }) => `${first.path} and ${path}: expected at least one scenario in common`),
    );
  if (flags.json) sayJson(documentOf(first, others, comparisons, leastPercent), 2);
  else say(comparisonText(first, others, comparisons, { all: flags.all === true, leastPercent }));
  return comparisons.some(({ regressions }) => regressions > 0) ? EXIT.broken : EXIT.holds;
}

/** A, B, C, … as the table says; numbers behind Z. */
const nameOf = (index: number): string => (index < 26 ? String.fromCharCode(65 + index) : String(index + 1));

/** Of two files `hangup/compare/1`, of more `hangup/compare/2`, which has the same for each of the others. */
function documentOf(
  first: Side,
  others: readonly Side[],
  comparisons: readonly Comparison[],
  leastPercent: number,
): object {
  const side = ({ path: file, sweep: { version, seeds, from } }: Side): object => ({ file, version, seeds, from });
  const a = side(first);
  const [b] = others;
  if (others.length === 1 && b !== undefined)
    return { schema: 'hangup/compare/1', version: VERSION, a, b: side(b), leastPercent, ...comparisons[0] };
  const { intervals, reach } = comparisons[0] as Comparison;
  return {
    ...{ schema: 'hangup/compare/2', version: VERSION, a, leastPercent, intervals, reach },
    regressions: comparisons.reduce((sum, { regressions }) => sum + regressions, 0),
    others: others.map((other, index) => {
      const { intervals: _, reach: __, ...comparison } = comparisons[index] as Comparison;
      return { ...side(other), ...comparison };
    }),
  };
}

function percentOf(flag: string, given: string): number {
  const value = /^\d{1,3}(\.\d{1,6})?%?$/.test(given) ? Number.parseFloat(given) : Number.NaN;
  if (!(value <= 100))
    throw new UsageError(`${flag}: expected a percentage from 0 to 100, e.g. 1, got ${shown(given)}`);
  return value;
}

/** The sweep in a file, or the line that says what is wrong with it. */
function sweepOf(path: string): ExploreDocument | string {
  let text: string;
  try {
    text = new TextDecoder().decode(readFile(path));
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  const parsed = parseSweep(text);
  return 'problem' in parsed ? `${path}: ${parsed.problem}` : parsed.document;
}
