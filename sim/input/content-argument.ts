/**
 * `--input`: files as the response, and `--schema`, which its JSON must satisfy.
 *
 * A file is JSON by its name's ending, in capitals or not: `.json`, and what is JSON under another name (`.geojson`).
 * With `--schema`, a single file is JSON whatever it is called, because a pipe has no name to go by. Everything else is
 * text where it is UTF-8 without NUL, and binary data otherwise.
 */
import { basename } from 'node:path';
import type { Content, Part } from '../../src/content.ts';
import { visible } from '../../src/visible.ts';
import { InputError, UsageError } from '../cli/errors.ts';
import { cutContent } from '../content/cut.ts';
import { join } from '../content/samples.ts';
import { parseJson } from './json.ts';
import { pathsOf } from './paths.ts';
import { judgeBySchema } from './schema.ts';
import type { Reader } from './used-files.ts';

/** Endings whose media types say `+json` (RFC 7946, JSON-LD, Web App Manifest), and two formats that are JSON. */
const JSON_NAMES = /\.(json|geojson|topojson|jsonld|webmanifest|har|ipynb)$/i;

/** So many chunks a response of several parts is cut into. */
const CHUNKS = 200;

/**
 * One text, one JSON document, or several files as a response of several parts. `warn` is told in a line what is not
 * checked. Throws `UsageError` or `InputError`.
 */
export function contentsOf(
  input: string,
  schema: string | undefined,
  reader: Reader,
  warn: (line: string) => void,
): readonly Content[] {
  const read = reader('input');
  const paths = pathsOf(input, 1, read.has);
  if (paths.length === 0) throw new UsageError('--input: expected FILE or FILE,FILE,…');
  const files = paths.map((path) => ({ path, bytes: new Uint8Array(read(path)) }));
  for (const { path, bytes } of files)
    if (bytes.length === 0) throw new InputError(`${path}: is empty: expected content to stream`);
  const kinds = files.map(({ path, bytes }): Part['kind'] => {
    if (JSON_NAMES.test(path) || (schema !== undefined && files.length === 1)) {
      parseJson(path, bytes);
      return 'json';
    }
    return isText(bytes) ? 'text' : 'binary';
  });
  if (schema !== undefined) {
    const documents = files.filter((_, index) => kinds[index] === 'json');
    if (documents.length === 0) throw new UsageError('--schema: expected a .json file in --input');
    for (const format of judgeBySchema(schema, documents, reader('schema')))
      warn(`${schema}: format ${JSON.stringify(format)} is not known here and was not checked`);
  }
  const [first] = files;
  if (files.length === 1 && first !== undefined)
    return [cutContent(visible(basename(first.path)), kinds[0] === 'json' ? 'json' : 'text', first.bytes)];
  const pieces = files.map(({ path, bytes }, i) => ({
    name: visible(basename(path)),
    kind: kinds[i] as Part['kind'],
    bytes,
  }));
  return [join(pieces.map(({ name }) => name).join('+'), pieces, CHUNKS)];
}

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !bytes.includes(0);
  } catch {
    return false;
  }
}
