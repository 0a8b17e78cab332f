/**
 * The drafts of JSON Schema that `--schema` judges, and the keywords of each.
 *
 * A schema says with `$schema` which draft it is written for; one that says nothing is read as 2020-12, the current one.
 * What a keyword holds (schemas, a value, nothing that judges) is needed to find every keyword of a schema, and none in
 * its data: in `{ "enum": [{ "requried": 1 }] }` there is no misspelt keyword.
 */

/** Drafts in the order of their publication. */
export const DRAFTS = ['draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12'] as const;
export type Draft = (typeof DRAFTS)[number];

/** The draft of a schema that has no `$schema`. */
export const CURRENT: Draft = '2020-12';

/** How a schema names its draft, without `http:` or `https:` and without an empty fragment. */
const ADDRESSES: Readonly<Record<Draft, string>> = {
  'draft-04': '//json-schema.org/draft-04/schema',
  'draft-06': '//json-schema.org/draft-06/schema',
  'draft-07': '//json-schema.org/draft-07/schema',
  '2019-09': '//json-schema.org/draft/2019-09/schema',
  '2020-12': '//json-schema.org/draft/2020-12/schema',
};

/** The draft of that `$schema`, whether it is written with `https:` or `http:`, with `#` or without; undefined for another. */
export function draftOf(address: string): Draft | undefined {
  const bare = address.replace(/^https?:/, '').replace(/#$/, '');
  return DRAFTS.find((draft) => ADDRESSES[draft] === bare);
}

/** The address under which a draft's own schema is known. */
export const addressOf = (draft: Draft): string =>
  `${draft.startsWith('draft') ? 'http:' : 'https:'}${ADDRESSES[draft]}`;

/**
 * What a keyword holds: one schema, a list of them, a map of them by name, one or a list (`items`), schemas or lists of
 * names (`dependencies`), a value that is no schema, or a note, which judges nothing.
 */
export type Holds = 'schema' | 'list' | 'map' | 'items' | 'dependencies' | 'value' | 'note';

export interface Keyword {
  readonly holds: Holds;
  /** The first and the last draft that has it. */
  readonly since: Draft;
  readonly until: Draft;
  /** Another keyword without which this one judges nothing. */
  readonly beside?: string;
}

const keywords = (
  holds: Holds,
  names: string,
  since: Draft = 'draft-04',
  until: Draft = '2020-12',
): readonly [string, Keyword][] => names.split(' ').map((name) => [name, { holds, since, until }]);

const beside = (name: string, partner: string, keyword: Omit<Keyword, 'beside'>): readonly [string, Keyword][] => [
  [name, { ...keyword, beside: partner }],
];

/** Every keyword that may refuse a document, and those that say where schemas are, by name. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ...keywords(
    'value',
    '$ref type enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength',
  ),
  ...keywords('value', 'pattern format maxItems minItems uniqueItems maxProperties minProperties required'),
  ...keywords('list', 'allOf anyOf oneOf'),
  ...keywords('schema', 'not additionalProperties'),
  ...keywords('map', 'properties patternProperties definitions $defs'),
  ...keywords('items', 'items'),
  ...keywords('value', 'const', 'draft-06'),
  ...keywords('schema', 'contains propertyNames', 'draft-06'),
  ...keywords('schema', 'if', 'draft-07'),
  ...beside('then', 'if', { holds: 'schema', since: 'draft-07', until: '2020-12' }),
  ...beside('else', 'if', { holds: 'schema', since: 'draft-07', until: '2020-12' }),
  ...keywords('dependencies', 'dependencies', 'draft-04', 'draft-07'),
  // Beside one schema as `items` it has nothing left to judge: that schema sees every item.
  ...beside('additionalItems', 'items', { holds: 'schema', since: 'draft-04', until: '2019-09' }),
  ...keywords('value', 'dependentRequired', '2019-09'),
  ...keywords('map', 'dependentSchemas', '2019-09'),
  ...keywords('schema', 'unevaluatedItems unevaluatedProperties', '2019-09'),
  ...beside('minContains', 'contains', { holds: 'value', since: '2019-09', until: '2020-12' }),
  ...beside('maxContains', 'contains', { holds: 'value', since: '2019-09', until: '2020-12' }),
  ...keywords('value', '$recursiveRef $recursiveAnchor', '2019-09', '2019-09'),
  ...keywords('list', 'prefixItems', '2020-12'),
  ...keywords('value', '$dynamicRef', '2020-12'),
]);

/** Names of a place in the schema. One that its draft does not know names nothing, and judges nothing either. */
export const NAMES: ReadonlyMap<string, Draft> = new Map([
  ['$id', 'draft-06'],
  ['$anchor', '2019-09'],
  ['$dynamicAnchor', '2020-12'],
]);

/**
 * Notes for readers, editors and generators, which judge nothing in any draft: those of the drafts, VS Code's,
 * json-schema-to-typescript's, and OpenAPI's that are only notes. `x-` begins a note as well.
 */
export const NOTES: ReadonlySet<string> = new Set(
  [
    '$comment $vocabulary title description default examples readOnly writeOnly deprecated',
    'contentMediaType contentEncoding contentSchema',
    'markdownDescription enumDescriptions markdownEnumDescriptions deprecationMessage defaultSnippets doNotSuggest',
    'suggestSortText errorMessage patternErrorMessage allowTrailingCommas allowComments enumNames',
    'tsType tsEnumNames example externalDocs xml',
  ].flatMap((names) => names.split(' ')),
);

/** The formats that are checked, in every draft: those of 2020-12. */
export const FORMATS = [
  ...(['date-time', 'date', 'time', 'duration', 'email', 'idn-email', 'hostname', 'idn-hostname', 'ipv4'] as const),
  ...(['ipv6', 'uri', 'uri-reference', 'iri', 'iri-reference', 'uuid', 'uri-template', 'json-pointer'] as const),
  ...(['relative-json-pointer', 'regex'] as const),
] as const;
export type Format = (typeof FORMATS)[number];
