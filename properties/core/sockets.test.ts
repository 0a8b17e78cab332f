/** What machines can ask of their connections beside sending and hanging up, and what they are told when they ask wrongly. */
import { describe, expect, test } from 'vitest';
import type { BalancerState } from '../../src/balancer/state.ts';
import type { Entry } from '../../src/history.ts';
import { bytesOf, latin1 } from '../../src/http/latin1.ts';
import type { TransportEffect, TransportEvent } from '../../src/transport.ts';
import { CLEAR } from '../machines/link.ts';
import { type Stage, stage } from '../machines/sockets.ts';

type Dial = Omit<TransportEffect & { type: 'dial' }, 'type' | 'conn' | 'to'>;

const dial = (to: string, more: Dial = {}): TransportEffect => ({ type: 'dial', conn: 1, to, ...more });
const accepts =
  (more: Omit<TransportEffect & { type: 'accept' }, 'type' | 'conn'> = {}) =>
  (event: TransportEvent): readonly TransportEffect[] =>
    event.type === 'incoming' ? [{ type: 'accept', conn: event.conn, ...more }] : [];
const entriesOf = <K extends Entry['kind']>({ entries }: Stage, kind: K): readonly Extract<Entry, { kind: K }>[] =>
  entries.filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind);

/** c1 has dialled lb with that, and lb has accepted. */
function opened(more: Dial = {}, world: Parameters<typeof stage> = []): Stage {
  const played = stage(...world);
  played.answers('lb', accepts());
  played.does('c1', dial('lb', more));
  return played;
}

describe('a dial by URL', () => {
  test.each([
    ['wss://api.example.com/feed?last=3', ['api.example.com']],
    ['ws://API.example.com:8080/', ['Api.example.com:8080']],
    ['http://two.example/', ['one.example', 'two.example']],
    ['ws://lb/', undefined],
  ])('%s leads to the node that has its host among %j, which hears it', (url, hosts) => {
    const played = stage(hosts === undefined ? {} : { lb: { hosts } });
    played.answers('lb', accepts());
    played.does('c1', dial(url));
    played.run();
    expect(played.events('lb', 'incoming')).toEqual([{ type: 'incoming', conn: 1, from: 'c1', url }]);
    expect(played.heard('c1')).toEqual(['200 opened']);
    expect(entriesOf(played, 'dialled')).toMatchObject([{ node: 'c1', to: 'lb', url }]);
  });

  test('a name and a URL: the one is dialled, the other asked for', () => {
    const played = opened({ url: 'wss://api.example.com/x' });
    played.run();
    expect(played.events('lb', 'incoming')).toMatchObject([{ url: 'wss://api.example.com/x' }]);
  });

  test('passes a balancer, with all that the handshake says, and back comes what the server chose', () => {
    const played = stage({}, CLEAR, true);
    played.answers('s1', accepts({ protocol: 'v2' }));
    const said = { origin: 'https://app.example', url: 'wss://lb/y', protocols: ['v1', 'v2'] };
    played.does('c1', dial('lb', said));
    played.run();
    expect(played.events('s1', 'incoming')).toEqual([{ type: 'incoming', conn: 10 * 65_536 + 1, from: 'lb', ...said }]);
    expect(played.events('c1', 'opened')).toEqual([{ type: 'opened', conn: 1, protocol: 'v2' }]);
    expect(entriesOf(played, 'opened').map(({ node, protocol }) => [node, protocol])).toEqual([
      ['lb', 'v2'],
      ['c1', 'v2'],
    ]);
  });
});

describe('a subprotocol', () => {
  const ended = (offered: readonly string[] | undefined, protocol: string | undefined) => {
    const played = stage();
    const accept = accepts(protocol === undefined ? {} : { protocol });
    const hello: TransportEffect = { type: 'send', conn: 1, payload: 'hello', bytes: 5 };
    played.answers('lb', (event) => accept(event).flatMap((effect) => [effect, hello]));
    played.does('c1', dial('lb', offered === undefined ? {} : { protocols: offered }));
    played.run();
    const lost = entriesOf(played, 'lost').map(({ why }) => why);
    return { c1: played.heard('c1'), lb: played.heard('lb'), closed: played.events('c1', 'closed'), lost };
  };

  test('that was offered and chosen is spoken', () => {
    expect(ended(['a', 'b'], 'b')).toMatchObject({ c1: ['200 opened', '200 frame'], lb: ['150 incoming'] });
  });

  test.each([
    [undefined, 'b', 'a subprotocol was chosen that was not offered'],
    [['a'], 'b', 'a subprotocol was chosen that was not offered'],
    [['a'], undefined, 'no subprotocol was chosen'],
  ])(
    'offered %j and chosen %j: the dialler fails the connection, and its acceptor hears 1006',
    (offered, protocol, reason) => {
      const { c1, lb, closed, lost } = ended(offered, protocol);
      expect(c1).toEqual(['200 closed']);
      expect(closed).toMatchObject([{ code: 1006, clean: false, status: 0, reason }]);
      expect(lb).toEqual(['150 incoming', '250 closed']);
      expect(lost).toEqual(['not open']);
    },
  );
});

describe('a ping', () => {
  const ping: TransportEffect = { type: 'ping', conn: 1, data: 'are you there' };
  const pings = (played: Stage, from: 'c1' | 'lb' | 's1', conn = 1): Stage => {
    played.at(1000, () => played.does(from, { ...ping, conn }));
    played.run();
    return played;
  };
  const pong = ['1100 pong'];
  const pongs = (played: Stage, id: string): readonly string[] =>
    played.heard(id).filter((each) => each.includes('pong'));

  test('is answered by the library of the machine, which hears of it, with what it said', () => {
    const played = pings(opened(), 'lb');
    expect(pongs(played, 'lb')).toEqual(pong);
    expect(played.heard('c1')).toEqual(['200 opened', '1050 ping']);
    expect(played.events('lb', 'pong')).toEqual([{ type: 'pong', conn: 1, data: 'are you there' }]);
  });

  test('is answered late by a process that stands still', () => {
    const played = opened();
    played.at(900, () => played.universe.pauses.hold(played.node('c1'), played));
    played.at(5000, () => played.universe.pauses.release(played.node('c1'), played));
    expect(pongs(pings(played, 'lb'), 'lb')).toEqual(['5050 pong']);
  });

  test('is answered by the browser of a page, which hears nothing of it, also while it is frozen', () => {
    const played = opened({}, [{ c1: { page: {} as never } }]);
    played.at(900, () => played.universe.pauses.hold(played.node('c1'), played));
    played.at(5000, () => played.universe.pauses.release(played.node('c1'), played));
    pings(played, 'lb');
    expect(pongs(played, 'lb')).toEqual(pong);
    expect(played.heard('c1')).toEqual(['200 opened']);
  });

  test('is answered by nobody else where a machine answers itself, on either side', () => {
    const played = stage();
    played.answers('lb', accepts({ autoPong: false }));
    played.does('c1', dial('lb', { autoPong: false }));
    played.at(900, () => played.does('c1', ping));
    pings(played, 'lb');
    expect([played.heard('c1'), played.heard('lb')]).toEqual([
      ['200 opened', '1050 ping'],
      ['150 incoming', '950 ping'],
    ]);
  });

  test('goes through a balancer, which answers none, to the other end and back', () => {
    const played = stage({}, CLEAR, true);
    played.answers('s1', accepts());
    played.does('c1', dial('lb'));
    played.at(2000, () => played.does('s1', { ...ping, conn: 10 * 65_536 + 1 }));
    pings(played, 'c1');
    expect(pongs(played, 'c1')).toEqual(['1200 pong']);
    expect(pongs(played, 's1')).toEqual(['2200 pong']);
    expect(played.heard('s1')).toContain('1100 ping');
  });

  test('is not heard on a connection that is over, nor before one is open', () => {
    const played = opened();
    played.does('c1', ping);
    played.at(1000, () => played.does('lb', { type: 'close', conn: 1, code: 1000, reason: '' }));
    played.at(1001, () => played.does('c1', ping));
    played.at(5000, () => played.does('c1', ping));
    played.run();
    expect(played.heard('lb')).toEqual(['150 incoming', '1100 closed']);
    expect(played.heard('c1')).toEqual(['200 opened', '1150 closed']);
    const hungUp = opened();
    hungUp.at(1000, () => hungUp.does('c1', { type: 'terminate', conn: 1, how: 'rst' }));
    hungUp.at(980, () => hungUp.does('lb', ping));
    hungUp.run();
    expect(hungUp.heard('c1')).toEqual(['200 opened', '1000 closed']);
  });
});

describe('what is buffered', () => {
  /** 1 MB a second. */
  const SLOW = { ...CLEAR, rate: 1_000_000, queue: 1_000_000 };
  const send = (bytes: number): TransportEffect => ({ type: 'send', conn: 1, payload: 'x', bytes });

  test('is nothing while the kernel has room: the answer comes at once', () => {
    const played = opened({}, [{}, SLOW]);
    played.at(1000, () => played.does('c1', send(100_000), { type: 'drain', conn: 1 }));
    played.run();
    expect(played.events('c1', 'drained')).toEqual([{ type: 'drained', conn: 1, buffered: 0 }]);
    expect(played.heard('c1')).toContain('1000 drained');
  });

  test('leaves as the other end acknowledges: who asks is told when no more than that is left, once', () => {
    const told = (below: number): number => {
      const played = opened({}, [{}, SLOW]);
      played.at(1000, () => played.does('c1', send(1_000_000), { type: 'drain', conn: 1, below }));
      played.run();
      const [drained, ...more] = played.events('c1', 'drained');
      expect(more).toEqual([]);
      expect(Number(drained?.buffered)).toBeLessThanOrEqual(below);
      return Number(
        played
          .heard('c1')
          .find((each) => each.endsWith('drained'))
          ?.split(' ')[0],
      );
    };
    // At 1 MB/s and 50 ms each way it takes 0.96 s until all but the 144 KB that the kernel holds is acknowledged.
    expect(told(0)).toBeGreaterThan(1_800);
    expect(told(0)).toBeLessThan(2_100);
    expect(told(500_000)).toBeLessThan(told(0) - 400);
    expect(told(2_000_000)).toBe(1000);
  });

  test('is asked for by the last who asks, and answered by the end of the connection', () => {
    const played = opened({}, [{}, SLOW]);
    played.at(1000, () =>
      played.does('c1', send(1_000_000), { type: 'drain', conn: 1 }, { type: 'drain', conn: 1, below: 800_000 }),
    );
    played.at(1500, () => played.does('c1', { type: 'drain', conn: 1 }));
    played.at(1600, () => played.does('c1', { type: 'terminate', conn: 1, how: 'rst' }));
    played.run();
    expect(played.events('c1', 'drained')).toHaveLength(1);
    expect(played.heard('c1').at(-1)).toBe('1600 closed');
  });
});

describe('a binary message', () => {
  test('arrives as one, through a balancer as well, and is told apart by the digest', () => {
    const digest = (binary: boolean): string => {
      const played = stage({}, CLEAR, true);
      played.answers('s1', accepts());
      played.does('c1', dial('lb'));
      played.at(1000, () => played.does('c1', { type: 'send', conn: 1, payload: { v: 1 }, bytes: 9, binary }));
      played.run();
      expect(played.events('s1', 'frame')).toMatchObject([{ payload: { v: 1 }, bytes: 9 }]);
      expect(played.events('s1', 'frame')[0]?.binary).toBe(binary ? true : undefined);
      return played.universe.kernel.digest.toString();
    };
    expect(digest(true)).not.toBe(digest(false));
  });
});

describe('raw bytes', () => {
  test('are a connection without a handshake of their own, from client to server through a balancer', () => {
    const played = stage({}, CLEAR, true);
    played.answers('c1', (event) =>
      event.type === 'opened' ? [{ type: 'send', conn: 1, payload: 'GET /feed', bytes: 400 }] : [],
    );
    played.answers('s1', (event) => {
      if (event.type !== 'frame') return [];
      const { conn } = event;
      const sent = ['head', 'event 1'].map(
        (payload): TransportEffect => ({ type: 'send', conn, payload, bytes: 3000 }),
      );
      return [...sent, { type: 'close', conn, code: 1000, reason: '' }];
    });
    played.does('c1', dial('tcp://lb:80', { over: 'bytes' }));
    played.run();
    expect(played.events('s1', 'incoming')).toMatchObject([{ over: 'bytes', url: 'tcp://lb:80' }]);
    expect(played.heard('c1')[0]).toBe('100 opened');
    expect(played.events('c1', 'frame').map(({ payload }) => payload)).toEqual(['head', 'event 1']);
    expect(played.events('c1', 'closed')).toMatchObject([{ code: 1000, clean: true }]);
    expect(entriesOf(played, 'lost')).toEqual([]);
  });

  /** c1 says something to lb and ends its stream; lb answers what it hears, and says something 30 ms behind the end. */
  const halfClosed = (more: Dial, hears: TransportEvent['type']): Stage => {
    const played = stage();
    played.answers('c1', ({ type }) =>
      type === 'opened'
        ? [
            { type: 'send', conn: 1, payload: 'hello', bytes: 5 },
            { type: 'close', conn: 1, code: 1000, reason: '' },
          ]
        : [],
    );
    played.answers('lb', (event) => {
      const { conn } = event;
      if (event.type === 'incoming') return [{ type: 'accept', conn, ...more }];
      if (event.type === 'frame') return [{ type: 'send', conn, payload: event.payload, bytes: 5 }];
      if (event.type === hears)
        played.at(230, () =>
          played.does(
            'lb',
            { type: 'send', conn, payload: 'late', bytes: 4 },
            { type: 'close', conn, code: 1000, reason: '' },
          ),
        );
      return [];
    });
    played.does('c1', dial('lb', { over: 'bytes' }));
    played.run();
    return played;
  };

  // What Node does with `net.connect().end('hello')` and an echo at the other end.
  test('are answered when their end comes, and ended from the other side at once', () => {
    const played = halfClosed({}, 'closed');
    expect(played.heard('lb')).toEqual(['150 incoming', '150 frame', '150 closed']);
    expect(played.heard('c1')).toEqual(['100 opened', '200 frame', '200 closed']);
    expect(played.events('c1', 'closed')).toMatchObject([{ code: 1000, clean: true }]);
    expect(entriesOf(played, 'lost')).toMatchObject([{ payload: 'late', why: 'not open' }]);
  });

  // And with `allowHalfOpen` there.
  test('go on behind the end of the other side for who wants that, and end by its own word', () => {
    const played = halfClosed({ halfOpen: true }, 'ended');
    expect(played.heard('lb')).toEqual(['150 incoming', '150 frame', '150 ended', '230 closed']);
    expect(played.heard('c1')).toEqual(['100 opened', '200 frame', '280 frame', '280 closed']);
    expect(entriesOf(played, 'lost')).toEqual([]);
  });

  test('go on behind the end of who accepted them, too, and bring nothing to who has hung up', () => {
    const played = stage();
    played.answers('lb', (event) => (event.type === 'incoming' ? [{ type: 'accept', conn: 1, halfOpen: true }] : []));
    played.does('c1', dial('lb', { over: 'bytes', halfOpen: true }));
    played.at(200, () => played.does('lb', { type: 'close', conn: 1, code: 1000, reason: '' }));
    played.at(300, () => played.does('c1', { type: 'send', conn: 1, payload: 'more', bytes: 4 }));
    played.at(400, () => played.does('c1', { type: 'close', conn: 1, code: 1000, reason: '' }));
    played.run();
    expect(played.heard('c1')).toEqual(['100 opened', '250 ended', '400 closed']);
    expect(played.heard('lb')).toEqual(['150 incoming', '350 frame', '450 closed']);
    const gone = stage();
    gone.answers('lb', (event) => (event.type === 'incoming' ? [{ type: 'accept', conn: 1, halfOpen: true }] : []));
    gone.does('c1', dial('lb', { over: 'bytes' }));
    gone.at(200, () => gone.does('c1', { type: 'close', conn: 1, code: 1000, reason: '' }));
    gone.at(220, () => gone.does('lb', { type: 'terminate', conn: 1, how: 'fin' }));
    gone.run();
    expect(gone.heard('lb')).toEqual(['150 incoming', '220 closed']);
    expect(gone.heard('c1')).toEqual(['100 opened', '270 closed']);
  });

  test('pass a balancer also when their client ends its stream behind what it asks', () => {
    const played = stage({}, CLEAR, true);
    played.answers('c1', ({ type }) =>
      type === 'opened'
        ? [
            { type: 'send', conn: 1, payload: 'hello', bytes: 5 },
            { type: 'close', conn: 1, code: 1000, reason: '' },
          ]
        : [],
    );
    played.answers('s1', ({ type, conn }) =>
      type === 'frame' ? [{ type: 'send', conn, payload: 'yes', bytes: 3 }] : [],
    );
    played.does('c1', dial('lb', { over: 'bytes' }));
    played.run();
    expect(played.events('c1', 'frame').map(({ payload }) => payload)).toEqual(['yes']);
    expect(played.events('c1', 'closed')).toMatchObject([{ code: 1000, clean: true }]);
    expect((played.node('lb').state as BalancerState).pairs).toEqual({});
    expect(entriesOf(played, 'lost')).toEqual([]);
  });

  test('are turned away in HTTP by a balancer whose server is gone', () => {
    const played = stage({}, CLEAR, true);
    played.answers('c1', ({ type }) =>
      type === 'opened' ? [{ type: 'send', conn: 1, payload: bytesOf('GET / HTTP/1.1\r\n\r\n'), bytes: 18 }] : [],
    );
    played.universe.down(played.node('s1'), 'process');
    played.does('c1', dial('lb', { over: 'bytes' }));
    played.run();
    const [answer] = played.events('c1', 'frame') as unknown as [{ payload: Uint8Array }];
    expect(latin1(answer.payload, 0, 34)).toBe('HTTP/1.1 503 Service Unavailable\r\n');
    expect(played.events('c1', 'closed')).toMatchObject([{ code: 1000, clean: true }]);
  });

  test('end at a middlebox that keeps them when their client ends its stream, and the node behind hears nothing', () => {
    const played = stage();
    const seen: string[] = [];
    played.universe.middleboxes.put(played.node('c1-lb'), () => ({
      arrives: ({ type }) => seen.push(type) > 0,
      leaves: () => false,
    }));
    played.does('c1', dial('lb', { over: 'bytes' }));
    played.at(200, () => played.does('c1', { type: 'close', conn: 1, code: 1000, reason: '' }));
    played.run();
    expect(seen.slice(0, 2)).toEqual(['incoming', 'closed']);
    expect(played.heard('lb')).toEqual([]);
    expect(played.heard('c1')).toEqual(['100 opened', '300 closed']);
  });

  test('are refused by the kernel of a node where nobody listens', () => {
    const played = stage();
    played.does('lb', { type: 'listen', active: false });
    played.does('c1', dial('lb', { over: 'bytes' }));
    played.run();
    expect([played.heard('c1'), played.heard('lb')]).toEqual([['100 closed'], []]);
    expect(played.events('c1', 'closed')).toMatchObject([{ code: 1006, reason: 'refused', status: 0 }]);
  });

  test('wait with their end for a process that stands still, and are answered when it goes on', () => {
    const played = stage();
    played.answers('c1', ({ type }) =>
      type === 'opened'
        ? [
            { type: 'send', conn: 1, payload: 'hello', bytes: 5 },
            { type: 'close', conn: 1, code: 1000, reason: '' },
          ]
        : [],
    );
    played.answers('lb', ({ type, conn }) =>
      type === 'frame' ? [{ type: 'send', conn, payload: 'yes', bytes: 3 }] : [],
    );
    played.universe.pauses.hold(played.node('lb'), played);
    played.at(500, () => played.universe.pauses.release(played.node('lb'), played));
    played.does('c1', dial('lb', { over: 'bytes' }));
    played.run();
    expect(played.heard('c1')).toEqual(['100 opened', '550 frame', '550 closed']);
  });
});

describe('wrong use is an error that names machine and mistake', () => {
  const to = (url: string, more: Dial = {}) => dial(url, more);
  const on = (effect: object, more: Dial = {}): readonly [object, Dial] => [{ conn: 1, ...effect }, more];

  test.each([
    [to('s1'), 'c1 dials s1: no link leads from it to a node of that name, but to lb'],
    [
      to('wss://nowhere/x'),
      'c1 dials wss://nowhere/x: no node that it has a link to is called nowhere, only lb (lb); `hosts` says which names lead where',
    ],
    [to('wss:'), 'c1 dials wss:: expected a URL, such as wss://host/path?query'],
    [to('ftp://lb/'), 'c1 dials ftp://lb/: a WebSocket has ws:, wss:, http:, https:, not ftp:'],
    [to('wss://lb/#a'), 'c1 dials wss://lb/#a: the URL of a WebSocket has no fragment'],
    [to('lb', { url: '/feed' }), 'c1 dials /feed: expected a URL, such as wss://host/path?query'],
    [to('lb', { protocols: ['a', 'b', 'a'] }), 'c1 offers the subprotocol a twice: expected each once'],
    [to('lb', { protocols: ['a b'] }), 'c1 offers the subprotocol "a b": expected a token of HTTP'],
    [
      to('lb', { over: 'bytes', protocols: ['a'] }),
      'c1 dials lb: raw bytes have no handshake to carry an origin or protocols',
    ],
  ])('%j', (effect, message) => {
    expect(() => stage().does('c1', effect)).toThrow(new Error(message));
  });

  test.each([
    [
      ...on({ type: 'send', payload: 'text', bytes: 4, binary: true }),
      'c1 sends text as binary: expected bytes (a Uint8Array), or no `binary`',
    ],
    [
      ...on({ type: 'send', payload: new Uint8Array(1), bytes: 1, binary: false }),
      'c1 sends bytes as text: expected a string, or no `binary: false`',
    ],
    [...on({ type: 'ping', data: 'é'.repeat(63) }), 'c1 sends a ping of 126 bytes: at most 125 fit into one'],
    [...on({ type: 'pong' }, { over: 'bytes' }), 'c1 sends a pong: raw bytes have none, a WebSocket has'],
    [
      ...on({ type: 'drain', below: -1 }),
      'c1 asks when no more than -1 bytes are buffered: expected a whole number, 0 or more',
    ],
  ] as const)('%j after a dial with %j', (effect, more, message) => {
    const played = opened(more);
    let thrown: unknown;
    played.at(1000, () => {
      try {
        played.does('c1', effect as TransportEffect);
      } catch (error) {
        thrown = error;
      }
    });
    played.run();
    expect(thrown).toEqual(new Error(message));
  });

  test('a page sends no ping', () => {
    expect(() => opened({}, [{ c1: { page: {} as never } }]).does('c1', { type: 'ping', conn: 1 })).toThrow(
      new Error('c1 sends a ping: a page cannot, its browser answers pings'),
    );
  });

  test('what is said of a connection that is not is dropped', () => {
    const played = stage();
    for (const type of ['ping', 'pong', 'drain', 'accept'] as const) played.does('c1', { type, conn: 7 });
    played.run();
    expect(played.heard('c1')).toEqual([]);
  });
});
