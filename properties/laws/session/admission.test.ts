/** The law of admission: no server takes more than it says it can. */
import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/session/facts.ts';
import { seconds, us } from '../../../src/time.ts';
import { admission } from './admission.ts';
import { FACTS, honest, verdict, type Written, welcome, written } from './written.ts';

/** Three a second: slots are 333,333 or 333,334 us apart. */
const facts = (turnsAway = false): Facts => ({ ...FACTS, admits: [{ node: 's1', rate: 3, turnsAway }] });

/** Connections are accepted so long after the start, and welcomed if they are of those. */
function accepting(times: readonly number[], welcomed: readonly number[] = []): Written {
  const run = written();
  let now = 0;
  for (const [i, at] of times.entries()) {
    run.wait(us(at - now)).say('accepted', 's1', { conn: i + 1 });
    now = at;
  }
  for (const conn of welcomed) run.send(conn, 's1', welcome(conn, 1, false));
  return run;
}

describe('an honest history holds', () => {
  test('of one client', () => {
    expect(verdict(admission, honest())).toEqual([]);
  });

  test('of slots cut off to microseconds, and of a pause before a second rush', () => {
    const rush = [0, 333_333, 666_666, 1_000_000, 1_333_333];
    expect(verdict(admission, accepting(rush), { facts: facts() })).toEqual([]);
    const twice = [...rush, ...rush.map((at) => at + 1_666_667)];
    expect(verdict(admission, accepting(twice), { facts: facts() })).toEqual([]);
  });

  test('of servers without a limit', () => {
    expect(verdict(admission, accepting([0, 0, 0]), { facts: { ...FACTS, admits: [] } })).toEqual([]);
  });

  test('of a process that took the place of one that died', () => {
    const run = accepting([0]).say('crashed', 's1', { how: 'process' }).say('accepted', 's1', { conn: 2 });
    expect(verdict(admission, run, { facts: facts() })).toEqual([]);
  });

  test('of a server that accepts whom it turns away', () => {
    expect(verdict(admission, accepting([0, 1, 2, 333_333], [1, 4]), { facts: facts(true) })).toEqual([]);
  });
});

describe('of one that counts in windows of a second', () => {
  const windows: Facts = { ...FACTS, admits: [{ node: 's1', rate: 3, turnsAway: false, window: seconds(1) }] };
  /** Three at the end of a window, and three at the beginning of each one behind it. */
  const full = [999_997, 999_998, 999_999, 1_000_000, 1_000_001, 1_000_002, 2_000_000, 2_000_001, 2_000_002];

  test('full windows, side by side, hold', () => {
    expect(verdict(admission, accepting(full), { facts: windows })).toEqual([]);
  });

  test('a window too many is caught', () => {
    const more = [...full.slice(0, 6), 1_000_003, 1_000_004, 1_000_005];
    const [breach] = verdict(admission, accepting(more), { facts: windows });
    expect(breach).toMatch(/^s1 admitted 8 connections within /);
  });
});

describe('a breach is caught', () => {
  test('two in one slot', () => {
    expect(verdict(admission, accepting([0, 333_331]), { facts: facts() })).toEqual([
      's1 admitted 2 connections within 333.331 ms, the last of them at 333.331 ms; it can admit 3 a second.',
    ]);
  });

  test('a rate that is a little too high, when it has gone on for long enough', () => {
    const fast = Array.from({ length: 1000 }, (_, i) => Math.floor((i * 1_000_000) / 3.01));
    const [breach] = verdict(admission, accepting(fast), { facts: facts() });
    expect(breach).toMatch(/^s1 admitted \d+ connections within .*; it can admit 3 a second\.$/);
  });

  test('a saved-up second: no slot is kept for later', () => {
    expect(verdict(admission, accepting([0, 5_000_000, 5_000_001]), { facts: facts() })).toHaveLength(1);
  });

  test('a connection that was not turned away, of a server that turns away', () => {
    const run = accepting([0, 1], [2, 1]);
    expect(verdict(admission, run, { facts: facts(true) })).toHaveLength(1);
    const died = accepting([0, 1], [2, 1]).wait(seconds(1)).say('crashed', 's1', { how: 'process' });
    expect(verdict(admission, died, { facts: facts(true) })).toHaveLength(1);
  });
});
