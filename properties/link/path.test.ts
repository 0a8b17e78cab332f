/** The path below a connection: its bottleneck, its queue, measured capacity, loss, jitter, and each direction by itself. */
import { describe, expect, test } from 'vitest';
import { dice } from '../../sim/core/dice.ts';
import type { PathConfig } from '../../src/link/config.ts';
import { cross, losses } from '../../src/link/tcp/path.ts';
import { init, type Path } from '../../src/link/tcp/state.ts';
import { at, type Instant, ms, seconds, us } from '../../src/time.ts';
import { CLEAR, DEAF, PlayedLink } from '../machines/link.ts';

/** Connection 1 is open, and from now on the way up is like that. */
function opened(up: Partial<PathConfig> = {}): PlayedLink {
  const link = new PlayedLink();
  link.open(1);
  link.tell({ type: 'degrade', up: { ...CLEAR, ...up }, down: CLEAR });
  return link;
}

/** How long after `since` messages reach end 1, in milliseconds. */
const took = (link: PlayedLink, since: number): readonly number[] =>
  link.frames(1).map((frame) => (frame.at - since) / 1000);
const lost = (link: PlayedLink): readonly number[] =>
  link.lost.map(({ payload }) => (payload as { nonce: number }).nonce);

describe('a bottleneck', () => {
  const slow = { rate: 100_000, queue: 3_000 };

  test('sends one message after the other, with their headers, at its rate', () => {
    const link = opened({ ...slow, queue: 1_000_000 });
    for (let nonce = 1; nonce <= 8; nonce++) link.send(0, 948, nonce);
    expect(took(link, 200_000)).toEqual([60, 70, 80, 90, 100, 110, 120, 130]);
  });

  test('takes as long for a long message as for its bytes and the headers of its segments', () => {
    const link = opened({ ...slow, queue: 1_000_000 });
    link.send(0, 100_000);
    link.pass(seconds(3));
    expect(took(link, 200_000)[0]).toBeCloseTo(50 + (100_000 + 70 * 52) / 100, 1);
  });

  test('what finds its queue full is dropped, and sent again', () => {
    const link = opened(slow);
    for (let nonce = 1; nonce <= 8; nonce++) link.send(0, 948, nonce);
    // One is being sent, and three find room; in order, they wait for nothing.
    link.pass(ms(95));
    expect(link.frames(1).map(({ nonce }) => nonce)).toEqual([1, 2, 3]);
    link.pass(seconds(5));
    expect(link.frames(1).map(({ nonce }) => nonce)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(lost(link)).toEqual([]);
  });
});

describe('a delay with two modes', () => {
  test('adds the second one to a share of the messages, and never lets one overtake another', () => {
    const link = opened({ tail: { share: { num: 1, of: 4 }, delay: ms(40) } });
    for (let nonce = 1; nonce <= 400; nonce++) {
      link.send(0, 100, nonce);
      link.pass(ms(100));
    }
    const delays = link.frames(1).map(({ at: time }, i) => (time - 200_000) / 1000 - 100 * i);
    expect([...new Set(delays)].sort((a, b) => a - b)).toEqual([50, 90]);
    expect(delays.filter((delay) => delay === 90).length).toBeGreaterThan(70);
    expect(delays.filter((delay) => delay === 90).length).toBeLessThan(130);
    const burst = opened({ tail: { share: { num: 1, of: 2 }, delay: ms(40) } });
    for (let nonce = 1; nonce <= 50; nonce++) burst.send(0, 100, nonce);
    burst.pass(seconds(1));
    expect(burst.frames(1).map(({ nonce }) => nonce)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });
});

describe('measured capacity', () => {
  test('small packets share an opportunity, and what does not fit goes on with the next', () => {
    const link = opened({ trace: [10, 20, 30, 40] });
    // At 200 ms the trace begins anew. 152 bytes three times, 1500, and as many as are left of the second opportunity.
    for (const bytes of [100, 100, 100, 1448, 992, 1]) link.send(0, bytes);
    expect(took(link, 200_000)).toEqual([60, 60, 60, 70, 70, 80]);
  });

  test('no packet leaves at an opportunity that is over', () => {
    const link = opened({ trace: [10, 20, 30, 40] });
    link.pass(us(10_500));
    link.send(0, 100);
    expect(took(link, 200_000)).toEqual([70]);
  });

  test('the network holds a second of backlog, and the sender the rest', () => {
    const link = opened({ trace: [500] });
    for (let nonce = 1; nonce <= 8; nonce++) link.send(0, 1448, nonce);
    expect(took(link, 0)).toEqual([550, 1050, 1550]);
    link.tell({ type: 'terminate', end: 0, conn: 1, how: 'rst' });
    expect(lost(link)).toEqual([4, 5, 6, 7, 8]);
  });
});

describe('loss', () => {
  const bursts = { good: seconds(1), bad: ms(100), loss: { num: 1, of: 1 } };
  const pathOf = (conditions: Partial<PathConfig>): Path =>
    init({ node: 'x', ends: ['a', 'b'], up: { ...CLEAR, ...conditions }, down: CLEAR, handshakeRoundTrips: 2 })
      .paths[0];
  const contextOf = (seed: string) => {
    const luck = dice(seed);
    return { now: at(0) as Instant, random: (purpose: string) => luck.stream(purpose)(), newConn: () => 0 };
  };

  test('comes in bursts that last and stay away as long as they should on average', () => {
    const path = pathOf({ bursts });
    const context = contextOf('bursts');
    let bad = 0;
    let begun = 0;
    let before = 0;
    for (let i = 0; i < 1_100_000; i++) {
      context.now = at(i * 1000);
      const now = losses(path, 'up', 1, context);
      bad += now;
      begun += now > before ? 1 : 0;
      before = now;
    }
    expect(bad / begun / 100).toBeCloseTo(1, 1);
    expect(begun / 1000).toBeCloseTo(1, 1);
  });

  test('begins in the good state', () => {
    for (let i = 0; i < 50; i++) expect(losses(pathOf({ bursts }), 'up', 1, contextOf(`first-${i}`))).toBe(0);
  });

  test('what is drawn for one direction is never drawn from the dice of the other', () => {
    for (const way of ['up', 'down'] as const) {
      const drawn = new Set<string>();
      const random = (purpose: string): number => drawn.add(purpose).size;
      const path = pathOf({ loss: { num: 1, of: 2 }, bursts, jitter: ms(1) });
      losses(path, way, 1, { now: at(0), random, newConn: () => 0 });
      cross(path, way, 1, { now: at(0), random, newConn: () => 0 });
      expect([...drawn].sort()).toEqual([`${way}/burst`, `${way}/jitter`, `${way}/loss`]);
    }
  });
});

describe('a path with jitter', () => {
  test('is later by at most that, and still delivers in order', () => {
    const link = opened({ jitter: ms(100) });
    const extra: number[] = [];
    for (let nonce = 0; nonce < 200; nonce++) {
      link.send(0, 100, nonce);
      extra.push((link.frames(1).at(-1)?.at ?? 0) - link.now - 50_000);
      link.pass(ms(25));
    }
    const arrivals = link.frames(1).map((frame) => frame.at);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    expect(Math.min(...extra)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...extra)).toBeLessThanOrEqual(100_000);
    expect(new Set(extra).size).toBeGreaterThan(20);
  });
});

describe('each direction by itself', () => {
  const up = { ...CLEAR, delay: ms(20) };
  const down = { ...CLEAR, delay: ms(70) };
  /** How long a message takes up, and down. */
  function delays(link: PlayedLink): readonly number[] {
    const { now } = link;
    for (const end of [0, 1] as const) link.send(end, 10);
    return ([1, 0] as const).map((end) => ((link.frames(end).at(-1)?.at ?? 0) - now) / 1000);
  }

  test('degrades and is restored', () => {
    const link = new PlayedLink({ up, down });
    link.open(1);
    link.pass(seconds(1));
    expect(delays(link)).toEqual([20, 70]);
    link.pass(seconds(1));
    link.tell({ type: 'degrade', up: { ...CLEAR, delay: ms(300) }, down: { ...CLEAR, delay: ms(400) } });
    expect(delays(link)).toEqual([300, 400]);
    link.pass(seconds(1));
    link.tell({ type: 'restore' });
    expect(delays(link)).toEqual([20, 70]);
  });

  test('is stalled, while the other goes on', () => {
    const link = new PlayedLink({ up, down });
    link.open(1);
    link.tell({ type: 'stall', direction: 'up', until: at(link.now + 500_000) });
    const since = link.now;
    for (const end of [0, 1] as const) link.send(end, 10);
    link.pass(seconds(1));
    expect(link.frames(0)).toEqual([{ nonce: 0, at: since + 70_000 }]);
    expect(link.frames(1)).toEqual([{ nonce: 0, at: since + 520_000 }]);
  });
});

describe('a request outside any connection', () => {
  const ask = (link: PlayedLink): number | undefined => {
    const message = { type: 'message', from: 'a', message: { type: 'failed', op: 1 } } as const;
    const [effect] = link.tell({ type: 'relay', end: 0, to: 'b', message, bytes: 100 });
    return effect?.type === 'relayed' ? (effect.at - link.now) / 1000 : undefined;
  };

  test('is gone when its path is cut, and only then', () => {
    const link = opened();
    link.tell({ type: 'cut', direction: 'down' });
    expect(ask(link)).toBe(50);
    link.tell({ type: 'cut', direction: 'up' });
    expect(ask(link)).toBeUndefined();
  });

  test('waits twice as long for each time that it is lost', () => {
    const waits = new Set<number>();
    for (let num = 0; num < 10; num++) {
      const link = opened({ loss: { num, of: 10 } });
      for (let i = 0; i < 20; i++) waits.add((ask(link) as number) - 50);
    }
    const [none, once, twice, thrice] = [...waits].sort((a, b) => a - b) as [number, number, number, number];
    expect(none).toBe(0);
    for (const [wait, least] of [
      [once, 400],
      [twice, 1200],
      [thrice, 2800],
    ] as const) {
      expect(wait).toBeGreaterThanOrEqual(least);
      expect(wait).toBeLessThan(least * 1.125 + 12);
    }
  });

  test('ends even on a path that loses everything', () => {
    expect(ask(opened(DEAF))).toBeGreaterThan(200_000);
  });
});
