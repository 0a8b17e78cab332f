/** Ends: each close code both ways, and every way in which a connection goes without one. */
import type { Program } from '../program.ts';
import { accepted, each, page, program, type Step, script, ws } from './scripts.ts';

const plain = page('plain');
/** Answers a close with the same code, and ends TCP. */
const echoes = (code: number): readonly Step[] => [['got', 'close'], ['frames', ['close', { code }]], ['end']];

const serverCloses = (code: number, reason = ''): Program =>
  program(
    `server-closes-${code}`,
    `the server closes with ${code}`,
    plain,
    accepted(['wait', 50], ['frames', ['close', { code, reason }]], ['got', 'close'], ['end']),
  );

const pageCloses = (name: string, says: string, close: readonly unknown[], code: number): Program =>
  program(name, says, page('speak', { close }), accepted(...echoes(code)));

const serverSays = (name: string, says: string, ...steps: readonly Step[]): Program =>
  program(name, says, plain, accepted(['wait', 50], ...steps));

export const endings: readonly Program[] = [
  ...[
    1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 999, 2000, 3000,
    4000, 4999, 5000,
  ].map((code) => serverCloses(code, code % 2 === 0 ? `because ${code}` : '')),
  serverSays(
    'server-closes-empty',
    'the server closes without a code',
    ['frames', ['close']],
    ['got', 'close'],
    ['end'],
  ),
  serverSays(
    'server-closes-one-byte',
    'a close frame with half a code',
    ['frames', ['close', { hex: '03' }]],
    ['wait', 200],
    ['end'],
  ),
  serverSays(
    'server-closes-bad-reason',
    'a close frame whose reason is no UTF-8',
    ['frames', ['close', { hex: '03e8ff' }]],
    ['wait', 200],
    ['end'],
  ),
  serverSays(
    'server-closes-long-reason',
    'a close frame with the longest reason',
    ['frames', ['close', { code: 4000, reason: 'é'.repeat(61) }]],
    ['got', 'close'],
    ['end'],
  ),
  pageCloses('page-closes-empty', 'the page closes without a code', [], 1000),
  pageCloses('page-closes-1000', 'the page closes with 1000', [1000], 1000),
  pageCloses('page-closes-3000', 'the page closes with 3000 and a reason', [3000, 'réason'], 3000),
  pageCloses('page-closes-4999', 'the page closes with 4999', [4999, ''], 4999),
  pageCloses('page-closes-answered-otherwise', 'the close is answered with another code', [4000, 'mine'], 4001),
  program(
    'page-closes-answered-empty',
    'the close is answered without a code',
    page('speak', { close: [4000, 'mine'] }),
    accepted(['got', 'close'], ['frames', ['close']], ['end']),
  ),
  program(
    'page-closes-and-tcp-ends',
    'the close is answered with the end of TCP alone',
    page('speak', { close: [1000] }),
    accepted(['got', 'close'], ['end']),
  ),
  program(
    'page-closes-and-reset',
    'the close is answered with a reset',
    page('speak', { close: [1000] }),
    accepted(['got', 'close'], ['reset']),
  ),
  program(
    'page-closes-never-answered',
    'the close is never answered: how long the browser waits',
    page('slowEnd', { bounds: [1000, 10_000, 50_000, 59_900, 70_000] }),
    accepted(),
    { limit: 75_000 },
  ),
  program(
    'page-closes-tcp-stays',
    'the close is answered, TCP is never ended: how long the browser waits',
    page('slowEnd', { bounds: [1000, 1900, 5000] }),
    accepted(['got', 'close'], ['frames', ['close', { code: 1000 }]]),
  ),
  program(
    'server-closes-tcp-stays',
    'the server closes and never ends TCP: how long the browser waits',
    page('endsItself', { bounds: [1000, 1900, 5000] }),
    accepted(['frames', ['close', { code: 1000 }]]),
  ),
  serverSays(
    'server-closes-and-ends',
    'TCP ends right behind the close frame',
    ['frames', ['close', { code: 4000, reason: 'bye' }]],
    ['end'],
  ),
  serverSays(
    'server-closes-and-resets',
    'a reset some time behind the close frame',
    ['frames', ['close', { code: 4000, reason: 'bye' }]],
    ['got', 'close'],
    ['wait', 50],
    ['reset'],
  ),
  serverSays('tcp-ends', 'TCP ends without a close frame', ['frames', ['text', 'last']], ['end']),
  serverSays('tcp-reset', 'TCP is reset', ['reset']),
  serverSays('tcp-destroyed', 'the server destroys its socket', ['destroy']),
  serverSays('tcp-ends-in-a-frame', 'TCP ends in the middle of a frame', ['hex', '810a68616c66'], ['end']),
  program('killed', 'the server’s process is killed', plain, ws('echo', { greeting: 'hello' }), {
    steps: [[300, 'kill server']],
  }),
  program(
    'half-open',
    'a server that fell silent: nothing is noticed, sends go nowhere',
    page('silence'),
    accepted(['pause']),
  ),
  program('drained', 'a server of `ws` drains by SIGTERM', plain, ws('draining'), { steps: [[300, 'SIGTERM server']] }),
  program('close-connecting', '`close` while the connection is made', page('closeWhileConnecting', {}), accepted()),
  program(
    'close-connecting-twice',
    '`close` twice while the connection is made, with a code',
    page('closeWhileConnecting', { args: [4000, 'x'], twice: true }),
    accepted(),
  ),
  program(
    'close-connecting-refused',
    '`close` while a connection is made that will be refused',
    page('closeWhileConnecting', {}),
  ),
  program('close-twice', '`close` twice, with other arguments', page('closeTwice'), accepted(...echoes(4001))),
  program(
    'close-in-handlers',
    '`close` in each handler',
    page('closeInHandlers'),
    accepted(['frames', ['text', 'hello']], ...echoes(4000)),
  ),
  program(
    'close-crossing',
    'both sides close at once',
    page('speak', { close: [4000, 'page'] }),
    accepted(['frames', ['close', { code: 4001, reason: 'server' }]], ['got', 'close'], ['wait', 50], ['end']),
  ),
  program('close-arguments', 'which arguments `close` takes', page('closeArguments'), accepted(...echoes(1000))),
  program(
    'message-behind-close',
    'messages that come behind the page’s own close',
    page('messageBehindClose'),
    accepted(
      ['frames', ['text', 'one'], ['text', 'two']],
      ['got', 'close'],
      ['frames', ['text', 'three'], ['close', { code: 1000 }]],
      ['end'],
    ),
  ),
  serverSays(
    'message-behind-server-close',
    'messages behind the server’s close',
    ['frames', ['text', 'one'], ['close', { code: 1000 }], ['text', 'two']],
    ['got', 'close'],
    ['end'],
  ),
  serverSays(
    'message-and-close',
    'a message and a close in one segment',
    ['frames', ['text', 'one'], ['close', { code: 1011, reason: 'both' }]],
    ['got', 'close'],
    ['end'],
  ),
  program(
    'send-and-close',
    'much is sent, and `close` called at once',
    page('sendAndClose'),
    accepted(['got', 'close'], ['frames', ['close', { code: 1000 }]], ['end']),
  ),
  program('send-states', '`send` in each state', page('sendInEachState'), accepted(...echoes(1000))),
  program('buffered-step', '`bufferedAmount` within a step', page('bufferedWithinStep'), accepted(...echoes(1000))),
  program(
    'back-pressure',
    'a server that reads nothing, and later all',
    page('backPressure'),
    accepted(['pause'], ['wait', 1500], ['resume'], ...echoes(1000)),
  ),
  program(
    'again',
    'three connections, one after the other',
    page('again', { times: 3 }),
    each(
      [['head'], ['accept'], ['frames', ['close', { code: 1012 }]], ['got', 'close'], ['end']],
      [['head'], ['write', 'HTTP/1.1 503 Service Unavailable\r\n\r\n'], ['end']],
      [['head'], ['accept'], ['frames', ['text', 'welcome']], ['end']],
    ),
  ),
  program(
    'accept-and-close',
    'a server that accepts and ends at once, again and again',
    page('again', { times: 4 }),
    each([['end']]),
  ),
  program(
    'ws-closes',
    'a server of `ws` closes with a code and a reason',
    plain,
    ws('doing', { wait: 50, call: 'close', args: [4001, 'go'] }),
  ),
  program(
    'ws-terminates',
    'a server of `ws` terminates',
    plain,
    ws('doing', { wait: 50, call: 'terminate', before: ['last'] }),
  ),
  program(
    'ws-closes-in-connection',
    'a server of `ws` closes at once, in its handler',
    plain,
    ws('doing', { call: 'close', args: [1013, 'later'], before: ['hello'] }),
  ),
  program(
    'ws-page-closes',
    'a page closes towards a server of `ws`',
    page('speak', { sends: ['hello'], close: [3001, 'enough'] }),
    ws('echo'),
  ),
  program(
    'ws-page-closes-empty',
    'a page closes without a code towards a server of `ws`',
    page('answer'),
    ws('echo', { greeting: 'hello' }),
  ),
  program(
    'ws-too-big',
    'a message beyond `maxPayload` of a server of `ws`',
    page('speak', { sends: ['x'.repeat(200)] }),
    ws('echo', { options: { maxPayload: 100 } }),
  ),
  program(
    'unreferenced',
    'a socket that nobody refers to goes on',
    page('unreferenced'),
    accepted(['wait', 300], ['frames', ['text', 'still here'], ['close', { code: 1000 }]], ['got', 'close'], ['end']),
  ),
  program(
    'constructor',
    'URLs and subprotocols as a constructor takes them',
    page('constructed', [
      ['WS/'],
      ['WS'],
      ['WS/#fragment'],
      ['WS/#'],
      ['WS/a b'],
      ['WS/ä?ö'],
      ['/relative'],
      ['relative?x'],
      [''],
      ['http://h/'],
      ['https://h/x'],
      ['ftp://h/'],
      ['mailto:x'],
      ['ws://'],
      ['ws://h:99999/'],
      ['nonsense://h'],
      ['  WS/trimmed  '],
      ['ws://u:p@127.0.0.1:9/'],
      ['WS/', ''],
      ['WS/', 'a'],
      ['WS/', ['a', 'a']],
      ['WS/', ['a', 'A']],
      ['WS/', 'a b'],
      ['WS/', 'a,b'],
      ['WS/', ['ä']],
      ['WS/', []],
      ['WS/', ['']],
      ['WS/', null],
      ['WS/', 7],
    ]),
  ),
  program('constructor-rejects', 'the error of a constructor in a promise', script('tab.page', 'rejected')),
  program('shape', 'what a WebSocket is made of', page('shape'), accepted(...echoes(1000))),
];
