/** Frames: what a server may send, and what it may not. */
import type { Program } from '../program.ts';
import { accepted, page, program, type Step, ws } from './scripts.ts';

const says = (name: string, what: string, frames: readonly unknown[], options: object = {}): Program =>
  program(
    name,
    what,
    page('patient', { wait: 400, close: [1000], ...options }),
    accepted(['wait', 20], ['frames', ...frames], ['got', 'close'], ['frames', ['close', { code: 1000 }]], ['end']),
  );

/** A breach: the browser ends the connection by itself; what it says to the server is part of the log. */
const breach = (name: string, what: string, ...frames: readonly unknown[]): Program =>
  program(
    name,
    what,
    page('plain'),
    accepted(
      ['frames', ['text', 'before']],
      ['wait', 30],
      ['frames', ...frames, ['text', 'behind']],
      ['wait', 300],
      ['destroy'],
    ),
  );

const last = { fin: true };
const more = { fin: false };

export const frames: readonly Program[] = [
  says('text', 'texts: empty, with characters of several bytes, with a mark', [
    ['text', ''],
    ['text', 'é€\u{1F600}'],
    ['text', '\uFEFFx'],
    ['text', 'a\u0000b'],
  ]),
  says('binary-blob', 'bytes as blobs', [
    ['binary', { hex: '010203' }],
    ['binary', { hex: '' }],
  ]),
  says(
    'binary-buffer',
    'bytes as buffers',
    [
      ['binary', { hex: '010203' }],
      ['binary', { hex: '' }],
    ],
    { binaryType: 'arraybuffer' },
  ),
  says('fragments', 'a message in fragments, empty ones among them', [
    ['text', 'one ', more],
    ['continuation', '', more],
    ['continuation', 'two', last],
    ['text', 'whole'],
  ]),
  says('fragments-in-a-character', 'fragments that split a character', [
    ['text', { hex: 'e2' }, more],
    ['continuation', { hex: '82ac' }, last],
  ]),
  says('fragments-with-pings', 'pings between fragments are answered at once', [
    ['text', 'one ', more],
    ['ping', 'between'],
    ['continuation', 'two ', more],
    ['ping', ''],
    ['continuation', 'three', last],
  ]),
  says('ping', 'pings of no bytes, some, and the most', [
    ['ping', ''],
    ['ping', 'payload'],
    ['ping', { fill: 65, times: 125 }],
  ]),
  says('pong-unasked', 'a pong that nobody asked for', [
    ['pong', 'unasked'],
    ['text', 'goes on'],
  ]),
  says(
    'lengths',
    'sizes at the edges of how a length is written',
    [125, 126, 127, 65_535, 65_536].map((times) => ['text', { fill: 120, times }]),
  ),
  says('length-not-least', 'a length that is written with more bits than it needs', [
    ['text', 'short', { length: 16 }],
    ['text', 'short', { length: 64 }],
  ]),
  program(
    'byte-by-byte',
    'frames that come byte by byte',
    page('plain'),
    accepted(
      [
        'bytes one by one',
        ['text', 'slowly'],
        ['ping', 'p'],
        ['binary', { hex: '0102' }],
        ['close', { code: 4000, reason: 'slow' }],
      ],
      ['got', 'close'],
      ['end'],
    ),
  ),
  program(
    'many',
    'a hundred messages in one segment',
    page('plain'),
    accepted(
      ['frames', ...Array.from({ length: 100 }, (_, i) => ['text', `m${i}`]), ['close', { code: 1000 }]],
      ['got', 'close'],
      ['end'],
    ),
  ),
  breach('breach-utf8', 'a text that is no UTF-8', ['text', { hex: '61ff62' }]),
  breach('breach-utf8-surrogate', 'a text with half a surrogate', ['text', { hex: 'eda080' }]),
  breach('breach-utf8-cut', 'a text that ends within a character', ['text', { hex: 'e282' }]),
  breach('breach-rsv1', 'the first reserved bit', ['text', 'x', { rsv: 4 }]),
  breach('breach-rsv2', 'the second reserved bit', ['text', 'x', { rsv: 2 }]),
  breach('breach-masked', 'a masked frame from a server', ['text', 'x', { mask: true }]),
  breach('breach-control-long', 'a ping of more than 125 bytes', ['ping', { fill: 65, times: 126 }]),
  breach('breach-control-fragment', 'a ping in fragments', ['ping', 'x', more]),
  breach('breach-opcode', 'an opcode that means nothing', [3, 'x']),
  breach('breach-control-opcode', 'a control opcode that means nothing', [11, 'x']),
  breach('breach-continuation', 'a continuation of nothing', ['continuation', 'x']),
  breach('breach-interrupted', 'a new message within fragments', ['text', 'one', more], ['text', 'two']),
  breach('breach-close-1005', 'a close frame with a code that is never on the wire', ['close', { code: 1005 }]),
  breach('breach-close-0', 'a close frame with code 0', ['close', { code: 0 }]),
  program(
    'kinds',
    'each kind of data that `send` takes',
    page('kinds'),
    accepted(['got', 'close'], ['frames', ['close', { code: 1000 }]], ['end']),
  ),
  program(
    'surrogates',
    'text with surrogates, whole and halved',
    page('surrogates'),
    accepted(['wait', 150], ['frames', ['close', { code: 1000 }]], ['got', 'close'], ['end']),
  ),
  program('echo-1mb', 'a megabyte there and back', page('large', { bytes: 1_000_000 }), ws('echo')),
  program(
    'echo-1mb-text',
    'a megabyte of text there and back',
    page('large', { bytes: 1_000_000, text: true }),
    ws('echo'),
  ),
  program('echo-10mb', 'ten megabytes there and back', page('large', { bytes: 10_000_000 }), ws('echo')),
  program(
    'echo-deflate',
    'a server of `ws` that would compress',
    page('speak', { sends: ['x'.repeat(5000), 'short'], close: [1000] }),
    ws('echo', { options: { perMessageDeflate: true } }),
  ),
  program(
    'binary-types',
    '`binaryType` changed between messages',
    page('binaryTypes'),
    accepted(
      ...([
        ['frames', ['binary', { hex: '6162' }]],
        ['got', 'text'],
        ['frames', ['binary', { hex: '6364' }]],
        ['got', 'close'],
        ['frames', ['close', { code: 1000 }]],
        ['end'],
      ] satisfies Step[]),
    ),
  ),
];
