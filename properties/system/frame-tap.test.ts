/** A tap on a stream of frames leaves out what it is to leave out, and nothing else, whatever the cuts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameTap, isWhole, PING } from '../../sim/system/faults/frame-tap.ts';
import { frame } from '../../src/http/frame-writer.ts';

const OPCODES = [0, 1, 2, 8, 9, 10] as const;
const written = fc.record({
  opcode: fc.constantFrom(...OPCODES),
  length: fc.oneof(fc.nat(125), fc.nat(125), fc.integer({ min: 126, max: 300 }), fc.constant(70_000)),
  last: fc.boolean(),
});
type Written = { readonly opcode: number; readonly length: number; readonly last: boolean };

/** Control frames are short, and are no fragments. */
const bytesOf = ({ opcode, length, last }: Written, masked: boolean): Uint8Array =>
  opcode >= 8
    ? frame(opcode, new Uint8Array(length % 126).fill(0x89), true, masked ? 0x1234_5678 : null)
    : frame(opcode, new Uint8Array(length).fill(0x89), last, masked ? 0x1234_5678 : null);

const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('a tap in step', () => {
  test('leaves out every frame of its opcode, and passes on all else byte for byte', () => {
    fc.assert(
      fc.property(
        fc.array(written, { maxLength: 6 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        fc.boolean(),
        (frames, cuts, masked) => {
          const tap = new FrameTap(masked, PING);
          // In step by a first frame that is whole.
          tap.filter(bytesOf({ opcode: 1, length: 3, last: true }, masked));
          const all = joined(frames.map((each) => bytesOf(each, masked)));
          const kept: Uint8Array[] = [];
          let at = 0;
          for (const cut of cuts) {
            kept.push(tap.filter(all.subarray(at, at + cut)));
            at += Math.min(cut, all.length - at);
          }
          kept.push(tap.filter(all.subarray(at)));
          const others = frames.filter(({ opcode }) => opcode !== PING).map((each) => bytesOf(each, masked));
          expect(Buffer.compare(joined(kept), joined(others))).toBe(0);
          expect(tap.isBetween).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a tap', () => {
  const ping = frame(PING, new Uint8Array(2), true, null);

  test('falls into step at a write of whole frames, and until then lets everything pass', () => {
    const tap = new FrameTap(false, PING);
    const head = new TextEncoder().encode('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    const half = frame(1, new Uint8Array(40), true, null).subarray(0, 20);
    for (const bytes of [head, half]) expect(tap.filter(bytes)).toBe(bytes);
    expect(tap.isBetween).toBe(false);
    expect(tap.filter(ping)).toHaveLength(0);
  });

  test('takes nothing for frames that is none of its direction', () => {
    expect(isWhole(ping, false)).toBe(true);
    expect(isWhole(ping, true)).toBe(false);
    expect(isWhole(new Uint8Array(0), false)).toBe(false);
    // Reserved bits, but for the one that says that a message is compressed; unknown opcodes; long control frames.
    for (const first of [0xb1, 0xc9, 0x83, 0x8b]) expect(isWhole(Uint8Array.of(first, 0), false)).toBe(false);
    expect(isWhole(Uint8Array.of(0xc1, 0), false)).toBe(true);
    expect(isWhole(Uint8Array.of(0x89, 126, 0, 126, ...new Uint8Array(126)), false)).toBe(false);
  });
});
