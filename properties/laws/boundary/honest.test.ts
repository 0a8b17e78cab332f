/** Laws at the boundary about what is told, to whom, and what is left behind; each with the breach that it is there for. */
import { describe, expect, test } from 'vitest';
import type { Promises } from '../../../src/facts.ts';
import { honestErrors } from './honest-errors.ts';
import { isolation } from './isolation.ts';
import { noLeak } from './no-leak.ts';
import { noUncaught } from './no-uncaught.ts';
import { judged, Story } from './written.ts';

describe('honest errors', () => {
  const says = (story: Story): string[] => judged(honestErrors, story, {});
  const asked = (): Story => new Story().submit('order-1');

  test('done is told of what has taken effect', () => {
    expect(says(asked().perform('order-1').settle('order-1'))).toEqual([]);
    expect(says(asked().submit('x').perform('x').settle('order-1'))).toEqual([
      'c1 was told at 0.000000 s that order-1 is done, and it never took effect.',
    ]);
    expect(says(asked().settle('order-1').perform('order-1'))[0]).toContain('took effect only later');
    expect(says(asked().perform('order-1', 'c2').settle('order-1'))[0]).toContain('for somebody else');
    expect(says(asked().settle('order-1'))).toEqual([]);
  });

  test('failed is told of what never takes effect; unknown is always true', () => {
    expect(says(asked().settle('order-1', 'failed'))).toEqual([]);
    expect(says(asked().perform('order-1').settle('order-1', 'failed'))).toHaveLength(1);
    expect(says(asked().settle('order-1', 'failed').perform('order-1'))[0]).toContain('performed it afterwards');
    expect(says(asked().submit('order-1', 'c2').settle('order-1', 'failed').perform('order-1', 'c2'))).toEqual([]);
    expect(says(asked().perform('order-1').settle('order-1', 'unknown'))).toEqual([]);
  });

  test('one ending is told, to who asked', () => {
    expect(says(asked().perform('order-1').settle('order-1').settle('order-1'))).toEqual([]);
    expect(says(asked().settle('order-1', 'unknown').settle('order-1', 'failed'))[0]).toContain('after unknown');
    expect(says(asked().settle('order-2', 'failed'))[0]).toContain('which it had not asked for');
    expect(says(new Story().settle('order-2', 'failed'))).toEqual([]);
  });

  test('an error of a stream is about one that there is', () => {
    const told = (stream?: string): Story =>
      asked()
        .wrote('a')
        .say('told', 'c1', { error: 'gone', detail: '', ...(stream === undefined ? {} : { stream }) });
    for (const stream of ['answer', 'order-1', undefined]) expect(says(told(stream))).toEqual([]);
    expect(says(told('other'))[0]).toContain('c1 was told gone of stream "other"');
  });

  test('where it is said which errors may be told, no other is', () => {
    const told = new Story().say('told', 'c1', { error: 'busy', detail: 'try again' });
    const under = (allowedErrors: readonly string[]): string[] => judged(honestErrors, told, {}, { allowedErrors });
    expect(under(['busy'])).toEqual([]);
    expect(under(['gone'])).toEqual(['c1 was told busy (try again); it may be told gone.']);
    expect(under([])[0]).toContain('no error');
  });
});

describe('isolation', () => {
  const under = (isolated: Promises['isolated'], story: Story): string[] =>
    judged(isolation, story, { isolated } as Promises);
  const asked = (): Story => new Story().submit('q1').wrote('a', 'q1');

  test('by key: a stream is for who asked under its name, in any tab, and for nobody else', () => {
    expect(under('by-key', asked().read('a', 'q1').read('a', 'q1', 'c1~2'))).toEqual([]);
    expect(under('by-key', asked().read('a', 'q1', 'c2'))).toEqual([
      'c2 was given something of stream "q1", which c1 asked for.',
    ]);
    expect(under('by-key', asked().say('replaced', 'c2', { stream: 'q1', value: 'a' }))).toHaveLength(1);
    expect(under('by-key', new Story().wrote('a', 'q1').read('a', 'q1', 'c2').submit('q1'))[0]).toContain(
      'before c1 asked',
    );
    expect(under('by-key', asked().wrote('b', 'news').read('b', 'news', 'c2'))).toEqual([]);
    expect(under('by-key', asked().submit('q1', 'c2').read('a', 'q1', 'c2'))).toEqual([]);
  });

  test('by a function: it says for each stream who may see it', () => {
    const own = (client: string, stream: number | string): boolean => String(stream).startsWith(client);
    expect(under(own, new Story().read('a', 'c1/x'))).toEqual([]);
    expect(under(own, new Story().read('a', 'c1/x', 'c2'))).toEqual([
      'c2 was given something of stream "c1/x", which is not for it.',
    ]);
    expect(under(own, new Story().read('a', 'c1/x', 's1'))).toEqual([]);
  });

  test('outcomes are told to who asked, and done for who asked', () => {
    expect(under('by-key', asked().settle('q1', 'done', 'c2'))[0]).toContain('which c1 asked for');
    expect(under('by-key', asked().perform('q1', 'c2'))[0]).toContain('performed q1 for c2');
    expect(under('by-key', asked().perform('q1').perform('q1', 'c1').settle('q1'))).toEqual([]);
  });
});

test('no leak: what is still held is named in the words of whoever saw it', () => {
  const held = (timers: readonly string[], listeners: readonly string[] = []): string[] =>
    judged(noLeak, new Story().say('held', 'c1', { timers, sockets: [], listeners }), { noLeak: true });
  expect(held([])).toEqual([]);
  expect(held(['setInterval of 5,000 ms, set in chat.ts:12'], ['online'])).toEqual([
    'c1 still holds what its application left behind: 1 timer (setInterval of 5,000 ms, set in chat.ts:12); 1 listener (online).',
  ]);
  const keeping = (keeps: readonly string[]): string[] =>
    judged(
      noLeak,
      new Story().say('held', 'c1', { timers: [], sockets: [], listeners: ['pagehide of the window', 'online'] }),
      { noLeak: { keeps } },
    );
  expect(keeping(['pagehide', 'online'])).toEqual([]);
  expect(keeping(['pagehide'])[0]).toContain('1 listener (online)');
  expect(held(['a', 'b', 'c', 'd'])[0]).toContain('4 timers (a, b, c, …)');
});

test('no uncaught: an error is named with the first place of its stack', () => {
  const story = new Story()
    .say('uncaught', 's1', {
      how: 'error',
      error: 'TypeError: x is null',
      stack: 'TypeError: x is null\n    at on (chat.ts:7:3)\n    at b',
    })
    .say('uncaught', 'c1', { how: 'rejection', error: 'no', stack: '' });
  expect(judged(noUncaught, story, {})).toEqual([
    's1 threw an error that nobody caught: TypeError: x is null (at on (chat.ts:7:3)).',
    'c1 rejected a promise that nobody handled: no.',
  ]);
});
