/** The law of leaks: at rest everything is gone. */
import { expect, test } from 'vitest';
import { noLeak } from '../neutral/no-leak.ts';
import { honest, verdict, written } from './written.ts';

test('an honest history holds', () => {
  expect(verdict(noLeak, honest())).toEqual([]);
});

test('a timer, a connection or a session that is left over is caught by name', () => {
  const timers = ['retry', 'ack', 'heartbeat', 'liveness'].map((timer, key) => ({ node: 'c1', timer, key }));
  const run = written().say('rest', 'lb', { timers, conns: [{ node: 's1', conn: 65537 }], sessions: [4, 5] });
  expect(verdict(noLeak, run)).toEqual([
    'At rest there was left: 4 timers (retry of c1, ack 1 of c1, heartbeat 2 of c1, …); 1 connection (#65537 at s1); 2 sessions (4, 5).',
  ]);
});
