/** The law of context: what a client resumes with is what took effect, no more, no less, in order. */
import { describe, expect, test } from 'vitest';
import { context } from './context.ts';
import { CLEAN, contextOf, honest, verdict, type Written, written } from './written.ts';

const asked = (...keys: string[]): Written => {
  const run = written().intent('start').connect(1);
  for (const key of keys) run.submit(key);
  return run;
};

describe('an honest history holds', () => {
  test('across a lost connection', () => {
    expect(verdict(context, honest())).toEqual([]);
  });

  test('when a send takes effect while a second connection is on its way, included or not', () => {
    const run = (seen: string[]): Written =>
      asked('k1')
        .dial(2)
        .open(2)
        .perform('k1', 1)
        .welcome(2, { generation: 2, context: contextOf(...seen) });
    expect(verdict(context, run([]))).toEqual([]);
    expect(verdict(context, run(['k1']))).toEqual([]);
  });

  test('when an expired session starts clean', () => {
    const run = asked('k1').perform('k1', 1).settle('k1').close(1).connect(2, { session: 2, resumed: false });
    run.perform('k2', 1, 2).settle('k2').close(2);
    expect(verdict(context, run.connect(3, { session: 2, generation: 2, context: contextOf('k2') }))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a turn that is forgotten', () => {
    const run = asked('k1', 'k2').perform('k1', 1).perform('k2', 2).close(1);
    expect(verdict(context, run.connect(2, { generation: 2, context: contextOf('k1') }))).toEqual([
      'c1 resumed session 1 with 1 turn, but 2 had taken effect when it opened the connection.',
    ]);
  });

  test('a turn that is forgotten, although an earlier dial opened after it was given up', () => {
    const run = asked('k1').close(1).dial(2).hangUp(2).open(2).perform('k1', 1);
    expect(verdict(context, run.connect(3, { generation: 2, context: CLEAN }))).toEqual([
      'c1 resumed session 1 with 0 turns, but 1 had taken effect when it opened the connection.',
    ]);
  });

  test('a turn that the application was told is done, however late', () => {
    const run = asked('k1').dial(2).open(2).perform('k1', 1).settle('k1').welcome(2, { generation: 2, context: CLEAN });
    expect(verdict(context, run)).toEqual([
      'c1 resumed session 1 with 0 turns, but it had been told that turn 1 was done.',
    ]);
  });

  test('a turn that never took effect', () => {
    const run = asked('k1')
      .close(1)
      .connect(2, { generation: 2, context: contextOf('k1') });
    expect(verdict(context, run)).toEqual(['c1 resumed session 1 with 1 turn, but only 0 sends had taken effect.']);
  });

  test('turns in another order, or out of order', () => {
    const run = asked('k1', 'k2').perform('k1', 1).perform('k2', 2).close(1);
    expect(verdict(context, run.connect(2, { generation: 2, context: contextOf('k2', 'k1') }))[0]).toContain(
      'after 2 turns, where the model has',
    );
    expect(verdict(context, asked('k1').perform('k1', 2))).toEqual([
      "c1's send k1 took effect in session 1 as client_seq 2 when 1 was next.",
    ]);
  });

  test('a clean session that is not clean, or not new', () => {
    const run = asked('k1').perform('k1', 1).close(1);
    expect(verdict(context, run.connect(2, { session: 2, resumed: false, context: contextOf('k1') }))[0]).toContain(
      'started session 2 clean, but its context holds 1 turn',
    );
    expect(verdict(context, asked().connect(2, { generation: 2, resumed: false }))[0]).toBe(
      'c1 was told that a clean session was started, but it is session 1 again.',
    );
  });

  test("a resume of somebody else's session, or at an old generation", () => {
    expect(verdict(context, asked().connect(2, { session: 9, generation: 2 }))).toEqual([
      'c1 resumed session 9, but its session was 1.',
    ]);
    expect(verdict(context, asked().connect(2, { generation: 1, resumed: true }))).toEqual([
      'c1 resumed session 1 at generation 1, but it had been at 1.',
    ]);
  });
});
