/** The calendar of a storm yields what is pending in the order of time, arrivals before time-outs, ties as they are drawn. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Calendar } from '../../sim/lab/storm/calendar.ts';
import { Luck, Ties } from '../../sim/lab/storm/luck.ts';

const CLIENTS = 60;
const ties = new Ties(new Luck('calendar', 0));

/** What is pending, in an array that is sorted whenever it is asked. */
class Plain {
  readonly #pending: [at: number, slot: number][] = [];

  push(at: number, slot: number): void {
    this.#pending.push([at, slot]);
  }

  next(): readonly [number, number] | undefined {
    const key = ([at, slot]: [number, number]) =>
      [at, slot >= CLIENTS ? 1 : 0, ties.order(slot % CLIENTS, at)] as const;
    this.#pending.sort((a, b) => {
      const [one, other] = [key(a), key(b)];
      return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
    });
    return this.#pending[0];
  }

  pop(): void {
    this.#pending.shift();
  }
}

/** Waits from nothing to days, many of them alike. */
const wait = fc.oneof(
  fc.constantFrom(0, 0, 1, 1000, 1_000_000, 5_000_000, 3_600_000_000),
  fc.nat(100),
  fc.nat(3_000_000),
  fc.nat(90_000_000_000),
);

test('events come in the order of a sorted list, however they are pushed and however far one looks ahead', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.array(wait, { minLength: 1, maxLength: 2 * CLIENTS }),
      fc.array(fc.tuple(wait, fc.nat(10_000_000_000)), { maxLength: 300 }),
      (scale, first, then) => {
        // The number of clients sets how long a day is; only some of them dial.
        const clients = Math.max(CLIENTS, scale);
        const calendar = new Calendar(clients, 2 * clients, ties);
        const plain = new Plain();
        const push = (at: number, slot: number): void => {
          calendar.push(at, slot < CLIENTS ? slot : clients + slot - CLIENTS);
          plain.push(at, slot);
        };
        first.forEach((at, slot) => {
          push(at, slot);
        });
        let now = 0;
        for (const [again, ahead] of then) {
          const next = plain.next();
          if (next === undefined) break;
          const [at, slot] = next;
          if (at > now + ahead) {
            expect(calendar.peek(now + ahead)).toBe(Number.POSITIVE_INFINITY);
            now += ahead;
            continue;
          }
          expect(calendar.peek(now + ahead)).toBe(at);
          expect(calendar.pop()).toBe(slot < CLIENTS ? slot : clients + slot - CLIENTS);
          plain.pop();
          now = at;
          push(now + again, slot);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('a herd of thousands at one instant, and at two, is sorted as a few are', () => {
  const clients = 5000;
  const calendar = new Calendar(clients, 2 * clients, ties);
  for (let slot = 0; slot < 2 * clients; slot++) calendar.push(1_000_000 + (slot % 2), slot);
  let before = [0, 0, -1];
  for (let left = 2 * clients; left > 0; left--) {
    const at = calendar.peek(Number.MAX_SAFE_INTEGER);
    const slot = calendar.pop();
    const key = [at, slot >= clients ? 1 : 0, ties.order(slot % clients, at)];
    const differs = key.findIndex((part, index) => part !== before[index]);
    expect(key[differs]! > before[differs]!).toBe(true);
    before = key;
  }
  expect(calendar.peek(Number.MAX_SAFE_INTEGER)).toBe(Number.POSITIVE_INFINITY);
});
