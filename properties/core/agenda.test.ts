import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Agenda } from '../../sim/core/agenda.ts';
import { NEVER } from '../../src/time.ts';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly slot: number;
}

/** Earlier time first, then the lower order number. */
const before = (a: Pending, b: Pending): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** The model: an array kept sorted, the earliest event last. */
class Model {
  readonly pending: Pending[] = [];

  push(event: Pending): void {
    const index = this.pending.findLastIndex((each) => before(event, each));
    this.pending.splice(index + 1, 0, event);
  }
}

/** An agenda and its model side by side: every command goes to both, and they must agree. */
class Pair {
  readonly agenda = new Agenda();
  readonly model = new Model();
  readonly #free: number[] = [];
  #slots = 0;
  #pushed = 0;

  push(at: number, order = this.#pushed): void {
    this.#pushed++;
    const event = { at, order, slot: this.#free.pop() ?? this.#slots++ };
    this.model.push(event);
    this.agenda.push(event.at, event.order, event.slot);
    agree(this.agenda.size, this.model.pending.length, 'size');
  }

  /** Pops both and returns the time of what was popped. */
  pop(): number {
    const expected = this.model.pending.pop();
    if (expected !== undefined) this.#free.push(expected.slot);
    agree(this.agenda.pop(), expected?.slot ?? -1, 'slot');
    if (expected !== undefined) {
      agree(this.agenda.at, expected.at, 'time');
      agree(this.agenda.order, expected.order, 'order');
    }
    agree(this.agenda.size, this.model.pending.length, 'size');
    return this.agenda.at;
  }

  peek(): void {
    agree(this.agenda.peekAt(), this.model.pending.at(-1)?.at ?? Number.POSITIVE_INFINITY, 'peekAt');
  }

  clear(): void {
    this.agenda.clear();
    for (const { slot } of this.model.pending.splice(0)) this.#free.push(slot);
  }

  drain(): void {
    while (this.model.pending.length > 0) this.pop();
    this.pop();
    this.peek();
  }
}

/** `expect` costs microseconds, and these tests compare millions of numbers. */
function agree(actual: number, expected: number, what: string): void {
  if (actual !== expected) expect.unreachable(`${what}: expected ${expected}, got ${actual}`);
}

type Command = number | 'pop' | 'peek';

/** Times that collide, times spread like those of timers and links, and the far end of the clock. */
const time = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 3_000 }),
  fc.integer({ min: 0, max: 60_000_000 }),
  fc.constantFrom(0, 2 ** 31, 2 ** 32, NEVER - 2, NEVER - 1, NEVER),
);

/** Runs of one kind of command, so that the queue grows to hundreds and is emptied again. */
const script = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.array(time as fc.Arbitrary<Command>, { maxLength: 120, size: 'max' }) },
      { weight: 2, arbitrary: fc.nat(100).map((n): Command[] => new Array(n).fill('pop')) },
      { weight: 1, arbitrary: fc.constant<Command[]>(['peek']) },
    ),
    { maxLength: 12, size: 'max' },
  )
  .map((runs) => runs.flat());

function play(pair: Pair, commands: readonly Command[], orderOf?: (index: number) => number): void {
  for (const [index, command] of commands.entries()) {
    if (command === 'pop') pair.pop();
    else if (command === 'peek') pair.peek();
    else pair.push(command, orderOf?.(index));
  }
}

describe('agenda', () => {
  test('events leave by (time, order), whatever pushes, pops and peeks came before', () => {
    fc.assert(
      fc.property(script, (commands) => {
        const pair = new Pair();
        play(pair, commands);
        pair.drain();
      }),
      { numRuns: 300 },
    );
  });

  test('order numbers decide among equal times even when they are pushed out of order', () => {
    fc.assert(
      fc.property(script, fc.integer({ min: 1, max: 10_006 }), (commands, factor) => {
        const pair = new Pair();
        play(pair, commands, (index) => (index * factor) % 10_007);
        pair.drain();
      }),
    );
  });

  test('a simulation that pushes from the present never sees time run backwards', () => {
    const delays = fc.array(time, { minLength: 1, maxLength: 50, size: 'max' });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), delays, (population, steps) => {
        const pair = new Pair();
        const delay = (index: number): number => steps[index % steps.length]! % 2 ** 40;
        for (let index = 0; index < population; index++) pair.push(delay(index));
        let now = 0;
        for (let index = 0; index < 3 * population; index++) {
          const popped = pair.pop();
          agree(Math.max(now, popped), popped, 'present');
          now = popped;
          pair.push(now + delay(index));
        }
        pair.drain();
      }),
    );
  });

  test('events of one time leave in the order in which they were pushed, also when each pushes one more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), time, (herd, at) => {
        const agenda = new Agenda();
        for (let index = 0; index < herd; index++) agenda.push(at, index, index);
        for (let index = 0; index < herd; index++) {
          agree(agenda.pop(), index, 'first wave');
          agenda.push(at, herd + index, herd + index);
        }
        for (let index = herd; index < 2 * herd; index++) agree(agenda.pop(), index, 'second wave');
        agree(agenda.pop(), -1, 'the end');
      }),
    );
  });

  test('a herd at one instant, pushed in any order, takes no quadratic time', { timeout: 20_000 }, () => {
    const count = 262_144;
    for (const factor of [1, -1, 48_271]) {
      const agenda = new Agenda();
      agenda.push(0, 0, 0);
      // An odd factor permutes the residues of a power of two.
      for (let index = 0; index < count; index++) agenda.push(1_000_000, (index * factor) & (count - 1), index + 1);
      agree(agenda.pop(), 0, 'slot');
      for (let order = 0; order < count; order++) {
        agenda.pop();
        agree(agenda.order, order, 'order');
      }
    }
  });

  test('growing to a hundred thousand events loses none and mixes up none', () => {
    const count = 100_000;
    const agenda = new Agenda();
    const times: number[] = [];
    // 48,271 generates the residues of a prime, so that no time comes twice.
    let at = 1;
    for (let index = 0; index < count; index++) {
      at = (at * 48_271) % 2_147_483_647;
      times[index] = at;
      agenda.push(at, index, index);
    }
    let last = 0;
    for (let left = count; left > 0; left--) {
      agree(agenda.size, left, 'size');
      const slot = agenda.pop();
      agree(agenda.at, times[slot] ?? -1, 'time');
      if (agenda.at <= last) expect.unreachable(`${agenda.at} after ${last}`);
      last = agenda.at;
    }
    expect(agenda.pop()).toBe(-1);
  });

  test('a cleared agenda cannot be told from a new one', () => {
    const crowd = fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 120, size: 'max' });
    fc.assert(
      fc.property(crowd, script, script, (times, earlier, later) => {
        // Near, rungs and beyond are all in use when it is cleared, and used again afterwards.
        const busy: Command[] = [...times, 'pop', ...times.map((at) => at + 1_000_000)];
        const pair = new Pair();
        play(pair, [...earlier, ...busy]);
        pair.clear();
        agree(pair.agenda.size, 0, 'size');
        agree(pair.agenda.at, 0, 'time');
        pair.peek();
        play(pair, [...busy, ...later]);
        pair.drain();
      }),
    );
  });

  test('a time that is not between the start of a run and its end is refused', () => {
    for (const at of [-1, NEVER + 1, Number.POSITIVE_INFINITY, Number.NaN]) {
      const agenda = new Agenda();
      expect(() => agenda.push(at, 0, 0)).toThrow(RangeError);
      expect(agenda.size).toBe(0);
    }
  });

  test('a slot is pending at most once', () => {
    fc.assert(
      fc.property(fc.nat(5_000), time, time, (slot, first, second) => {
        const agenda = new Agenda();
        agenda.push(first, 0, slot);
        expect(() => agenda.push(second, 1, slot)).toThrow(RangeError);
        expect([agenda.size, agenda.pop(), agenda.at]).toEqual([1, slot, first]);
        agenda.push(second, 1, slot);
        expect([agenda.size, agenda.pop(), agenda.at]).toEqual([1, slot, second]);
      }),
    );
  });

  test('an empty agenda answers -1 and Infinity and keeps what was popped last', () => {
    const agenda = new Agenda();
    expect([agenda.pop(), agenda.peekAt(), agenda.size]).toEqual([-1, Number.POSITIVE_INFINITY, 0]);
    agenda.push(7, 3, 0);
    expect([agenda.pop(), agenda.pop(), agenda.at, agenda.order]).toEqual([0, -1, 7, 3]);
  });
});
