import { expect, test } from 'vitest';
import { wireWords } from '../../sim/explain/wire-words.ts';
import type { Entry } from '../../src/history.ts';
import { closeFrame, frame, textFrame } from '../../src/http/frame-writer.ts';
import { head, statusText } from '../../src/http/head.ts';

const UPGRADE = [['Upgrade', 'websocket']] as const;

/** What is said beside each of these pieces, which `node` sends on one connection. */
function wordsOf(
  pieces: readonly (Uint8Array | string)[],
  kind: 'sent' | 'delivered' = 'sent',
): (string | undefined)[] {
  const history = pieces.map((piece) => {
    const payload = typeof piece === 'string' ? Uint8Array.from(piece, (each) => each.charCodeAt(0)) : piece;
    return { kind, node: 'c1', conn: 7, at: 0, event: 1, payload, bytes: payload.length } as unknown as Entry;
  });
  const words = wireWords(history);
  return history.map((entry) => words.get(entry));
}

test('a timeline says what frames hold, once they are whole', () => {
  const text = textFrame('{"say":"hi"}', 77);
  expect(
    wordsOf([head('GET /chat HTTP/1.1', UPGRADE), text.subarray(0, 5), text.subarray(5), closeFrame(1001, 'gone', 3)]),
  ).toEqual(['GET /chat', 'part of a frame', 'text {"say":"hi"}', 'close 1001 gone']);
});

test('a piece that holds several frames says all of them, and an answer of a server is read unmasked', () => {
  const answer = head(statusText(101), UPGRADE);
  const both = [
    answer,
    textFrame('a', null),
    frame(9, new Uint8Array(4), true, null),
    frame(2, new Uint8Array(3), true, null),
  ];
  const whole = Uint8Array.from(both.flatMap((each) => [...each]));
  expect(wordsOf([whole], 'delivered')).toEqual([
    'HTTP 101 Switching Protocols, text a, ping of 4 bytes, binary of 3 bytes',
  ]);
  expect(wordsOf([answer, textFrame('a', 5)])).toEqual([
    'HTTP 101 Switching Protocols',
    'no frame: a frame of a server is masked',
  ]);
});

test('what is refused keeps to HTTP, and what is no HTTP says nothing', () => {
  expect(wordsOf(['HTTP/1.1 503 Service Unavailable\r\nRetry-', 'After: 3\r\n\r\n'])).toEqual([
    'part of a head',
    'HTTP 503 Service Unavailable',
  ]);
  expect(wordsOf(['\x16\x03\x01 hello\r\n', 'more'])).toEqual([undefined, undefined]);
});

test('control characters of a message do nothing to a terminal', () => {
  const [, said] = wordsOf([head('GET / HTTP/1.1', UPGRADE), textFrame('\x1b[31mred\n', 1)]);
  expect(said).not.toContain('\x1b');
  expect(said).toContain('red');
});
