/** `--schema FILE`: what it says of the documents of `--input`. */
import { formatDuration, ms } from '../../src/time.ts';
import { InputError } from '../cli/errors.ts';
import { parseJson, textOf } from './json.ts';
import { ask, JUDGE_MOST } from './judge.ts';
import { prepare } from './schema-keywords.ts';
import type { ReadFile } from './used-files.ts';

/** A JSON document with the path that it was read from. */
export interface Document {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Judges every document by the schema in the file. Throws `InputError` in one line for a schema that cannot be judged
 * whole and for the first document that does not satisfy it; returns the formats that were not checked, each once.
 */
export function judgeBySchema(path: string, documents: readonly Document[], read: ReadFile): readonly string[] {
  return judged(path, parseJson(path, read(path)), documents);
}

/** The same for a schema that was parsed. */
export function judged(path: string, schema: unknown, documents: readonly Document[]): readonly string[] {
  const prepared = prepare(schema);
  if ('problem' in prepared) throw new InputError(`${path}: ${prepared.problem}`);
  const answer = ask({
    draft: prepared.draft,
    schema: JSON.stringify(prepared.schema),
    documents: documents.map((document) => textOf(document.path, document.bytes)),
  });
  if (answer === null)
    throw new InputError(
      `${path}: was not judged within ${formatDuration(ms(JUDGE_MOST))}: expected patterns and references that end sooner`,
    );
  if ('problem' in answer)
    throw new InputError(
      `${path}: ${answer.problem}${prepared.stated ? '' : ` (no \`$schema\`: read as ${prepared.draft})`}`,
    );
  if (!answer.satisfied)
    throw new InputError(`${documents[answer.document]?.path}: does not satisfy ${path}: ${answer.why}`);
  return prepared.formats;
}
