/** The laws of dials at the boundary: waits after failures, loops, growth and herds, each with the breach it is there for. */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../../src/backoff/policy.ts';
import { PRESETS } from '../../../src/backoff/presets.ts';
import type { Facts } from '../../../src/facts.ts';
import { seconds } from '../../../src/time.ts';
import { backoff } from './backoff.ts';
import { noHerd } from './no-herd.ts';
import { judged, Story } from './written.ts';

const URL = 'wss://s1/chat';
/** Puts the last entry into the event of the one before. */
function inOneEvent(story: Story): Story {
  const { entries } = story;
  const [before, last] = entries.slice(-2);
  entries[entries.length - 1] = { ...last, event: before?.event } as never;
  return story;
}
/** A client that loses each of its connections at once, and dials after waits of so many seconds. */
function losing(waits: readonly number[], lives = 0, url = URL): Story {
  const story = new Story().start().dial(1, 'c1', url);
  waits.forEach((wait, i) => {
    if (lives > 0)
      story
        .after(0.02)
        .open(i + 1)
        .after(lives);
    story
      .lose(i + 1)
      .after(wait)
      .dial(i + 2, 'c1', url);
    if (wait === 0) inOneEvent(story);
  });
  return story;
}

describe('the least that anybody must keep', () => {
  const says = (story: Story): string[] => judged(backoff, story, { backoff: 'least' });

  test('a dial at once is free after one failure, and not after the second', () => {
    expect(says(losing([0]))).toEqual([]);
    expect(says(losing([0, 1, 0, 1]))).toEqual([]);
    expect(says(losing([0, 0]))).toEqual([
      'c1 dialled to wss://s1/chat in the very moment in which its connection there had failed, 2 times in a row; from the second failure on anybody must wait (RFC 6455 section 7.2.3).',
    ]);
    expect(says(losing([0, 0, 0], 2))).toEqual([]);
    expect(says(losing([0, 0, 0], 0.5))).not.toEqual([]);
  });

  test('waits that double from one millisecond are enough, and so is a tenth of a second each; less is a loop', () => {
    const doubling = Array.from({ length: 12 }, (_, i) => 2 ** i / 1000);
    expect(says(losing(doubling))).toEqual([]);
    expect(says(losing(Array(30).fill(0.1)))).toEqual([]);
    expect(says(losing([0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2, 5, 5, 5]))).toEqual([]);
    expect(says(losing(Array(9).fill(0.001)))).toEqual([]);
    expect(says(losing(Array(10).fill(0.001)))).toEqual([
      'c1 dialled to wss://s1/chat 10 times in a row within 10 ms, each time after a failure; in 1 s a TCP tries twice.',
    ]);
    expect(says(losing(Array(12).fill(0.05), 0.01))).not.toEqual([]);
  });

  test('connections that stood, requests of HTTP, and what the device or the user asks for are no failures in a row', () => {
    expect(says(losing(Array(30).fill(0.001), 1))).toEqual([]);
    expect(says(losing(Array(30).fill(0.001), 0, 'https://s1/token'))).toEqual([]);
    const online = (): Story => {
      const story = new Story().start().dial(1);
      for (const [lost, next] of [
        [1, 2],
        [2, 3],
        [3, 4],
      ] as const) {
        story.lose(lost).say('intent', 'c1', { intent: 'online' }).dial(next);
        inOneEvent(story);
      }
      return story;
    };
    expect(says(online())).toEqual([]);
    const reloads = new Story().start();
    for (let i = 1; i < 12; i++) reloads.dial(i).lose(i).say('reloaded', 'c1', { kept: true });
    expect(says(reloads)).toEqual([]);
  });

  test('a client with several sockets has a lane for each', () => {
    const story = new Story().start();
    for (let i = 1; i <= 12; i++) story.dial(i).open(i);
    for (let i = 1; i <= 12; i++) story.lose(i);
    for (let i = 1; i <= 12; i++) story.dial(i + 12);
    expect(says(story)).toEqual([]);
  });

  test('a client that dials more than once for a failure grows, and is found out', () => {
    const story = new Story().start().dial(1).open(1);
    let last = 1;
    const lose = (): void => {
      const open = last;
      for (let i = Math.max(1, open - 1); i <= open; i++) story.lose(i);
      story.after(1);
      for (let i = 0; i < 5; i++) story.dial(++last);
    };
    lose();
    expect(says(story)).toEqual(['c1 has 5 connections to wss://s1/chat at once; before its first failure it had 1.']);
    const patient = new Story().start();
    for (let i = 1; i < 20; i++) patient.dial(i).say('hungUp', 'c1', { conn: i, code: 1006, reason: 'rst' }).after(3);
    expect(says(patient)).toEqual([]);
  });

  test('of a page its WebSockets are judged, and not what is below them', () => {
    const page = (wait: number): Story => {
      const story = new Story().start();
      for (let i = 1; i < 5; i++) {
        story.dial(i).say('socket', 'c1', { socket: i, state: 'connecting', url: `${URL}?token=${i}` });
        if (i > 1 && wait === 0) {
          const { entries } = story;
          const event = entries.at(-3)?.event;
          for (const back of [1, 2]) entries[entries.length - back] = { ...entries.at(-back), event } as never;
        }
        story
          .lose(i)
          .say('socket', 'c1', { socket: i, state: 'closed', url: `${URL}?token=${i}`, code: 1006 })
          .after(wait);
      }
      return story;
    };
    expect(says(page(1))).toEqual([]);
    expect(says(page(0))[0]).toContain('dialled to wss://s1/chat in the very moment');
  });
});

describe('a policy', () => {
  const policy: Policy = { ...PRESETS.default.policy, modes: [] };
  const fixed: Policy = { ...policy, jitter: { kind: 'none' } };
  const says = (story: Story, under: Policy = fixed): string[] => judged(backoff, story, { backoff: under });
  const table: Policy = {
    ...fixed,
    delay: { kind: 'table', delays: [seconds(1), seconds(2), seconds(4)], afterLast: 'repeat' },
  };

  test('is kept by waits in its ranges, to a millisecond of a timer', () => {
    expect(says(losing([1, 2, 4, 4]), table)).toEqual([]);
    expect(says(losing([0.9995, 2, 4.004]), table)).toEqual([]);
    expect(says(losing([1, 1]), table)).toEqual([
      "c1 dialled to wss://s1/chat 1 s after its connection there had failed, for retry 2 of this outage, outside the policy's 2 s to 2 s.",
    ]);
    expect(says(losing([0.5]), table)[0]).toContain('for retry 1');
  });

  test('counts on where a connection was closed at once, and anew where it stood or brought something', () => {
    expect(says(losing([1, 1], 0.1), table)).toHaveLength(1);
    expect(says(losing([1, 2], 0.1), table)).toEqual([]);
    expect(says(losing([1, 1, 1], 6), table)).toEqual([]);
    // Who resets it by an answer of its server has not had one.
    const atOnce: Policy = { ...table, stableAfter: seconds(0) };
    expect(says(losing([1, 2, 4], 0.1), atOnce)).toEqual([]);
    const given = losing([1], 0);
    given.open(2).wrote('a').read('a').lose(2).after(1).dial(3);
    expect(says(given, table)).toEqual([]);
  });

  test('is exceeded only by a page that was never held up', () => {
    const page = (between: (story: Story) => Story): Story => {
      const story = new Story().start().say('socket', 'c1', { socket: 1, state: 'connecting', url: URL });
      between(story.say('socket', 'c1', { socket: 1, state: 'closed', url: URL, code: 1006 })).after(9);
      return story.say('socket', 'c1', { socket: 2, state: 'connecting', url: URL });
    };
    expect(
      says(
        page((story) => story),
        table,
      )[0],
    ).toContain('9 s after');
    expect(
      says(
        page((story) => story.say('throttled', 'c1', { resolution: 60_000_000 })),
        table,
      ),
    ).toEqual([]);
    expect(
      says(
        page((story) => story.say('paused', 'c1', { begins: true }).say('paused', 'c1', { begins: false })),
        table,
      ),
    ).toEqual([]);
    expect(says(losing([9]), table)).toEqual([]);
  });

  test('is not for who ended a connection by itself', () => {
    const page = (own: boolean): Story =>
      new Story()
        .start()
        .say('socket', 'c1', { socket: 1, state: 'connecting', url: URL })
        .after(2)
        .say('socket', 'c1', { socket: 1, state: 'closing', url: URL, ...(own ? { own } : {}) })
        .say('socket', 'c1', { socket: 1, state: 'closed', url: URL, code: 1006 })
        .after(0.004)
        .say('socket', 'c1', { socket: 2, state: 'connecting', url: URL });
    expect(says(page(true), table)).toEqual([]);
    expect(says(page(false), table)).toHaveLength(1);
    const gone = new Story()
      .start()
      .dial(1)
      .open(1)
      .say('hungUp', 'c1', { conn: 1, code: 1006, reason: 'rst' })
      .dial(2);
    expect(says(gone, table)).toEqual([]);
  });

  test('goes on where a client gives a socket up, dials, and hears of its end only later', () => {
    const socket = (story: Story, id: number, state: 'connecting' | 'closing' | 'closed'): Story =>
      story.say('socket', 'c1', { socket: id, state, url: URL, ...(state === 'closing' ? { own: true } : {}) });
    const story = socket(new Story().start(), 1, 'connecting').after(2);
    socket(story, 1, 'closing').after(1);
    socket(story, 2, 'connecting').after(0.5);
    socket(story, 1, 'closed').after(0.1);
    socket(story, 2, 'closed').after(2);
    expect(says(socket(story, 3, 'connecting'), table)).toEqual([]);
  });

  test('counts a retry that came by itself while a user asked for something else', () => {
    const asked = (waits: readonly number[]): Story => {
      const story = new Story().start().dial(1).lose(1).say('intent', 'c1', { intent: 'call write("a")' });
      waits.forEach((wait, i) => {
        story
          .after(wait)
          .dial(i + 2)
          .lose(i + 2);
      });
      return story;
    };
    // The first was its first retry, or one for the user.
    expect(says(asked([1, 2, 4]), table)).toEqual([]);
    expect(says(asked([0.1, 1, 2]), table)).toEqual([]);
    expect(says(asked([0.1, 0.5]), table)).not.toEqual([]);
  });

  test('ends with its attempts', () => {
    expect(says(losing([1, 2, 4]), { ...table, attemptsMax: 2 })[0]).toContain(
      'for retry 3 of this outage, but its policy permits 2',
    );
  });

  test('of full jitter does not excuse a client that never waits', () => {
    const full: Policy = { ...policy, stableAfter: seconds(1) };
    expect(says(losing(Array(3).fill(0.0001)), full)).toEqual([]);
    expect(says(losing(Array(12).fill(0.0001)), full)[0]).toContain('luck does less than once in 10^15 times');
  });
});

describe('no herd', () => {
  const facts = (count: number): Partial<Facts> => ({
    clients: Array.from({ length: count }, (_, i) => ({ node: `c${i + 1}` })),
  });
  /** All of them lose their connections together, `times` over, and wait so long. */
  const fall = (count: number, times: number, wait: (client: number, time: number) => number): Story => {
    const story = new Story();
    let conn = 0;
    const of = Array.from({ length: count }, (_, i) => `c${i + 1}`);
    let conns = of.map((node) => {
      story.start(node).dial(++conn, node);
      return conn;
    });
    for (let time = 0; time < times; time++) {
      of.forEach((node, i) => void story.lose(conns[i] as number, node));
      const order = of.map((node, i) => ({ node, i, wait: wait(i, time) })).sort((a, b) => a.wait - b.wait);
      let now = 0;
      const next: number[] = [];
      for (const each of order) {
        story.after(each.wait - now).dial(++conn, each.node);
        now = each.wait;
        next[each.i] = conn;
      }
      conns = next;
    }
    return story;
  };
  const says = (story: Story, count: number): string[] => judged(noHerd, story, { backoff: 'least' }, facts(count));

  test('clients that all wait equally long before a second retry are one', () => {
    expect(
      says(
        fall(8, 2, () => 2),
        8,
      ),
    ).toEqual([
      '8 clients of 8 waited 2 s each before they dialled again, within a second of each other; nothing spreads them, and a server that comes back has all of them at once.',
    ]);
    expect(
      says(
        fall(8, 1, () => 2),
        8,
      ),
    ).toEqual([]);
    expect(
      says(
        fall(7, 3, () => 2),
        7,
      ),
    ).toEqual([]);
    expect(
      says(
        fall(8, 3, (client) => 2 + client * 0.013),
        8,
      ),
    ).toEqual([]);
  });
});
