/**
 * The laws of frames as bytes: nothing is lost on the way, there is one encoding of each frame, its size is known without
 * making it, and no bytes whatever pass a limit or make the reader throw.
 *
 * Each law is a factory over a codec, so that the same law is shown to hold for ours and to catch a planted breach.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type WireClose, WireProblem } from '../../src/session/wire/bytes.ts';
import { decode, encode } from '../../src/session/wire/codec.ts';
import type { Frame, FrameType } from '../../src/session/wire/frames.ts';
import { FRAME_TYPES } from '../../src/session/wire/layout.ts';
import { LIMITS } from '../../src/session/wire/limits.ts';
import { frameBytes } from '../../src/session/wire/size.ts';
import { at, us } from '../../src/time.ts';
import { bodyOf, bytesOf, chunkOf, FRAMES, frame, frameBreach, payloadsOf } from '../arbitraries/frames.ts';

interface Codec {
  readonly encode: typeof encode;
  readonly decode: typeof decode;
  readonly size: typeof frameBytes;
}
const ours: Codec = { encode, decode, size: frameBytes };
type Law = (codec: Codec, frames: fc.Arbitrary<Frame>) => fc.IRawProperty<unknown>;

const encoded = (codec: Codec, of: Frame): Uint8Array => codec.encode(of, bytesOf, bodyOf(of));

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Bytes are refused, or they are a frame within every limit that encodes to exactly these bytes again. */
function soundOrRefused(codec: Codec, bytes: Uint8Array): boolean {
  const read = codec.decode(bytes);
  if (!read.ok) return read.problem.length > 0;
  const { frame: of, payloads } = read;
  const rest = [...payloads];
  const again = codec.encode(of, () => rest.shift() as Uint8Array, of.type === 'SEND' ? payloads[0] : undefined);
  return frameBreach(of, payloads) === undefined && same(again, bytes);
}

const roundTrip: Law = (codec, frames) =>
  fc.property(frames, (of) => {
    const read = codec.decode(encoded(codec, of));
    expect(read.ok ? read.frame : read.problem).toEqual(of);
    if (!read.ok) return false;
    // The digest reads fields in the order of their keys, so a decoded frame must have the order of a made one.
    expect(JSON.stringify(read.frame)).toBe(JSON.stringify(of));
    const payloads = payloadsOf(of);
    return read.payloads.length === payloads.length && payloads.every((bytes, i) => same(bytes, read.payloads[i]!));
  });

const sizeKnown: Law = (codec, frames) =>
  fc.property(frames, (of) => {
    expect(encoded(codec, of).length).toBe(codec.size(of));
  });

const truncated: Law = (codec, frames) =>
  fc.property(frames, (of) => {
    const bytes = encoded(codec, of);
    // Behind the first bytes lie payloads and long lists: there, at a hundred places.
    const stride = Math.ceil(bytes.length / 100);
    for (let end = 0; end < bytes.length; end += end < 300 ? 1 : stride) {
      if (codec.decode(bytes.subarray(0, end)).ok) return false;
    }
    return !codec.decode(bytes.subarray(0, bytes.length - 1)).ok;
  });

const trailing: Law = (codec, frames) =>
  fc.property(frames, fc.uint8Array({ minLength: 1, maxLength: 20 }), (of, more) => {
    return !codec.decode(Buffer.concat([encoded(codec, of), more])).ok;
  });

/** A place in a frame, near its head as often as anywhere. */
const place = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.nat());
const flips = fc.array(fc.record({ place, mask: fc.integer({ min: 1, max: 255 }) }), { minLength: 1, maxLength: 4 });

const flipped: Law = (codec, frames) =>
  fc.property(frames, flips, (of, changes) => {
    const bytes = encoded(codec, of);
    for (const { place: at, mask } of changes) bytes[at % bytes.length]! ^= mask;
    return soundOrRefused(codec, bytes);
  });

const hugeWords: Law = (codec, frames) =>
  fc.property(frames, place, fc.constantFrom(0xffffffff, 0x7fffffff, 0x00200000, 1025, 65_537), (of, at, word) => {
    const bytes = encoded(codec, of);
    const offset = at % bytes.length;
    if (offset + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(offset, word);
    return soundOrRefused(codec, bytes);
  });

/** Our codec with what it read, or what it is given to write, changed; the planted breaches are made of it. */
const misread = (change: (of: Frame) => Frame): Codec => ({
  ...ours,
  decode: (bytes) => {
    const read = decode(bytes);
    return read.ok ? { ...read, frame: change(read.frame) } : read;
  },
});
const prepared = (change: (bytes: Uint8Array) => Uint8Array): Codec => ({
  ...ours,
  decode: (bytes) => decode(change(bytes)),
});
const padded = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, new Uint8Array(1)]);
/** The bytes with their last one forced to 0 or 1. */
const boolish = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, i) => (i === bytes.length - 1 && bytes[0] === 7 && byte > 1 ? 1 : byte));

const laws: readonly [title: string, law: Law, breaches: Readonly<Record<string, Codec>>][] = [
  [
    'a frame and its payloads survive the wire',
    roundTrip,
    {
      'a sequence number of 32 bits': misread((of) => ('seq' in of ? { ...of, seq: of.seq % 2 ** 32 } : of)),
      'a fin that is forgotten': misread((of) =>
        of.type === 'DATA' ? { ...of, chunk: { ...of.chunk, fin: false } } : of,
      ),
      'a byte order mark that is eaten': misread((of) =>
        of.type === 'ERROR' ? { ...of, reason: of.reason.replace('\uFEFF', '') } : of,
      ),
      'a payload of other bytes': {
        ...ours,
        decode: (bytes) => {
          const read = decode(bytes);
          return read.ok ? { ...read, payloads: read.payloads.map((each) => each.map((byte) => byte ^ 1)) } : read;
        },
      },
      'fields in another order': misread((of) => Object.fromEntries(Object.entries(of).reverse()) as unknown as Frame),
    },
  ],
  [
    'the size of a frame is known without encoding it',
    sizeKnown,
    {
      'text counted in characters': {
        ...ours,
        size: (of) => frameBytes(of) + ('key' in of ? of.key.length - new TextEncoder().encode(of.key).length : 0),
      },
      'a chunk without its flags': { ...ours, size: (of) => frameBytes(of) - (of.type === 'DATA' ? 1 : 0) },
    },
  ],
  ['a frame that is cut anywhere is refused', truncated, { 'a missing byte that counts as 0': prepared(padded) }],
  [
    'bytes behind the end of a frame are refused',
    trailing,
    {
      'a reader that stops when it has enough': {
        ...ours,
        decode: (bytes) => {
          for (let end = bytes.length; end > 0; end--) {
            const read = decode(bytes.subarray(0, end));
            if (read.ok) return read;
          }
          return decode(bytes);
        },
      },
    },
  ],
  [
    'flipped bits never throw, and yield no frame that breaks a limit or has two encodings',
    flipped,
    {
      'a flag that is true for any byte but 0': prepared(boolish),
      'a limit that is not checked': misread((of) => (of.type === 'ACK' ? { ...of, limit: of.limit * 2 ** 20 } : of)),
      'a reader that throws': {
        ...ours,
        decode: (bytes) => {
          const read = decode(bytes);
          if (!read.ok) throw new RangeError(read.problem);
          return read;
        },
      },
    },
  ],
  [
    'a huge count or length anywhere is refused or harmless',
    hugeWords,
    {
      // SNAPSHOT counts its chunks at byte 17; a gigabyte that nobody sent is more than a buffer can be.
      'room that is made for whatever a count promises': prepared((bytes) => {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        return bytes[0] === 7 && bytes.length > 21 && new Uint8Array(29 * view.getUint32(17)).length < 0
          ? padded(bytes)
          : bytes;
      }),
    },
  ],
];

const runs = { numRuns: 2000, seed: 20_260_101 };

describe.each(laws)('%s', (_, law, breaches) => {
  test.each(FRAME_TYPES)('holds for %s', (type) => fc.assert(law(ours, FRAMES[type]), { ...runs, numRuns: 150 }));
  test.each(Object.entries(breaches))('catches %s', (_name, codec) => {
    expect(() => fc.assert(law(codec, frame), runs)).toThrow('Property failed');
  });
});

test('bytes that nobody made on purpose are refused or sound', () => {
  const garbage = fc.property(fc.integer({ min: 0, max: 17 }), fc.uint8Array({ maxLength: 200 }), (code, bytes) =>
    soundOrRefused(ours, Uint8Array.from([code, ...bytes])),
  );
  fc.assert(garbage, { ...runs, numRuns: 20_000 });
});

const token = { subject: 'c1', serial: 7, expiresAt: at(1_000_000), signature: 0xabcdef };
const piece = chunkOf({ content: 2, start: 3, end: 5, part: 1, fin: true });
const EXAMPLES: { readonly [T in FrameType]: Extract<Frame, { type: T }> } = {
  HELLO: {
    type: 'HELLO',
    protoMin: 1,
    protoMax: 2,
    token,
    client: 'c1',
    dial: 3,
    credit: 65_536,
    resume: {
      session: 9,
      resumeToken: 10,
      streams: [{ stream: 1, epoch: 2, lastSeq: 3, limit: 4, held: { epoch: 5, seq: 6, limit: 7 } }],
    },
  },
  WELCOME: {
    type: 'WELCOME',
    proto: 1,
    session: 9,
    resumeToken: 11,
    generation: 12,
    resumed: true,
    streams: [{ stream: 1, epoch: 2, headSeq: 3, resumed: false, reason: 'epoch_changed' }],
    sendAck: 13,
    context: { turns: 14, digest: 15 },
    sessionTtl: us(16),
    heartbeatInterval: us(17),
    deadAfter: us(18),
  },
  DATA: { type: 'DATA', stream: 1, epoch: 2, seq: 3, chunk: piece },
  ACK: { type: 'ACK', stream: 1, epoch: 2, seq: 3, limit: LIMITS.integer },
  REPLAY_END: { type: 'REPLAY_END', stream: 1, epoch: 2, seq: 3 },
  RESET: { type: 'RESET', stream: 0, reason: 'unknown_session', epoch: 0, oldestSeq: 0, held: 0 },
  SNAPSHOT: { type: 'SNAPSHOT', stream: 1, epoch: 2, seq: 3, chunks: [piece], last: true },
  SEND: { type: 'SEND', clientSeq: 4, key: 'é', ask: -1, bytes: 2 },
  SEND_ACK: { type: 'SEND_ACK', clientSeq: 4, key: 'k', stream: 1 },
  GOAWAY: { type: 'GOAWAY', deadline: us(1), retryAfter: us(2), lastSend: 3 },
  AUTH: { type: 'AUTH', token },
  PING: { type: 'PING', nonce: 0x1_0000_0002 },
  PONG: { type: 'PONG', nonce: 1 },
  ERROR: { type: 'ERROR', code: 'taken_over', reason: '', clientSeq: 0, retryAfter: us(5) },
  STALLED: { type: 'STALLED', stream: 1, epoch: 2, seq: 3 },
  HELD: { type: 'HELD', stream: 1, epoch: 2, seq: 3, limit: 4 },
};

const hex = (of: Frame): string => Buffer.from(encoded(ours, of)).toString('hex');

test('the bytes of version 1 are pinned: whoever changes them makes a new version', () => {
  expect(Object.fromEntries(FRAME_TYPES.map((type) => [type, hex(EXAMPLES[type])]))).toMatchInlineSnapshot(`
    {
      "ACK": "0400000001000000020000000000000003001fffffffffffff",
      "AUTH": "0b00026331000000000000000700000000000f42400000000000abcdef",
      "DATA": "030000000100000002000000000000000300000002000000000000000300000000000000055f6a46a40000000101050c",
      "ERROR": "0e06000000000000000000000000000000000005",
      "GOAWAY": "0a000000000000000100000000000000020000000000000003",
      "HELD": "10000000010000000200000000000000030000000000000004",
      "HELLO": "01010200026331000000000000000700000000000f42400000000000abcdef0002633100000000000000030000000000010000010000000000000009000000000000000a00000001000000010000000200000000000000030000000000000004010000000500000000000000060000000000000007",
      "PING": "0c0000000100000002",
      "PONG": "0d0000000000000001",
      "REPLAY_END": "0500000001000000020000000000000003",
      "RESET": "0600000000040000000000000000000000000000000000000000",
      "SEND": "0800000000000000040002c3a9ffffffff000000020108",
      "SEND_ACK": "09000000000000000400016b00000001",
      "SNAPSHOT": "07000000010000000200000000000000030000000100000002000000000000000300000000000000055f6a46a40000000101050c01",
      "STALLED": "0f00000001000000020000000000000003",
      "WELCOME": "02010000000000000009000000000000000b000000000000000c0100000001000000010000000200000000000000030002000000000000000d0000000e0000000f00000000000000100000000000000011000000000000001200",
    }
  `);
});

test('the codes of words are pinned: an old peer reads them as it always did', () => {
  const resets = ['window_exceeded', 'epoch_changed', 'ahead_of_log', 'unknown_session'] as const;
  expect(resets.map((reason) => hex({ ...EXAMPLES.RESET, reason }).slice(10, 12))).toEqual(['01', '02', '03', '04']);
  const errors = [
    ...(['unauthorized', 'token_expired', 'version_unsupported', 'protocol_error', 'unavailable'] as const),
    ...(['taken_over', 'send_rejected', 'internal', 'state_corrupt'] as const),
  ];
  expect(errors.map((code) => hex({ ...EXAMPLES.ERROR, code }).slice(2, 4)).join()).toBe('01,02,03,04,05,06,07,08,09');
});

const { HELLO, WELCOME, DATA, ACK, RESET, SNAPSHOT, SEND, PING, ERROR } = EXAMPLES;
const big = chunkOf({ content: 0, start: 0, end: 70_000, part: 0, fin: false });
const most = chunkOf({ content: 0, start: 0, end: LIMITS.chunkBytes, part: 0, fin: false });
const cursor = { stream: 1, epoch: 1, lastSeq: 1, limit: 1, held: null };
const resumed = (streams: number) => ({ session: 1, resumeToken: 1, streams: new Array(streams).fill(cursor) });

test.each<[problem: string, Frame, close?: WireClose]>([
  ['frame: unknown type "HI"', { ...PING, type: 'HI' } as unknown as Frame],
  ['PING.nonce: more than 2^53 - 1', { ...PING, nonce: 2 ** 53 }],
  ['PING.nonce: -1, at least 0', { ...PING, nonce: -1 }],
  ['PING.nonce: 1.5 is not an integer', { ...PING, nonce: 1.5 }],
  ['PING.nonce: NaN is not an integer', { ...PING, nonce: Number.NaN }],
  ['ACK.epoch: 4294967296, at most 4294967295', { ...ACK, epoch: 2 ** 32 }],
  ['DATA.seq: 0, at least 1', { ...DATA, seq: 0 }],
  ['DATA.chunk: 70000 bytes, at most 65536', { ...DATA, chunk: big }, 1009],
  ['DATA.chunk: ends at 2, before its start 3', { ...DATA, chunk: { ...piece, end: 2 } }],
  [`DATA.chunk: checksum ${piece.sum}, expected 1`, { ...DATA, chunk: { ...piece, sum: 1 } }],
  ['HELLO.protoMin: 0, at least 1', { ...HELLO, protoMin: 0 }],
  ['HELLO.protoMax: 256, at most 255', { ...HELLO, protoMax: 256 }],
  ['HELLO.client: 258 bytes, at most 256', { ...HELLO, client: 'é'.repeat(129) }],
  ['HELLO.client: half a surrogate pair', { ...HELLO, client: 'a\uD83D' }],
  ['HELLO.token.expiresAt: -5, at least 0', { ...HELLO, token: { ...token, expiresAt: at(-5) } }],
  ['HELLO.resume.streams: 1025 entries, at most 1024', { ...HELLO, resume: resumed(1025) }],
  [
    'WELCOME.streams: 1025 entries, at most 1024',
    { ...WELCOME, streams: new Array(1025).fill(WELCOME.streams[0]) as typeof WELCOME.streams },
  ],
  ['RESET.reason: unknown word "why"', { ...RESET, reason: 'why' as typeof RESET.reason }],
  ['SNAPSHOT.chunks: 513 entries, at most 512', { ...SNAPSHOT, chunks: new Array(513).fill(piece) }],
  ['SNAPSHOT: 262282 bytes, at most 262144', { ...SNAPSHOT, chunks: new Array(4).fill(most) }, 1009],
  ['SEND.ask: -2, at least -1', { ...SEND, ask: -2 }],
  ['SEND.ask: 4294967295, at most 4294967294', { ...SEND, ask: 4_294_967_295 }],
  ['SEND.bytes: 65537 bytes, at most 65536', { ...SEND, bytes: 65_537 }, 1009],
  ['ERROR.code: unknown word null', { ...ERROR, code: null as unknown as typeof ERROR.code }],
])('a frame is not written: %s', (problem, of, close = 1002) => {
  expect(() => encoded(ours, of)).toThrow(new WireProblem(problem, close));
});

test('a frame is not written with payloads other than those that it names', () => {
  expect(() => encode(DATA, () => new Uint8Array(3))).toThrow('DATA.chunk: names 2 bytes, but has 3');
  expect(() => encode(SEND, bytesOf)).toThrow('SEND.bytes: names 2 bytes, but has 0');
});

/** The bytes of an example with some of them overwritten. */
const patched = (of: Frame, offset: number, digits: string): Uint8Array => {
  const bytes = Buffer.from(encoded(ours, of));
  bytes.write(digits, offset, 'hex');
  return bytes;
};

test.each<[problem: string, Uint8Array, close?: WireClose]>([
  ['frame: ends after 0 of 1 byte', new Uint8Array(0)],
  ['frame: unknown type 0', new Uint8Array(9)],
  ['frame: unknown type 17', patched(PING, 0, '11')],
  ['frame: 262145 bytes, at most 262144', new Uint8Array(262_145), 1009],
  ['PING: 1 byte behind its end', padded(encoded(ours, PING))],
  ['PING.nonce: ends after 7 of 8 bytes', encoded(ours, PING).subarray(0, 8)],
  ['PING.nonce: more than 2^53 - 1', patched(PING, 1, '0020000000000000')],
  ['PING.nonce: more than 2^53 - 1', patched(PING, 1, 'ffffffffffffffff')],
  ['DATA.seq: 0, at least 1', patched(DATA, 9, '0000000000000000')],
  ['DATA.chunk.fin: flags 3, only 0 and 1 are known', patched(DATA, 45, '03')],
  ['DATA.chunk: ends at 2, before its start 3', patched(DATA, 29, '0000000000000002')],
  ['DATA.chunk: 70000 bytes, at most 65536', patched(DATA, 29, '0000000000011173'), 1009],
  ['DATA.chunk: ends after 2 of 3 bytes', patched(DATA, 29, '0000000000000006')],
  [`DATA.chunk: checksum ${piece.sum}, expected 1`, patched(DATA, 37, '00000001')],
  ['HELLO.protoMin: 0, at least 1', patched(HELLO, 1, '00')],
  ['HELLO.token.subject: 257 bytes, at most 256', patched(HELLO, 3, '0101')],
  ['HELLO.token.subject: not UTF-8', patched(HELLO, 5, 'c0af')],
  ['HELLO.token.subject: not UTF-8', patched(HELLO, 5, '63ff')],
  ['HELLO.resume: flags 2, only 0 and 1 are known', patched(HELLO, 51, '02')],
  ['HELLO.resume.streams: 4294967295 entries, at most 1024', patched(HELLO, 68, 'ffffffff')],
  ['HELLO.resume.streams: 1024 entries of 25 bytes or more, 45 bytes left', patched(HELLO, 68, '00000400')],
  ['WELCOME.streams: 1024 entries of 18 bytes or more, 59 bytes left', patched(WELCOME, 27, '00000400')],
  ['WELCOME.streams.reason: unknown code 5', patched(WELCOME, 48, '05')],
  ['RESET.reason: unknown code 0', patched(RESET, 5, '00')],
  ['SNAPSHOT.chunks: 513 entries, at most 512', patched(SNAPSHOT, 17, '00000201')],
  ['SNAPSHOT: 262145 bytes, at most 262144', Buffer.concat([encoded(ours, SNAPSHOT), new Uint8Array(262_092)]), 1009],
  ['SEND.bytes: 65537 bytes, at most 65536', patched(SEND, 17, '00010001'), 1009],
  ['ERROR.code: unknown code 10', patched(ERROR, 1, '0a')],
])('a frame is not read: %s', (problem, bytes, close = 1002) => {
  expect(decode(bytes)).toEqual({ ok: false, problem, close });
});

test('a frame at its limits is written and read', () => {
  const rest = chunkOf({ content: 0, start: 0, end: 65_398, part: 0, fin: false });
  const full: Frame = { ...SNAPSHOT, chunks: [most, most, most, rest] };
  expect(frameBytes(full)).toBe(LIMITS.frameBytes);
  const listed: Frame = { ...HELLO, client: '😀'.repeat(64), resume: resumed(LIMITS.streams) };
  for (const of of [full, listed, { ...DATA, chunk: most }, { ...SEND, bytes: LIMITS.sendBytes, ask: 4_294_967_294 }]) {
    expect(decode(encoded(ours, of)).ok).toBe(true);
    expect(frameBreach(of, payloadsOf(of))).toBeUndefined();
  }
});
