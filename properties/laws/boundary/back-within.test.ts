/** The laws of time at the boundary, each with the breach that it is there for: back within, completion and freshness. */
import { describe, expect, test } from 'vitest';
import type { Facts, Promises } from '../../../src/facts.ts';
import { seconds } from '../../../src/time.ts';
import { backWithin } from './back-within.ts';
import { completion } from './completion.ts';
import { freshness } from './freshness.ts';
import { judged, Story } from './written.ts';

describe('back within', () => {
  const facts: Partial<Facts> = { clients: [{ node: 'c1', connected: true }] };
  const says = (story: Story, more = facts): string[] => judged(backWithin, story, { backWithin: seconds(10) }, more);
  const online = (): Story => new Story().heal().start().dial(1).say('asked', 's1', { conn: 1 }).open(1);
  /** The end of a story that goes on for so long. */
  const last = (story: Story, after: number): Story => story.after(after).leave();

  test('a client that has a connection, or none for less than the bound, is no matter', () => {
    expect(says(last(online(), 100))).toEqual([]);
    expect(says(last(online().lose(1), 10))).toEqual([]);
    expect(says(last(online().lose(1).after(9).dial(2).open(2), 100))).toEqual([]);
  });

  test('a client that has none for longer is named with what it did about it', () => {
    expect(says(last(online().after(1).lose(1), 11))).toEqual([
      'c1 has had no connection that works for 11 s, where it promises to be back within 10 s: it dialled last at 0.000000 s (wss://s1/chat), and that ended at 1.000000 s with 1006.',
    ]);
    expect(says(last(online().lose(1).after(8).dial(2), 3))[0]).toContain('that is not open yet');
    expect(says(last(new Story().heal().start(), 11))[0]).toContain('it has never dialled');
    expect(says(online().lose(1).rest())[0]).toContain('the run came to rest');
  });

  test('time runs from the end of the last fault, and of a pause, of a reload and of being offline', () => {
    const cut = (): Story => new Story().start().dial(1).open(1).lose(1).after(100).heal();
    expect(says(last(cut(), 10))).toEqual([]);
    expect(says(last(cut(), 11))).toHaveLength(1);
    const held = (): Story => online().lose(1).say('paused', 'c1', { begins: true }).after(100);
    expect(says(last(held().say('paused', 'c1', { begins: false }), 10))).toEqual([]);
    const loaded = (): Story => online().say('reloaded', 'c1', { kept: true }).say('crashed', 'c1', { how: 'process' });
    expect(says(last(loaded().after(100).say('restarted', 'c1', {}), 10))).toEqual([]);
    expect(says(last(loaded().after(100).say('restarted', 'c1', {}), 11))).toHaveLength(1);
    const offline = (): Story => online().lose(1).say('intent', 'c1', { intent: 'offline' }).after(100);
    expect(says(last(offline().say('intent', 'c1', { intent: 'online' }), 10))).toEqual([]);
  });

  test('nobody is held to it who left, was told an end, wants no connection, or finds no server', () => {
    const errors = { feed_over: { terminal: true, transient: false } };
    const over = (): Story => online().lose(1).say('told', 'c1', { error: 'feed_over', detail: '' });
    expect(says(last(over(), 100), { ...facts, errors })).toEqual([]);
    expect(says(last(over(), 100))).toHaveLength(1);
    expect(says(online().lose(1).leave().after(100).rest())).toEqual([]);
    expect(says(last(online().lose(1), 100), { clients: [{ node: 'c1' }] })).toEqual([]);
    const alone = (): Story => online().say('crashed', 's1', { how: 'exit' }).lose(1);
    expect(says(last(alone(), 100))).toEqual([]);
    expect(says(last(alone().after(100).say('restarted', 's1', {}), 11))).toHaveLength(1);
  });

  test('a connection that only the client believes in is none', () => {
    const half = online().say('closed', 's1', { conn: 1, code: 1006, reason: '', status: 0 });
    expect(says(last(half, 11))[0]).toContain('believes in a connection that the other end has given up');
    const gone = online().say('crashed', 's1', { how: 'host' }).say('restarted', 's1', {});
    expect(says(last(gone, 11))).toHaveLength(1);
    const abandoned = online().say('hungUp', 'c1', { conn: 1, code: 1006, reason: 'rst' }).dial(2).open(2);
    expect(says(last(abandoned, 100))).toEqual([]);
  });

  test('of a page its WebSocket counts, and not what is below it; a half-open one does not', () => {
    const page = (state: 'connecting' | 'open', conn = 1): Story =>
      online().say('socket', 'c1', { socket: 1, state, url: 'wss://s1/chat', conn });
    expect(says(last(page('open'), 100))).toEqual([]);
    expect(says(last(page('connecting'), 11))[0]).toContain('not open yet');
    const half = page('open').say('closed', 's1', { conn: 1, code: 1006, reason: '', status: 0 });
    expect(says(last(half, 11))).toHaveLength(1);
    const over = page('open').after(1).say('socket', 'c1', { socket: 1, state: 'closed', url: '', code: 4000 });
    expect(says(last(over, 11))[0]).toContain('ended at 1.000000 s with 4000');
  });
});

describe('completion', () => {
  const promises: Promises = { delivery: 'exactly-once', order: 'per-stream', completeWithin: seconds(10) };
  const says = (story: Story, more: Promises = {}): string[] => judged(completion, story, { ...promises, ...more });
  const begun = (): Story => new Story().heal().start();
  const last = (story: Story, after: number): Story => story.after(after).leave();

  test('what was written is read in time by who reads that stream', () => {
    const half = (): Story => begun().wrote('Hello, ').read('Hello, ').after(1).wrote('world');
    expect(says(last(half().after(9).read('world'), 100))).toEqual([]);
    expect(says(last(half(), 10))).toEqual([]);
    expect(says(last(half().read('wo'), 11))).toEqual([
      'c1 lacks "rld" of stream "answer", which s1 wrote, 1 s after the promised 10 s; it has never dialled.',
    ]);
    expect(says(half().after(11).read('world'))[0]).toContain('lacks "world" of stream "answer"');
    expect(says(half().rest())[0]).toContain('the run came to rest');
    expect(says(last(begun().wrote('never read'), 100))).toEqual([]);
  });

  test('a second tab that was closed is owed nothing', () => {
    const both = (): Story => begun().wrote('a').read('a').read('a', 'answer', 'c1~2');
    const left = (story: Story): Story => story.wrote('b').read('b');
    expect(says(last(left(both()), 11))[0]).toContain('c1~2 lacks "b"');
    expect(says(last(left(both().leave('c1~2')), 11))).toEqual([]);
  });

  test('the time runs from the last fault, and from when its reader is there again', () => {
    const cut = (): Story => new Story().start().wrote('a').read('a').wrote('b').after(100).heal();
    expect(says(last(cut(), 10))).toEqual([]);
    expect(says(last(cut(), 11))).toHaveLength(1);
    expect(says(last(new Story().start().wrote('a').read('a').wrote('b'), 100))).toEqual([]);
  });

  test('a stream called like a key is read by who asked under it', () => {
    expect(says(last(begun().submit('q1').perform('q1').wrote('a', 'q1'), 11))[0]).toContain(
      'c1 lacks "a" of stream "q1"',
    );
    expect(says(last(begun().submit('q1').perform('q1').wrote('a', 'q1').read('a', 'q1'), 11))).toEqual([]);
  });

  test('nobody reads on who was told an error of the stream, put it away, left, or was loaded again', () => {
    const half = (): Story => begun().wrote('a').read('a').wrote('b');
    expect(says(last(half().say('told', 'c1', { error: 'gone', detail: '', stream: 'answer' }), 100))).toEqual([]);
    expect(says(last(half().say('replaced', 'c1', { stream: 'answer' }), 100))).toEqual([]);
    expect(says(last(half().say('replaced', 'c1', { stream: 'answer', value: 'a' }), 100))).toHaveLength(1);
    expect(says(half().leave().after(100).rest())).toEqual([]);
    const again = (): Story => half().say('reloaded', 'c1', { kept: true });
    expect(says(last(again(), 100))).toEqual([]);
    expect(says(last(again().read('a'), 100))).toHaveLength(1);
  });

  test('a second tab that was closed is owed nothing, while its client goes on and is', () => {
    const tabs = (): Story => new Story().heal().start().start('c1~2').wrote('a').read('a').read('a', 'answer', 'c1~2');
    const closed = (): Story => tabs().leave('c1~2').wrote('b').read('b').after(100);
    expect(says(closed().leave())).toEqual([]);
    expect(says(closed().rest())).toEqual([]);
    const open = tabs().wrote('b').read('b').after(11).leave('c1~2').after(100);
    expect(says(open)).toEqual([expect.stringContaining('c1~2 lacks "b"')]);
    const late = closed().read('b', 'answer', 'c1~2').wrote('c').read('c').after(100);
    expect(says(late.leave())).toEqual([]);
    const again = closed().start('c1~2').read('b', 'answer', 'c1~2').wrote('c').read('c').after(11);
    expect(says(again.leave())[0]).toContain('c1~2 lacks "c"');
  });

  test('pieces are owed as often as they were written, where they are items', () => {
    const items = (): Story => begun().wrote('a').wrote('b').wrote('a').read('a');
    const under = (story: Story, delivery: Promises['delivery']): string[] =>
      says(last(story, 11), { delivery, order: 'none' } as Promises);
    expect(under(items().read('b').read('a'), 'exactly-once')).toEqual([]);
    expect(under(items().read('a'), 'exactly-once')[0]).toContain('lacks "b"');
    expect(under(items().read('b').read('b'), 'at-least-once')[0]).toContain('lacks "a"');
    expect(under(items(), 'at-most-once')).toEqual([]);
  });

  test('what was asked for takes effect, or is told, and where outcomes are told this one is', () => {
    const asked = (): Story => begun().submit('order-1');
    expect(says(last(asked(), 11))[0]).toBe(
      'c1 asked for order-1 at 0.000000 s, and nothing has come of it, 1 s after the promised 10 s; it has never dialled.',
    );
    expect(says(last(asked().perform('order-1'), 100))).toEqual([]);
    expect(says(last(asked().settle('order-1', 'failed'), 100))).toEqual([]);
    const both = asked().submit('order-2').perform('order-1').settle('order-1').perform('order-2');
    expect(says(last(both, 11))[0]).toContain('it took effect at 0.000000 s at s1, but c1 was never told');
    expect(says(last(asked().say('reloaded', 'c1', { kept: true }), 100))).toEqual([]);
  });
});

describe('freshness', () => {
  const promises: Promises = { delivery: 'exactly-once', order: 'per-stream', freshWithin: seconds(2) };
  const says = (story: Story): string[] => judged(freshness, story, promises);
  const living = (): Story => new Story().start().dial(1).open(1).wrote('a').read('a').after(1);
  const fault = (story: Story, begins: boolean): Story =>
    story.say('fault', 'c1-s1', { fault: 0, name: 'cut', begins });

  test('what is written is read soon while the connection lives', () => {
    expect(says(living().wrote('b').after(2).read('b').after(9).leave())).toEqual([]);
    expect(says(living().wrote('b').after(3).read('b'))).toEqual([
      'c1 lacks "b" of stream "answer", which s1 wrote, 1 s after the promised 2 s; its connection lives, and nothing is wrong with its path.',
    ]);
    expect(says(living().wrote('b').after(3).leave())).toHaveLength(1);
  });

  test('nothing is promised during a fault, nor on a connection that has brought nothing since', () => {
    const cut = (): Story => fault(living(), true).wrote('b').after(9);
    expect(says(cut().leave())).toEqual([]);
    const healed = (): Story => fault(cut(), false).after(1);
    expect(says(healed().after(9).leave())).toEqual([]);
    const heard = (): Story => healed().say('delivered', 'c1', { conn: 1, payload: 'x', bytes: 1 });
    expect(says(heard().after(2).read('b').leave())).toEqual([]);
    expect(says(heard().after(3).leave())).toHaveLength(1);
    expect(says(healed().lose(1).dial(2).open(2).after(3).leave())).toHaveLength(1);
  });

  test('nor without a connection, nor to a page that stands still', () => {
    expect(says(living().lose(1).wrote('b').after(9).leave())).toEqual([]);
    expect(says(living().say('paused', 'c1', { begins: true }).wrote('b').after(9).read('b'))).toEqual([]);
    expect(
      says(living().say('closed', 's1', { conn: 1, code: 1006, reason: '', status: 0 }).wrote('b').after(9).leave()),
    ).toEqual([]);
  });
});
