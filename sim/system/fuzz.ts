/** What a server must survive: bytes that are allowed and rare, bytes that break a rule, and bytes that never come to an end. */

import { OPCODES } from '../../src/http/frame-reader.ts';
import { closeFrame, fragments, frame } from '../../src/http/frame-writer.ts';
import { bytesOf } from '../../src/http/latin1.ts';
import { utf8 } from '../../src/http/utf8.ts';

/** Draws for it; `mask` is 32 bits. */
export interface Luck {
  between(least: number, most: number): number;
  pick<T>(items: readonly T[]): T;
  mask(): number;
}

/** Something to say: bytes, in the pieces in which they are written, with so many milliseconds between two of them. */
export interface Rude {
  readonly what: string;
  readonly pieces: readonly Uint8Array[];
  readonly pause: number;
}

type Make = (luck: Luck) => Omit<Rude, 'what'>;

const at_once = (...pieces: readonly Uint8Array[]): Omit<Rude, 'what'> => ({ pieces, pause: 0 });

const noise = (luck: Luck, length: number): Uint8Array => Uint8Array.from({ length }, () => luck.between(0, 255));

const letters = (luck: Luck, length: number): Uint8Array => Uint8Array.from({ length }, () => luck.between(0x20, 0x7e));

/** Lengths around which a head changes its form (RFC 6455 section 5.2), and two that are none. */
const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 100_000] as const;

/** A frame whose first byte is `first`, whatever that means. */
function framed(luck: Luck, first: number, payload: Uint8Array): Uint8Array {
  const bytes = frame(OPCODES.binary, payload, true, luck.mask());
  bytes[0] = first;
  return bytes;
}

/** Allowed by RFC 6455, and seldom seen. */
export const ODD: Readonly<Record<string, Make>> = {
  'an empty message': (luck) => at_once(frame(OPCODES.text, utf8(''), true, luck.mask())),
  'a text of a length at which heads change': (luck) =>
    at_once(frame(OPCODES.text, letters(luck, luck.pick(LENGTHS)), true, luck.mask())),
  'bytes of a length at which heads change': (luck) =>
    at_once(frame(OPCODES.binary, noise(luck, luck.pick(LENGTHS)), true, luck.mask())),
  'text that is no JSON': (luck) =>
    at_once(frame(OPCODES.text, letters(luck, luck.between(1, 200)), true, luck.mask())),
  'JSON of another shape': (luck) => at_once(frame(OPCODES.text, utf8(luck.pick(JSON_TEXTS)), true, luck.mask())),
  'a message in fragments': (luck) =>
    at_once(...fragments(OPCODES.text, letters(luck, 300), [1, 0, 100, 50], () => luck.mask())),
  'a character that two fragments share': (luck) =>
    at_once(...fragments(OPCODES.text, utf8('a\u{1f600}b'), [3], () => luck.mask())),
  'a ping between two fragments': (luck) => {
    const [first, last] = fragments(OPCODES.text, letters(luck, 20), [10], () => luck.mask());
    return at_once(first as Uint8Array, frame(OPCODES.ping, noise(luck, 125), true, luck.mask()), last as Uint8Array);
  },
  'a pong that nobody asked for': (luck) => at_once(frame(OPCODES.pong, noise(luck, 5), true, luck.mask())),
  'a hundred pings': (luck) =>
    at_once(...Array.from({ length: 100 }, () => frame(OPCODES.ping, noise(luck, 8), true, luck.mask()))),
  'a hundred messages at once': (luck) =>
    at_once(...Array.from({ length: 100 }, () => frame(OPCODES.text, letters(luck, 10), true, luck.mask()))),
  'a close frame without a code': (luck) => at_once(closeFrame(1005, '', luck.mask())),
  'a close frame with a code of its own': (luck) => at_once(closeFrame(luck.between(3000, 4999), 'bye', luck.mask())),
};

const JSON_TEXTS = ['null', '0', '"text"', '[]', '{}', '[[[[]]]]', '{"type":null}', '{"__proto__":{"a":1}}', '1e999'];

/** Against RFC 6455: whoever gets it closes the connection, with 1002, 1007 or 1009. */
export const RUDE: Readonly<Record<string, Make>> = {
  'a frame without a mask': (luck) => at_once(frame(OPCODES.text, letters(luck, 10), true, null)),
  'a reserved bit': (luck) => at_once(framed(luck, 0x80 | 0x40 | OPCODES.text, letters(luck, 10))),
  'an opcode that there is none of': (luck) => at_once(framed(luck, 0x80 | luck.pick([3, 7, 11, 15]), noise(luck, 4))),
  'a fragment of no message': (luck) => at_once(frame(0, letters(luck, 10), true, luck.mask())),
  'a message within a message': (luck) =>
    at_once(
      frame(OPCODES.text, letters(luck, 3), false, luck.mask()),
      frame(OPCODES.text, letters(luck, 3), true, luck.mask()),
    ),
  'a ping in fragments': (luck) => at_once(framed(luck, OPCODES.ping, noise(luck, 4))),
  'a ping that is too long': (luck) => at_once(frame(OPCODES.ping, noise(luck, 126), true, luck.mask())),
  'text that is not UTF-8': (luck) => at_once(frame(OPCODES.text, luck.pick(NOT_UTF8), true, luck.mask())),
  'a close code that must not be sent': (luck) =>
    at_once(closeFrame(luck.pick([0, 999, 1004, 1006, 1015, 2999, 5000]), '', luck.mask())),
  'a close frame of one byte': (luck) => at_once(frame(OPCODES.close, noise(luck, 1), true, luck.mask())),
  'a length of 2^63': () => at_once(Uint8Array.of(0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4)),
  'bytes that are no frame': (luck) => at_once(noise(luck, luck.between(1, 400))),
  'a request in the middle of it': () => at_once(bytesOf('GET / HTTP/1.1\r\nHost: server\r\n\r\n')),
};

const NOT_UTF8 = [
  Uint8Array.of(0xff),
  Uint8Array.of(0xc0, 0x80),
  Uint8Array.of(0xed, 0xa0, 0x80),
  Uint8Array.of(0x61, 0xe2, 0x82),
  Uint8Array.of(0xf4, 0x90, 0x80, 0x80),
];

/** Allowed so far, and never finished: what it holds at the server is held for as long as that allows. */
export const SLOW: Readonly<Record<string, Make>> = {
  'half a head': (luck) =>
    at_once(frame(OPCODES.text, letters(luck, 200), true, luck.mask()).subarray(0, luck.between(1, 5))),
  'half a message': (luck) => {
    const whole = frame(OPCODES.text, letters(luck, 2000), true, luck.mask());
    return at_once(whole.subarray(0, luck.between(8, whole.length - 1)));
  },
  'a message byte by byte': (luck) => {
    const whole = frame(OPCODES.text, letters(luck, 10), true, luck.mask());
    return { pieces: Array.from(whole, (byte) => Uint8Array.of(byte)), pause: luck.between(100, 2000) };
  },
  'fragments without an end': (luck) => ({
    pieces: Array.from({ length: 20 }, (_, i) =>
      frame(i === 0 ? OPCODES.text : 0, letters(luck, 100), false, luck.mask()),
    ),
    pause: luck.between(100, 1000),
  }),
};

const ALL = { odd: ODD, rude: RUDE, slow: SLOW };

/** Something of that hostility, or of any. */
export function rudeness(luck: Luck, hostility: keyof typeof ALL | null): Rude {
  const list = ALL[hostility ?? luck.pick(['odd', 'rude', 'slow'] as const)];
  const what = luck.pick(Object.keys(list));
  return { what, ...(list[what] as Make)(luck) };
}
