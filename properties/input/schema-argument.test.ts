/** `--schema`: which drafts it judges, what it refuses by name, and that no schema holds it up. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { contentsOf } from '../../sim/input/content-argument.ts';
import { judged } from '../../sim/input/schema.ts';
import { plainly } from '../../sim/input/used-files.ts';
import suite from '../fixtures/json-schema-test-suite.json' with { type: 'json' };
import { type Case, DIFFERS, reasonOf, resultsOf } from '../suite/suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-schema-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** What is said of a document under a schema: null for one that satisfies it. */
function said(schema: unknown, document: unknown): string | null {
  try {
    judged('s.json', schema, [{ path: 'a.json', bytes: Buffer.from(JSON.stringify(document)) }]);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the draft', () => {
  test.each([
    'http://json-schema.org/draft-04/schema#',
    'http://json-schema.org/draft-06/schema#',
    'http://json-schema.org/draft-07/schema#',
    'http://json-schema.org/draft-07/schema',
    'https://json-schema.org/draft-07/schema',
    'https://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    'https://json-schema.org/draft/2020-12/schema',
    'http://json-schema.org/draft/2020-12/schema#',
  ])('of %s is judged', ($schema) => {
    const document = { a: [1, 'x'], d: 'not a date' };
    expect(said({ $schema, type: 'object' }, document)).toBe(null);
    expect(said({ $schema, type: 'array' }, document)).toBe(
      'a.json: does not satisfy s.json: the whole fails `type`: "array"',
    );
  });

  test.each([
    [
      'http://json-schema.org/draft-03/schema#',
      's.json: `$schema`: "http://json-schema.org/draft-03/schema#" is not judged: expected draft-04',
    ],
    ['constructor', 's.json: `$schema`: "constructor" is not judged'],
    [5, 's.json: `$schema`: expected the address of a draft, got 5'],
  ])('of %j is refused with its name', ($schema, line) => {
    expect(said({ $schema }, {})).toContain(line);
  });

  test('without a `$schema` is 2020-12, and what only an older draft knows says so', () => {
    expect(said({ prefixItems: [{ type: 'string' }], items: false }, ['x', 1])).toContain('/1 fails `items`: false');
    expect(said({ dependencies: { a: ['b'] } }, {})).toBe(
      's.json: `dependencies` at #/dependencies is not judged: it belongs to draft-07 and before, and a schema without `$schema` is read as 2020-12',
    );
    expect(said({ items: [{ type: 'string' }] }, [])).toContain('(no `$schema`: read as 2020-12)');
  });
});

describe('newer keywords and formats', () => {
  test.each<[string, object, unknown, boolean]>([
    [
      'unevaluatedProperties',
      { properties: { d: { type: 'string' } }, unevaluatedProperties: false },
      { a: 1, d: 'x' },
      false,
    ],
    ['dependentRequired', { dependentRequired: { d: ['zz'] } }, { d: 1 }, false],
    [
      'prefixItems',
      { properties: { a: { prefixItems: [{ type: 'string' }, { type: 'number' }], items: false } } },
      { a: ['x', 1] },
      true,
    ],
    ['format', { properties: { d: { format: 'date-time' } } }, { d: 'not a date' }, false],
    ['required', { required: ['constructor', 'toString'] }, {}, false],
    ['required', { required: ['__proto__'] }, {}, false],
    ['dependentRequired of a name that every object has', { dependentRequired: { toString: ['a'] } }, {}, true],
  ])('%s is judged', (_, schema, document, satisfied) => {
    expect(said(schema, document) === null).toBe(satisfied);
  });

  test('names that every object has are properties like others', () => {
    const schema = JSON.parse('{"properties": {"__proto__": {"type": "number"}, "constructor": {"type": "number"}}}');
    for (const name of ['__proto__', 'constructor']) {
      expect(said(schema, JSON.parse(`{"${name}": 1}`))).toBe(null);
      expect(said(schema, JSON.parse(`{"${name}": "x"}`))).toContain(`/${name} fails \`type\`: "number"`);
    }
    expect(said(schema, {})).toBe(null);
  });

  test.each(['draft-04', 'draft-07'])('a format of a later draft is checked under %s', (draft) => {
    const schema = { $schema: `http://json-schema.org/${draft}/schema#`, format: 'uuid' };
    expect(said(schema, 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6')).toBe(null);
    expect(said(schema, 'f81d4fae')).toContain('fails `format`: "uuid"');
  });

  test('a format that nobody knows is named in one line, once', () => {
    const warned: string[] = [];
    const schema = file(
      'f.json',
      JSON.stringify({ items: { anyOf: [{ format: 'int\u001b32' }, { format: 'int\u001b32' }] } }),
    );
    const input = file('l.json', '[1, 2]');
    contentsOf(input, schema, plainly, (line) => warned.push(line));
    expect(warned).toEqual([`${schema}: format "int\\u001b32" is not known here and was not checked`]);
  });
});

describe('what would not be judged is refused by its name', () => {
  const seven = { $schema: 'http://json-schema.org/draft-07/schema#' };
  test.each<[object, string]>([
    [
      { requried: ['a'] },
      '`requried` at #/requried is not judged: 2020-12 has no such keyword: did you mean required?',
    ],
    [
      { properties: { 'a/b': { nullable: true } } },
      '`nullable` at #/properties/a~1b/nullable is not judged: 2020-12 has no such keyword',
    ],
    [
      { ...seven, prefixItems: [] },
      '`prefixItems` at #/prefixItems is not judged: it belongs to 2020-12, and the schema says draft-07',
    ],
    [
      { ...seven, items: { $ref: '#/definitions/a', minLength: 3 }, definitions: { a: {} } },
      '`minLength` at #/items is not judged: draft-07 passes over what stands beside `$ref`',
    ],
    [JSON.parse('{"then": {"required": ["a"]}}'), '`then` at #/then is not judged: it needs `if` beside it'],
    [{ minContains: 2 }, '`minContains` at #/minContains is not judged: it needs `contains` beside it'],
    [{ $ref: 'https://example.com/a.json' }, '`$ref`: https://example.com/a.json is not judged: no other file is read'],
    [{ $ref: 'other.json#/a' }, '`$ref`: other.json'],
    [{ $ref: '#/$defs/none' }, '`$ref`: #/$defs/none is not in the schema'],
    [{ $ref: '#none' }, '`$ref`: #none is not in the schema'],
    [
      { items: { $schema: 'http://json-schema.org/draft-04/schema#' } },
      '`$schema` at #/items/$schema: a part of another draft is not judged',
    ],
    [{ enum: [{ $id: 'a' }] }, '`$id` inside of #/enum is not judged'],
    [{ type: 'objekt' }, 'is no JSON Schema of draft 2020-12: /type fails'],
    [{ pattern: '(' }, 'is no JSON Schema of draft 2020-12: /pattern fails `format`'],
    [null as unknown as object, 'is no JSON Schema: expected an object, true or false, got null'],
    [[] as unknown as object, 'is no JSON Schema of draft 2020-12'],
    [{ $ref: '#' }, 'cannot be judged: it refers to itself without end'],
  ])('%j', (schema, line) => {
    expect(said(schema, {})).toContain(`s.json: ${line}`);
  });

  test('notes are let be, with whatever they hold, and data has no keywords', () => {
    const note = { $ref: 'nowhere', requried: 1, $id: ':' };
    const schema = { title: 't', description: 'd', default: note, examples: [note], 'x-order': note, deprecated: true };
    const data = { enum: [{ requried: 1 }], markdownDescription: 'm', contentMediaType: 'text/plain' };
    expect(said({ ...schema, allOf: [data] }, { requried: 1 })).toBe(null);
    const seven = { $schema: 'http://json-schema.org/draft-07/schema#', $id: 'https://example.com/x.json' };
    const beside = { ...seven, $ref: '#/definitions/a', title: 't', definitions: { a: { type: 'string' } } };
    expect([said(beside, 'x'), said(beside, 5) === null]).toEqual([null, false]);
  });
});

describe('no schema holds the command up', () => {
  const work = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  test.each<[string, object, unknown]>([
    ['a pattern that tries every way', { pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`],
    ['a pattern of names', { patternProperties: { '^(a|a)*$': {} } }, { [`${'a'.repeat(40)}!`]: 1 }],
    [
      'references that double at each level',
      {
        $ref: '#/$defs/0',
        $defs: Object.fromEntries(
          Array.from({ length: 40 }, (_, i) => [
            i,
            i === 39 ? {} : { allOf: [1, 1].map(() => ({ $ref: `#/$defs/${i + 1}` })) },
          ]),
        ),
      },
      1,
    ],
  ])('%s', (_, schema, document) => {
    const before = work();
    expect(said(schema, document)).toBe(
      's.json: was not judged within 1 s: expected patterns and references that end sooner',
    );
    expect(work() - before).toBeLessThan(3000);
    expect(said({ type: 'object' }, {})).toBe(null);
  });

  test('nested as deeply as JSON may be', () => {
    const nested = (levels: number): string => `${'{"items":'.repeat(levels)}{}${'}'.repeat(levels)}`;
    const input = file('deep.json', `${'['.repeat(1000)}${']'.repeat(1000)}`);
    const judge = (levels: number) => () =>
      contentsOf(input, file('deep-schema.json', nested(levels)), plainly, () => {});
    expect(judge(900)).not.toThrow();
    expect(judge(1001)).toThrow('deep-schema.json: is nested too deeply: expected at most 1000 levels');
    expect(() => contentsOf(input, file('loop.json', '{"items": {"$ref": "#"}}'), plainly, () => {})).not.toThrow();
  });
});

/** Of the carried sample: tests that pass, how many are refused for which reason, and how many differ as `DIFFERS` lists. */
type Tally = readonly [right: number, refused: Readonly<Record<string, number>>, differ: number];
const PARTNER = 'has a keyword without the one that it belongs to';
const FILE = 'refers to another file';
const NOWHERE = 'refers to what its draft passes over';
const SUITE: Readonly<Record<string, Tally>> = {
  draft4: [152, { [NOWHERE]: 2, [PARTNER]: 1, [FILE]: 2 }, 0],
  draft6: [204, { [NOWHERE]: 2, [PARTNER]: 2, [FILE]: 4 }, 0],
  draft7: [216, { [PARTNER]: 4, [FILE]: 6 }, 0],
  'draft2019-09': [322, { [PARTNER]: 6, [FILE]: 8 }, 0],
  'draft2020-12': [301, { [FILE]: 12 }, 4],
};

test.each(Object.entries(suite.folders as unknown as Readonly<Record<string, readonly Case[]>>))(
  'the official tests of %s pass, or are refused for a reason that is listed',
  (draft, cases) => {
    let right = 0;
    let differ = 0;
    const refused: Record<string, number> = {};
    for (const [name, result] of cases.flatMap((each) => resultsOf(draft, each))) {
      if (result.is === 'right') right += 1;
      else if (result.is === 'refused') refused[reasonOf(result.why)] = (refused[reasonOf(result.why)] ?? 0) + 1;
      else {
        expect(name).toMatch(DIFFERS);
        differ += 1;
      }
    }
    expect([right, refused, differ]).toEqual(SUITE[draft]);
  },
);
