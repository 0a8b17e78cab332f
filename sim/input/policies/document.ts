/**
 * The documents in a configuration file, whatever it is written in: JSON (with comments, as .NET and editors write it, or
 * an object literal cut out of JavaScript), YAML of several documents, Java properties, and the INI of AWS.
 *
 * The syntax is known by the file's ending, and by its text where that says nothing. Nothing in a file is evaluated.
 */
import { createRequire } from 'node:module';
import { InputError } from '../../cli/errors.ts';
import { DEPTH_MOST, parseJson, textOf } from '../json.ts';
import { bridgesOf, iniOf, propertiesOf } from './lines.ts';

/** The most bytes of a file of settings: half a second of YAML. */
const BYTES_MOST = 1024 * 1024;

export type Syntax = 'json' | 'yaml' | 'properties' | 'ini' | 'conf';

export interface Documents {
  readonly syntax: Syntax;
  readonly values: readonly unknown[];
}

/** Throws `InputError` in one line that begins with the path as it was given. */
export function documentsOf(path: string, bytes: Uint8Array): Documents {
  if (bytes.length > BYTES_MOST) throw new InputError(`${path}: is too large: expected a policy of at most 1 MB`);
  const text = textOf(path, bytes);
  const syntax = syntaxOf(path, text);
  switch (syntax) {
    case 'json':
      return { syntax, values: [jsonOf(path, bytes, text)] };
    case 'yaml':
      return { syntax, values: yamlOf(path, text) };
    case 'properties':
      return { syntax, values: propertiesOf(text) };
    case 'conf':
      return { syntax, values: [bridgesOf(text)] };
    case 'ini':
      return { syntax, values: [iniOf(text)] };
  }
}

function syntaxOf(path: string, text: string): Syntax {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === 'json' || ending === 'jsonc' || ending === 'json5') return 'json';
  if (ending === 'yaml' || ending === 'yml') return 'yaml';
  if (ending === 'properties') return 'properties';
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\s*[#;!]/.test(line));
  const [first = ''] = lines;
  if (lines.some((line) => /^(restart_timeout|connection|listener)\s+\S/.test(line))) return 'conf';
  if (/^\s*\[[^\]"'{}]*\]\s*$/.test(first)) return 'ini';
  if (/^\s*([{[]|\/\/|\/\*)/.test(first) || first === '') return 'json';
  return lines.every((line) => /^\s*[\w.[\]-]+\s*=/.test(line) || /^\s*\[[\w .-]+\]\s*$/.test(line))
    ? 'properties'
    : 'yaml';
}

function jsonOf(path: string, bytes: Uint8Array, text: string): unknown {
  try {
    return parseJson(path, bytes);
  } catch (error) {
    // Whatever is no JSON either way is told as JSON: what people meant by braces.
    const plain = withoutComments(text);
    if (plain.trim() === '' || !/^\s*[{[]/.test(plain)) throw error;
    try {
      return load(path, plain)[0];
    } catch {
      throw error;
    }
  }
}

function yamlOf(path: string, text: string): readonly unknown[] {
  const values = load(path, text).filter((value) => value !== null && value !== undefined);
  if (values.length === 0) throw new InputError(`${path}: is empty: expected a policy`);
  return values;
}

function load(path: string, text: string): unknown[] {
  const yaml = createRequire(import.meta.url)('js-yaml') as typeof import('js-yaml');
  try {
    return yaml.loadAll(text, { schema: yaml.CORE_SCHEMA.withTags(yaml.mergeTag) });
  } catch (error) {
    const why = (error as Error).message.split('\n')[0]?.slice(0, 120);
    const template = /\{\{.*\}\}/.test(text) ? '; it looks like a template: expected what is made of it' : '';
    throw new InputError(`${path}: does not parse as YAML (${why})${template}`);
  }
}

/** Text of JSON without its comments, those in strings left alone. */
const withoutComments = (text: string): string =>
  text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g,
    (_, quoted?: string) => quoted ?? ' ',
  );

/** An object of a document, and where it stands: `spec.template`, `[2].retryPolicy`. */
export interface Place {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** More than any configuration has: aliases of YAML can make a small file into a walk without an end. */
const PLACES_MOST = 100_000;

/** Every object of a document, outer ones first; one that several aliases of YAML name comes once. */
export function placesOf(value: unknown, path = ''): readonly Place[] {
  const places: Place[] = [];
  const seen = new Set<object>();
  const open: { path: string; value: unknown; depth: number }[] = [{ path, value, depth: 0 }];
  for (let at = 0; at < open.length && places.length < PLACES_MOST; at++) {
    const here = open[at] as { path: string; value: unknown; depth: number };
    if (here.value === null || typeof here.value !== 'object' || here.depth > DEPTH_MOST || seen.has(here.value))
      continue;
    seen.add(here.value);
    const list = Array.isArray(here.value);
    if (!list) places.push({ path: here.path, value: here.value as Readonly<Record<string, unknown>> });
    for (const [key, part] of Object.entries(here.value))
      open.push({ path: list ? `${here.path}[${key}]` : joined(here.path, key), value: part, depth: here.depth + 1 });
  }
  return places;
}

/** A path one step deeper. */
export const joined = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
