/**
 * Whether every keyword of a schema will be judged.
 *
 * By the specification a validator passes over what it does not know, so a misspelt `requried`, a `prefixItems` under
 * draft-07 or a `minLength` beside `$ref` there let every document through. Here such a schema is refused with the
 * keyword's name: a document that passes has passed all of its schema. Notes (`title`, `x-…`) are taken away, so that
 * nothing is read out of them. A `format` that nobody knows is the one thing that is named and let be.
 */
import { meant } from '../cli/names.ts';
import { CURRENT, DRAFTS, type Draft, draftOf, FORMATS, KEYWORDS, type Keyword, NAMES, NOTES } from './drafts.ts';

export interface Prepared {
  readonly draft: Draft;
  /** Whether the schema said so with `$schema`. */
  readonly stated: boolean;
  /** The schema without its notes. */
  readonly schema: unknown;
  /** Formats that are not checked, each once. */
  readonly formats: readonly string[];
}

/** The schema as it can be judged, or the first thing in it that can't, as the end of a line. */
export function prepare(schema: unknown): Prepared | { readonly problem: string } {
  // The judge reads a name out of it before it looks at what it is.
  if (schema === null) return { problem: 'is no JSON Schema: expected an object, true or false, got null' };
  const stated = isObject(schema) && Object.hasOwn(schema, '$schema') ? schema.$schema : undefined;
  if (stated !== undefined && typeof stated !== 'string')
    return { problem: `\`$schema\`: expected the address of a draft, got ${short(stated)}` };
  const draft = stated === undefined ? CURRENT : draftOf(stated);
  if (draft === undefined)
    return {
      problem: `\`$schema\`: ${short(stated)} is not judged: expected ${DRAFTS.slice(0, -1).join(', ')} or ${CURRENT}`,
    };
  const reading: Reading = { draft, stated: stated !== undefined, problems: [], formats: new Set() };
  const bare = schemaAt(reading, schema, '#');
  const [first, ...more] = reading.problems;
  if (first !== undefined) return { problem: more.length === 0 ? first : `${first} (and ${more.length} more)` };
  return { draft, stated: stated !== undefined, schema: bare, formats: [...reading.formats] };
}

interface Reading {
  readonly draft: Draft;
  readonly stated: boolean;
  readonly problems: string[];
  readonly formats: Set<string>;
}

type Fields = Readonly<Record<string, unknown>>;

function schemaAt(reading: Reading, schema: unknown, at: string): unknown {
  // What is no schema is refused by the draft's own schema, with its place.
  if (!isObject(schema)) return schema;
  const only = refOnly(reading, schema, at);
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(schema)) {
    const inner = keywordAt(reading, schema, name, value, `${at}/${pointer(name)}`);
    if (inner !== undefined && (!only || name === '$ref' || DEFINITIONS.has(name) || at === '#'))
      kept.push([name, inner]);
  }
  // Where a `$ref` stands, these drafts see nothing else, and so no place that a `$ref` could lead to either.
  if (!only || kept.length === 1) return Object.fromEntries(kept);
  const others = kept.filter(([name]) => name !== '$ref');
  return Object.fromEntries([...others, ['allOf', [{ $ref: schema.$ref }]]]);
}

/** What a keyword keeps of its value; undefined when nothing of it judges. Adds what will not be judged to the problems. */
function keywordAt(reading: Reading, schema: Fields, name: string, value: unknown, at: string): unknown {
  const { draft } = reading;
  if (name === '$schema') {
    if (at !== '#/$schema' && (typeof value !== 'string' || draftOf(value) !== draft))
      reading.problems.push(`\`$schema\` at ${at}: a part of another draft is not judged, expected ${draft}`);
    return undefined;
  }
  if (name === 'id' && draft === 'draft-04') return value;
  const since = NAMES.get(name);
  if (since !== undefined) return isKnown(draft, { since, until: CURRENT }) ? value : undefined;
  if (name === 'id' || NOTES.has(name) || name.startsWith('x-')) return undefined;
  const keyword = KEYWORDS.get(name);
  if (keyword === undefined || !(isKnown(draft, keyword) || DEFINITIONS.has(name))) {
    reading.problems.push(`\`${name}\` at ${at} is not judged: ${strangerText(reading, name, keyword)}`);
    return undefined;
  }
  if (keyword.beside !== undefined && !Object.hasOwn(schema, keyword.beside) && !isHarmless(value)) {
    reading.problems.push(`\`${name}\` at ${at} is not judged: it needs \`${keyword.beside}\` beside it`);
    return undefined;
  }
  if (name === 'format' && typeof value === 'string' && !FORMATS.some((known) => known === value)) {
    reading.formats.add(value);
    return undefined;
  }
  return heldBy(reading, keyword, value, at);
}

function heldBy(reading: Reading, { holds }: Keyword, value: unknown, at: string): unknown {
  const each = (values: readonly unknown[]): unknown =>
    values.map((inner, index) => schemaAt(reading, inner, `${at}/${index}`));
  if (holds === 'value') {
    namesIn(reading, value, at);
    return value;
  }
  if (Array.isArray(value)) return holds === 'list' || holds === 'items' ? each(value) : value;
  if (!isObject(value)) return value;
  if (holds === 'schema' || holds === 'items') return schemaAt(reading, value, at);
  if (holds === 'list') return value;
  // `fromEntries` makes a property of `__proto__` too.
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, schemaAt(reading, inner, `${at}/${pointer(name)}`)]),
  );
}

/** Whether a `$ref` here hides what stands beside it; what would judge there is a problem. */
function refOnly(reading: Reading, schema: Fields, at: string): boolean {
  if (!Object.hasOwn(schema, '$ref') || isKnown(reading.draft, { since: '2019-09', until: CURRENT })) return false;
  for (const name of Object.keys(schema)) {
    const id = name === (reading.draft === 'draft-04' ? 'id' : '$id') && at !== '#';
    const judges = KEYWORDS.has(name) && name !== '$ref' && !DEFINITIONS.has(name);
    if (id || judges)
      reading.problems.push(
        `\`${name}\` at ${at} is not judged: ${reading.draft} passes over what stands beside \`$ref\` (put both into \`allOf\`)`,
      );
  }
  return true;
}

/** Names of places inside of data would be taken for places of the schema. */
function namesIn(reading: Reading, value: unknown, at: string): void {
  if (Array.isArray(value)) for (const inner of value) namesIn(reading, inner, at);
  else if (isObject(value))
    for (const [name, inner] of Object.entries(value)) {
      const named = NAMES.has(name) || name === '$schema' || (name === 'id' && reading.draft === 'draft-04');
      if (named && typeof inner === 'string')
        reading.problems.push(
          `\`${name}\` inside of ${at} is not judged: its value would be taken for a name in the schema`,
        );
      namesIn(reading, inner, at);
    }
}

const DEFINITIONS: ReadonlySet<string> = new Set(['definitions', '$defs']);

const isKnown = (draft: Draft, { since, until }: Pick<Keyword, 'since' | 'until'>): boolean =>
  DRAFTS.indexOf(since) <= DRAFTS.indexOf(draft) && DRAFTS.indexOf(draft) <= DRAFTS.indexOf(until);

/** A schema that no value fails. */
const isHarmless = (value: unknown): boolean => value === true || (isObject(value) && Object.keys(value).length === 0);

function strangerText({ draft, stated }: Reading, name: string, keyword: Keyword | undefined): string {
  if (keyword === undefined) return `${draft} has no such keyword${meant(name, [...KEYWORDS.keys()])}`;
  const { since, until } = keyword;
  const when = since === until ? since : until === CURRENT ? `${since} and later` : `${until} and before`;
  return `it belongs to ${when}, and ${stated ? 'the schema says' : 'a schema without `$schema` is read as'} ${draft}`;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};
