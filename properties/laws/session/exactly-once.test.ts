/** The law of exactly once: what took effect and what the application was told must agree. */
import { describe, expect, test } from 'vitest';
import { exactlyOnce } from '../neutral/exactly-once.ts';
import { honest, verdict, written } from './written.ts';

const asked = () => written().intent('start').connect(1).submit('k1');

describe('an honest history holds', () => {
  test('across a lost connection', () => {
    expect(verdict(exactlyOnce, honest())).toEqual([]);
  });

  test('when a refused send fails', () => {
    expect(verdict(exactlyOnce, asked().tell('outbox_full').settle('k1', 'failed'))).toEqual([]);
  });

  test('when a send whose session is gone is unknown, whether or not it took effect, in either order of the news', () => {
    const run = asked().submit('k2').perform('k1', 1).close(1).next().tell('session_expired');
    run.say('settled', 'c1', { key: 'k1', outcome: 'unknown', stream: 0 });
    expect(verdict(exactlyOnce, run.perform('k2', 1, 2).settle('k2'))).toEqual([]);
    const reversed = asked().next().say('settled', 'c1', { key: 'k1', outcome: 'unknown', stream: 0 });
    expect(verdict(exactlyOnce, reversed.tell('session_expired').next().rest())).toEqual([]);
  });

  test('when a terminal error or a farewell leaves sends unknown', () => {
    expect(verdict(exactlyOnce, asked().tell('attempts_exhausted').settle('k1', 'unknown'))).toEqual([]);
    expect(verdict(exactlyOnce, asked().intent('leave').settle('k1', 'unknown'))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a send that takes effect twice, in one session or in two', () => {
    expect(verdict(exactlyOnce, asked().perform('k1', 1).perform('k1', 2).settle('k1'))).toEqual([
      "c1's send k1 took effect at store although it had already taken effect at store: twice.",
    ]);
    expect(verdict(exactlyOnce, asked().perform('k1', 1).perform('k1', 1, 2).settle('k1'))[0]).toContain('twice');
  });

  test('an effect without a send', () => {
    expect(verdict(exactlyOnce, written().connect(1).perform('k9', 1))).toEqual([
      "c1's send k9 took effect at store, but no such send was ever submitted.",
    ]);
  });

  test('a send that is done without an effect', () => {
    expect(verdict(exactlyOnce, asked().settle('k1'))).toEqual([
      "c1's send k1 was settled as done, but it never took effect.",
    ]);
  });

  test('a send that failed and took effect, before or after', () => {
    expect(verdict(exactlyOnce, asked().perform('k1', 1).settle('k1', 'failed'))).toEqual([
      "c1's send k1 was settled as failed, but it took effect at store.",
    ]);
    expect(verdict(exactlyOnce, asked().settle('k1', 'failed').perform('k1', 1))).toEqual([
      "c1's send k1 took effect at store after its application had been told that it failed.",
    ]);
  });

  test('a send that is settled twice', () => {
    expect(verdict(exactlyOnce, asked().perform('k1', 1).settle('k1').settle('k1', 'unknown'))).toEqual([
      "c1's send k1 was settled twice: first as done, then as unknown.",
    ]);
  });

  test('a send that is never settled', () => {
    expect(verdict(exactlyOnce, asked().perform('k1', 1).rest())).toEqual([
      "c1's send k1 took effect at store and was never settled: the application was told nothing.",
    ]);
  });

  test('an unknown outcome without a reason', () => {
    expect(verdict(exactlyOnce, asked().perform('k1', 1).settle('k1', 'unknown').rest())).toEqual([
      "c1's send k1 was settled as unknown although its session was not lost and no terminal error was told.",
    ]);
  });

  test('a settlement of what nobody asked for', () => {
    expect(verdict(exactlyOnce, written().connect(1).settle('k7', 'failed'))[0]).toContain('no such send');
  });
});
