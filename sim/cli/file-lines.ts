/** What a replay says of the failure file that it came from: whether this is the run that failed, and if not, why. */
import type { FailureFile } from '../explore/failure.ts';
import { printable } from '../report/markup.ts';
import { VERSION } from './version.ts';

/**
 * Lines for a run whose digest is `digest`; `instead` are arguments given in place of the file's. Files that changed were
 * told before: whoever comes here read what the sweep read, or a file of format 1, which cannot tell.
 */
export function fileLines(
  file: FailureFile,
  digest: string,
  instead: readonly string[],
  isConfigChanged = false,
): readonly string[] {
  const old =
    file.format === 1 && instead.length === 0
      ? ['the file is of format 1, and holds no checksums of the files that its sweep used']
      : [];
  if (file.digest === digest) return old;
  // Such a run had no digest.
  if (file.ended !== undefined)
    return [
      ...old,
      `the file is of a run that ${file.ended.verdict}: ${printable(file.ended.message)}`,
      ...stackLines(file.ended.stack),
    ];
  if (instead.length > 0)
    return [
      `this is another run than the file's, with ${instead.map((flag) => `--${flag}`).join(', ')} instead of its own; the plan is the file's`,
    ];
  const unchanged = file.files.filter(({ flag }) => flag !== 'config' || !isConfigChanged);
  const files = [...new Set(unchanged.map(({ path }) => path))];
  const same =
    file.format === 1
      ? 'so code, drawing, or a file that it used changed'
      : `${files.length === 0 ? '' : `${files.join(', ')} did not change, so `}code or drawing did`;
  return [
    ...old,
    `the file's digest is ${file.digest}: written by version ${file.version}, this is ${VERSION}; ${same} since, the plan is the file's`,
  ];
}

/** A stack from a file may be anybody's: control characters never reach a terminal. */
const stackLines = (stack: string): readonly string[] =>
  stack === '' ? [] : stack.split('\n').map((line) => `    ${printable(line)}`);
