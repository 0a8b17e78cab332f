/** Raw bytes on the same pipe as a WebSocket: in order, once, complete, or both ends are told of the end. */
import { describe, expect, test } from 'vitest';
import type { LinkConfig } from '../../src/link/config.ts';
import type { End, LinkEvent } from '../../src/link/vocabulary.ts';
import { ms, seconds } from '../../src/time.ts';
import { CLEAR, PlayedLink } from '../machines/link.ts';

const LOSSY = { ...CLEAR, loss: { num: 1, of: 8 } };
const COUNT = 300;
const NUMBERS = Array.from({ length: COUNT }, (_, i) => i);

const gone = (end: End, how: 'process' | 'host'): LinkEvent => ({ type: 'endDown', end, how });
const hangUp = (end: End, how: 'fin' | 'rst'): LinkEvent => ({ type: 'terminate', end, conn: 1, how });
const close = (end: End): LinkEvent => ({ type: 'close', end, conn: 1, code: 1000, reason: '' });

/** A connection of raw bytes that is open at both ends. */
function opened(config: Partial<LinkConfig> = {}, patience = ms(150)): PlayedLink {
  const link = new PlayedLink(config);
  link.tell({ type: 'dial', end: 0, conn: 1, over: 'bytes' });
  link.pass(patience);
  expect(link.heard.map(({ end, event }) => `${end} ${event.type}`)).toEqual(['0 opened', '1 incoming']);
  return link;
}

const sendAll = (link: PlayedLink, end: End, bytes: number): void => {
  for (const number of NUMBERS) link.send(end, bytes, number);
};
const read = (link: PlayedLink, end: End): readonly number[] => link.frames(end).map(({ nonce }) => nonce);
const ends = (link: PlayedLink, end: End) => link.ends(end).map(({ code, reason }) => `${code} ${reason}`);
const events = (link: PlayedLink, to: End): readonly string[] =>
  link.heard.flatMap(({ end, event }) => (end === to ? [event.type] : []));
/** Everything is over, and nothing is left of it. */
const isForgotten = (link: PlayedLink): void => {
  expect(link.state.conns).toEqual({});
  expect(link.timers()).toEqual([]);
};

describe('a stream of bytes', () => {
  test('is open for its dialler after a round trip, and for its acceptor when that has been heard', () => {
    expect(opened().heard).toMatchObject([
      { end: 0, at: 100_000, event: { type: 'opened', conn: 1 } },
      { end: 1, at: 150_000, event: { type: 'incoming', conn: 1, from: 'a', over: 'bytes' } },
    ]);
  });

  test.each([0, 1] as const)('of end %i arrives in order, once and complete, whatever the path loses', (from) => {
    const link = opened({ up: LOSSY, down: LOSSY }, seconds(30));
    sendAll(link, from, 3_000);
    link.tell(close(from));
    link.pass(seconds(900));
    expect(read(link, from === 0 ? 1 : 0)).toEqual(NUMBERS);
    expect([ends(link, 0), ends(link, 1)]).toEqual([['1000 '], ['1000 ']]);
    expect(link.lost).toEqual([]);
    isForgotten(link);
  });

  test('goes on where it stopped when a cut path is healed', () => {
    const link = opened();
    sendAll(link, 1, 3_000);
    link.tell({ type: 'cut', direction: 'both' });
    link.pass(seconds(5));
    const before = read(link, 0).length;
    expect(before).toBeLessThan(COUNT);
    link.tell({ type: 'heal', direction: 'both' });
    link.pass(seconds(60));
    expect(read(link, 0)).toEqual(NUMBERS);
    expect(ends(link, 0)).toEqual([]);
  });

  test('that is cut for ever is told to be over, and what did not arrive is lost', () => {
    const link = opened();
    link.tell({ type: 'cut', direction: 'both' });
    sendAll(link, 0, 3_000);
    link.pass(seconds(1_100));
    expect(ends(link, 0)).toEqual(['1006 timed out']);
    expect(link.lost).toHaveLength(COUNT);
  });

  test.each([
    ['its sender', hangUp(0, 'rst'), ['1006 '], ['1006 reset']],
    ['a middlebox', { type: 'resetAll' } as const, ['1006 reset'], ['1006 reset']],
    ['its acceptor, who refuses it', { type: 'refuse', end: 1, conn: 1, status: 0 } as const, ['1006 reset'], []],
  ])('that is reset by %s is over at once, with what has not entered the path', (_, event, near, far) => {
    const link = opened();
    sendAll(link, 0, 3_000);
    link.tell(event);
    link.pass(seconds(10));
    expect([ends(link, 0), ends(link, 1)]).toEqual([near, far]);
    expect(link.lost.length).toBeGreaterThan(COUNT / 2);
  });

  test('whose process dies ends as one that is closed, behind what its kernel holds: nobody can tell', () => {
    const link = opened();
    sendAll(link, 0, 3_000);
    link.tell(gone(0, 'process'));
    link.pass(seconds(60));
    const arrived = read(link, 1);
    expect(arrived).toEqual(NUMBERS.slice(0, arrived.length));
    const held = 3_000 * arrived.length;
    expect(held).toBeLessThanOrEqual(144 * 1024);
    expect(held).toBeGreaterThan(130 * 1024);
    expect(link.lost).toHaveLength(COUNT - arrived.length);
    expect(ends(link, 1)).toEqual(['1000 ']);
    isForgotten(link);
  });

  test('whose host dies is silent', () => {
    const link = opened();
    link.tell(gone(0, 'host'));
    link.pass(seconds(60));
    expect(ends(link, 1)).toEqual([]);
  });

  test('is ended for both by a proxy in between, and lost by who forgets it', () => {
    const proxied = opened();
    proxied.tell({ type: 'closeAll', code: 1001, reason: 'going away' });
    expect([ends(proxied, 0), ends(proxied, 1)]).toEqual([['1000 '], ['1000 ']]);
    const forgotten = opened();
    forgotten.tell({ type: 'forgetEnd', end: 1 });
    forgotten.send(0, 10);
    expect([ends(forgotten, 0), ends(forgotten, 1)]).toEqual([['1006 reset'], ['1006 lost']]);
  });

  test('finds nobody at a dead process, and nothing is sent before it is open or after its end', () => {
    const link = new PlayedLink();
    link.tell(gone(1, 'process'));
    link.tell({ type: 'dial', end: 0, conn: 1, over: 'bytes' });
    expect(ends(link, 0)).toEqual(['1006 refused']);
    link.send(0, 10, 1);
    const early = new PlayedLink({ up: { ...CLEAR, loss: { num: 1, of: 1 } } });
    early.tell({ type: 'dial', end: 0, conn: 1, over: 'bytes' });
    early.send(0, 10, 2);
    early.tell(close(0));
    expect([...link.lost, ...early.lost].map(({ why }) => why)).toEqual(['not open', 'not open']);
    isForgotten(early);
  });

  test('and WebSockets share a path, each with words of its own', () => {
    const link = opened();
    link.open(2);
    link.send(0, 100, 1, 1);
    link.send(0, 100, 2, 2);
    link.tell({ type: 'close', end: 0, conn: 2, code: 1001, reason: 'bye' });
    link.tell(close(0));
    link.pass(seconds(1));
    expect([link.frames(1, 1), link.frames(1, 2)]).toMatchObject([[{ nonce: 1 }], [{ nonce: 2 }]]);
    expect([link.ends(1, 1), link.ends(1, 2)]).toMatchObject([[{ code: 1000 }], [{ code: 1001, reason: 'bye' }]]);
    isForgotten(link);
  });

  test('that ends in one direction goes on in the other, and is over when both have ended', () => {
    const link = opened({ up: LOSSY, down: LOSSY }, seconds(30));
    link.halfOpen[1] = true;
    link.send(0, 100, 1);
    link.tell(close(0));
    link.pass(seconds(30));
    expect(events(link, 1)).toEqual(['incoming', 'frame', 'ended']);
    expect(events(link, 0)).toEqual(['opened']);
    for (const number of NUMBERS) link.send(1, 3_000, number);
    link.tell(close(1));
    link.pass(seconds(900));
    expect(read(link, 0)).toEqual(NUMBERS);
    expect([ends(link, 0), ends(link, 1)]).toEqual([['1000 '], ['1000 ']]);
    isForgotten(link);
  });

  test('is answered as it comes by who does not go on behind its end', () => {
    const link = opened();
    link.send(0, 100, 1);
    link.tell(close(0));
    // What it says before it hears of the end still arrives.
    link.pass(ms(49));
    link.send(1, 100, 2);
    link.pass(ms(1));
    link.send(1, 100, 3);
    link.pass(ms(100));
    expect(read(link, 0)).toEqual([2]);
    expect(link.lost.map(({ why }) => why)).toEqual(['not open']);
    expect(link.heard.filter(({ event }) => event.type === 'closed')).toMatchObject([
      { end: 1, at: link.now - ms(100) },
      { end: 0, at: link.now - ms(50) },
    ]);
    isForgotten(link);
  });

  test('that both ends end at once is over when each has heard of it', () => {
    const link = opened();
    const { now } = link;
    link.tell(close(0));
    link.tell(close(1));
    link.pass(seconds(1));
    expect([0, 1].map((end) => link.ends(end as End).map(({ at }) => at - now))).toEqual([[50_000], [50_000]]);
    isForgotten(link);
  });

  test('carries nothing behind its end, from whoever ended it', () => {
    const link = opened();
    link.halfOpen[1] = true;
    link.tell(close(0));
    link.send(0, 100, 1);
    link.tell(close(0));
    link.pass(seconds(1));
    expect(link.lost.map(({ why }) => why)).toEqual(['behind the end of its stream']);
    expect(events(link, 1)).toEqual(['incoming', 'ended']);
  });

  test.each([0, 1] as const)(
    'to a process that is gone is answered by a reset, behind the end that it left: end %i',
    (end) => {
      const link = opened();
      link.halfOpen[end] = true;
      link.tell(gone(end === 0 ? 1 : 0, 'process'));
      link.send(end, 100, 1);
      link.pass(ms(60));
      expect(events(link, end).slice(1)).toEqual(['ended', 'closed']);
      expect(link.ends(end)).toMatchObject([{ code: 1006, reason: 'reset', at: link.now + ms(40) }]);
      expect(link.lost.map(({ why }) => why)).toEqual(['the other end is gone']);
      isForgotten(link);
    },
  );

  test('is ended once, whatever becomes of the process that ended it', () => {
    const link = opened();
    link.halfOpen[1] = true;
    link.tell(close(0));
    link.tell(gone(0, 'process'));
    link.pass(seconds(1));
    expect(events(link, 1)).toEqual(['incoming', 'ended']);
  });

  test('is reset by a process that is gone behind all that it had said', () => {
    const link = opened({ up: { ...CLEAR, rate: 10_000 } });
    link.halfOpen[1] = true;
    for (let number = 0; number < 8; number++) link.send(0, 1_000, number);
    link.tell(gone(0, 'process'));
    link.send(1, 100, 11);
    link.pass(seconds(5));
    expect(events(link, 1).slice(-3)).toEqual(['frame', 'ended', 'closed']);
    expect(link.ends(1)[0]?.at).toBe(link.heard.find(({ event }) => event.type === 'ended')?.at);
  });

  test('leaves nothing to be sent to a process that is gone', () => {
    const link = opened();
    link.tell(gone(0, 'process'));
    link.tell({ type: 'cut', direction: 'down' });
    link.pass(ms(60));
    isForgotten(link);
  });

  test('to a process that is gone is a clean end for who does not go on, also if it said something meanwhile', () => {
    const link = opened();
    link.tell(gone(0, 'process'));
    link.send(1, 100, 1);
    link.pass(seconds(1));
    expect(ends(link, 1)).toEqual(['1000 ']);
    isForgotten(link);
  });

  test('that is reset brings what was before it in the path, and no more', () => {
    const link = opened({ up: { ...CLEAR, rate: 100_000 } });
    // As many as the window takes beside the beginning of the connection.
    for (let number = 0; number < 9; number++) link.send(0, 1_000, number);
    link.send(1, 100, 11);
    link.tell(hangUp(0, 'rst'));
    link.send(0, 100, 12);
    link.pass(seconds(1));
    expect(read(link, 1)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(ends(link, 1)).toEqual(['1006 reset']);
    const last = link.frames(1).at(-1)?.at as number;
    expect(link.ends(1)[0]?.at).toBeGreaterThanOrEqual(last);
    isForgotten(link);
  });

  test('of real bytes arrives as it comes: a cut or a crash in the middle leaves the beginning of a long write', () => {
    const link = opened({ up: { ...CLEAR, rate: 100_000 } });
    const whole = Uint8Array.from({ length: 50_000 }, (_, at) => at * 7);
    link.tell({ type: 'send', end: 0, conn: 1, payload: whole, bytes: whole.length });
    link.pass(ms(150));
    link.tell({ type: 'cut', direction: 'both' });
    link.pass(seconds(1));
    const came = (): Uint8Array[] =>
      link.heard.flatMap(({ end, event }) =>
        end === 1 && event.type === 'frame' ? [event.payload as Uint8Array] : [],
      );
    const before = came().reduce((sum, { length }) => sum + length, 0);
    expect(before).toBeGreaterThan(10_000);
    expect(before).toBeLessThan(40_000);
    link.tell({ type: 'heal', direction: 'both' });
    link.pass(seconds(60));
    const all = came();
    expect(Math.max(...all.map(({ length }) => length))).toBe(2 * 1448);
    expect(Uint8Array.from(all.flatMap((each) => [...each]))).toEqual(whole);
    expect(link.lost).toEqual([]);
  });
});

describe('a dial of raw bytes', () => {
  const dialled = (event: LinkEvent): PlayedLink => {
    const link = new PlayedLink();
    link.tell(event);
    link.tell({ type: 'dial', end: 0, conn: 1, over: 'bytes' });
    return link;
  };

  test.each([
    ['its process is dead', gone(1, 'process')],
    ['nobody listens', { type: 'listen', end: 1, active: false } as const],
  ])('is refused after a round trip where %s, and nobody else hears of it', (_, event) => {
    const link = dialled(event);
    link.pass(seconds(300));
    expect(link.heard).toMatchObject([
      { end: 0, at: 100_000, event: { type: 'closed', code: 1006, reason: 'refused' } },
    ]);
    isForgotten(link);
  });

  test('hears nothing of a dead host until it gives up', () => {
    const link = dialled(gone(1, 'host'));
    link.pass(seconds(120));
    expect(link.heard).toEqual([]);
    link.pass(seconds(60));
    expect(link.heard).toMatchObject([{ end: 0, event: { type: 'closed', code: 1006, reason: 'timed out' } }]);
    isForgotten(link);
  });

  test('does not end what is open when nobody listens any more, and a new process listens', () => {
    const link = opened();
    link.tell({ type: 'listen', end: 1, active: false });
    link.send(0, 100, 1);
    link.pass(seconds(1));
    expect(read(link, 1)).toEqual([1]);
    link.tell(gone(1, 'process'));
    link.tell({ type: 'endUp', end: 1 });
    link.tell({ type: 'dial', end: 0, conn: 2, over: 'bytes' });
    link.pass(seconds(1));
    expect(link.heard.filter(({ event }) => event.conn === 2).map(({ event }) => event.type)).toEqual([
      'opened',
      'incoming',
    ]);
  });
});
