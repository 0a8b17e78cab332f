/** How long a link tries: dials, time-outs that double, and windows that are opened and closed again. */
import { describe, expect, test } from 'vitest';
import type { Way } from '../../src/link/vocabulary.ts';
import { ms, seconds } from '../../src/time.ts';
import { CLEAR, DEAF, PlayedLink } from '../machines/link.ts';

const cut = (link: PlayedLink, direction: Way | 'both'): unknown => link.tell({ type: 'cut', direction });
const heal = (link: PlayedLink, direction: Way | 'both'): unknown => link.tell({ type: 'heal', direction });
const dial = (link: PlayedLink): unknown => link.tell({ type: 'dial', end: 0, conn: 1 });
/** When the request is heard, in seconds, or undefined. */
const asked = (link: PlayedLink): number | undefined => {
  const incoming = link.heard.find(({ event }) => event.type === 'incoming');
  return incoming === undefined ? undefined : incoming.at / 1_000_000;
};

function opened(): PlayedLink {
  const link = new PlayedLink();
  link.open(1);
  return link;
}

describe('a dial', () => {
  test('is not answered through a cut, in whichever direction', () => {
    for (const direction of ['up', 'down', 'both'] as const) {
      const link = new PlayedLink();
      cut(link, direction);
      dial(link);
      link.pass(ms(2500));
      expect(link.state.conns[1]?.phase).toBe('syn');
      heal(link, direction);
      link.pass(seconds(2));
      expect(asked(link)).toBeGreaterThan(3);
      expect(asked(link)).toBeLessThan(3.3);
    }
  });

  /** SYNs leave after 0, 1, 2, 3, 4, 5, 7, 11, 19 s. */
  test.each([
    [0, 1],
    [0, 3],
    [0, 7],
    [4, 19],
  ])(
    'whose SYN was heard after %i s is answered again after %i s, without a SYN that comes through',
    (heard, answer) => {
      const link = new PlayedLink();
      cut(link, 'both');
      if (heard > 0) {
        dial(link);
        link.pass(seconds(heard - 0.5));
        heal(link, 'up');
      } else {
        heal(link, 'up');
        dial(link);
      }
      link.pass(ms(800));
      cut(link, 'up');
      // All repetitions before that one are lost.
      link.pass(seconds(answer - 0.5) - link.now);
      expect(link.state.conns[1]?.phase).toBe('syn');
      heal(link, 'down');
      link.pass(seconds(1.4));
      expect(link.state.conns[1]?.phase).toBe('connected');
    },
  );

  test('is asked no sooner than after its round trips, whatever is cut and healed meanwhile', () => {
    const link = new PlayedLink({ handshakeRoundTrips: 3 });
    dial(link);
    for (const act of [cut, heal]) act(link, 'down');
    link.pass(seconds(2));
    expect(asked(link)).toBe(0.25);
  });

  test('measures its first round trip from the first SYN that was heard, and believes that until acknowledgements say otherwise', () => {
    const link = new PlayedLink();
    cut(link, 'down');
    dial(link);
    link.pass(ms(2500));
    heal(link, 'down');
    link.pass(seconds(1));
    link.tell({ type: 'accept', end: 1, conn: 1 });
    link.pass(seconds(1));
    const { estimate } = link.state.conns[1]?.lanes[0] ?? {};
    const first = estimate?.smoothed ?? 0;
    expect(first).toBeGreaterThan(2_500_000);
    link.pass(seconds(20));
    expect(estimate?.smoothed).toBe(first);
    link.send(0, 100);
    link.pass(seconds(1));
    link.send(0, 100);
    expect(estimate?.smoothed).toBeLessThan(first);
  });
});

describe('a sender that hears nothing', () => {
  test('waits twice as long each time, but no longer than two minutes, and gives up after a quarter of an hour', () => {
    const link = opened();
    link.tell({ type: 'degrade', up: DEAF, down: CLEAR });
    const since = link.now;
    link.send(0, 300);
    const at = link.pass(seconds(1100)).flatMap((effect) => (effect.type === 'setTimer' ? [effect.at - since] : []));
    // The first time-out comes after the probe; timers are up to an eighth late.
    const waits = at.slice(1).map((due, i) => due - (at[i] as number));
    expect(waits.length).toBeGreaterThan(12);
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeLessThanOrEqual(122_100_000);
      if (i === 0) continue;
      const least = Math.min(120_000_000, 2 * (waits[i - 1] as number) * 0.85);
      expect(wait).toBeGreaterThanOrEqual(least);
      expect(wait).toBeLessThan((waits[i - 1] as number) * 2.3);
    }
    expect(waits.slice(-5).every((wait) => wait >= 120_000_000)).toBe(true);
    const [end] = link.ends(0);
    expect(end).toMatchObject({ reason: 'timed out' });
    expect((end?.at ?? 0) - since).toBeGreaterThan(924_600_000);
    expect((end?.at ?? 0) - since).toBeLessThan(924_600_000 + 125_000_000);
  });

  test('has as much patience after a long silence as at first', () => {
    const link = opened();
    link.pass(seconds(1000));
    link.tell({ type: 'degrade', up: DEAF, down: CLEAR });
    link.send(0, 300);
    link.pass(seconds(790));
    expect(link.ends(0)).toEqual([]);
    link.tell({ type: 'restore' });
    link.pass(seconds(123));
    expect(link.frames(1)).toHaveLength(1);
  });
});

describe('after a long silence a sender gives up no sooner', () => {
  /** Something happens late in a run; nothing is heard from then on. */
  function late(act: (link: PlayedLink) => void): PlayedLink {
    const link = opened();
    link.pass(seconds(1000));
    act(link);
    cut(link, 'both');
    link.send(0, 300);
    link.pass(seconds(800));
    return link;
  }

  test('when acknowledgements were missing before', () => {
    const link = late((link) => {
      cut(link, 'down');
      link.send(0, 300);
      link.pass(seconds(5));
    });
    expect(link.ends(0)).toEqual([]);
  });

  test('when it was repairing a loss', () => {
    const link = late((link) => {
      link.tell({ type: 'degrade', up: DEAF, down: CLEAR });
      link.send(0, 300);
      link.tell({ type: 'restore' });
      for (let i = 1; i < 9; i++) {
        link.pass(ms(10));
        link.send(0, 300, i);
      }
    });
    expect(link.ends(0)).toEqual([]);
  });
});

describe('in a conversation an acknowledgement is put off', () => {
  /** When the acknowledgements of a stream are expected, after each message: milliseconds beyond the round trip. */
  function acknowledged(interval: number): number[] {
    const link = opened();
    const delays: number[] = [];
    for (let i = 0; i < 10; i++) {
      link.send(0, 300);
      const { acks = [], due = 0 } = link.state.conns[1]?.lanes[0].flight ?? {};
      // In slots of 4 ms.
      delays.push(Math.floor((((acks[due - 1] ?? 0) - link.now) / 1000 - 100) / 10) * 10);
      link.pass(ms(interval));
    }
    return delays;
  }

  test('until the next message', () =>
    expect(acknowledged(10)).toEqual(Array.from({ length: 5 }, () => [40, 0]).flat()));
  test('for 40 ms, and in vain only once', () =>
    expect(acknowledged(100)).toEqual([40, ...Array.from({ length: 9 }, () => 0)]));
});

describe('a window', () => {
  const LONG = 400_000;
  /** How long a long message takes, sent now. */
  function took(link: PlayedLink): number {
    const { now } = link;
    link.send(0, LONG);
    link.pass(ms(900));
    return ((link.frames(1).at(-1)?.at ?? 0) - now) / 1000;
  }

  test('that was opened stays open for a sender that goes on, and closes for one that pauses', () => {
    const link = opened();
    const first = took(link);
    link.send(0, 10);
    link.pass(ms(150));
    const second = took(link);
    link.pass(seconds(3));
    expect(second).toBeLessThan(first - 200);
    expect(took(link)).toBe(first);
  });

  test('is reduced once by a cut, however many time-outs it lasts', () => {
    const thresholds = [2, 30].map((lasts) => {
      const link = opened();
      took(link);
      cut(link, 'both');
      link.send(0, 300);
      link.pass(seconds(lasts));
      expect(link.state.conns[1]?.lanes[0].timeouts).toBeGreaterThan(2);
      return link.state.conns[1]?.lanes[0].congestion.threshold;
    });
    expect(thresholds[0]).toBe(thresholds[1]);
    expect(thresholds[0]).toBeGreaterThan(20);
  });
});
