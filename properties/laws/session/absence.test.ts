/** An expiry that was due needs nobody's permission, and no other does without. */
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/time.ts';
import { completion } from './completion.ts';
import { FACTS, verdict, type Written, written } from './written.ts';

/** The facts say: a session waits 300 s, and a client is back within 60 s. */
const facts = { ...FACTS, allowedErrors: [], convergeWithin: seconds(900) };
/** A question was asked, and the connection is lost at both ends. */
const lost = (): Written => {
  const run = written().intent('start').connect(1).submit('k1').perform('k1', 1).settle('k1', 'done', 1).close(1);
  return run.say('closed', 's1', { conn: 1, code: 1006, reason: '', status: 0 });
};
const end = (run: Written): Written =>
  run.next().say('owned', 'store', { session: 1, generation: 1, client: 'c1', server: '' });
/** The client comes back, is told, and starts clean. */
const back = (run: Written): Written => {
  run
    .wait(seconds(1))
    .dial(2)
    .open(2)
    .next()
    .say('owned', 'store', { session: 2, generation: 1, client: 'c1', server: 's1' });
  return run.tell('session_expired').welcome(2, { session: 2, resumed: false }).heal().rest();
};
const breaches = (run: Written): readonly string[] => verdict(completion, run, { facts });

describe('it holds that a session expires', () => {
  test('when its client was kept away for as long as it waits', () => {
    expect(breaches(back(end(lost().wait(seconds(300)))))).toEqual([]);
  });

  test('when the harm was over too late for the client to come back', () => {
    expect(breaches(back(end(lost().wait(seconds(250)).heal().wait(seconds(50)))))).toEqual([]);
  });

  test('when a server that took the session over could not welcome anybody', () => {
    const claimed = lost()
      .wait(seconds(100))
      .say('owned', 'store', { session: 1, generation: 2, client: 'c1', server: 's2' });
    expect(breaches(back(end(claimed.wait(seconds(300)))))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  const told = 'c1 was told session_expired (as planned) while it was owed stream 1; this scenario allows no error.';

  test('a session that ends before its time', () => {
    expect(breaches(back(end(lost().wait(seconds(299)))))).toEqual([told]);
    const claimed = lost()
      .wait(seconds(100))
      .say('owned', 'store', { session: 1, generation: 2, client: 'c1', server: 's2' });
    expect(breaches(back(end(claimed.wait(seconds(299)))))).toEqual([told]);
  });

  test('a session that ends while its server serves it', () => {
    const run = written().intent('start').connect(1).submit('k1').perform('k1', 1).settle('k1', 'done', 1);
    expect(breaches(back(end(run.wait(seconds(400)))))).toEqual([told]);
  });

  test('a session whose client could have come back', () => {
    expect(breaches(back(end(lost().wait(seconds(240)).heal().wait(seconds(60)))))).toEqual([told]);
    expect(breaches(back(end(lost().heal().wait(seconds(300)))))).toEqual([told]);
  });

  test('a session that never ended', () => {
    expect(breaches(back(lost().wait(seconds(400))))).toEqual([told]);
  });
});
