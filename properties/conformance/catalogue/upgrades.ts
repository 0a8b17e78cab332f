/** The upgrade: how a WebSocket begins, or does not. */
import type { Program } from '../program.ts';
import { page, program, raw, type Step, script, ws } from './scripts.ts';

/** Answers the page's close, and ends TCP. */
const CLOSES: readonly Step[] = [['got', 'close'], ['frames', ['close', { code: 1000 }]], ['end']];

const plain = (options?: object) => page('plain', ...(options === undefined ? [] : [options]));

const answered = (name: string, says: string, answer: string): Program =>
  program(name, says, plain(), raw(['head'], ['write', answer], ['wait', 50], ['end']));

const status = (code: number, words: string, ...headers: readonly string[]): Program =>
  answered(
    `upgrade-${code}`,
    `the upgrade is answered ${code}`,
    `${[`HTTP/1.1 ${code} ${words}`, ...headers, 'Content-Length: 2'].join('\r\n')}\r\n\r\nno`,
  );

const acceptedWith = (name: string, says: string, how: object, options?: object): Program =>
  program(name, says, page('patient', { wait: 300, ...options }), raw(['head'], ['accept', how], ...CLOSES));

export const upgrades: readonly Program[] = [
  program('refused', 'nobody listens', plain()),
  status(200, 'OK'),
  status(302, 'Found', 'Location: /elsewhere'),
  status(400, 'Bad Request'),
  status(401, 'Unauthorized', 'WWW-Authenticate: Bearer'),
  status(403, 'Forbidden'),
  status(404, 'Not Found'),
  status(429, 'Too Many Requests', 'Retry-After: 1'),
  status(502, 'Bad Gateway'),
  status(503, 'Service Unavailable', 'Retry-After: 1'),
  program(
    'upgrade-never',
    'the upgrade is never answered, and the page gives up',
    page('patient', { wait: 1000 }),
    raw(['head']),
  ),
  program(
    'upgrade-never-closed-in-it',
    '`close` with a code and a reason while the upgrade is not answered',
    page('closeInHandshake'),
    raw(['head']),
  ),
  program(
    'upgrade-half',
    'half an answer, and the connection ends',
    plain(),
    raw(['head'], ['write', 'HTTP/1.1 101 Swit'], ['wait', 50], ['end']),
  ),
  program('upgrade-ended', 'the connection ends without an answer', plain(), raw(['head'], ['end'])),
  program(
    'upgrade-reset',
    'the connection is reset without an answer',
    plain(),
    raw(['head'], ['wait', 50], ['reset']),
  ),
  answered('upgrade-garbage', 'an answer that is no HTTP', 'garbage garbage garbage\r\n\r\n'),
  answered('upgrade-garbage-binary', 'an answer of bytes that are no text', '\u0000\u0001\u0002\u0003\r\n\r\n'),
  acceptedWith('accept-wrong', '`Sec-WebSocket-Accept` is wrong', { accept: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }),
  acceptedWith('accept-missing', 'there is no `Sec-WebSocket-Accept`', { without: ['Sec-WebSocket-Accept'] }),
  acceptedWith('upgrade-header-missing', 'there is no `Upgrade` in the answer', { without: ['Upgrade'] }),
  acceptedWith('connection-header-missing', 'there is no `Connection` in the answer', { without: ['Connection'] }),
  acceptedWith('upgrade-header-case', 'headers of the answer in other cases, and more than one in `Connection`', {
    without: ['Upgrade', 'Connection'],
    headers: ['UPGRADE: WebSocket', 'connection: keep-alive, UPGRADE'],
  }),
  acceptedWith('upgrade-http-1-0', 'the answer is of HTTP/1.0', { version: '1.0' }),
  acceptedWith('upgrade-other-words', 'the answer has other words behind 101', { status: '101 Come In' }),
  program(
    'request',
    'what a page asks with',
    page('patient', { wait: 200, path: '/path?query=1', protocols: ['a', 'b'] }),
    raw(
      ['head'],
      [
        'say head',
        'connection',
        'upgrade',
        'sec-websocket-version',
        'sec-websocket-protocol',
        'sec-websocket-key',
        'sec-websocket-extensions',
        'content-length',
        'host',
        'origin',
      ],
      ['accept', { protocol: 'a' }],
      ...CLOSES,
    ),
  ),
  acceptedWith(
    'protocol-chosen',
    'the second of two subprotocols is chosen',
    { protocol: 'b' },
    { protocols: ['a', 'b'] },
  ),
  acceptedWith(
    'protocol-other',
    'a subprotocol that was not offered is chosen',
    { protocol: 'c' },
    { protocols: ['a', 'b'] },
  ),
  acceptedWith('protocol-none', 'subprotocols are offered and none is chosen', {}, { protocols: ['a', 'b'] }),
  acceptedWith('protocol-unasked', 'a subprotocol is chosen where none was offered', { protocol: 'a' }),
  acceptedWith('protocol-empty-list', 'an empty list of subprotocols', {}, { protocols: [] }),
  acceptedWith(
    'protocol-two',
    'two subprotocols are chosen',
    { headers: ['Sec-WebSocket-Protocol: a', 'Sec-WebSocket-Protocol: b'] },
    { protocols: ['a', 'b'] },
  ),
  acceptedWith('protocol-case', 'a subprotocol is chosen in another case', { protocol: 'A' }, { protocols: ['a'] }),
  acceptedWith('extension-unasked', 'an extension is accepted that nobody offered', {
    headers: ['Sec-WebSocket-Extensions: x-mine'],
  }),
  program(
    'protocol-ws',
    'a server of `ws` chooses a subprotocol',
    page('patient', { wait: 200, close: [1000], protocols: ['one', 'two'] }),
    ws('choosing', { choice: 'two' }),
  ),
  program(
    'protocol-ws-none',
    'a server of `ws` chooses none of the subprotocols',
    page('patient', { wait: 200, close: [1000], protocols: ['one'] }),
    ws('choosing', { choice: false }),
  ),
  program(
    'guarded',
    'a server of `ws` refuses the upgrade in the raw way',
    plain({ path: '/bad' }),
    ws('guarded', { verify: false }),
  ),
  program(
    'guarded-verify',
    'a server of `ws` refuses the upgrade by `verifyClient`',
    plain({ path: '/bad' }),
    ws('guarded', { verify: true }),
  ),
  program(
    'guarded-good',
    'a server of `ws` lets the upgrade through',
    page('answer', { path: '/good', close: [1000, 'seen'] }),
    ws('guarded', { verify: false }),
  ),
  program(
    'upgrade-refused-slowly',
    'a handler of `upgrade` refuses 503 after a while',
    plain(),
    script('http.server', 'upgrading', {
      answer: 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n',
      wait: 150,
    }),
  ),
  program(
    'upgrade-plain-http',
    'a plain HTTP server that knows of no upgrade',
    plain(),
    script('http.server', 'plainly'),
  ),
  program(
    'behind-101',
    'messages right behind the answer, in one segment',
    page('patient', { wait: 200, close: [1000] }),
    raw(
      ['head'],
      [
        'accept',
        {
          behind: [
            ['text', 'one'],
            ['text', 'two'],
          ],
        },
      ],
      ['got', 'close'],
      ['frames', ['close', { code: 1000 }]],
      ['end'],
    ),
  ),
  program(
    'behind-101-close',
    'a message and a close right behind the answer, in one segment',
    plain(),
    raw(
      ['head'],
      [
        'accept',
        {
          behind: [
            ['text', 'one'],
            ['close', { code: 4000, reason: 'at once' }],
          ],
        },
      ],
      ['got', 'close'],
      ['end'],
    ),
  ),
  program('behind-101-end', 'the connection ends right behind the answer', plain(), raw(['head'], ['accept'], ['end'])),
];
