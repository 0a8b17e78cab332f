/** Heads and bodies of HTTP/1.1 as they should not be: each is refused by name, at once, and nothing takes more than it must. */
import { describe, expect, test } from 'vitest';
import { BODY_FLAWS, BodyReader, chunked, ofRequest, ofResponse } from '../../src/http/body.ts';
import type { Field } from '../../src/http/fields.ts';
import { textFrame } from '../../src/http/frame-writer.ts';
import { HEAD_FLAWS, HeadReader, head, requestLine, statusLine } from '../../src/http/head.ts';
import { bytesOf, latin1 } from '../../src/http/latin1.ts';
import { httpRequest } from '../../src/http/request.ts';
import { serverConnection } from '../../src/http/server.ts';
import { acceptOf, judgeUpgrade } from '../../src/http/upgrade.ts';

const request = (text: string): HeadReader<unknown> => {
  const reader = new HeadReader<unknown>(requestLine, true);
  reader.read(bytesOf(text), 0);
  return reader;
};

describe('the head of a request', () => {
  test.each<[string, keyof typeof HEAD_FLAWS]>([
    ['GET /\r\n', 'requestLine'],
    ['GET  / HTTP/1.1\r\n', 'requestLine'],
    ['GET / HTTP/1.1 \r\n', 'requestLine'],
    ['GET / HTTP/1.1 x\r\n', 'requestLine'],
    ['G(T / HTTP/1.1\r\n', 'requestLine'],
    ['GET /\x01 HTTP/1.1\r\n', 'requestLine'],
    ['GET / http/1.1\r\n', 'requestLine'],
    ['\x16\x03\x01\x02\x00\x01\r\n', 'requestLine'],
    ['GET / HTTP/2.0\r\n', 'version'],
    ['GET / HTTP/1.1\n', 'lineEnd'],
    ['GET / HTTP/1.1\r\nHost: x\n', 'lineEnd'],
    ['GET / HTTP/1.1\r\nA: b\r\n c\r\n', 'folded'],
    ['GET / HTTP/1.1\r\n: b\r\n', 'name'],
    ['GET / HTTP/1.1\r\nno colon\r\n', 'name'],
    ['GET / HTTP/1.1\r\nHost : x\r\n', 'name'],
    ['GET / HTTP/1.1\r\nA: b\0c\r\n', 'value'],
    ['GET / HTTP/1.1\r\nA: b\rc\r\n', 'value'],
  ])('%j is refused by name', (text, flaw) => {
    expect(request(text).flaw).toBe(HEAD_FLAWS[flaw]);
  });

  test('is read up to its end and no further, with spaces around values and empty lines before it', () => {
    const text = '\r\n\r\nGET /a?b HTTP/1.0\r\nA: \t b c \t\r\nB:\r\nA:d:e\r\n\r\n';
    const reader = new HeadReader(requestLine, true);
    expect(reader.read(bytesOf(`${text}body`), 0)).toBe(text.length);
    expect(reader).toMatchObject({ isDone: true, flaw: null, start: { method: 'GET', target: '/a?b', minor: 0 } });
    expect(reader.fields).toEqual([
      ['A', 'b c'],
      ['B', ''],
      ['A', 'd:e'],
    ]);
  });

  test('of 16 KiB is taken, and one of a byte more is refused, whether or not its line ends', () => {
    const begin = 'GET / HTTP/1.1\r\nA: ';
    const fits = `${begin}${'x'.repeat(16_384 - begin.length - 4)}\r\n\r\n`;
    expect(request(fits)).toMatchObject({ isDone: true, flaw: null });
    expect(request(fits.replace('x', 'xx')).flaw).toBe(HEAD_FLAWS.tooLong);
    expect(request(begin + 'x'.repeat(16_384)).flaw).toBe(HEAD_FLAWS.tooLong);
    expect(request(`GET / HTTP/1.1\r\n${'a:b\r\n'.repeat(4_000)}`).flaw).toBe(HEAD_FLAWS.tooLong);
    expect(request('\r\n'.repeat(9_000)).flaw).toBe(HEAD_FLAWS.tooLong);
  });

  test('with a value of a quarter of a megabyte of spaces takes no time', () => {
    const reader = new HeadReader(statusLine, false, 262_144);
    const begun = performance.now();
    reader.read(bytesOf(`HTTP/1.1 200 OK\r\nA: b${' '.repeat(250_000)}c\r\n`), 0);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(reader.fields[0]?.[1]).toHaveLength(250_002);
  });

  test('is never written so that it would be read as something else', () => {
    expect(() => head('GET / HTTP/1.1', [['A', 'b\r\nC: d']])).toThrow(
      /cannot stand in a head of HTTP, for its character 2/,
    );
    expect(() => head('GET / HTTP/1.1', [['A B', 'c']])).toThrow('"A B" is no name of an HTTP field');
    expect(() => head('GET /€ HTTP/1.1', [])).toThrow(RangeError);
  });
});

describe('the head of a response', () => {
  test.each(['HTTP/1.1 20 OK', 'HTTP/1.1 0200 OK', 'HTTP/1.1 099 OK', 'HTTP/1.1', 'ICY 200 OK', 'HTTP/1.1200 OK'])(
    '%j has no status line',
    (line) => {
      expect(statusLine(line)).toBe(HEAD_FLAWS.statusLine);
    },
  );

  test.each(['HTTP/1.1 200 OK', 'HTTP/1.1 200 ', 'HTTP/1.1 200', 'HTTP/1.0 200 Very well'])('%j has one', (line) => {
    expect(statusLine(line)).toMatchObject({ status: 200 });
  });
});

describe('the length of a body', () => {
  const fields = (...all: readonly string[]): Field[] => all.map((each) => each.split(': ') as unknown as Field);

  test.each<[Field[], ReturnType<typeof ofRequest>]>([
    [fields(), 0],
    [fields('Content-Length: 5'), 5],
    [fields('Transfer-Encoding: Chunked'), 'chunked'],
    [fields('Transfer-Encoding: chunked', 'Content-Length: 5'), BODY_FLAWS.both],
    [fields('Content-Length: 5', 'Content-Length: 5'), BODY_FLAWS.length],
    [fields('Content-Length: +5'), BODY_FLAWS.length],
    [fields('Content-Length: 5, 6'), BODY_FLAWS.length],
    [fields('Content-Length: 0x5'), BODY_FLAWS.length],
    [fields('Content-Length: 9999999999999999'), BODY_FLAWS.length],
    [fields('Transfer-Encoding: gzip, chunked'), BODY_FLAWS.coding],
    [fields('Transfer-Encoding: chunked, chunked'), BODY_FLAWS.coding],
    [fields('Transfer-Encoding: identity'), BODY_FLAWS.coding],
  ])('%j', (said, framing) => expect(ofRequest(said)).toEqual(framing));

  test('of a response is that of its connection if it is not said, and 0 where there never is one', () => {
    expect(ofResponse('GET', 200, [])).toBe('close');
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
      ['GET', 101],
    ] as const)
      expect(ofResponse(method, status, fields('Content-Length: 5'))).toBe(0);
  });

  test('that is claimed to be a gigabyte is refused before any of it comes', () => {
    expect(new BodyReader(2 ** 30, 2 ** 20).flaw).toBe(BODY_FLAWS.tooLong);
    const reader = new BodyReader('chunked', 2 ** 20);
    reader.read(bytesOf('40000000\r\n'), 0);
    expect(reader.flaw).toBe(BODY_FLAWS.tooLong);
    const answer = (text: string): string => {
      const said = serverConnection({ longest: 1_000 }).received(bytesOf(text));
      const [first] = said;
      return first?.type === 'write' ? latin1(first.bytes, 0, 12) : 'nothing';
    };
    expect(answer('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n')).toBe('HTTP/1.1 413');
    expect(answer('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n')).toBe('nothing');
  });
});

describe('chunks', () => {
  const read = (text: string): BodyReader => {
    const reader = new BodyReader('chunked', 1_000);
    reader.read(bytesOf(text), 0);
    return reader;
  };

  test.each([
    '\r\n',
    '-1\r\n',
    '5 5\r\n',
    'g\r\n',
    '0x5\r\n',
    '1234567890123\r\n',
    '5\nhello',
    '5\r\nhellox\r\n',
    '5\r\nhello\n',
    '0\r\nno colon\r\n',
  ])('%j are none', (text) => expect(read(text).flaw).toBe(BODY_FLAWS.chunk));

  test('have extensions and trailers, which are passed over', () => {
    const reader = read('5;a="b"\r\nhello\r\n1 ; x\r\n!\r\n000\r\nA: b\r\n\r\nmore');
    expect([reader.isDone, reader.flaw, latin1(reader.body, 0, 6)]).toEqual([true, null, 'hello!']);
  });

  test('of trailers without end are refused', () => {
    expect(read(`0\r\n${'A: b\r\n'.repeat(5_000)}`).flaw).toBe(BODY_FLAWS.chunk);
    expect(read(`0;${'x'.repeat(20_000)}`).flaw).toBe(BODY_FLAWS.chunk);
  });

  test.each([[[]], [[1]], [[3, 0, 2]], [[100]]])('of sizes %j are read as they were written', (sizes) => {
    const body = bytesOf('hello world');
    const reader = new BodyReader('chunked', 1_000);
    const bytes = chunked(body, sizes);
    expect(reader.read(bytes, 0)).toBe(bytes.length);
    expect([reader.isDone, reader.body]).toEqual([true, body]);
  });
});

describe('a request that is no sound one', () => {
  const answer = (text: string): string => {
    const said = serverConnection().received(bytesOf(text));
    expect(said.map(({ type }) => type)).toEqual(['write', 'end', 'gone']);
    const [first] = said;
    return first?.type === 'write' ? (latin1(first.bytes, 0, first.bytes.length).split('\r\n')[0] as string) : '';
  };
  const UPGRADE = {
    Host: 'x',
    Upgrade: 'websocket',
    Connection: 'keep-alive, Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
  };
  const upgrade = (more: Readonly<Record<string, string>>, first = 'GET / HTTP/1.1'): string =>
    `${first}\r\n${Object.entries({ ...UPGRADE, ...more })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`;

  test.each([
    ['GET / HTTP/1.1\r\n\r\n', '400 Bad Request'],
    ['GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', '400 Bad Request'],
    ['GET / HTTP/3.0\r\n', '505 HTTP Version Not Supported'],
    [`GET /${'x'.repeat(20_000)}`, '431 Request Header Fields Too Large'],
    ['POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n', '501 Not Implemented'],
    [upgrade({}, 'POST / HTTP/1.1'), '405 Method Not Allowed'],
    [upgrade({}, 'GET / HTTP/1.0'), '400 Bad Request'],
    [upgrade({ 'Sec-WebSocket-Version': '8' }), '426 Upgrade Required'],
    [upgrade({ 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ=' }), '400 Bad Request'],
    [upgrade({ 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZR==' }), '400 Bad Request'],
    [upgrade({ 'Sec-WebSocket-Protocol': 'a, a' }), '400 Bad Request'],
    [upgrade({ 'Sec-WebSocket-Protocol': 'a b' }), '400 Bad Request'],
    [upgrade({ 'Sec-WebSocket-Protocol': ' , ' }), '400 Bad Request'],
  ])('%j is answered, and that was all', (text, status) => expect(answer(text)).toBe(`HTTP/1.1 ${status}`));

  test('a sound one is none of these, and its key is answered as RFC 6455 section 1.3 has it', () => {
    const [said] = serverConnection().received(bytesOf(upgrade({ 'Sec-WebSocket-Protocol': 'chat, superchat' })));
    expect(said).toMatchObject({ type: 'upgrade', protocols: ['chat', 'superchat'] });
    expect(acceptOf('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(
      judgeUpgrade({ method: 'GET', target: '/', fields: Object.entries(UPGRADE), body: new Uint8Array(0) }, 1),
    ).toMatchObject({
      protocols: [],
    });
  });
});

describe('what comes behind a request that is not answered yet', () => {
  const first = 'GET /1 HTTP/1.1\r\nHost: x\r\n\r\n';
  const second = 'POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello';

  test('waits for the answer, in however many pieces', () => {
    const server = serverConnection();
    expect(server.received(bytesOf(first + second.slice(0, 9)))).toMatchObject([{ type: 'request', target: '/1' }]);
    for (const each of second.slice(9)) expect(server.received(bytesOf(each))).toEqual([]);
    expect(server.respond({ status: 204 })).toMatchObject([
      { type: 'write' },
      { type: 'request', target: '/2', body: bytesOf('hello') },
    ]);
  });

  test('are the first frames, if it is an upgrade', () => {
    const server = serverConnection();
    const frames = [textFrame('a', 1), textFrame('b', 2)];
    server.received(bytesOf(UPGRADE));
    for (const each of frames) expect(server.received(each)).toEqual([]);
    expect(server.accept().slice(1)).toEqual([
      { type: 'message', data: 'a' },
      { type: 'message', data: 'b' },
    ]);
  });
});

const UPGRADE =
  'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

describe('a response that is none, or not whole', () => {
  const outcome = (text: string, clean = true): string => {
    const asked = httpRequest({ method: 'GET', url: 'http://x/', longest: 100 });
    asked.connected();
    const said = [...asked.received(bytesOf(text)), ...asked.ended(clean, 'reset')];
    const last = said.at(-1);
    if (last?.type === 'answered') return `${last.status} ${latin1(last.body, 0, last.body.length)}`;
    return last?.type === 'failed' ? last.why : 'nothing';
  };

  test.each([
    ['', true, 'the connection ended without a response'],
    // As a browser has it where nothing is encrypted.
    ['HTTP/1.1 200 OK\r\nContent-Le', true, '200 '],
    ['HTTP/1.1 200 OK\r\nContent-Le', false, 'reset'],
    ['HTTP/1.1 20', true, 'the connection ended without a response'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell', true, 'the response ended before it was whole'],
    [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n',
      true,
      'the response ended before it was whole',
    ],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell', false, 'reset'],
    ['HTTP/1.1 200 OK\r\n\r\nhell', false, 'reset'],
    ['HTTP/1.1 200 OK\r\n\r\nhell', true, '200 hell'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello world', true, '200 hello'],
    ['HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n', true, '204 '],
    ['HTTP/1.1 101 Switching Protocols\r\n\r\n', true, 'an upgrade that nobody asked for'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n', true, BODY_FLAWS.tooLong.why],
    ['SSH-2.0-OpenSSH\r\n', true, HEAD_FLAWS.statusLine.why],
  ])('%j, and then %s: %s', (text, clean, why) => expect(outcome(text, clean)).toBe(why));
});
