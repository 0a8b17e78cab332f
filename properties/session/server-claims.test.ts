/** What a server says with its claims, and in which order their answers may come: by script, every side played by the test. */
import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../src/close-codes.ts';
import { counting } from '../machines/looks.ts';
import { CONFIG, Played } from '../machines/server.ts';

describe('a claim', () => {
  /** A connection comes, and its token is good; returns the claim. */
  const claiming = (played: Played, conn: number) => {
    played.greet(conn, { client: `c${conn}` });
    played.verify();
    return played.asked('claim');
  };
  const end = { type: 'closed', code: 1006, reason: '', clean: false, status: 0 } as const;

  test('says below which number no claim is asked again: that of the oldest which is not answered', () => {
    const played = new Played();
    const first = claiming(played, 1);
    expect(first.settled).toBe(first.op);
    const second = claiming(played, 2);
    expect(second.settled).toBe(first.op);
    played.claim(2, { session: 2 });
    expect(claiming(played, 3).settled).toBe(first.op);
    played.hear({ type: 'fenced', session: 1, generation: 1, op: first.op });
    const fourth = claiming(played, 4);
    expect(fourth.settled).toBeGreaterThan(second.op);
    expect(fourth.settled).toBeLessThan(fourth.op);
  });

  test('that is given up with its connection is settled, also when its answer never comes', () => {
    const played = new Played();
    claiming(played, 1);
    played.tell({ ...end, conn: 1 });
    const withdraw = played.asked('withdraw');
    const next = claiming(played, 2);
    expect(next.settled).toBe(next.op);
    expect(next.op).toBeGreaterThan(withdraw.op);
  });

  test('that is asked again says what it said first', () => {
    const played = new Played();
    const first = claiming(played, 1);
    const second = claiming(played, 2);
    played.hear({ type: 'fenced', session: 1, generation: 1, op: first.op });
    played.pass(CONFIG.callTimeout);
    expect(played.posted('claim')).toEqual([second]);
  });

  test('of a new process begins behind all numbers of earlier ones', () => {
    const played = new Played();
    played.pass(7_000_000);
    played.tell({ type: 'started' });
    const { op } = played.asked('recover');
    expect(op).toBeGreaterThan(7_000_000);
    expect(claiming(played, 1).settled).toBeGreaterThan(op);
  });

  test('costs no look at the requests under way', () => {
    const played = new Played();
    // Numbers begin at the clock of the start, far behind the first.
    played.pass(1_000_000);
    played.tell({ type: 'started' });
    const { part, looks } = counting(played.state.calls, 200);
    played.state.calls = part;
    for (let conn = 1; conn <= 200; conn++) claiming(played, conn);
    expect(looks()).toBeLessThan(200 * 10);
  });

  test('that is granted after a newer one of this server is closed with 4001, and takes nothing from that', () => {
    const played = new Played();
    const resume = { session: 1, resumeToken: 6, streams: [] };
    played.attach(1);
    played.greet(2, { resume });
    played.verify();
    const { op } = played.asked('claim');
    played.attach(3, { cursors: [] });
    expect(played.closes()).toEqual([CLOSE.takenOver]);
    played.hear({
      ...{ type: 'claimed', op, conn: 2, session: 1, generation: 2, resumeToken: 7, resumed: true },
      ...{ sendAck: 0, context: { turns: 0, digest: 0 }, streams: [] },
    });
    expect(played.effects('close')).toMatchObject([{ conn: 2, code: CLOSE.takenOver }]);
    expect(played.sent('WELCOME')).toEqual([]);
    expect(played.effects('post')).toEqual([]);
    expect(played.state).toMatchObject({ connections: 1, sessions: { 1: 3 } });
  });
});
