/** The laws of delivery and order, each with the breach that it is there for. */
import { describe, expect, test } from 'vitest';
import type { Delivery, Promises } from '../../../src/facts.ts';
import type { Law } from '../law.ts';
import { atLeastOnce } from './at-least-once.ts';
import { atMostOnce } from './at-most-once.ts';
import { exactlyOnce } from './exactly-once.ts';
import { order } from './order.ts';
import { judged, Story } from './written.ts';

const LAWS: Readonly<Record<Delivery, Law>> = {
  'exactly-once': exactlyOnce,
  'at-least-once': atLeastOnce,
  'at-most-once': atMostOnce,
};
const under = (delivery: Delivery, story: Story, more: Promises = {}): string[] =>
  judged(LAWS[delivery], story, { delivery, ...more });
const asked = (): Story => new Story().submit('order-1');

describe('what is asked for under a key', () => {
  const twice = (): Story => asked().perform('order-1').after(1).perform('order-1', '', 's2');

  test('takes effect twice only where that is promised', () => {
    expect(under('exactly-once', twice())).toEqual([
      's2 performed order-1 again: s1 had done so at 0.000000 s, and c1 asked for it once.',
    ]);
    expect(under('at-most-once', twice())).toHaveLength(1);
    expect(under('at-least-once', twice())).toEqual([]);
  });

  test('may be asked again under the same key, by the same page or after a reload that kept it', () => {
    expect(under('exactly-once', asked().submit('order-1').perform('order-1'))).toEqual([]);
    const reloaded = (kept: boolean): Story =>
      asked().perform('order-1').say('reloaded', 'c1', { kept }).submit('order-1').perform('order-1');
    expect(under('exactly-once', reloaded(true))).toHaveLength(1);
    expect(under('exactly-once', reloaded(false))).toEqual([]);
  });

  test('by two clients takes effect once for each, and the server need not say for whom', () => {
    const both = (one: string, two: string): Story =>
      asked().submit('order-1', 'c2').perform('order-1', one).perform('order-1', two);
    for (const [one, two] of [
      ['', ''],
      ['c1', 'c2'],
      ['', 'c2'],
    ] as const)
      expect(under('exactly-once', both(one, two))).toEqual([]);
    expect(under('exactly-once', both('c2', 'c2'))[0]).toContain('again');
    expect(under('exactly-once', both('', '').perform('order-1'))).toHaveLength(1);
  });

  test('by nobody does not happen, unless nobody says what is asked for', () => {
    expect(under('at-most-once', asked().perform('order-2'))).toEqual([
      's1 performed order-2, which nobody had asked for.',
    ]);
    expect(under('at-most-once', new Story().perform('order-2'))).toEqual([]);
    expect(under('at-most-once', new Story().perform('order-2').perform('order-2'))).toHaveLength(1);
  });

  test('and came to nothing at all is a breach at rest, unless its client left or was told', () => {
    for (const delivery of ['exactly-once', 'at-least-once'] as const) {
      expect(under(delivery, asked().rest())[0]).toContain('it neither took effect nor was c1 told');
      expect(under(delivery, asked().settle('order-1', 'failed').rest())).toEqual([]);
      expect(under(delivery, asked().leave().rest())).toEqual([]);
      expect(under(delivery, asked().say('reloaded', 'c1', { kept: false }).rest())).toEqual([]);
    }
    expect(under('at-most-once', asked().rest())).toEqual([]);
  });
});

describe('a piece of a stream without an order', () => {
  const written = (): Story => new Story().wrote('a').wrote('b').wrote('b');

  test('is read as often as it was written, at most, and as it was written', () => {
    for (const delivery of ['exactly-once', 'at-most-once'] as const) {
      expect(under(delivery, written().read('b').read('a').read('b'))).toEqual([]);
      expect(under(delivery, written().read('a').read('a'))).toEqual([
        'c1 was given "a" of stream "answer" 2 times; it was written once.',
      ]);
      expect(under(delivery, written().read('b').read('b').read('b'))[0]).toContain('3 times; it was written 2 times');
    }
    for (const delivery of ['exactly-once', 'at-most-once', 'at-least-once'] as const)
      expect(under(delivery, written().read('ab'))[0]).toContain('nobody had written such a piece');
    expect(under('at-least-once', written().read('a').read('a').read('b'))).toEqual([]);
  });

  test('comes again to a page that was loaded again, and to another client', () => {
    for (const kept of [true, false])
      expect(under('at-most-once', written().read('a').say('reloaded', 'c1', { kept }).read('a'))).toEqual([]);
    expect(under('at-most-once', written().read('a').read('a', 'answer', 'c2'))).toEqual([]);
  });

  test('is the business of the law of prefix where both are promised', () => {
    expect(under('exactly-once', written().read('ab').read('ab'), { order: 'per-stream' })).toEqual([]);
  });
});

describe('a piece of a stream with an order, at least once', () => {
  const says = (story: Story): string[] => under('at-least-once', story, { order: 'per-stream' });
  const written = (): Story => new Story().wrote('a').wrote('b').wrote('a').wrote('c');

  test('is lost as soon as one behind it is read', () => {
    expect(says(written().read('a').read('b').read('a').read('c'))).toEqual([]);
    expect(says(written().read('a').read('c'))).toEqual([
      'c1 was given "c" of stream "answer", and never "b" before it: in order it cannot come any more.',
    ]);
    expect(says(written().read('b'))).toHaveLength(1);
  });

  test('comes again with those behind it, which may be alike', () => {
    expect(says(written().read('a').read('b').read('a').read('b').read('a').read('c'))).toEqual([]);
    expect(says(written().read('a').read('a').read('b').read('a').read('c').read('a'))).toEqual([]);
  });

  test('of a reader that begins somewhere is owed from there on', () => {
    const late = (story: Story): string[] =>
      judged(atLeastOnce, story, { delivery: 'at-least-once', order: 'per-stream' }, { joinsLate: true });
    expect(late(written().read('a').read('c'))).toEqual([]);
    expect(late(written().wrote('d').read('b').read('c'))).toHaveLength(1);
    expect(says(written().read('a').say('reloaded', 'c1', { kept: true }).read('a').read('c'))).toEqual([]);
  });
});

describe('order', () => {
  const says = (story: Story, delivery: Delivery = 'at-most-once'): string[] =>
    judged(order, story, { delivery, order: 'per-stream' });
  const written = (): Story => new Story().wrote('a').wrote('b').wrote('c');

  test('is broken by a piece that comes first behind one that was written after it', () => {
    expect(says(written().read('a').read('c').read('b'))).toEqual([
      'c1 was given "b" of stream "answer" behind "c", before which it was written.',
    ]);
  });

  test('is not broken by what is missing, comes again, or looks like something else', () => {
    expect(says(written().read('a').read('c'))).toEqual([]);
    expect(says(written().read('a').read('b').read('a').read('b').read('c'), 'at-least-once')).toEqual([]);
    expect(says(written().wrote('a').read('c').read('a'))).toEqual([]);
    expect(says(written().read('c').read('a', 'answer', 'c2'))).toEqual([]);
    expect(says(written().read('c').say('reloaded', 'c1', { kept: true }).read('a'))).toEqual([]);
  });
});
