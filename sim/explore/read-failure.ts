/**
 * Reading a failure file, which may be anybody's: whatever stands in it comes to a whole `FailureFile` or to one line that
 * names the field and the expected form. Only what is known is taken over, each part checked.
 */
import { InputError } from '../cli/errors.ts';
import { isName } from '../core/name.ts';
import type { BreachReport } from '../core/outcome.ts';
import { NOTHING_GIVEN, originIn } from '../core/overrides.ts';
import { causeOf } from '../explain/cause.ts';
import type { Extent } from '../explain/shrink.ts';
import type { Faults } from '../faults/catalogue.ts';
import { type Flaw, flawOf, flawText } from '../faults/check.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { parseJson } from '../input/json.ts';
import { readFile } from '../input/read-file.ts';
import { type FileFlag, USED_FLAGS, type UsedFile } from '../input/used-files.ts';
import type { FailureFile, Found, ShrunkBy } from './failure.ts';
import type { OwnCode } from './own-code.ts';
import type { Ended } from './tally.ts';

/** The most bytes of a failure file: ten thousand faults take two. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Names and arguments are lines of a shell, which takes no longer ones. */
const MOST_TEXT = 128 * 1024;
/** Arguments name files, and few of them. */
const MOST_FILES = 1_000;

/** What is wrong with a failure file, in one line. */
export const wrongIn = (path: string, flaw: Flaw): InputError => new InputError(`${path}: ${flawText(flaw)}`);

/**
 * Reads a failure file. Throws `InputError` that names the path and the field. The plan is taken as it stands where
 * nothing says which kinds of faults there are: before its config is read, and where no scenario has its name.
 */
export function readFailure(path: string, faultsFor: ((scenario: string) => Faults | null) | null): FailureFile {
  const value = parseJson(path, readFile(path, MOST_BYTES));
  const wrong = (flaw: Flaw): InputError => wrongIn(path, flaw);
  if (!isFields(value)) throw new InputError(`${path}: expected a failure file (a JSON object)`);
  const take = <T>(field: string, expected: string, accepts: (got: unknown) => got is T): T => {
    const got = ownOf(value, field);
    if (!accepts(got)) throw wrong({ field, expected, got });
    return got;
  };
  const text = (field: string): string => take(field, 'a text', isText);
  // A file of an older version does not have all of them.
  const argument = (field: string): string | null => take(field, 'a text or null', isArgument) ?? null;

  const format = take('format', '1, 2 or 3', isFormat);
  const plan = ownOf(value, 'plan');
  const ended = ownOf(value, 'ended');
  if (ended !== undefined && !isEnded(ended))
    throw wrong({ field: 'ended', expected: 'an object with verdict, message, stack, event, at and ours', got: ended });
  // A run without an outcome may have ended before its plan was drawn.
  const isDrawnAgain = plan === null && ended !== undefined;
  const faults = isDrawnAgain ? null : (faultsFor?.(text('scenario')) ?? null);
  const flaw = faults === null ? null : flawOf(plan, faults);
  const file = {
    ...{ format, version: text('version'), scenario: text('scenario'), seed: text('seed'), digest: text('digest') },
    ...originIn(Object.fromEntries(Object.keys(NOTHING_GIVEN).map((name) => [name, argument(name)]))),
    ...{ config: argument('config'), exceeded: argument('exceeded') },
    breaches: take('breaches', 'a list of breaches with law, message, at and event', isBreaches),
  };
  if (flaw !== null) throw wrong(flaw);
  const [first] = file.breaches;
  // What a file of before was about: the first thing that is said in it.
  const about = {
    law: first?.law ?? (ended === undefined ? 'budget' : (ended as Ended).verdict),
    cause: causeOf(first?.message ?? (ended as Ended | undefined)?.message ?? file.exceeded ?? ''),
    ...{ conditions: null, code: null, found: null, shrunk: null },
  };
  const sound = { ...file, ...about, plan: plan as FaultPlan | null, ...(ended === undefined ? {} : { ended }) };
  if (format === 1) return { ...sound, folder: null, files: [] };
  const { absolute, relative } = take('folder', 'an object with the texts absolute and relative', isFolder);
  const files = take(
    'files',
    `a list of at most ${MOST_FILES} files with flag (${USED_FLAGS.join(', ')}), path and sha256`,
    isFiles,
  );
  const whole = {
    ...sound,
    folder: { absolute, relative },
    files: files.map(({ flag, path, sha256 }) => ({ flag, path, sha256 })),
  };
  if (format === 2) return whole;
  const code = take('code', 'an object with as (ts or js) and a SHA-256 of each of the rooms, or null', isOwnCode);
  const found = take('found', 'a run with seed, digest, plan, breaches, exceeded and its arguments, or null', isFound);
  const foundFlaw = found === null || faults === null ? null : flawOf(found.plan, faults);
  if (foundFlaw !== null) throw wrong({ ...foundFlaw, field: `found.${foundFlaw.field}` });
  return {
    ...whole,
    ...{ law: text('law'), cause: text('cause'), conditions: argument('conditions') },
    code: code === null ? null : { as: code.as, rooms: { ...code.rooms } },
    found: found === null ? null : foundOf(found),
    shrunk: shrunkOf(take('shrunk', 'an object with runs, before, after and stopped, or null', isShrunkBy)),
  };
}

const isFormat = (got: unknown): got is 1 | 2 | 3 => got === 1 || got === 2 || got === 3;

const SHA256 = /^[0-9a-f]{64}$/;
/** Rooms have short names, and few of them. */
const isOwnCode = (value: unknown): value is OwnCode | null =>
  value === null ||
  (isFields(value) &&
    ['ts', 'js'].includes(String(isText(ownOf(value, 'as')) ? value.as : '')) &&
    isFields(ownOf(value, 'rooms')) &&
    Object.entries(value.rooms as Fields).every(([room, sum]) => isName(room) && isText(sum) && SHA256.test(sum)) &&
    Object.keys(value.rooms as Fields).length <= MOST_FILES);

const isFound = (value: unknown): value is Found | null =>
  value === null ||
  (isFields(value) &&
    isText(ownOf(value, 'seed')) &&
    isText(ownOf(value, 'digest')) &&
    Array.isArray(ownOf(value, 'plan')) &&
    isBreaches(ownOf(value, 'breaches')) &&
    isArgument(ownOf(value, 'exceeded')) &&
    Object.keys(NOTHING_GIVEN).every((name) => isArgument(ownOf(value, name))));

const foundOf = (found: Found): Found => ({
  ...{ seed: found.seed, digest: found.digest, plan: found.plan },
  ...{ breaches: found.breaches, exceeded: found.exceeded ?? null },
  ...originIn(Object.fromEntries(Object.keys(NOTHING_GIVEN).map((name) => [name, ownOf(found as never, name)]))),
});

const isShrunkBy = (value: unknown): value is ShrunkBy | null =>
  value === null ||
  (isFields(value) &&
    isMoment(ownOf(value, 'runs')) &&
    isExtent(ownOf(value, 'before')) &&
    isExtent(ownOf(value, 'after')) &&
    ['least', 'budget', 'interrupted'].includes(String(isText(ownOf(value, 'stopped')) ? value.stopped : '')));

const shrunkOf = (value: ShrunkBy | null): ShrunkBy | null => {
  if (value === null) return null;
  const { runs, before, after, stopped } = value;
  return { runs, before: extentOf(before), after: extentOf(after), stopped };
};

const extentOf = ({ faults, events, at, sizes }: Extent): Extent => ({ faults, events, at, sizes: { ...sizes } });

const isExtent = (value: unknown): boolean =>
  isFields(value) &&
  ['faults', 'events', 'at'].every((name) => isMoment(ownOf(value, name))) &&
  isFields(ownOf(value, 'sizes')) &&
  Object.entries(value.sizes as Fields).every(([name, size]) => isName(name) && isMoment(size));

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** What an object itself holds, and not what every object inherits. */
const ownOf = (value: Fields, field: string): unknown => (Object.hasOwn(value, field) ? value[field] : undefined);

/** No path and no name holds a zero byte, and the system's calls throw for one. */
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MOST_TEXT && !value.includes('\0');
const isArgument = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || isText(value);

const isBreaches = (value: unknown): value is readonly BreachReport[] =>
  Array.isArray(value) &&
  value.every(
    (each) =>
      isFields(each) &&
      isText(ownOf(each, 'law')) &&
      isText(ownOf(each, 'message')) &&
      isMoment(ownOf(each, 'at')) &&
      isMoment(ownOf(each, 'event')),
  );
const isEnded = (value: unknown): value is Ended =>
  isFields(value) &&
  ['threw', 'crashed', 'nondeterministic'].includes(String(isText(ownOf(value, 'verdict')) ? value.verdict : '')) &&
  isText(ownOf(value, 'message')) &&
  isText(ownOf(value, 'stack')) &&
  isMoment(ownOf(value, 'at')) &&
  isMoment(ownOf(value, 'event')) &&
  typeof ownOf(value, 'ours') === 'boolean';
const isMoment = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isFolder = (value: unknown): value is NonNullable<FailureFile['folder']> =>
  isFields(value) && isText(ownOf(value, 'absolute')) && isText(ownOf(value, 'relative'));

const isFiles = (value: unknown): value is readonly UsedFile[] =>
  Array.isArray(value) &&
  value.length <= MOST_FILES &&
  value.every(
    (each) =>
      isFields(each) &&
      USED_FLAGS.includes(ownOf(each, 'flag') as FileFlag) &&
      isText(ownOf(each, 'path')) &&
      SHA256.test(String(isText(ownOf(each, 'sha256')) ? ownOf(each, 'sha256') : '')),
  );
