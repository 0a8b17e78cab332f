/** The law of the herd: clients that fell together do not come back together. */
import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/session/facts.ts';
import { type Duration, ms, seconds } from '../../../src/time.ts';
import { noHerd } from '../neutral/no-herd.ts';
import { FACTS, honest, verdict, type Written, written } from './written.ts';

const NAMES = Array.from({ length: 8 }, (_, i) => `c${i + 1}`);
/** Three arrivals in 100 ms. */
const facts: Facts = {
  ...FACTS,
  clients: NAMES.map((node) => ({ ...(FACTS.clients[0] as Facts['clients'][number]), node })),
};
/** Everybody is connected. */
function crowd(): Written {
  const run = written();
  for (const [i, node] of NAMES.entries()) run.next().say('dialled', node, { conn: i + 1, to: 's1' });
  return run.wait(seconds(10));
}
const back = (run: Written, gap: Duration, names: readonly string[] = NAMES): Written => {
  for (const [i, node] of names.entries()) run.wait(gap).say('dialled', node, { conn: 100 + i, to: 's1' });
  return run;
};

describe('an honest history holds', () => {
  test('of one client', () => {
    expect(verdict(noHerd, honest())).toEqual([]);
  });

  test('when the first dials of all clients come together, and the returns one after the other', () => {
    expect(verdict(noHerd, back(crowd(), ms(34)), { facts })).toEqual([]);
  });

  test('when the devices come online together: nobody tells them to wait', () => {
    const run = crowd();
    for (const node of NAMES) run.next().say('intent', node, { intent: 'online' });
    expect(verdict(noHerd, back(run, ms(1)), { facts })).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('four arrivals within the window of three', () => {
    expect(verdict(noHerd, back(crowd(), ms(10)), { facts })[0]).toBe(
      'c4 was the last of 4 arrivals at s1 within 30 ms; in 100 ms there may be 3, where 10 a second are admitted.',
    );
  });

  test('a single client that dials in a loop', () => {
    expect(verdict(noHerd, back(crowd(), ms(25), ['c1', 'c1', 'c1', 'c1']), { facts })).toHaveLength(1);
  });

  test('a second round of dials after coming online', () => {
    const run = crowd();
    for (const node of NAMES) run.next().say('intent', node, { intent: 'online' });
    expect(verdict(noHerd, back(back(run, ms(1)), ms(1)), { facts })).not.toEqual([]);
  });
});
