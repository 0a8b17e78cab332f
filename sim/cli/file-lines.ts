/** What a replay says of the failure file that it came from: whether this is the run that failed, and if not, why. */
import type { Outcome } from '../core/outcome.ts';
import { causeOf, failingsOf } from '../explain/cause.ts';
import type { FailureFile } from '../explore/failure.ts';
import { changedCode } from '../explore/own-code.ts';
import { printable } from '../report/markup.ts';
import { sizeText } from './problem-lines.ts';
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
  outcome: Pick<Outcome, 'breaches' | 'exceeded' | 'conditions'> | null = null,
): readonly string[] {
  const old =
    file.format === 1 && instead.length === 0
      ? ['the file is of format 1, and holds no checksums of the files that its sweep used']
      : [];
  if (file.digest === digest) return [...old, ...foundLines(file)];
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
  if (outcome !== null && file.format === 3)
    return [...laterLines(file, digest, outcome, isConfigChanged), ...foundLines(file)];
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

/** What the run of a file comes to now, where it is another one: whether it fails as it did, and what is not what it was. */
function laterLines(
  file: FailureFile,
  digest: string,
  outcome: Pick<Outcome, 'breaches' | 'exceeded' | 'conditions'>,
  isConfigChanged: boolean,
): readonly string[] {
  const { law, cause } = file;
  const same = failingsOf(outcome).find((each) => each.law === law && causeOf(each.message) === cause);
  const still =
    same === undefined
      ? `it does not fail any more as it did: ${printable(law)}: ${printable(file.breaches.find((each) => each.law === law)?.message ?? file.exceeded ?? cause)}`
      : `it still fails as it did, by ${printable(law)}, in another run: its digest was ${printable(file.digest)}, and is ${digest}`;
  const changes = [
    ...(file.version === VERSION ? [] : [`hangup ${printable(file.version)} is now ${VERSION}`]),
    ...listed(changedCode(file.code).map((room) => `hangup's ${room}`)),
    ...(isConfigChanged ? ['its config or modules'] : []),
    ...(file.conditions === null || file.conditions === outcome.conditions
      ? []
      : [`what its seed draws (${printable(file.conditions)} then, ${printable(outcome.conditions)} now)`]),
  ];
  const files = [...new Set(file.files.map(({ path }) => path))];
  const what =
    changes.length > 0
      ? `changed since: ${changes.join('; ')}`
      : `${files.length === 0 ? 'no file' : `none of ${files.map(printable).join(', ')}`} that it depends on changed since, nor did what its seed draws${file.code === null ? '' : ": another build of hangup's code, or another engine, remains"}`;
  return [still, what];
}

const listed = (rooms: readonly string[]): readonly string[] => (rooms.length === 0 ? [] : [rooms.join(', ')]);

/** Where the run is that a sweep found, if this one is smaller. */
const foundLines = ({ found, shrunk }: FailureFile): readonly string[] =>
  found === null || shrunk === null
    ? []
    : [`the least that fails: ${sizeText(shrunk)}; --found replays the run as it was found`];

/** A stack from a file may be anybody's: control characters never reach a terminal. */
const stackLines = (stack: string): readonly string[] =>
  stack === '' ? [] : stack.split('\n').map((line) => `    ${printable(line)}`);
