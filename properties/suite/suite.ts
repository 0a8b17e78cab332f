/**
 * The official JSON-Schema-Test-Suite (https://github.com/json-schema-org/JSON-Schema-Test-Suite, MIT), judged by what
 * `--schema` judges with.
 *
 * A schema of the suite that says no `$schema` gets that of its folder, since that is what its author meant. Every case
 * passes, or is refused with a line that says why; a verdict that differs from the suite's is listed in `DIFFERS`.
 */
import { InputError } from '../../sim/cli/errors.ts';
import { addressOf, type Draft } from '../../sim/input/drafts.ts';
import { judged } from '../../sim/input/schema.ts';

/** Folders of the suite and the drafts that they are for. */
export const FOLDERS: Readonly<Record<string, Draft>> = {
  draft4: 'draft-04',
  draft6: 'draft-06',
  draft7: 'draft-07',
  'draft2019-09': '2019-09',
  'draft2020-12': '2020-12',
};

export interface Case {
  readonly file: string;
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[];
}

/** What became of one test: as the suite says, refused, or judged differently. */
export type Result = { readonly is: 'right' } | { readonly is: 'refused' | 'differs'; readonly why: string };

/**
 * Verdicts that differ from the suite's on purpose: under 2020-12 `format` is a note by default, and we check it, because
 * who writes a format means it.
 */
export const DIFFERS = /^draft2020-12 format\.json: .* format \/ invalid .* string is only an annotation by default$/;

/** Judges every test of a case, each by its name. */
export function resultsOf(folder: string, { file, description, schema, tests }: Case): readonly [string, Result][] {
  const stated =
    typeof schema === 'object' && schema !== null && !('$schema' in schema)
      ? { $schema: addressOf(FOLDERS[folder] as Draft), ...schema }
      : schema;
  return tests.map((test) => [
    `${folder} ${file}: ${description} / ${test.description}`,
    resultOf(stated, test.data, test.valid),
  ]);
}

function resultOf(schema: unknown, data: unknown, valid: boolean): Result {
  try {
    judged('schema', schema, [{ path: 'data', bytes: Buffer.from(JSON.stringify(data)) }]);
    return valid ? { is: 'right' } : { is: 'differs', why: 'passes' };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (!error.message.startsWith('data: does not satisfy'))
      return { is: 'refused', why: error.message.slice('schema: '.length) };
    return valid ? { is: 'differs', why: error.message } : { is: 'right' };
  }
}

/** Why a schema of the suite is refused, in words that many have in common. */
export function reasonOf(why: string): string {
  if (/no other file is read/.test(why)) return 'refers to another file';
  if (/passes over what stands beside `\$ref`/.test(why))
    return 'has keywords beside `$ref` that its draft passes over';
  if (/needs `\w+` beside it/.test(why)) return 'has a keyword without the one that it belongs to';
  if (/^`\$schema`/.test(why)) return 'has a `$schema` of its own';
  if (/has no such keyword|it belongs to/.test(why)) return 'has a keyword that its draft does not know';
  if (/would be taken for a name/.test(why)) return 'has a name of the schema inside of data';
  if (/is not in the schema/.test(why)) return 'refers to what its draft passes over';
  if (/refers to itself/.test(why)) return 'refers to itself without end';
  return why;
}
