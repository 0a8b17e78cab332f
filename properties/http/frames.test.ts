/** Frames of RFC 6455: its own examples, and the cases of the Autobahn test suite, family by family, each by a few of its kind. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { webSocketClient } from '../../src/http/client.ts';
import type { ClientSaid, ServerConnection, ServerSaid, WebSocketClient } from '../../src/http/endpoint.ts';
import { FLAWS, maySay } from '../../src/http/flaws.ts';
import { type Frame, FrameReader } from '../../src/http/frame-reader.ts';
import { closeFrame, fragments, frame, type Mask, textFrame } from '../../src/http/frame-writer.ts';
import { bytesOf, latin1 } from '../../src/http/latin1.ts';
import { serverConnection } from '../../src/http/server.ts';
import { acceptOf } from '../../src/http/upgrade.ts';
import { utf8 } from '../../src/http/utf8.ts';

const MASK = 0x37fa213d;
const MIB = 1024 * 1024;
const LONGEST = 32 * MIB;

/** What a reader makes of some bytes, in one piece. */
function read(bytes: Uint8Array, masked = false, longest = LONGEST): Frame[] {
  const out: Frame[] = [];
  new FrameReader({ masked, longest }).read(bytes, out);
  return out;
}

const joined = (...all: readonly Uint8Array[]): Uint8Array => Uint8Array.from(all.flatMap((each) => [...each]));
/** Long bytes are compared as text, which is faster. */
const textOf = (bytes: Uint8Array): string => latin1(bytes, 0, bytes.length);
const shown = (frames: readonly Frame[]): unknown[] =>
  frames.map((each) => ('data' in each && typeof each.data !== 'string' ? { ...each, data: textOf(each.data) } : each));

const fails = (bytes: Uint8Array, flaw: keyof typeof FLAWS, masked = false): void =>
  expect(read(bytes, masked)).toEqual([{ type: 'flaw', flaw: FLAWS[flaw] }]);

describe('the examples of RFC 6455 section 5.7', () => {
  const hello = [0x48, 0x65, 0x6c, 0x6c, 0x6f];
  const kib = Uint8Array.from({ length: 65_536 }, (_, at) => at);

  test.each<[string, readonly number[], Uint8Array, Mask, Frame]>([
    ['text', [0x81, 0x05, ...hello], textFrame('Hello', null), null, { type: 'text', data: 'Hello' }],
    [
      'masked text',
      [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58],
      textFrame('Hello', MASK),
      MASK,
      { type: 'text', data: 'Hello' },
    ],
    [
      'a ping',
      [0x89, 0x05, ...hello],
      frame(9, bytesOf('Hello'), true, null),
      null,
      { type: 'ping', data: bytesOf('Hello') },
    ],
    [
      'a masked pong',
      [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58],
      frame(10, bytesOf('Hello'), true, MASK),
      MASK,
      { type: 'pong', data: bytesOf('Hello') },
    ],
    [
      '256 bytes',
      [0x82, 0x7e, 1, 0, ...kib.subarray(0, 256)],
      frame(2, kib.subarray(0, 256), true, null),
      null,
      { type: 'binary', data: kib.slice(0, 256) },
    ],
    [
      '64 KiB',
      [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0, ...kib],
      frame(2, kib, true, null),
      null,
      { type: 'binary', data: kib },
    ],
  ])('%s', (_, bytes, written, mask, frames) => {
    expect(textOf(written)).toBe(textOf(Uint8Array.from(bytes)));
    expect(shown(read(Uint8Array.from(bytes), mask !== null))).toEqual(shown([frames]));
  });

  test('a text in two fragments', () => {
    const bytes = Uint8Array.of(0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f);
    expect(joined(...fragments(1, bytesOf('Hello'), [3], () => null))).toEqual(bytes);
    expect(read(bytes)).toEqual([{ type: 'text', data: 'Hello' }]);
  });
});

describe('1: messages', () => {
  test.each([0, 1, 125, 126, 127, 128, 65_535, 65_536])(
    'of %i bytes arrive as they were, with a mask and without',
    (size) => {
      const data = Uint8Array.from({ length: size }, (_, at) => at * 31);
      const text = '*'.repeat(size);
      for (const mask of [null, MASK]) {
        const [whole, ...none] = read(frame(2, data, true, mask), mask !== null);
        expect([whole?.type, none]).toEqual(['binary', []]);
        expect(textOf((whole as { data: Uint8Array }).data)).toBe(textOf(data));
        expect(read(textFrame(text, mask), mask !== null)).toEqual([{ type: 'text', data: text }]);
      }
    },
  );

  test('are masked byte by byte with the four of the draw, in order', () => {
    expect(frame(2, new Uint8Array(6), true, 0x01020304)).toEqual(
      Uint8Array.of(0x82, 0x86, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2),
    );
  });
});

describe('2: pings', () => {
  test.each([0, 1, 125])('of %i bytes are answered with what they say, in order, also within a message', (size) => {
    const { server, hears } = upgraded();
    const data = new Uint8Array(size).fill(0xfe);
    const said = hears(
      frame(1, bytesOf('ab'), false, MASK),
      frame(9, data, true, MASK),
      frame(0, bytesOf('c'), true, MASK),
    );
    expect(said).toEqual([
      { type: 'write', bytes: frame(10, data, true, null) },
      { type: 'ping', data },
      { type: 'message', data: 'abc' },
    ]);
    expect(server.ping(data)).toEqual([{ type: 'write', bytes: frame(9, data, true, null) }]);
  });

  test('that nobody asked for are no more than heard, and 126 bytes are too many for either side', () => {
    expect(upgraded().hears(frame(10, bytesOf('x'), true, MASK))).toEqual([{ type: 'pong', data: bytesOf('x') }]);
    fails(frame(9, new Uint8Array(126), true, null), 'longControl');
    for (const type of ['ping', 'pong'] as const)
      expect(() => upgraded().server[type](new Uint8Array(126))).toThrow(
        new RangeError(`a ${type} of 126 bytes: at most 125 fit into one`),
      );
  });
});

describe('3 and 4: reserved bits and opcodes', () => {
  test.each([0x40, 0x20, 0x10, 0x70])('bit %i fails the connection by its first byte, in any kind of frame', (bit) => {
    for (const opcode of [1, 2, 8, 9, 10]) fails(Uint8Array.of(0x80 | bit | opcode, 0), 'reserved');
  });

  test.each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])('opcode %i is unknown', (opcode) => {
    fails(Uint8Array.of(0x80 | opcode, 0), 'opcode');
    fails(frame(opcode, bytesOf('x'), true, MASK), 'opcode', true);
  });

  test('what came before is told, and nothing behind a flaw', () => {
    const bytes = joined(textFrame('a', null), Uint8Array.of(0x83, 0), textFrame('b', null));
    expect(read(bytes)).toEqual([
      { type: 'text', data: 'a' },
      { type: 'flaw', flaw: FLAWS.opcode },
    ]);
  });
});

describe('5: fragments', () => {
  const part = (opcode: number, text: string, isLast: boolean): Uint8Array =>
    frame(opcode, bytesOf(text), isLast, null);

  test('make one message, of empty ones as well', () => {
    expect(read(joined(part(2, '', false), part(0, 'a', false), part(0, '', false), part(0, 'b', true)))).toEqual([
      { type: 'binary', data: bytesOf('ab') },
    ]);
    expect(read(joined(part(1, '', false), part(0, '', true)))).toEqual([{ type: 'text', data: '' }]);
  });

  test('are none of control frames, continue only what was begun, and end before another message begins', () => {
    fails(part(9, 'x', false), 'controlFragment');
    fails(part(8, '', false), 'controlFragment');
    fails(part(0, 'x', true), 'continuation');
    fails(part(0, 'x', false), 'continuation');
    expect(read(joined(part(1, 'a', true), part(0, 'b', true))).at(-1)).toEqual({
      type: 'flaw',
      flaw: FLAWS.continuation,
    });
    fails(joined(part(1, 'a', false), part(1, 'b', true)), 'unfinished');
    fails(joined(part(1, 'a', false), part(2, 'b', true)), 'unfinished');
  });
});

describe('6: UTF-8', () => {
  const text = (...bytes: readonly number[]): Uint8Array => frame(1, Uint8Array.from(bytes), true, null);

  test.each(['κόσμε', '\0', '\u{10ffff}', '\ud7ff\ue000', '\ufffd\uffff', '\ufeffx', '😀'.repeat(100)])(
    '%j arrives as it was, cut at any byte',
    (said) => {
      const bytes = utf8(said);
      expect(read(frame(1, bytes, true, null))).toEqual([{ type: 'text', data: said }]);
      for (let at = 0; at <= Math.min(bytes.length, 12); at++)
        expect(read(joined(...fragments(1, bytes, [at], () => null)))).toEqual([{ type: 'text', data: said }]);
    },
  );

  test.each([
    ['a continuation alone', [0x80]],
    ['what is cut off', [0xce, 0xba, 0xe1, 0xbd]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong slash of three', [0xe0, 0x80, 0xaf]],
    ['an overlong slash of four', [0xf0, 0x80, 0x80, 0xaf]],
    ['a character beyond the last', [0xf4, 0x90, 0x80, 0x80]],
    ['an impossible byte', [0xff]],
    ['a fifth byte', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ])('%s is none, alone, in fragments, and in a long text', (_, bytes) => {
    fails(text(...bytes), 'utf8');
    fails(text(...bytesOf('x'.repeat(2_000)), ...bytes), 'utf8');
    fails(joined(...fragments(1, Uint8Array.from(bytes), [1], () => null)), 'utf8');
  });

  test.each([[[0xed, 0xa0]], [[0xf4, 0x90]], [[0xe0, 0x9f]], [[0xf0, 0x8f]], [[0xc1]], [[0xf5]]])(
    'what cannot become right any more fails before the message is whole: %j',
    (bytes) => {
      const reader = new FrameReader({ masked: false, longest: LONGEST });
      const out: Frame[] = [];
      reader.read(Uint8Array.of(0x01, 100, 0x61, ...bytes.slice(0, -1)), out);
      expect(out).toEqual([]);
      reader.read(Uint8Array.of(bytes.at(-1) as number), out);
      expect(out).toEqual([{ type: 'flaw', flaw: FLAWS.utf8 }]);
    },
  );
});

describe('7: the closing handshake', () => {
  test.each([
    [1000, ''],
    [1001, 'going away'],
    [3000, 'ä'.repeat(61)],
    [4999, 'x'.repeat(123)],
    [1005, ''],
  ])('%i %j is answered by the same, and the server hangs up', (code, reason) => {
    expect(upgraded().hears(closeFrame(code, reason, MASK))).toEqual([
      { type: 'write', bytes: closeFrame(code, reason, null) },
      { type: 'end' },
      { type: 'wait', for: 30_000_000 },
      { type: 'closing', code, reason },
    ]);
  });

  test.each([
    ['one byte', [0x88, 1, 3], 'closeLength'],
    ['a reason that is no UTF-8', [0x88, 4, 3, 0xe8, 0xce, 0xba & 0x7f], 'closeReason'],
    ['a reason of 124 bytes', [0x88, 126, 0, 126, 3, 0xe8], 'longControl'],
  ] as const)('%s fails the connection', (_, bytes, flaw) => fails(Uint8Array.from(bytes), flaw));

  test('a code that must not be sent fails the connection; a browser takes all but those that stand for silence', () => {
    const may = (code: number, refuses?: (code: number) => boolean): boolean => {
      const out: Frame[] = [];
      const rules = { masked: false, longest: LONGEST };
      new FrameReader(refuses === undefined ? rules : { ...rules, refuses }).read(
        Uint8Array.of(0x88, 2, code >> 8, code & 255),
        out,
      );
      return out[0]?.type === 'close';
    };
    const taken = Array.from({ length: 65_536 }, (_, code) => code).filter((code) => may(code));
    const between = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    expect(taken).toEqual([...between(1000, 1003), ...between(1007, 1014), ...between(3000, 4999)]);
    expect(taken.every(maySay)).toBe(true);
    const { client, hears } = talking();
    expect(hears(Uint8Array.of(0x88, 2, 0, 0)).map(({ type }) => type)).toEqual(['write', 'wait', 'closing']);
    expect(client.ended(true, '').at(-1)).toMatchObject({ code: 0, clean: true });
    for (const code of [1005, 1006, 1015])
      expect(
        talking()
          .hears(Uint8Array.of(0x88, 2, code >> 8, code & 255))
          .at(-1),
      ).toMatchObject({ code: 1006, failed: true });
  });

  test('who has closed says nothing more, answers no ping, and a reason of 124 bytes is never written', () => {
    const { server, hears } = upgraded();
    expect(() => server.close(1000, 'x'.repeat(124))).toThrow(
      new RangeError('a close reason of 124 bytes: at most 123 fit into a close frame'),
    );
    server.close(1000, '');
    expect([server.send('late'), server.ping(), server.close(1001, '')]).toEqual([[], [], []]);
    expect(hears(frame(9, bytesOf('x'), true, MASK))).toEqual([{ type: 'ping', data: bytesOf('x') }]);
    expect(hears(textFrame('late', MASK))).toEqual([{ type: 'message', data: 'late' }]);
    expect(hears(closeFrame(1000, '', MASK))).toEqual([{ type: 'end' }]);
    expect(server.ended(true, '')).toMatchObject([
      { type: 'wait', for: null },
      { type: 'closed', code: 1000, clean: true },
    ]);
  });
});

describe('9 and 10: limits', () => {
  test.each([
    ['unsaid', [0, 0, 0, 0, 0, 0, 0, 0], 'length'],
    ['longer than it must be', [0, 0, 0, 0, 0, 0, 0xff, 0xff], 'length'],
    ['with its highest bit', [0x80, 0, 0, 0, 0, 1, 0, 0], 'length'],
    ['beyond what a number can count', [0x7f, 255, 255, 255, 255, 255, 255, 255], 'tooLong'],
    ['one beyond the limit', [0, 0, 0, 0, 2, 0, 0, 1], 'tooLong'],
  ] as const)('a length of 64 bits that is %s is refused by its head', (_, length, flaw) => {
    fails(Uint8Array.of(0x82, 127, ...length), flaw);
  });

  test('a length of 16 bits that would fit into seven is refused', () => {
    fails(Uint8Array.of(0x82, 126, 0, 125), 'length');
    expect(read(Uint8Array.of(0x82, 126, 0, 126))).toEqual([]);
  });

  test('fragments that are too long together are refused by the head of the one that is too much', () => {
    const bytes = joined(frame(2, new Uint8Array(60), false, null), Uint8Array.of(0x80, 41));
    expect(read(bytes, false, 100)).toEqual([{ type: 'flaw', flaw: FLAWS.tooLong }]);
    expect(read(bytes, false, 101)).toEqual([]);
  });

  test('who claims a gigabyte gets no memory for it', () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 64 }, () => new FrameReader({ masked: false, longest: 2 ** 31 }));
    for (const reader of readers) reader.read(Uint8Array.of(0x82, 127, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3), []);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * MIB);
    expect(readers.every(({ isBetween }) => !isBetween)).toBe(true);
  });

  test('a message in 10,000 fragments takes memory for what it is', () => {
    const reader = new FrameReader({ masked: true, longest: LONGEST });
    const out: Frame[] = [];
    const piece = frame(0, new Uint8Array(100), false, MASK);
    reader.read(frame(2, new Uint8Array(0), false, MASK), out);
    for (let i = 0; i < 10_000; i++) reader.read(piece, out);
    reader.read(frame(0, new Uint8Array(0), true, MASK), out);
    expect(out).toMatchObject([{ type: 'binary', data: { length: 1_000_000 } }]);
  });
});

describe('whatever comes', () => {
  test('a reader never throws, ends with a flaw that has a name or none, and does not mind how it is cut', () => {
    const flaws = new Set<unknown>(Object.values(FLAWS));
    const head = fc.tuple(
      fc.constantFrom(0, 1, 2, 8, 9, 10, 128, 129, 130, 136, 137, 138),
      fc.integer({ min: 0, max: 255 }),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .array(fc.tuple(head, fc.uint8Array({ maxLength: 20 })), { maxLength: 6 })
        .map((all) => Uint8Array.from(all.flatMap(([two, rest]) => [...two, ...rest]))),
    );
    fc.assert(
      fc.property(bytes, fc.boolean(), fc.array(fc.integer({ min: 1, max: 9 })), (all, masked, cuts) => {
        const out: Frame[] = [];
        const reader = new FrameReader({ masked, longest: 1_000 });
        let from = 0;
        for (const cut of [...cuts, all.length]) {
          reader.read(all.subarray(from, from + cut), out);
          from += cut;
        }
        expect(out).toEqual(read(all, masked, 1_000));
        for (const [place, each] of out.entries())
          if (each.type === 'flaw') expect([flaws.has(each.flaw), place]).toEqual([true, out.length - 1]);
      }),
      { numRuns: 1_000 },
    );
  });
});

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const UPGRADE = `GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`;

/** A server that has accepted an upgrade; what it says when something comes, all at once. */
function upgraded(): { server: ServerConnection; hears: (...frames: readonly Uint8Array[]) => readonly ServerSaid[] } {
  const server = serverConnection();
  server.received(bytesOf(UPGRADE));
  server.accept();
  return { server, hears: (...frames) => server.received(joined(...frames)) };
}

/** A client whose upgrade was accepted. */
function talking(): { client: WebSocketClient; hears: (...frames: readonly Uint8Array[]) => readonly ClientSaid[] } {
  const client = webSocketClient({ url: 'ws://x/', draw: () => 0 });
  client.begin();
  client.connected();
  const accept = acceptOf('AAAAAAAAAAAAAAAAAAAAAA==');
  client.received(
    bytesOf(`HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`),
  );
  return { client, hears: (...frames) => client.received(joined(...frames)) };
}
