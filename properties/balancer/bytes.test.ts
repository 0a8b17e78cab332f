/** A balancer of raw bytes: it passes them on as they are, and whom it turns away hears so in HTTP, never by a bare end. */
import { describe, expect, test } from 'vitest';
import { balancer } from '../../src/balancer/balancer.ts';
import type { BalancerConfig } from '../../src/balancer/config.ts';
import { bytesOf, latin1 } from '../../src/http/latin1.ts';
import { ms, seconds } from '../../src/time.ts';
import type { TransportEvent } from '../../src/transport.ts';
import { Drive } from '../machines/drive.ts';

const CONFIG: BalancerConfig = {
  node: 'lb',
  connBase: 1_000,
  backends: ['s1', 's2'],
  probeInterval: seconds(2),
  probeTimeout: seconds(1),
  unhealthyAfter: 2,
  healthyAfter: 1,
  idleTimeout: seconds(60),
  connectTimeout: ms(1_500),
};

const GET = 'GET /chat HTTP/1.1\r\nHost: lb\r\nUpgrade: websocket\r\n\r\n';
type Ends = Partial<Omit<TransportEvent & { type: 'closed' }, 'type'>>;

/** A client's connection of raw bytes has arrived. */
function balanced(more: Partial<BalancerConfig> = {}) {
  const drive = new Drive(balancer, { ...CONFIG, ...more });
  const says = (conn: number, text: string) =>
    drive.tell({ type: 'frame', conn, payload: bytesOf(text), bytes: text.length });
  const ends = (conn: number, how: Ends) =>
    drive.tell({ type: 'closed', conn, code: 1006, reason: '', clean: false, status: 0, ...how });
  const takes = (conn: number) => drive.tell({ type: 'opened', conn });
  /** What was written to each connection in the last step, and how each ended. */
  const seen = (): readonly string[] =>
    drive.last.flatMap((effect) => {
      if (effect.type === 'send') {
        const bytes = effect.payload as Uint8Array;
        return [`${effect.conn} ${latin1(bytes, 0, bytes.length)}`];
      }
      if (effect.type === 'close') return [`${effect.conn} ends`];
      if (effect.type === 'terminate') return [`${effect.conn} ${effect.how}`];
      return effect.type === 'refuse' ? [`${effect.conn} refuse`] : [];
    });
  const finished = (conn: number) => drive.tell({ type: 'ended', conn });
  drive.tell({ type: 'incoming', conn: 1, from: 'c1', over: 'bytes' });
  expect(drive.last[0]).toEqual({ type: 'accept', conn: 1, halfOpen: true });
  expect(drive.effects('dial')).toEqual([{ type: 'dial', conn: 1_001, to: 's1', over: 'bytes', halfOpen: true }]);
  return { drive, says, ends, finished, takes, seen };
}

/** An answer of the balancer's own, and the end behind it. */
const answered = (seen: readonly string[], status: string): void => {
  const own = seen.filter((each) => each.startsWith('1 '));
  expect(own).toHaveLength(2);
  const [head = '', body = ''] = (own[0] as string).split('\r\n\r\n');
  expect(head.split('\r\n')).toEqual([
    `1 HTTP/1.1 ${status}`,
    'Cache-Control: no-cache',
    'Content-Type: text/html',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]);
  expect(body).toMatch(/^<html>.*\n$/s);
  expect(own[1]).toBe('1 ends');
};

const DIALS = [1_001, 1_002];

describe('who is turned away by a balancer of raw bytes', () => {
  test.each([
    ['refuse it', 'refused', '503 Service Unavailable'],
    ['time out', 'timed out', '504 Gateway Timeout'],
  ])('hears so in HTTP when all backends %s', (_, reason, status) => {
    const { says, ends, seen } = balanced();
    says(1, GET);
    ends(1_001, { reason });
    expect(seen()).toEqual([]);
    ends(1_002, { reason });
    answered(seen(), status);
  });

  test('hears of a backend that does not answer a dial in time', () => {
    const { drive, says, seen } = balanced({ backends: ['s1'] });
    says(1, GET);
    drive.pass(ms(1_500));
    answered(seen(), '504 Gateway Timeout');
    expect(seen()).toContain('1001 rst');
  });

  test.each([
    ['ends', { code: 1000, clean: true }],
    ['is reset', { reason: 'reset' }],
  ])('hears of a backend that took it and %s before it said anything', (_, how) => {
    const { says, ends, takes, seen } = balanced();
    says(1, GET);
    takes(1_001);
    expect(seen()).toEqual([`1001 ${GET}`]);
    ends(1_001, how);
    answered(seen(), '502 Bad Gateway');
  });

  test('hears of a backend that took it and says nothing for the whole idle time-out', () => {
    const { drive, says, takes, seen } = balanced();
    takes(1_001);
    says(1, GET);
    drive.pass(seconds(60));
    answered(seen(), '504 Gateway Timeout');
    expect(seen()).toContain('1001 fin');
  });

  test.each([
    ['a drained backend', { type: 'drainBackend', backend: 's1', deadline: ms(100) }],
    ['an old process', { type: 'reload', grace: ms(100) }],
  ] as const)('hears of the end of %s before an answer', (_, order) => {
    const { drive, says, takes, seen } = balanced();
    takes(1_001);
    says(1, GET);
    drive.tell(order);
    drive.pass(ms(100));
    answered(seen(), '503 Service Unavailable');
    expect(seen()).toContain('1001 fin');
  });

  test('hears it when its request is whole, in whatever pieces that comes, and not before', () => {
    const { says, ends, seen } = balanced();
    const pieces = [GET.slice(0, 3), GET.slice(3, -1), GET.slice(-1)];
    says(1, pieces[0] as string);
    for (const dial of DIALS) ends(dial, { reason: 'refused' });
    expect(seen()).toEqual([]);
    says(1, pieces[1] as string);
    expect(seen()).toEqual([]);
    says(1, pieces[2] as string);
    answered(seen(), '503 Service Unavailable');
    says(1, 'more');
    expect(seen()).toEqual([]);
  });

  test('hears it at once when what came is no HTTP, and at the idle time-out when no more comes', () => {
    const odd = balanced();
    for (const dial of DIALS) odd.ends(dial, { reason: 'refused' });
    odd.says(1, '\0\0\r\n');
    answered(odd.seen(), '503 Service Unavailable');
    const slow = balanced();
    slow.says(1, 'GET /');
    for (const dial of DIALS) slow.ends(dial, { reason: 'refused' });
    slow.drive.pass(seconds(60));
    answered(slow.seen(), '503 Service Unavailable');
    expect(slow.seen()).toHaveLength(2);
  });

  test('gets no body where it asked for none, and is told when to come back if that is configured', () => {
    const { says, ends, seen } = balanced({ retryAfter: ms(1_200) });
    says(1, 'HEAD / HTTP/1.1\r\nHost: lb\r\n\r\n');
    for (const dial of DIALS) ends(dial, { reason: 'refused' });
    expect(seen()[0]).toMatch(/^1 HTTP\/1.1 503 .*Retry-After: 2\r\n.*Content-Length: [1-9]\d*\r\n.*\r\n\r\n$/s);
    const socket = new Drive(balancer, { ...CONFIG, backends: [], retryAfter: ms(1_200) });
    socket.tell({ type: 'incoming', conn: 1, from: 'c1' });
    expect(socket.effects('refuse')).toEqual([{ type: 'refuse', conn: 1, status: 503, retryAfter: 1_200_000 }]);
  });

  test('hears of a backend that took it and ended its stream before it said anything', () => {
    const { says, finished, takes, seen } = balanced();
    says(1, GET);
    takes(1_001);
    finished(1_001);
    answered(seen(), '502 Bad Gateway');
    expect(seen()).toContain('1001 ends');
  });

  test.each([
    ['ended its stream before', true],
    ['ends its stream then', false],
  ])('hears it though its request is not whole if it %s', (_, before) => {
    const { drive, says, ends, finished, seen } = balanced();
    says(1, GET.slice(0, 9));
    if (before) finished(1);
    for (const dial of DIALS) ends(dial, { reason: 'refused' });
    if (!before) finished(1);
    answered(seen(), '503 Service Unavailable');
    expect([drive.state.pairs, drive.timers()]).toEqual([{}, []]);
  });

  test('and asked for nothing hears the end and no word', () => {
    const { ends, takes, seen } = balanced();
    takes(1_001);
    ends(1_001, { code: 1000, clean: true });
    expect(seen()).toEqual(['1 ends']);
    const idle = balanced();
    idle.takes(1_001);
    idle.drive.pass(seconds(60));
    expect(idle.seen()).toEqual(['1 fin', '1001 fin']);
  });
});

describe('bytes through a balancer', () => {
  test('that came before a backend took them follow in their order, also to the next backend', () => {
    const { says, ends, takes, seen } = balanced();
    says(1, 'a');
    says(1, 'b');
    ends(1_001, { reason: 'refused' });
    says(1, 'c');
    takes(1_002);
    expect(seen()).toEqual(['1002 a', '1002 b', '1002 c']);
    says(1, 'd');
    expect(seen()).toEqual(['1002 d']);
    says(1_002, 'e');
    expect(seen()).toEqual(['1 e']);
  });

  test.each([
    ['ends', { code: 1000, clean: true }],
    ['is reset', { reason: 'reset' }],
  ])('end as a stream does when the backend %s in the middle of an answer: no word of ours stands in it', (_, how) => {
    const { says, ends, takes, seen } = balanced();
    says(1, GET);
    takes(1_001);
    says(1_001, 'HTTP/1.1 20');
    ends(1_001, how);
    expect(seen()).toEqual(['1 ends']);
  });

  test('end in one direction, and go on in the other', () => {
    const { says, ends, finished, takes, seen } = balanced();
    says(1, GET);
    takes(1_001);
    finished(1);
    expect(seen()).toEqual(['1001 ends']);
    says(1_001, 'answer');
    expect(seen()).toEqual(['1 answer']);
    finished(1_001);
    expect(seen()).toEqual(['1 ends']);
    ends(1, { code: 1000, clean: true });
    expect(seen()).toEqual(['1001 ends']);
  });

  test('whose client ends its stream before a backend took it are passed on with that end', () => {
    const { says, finished, takes, seen } = balanced();
    says(1, GET);
    finished(1);
    expect(seen()).toEqual([]);
    takes(1_001);
    expect(seen()).toEqual([`1001 ${GET}`, '1001 ends']);
  });

  test('to a backend that is gone behind the end of its stream are refused by the end of all', () => {
    const { says, ends, finished, takes, seen } = balanced();
    says(1, GET);
    takes(1_001);
    says(1_001, 'answer');
    finished(1_001);
    ends(1_001, { reason: 'reset' });
    expect(seen()).toEqual(['1 fin']);
  });

  test('have no reader any more when the client is reset before a backend took it', () => {
    const { drive, says, ends, takes, seen } = balanced();
    says(1, GET);
    ends(1, { reason: 'reset' });
    expect(seen()).toEqual(['1001 fin']);
    takes(1_001);
    expect(seen()).toEqual(['1001 rst']);
    expect([drive.state.pairs, drive.state.byServer, drive.timers()]).toEqual([{}, {}, []]);
    expect(drive.state.backends.map(({ connections }) => connections)).toEqual([0, 0]);
  });

  test('leave nothing behind when their client goes while it is to be turned away', () => {
    const { drive, ends } = balanced();
    for (const dial of DIALS) ends(dial, { reason: 'refused' });
    ends(1, { code: 1000, clean: true });
    expect([drive.last.filter(({ type }) => type !== 'clearTimer'), drive.state.pairs]).toEqual([[], {}]);
    expect(drive.timers()).toEqual([]);
    expect(drive.state.backends.map(({ connections }) => connections)).toEqual([0, 0]);
  });
});
