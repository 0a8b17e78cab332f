/**
 * What the laws make of pages that are loaded again, stand still or move: time in which nobody can act does not count,
 * what a page has forgotten is owed to nobody, and everything else is judged as ever.
 */
import { describe, expect, test } from 'vitest';
import { ms, seconds } from '../../../src/time.ts';
import { exactlyOnce } from '../neutral/exactly-once.ts';
import { backoff } from './backoff.ts';
import { completion } from './completion.ts';
import { context } from './context.ts';
import { honestErrors } from './honest-errors.ts';
import type { Law } from './law.ts';
import { namedErrors } from './named-errors.ts';
import { verdict, type Written, written } from './written.ts';

const begun = (): Written => written().intent('start').connect(1);
const asked = (): Written => begun().submit('k1').perform('k1', 1);
const pause = (run: Written, lasts: number): Written =>
  run.next().say('paused', 'c1', { begins: true }).wait(seconds(lasts)).say('paused', 'c1', { begins: false });
const reload = (run: Written, kept: boolean): Written =>
  run.next().say('reloaded', 'c1', { kept }).say('crashed', 'c1', { how: 'process' }).wait(seconds(1));
const says = (law: Law, run: Written): string[] => verdict(law, run);

describe('a page that stands still', () => {
  test('is not blamed for a silence that it slept through, but for every other', () => {
    expect(says(honestErrors, pause(begun(), 3600).hangUp(1).retry(ms(10)).dial(2).intent('leave'))).toEqual([]);
    expect(says(honestErrors, pause(begun(), 3600).wait(seconds(30)).hangUp(1))[0]).toBe(
      'c1 heard nothing on connection #1 for 20.25 s and did not give it up; it counts as dead after 10 s.',
    );
  });

  test('whose timers are slow gives up as much later, and no later', () => {
    const slow = (): Written =>
      begun()
        .next()
        .say('throttled', 'c1', { resolution: seconds(60) });
    expect(says(honestErrors, slow().wait(seconds(130)).hangUp(1).intent('leave'))).toEqual([]);
    expect(says(honestErrors, slow().wait(seconds(150)).hangUp(1).intent('leave'))).not.toEqual([]);
    const over = slow().wait(seconds(1)).say('throttled', 'c1', { resolution: 0 });
    // The next connection knows nothing of it.
    const next = over.hangUp(1).retry(ms(10)).connect(2, { generation: 2 });
    expect(says(honestErrors, next.wait(seconds(30)).hangUp(2))).not.toEqual([]);
  });

  test('whose timers were slow before it slept is given the time for that, and no more', () => {
    const slept = (): Written => {
      const run = begun()
        .next()
        .say('throttled', 'c1', { resolution: seconds(60) })
        .hangUp(1)
        .wait(seconds(20));
      run.next().say('paused', 'c1', { begins: true }).wait(seconds(5));
      run.say('throttled', 'c1', { resolution: 0 }).wait(seconds(55));
      return run.say('paused', 'c1', { begins: false });
    };
    expect(says(honestErrors, slept().dial(2).intent('leave'))).toEqual([]);
    expect(says(honestErrors, slept().wait(seconds(120)).dial(2).intent('leave'))).not.toEqual([]);
  });
});

describe('a page that is loaded again', () => {
  test('with its state is owed what it was owed, and settles it once', () => {
    const again = reload(asked(), true).intent('start').connect(2, { generation: 2 });
    expect(says(completion, again)).toHaveLength(1);
    expect(says(exactlyOnce, again)).toHaveLength(1);
    const settled = (): Written =>
      reload(asked(), true).intent('start').connect(2, { generation: 2 }).settle('k1', 'done', 0);
    expect(says(completion, settled())).toEqual([]);
    expect(says(exactlyOnce, settled())).toEqual([]);
    expect(says(exactlyOnce, settled().settle('k1', 'done', 0))).toHaveLength(1);
  });

  test('without it is owed nothing, but what it asked must still happen once', () => {
    const again = (): Written => reload(asked(), false).intent('start').connect(2, { session: 2 });
    for (const law of [completion, exactlyOnce, context, honestErrors]) expect(says(law, again())).toEqual([]);
    expect(says(exactlyOnce, again().perform('k1', 1, 2))).toEqual([
      "c1's send k1 took effect at store although it had already taken effect at store: twice.",
    ]);
  });

  test('with its state must say that its session is gone; without, it must not', () => {
    const clean = (kept: boolean): Written =>
      reload(begun(), kept).intent('start').connect(2, { session: 2, resumed: false }).close(2).retry(ms(10)).dial(3);
    expect(says(honestErrors, clean(true))).toEqual([
      'c1 lost its session and started a clean one, but its application was not told session_expired.',
    ]);
    expect(says(honestErrors, clean(false))).toEqual([]);
  });

  test('dials at once and without a name for what it left behind, and waits as ever after that', () => {
    const fresh = (): Written => reload(begun(), true).intent('start').dial(2);
    expect(says(backoff, fresh())).toEqual([]);
    expect(says(namedErrors, fresh())).toEqual([]);
    expect(says(backoff, fresh().hangUp(2).retry(seconds(90), false))).toHaveLength(1);
  });

  test('of an older session than the laws know is a breach', () => {
    const forgot = reload(asked().settle('k1', 'done', 0), false).intent('start');
    expect(says(context, forgot.connect(2, { generation: 2, resumed: true }))).toEqual([
      'c1 resumed session 1, but it had none.',
    ]);
  });
});

describe('a device that moves', () => {
  test('may dial beside its connection, or instead of a wait, once', () => {
    const moved = (): Written => begun().wait(seconds(1)).intent('moved').dial(2);
    for (const law of [backoff, honestErrors, namedErrors]) expect(says(law, moved().intent('leave'))).toEqual([]);
    expect(says(backoff, moved().dial(3))).toHaveLength(1);
    expect(says(backoff, begun().close(1).retry(seconds(1), false).intent('moved').dial(2))).toEqual([]);
    expect(says(backoff, begun().close(1).retry(seconds(1), false).dial(2))).toHaveLength(1);
  });
});

describe('a stream that is gone', () => {
  const gone = (run: Written): Written =>
    run.next().say('told', 'c1', { error: 'stream_gone', detail: '', stream: 1 }).rest();

  test('is owed no more when the scenario allows the error, and is a breach when not', () => {
    const open = (): Written => asked().settle('k1', 'done', 1);
    const disallowed = says(completion, gone(open()));
    expect(disallowed).toHaveLength(1);
    expect(disallowed[0]).toContain('c1 was told stream_gone');
    expect(says(completion, open().rest())[0]).toContain('still owed stream 1');
  });
});
