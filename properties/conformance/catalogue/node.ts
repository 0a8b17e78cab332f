/** Node processes: `ws` as client and server, `net`, `http`, and a process by itself. */
import type { Program } from '../program.ts';
import { accepted, program, raw, type Step, script, ws } from './scripts.ts';

const client = (call: string, ...args: readonly unknown[]) => script('ws.node', call, ...args);
const net = (call: string, ...args: readonly unknown[]) => script('net.node', call, ...args);
const http = (call: string, ...args: readonly unknown[]) => script('http.node', call, ...args);
const alone = (name: string, says: string, call: string, ...args: readonly unknown[]): Program =>
  program(name, says, script('process.node', call, ...args), undefined, { ends: true });

const plain = client('plain');
const echoes = (code: number): readonly Step[] => [['got', 'close'], ['frames', ['close', { code }]], ['end']];
const answer = (status: string, more = ''): Step => [
  'write',
  `HTTP/1.1 ${status}\r\n${more}Content-Length: 2\r\n\r\nno`,
];
const breach = (name: string, says: string, ...frames: readonly unknown[]): Program =>
  program(`node-ws-${name}`, says, plain, accepted(['wait', 30], ['frames', ...frames], ['wait', 200], ['end']));

export const node: readonly Program[] = [
  program('node-ws-refused', '`ws`: nobody listens', plain),
  ...[
    ['401', '401 Unauthorized', ''],
    ['403', '403 Forbidden', ''],
    ['429', '429 Too Many Requests', 'Retry-After: 1\r\n'],
    ['502', '502 Bad Gateway', ''],
    ['503', '503 Service Unavailable', 'Retry-After: 1\r\n'],
    ['302', '302 Found', 'Location: /x\r\n'],
    ['200', '200 OK', ''],
  ].map(([name, status, more]) =>
    program(
      `node-ws-${name}`,
      `\`ws\`: the upgrade is answered ${name}`,
      plain,
      raw(['head'], answer(status!, more!), ['wait', 50], ['end']),
    ),
  ),
  program(
    'node-ws-unexpected',
    '`ws`: who listens to `unexpected-response`',
    client('unexpected'),
    raw(['head'], answer('503 Service Unavailable', 'Retry-After: 7\r\n'), ['wait', 50], ['end']),
  ),
  program(
    'node-ws-never',
    '`ws`: the upgrade is never answered, with a time-out',
    client('plain', { options: { handshakeTimeout: 300 } }),
    raw(['head']),
  ),
  program('node-ws-ended', '`ws`: the connection ends without an answer', plain, raw(['head'], ['end'])),
  program(
    'node-ws-reset',
    '`ws`: the connection is reset without an answer',
    plain,
    raw(['head'], ['wait', 50], ['reset']),
  ),
  program(
    'node-ws-garbage',
    '`ws`: an answer that is no HTTP',
    plain,
    raw(['head'], ['write', 'garbage\r\n\r\n'], ['wait', 50], ['end']),
  ),
  program(
    'node-ws-accept-wrong',
    '`ws`: a wrong `Sec-WebSocket-Accept`',
    plain,
    raw(['head'], ['accept', { accept: 'wrong' }], ['wait', 200], ['end']),
  ),
  program(
    'node-ws-protocol-none',
    '`ws`: subprotocols offered, none chosen',
    client('plain', { protocols: ['a'] }),
    raw(['head'], ['accept'], ['wait', 200], ['end']),
  ),
  program(
    'node-ws-protocol-other',
    '`ws`: a subprotocol chosen that was not offered',
    client('plain', { protocols: ['a'] }),
    raw(['head'], ['accept', { protocol: 'b' }], ['wait', 200], ['end']),
  ),
  program(
    'node-ws-protocol-unasked',
    '`ws`: a subprotocol chosen where none was offered',
    plain,
    raw(['head'], ['accept', { protocol: 'b' }], ['wait', 200], ['end']),
  ),
  program('node-ws-constructor', '`ws`: what its constructor throws', client('constructed')),
  program(
    'node-ws-close-connecting',
    '`ws`: `close` while it connects',
    client('ending', { when: 'now', args: [1000] }),
    ws('echo'),
  ),
  program(
    'node-ws-terminate-connecting',
    '`ws`: `terminate` while it connects',
    client('ending', { when: 'now', call: 'terminate' }),
    ws('echo'),
  ),
  program(
    'node-ws-close',
    '`ws`: the client closes with a code',
    client('ending', { args: [4000, 'mine'] }),
    ws('echo'),
  ),
  program('node-ws-close-empty', '`ws`: the client closes without a code', client('ending', {}), ws('echo')),
  program(
    'node-ws-close-bad',
    '`ws`: the client closes with codes that are none',
    client('ending', { args: [1005] }),
    accepted(['wait', 100], ['frames', ['close', { code: 1000 }]], ['got', 'close'], ['end']),
  ),
  program('node-ws-terminate', '`ws`: the client terminates', client('ending', { call: 'terminate' }), ws('echo')),
  ...[1000, 1001, 1005, 1006, 1011, 1012, 1016, 4999, 5000].map((code) =>
    program(
      `node-ws-closed-${code}`,
      `\`ws\`: the server closes with ${code}`,
      plain,
      accepted(['wait', 30], ['frames', ['close', { code, reason: 'r' }]], ['wait', 100], ['end']),
    ),
  ),
  program(
    'node-ws-closed-empty',
    '`ws`: the server closes without a code',
    plain,
    accepted(['wait', 30], ['frames', ['close']], ['got', 'close'], ['end']),
  ),
  program(
    'node-ws-tcp-ends',
    '`ws`: TCP ends without a close frame',
    plain,
    accepted(['wait', 30], ['frames', ['text', 'last']], ['end']),
  ),
  program('node-ws-tcp-reset', '`ws`: TCP is reset', plain, accepted(['wait', 30], ['reset'])),
  program('node-ws-killed', '`ws`: the server’s process is killed', plain, ws('echo', { greeting: 'hello' }), {
    steps: [[500, 'kill server']],
  }),
  program('node-ws-drained', '`ws`: a server that drains by SIGTERM', plain, ws('draining'), {
    steps: [[500, 'SIGTERM server']],
    ends: true,
  }),
  program(
    'node-ws-server-terminates',
    '`ws`: the server terminates',
    plain,
    ws('doing', { wait: 50, call: 'terminate' }),
  ),
  program(
    'node-ws-behind-101',
    '`ws`: messages right behind the answer',
    client('ending', { when: 'message', args: [1000] }),
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
      ...echoes(1000),
    ),
  ),
  program('node-ws-send-states', '`ws`: `send` in each state', client('sendInEachState'), ws('echo')),
  program('node-ws-ping', '`ws`: pings and pongs', client('pinging'), ws('echo')),
  program('node-ws-kinds', '`ws`: kinds of data and fragments', client('sending'), ws('echo')),
  program(
    'node-ws-deflate',
    '`ws`: compressed where both sides can',
    client('deflated'),
    ws('echo', { options: { perMessageDeflate: true } }),
  ),
  program('node-ws-attributes', '`ws`: the browser’s events', client('attributes'), ws('echo', { greeting: 'hello' })),
  program(
    'node-ws-turns',
    '`ws`: ticks and microtasks around messages in one segment',
    client('turns'),
    accepted(['frames', ['text', 'one'], ['text', 'two']], ...echoes(1000)),
  ),
  program('node-ws-pausing', '`ws`: a client that stops reading', client('pausing'), ws('echo')),
  program(
    'node-ws-max-payload',
    '`ws`: a message beyond `maxPayload`',
    client('plain', { options: { maxPayload: 10 } }),
    accepted(['wait', 30], ['frames', ['text', 'x'.repeat(11)]], ['wait', 100], ['end']),
  ),
  program(
    'node-ws-guarded',
    '`ws`: refused by the server in the raw way',
    client('plain', { path: '/bad' }),
    ws('guarded', { verify: false }),
  ),
  program(
    'node-ws-guarded-verify',
    '`ws`: refused by `verifyClient`',
    client('unexpected', { path: '/bad' }),
    ws('guarded', { verify: true }),
  ),
  breach('breach-utf8', '`ws`: a text that is no UTF-8', ['text', { hex: '61ff62' }]),
  breach('breach-rsv', '`ws`: a reserved bit', ['text', 'x', { rsv: 4 }]),
  breach('breach-masked', '`ws`: a masked frame from a server', ['text', 'x', { mask: true }]),
  breach('breach-opcode', '`ws`: an opcode that means nothing', [3, 'x']),
  breach('breach-control', '`ws`: a ping of more than 125 bytes', ['ping', { fill: 65, times: 126 }]),
  breach('breach-continuation', '`ws`: a continuation of nothing', ['continuation', 'x']),

  program('net-refused', '`net`: nobody listens', net('client')),
  program('net-client-ends', '`net`: the client ends', net('client', { say: 'hello', end: true }), net('echo')),
  program(
    'net-server-ends',
    '`net`: the server ends',
    net('client', { say: 'hello' }),
    net('doing', { call: 'end', args: ['bye'], wait: 50 }),
  ),
  program(
    'net-server-destroys',
    '`net`: the server destroys its socket',
    net('client'),
    net('doing', { call: 'destroy', wait: 50 }),
  ),
  program('net-reset', '`net`: the server resets', net('client'), net('doing', { call: 'resetAndDestroy', wait: 50 })),
  program(
    'net-half-open',
    '`net`: both sides allow half-open',
    net('client', { say: 'hello', end: true, options: { allowHalfOpen: true } }),
    net('echo', { halfOpen: true }),
  ),
  program(
    'net-half-open-client',
    '`net`: a client that allows half-open, and a server that ends',
    net('client', { options: { allowHalfOpen: true } }),
    net('doing', { call: 'end', wait: 50 }),
  ),
  program('net-early', '`net`: writes before it is connected', net('early'), net('echo')),
  program('net-write-after', '`net`: writes after its end', net('writeAfter'), net('echo', { quiet: true })),
  program('net-destroy', '`net`: `destroy`', net('destroying', { error: false }), net('echo')),
  program('net-destroy-error', '`net`: `destroy` with an error', net('destroying', { error: true }), net('echo')),
  program(
    'net-destroy-connecting',
    '`net`: `destroy` while it connects',
    net('destroyedEarly'),
    net('echo', { quiet: true }),
  ),
  program('net-writes-on', '`net`: writes to a peer that is gone', net('writesOn'), raw(['wait', 50], ['destroy'])),
  program('net-idle', '`net`: a time-out', net('idle'), net('echo')),
  program('net-filling', '`net`: back-pressure', net('filling'), net('doing', { pauses: 600 })),
  program(
    'net-pausing',
    '`net`: a reader that pauses',
    net('pausing'),
    net('doing', { call: 'end', args: ['all of it'], wait: 20 }),
  ),
  program(
    'net-reading',
    '`net`: read by hand, and iterated',
    net('reading'),
    raw(['write', 'one '], ['wait', 30], ['write', 'two'], ['end']),
  ),
  program('net-described', '`net`: what is said of a socket', net('described'), net('echo', { quiet: true })),
  program('net-server', '`net`: a server by itself', net('server')),
  program('net-killed', '`net`: the server’s process is killed', net('client', { say: 'hello' }), net('echo'), {
    steps: [[400, 'kill server']],
  }),

  program('http-get', '`http`: a request', http('get'), http('answering')),
  program('http-pieces', '`http`: a response in pieces', http('get'), http('answering', { how: 'pieces' })),
  program(
    'http-204',
    '`http`: a response without a body',
    http('get'),
    http('answering', { how: 'empty', status: 204 }),
  ),
  program('http-refused', '`http`: nobody listens', http('get')),
  program(
    'http-hang-up',
    '`http`: the server destroys the socket',
    http('get'),
    http('answering', { how: 'destroy', wait: 50 }),
  ),
  program('http-reset', '`http`: the server resets', http('get'), http('answering', { how: 'reset', wait: 50 })),
  program(
    'http-half',
    '`http`: the server is gone in the middle of a response',
    http('get'),
    http('answering', { how: 'half' }),
  ),
  program(
    'http-garbage',
    '`http`: an answer that is no HTTP',
    http('get'),
    raw(['head'], ['write', 'garbage\r\n\r\n'], ['wait', 50], ['end']),
  ),
  program('http-keep-alive', '`http`: one agent, three requests', http('keepAlive', { keep: true }), http('answering')),
  program(
    'http-keep-none',
    '`http`: an agent that keeps nothing',
    http('keepAlive', { keep: false }),
    http('answering'),
  ),
  program('http-post', '`http`: bodies, and what is no request', http('posting'), http('answering', { wait: 200 })),
  program(
    'http-abort-now',
    '`http`: aborted at once',
    http('aborting', { when: 'now' }),
    http('answering', { how: 'never' }),
  ),
  program(
    'http-abort-waiting',
    '`http`: aborted while it waits',
    http('aborting', { when: 'waiting' }),
    http('answering', { how: 'never' }),
  ),
  program(
    'http-abort-error',
    '`http`: aborted with an error',
    http('aborting', { when: 'error' }),
    http('answering', { how: 'never' }),
  ),
  program(
    'http-abort-within',
    '`http`: aborted within the response',
    http('aborting', { when: 'within' }),
    http('answering', { how: 'endless' }),
  ),
  program('http-timeout', '`http`: a request that times out', http('timingOut'), http('answering', { how: 'never' })),
  program('http-upgrade', '`http`: an upgrade that is accepted', http('upgrading'), http('accepting')),
  program(
    'http-upgrade-refused',
    '`http`: an upgrade that is refused',
    http('upgrading'),
    script('http.server', 'upgrading', { answer: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n' }),
  ),
  program(
    'http-upgrade-plain',
    '`http`: an upgrade to a server that knows of none',
    http('upgrading'),
    script('http.server', 'plainly'),
  ),
  program(
    'http-nonsense',
    '`http`: bytes that are no request, heard',
    http('nonsense', { text: 'nonsense\r\n\r\n' }),
    http('answering'),
  ),
  program(
    'http-nonsense-unguarded',
    '`http`: bytes that are no request, not heard',
    http('nonsense', { text: 'GET / HTTP/9.9\r\n\r\n' }),
    http('unguarded'),
  ),
  program(
    'http-bytes',
    '`http`: an answer as bytes',
    http('bytes', {
      requests: ['GET /one HTTP/1.1\r\nHost: h\r\n\r\n', 'GET /two HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'],
    }),
    http('unguarded'),
  ),
  program(
    'http-bytes-1-0',
    '`http`: an answer to HTTP/1.0 as bytes',
    http('bytes', { requests: ['GET / HTTP/1.0\r\n\r\n'] }),
    http('unguarded'),
  ),
  program(
    'http-no-host',
    '`http`: a request without `Host`',
    http('bytes', { requests: ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n'] }),
    http('unguarded'),
  ),
  program('http-strict', '`http`: what a response refuses', http('get'), http('strict')),
  program('http-drained', '`http`: a server that drains by SIGTERM', http('drained'), http('draining'), {
    steps: [[250, 'SIGTERM server']],
    ends: true,
  }),

  alone('process-turns', 'ticks, microtasks, immediates', 'turns'),
  alone('process-timers', 'timers of Node', 'timers'),
  alone('process-timeouts', 'timeouts are objects', 'timeouts'),
  ...['nothing', 'again', 'exit', 'exit without', 'exitCode', 'changed'].map((how) =>
    alone(`process-ends-${how.replace(' ', '-')}`, `an end: ${how}`, 'ending', { how }),
  ),
  ...[
    'nothing',
    'string',
    'emits',
    'caught',
    'string caught',
    'rejects',
    'rejects caught',
    'rejects rejections',
    'rejects rejections late',
  ].map((how) =>
    alone(`process-uncaught-${how.replaceAll(' ', '-')}`, `an error that nobody catches: ${how}`, 'uncaught', { how }),
  ),
  program(
    'process-sigterm',
    'SIGTERM without a listener',
    script('process.node', 'signalled', { listens: false }),
    undefined,
    { steps: [[300, 'SIGTERM client']], ends: true },
  ),
  program(
    'process-sigterm-heard',
    'SIGTERM with a listener',
    script('process.node', 'signalled', { listens: true }),
    undefined,
    { steps: [[300, 'SIGTERM client']], ends: true },
  ),
  alone('process-context', 'AsyncLocalStorage', 'context'),
  alone('process-emitters', 'emitters', 'emitters'),
  alone('process-streams', 'streams', 'streams'),
  alone('process-modules', 'modules that anybody uses', 'modules'),
];
