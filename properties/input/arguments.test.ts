/** `--input` and `--network`: which files a text names, what they are, and what means nothing in them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { contentsOf } from '../../sim/input/content-argument.ts';
import { networkOf } from '../../sim/input/network-argument.ts';
import { pathsOf, withPath } from '../../sim/input/paths.ts';
import { plainly } from '../../sim/input/used-files.ts';
import { parseTrace } from '../../sim/networks/mahimahi.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string | Uint8Array = 'x'): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const within = (paths: readonly string[]): string[] => paths.map((path) => path.replace(`${folder}/`, ''));
const silent = (): void => {};

describe('a comma', () => {
  for (const name of ['a', 'b', 'c,d', 'e,f', 'e', 'f', 'g,', ',h']) file(name);
  const read = (text: string, least?: number): string[] => within(pathsOf(text, least));
  const at = (name: string): string => join(folder, name);

  test('separates paths, and belongs to a path that exists with it', () => {
    expect(read(`${at('a')},${at('b')}`)).toEqual(['a', 'b']);
    expect(read(at('c,d'))).toEqual(['c,d']);
    expect(read(`${at('a')},${at('c,d')},${at('b')}`)).toEqual(['a', 'c,d', 'b']);
    expect(read(`${at('c,d')},${at('c,d')}`, 2)).toEqual(['c,d', 'c,d']);
    expect(read(`${at('c\\,d')}`)).toEqual(['c,d']);
    expect(read(at('none,at,all'))).toEqual(['none', 'at', 'all']);
    expect(read(`,${at('a')},`)).toEqual(['a']);
    expect(read(',')).toEqual([]);
  });

  test('is read so that a pair of traces is two paths, even where the whole is one', () => {
    mkdirSync(at('x'));
    const text = `${at('e')},f`;
    expect(read(text)).toEqual(['e,f']);
    expect(read(`${at('e')},${at('f')}`, 2)).toEqual(['e', 'f']);
  });

  test('of a flag that is given again separates whole values', () => {
    const given = [at('c,d'), at('a'), at('e,f')].reduce<string | undefined>(
      (before, value) => withPath(value, before),
      undefined,
    );
    expect(read(given as string)).toEqual(['c,d', 'a', 'e,f']);
    expect(withPath('a,b', undefined)).toBe('a,b');
    expect(read(withPath(`${at('a')},${at('b')}`, at('a')))).toEqual(['a', 'a', 'b']);
  });

  test('may stand a thousand times in a text', () => {
    expect(pathsOf(','.repeat(100_000))).toEqual([]);
    expect(pathsOf('a,'.repeat(50_000))).toHaveLength(50_000);
  });
});

describe('a content', () => {
  test.each(['UP.JSON', 'a.geojson', 'A.GeoJSON', 'm.webmanifest', 'n.ipynb'])('called %s is JSON', (name) => {
    expect(contentsOf(file(name, '{"a": 1}'), undefined, plainly, silent)[0]).toMatchObject({ name, kind: 'json' });
    expect(() => contentsOf(file(name, '{"a": '), undefined, plainly, silent)).toThrow('does not parse as JSON');
  });

  test('is JSON under another name where a schema is given for it alone, as a pipe has no name', () => {
    const schema = file('s.json', '{"type": "object"}');
    expect(contentsOf(file('63', '{"a": 1}'), schema, plainly, silent)[0]).toMatchObject({ kind: 'json' });
    expect(() => contentsOf(file('63', '[]'), schema, plainly, silent)).toThrow('does not satisfy');
    expect(() => contentsOf(`${file('63', '[]')},${file('64', '[]')}`, schema, plainly, silent)).toThrow(
      'expected a .json file',
    );
  });

  test('may begin with a byte order mark, which is streamed and means nothing', () => {
    const schema = file('s.json', '\ufeff{"type": "object"}');
    const [content] = contentsOf(file('bom.json', '\ufeff{"a": 1}'), schema, plainly, silent);
    expect(content?.bytes.subarray(0, 3)).toEqual(Uint8Array.of(0xef, 0xbb, 0xbf));
    expect(contentsOf(file('bom.txt', '\ufeffa'), undefined, plainly, silent)[0]).toMatchObject({ kind: 'text' });
  });

  test('of several files has a part each, whose names cannot be obeyed by a terminal', () => {
    const [content] = contentsOf(
      `${file('a\u001b[31m.txt')},${file('b\u202e\n::error.json', '1')},${file('c', Uint8Array.of(0))}`,
      undefined,
      plainly,
      silent,
    );
    expect(content?.parts.map(({ name, kind }) => [name, kind])).toEqual([
      ['a\\x1b[31m.txt', 'text'],
      ['b\\u202e\\n::error.json', 'json'],
      ['c', 'binary'],
    ]);
    expect(content?.name).toBe('a\\x1b[31m.txt+b\\u202e\\n::error.json+c');
  });
});

describe('a trace', () => {
  test.each([
    ['1\n2\n5\n'],
    ['1\n2\n5'],
    ['1\r\n2\r\n5\r\n'],
    ['1 \n 2\t\n5\n\n'],
    ['1\n2\n5\n \n\t\n\n'],
    ['\ufeff1\n2\n5\n'],
    ['\u00ef\u00bb\u00bf1\n2\n5\n'],
  ])('is read alike from %j', (text) => {
    expect(parseTrace(text)).toEqual({ trace: Float64Array.of(1, 2, 5) });
  });

  test.each([
    ['', 'is empty'],
    [' \n\n', 'is empty'],
    ['1\n\n2\n', 'line 2: expected a whole number of milliseconds, got ""'],
    ['1\n2 3\n', 'line 2: expected a whole number of milliseconds, got "2 3"'],
    ['1\n-2\n', 'line 2: expected'],
    ['5\n3\n', 'line 2: 3 comes after 5'],
    ['0\n0\n', 'never delivers after 0 ms'],
  ])('is refused from %j', (text, problem) => {
    expect(parseTrace(text)).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  test('gives its network a name that cannot be obeyed by a terminal', () => {
    const path = file('x\u009b1m\u0007', '1\n2\n');
    expect(networkOf(`${path},${path}`).name).toBe('x\\x9b1m\\x07');
  });
});
