/**
 * Every frame of the protocol, all over its limits, with chunks whose bytes really have the checksum that they name.
 *
 * `frameBreach` says which limit a frame breaks. It is written from `limits.ts` and PROTOCOL.md alone, without the codec's
 * tables, so that it can judge what the codec lets through.
 */
import fc from 'fast-check';
import { type Chunk, checksum } from '../../src/content.ts';
import type { ErrorCode, Frame, FrameType, ResetReason, Token } from '../../src/session/wire/frames.ts';
import { LIMITS } from '../../src/session/wire/limits.ts';
import { at, us } from '../../src/time.ts';

const UINT32_MAX = 4_294_967_295;
const RESET_REASONS: readonly ResetReason[] = ['window_exceeded', 'epoch_changed', 'ahead_of_log', 'unknown_session'];
const ERROR_CODES: readonly ErrorCode[] = [
  'unauthorized',
  'token_expired',
  'version_unsupported',
  'protocol_error',
  'unavailable',
  'taken_over',
  'send_rejected',
  'internal',
  'state_corrupt',
];

/** The bytes of a chunk, made up from where it starts, so that any offset up to 2^53 - 1 has some. */
export const bytesOf = ({ content, start, end }: Pick<Chunk, 'content' | 'start' | 'end'>): Uint8Array =>
  Uint8Array.from({ length: end - start }, (_, i) => ((content % 251) + (start % 241) + i * 7) % 256);

/** A chunk of these coordinates with the checksum of its bytes. */
export function chunkOf(coordinates: Omit<Chunk, 'sum'>): Chunk {
  const bytes = bytesOf(coordinates);
  const { content, start, end, part, fin } = coordinates;
  return { content, start, end, sum: checksum(bytes, 0, bytes.length), part, fin };
}

/** The body of a SEND, made up from its size. */
export const bodyOf = (frame: Frame): Uint8Array =>
  frame.type === 'SEND' ? bytesOf({ content: 1, start: 0, end: frame.bytes }) : new Uint8Array(0);

/** The payloads that belong to a frame, in order. */
export function payloadsOf(frame: Frame): readonly Uint8Array[] {
  switch (frame.type) {
    case 'DATA':
      return [bytesOf(frame.chunk)];
    case 'SNAPSHOT':
      return frame.chunks.map(bytesOf);
    case 'SEND':
      return [bodyOf(frame)];
    default:
      return [];
  }
}

const whole = (most: number, least = 0): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: least, max: 300 }),
    fc.integer({ min: least, max: most }),
    fc.constantFrom(least, most - 1, most),
  );
const version = fc.oneof(fc.integer({ min: 1, max: LIMITS.version }), fc.constantFrom(1, LIMITS.version));
const small = whole(UINT32_MAX);
const large = whole(LIMITS.integer);
const counted = whole(LIMITS.integer, 1);
const duration = large.map(us);

const utf8 = (value: string): number => new TextEncoder().encode(value).length;
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 100 }).filter((value) => utf8(value) <= LIMITS.textBytes),
  // The longest texts in one, two, three and four bytes a character, and a mark that a careless decoder eats.
  fc.constantFrom('x'.repeat(256), 'é'.repeat(128), '€'.repeat(85), '😀'.repeat(64), '\uFEFFmark', '\0'),
  // The first and the last character of each length in UTF-8.
  fc.constant('\x7F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\u{10000}\u{10FFFF}'),
);

const chunkUpTo = (most: number): fc.Arbitrary<Chunk> =>
  fc
    .record({ content: small, start: whole(LIMITS.integer - most), size: whole(most), part: small, fin: fc.boolean() })
    .map(({ content, start, size, part, fin }) => chunkOf({ content, start, end: start + size, part, fin }));
const chunk = fc.oneof(
  { weight: 9, arbitrary: chunkUpTo(400) },
  { weight: 1, arbitrary: chunkUpTo(LIMITS.chunkBytes) },
);

/** A list that is mostly short and sometimes as long as its limit. */
const list = <T>(entry: fc.Arbitrary<T>, most: number): fc.Arbitrary<readonly T[]> =>
  fc.oneof(
    { weight: 19, arbitrary: fc.array(entry, { maxLength: 5 }) },
    { weight: 1, arbitrary: entry.map((value) => Array.from({ length: most }, () => value)) },
  );

const token: fc.Arbitrary<Token> = fc.record({
  subject: text,
  serial: large,
  expiresAt: large.map(at),
  signature: large,
});
const reason = fc.constantFrom(...RESET_REASONS);
const resume = fc.record({
  session: large,
  resumeToken: large,
  streams: list(
    fc.record({
      stream: small,
      epoch: small,
      lastSeq: large,
      limit: large,
      held: fc.option(fc.record({ epoch: small, seq: counted, limit: large })),
    }),
    LIMITS.streams,
  ),
});
const streamStart = fc.record({
  stream: small,
  epoch: small,
  headSeq: large,
  resumed: fc.boolean(),
  reason: fc.option(reason),
});

/** A frame of the given type with these fields, in this order. */
const made = <T extends FrameType>(
  type: T,
  fields: { [K in Exclude<keyof Extract<Frame, { type: T }>, 'type'>]: fc.Arbitrary<Extract<Frame, { type: T }>[K]> },
): fc.Arbitrary<Frame> =>
  fc
    .record(fields as Record<string, fc.Arbitrary<unknown>>)
    // A field that a frame may lack is missing there, not undefined.
    .map((rest) => Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)))
    .map((rest) => ({ type, ...rest }) as Frame);

/** An arbitrary for each type of frame. */
export const FRAMES: { readonly [T in FrameType]: fc.Arbitrary<Frame> } = {
  HELLO: made('HELLO', {
    protoMin: version,
    protoMax: version,
    token,
    client: text,
    dial: large,
    credit: large,
    resume: fc.option(resume),
  }),
  WELCOME: made('WELCOME', {
    proto: version,
    session: large,
    resumeToken: large,
    generation: large,
    resumed: fc.boolean(),
    streams: list(streamStart, LIMITS.streams),
    sendAck: large,
    context: fc.record({ turns: small, digest: small }),
    sessionTtl: duration,
    heartbeatInterval: duration,
    deadAfter: duration,
    work: fc.option(fc.record({ notes: small, step: small, calls: small, callsDigest: small, memory: small }), {
      nil: undefined,
    }),
  }),
  DATA: made('DATA', { stream: small, epoch: small, seq: counted, chunk }),
  ACK: made('ACK', { stream: small, epoch: small, seq: large, limit: large }),
  REPLAY_END: made('REPLAY_END', { stream: small, epoch: small, seq: large }),
  RESET: made('RESET', { stream: small, reason, epoch: small, oldestSeq: large, held: large }),
  SNAPSHOT: made('SNAPSHOT', {
    stream: small,
    epoch: small,
    seq: large,
    // Three of the largest chunks still fit into a frame; so do as many small ones as a piece may have.
    chunks: fc.oneof(list(chunkUpTo(400), LIMITS.snapshotChunks), fc.array(chunk, { maxLength: 3 })),
    last: fc.boolean(),
  }),
  SEND: made('SEND', {
    clientSeq: counted,
    key: text,
    ask: fc.oneof(fc.constant(-1), whole(UINT32_MAX - 1)),
    bytes: fc.oneof({ weight: 9, arbitrary: whole(400) }, { weight: 1, arbitrary: whole(LIMITS.sendBytes) }),
  }),
  SEND_ACK: made('SEND_ACK', { clientSeq: counted, key: text, stream: small }),
  GOAWAY: made('GOAWAY', { deadline: duration, retryAfter: duration, lastSend: large }),
  AUTH: made('AUTH', { token }),
  PING: made('PING', { nonce: large }),
  PONG: made('PONG', { nonce: large }),
  ERROR: made('ERROR', { code: fc.constantFrom(...ERROR_CODES), reason: text, clientSeq: large, retryAfter: duration }),
  STALLED: made('STALLED', { stream: small, epoch: small, seq: large }),
  HELD: made('HELD', { stream: small, epoch: small, seq: counted, limit: large }),
};

/** Any frame; every type is as likely as any other. */
export const frame: fc.Arbitrary<Frame> = fc.oneof(...Object.values(FRAMES));

/** Fields that are not plain integers up to 2^53 - 1, and where their limits lie. */
const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  protoMin: [1, LIMITS.version],
  protoMax: [1, LIMITS.version],
  proto: [1, LIMITS.version],
  ask: [-1, LIMITS.integer],
};

/** The first limit that a frame or a payload breaks, in words; undefined for a sound one. */
export function frameBreach(whole: Frame, payloads: readonly Uint8Array[]): string | undefined {
  const breaches: string[] = [];
  const visit = (value: unknown, name: string): void => {
    if (typeof value === 'number') {
      const [least, most] = RANGES[name] ?? [0, LIMITS.integer];
      if (!Number.isInteger(value) || value < least || value > most) breaches.push(`${name} ${value}`);
    } else if (typeof value === 'string') {
      if (utf8(value) > LIMITS.textBytes) breaches.push(`${name} ${utf8(value)} bytes`);
      if (/\p{Surrogate}/u.test(value)) breaches.push(`${name} half a surrogate pair`);
    } else if (Array.isArray(value)) {
      if (value.length > (name === 'chunks' ? LIMITS.snapshotChunks : LIMITS.streams))
        breaches.push(`${name} too long`);
      for (const entry of value) visit(entry, name);
    } else if (value !== null && typeof value === 'object') {
      for (const [key, field] of Object.entries(value)) visit(field, key);
    }
  };
  visit(whole, whole.type);
  const chunks = whole.type === 'DATA' ? [whole.chunk] : whole.type === 'SNAPSHOT' ? whole.chunks : [];
  for (const [i, { start, end, sum }] of chunks.entries()) {
    const bytes = payloads[i] ?? new Uint8Array(0);
    if (end < start || end - start > LIMITS.chunkBytes || bytes.length !== end - start) breaches.push('chunk size');
    if (checksum(bytes, 0, bytes.length) !== sum) breaches.push('chunk checksum');
  }
  if (whole.type === 'SEND' && (whole.bytes > LIMITS.sendBytes || payloads[0]?.length !== whole.bytes)) {
    breaches.push('body size');
  }
  if ('reason' in whole && whole.type === 'RESET' && !RESET_REASONS.includes(whole.reason)) breaches.push('reason');
  if (whole.type === 'ERROR' && !ERROR_CODES.includes(whole.code)) breaches.push('code');
  return breaches[0];
}
