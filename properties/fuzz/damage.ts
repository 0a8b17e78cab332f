/** Damage: what happens to files on their way, and what people with bad intentions write into them. */
import seedrandom from 'seedrandom';

/** A whole number below `most`, drawn. */
export type Luck = (most: number) => number;

/** The luck of a case: the same for the same name. */
export function luckOf(name: string): Luck {
  const generator = seedrandom(name);
  return (most) => Math.floor(generator.quick() * most);
}

export const pick = <T>(luck: Luck, from: readonly T[]): T => from[luck(from.length)] as T;

/** What is put where something else was. */
const NASTY: readonly string[] = [
  ...['null', '-0', '1e999', '-1', '9007199254740993', '1e-320', '{}', '[]', '""', 'true', '0x10', 'NaN', '.5', '1.6'],
  ...['"__proto__"', '"constructor"', '"toString"', '{"__proto__":1}', '"\\ud800"', '"\\u0000"', '"a\\nb"', '"30d"'],
  ...['"\u001b[31m"', '\u2028', '\ufeff', '\r\n', '\0', '\u202e', '::error::x', ',', '=', '/', '\\', '"$ref"', '"#"'],
  ...[
    '{"$ref":"#"}',
    '{"$ref":"http://example.com/a"}',
    '{"$schema":"x"}',
    '"^(a+)+$"',
    '{"type":"objekt"}',
    '{"not":{}}',
  ],
];

type Damage = (bytes: Uint8Array, luck: Luck) => Uint8Array;

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const spliced = (bytes: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]);

const DAMAGES: readonly Damage[] = [
  // One bit, one byte, an end that is missing, a piece that is there twice, or not at all.
  (bytes, luck) => {
    const copy = Buffer.from(bytes);
    const at = luck(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << luck(8));
    return copy;
  },
  (bytes, luck) => spliced(bytes, luck(bytes.length), luck(bytes.length), Buffer.from([luck(256)])),
  (bytes, luck) => bytes.subarray(0, luck(bytes.length)),
  (bytes, luck) => {
    const at = luck(bytes.length);
    return spliced(bytes, at, at, bytes.subarray(luck(bytes.length), luck(bytes.length)));
  },
  // Something else in the place of a token.
  (bytes, luck) => {
    const tokens = [...latin1(bytes).matchAll(/"(?:[^"\\]|\\.)*"|[\w.+-]+|[{}[\]:,]/g)];
    const token = pick(luck, tokens);
    const at = token === undefined ? luck(bytes.length) : token.index;
    return spliced(bytes, at, at + (token?.[0].length ?? 0), Buffer.from(pick(luck, NASTY)));
  },
  // A token of the file in the place of another: the syntax stays, the sense does not.
  (bytes, luck) => {
    const strings = [...latin1(bytes).matchAll(/"(?:[^"\\]|\\.)*"|\d+/g)];
    if (strings.length === 0) return Buffer.from(pick(luck, NASTY));
    const [here, there] = [pick(luck, strings), pick(luck, strings)];
    return spliced(bytes, here.index, here.index + here[0].length, Buffer.from(there[0], 'latin1'));
  },
  // Deep nesting.
  (bytes, luck) => {
    const levels = pick(luck, [10, 900, 1001, 20_000]);
    const [open, close] = pick(luck, [
      ['[', ']'],
      ['{"a":', '}'],
      ['{"not":', '}'],
      ['{"items":', '}'],
    ] as const);
    return Buffer.from(`${open.repeat(levels)}${latin1(bytes)}${close.repeat(levels)}`, 'latin1');
  },
];

/** The bytes after one damage, or now and then up to four. */
export function damaged(text: string, luck: Luck): Buffer {
  let bytes: Uint8Array = Buffer.from(text);
  for (let left = luck(4) === 0 ? 1 + luck(4) : 1; left > 0; left--)
    bytes = bytes.length === 0 ? Buffer.from(pick(luck, NASTY)) : pick(luck, DAMAGES)(bytes, luck);
  return Buffer.from(bytes);
}
