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
});
