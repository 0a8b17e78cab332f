/**
 * Claims that are repeated, withdrawn or left behind, at the store alone. A request may be held up for as long as a
 * process stands still, so each of these comes in every order, and behind the end of whatever it is about.
 */
import { describe, expect, test } from 'vitest';
import { PlayedStore } from '../machines/store.ts';

/** A store that granted claim 5 of s1, for the first dial of c1, and has since lost that session in some way. */
const ENDED: readonly (readonly [string, (played: PlayedStore) => void])[] = [
  [
    'was released',
    (played) => {
      played.hear({ type: 'release', op: 6, session: 1, generation: 1 });
      played.sync();
    },
  ],
  [
    'expired',
    (played) => {
      played.hear({ type: 'detach', op: 6, session: 1, generation: 1 });
      played.sync();
      played.pass(played.state.config.sessionTtl);
    },
  ],
  [
    'was ended by another one, which was released elsewhere',
    (played) => {
      const { session } = played.claim(2, { from: 's2', op: 6 });
      played.hear({ type: 'release', op: 7, session, generation: 1 }, 's2');
      played.sync();
    },
  ],
  [
    'was resumed elsewhere and released there',
    (played) => {
      played.claim(2, { from: 's2', op: 6, session: 1, resumeToken: played.state.sessions[1]?.token as number });
      played.hear({ type: 'release', op: 7, session: 1, generation: 2 }, 's2');
      played.sync();
    },
  ],
];

/** Nothing belongs to anybody, and nothing waits. */
function expectNothingLeft(played: PlayedStore): void {
  expect(played.state.sessions).toEqual({});
  expect(Object.values(played.state.owned).flatMap((sessions) => Object.keys(sessions))).toEqual([]);
  expect(played.timers()).toEqual([]);
}

describe('a claim that is repeated', () => {
  for (const [how, end] of ENDED) {
    test(`takes nothing when its session ${how}: it came too late`, () => {
      const played = new PlayedStore();
      played.claim(1, { op: 5 });
      end(played);
      played.claim(1, { op: 5 });
      expect(played.effects('post')).toMatchObject([{ to: 's1', message: { type: 'fenced', op: 5 } }]);
      expect(played.effects('own')).toEqual([]);
      expectNothingLeft(played);
    });

    test(`takes nothing when its session ${how} and the store crashed since`, () => {
      const played = new PlayedStore();
      played.claim(1, { op: 5 });
      end(played);
      played.tell({ type: 'crash', keep: 0 });
      played.tell({ type: 'started' });
      played.claim(1, { op: 5 });
      expect(played.said('fenced')).toHaveLength(1);
      expectNothingLeft(played);
    });

    test(`of a slow disk takes nothing when its session ${how} between the two`, () => {
      const played = new PlayedStore();
      played.claim(1, { op: 5 });
      end(played);
      const claim = { type: 'claim', op: 5, conn: 1, client: 'c1', dial: 1, session: 0, resumeToken: 0 } as const;
      for (let copy = 0; copy < 3; copy++) played.hear({ ...claim, settled: 1 });
      played.sync();
      played.sync();
      expectNothingLeft(played);
    });
  }

  test('is refused as it was refused, whatever has become of the session that it named', () => {
    const played = new PlayedStore();
    const { session } = played.claim(5, { op: 5 });
    played.claim(1, { op: 6, session, client: 'c2' });
    expect(played.said('claimDenied')).toHaveLength(1);
    played.claim(4, { op: 7, session });
    expect(played.said('fenced')).toHaveLength(1);
    played.hear({ type: 'release', op: 8, session, generation: 1 });
    played.sync();
    played.claim(1, { op: 6, session, client: 'c2' });
    expect(played.effects('post')).toMatchObject([{ message: { type: 'claimDenied', op: 6 } }]);
    played.claim(4, { op: 7, session });
    expect(played.effects('post')).toMatchObject([{ message: { type: 'fenced', op: 7 } }]);
    expectNothingLeft(played);
  });

  test('was never made when its write failed, or died with the store', () => {
    const played = new PlayedStore();
    played.tell({ type: 'fail', share: 1000 });
    played.claim(1, { op: 5 });
    played.tell({ type: 'fail', share: 0 });
    const claim = { type: 'claim', op: 6, conn: 1, client: 'c2', dial: 1, session: 0, resumeToken: 0 } as const;
    played.hear({ ...claim, settled: 5 });
    played.tell({ type: 'crash', keep: 0 });
    played.tell({ type: 'started' });
    expect(played.claim(1, { op: 5 })).toMatchObject({ session: 1 });
    expect(played.claim(1, { op: 6, client: 'c2' })).toMatchObject({ session: 2 });
  });

  test('was made when its write survived the crash, and is answered', () => {
    const played = new PlayedStore();
    const claim = { type: 'claim', op: 5, conn: 1, client: 'c1', dial: 1, session: 0, resumeToken: 0 } as const;
    played.hear({ ...claim, settled: 5 });
    played.tell({ type: 'crash', keep: 1000 });
    played.tell({ type: 'started' });
    expect(played.claim(1, { op: 5 })).toMatchObject({ session: 1, generation: 1, resumed: false });
  });

  test('of another server with the same number is another claim', () => {
    const played = new PlayedStore();
    played.claim(1, { op: 5 });
    expect(played.claim(1, { op: 5, from: 's2', client: 'c2' })).toMatchObject({ session: 2 });
  });
});

describe('a claim that comes out of order', () => {
  const withdraw = { type: 'withdraw', op: 9, claim: 5, conn: 1, client: 'c1', dial: 1 } as const;

  test('behind its withdrawal takes nothing', () => {
    const played = new PlayedStore();
    played.hear(withdraw);
    played.sync();
    expect(played.said('withdrawn')).toEqual([{ type: 'withdrawn', op: 9, session: 0, generation: 0 }]);
    played.claim(1, { op: 5 });
    expect(played.effects('post')).toMatchObject([{ message: { type: 'fenced', op: 5 } }]);
    expectNothingLeft(played);
  });

  test('around its withdrawal leaves a session that nobody is attached to, until its time is over', () => {
    const played = new PlayedStore();
    played.claim(1, { op: 5 });
    played.hear(withdraw);
    played.sync();
    played.claim(1, { op: 5 });
    expect(played.said('claimed')).toEqual([]);
    expect(played.timers()).toEqual(['ttl 1']);
    played.pass(played.state.config.sessionTtl);
    played.claim(1, { op: 5 });
    played.hear(withdraw);
    played.sync();
    expectNothingLeft(played);
  });

  test('behind the start of a new process of its server is nobody’s, and hears nothing', () => {
    const played = new PlayedStore();
    played.hear({ type: 'recover', op: 1_000 });
    played.sync();
    played.claim(1, { op: 5 });
    expect(played.last).toEqual([]);
    expectNothingLeft(played);
    // Nor does what the new process begins with depend on whether its start was noted.
    const parted = new PlayedStore();
    parted.claim(1, { op: 1_001, settled: 1_001, client: 'c2' });
    parted.claim(1, { op: 5 });
    expect(parted.last).toEqual([]);
    expect(Object.keys(parted.state.sessions)).toEqual(['1']);
  });

  test('behind a number that is settled hears nothing, and the one with that number is granted', () => {
    const played = new PlayedStore();
    played.claim(1, { op: 8, settled: 7, client: 'c2' });
    played.claim(1, { op: 6 });
    expect(played.last).toEqual([]);
    expect(played.claim(1, { op: 7 })).toMatchObject({ session: 2 });
    // A floor that comes late lowers nothing.
    played.claim(1, { op: 6, settled: 2 });
    expect(played.last).toEqual([]);
  });

  test('before one with a lower number is granted, and so is that', () => {
    const played = new PlayedStore();
    for (const op of [9, 5, 7]) expect(played.claim(1, { op, client: `c${op}` })).toBeDefined();
    for (const op of [5, 7, 9]) expect(played.claim(1, { op, client: `c${op}` })).toMatchObject({ op, generation: 1 });
    expect(Object.keys(played.state.sessions)).toEqual(['1', '2', '3']);
  });
});

test('the store keeps no more claims than are under way, and some that it drops together', () => {
  const played = new PlayedStore();
  const kept = (): number => played.state.ledgers['@s1']?.claims.length ?? 0;
  for (let op = 1; op <= 1_000; op++) {
    const claim = { op, client: `c${op}` };
    const first = played.claim(1, { ...claim, settled: Math.max(1, op - 3) });
    expect(kept()).toBeLessThanOrEqual(130);
    // Those that are under way are known, whatever was dropped.
    if (op > 3) expect(played.claim(1, { op: op - 3, client: `c${op - 3}` }).session).toBe(first.session - 3);
  }
  for (let op = 1_001; op <= 1_500; op++) played.claim(op, { op, settled: 1_001 });
  expect(kept()).toBeGreaterThanOrEqual(500);
  for (let op = 1_001; op <= 1_500; op++) {
    played.claim(op, { op });
    expect(played.said(op === 1_500 ? 'claimed' : 'fenced')).toHaveLength(1);
  }
});
