import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Digest } from '../../sim/core/digest.ts';
import { SORT, sortOf } from '../../sim/core/event-sort.ts';
import { identify, type Spelling } from '../../sim/core/identity.ts';
import type { AnyEvent } from '../../sim/core/kernel.ts';
import { SPELLING } from '../../sim/session/identity.ts';
import type { Message } from '../../src/session/services.ts';
import type { Frame, FrameType } from '../../src/session/wire/frames.ts';
import { at, seconds, us } from '../../src/time.ts';
import { FRAMES } from '../arbitraries/frames.ts';

const NOW = at(5_000_000);

function digestOf(event: AnyEvent, timerCode = 0, now = NOW, node = 3): string {
  const digest = new Digest();
  identify(digest, now, node, event, sortOf(event.type), timerCode, SPELLING);
  return digest.toString();
}

/** Every value of the same type that differs from this one in one place: a number, a text, a flag, an item of a list. */
function* changes(value: unknown): Generator<unknown> {
  // Next to 2^53 half a step is no step.
  if (typeof value === 'number')
    yield* [value + 1, value + 2 ** 32, -value - 1, value + 0.5].filter((other) => other !== value);
  else if (typeof value === 'string')
    yield* [`${value}x`, `${value}\0`, `\0${value}`, value === '' ? ' ' : value.slice(1)];
  else if (typeof value === 'boolean') yield !value;
  else if (value === null) yield* [{}, ''];
  else if (Array.isArray(value)) {
    yield [...value, value.at(-1) ?? 0];
    if (value.length > 0) yield value.slice(1);
    for (const [i, item] of value.entries()) for (const other of changes(item)) yield value.with(i, other);
  } else if (typeof value === 'object')
    for (const [name, field] of Object.entries(value))
      for (const other of changes(field)) yield { ...value, [name]: other };
}

/** That every change of the event is seen. Returns how many there were. */
function seesEach(event: AnyEvent): number {
  const before = digestOf(event);
  let seen = 0;
  for (const other of changes(event)) {
    expect(digestOf(other as AnyEvent), JSON.stringify(other)).not.toBe(before);
    seen++;
  }
  return seen;
}

const chunk = { content: 1, start: 20, end: 30, sum: 4_000_000_001, part: 0, fin: true };
const token = { subject: 'c1', serial: 3, expiresAt: at(9_000_000), signature: 77 };
const record = { stream: 1, epoch: 1, content: 0, head: 9, oldest: 1, done: false };
const place = { session: 5, generation: 2, stream: 1, epoch: 1 };

/** One message of each type, with every field that it may have. */
const MESSAGES: { readonly [T in Message['type']]: Required<Extract<Message, { type: T }>> } = {
  claim: { type: 'claim', op: 1, conn: 65_537, client: 'c1', dial: 1, session: 5, resumeToken: 8, settled: 1 },
  claimed: {
    type: 'claimed',
    op: 1,
    conn: 65_537,
    session: 5,
    generation: 2,
    resumeToken: 8,
    resumed: true,
    corrupt: false,
    sendAck: 2,
    context: { turns: 2, digest: 4_123_456_789 },
    work: { notes: 1, step: 1, calls: 1, callsDigest: 12, memory: 13 },
    streams: [record, { ...record, stream: 2 }],
  },
  withdraw: { type: 'withdraw', op: 2, claim: 1, conn: 65_537, client: 'c1', dial: 1 },
  withdrawn: { type: 'withdrawn', op: 2, session: 5, generation: 2 },
  claimDenied: { type: 'claimDenied', op: 1, conn: 65_537 },
  submit: { type: 'submit', op: 3, session: 5, generation: 2, clientSeq: 1, key: 'q1', ask: -1, bytes: 60 },
  submitted: { type: 'submitted', op: 3, session: 5, clientSeq: 1, key: 'q1', stream: record },
  read: { type: 'read', op: 4, ...place, from: 1, bytes: 65_536 },
  entries: {
    type: 'entries',
    op: 4,
    session: 5,
    stream: 1,
    epoch: 1,
    from: 1,
    chunks: [chunk, { ...chunk, start: 30, end: 40 }],
    head: 9,
    oldest: 1,
  },
  readSnapshot: { type: 'readSnapshot', op: 5, ...place, asOf: 9, from: 0, bytes: 16_384 },
  snapshotPiece: {
    type: 'snapshotPiece',
    op: 5,
    session: 5,
    stream: 1,
    epoch: 1,
    asOf: 9,
    from: 0,
    chunks: [chunk],
    last: true,
  },
  dropped: { type: 'dropped', op: 6, session: 5, stream: 1 },
  acked: { type: 'acked', ...place, seq: 4 },
  detach: { type: 'detach', op: 7, session: 5, generation: 2 },
  release: { type: 'release', op: 8, session: 5, generation: 2 },
  recover: { type: 'recover', op: 9 },
  noted: { type: 'noted', op: 9 },
  failed: { type: 'failed', op: 9 },
  durable: { type: 'durable', ...place, seq: 4, chunk },
  fenced: { type: 'fenced', session: 5, generation: 3, op: 0 },
  expired: { type: 'expired', session: 5 },
  lost: { type: 'lost', session: 7 },
  append: { type: 'append', ...place, seq: 4, chunk, note: { about: 'tool', key: 's1/1', nth: 1, value: 8 } },
  appended: { type: 'appended', ...place, head: 4 },
  generate: { type: 'generate', ...place, content: 0, head: 4 },
  stop: { type: 'stop', session: 5 },
  verify: { type: 'verify', op: 10, token, subject: 'c1' },
  verified: { type: 'verified', op: 10, verdict: 'ok', expiresAt: at(9_000_000), lives: us(0) },
  revoked: { type: 'revoked', subject: 'c1', serial: 3 },
  issue: { type: 'issue', op: 11, subject: 'c1' },
  issued: { type: 'issued', op: 11, token },
  probe: { type: 'probe', op: 12 },
  probed: { type: 'probed', op: 12, ready: true },
};

describe('the digest sees everything that an event says', () => {
  for (const [type, arbitrary] of Object.entries(FRAMES))
    test(`every field of ${type}, and the connection and size that it comes with`, () => {
      // The longest lists are as long as their limits: changing each of their items once is enough for one of them.
      const short = arbitrary.filter((frame) => JSON.stringify(frame).length < 2_000);
      fc.assert(
        fc.property(short, (payload) => {
          seesEach({ type: 'frame', conn: 65_539, payload, bytes: 40 } as AnyEvent);
        }),
        { numRuns: 10 },
      );
    });

  for (const message of Object.values(MESSAGES))
    test(`every field of the message ${message.type}, and whom it is from`, () => {
      expect(seesEach({ type: 'message', from: 's1', message } as AnyEvent)).toBeGreaterThan(5);
    });

  test('every field of the other events: an end of a connection, a dial, an intent, a fault', () => {
    seesEach({ type: 'closed', conn: 65_539, code: 1006, reason: '', clean: false, status: 503 } as AnyEvent);
    const refused = { type: 'closed', conn: 65_539, code: 1006, reason: '', clean: false, status: 503 };
    seesEach({ ...refused, retryAfter: seconds(1) } as AnyEvent);
    expect(digestOf({ ...refused, retryAfter: 0 } as AnyEvent)).not.toBe(digestOf(refused));
    seesEach({ type: 'closed', conn: 65_539, code: 1012, reason: 'drained', clean: true, status: 0 } as AnyEvent);
    seesEach({ type: 'incoming', conn: 65_539, from: 'c1', origin: 'https://app.example' } as AnyEvent);
    seesEach({ type: 'fault', fault: { kind: 'cut', target: 'c1-lb', at: 1, lasts: 2, direction: 'up' } } as AnyEvent);
    seesEach({ type: 'started' });
  });

  test('a time and a connection beyond 32 bits, a timer by its name and key, and the node', () => {
    const event = { type: 'timer', timer: 'retry', key: 2 ** 33 } as AnyEvent;
    const before = digestOf(event, 5);
    expect(digestOf({ ...event, key: 2 ** 34 } as AnyEvent, 5)).not.toBe(before);
    expect(digestOf(event, 6)).not.toBe(before);
    expect(digestOf(event, 5, at(NOW + 2 ** 32))).not.toBe(before);
    expect(digestOf(event, 5, NOW, 4)).not.toBe(before);
  });

  test('a message that is text, bytes, nothing, or a frame of somebody else that is called like one of ours', () => {
    const of = (payload: unknown, spelling: Spelling | null): string => {
      const digest = new Digest();
      identify(digest, NOW, 3, { type: 'frame', conn: 1, bytes: 9, payload } as AnyEvent, SORT.frame, 0, spelling);
      return digest.toString();
    };
    const messages = ['a', 'b', '', new Uint8Array([1, 2]), new Uint8Array([1, 3]), new Uint8Array(0), null, 7];
    const theirs = [
      { type: 'DATA', id: 7 },
      { type: 'DATA', id: 8 },
    ];
    expect(new Set([...messages, ...theirs].map((payload) => of(payload, null))).size).toBe(10);
    expect(new Set(messages.map((payload) => of(payload, SPELLING))).size).toBe(8);
  });

  test('one piece of a SNAPSHOT that says another checksum', () => {
    const piece = (sum: number): Frame & { type: FrameType } => ({
      type: 'SNAPSHOT',
      stream: 1,
      epoch: 2,
      seq: 40,
      chunks: [chunk, { ...chunk, start: 30, end: 40, sum }],
      last: false,
    });
    const of = (payload: Frame): string => digestOf({ type: 'frame', conn: 1, payload, bytes: 9 } as AnyEvent);
    expect(of(piece(1))).not.toBe(of(piece(2)));
  });
});

describe('no two values are spelled alike', () => {
  const of = (...values: unknown[]): string => {
    const digest = new Digest();
    for (const value of values) digest.addValue(value);
    return digest.toString();
  };

  test('nothing, no, zero, an empty text, an empty list and an empty object are six values', () => {
    const empty = [null, undefined, false, 0, '', [], {}, new Uint8Array(0), [undefined], [null], '\0', Number.NaN, -1];
    expect(new Set(empty.map((each) => of(each))).size).toBe(empty.length);
  });

  test('where one value ends and the next begins is seen', () => {
    expect(of('ab', 'c')).not.toBe(of('a', 'bc'));
    expect(of([1], 2)).not.toBe(of([1, 2]));
    expect(of({ a: 1 }, { b: 2 })).not.toBe(of({ a: 1, b: 2 }));
    expect(of({ a: { b: 1 } })).not.toBe(of({ a: {}, b: 1 }));
    expect(of({ up: 1 })).not.toBe(of({ down: 1 }));
    expect(of(new Uint8Array([1, 2]))).not.toBe(of(new Uint8Array([2, 1])));
  });

  test('two plain values have one digest exactly when they are equal', () => {
    const value = fc.jsonValue();
    const plain = (each: unknown): string => JSON.stringify(each);
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(of(a) === of(b)).toBe(plain(a) === plain(b));
      }),
    );
  });

  test('a pair of numbers is not the same pair the other way round, whatever their size', () => {
    const two = (x: number, y: number): string => {
      const digest = new Digest();
      digest.addTwo(x, y);
      return digest.toString();
    };
    const numbers = [0, 1, 2 ** 31, 2 ** 32 - 16, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -1, -(2 ** 40), 0.5];
    const all = numbers.flatMap((x) => numbers.map((y) => two(x, y)));
    expect(new Set(all).size).toBe(all.length);
  });

  test('what is no plain data is refused, because it would not be seen', () => {
    expect(() => of({ late: () => 1 })).toThrow('a function is no plain data');
    expect(() => of(10n)).toThrow('a bigint is no plain data');
  });
});
