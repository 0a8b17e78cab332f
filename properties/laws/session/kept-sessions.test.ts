/** The law of kept sessions: one that ends under somebody's hands, or too early, is caught; a farewell and its time are not. */
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/time.ts';
import { keptSessions } from './kept-sessions.ts';
import { honest, verdict, type Written, written } from './written.ts';

const says = (run: Written): string[] => verdict(keptSessions, run);
const begun = (): Written => written().intent('start').connect(1);
const ended = (run: Written, generation = 1): Written =>
  run.next().say('owned', 'store', { session: 1, generation, client: 'c1', server: '' });
const serverHears = (run: Written, code: number): Written =>
  run.next().say('closed', 's1', { conn: 1, code, reason: '', status: 0 });

describe('an honest history holds', () => {
  test('across a lost connection', () => expect(says(honest())).toEqual([]));

  test('when its client says goodbye', () => {
    expect(says(ended(serverHears(begun().intent('leave').hangUp(1, 1000), 1000)))).toEqual([]);
  });

  test('when nobody served it for its time to live, or its server died so long ago', () => {
    expect(says(ended(serverHears(begun().close(1), 1006).wait(seconds(300))))).toEqual([]);
    expect(says(ended(begun().next().say('crashed', 's1', { how: 'process' }).wait(seconds(300))))).toEqual([]);
  });

  test('when a store that is dead already loses its disk', () => {
    const dead = begun().next().say('crashed', 'store', { how: 'process' });
    expect(says(ended(dead.next()))).toEqual([]);
  });

  test('when its client began another one', () => {
    const run = ended(begun().close(1)).say('owned', 'store', {
      session: 2,
      generation: 1,
      client: 'c1',
      server: 's1',
    });
    expect(says(run.next().rest())).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a session that expires while somebody serves it', () => {
    expect(says(ended(begun().wait(seconds(400))))).toEqual([
      'Session 1 of c1 ended while s1 served it on connection #1.',
    ]);
  });

  test('a session that expires too early, and one whose time was not counted from its last sign of life', () => {
    expect(says(ended(serverHears(begun().close(1), 1006).wait(seconds(299))))).toEqual([
      'Session 1 of c1 ended 4 min 59 s after its last sign of life; it has 5 min to live.',
    ]);
    const again = serverHears(begun().wait(seconds(290)).close(1), 1006).wait(seconds(200));
    again.connect(2, { generation: 2 }).next().say('closed', 's1', { conn: 2, code: 1006, reason: '', status: 0 });
    expect(says(ended(again.wait(seconds(100)), 2))[0]).toContain('ended 1 min 40 s after its last sign of life');
  });

  test('another client’s new session is no excuse', () => {
    const run = ended(begun()).say('owned', 'store', { session: 2, generation: 1, client: 'c2', server: 's1' });
    expect(says(run)).toHaveLength(1);
  });
});
