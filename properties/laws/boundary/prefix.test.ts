/** The law of prefix at the boundary: what is read is the beginning of what was written, however both are cut. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Facts, Promises } from '../../../src/facts.ts';
import { prefix } from './prefix.ts';
import { judged, Story } from './written.ts';

const PROMISES: Promises = { delivery: 'exactly-once', order: 'per-stream' };
const says = (story: Story, facts: Partial<Facts> = {}): string[] => judged(prefix, story, PROMISES, facts);
const told = (): Story => new Story().wrote('Hello, ').wrote('world, ').wrote('hello.');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('pieces', () => {
  test('may be cut anywhere, be empty, and be text at one end and bytes at the other', () => {
    const cuts = fc.tuple(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(100)), fc.array(fc.nat(100)), fc.boolean());
    const cut = (text: string, at: readonly number[]): string[] => {
      const places = [0, ...at.map((each) => each % (text.length + 1)).sort((a, b) => a - b), text.length];
      return places.slice(1).map((to, i) => text.slice(places[i], to));
    };
    fc.assert(
      fc.property(cuts, ([text, here, there, asBytes]) => {
        const story = new Story();
        for (const piece of cut(text, here)) story.wrote(piece);
        const data = bytes(text);
        if (asBytes) for (let i = 0; i < data.length; i += 3) story.read(data.subarray(i, i + 3));
        else for (const piece of cut(text, there)) story.read(piece);
        expect(says(story)).toEqual([]);
      }),
    );
  });

  test('that are missing are named with what they said', () => {
    expect(says(told().read('Hello, ').read('hello.'))).toEqual([
      'c1 was given "hello." of stream "answer" too early: 7 bytes are missing before it, "world, ".',
    ]);
  });

  test('that come twice, or once more later, are named as such', () => {
    expect(says(told().read('Hello, ').read('Hello, '))[0]).toBe(
      'c1 was given "Hello, " of stream "answer" again: that is what it was given last.',
    );
    expect(says(told().read('Hello, wor').read('Hell'))[0]).toContain('again: it had read that already');
  });

  test('that nobody wrote, or not yet, or not so, are named with what was to come', () => {
    expect(says(told().read('Hello, w0'))[0]).toBe(
      'c1 was given "Hello, w0" of stream "answer", which nobody wrote there; its first 8 bytes are right, "Hello, w", and then "orld, hello." was to come.',
    );
    expect(says(told().read('Hello, world, hello. More'))[0]).toContain('which nobody had written yet');
    expect(says(new Story().wrote('a').read('a', 'other'))[0]).toBe(
      'c1 was given "a" of stream "other", on which nobody has written anything.',
    );
    expect(says(new Story().wrote(Uint8Array.of(0, 1)).read(Uint8Array.of(0, 2)))[0]).toContain('2 bytes (00 02)');
  });
});

describe('a reader', () => {
  test('is held to its own place, and to each stream by itself', () => {
    const story = told().read('Hello').read('Hel', 'answer', 'c2').wrote('x', 'other').read('x', 'other');
    expect(says(story)).toEqual([]);
    expect(says(story.read('Hel', 'answer', 'c2'))).toHaveLength(1);
  });

  test('who joins late may begin anywhere, and nowhere else afterwards; text that repeats itself leaves it open where', () => {
    const late = { joinsLate: true };
    const story = (): Story => new Story().wrote('ababac').wrote('abd');
    expect(says(story().read('ba').read('cab'), late)).toEqual([]);
    expect(says(story().read('ba').read('ba').read('c'), late)).toEqual([]);
    expect(says(story().read('ba').read('d'), late)).toHaveLength(1);
    expect(says(story().read('ba'))).toHaveLength(1);
  });

  test('whose page is loaded again has some part of what it had, and begins anew if that was not kept', () => {
    const again = (kept: boolean): Story => told().read('Hello, wor').say('reloaded', 'c1', { kept });
    for (const from of ['Hello, w', 'lo, wor', 'ld, ']) expect(says(again(true).read(from))).toEqual([]);
    expect(says(again(true).read('d, hello'))[0]).toContain('missing');
    expect(says(again(false).read('Hello, '))).toEqual([]);
    expect(says(again(false).read('ld, '))).toHaveLength(1);
  });

  test('in a second tab begins with what the first one has at the most', () => {
    const tab = (): Story => told().read('Hello, wor');
    expect(says(tab().read('ld', 'answer', 'c1~2'))).toEqual([]);
    expect(says(tab().read('Hello', 'answer', 'c1~2'))).toEqual([]);
    expect(says(tab().read('hello', 'answer', 'c1~2'))).toHaveLength(1);
  });

  test('that is a server goes on where another one was', () => {
    const asked = (): Story => new Story().wrote('one two', 'q', 'c1').read('one', 'q', 's1');
    expect(says(asked().read(' two', 'q', 's2'))).toEqual([]);
    expect(says(asked().say('restarted', 's1', {}).read('one', 'q', 's1'))).toEqual([]);
    expect(says(asked().read('wo', 'q', 's2'))).toHaveLength(1);
  });

  test('who was told an error of a stream knows that something is missing', () => {
    const gap = (stream?: string): Story =>
      told()
        .read('Hello')
        .say('told', 'c1', { error: 'gap', detail: '', ...(stream === undefined ? {} : { stream }) })
        .read('hello.');
    expect(says(gap('answer'))).toEqual([]);
    expect(says(gap())).toHaveLength(1);
    expect(says(gap('answer').read('!'))).toHaveLength(1);
  });
});

describe('a snapshot', () => {
  const snapshot = (value: string | undefined): Story =>
    told()
      .read('Hello')
      .say('replaced', 'c1', value === undefined ? { stream: 'answer' } : { stream: 'answer', value });

  test('is the beginning of what was written, and what follows goes on behind it', () => {
    expect(says(snapshot('Hello, world').read(', h'))).toEqual([]);
    expect(says(snapshot('Hel').read('lo'))).toEqual([]);
    expect(says(snapshot(undefined).read('Hello'))).toEqual([]);
    expect(says(snapshot('Hello, world').read('world'))[0]).toContain('again');
  });

  test('of something else is named with where it differs', () => {
    expect(says(snapshot('Hello, mars'))[0]).toBe(
      'c1 was given "Hello, mars" in place of all that it had of stream "answer", which is not what was written: from byte 8 on it has "mars" and not "world, hello.".',
    );
    expect(says(snapshot('Hello, world, hello.!'))[0]).toContain('"!" is too much');
  });

  test('of a late joiner may be any part', () => {
    expect(says(snapshot('world').read(', '), { joinsLate: true })).toEqual([]);
    expect(says(snapshot('world'))).toHaveLength(1);
  });
});

describe('a stream that its server begins anew', () => {
  const anew = (): Story =>
    told().read('Hello').say('replaced', 's1', { stream: 'answer', value: 'Bye' }).wrote(' all');

  test('is another one for whoever replaces what it had, and the old one may still be under way', () => {
    expect(says(anew().read(', w').say('replaced', 'c1', { stream: 'answer', value: 'By' }).read('e all'))).toEqual([]);
    expect(says(anew().read('Bye', 'answer', 'c2'))).toEqual([]);
  });

  test('does not go on behind what somebody had of it', () => {
    expect(says(anew().read('Bye'))[0]).toContain('nothing had taken the place of that');
  });
});
