/** What a page sees of a WebSocket, event by event, as Chromium shows it to a page; and what its server sees of that. */
import { describe, expect, test } from 'vitest';
import { closeFrame, frame, textFrame } from '../../src/http/frame-writer.ts';
import { bytesOf, joined, latin1 } from '../../src/http/latin1.ts';
import { ms, seconds } from '../../src/time.ts';
import { type Given, inPage, type Serves, second, type Wire } from './one-page.ts';

/** Says all that happens to `socket`, with its state meanwhile. */
const HEARD = `
  const say = (...words) => console.log(words.join(' '));
  const listen = (socket) => {
    socket.onopen = () => say('open', socket.readyState, socket.protocol);
    socket.onmessage = ({ data }) => say('message', typeof data === 'string' ? data : data.constructor.name + ' ' + (data.size ?? data.byteLength));
    socket.onerror = () => say('error', socket.readyState);
    socket.onclose = ({ code, reason, wasClean }) => say('close', code, JSON.stringify(reason), wasClean ? 'clean' : 'not clean', socket.readyState);
    return socket;
  };
`;

/** A page with one socket, and what both ends said; the same in whatever pieces bytes arrive. */
function heard(serves: Serves, script = "listen(new WebSocket('/chat'))", given: Given = {}): readonly string[] {
  const runs = [1, 2, 3].map((seed) => inPage(HEARD + script, { ...given, seed, serves }));
  for (const { said } of runs) expect(said).toEqual(runs[0]?.said);
  // What a browser writes into the console of its page is asked for by itself.
  return (runs[0]?.said ?? []).filter((line) => !line.startsWith('WebSocket connection to'));
}

const ours = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.startsWith('server '));
const theirs = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.startsWith('server '));
const raw = (then: (wire: Wire, head: string) => void): Serves => ({ raw: then });
const FAILED = ['error 3', 'close 1006 "" not clean 3'];
const text = (data: string): Uint8Array => textFrame(data, null);
const all = (...parts: readonly Uint8Array[]): Uint8Array => parts.reduce(joined);

describe('a WebSocket of a page', () => {
  test('opens, talks and closes through bytes on a link', () => {
    const { said } = inPage(`
      const socket = new WebSocket('ws://server/chat');
      console.log(socket.readyState, socket.url, socket.bufferedAmount);
      socket.onopen = () => { console.log('open', socket.readyState); socket.send('hello'); console.log(socket.bufferedAmount) };
      socket.onmessage = ({ data, origin }) => { console.log(data, origin, socket.bufferedAmount); socket.close(3001, 'bye') };
      socket.onclose = ({ code, reason, wasClean }) => console.log('close', code, reason, wasClean, socket.readyState);
      socket.onerror = () => console.log('error');
    `);
    expect(said).toEqual([
      '0 ws://server/chat 0',
      'open 1',
      '5',
      'hello ws://server 0',
      'close 3001 bye true 3',
      'server closed 3001 bye true',
    ]);
  });

  test('asks as a browser does', () => {
    let asked = '';
    heard(
      raw((wire, head) => {
        asked = head;
        wire.accept('', 'Sec-WebSocket-Protocol: b\r\n');
      }),
      "listen(new WebSocket('/path?query=1', ['a', 'b']))",
    );
    const lines = asked.split('\r\n');
    expect(lines[0]).toBe('GET /path?query=1 HTTP/1.1');
    expect(lines).toContain('Host: server');
    expect(lines).toContain('Origin: http://server');
    expect(lines).toContain('Connection: Upgrade');
    expect(lines).toContain('Sec-WebSocket-Protocol: a, b');
  });

  test.each<readonly [string, (wire: Wire) => void]>([
    ...[200, 302, 400, 401, 403, 404, 429, 502, 503].map(
      (status) =>
        [
          `is answered ${status}`,
          (wire: Wire) => wire.write(`HTTP/1.1 ${status} Some\r\nContent-Length: 2\r\n\r\nno`),
        ] as const,
    ),
    ['gets an answer that is no HTTP', (wire) => wire.write('SSH-2.0-OpenSSH_9.6\r\n\r\n')],
    ['gets half an answer and the end', (wire) => [wire.write('HTTP/1.1 101 Swi'), wire.end()]],
    ['gets the end instead of an answer', (wire) => wire.end()],
    ['gets a reset instead of an answer', (wire) => wire.reset()],
    [
      'gets the wrong key',
      (wire) =>
        wire.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
        ),
    ],
    ['is given a subprotocol that nobody offered', (wire) => wire.accept('', 'Sec-WebSocket-Protocol: c\r\n')],
    ['is given an extension that nobody offered', (wire) => wire.accept('', 'Sec-WebSocket-Extensions: x-mine\r\n')],
  ])('that %s fails: error, then close with 1006, both in state 3', (_, answers) => {
    expect(ours(heard(raw(answers)))).toEqual(FAILED);
  });

  test('fails where subprotocols are offered and none is chosen', () => {
    expect(ours(heard({}, "listen(new WebSocket('/', ['a', 'b']))"))).toEqual(FAILED);
  });

  test('to a port on which nobody listens fails, and the console says why', () => {
    const { said } = inPage(`${HEARD} setTimeout(() => listen(new WebSocket('/')), 100)`, {
      plan: [{ kind: 'crash', target: 'server', at: second(0), lasts: seconds(5), how: 'process' }],
      until: second(1),
    });
    expect(said).toEqual([
      "WebSocket connection to 'ws://server/' failed: Error in connection establishment: net::ERR_CONNECTION_REFUSED",
      ...FAILED,
    ]);
  });

  test('hears messages that came with the answer behind `open`, each in a turn of its own', () => {
    const lines = heard(
      raw((wire) => wire.accept(all(text('one'), text('two'), closeFrame(4000, 'bye', null)))),
      `const socket = listen(new WebSocket('/'));
       for (const type of ['open', 'message', 'close']) {
         socket.addEventListener(type, () => { queueMicrotask(() => say('microtask of', type)); setTimeout(() => say('timer of', type)) });
         socket.addEventListener(type, () => say('second listener of', type));
       }`,
    );
    const turn = (first: string, type: string): readonly string[] => [
      first,
      `microtask of ${type}`,
      `second listener of ${type}`,
    ];
    expect(ours(lines).filter((line) => !line.startsWith('timer of'))).toEqual([
      ...turn('open 1 ', 'open'),
      ...turn('message one', 'message'),
      ...turn('message two', 'message'),
      ...turn('close 4000 "bye" clean 3', 'close'),
    ]);
    expect(lines.filter((line) => line.startsWith('timer of'))).toHaveLength(4);
  });

  test.each([
    [1000, 'because'],
    [1001, ''],
    [1004, 'x'],
    [1011, 'boom'],
    [1012, ''],
    [999, ''],
    [2000, ''],
    [3000, 'ä€😀'],
    [4999, 'é'.repeat(61)],
    [5000, 'five'],
    [1005, ''],
  ])('whose server closes with %i is told so, and says it back', (code, reason) => {
    const lines = heard(
      raw((wire) => {
        wire.accept(closeFrame(code, reason, null));
        wire.later(seconds(1), () => wire.end());
      }),
    );
    expect(ours(lines)).toEqual(['open 1 ', `close ${code} ${JSON.stringify(reason)} clean 3`]);
    expect(theirs(lines)[0]).toBe(code === 1005 ? 'server got close' : `server got close ${code} ${reason}`);
  });

  test.each([
    ['1005, which is never on the wire', frame(8, new Uint8Array([3, 237]), true, null), '1002 '],
    ['1006, which is never on the wire', frame(8, new Uint8Array([3, 238]), true, null), '1002 '],
    ['1015, which is never on the wire', frame(8, new Uint8Array([3, 247]), true, null), '1002 '],
    ['half a code', frame(8, new Uint8Array([3]), true, null), '1002 '],
    [
      'a reason that is no UTF-8',
      frame(8, new Uint8Array([3, 232, 0xff]), true, null),
      '1002 Invalid UTF-8 in Close frame',
    ],
    ['a text that is no UTF-8', frame(1, new Uint8Array([0xff]), true, null), '1002 Invalid UTF-8 in text frame'],
    ['a reserved bit', bytesOf('\xc1\x01a'), '1002 Invalid reserved bit'],
    ['a masked frame', textFrame('masked', 7), '1002 Masked frame from server'],
    ['a long ping', bytesOf(`\x89\x7e\x00\x7e${'x'.repeat(126)}`), '1002 WebSocket Protocol Error'],
    ['a ping in fragments', bytesOf('\x09\x01x'), '1002 WebSocket Protocol Error'],
    ['an opcode of nothing', bytesOf('\x83\x01x'), '1002 Unknown opcode'],
    ['a continuation of nothing', frame(0, bytesOf('x'), true, null), '1002 Unexpected continuation'],
    [
      'a message within fragments',
      all(frame(1, bytesOf('x'), false, null), text('y')),
      '1002 Previous data frame unfinished',
    ],
  ])('whose server breaks the protocol by %s hears error and 1006, and its browser says why', (_, bytes, said) => {
    const lines = heard(raw((wire) => wire.accept(all(text('before'), bytes))));
    expect(ours(lines)).toEqual(['open 1 ', 'message before', ...FAILED]);
    expect(theirs(lines)[0]).toBe(`server got close ${said}`);
  });

  test.each<readonly [string, (wire: Wire) => void]>([
    ['ends', (wire) => wire.end()],
    ['is reset', (wire) => wire.reset()],
    ['ends in the middle of a frame', (wire) => [wire.write('\x81\x05he'), wire.end()]],
  ])('whose connection %s hears no error: close with 1006', (_, ends) => {
    const lines = heard(
      raw((wire) => {
        wire.accept(text('last'));
        wire.later(ms(500), () => ends(wire));
      }),
    );
    expect(ours(lines)).toEqual(['open 1 ', 'message last', 'close 1006 "" not clean 3']);
  });

  test('is not clean where a reset follows its server’s close frame, and clean where TCP stays: 2 s later', () => {
    const closes = (then: (wire: Wire) => void): Serves =>
      raw((wire) => {
        wire.accept(closeFrame(4000, 'bye', null));
        then(wire);
      });
    expect(ours(heard(closes((wire) => wire.later(ms(500), () => wire.reset()))))).toEqual([
      'open 1 ',
      'close 4000 "bye" not clean 3',
    ]);
    const { lines } = inPage(`${HEARD} listen(new WebSocket('/'))`, { serves: closes(() => {}) });
    const [opened = 0, closed = 0] = lines.filter((line) => / c1 /.test(line)).map((line) => Number.parseFloat(line));
    expect(closed - opened).toBeCloseTo(2, 2);
  });

  test('closes with the code and the reason of the other side’s frame, and hears nothing behind its own', () => {
    const lines = heard(
      raw((wire) => {
        wire.accept(text('one'));
        wire.later(ms(200), () => wire.write(text('too late')));
        wire.later(ms(400), () => [wire.write(closeFrame(4001, 'theirs', null)), wire.end()]);
      }),
      `const socket = listen(new WebSocket('/'));
       socket.addEventListener('message', () => { socket.close(4000, 'mine'); say('closing', socket.readyState); socket.close(4002) });`,
    );
    expect(ours(lines)).toEqual(['open 1 ', 'message one', 'closing 2', 'close 4001 "theirs" clean 3']);
    expect(theirs(lines)).toContain('server got close 4000 mine');
  });

  test('that is never answered when it closes gives up after 60 s', () => {
    const { lines } = inPage(
      `${HEARD} const socket = listen(new WebSocket('/')); socket.addEventListener('open', () => socket.close())`,
      { serves: raw((wire) => wire.accept()), until: second(100) },
    );
    const [opened = 0, closed = 0] = lines.filter((line) => / c1 /.test(line)).map((line) => Number.parseFloat(line));
    expect(closed - opened).toBeCloseTo(60, 2);
    expect(lines.some((line) => line.includes('close 1006 "" not clean 3'))).toBe(true);
  });

  test('that closes while it connects is told in a task of its own, ahead of timers; its server sees the end', () => {
    const lines = heard(
      raw((wire) => wire.later(seconds(1), () => wire.accept())),
      `const socket = listen(new WebSocket('/'));
       setTimeout(() => {
         socket.close(4000, 'x'); say('closing', socket.readyState); socket.close();
         queueMicrotask(() => say('microtask', socket.readyState));
         setTimeout(() => say('timer', socket.readyState));
       }, 500);`,
    );
    expect(ours(lines)).toEqual(['closing 2', 'microtask 2', ...FAILED, 'timer 3']);
    expect(theirs(lines)).toContain('server ended');
  });

  test('sends nothing but open, and counts what is sent afterwards for ever', () => {
    const lines = heard(
      raw((wire) => {
        wire.accept();
        wire.later(ms(500), () => [wire.write(closeFrame(1000, '', null)), wire.end()]);
      }),
      `const socket = listen(new WebSocket('/'));
       const tried = (what, run) => { try { say(what, run(), socket.bufferedAmount) } catch (error) { say(what, error.name, error.code, socket.bufferedAmount) } };
       tried('connecting', () => socket.send('x'));
       tried('nothing', () => socket.send());
       socket.addEventListener('open', () => {
         tried('open', () => socket.send('äöü'));
         tried('bytes', () => socket.send(new Uint8Array(4)));
         tried('blob', () => socket.send(new Blob(['12'])));
         setTimeout(() => { say('left', socket.bufferedAmount); socket.close(); tried('closing', () => socket.send('late')) }, 100);
       });
       socket.addEventListener('close', () => tried('closed', () => socket.send(new ArrayBuffer(10))));`,
    );
    expect(ours(lines)).toEqual([
      'connecting InvalidStateError 11 0',
      'nothing TypeError  0',
      'open 1 ',
      'open  6',
      'bytes  10',
      'blob  12',
      'left 0',
      'closing  4',
      'close 1000 "" clean 3',
      'closed  14',
    ]);
    expect(theirs(lines).slice(0, 4)).toEqual([
      'server got text äöü',
      'server got binary 4 bytes',
      'server got binary 2 bytes',
      'server got close',
    ]);
  });

  test('takes 1000 and 3000 to 4999 as codes, and at most 123 bytes as a reason, whatever its state', () => {
    const lines = heard(
      {},
      `let socket;
       const bad = [[0], [999], [1001], [1005], [1006], [1015], [2999], [5000], [66536], [-1], [NaN], ['x'], [null], [undefined, 'reason'],
         [1000, 'x'.repeat(124)], [1000, '€'.repeat(42)]];
       const tryAll = (when) => {
         const names = bad.map((args) => { try { socket.close(...args); return 'none' } catch (error) { return error.name } });
         say(when, socket.readyState, [...new Set(names.slice(0, 14))], [...new Set(names.slice(14))]);
       };
       socket = new WebSocket('/');
       tryAll('connecting');
       socket.onopen = () => { tryAll('open'); socket.close(3000.4, '€'.repeat(41)) };
       socket.onclose = ({ code, reason }) => { tryAll('closed'); say(code, reason.length) };`,
    );
    expect(ours(lines)).toEqual([
      'connecting 0 InvalidAccessError SyntaxError',
      'open 1 InvalidAccessError SyntaxError',
      'closed 3 InvalidAccessError SyntaxError',
      '3000 41',
    ]);
  });

  test('is made of URLs and subprotocols as a browser takes them', () => {
    const lines = heard(
      {},
      `const made = (...args) => { try { return new WebSocket(...args).url } catch (error) { return error.name } };
       for (const url of ['ws://server', 'ws://server/#x', 'ws://server/#', 'ws://server/a b', '/r', 'r?x', '', 'http://server/', 'https://server/x', 'ftp://server/',
         'mailto:x', 'ws://', 'ws://server:99999/', 'nonsense://h', '  ws://server/trimmed  ', 'ws://u:p@server:9/'])
         say(JSON.stringify(url), made(url));
       for (const list of ['', 'a', ['a', 'a'], ['a', 'A'], 'a b', 'a,b', ['ä'], [], [''], null, 7]) say(JSON.stringify(list), made('/p', list));
       try { new WebSocket() } catch (error) { say(error.name) }
       try { WebSocket('/') } catch (error) { say(error.name) }`,
    );
    expect(ours(lines)).toEqual([
      '"ws://server" ws://server/',
      '"ws://server/#x" SyntaxError',
      '"ws://server/#" SyntaxError',
      '"ws://server/a b" ws://server/a%20b',
      '"/r" ws://server/r',
      '"r?x" ws://server/r?x',
      '"" ws://server/',
      '"http://server/" ws://server/',
      '"https://server/x" wss://server/x',
      '"ftp://server/" SyntaxError',
      '"mailto:x" SyntaxError',
      '"ws://" SyntaxError',
      '"ws://server:99999/" SyntaxError',
      '"nonsense://h" SyntaxError',
      '"  ws://server/trimmed  " ws://server/trimmed',
      '"ws://u:p@server:9/" ws://u:p@server:9/',
      '"" SyntaxError',
      '"a" ws://server/p',
      '["a","a"] SyntaxError',
      '["a","A"] ws://server/p',
      '"a b" SyntaxError',
      '"a,b" SyntaxError',
      '["ä"] SyntaxError',
      '[] ws://server/p',
      '[""] SyntaxError',
      'null ws://server/p',
      '7 ws://server/p',
      'TypeError',
      'TypeError',
    ]);
  });

  test('has bytes as a Blob or as an ArrayBuffer, whichever it wants at that moment', () => {
    const bytes = frame(2, new Uint8Array([1, 2, 3]), true, null);
    const lines = heard(
      raw((wire) => wire.accept(all(bytes, bytes, bytes))),
      `const socket = listen(new WebSocket('/'));
       socket.addEventListener('message', () => { socket.binaryType = 'nonsense'; say(socket.binaryType); socket.binaryType = 'arraybuffer' });
       socket.addEventListener('message', async ({ data }) => say(data instanceof ArrayBuffer ? new Uint8Array(data) : await data.text() === '\\x01\\x02\\x03'));`,
    );
    expect(ours(lines)).toEqual([
      'open 1 ',
      'message Blob 3',
      'blob',
      'true',
      'message ArrayBuffer 3',
      'arraybuffer',
      '1,2,3',
      'message ArrayBuffer 3',
      'arraybuffer',
      '1,2,3',
    ]);
  });

  test('puts fragments together, and its browser answers pings between them', () => {
    const euro = bytesOf(latin1(new TextEncoder().encode('€'), 0, 3));
    const lines = heard(
      raw((wire) =>
        wire.accept(
          all(
            frame(1, bytesOf('a').subarray(0), false, null),
            frame(9, bytesOf('between'), true, null),
            frame(0, euro.subarray(0, 1), false, null),
            frame(0, new Uint8Array(0), false, null),
            frame(0, euro.subarray(1), true, null),
          ),
        ),
      ),
    );
    expect(ours(lines).slice(0, 2)).toEqual(['open 1 ', 'message a€']);
    expect(theirs(lines)[0]).toBe('server got pong 7 bytes');
  });

  test('goes on when a handler throws: the error is told first, the next listener is called', () => {
    const lines = heard(
      raw((wire) => wire.accept(text('hello'))),
      `addEventListener('error', ({ message }) => say('window', message));
       const socket = new WebSocket('/');
       for (const type of ['open', 'message']) {
         socket.addEventListener(type, () => { queueMicrotask(() => say('microtask of', type)); throw new Error('in ' + type) });
         socket.addEventListener(type, () => say('second listener of', type));
       }`,
    );
    const each = (type: string): readonly string[] => [
      `window Uncaught Error: in ${type}`,
      `microtask of ${type}`,
      `second listener of ${type}`,
    ];
    expect(ours(lines).filter((line) => !line.startsWith('uncaught'))).toEqual([...each('open'), ...each('message')]);
  });

  test('waits while another one to its host connects, and begins 10 ms after that is open or has failed', () => {
    const { lines } = inPage(
      `${HEARD} const at = (what) => say(what, Math.round(performance.now()));
       for (const name of ['one', 'two', 'three']) {
         const socket = new WebSocket('/' + name);
         socket.onopen = () => at(name);
         socket.onclose = () => at('no ' + name);
         if (name === 'two') setTimeout(() => { socket.close(); say('closed', name) }, 500);
       }`,
      {
        serves: raw((wire, head) => {
          if (head.startsWith('GET /one')) wire.later(seconds(1), () => wire.write('HTTP/1.1 503 No\r\n\r\n'));
          else wire.accept();
        }),
        until: second(3),
      },
    );
    const said = lines
      .map((line) => line.replace(/^\S+ /, ''))
      .filter((line) => !line.includes('WebSocket connection'));
    const times = said.map((line) => Number(/\d+$/.exec(line)?.[0]));
    expect(said.map((line) => line.replace(/ \d+$/, ''))).toEqual([
      'c1 closed two',
      // It never dialled, and nobody but its page knows.
      'c1 no two',
      'c1 no one',
      'server server ended',
      'c1 three',
      'server server got close 1001 ',
      'server server ended',
    ]);
    const [, two = 0, one = 0, , three = 0] = times;
    expect(two).toBe(500);
    // A handshake of TCP and one of HTTP behind the pause.
    expect(Math.abs(three - one - (10 + (one - 1000)))).toBeLessThanOrEqual(1);
  });
});
