/** The intake alone, by script: who is admitted when, who waits, who is refused, and what a slot is spent on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../src/close-codes.ts';
import type { ServerConfig } from '../../src/session/server/config.ts';
import type { IntakeConfig } from '../../src/session/server/intake-config.ts';
import { type Duration, ms, seconds, us, ZERO } from '../../src/time.ts';
import { Played } from '../machines/server.ts';

const INTAKE: IntakeConfig = { admitRate: 3, acceptQueue: 100, refuseWith: 'http', refusalCost: ZERO };

/** A server with an intake, and who was taken or refused when. */
class Door extends Played {
  readonly taken: [conn: number, at: number][] = [];
  readonly refused: [conn: number, retryAfter: number][] = [];

  constructor(intake: Partial<IntakeConfig> = {}, config: Partial<ServerConfig> = {}) {
    super({ helloTimeout: seconds(1_000_000), intake: { ...INTAKE, ...intake }, ...config });
  }

  override tell(event: Parameters<Played['tell']>[0]): ReturnType<Played['tell']> {
    const effects = super.tell(event);
    for (const effect of effects) {
      if (effect.type === 'accept') this.taken.push([effect.conn, this.now]);
      if (effect.type === 'refuse') this.refused.push([effect.conn, effect.retryAfter ?? 0]);
    }
    return effects;
  }

  knock(...conns: number[]): this {
    for (const conn of conns) this.tell({ type: 'incoming', conn, from: 'lb' });
    return this;
  }

  givesUp(conn: number): void {
    this.tell({ type: 'closed', conn, code: 1006, reason: '', clean: false, status: 0 });
  }

  times(): number[] {
    return this.taken.map(([, at]) => at);
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('a server that admits three a second', () => {
  test('admits who finds it idle at once, and the k-th of a rush at floor(k * 1,000,000 / 3), without drift', () => {
    const door = new Door({ acceptQueue: 3000 }).knock(...upTo(3001));
    door.pass(seconds(2000));
    expect(door.times()).toEqual(upTo(3001).map((k) => Math.floor(((k - 1) * 1_000_000) / 3)));
    expect(door.timers().some((timer) => timer.startsWith('admit'))).toBe(false);
  });

  test('admits in the order of arrival', () => {
    const door = new Door().knock(5, 2, 9, 1);
    door.pass(seconds(5));
    expect(door.taken.map(([conn]) => conn)).toEqual([5, 2, 9, 1]);
  });

  test('begins the next rush when the work of the last is done, and not before', () => {
    const door = new Door().knock(1);
    door.pass(333_333);
    door.knock(2);
    expect(door.times()).toEqual([0]);
    door.pass(us(1_000_000 - 333_333));
    expect(door.times()).toEqual([0, 333_333]);
    door.knock(3);
    expect(door.times()).toEqual([0, 333_333, 1_000_000]);
  });

  test('has lost the slots during which it stood still', () => {
    const door = new Door().knock(1, 2, 3);
    // The timer fires late: the process was stopped.
    door.now = seconds(10) as number as typeof door.now;
    door.tell({ type: 'timer', timer: 'admit', key: 0 });
    door.pass(seconds(1));
    expect(door.times()).toEqual([0, 10_000_000, 10_333_333]);
  });
});

describe('the accept queue', () => {
  test('takes who gives up out of it, and spends no slot on the dead', () => {
    const door = new Door().knock(1, 2, 3, 4);
    door.givesUp(2);
    door.givesUp(3);
    door.pass(seconds(1));
    expect(door.taken).toEqual([
      [1, 0],
      [4, 333_333],
    ]);
  });

  test('has room for another when somebody gave up', () => {
    const door = new Door({ acceptQueue: 1 }).knock(1, 2, 3);
    expect(door.refused.map(([conn]) => conn)).toEqual([3]);
    door.givesUp(2);
    door.knock(4);
    door.pass(seconds(1));
    expect(door.taken.map(([conn]) => conn)).toEqual([1, 4]);
  });

  test('holds nobody when its last has given up', () => {
    const door = new Door().knock(1, 2);
    door.givesUp(2);
    expect(door.timers()).toEqual(['hello 1']);
    door.pass(seconds(5));
    door.knock(3);
    expect(door.times()).toEqual([0, 5_000_000]);
  });

  test('is counted among the live connections that are too many', () => {
    const door = new Door({}, { connectionsMax: 2 }).knock(1, 2, 3);
    expect(door.refused.map(([conn]) => conn)).toEqual([3]);
  });

  test('is sent away when the server drains or is overloaded, so that nobody waits for nothing', () => {
    const draining = new Door().knock(1, 2, 3);
    draining.tell({ type: 'drain', deadline: seconds(5) });
    // A server that will not be there has nothing to say about when to come back.
    expect(draining.refused).toEqual([
      [2, 0],
      [3, 0],
    ]);
    const overloaded = new Door().knock(1, 2);
    overloaded.tell({ type: 'overload', refuses: 'handshake', sheds: false });
    expect(overloaded.refused).toEqual([[2, 1_000_000]]);
    overloaded.pass(seconds(5));
    expect(overloaded.taken).toHaveLength(1);
  });

  test('takes no handshake twice', () => {
    const door = new Door().knock(1, 2, 2);
    door.pass(seconds(5));
    expect(door.taken.map(([conn]) => conn)).toEqual([1, 2]);
  });
});

describe('who finds the queue full', () => {
  test.each([
    [seconds(1), 1],
    [ms(1), 1],
    [ms(2001), 3],
    [ZERO, 0],
  ])('is refused with 503, and told %d us in whole seconds', (retryAfter, whole) => {
    const door = new Door({ acceptQueue: 0 }, { retryAfter }).knock(1, 2);
    expect(door.effects('refuse')).toMatchObject([{ conn: 2, status: 503 }]);
    expect(door.refused).toEqual([[2, whole * 1_000_000]]);
  });

  test('is taken where it hears 1013, answered ERROR with retry_after to its HELLO, and costs no slot', () => {
    const door = new Door({ acceptQueue: 0, refuseWith: 'close' }, { retryAfter: seconds(2) }).knock(1);
    door.greet(2);
    expect(door.sent('ERROR')).toMatchObject([{ code: 'unavailable', retryAfter: 2_000_000 }]);
    expect(door.closes()).toEqual([CLOSE.tryAgainLater]);
    door.pass(333_334);
    door.knock(3);
    expect(door.times()).toEqual([0, 0, 333_334]);
    door.greet(4);
    expect(door.closes()).toEqual([CLOSE.tryAgainLater]);
  });

  test('takes of the time for admissions what its refusal costs', () => {
    const door = new Door({ acceptQueue: 1, refusalCost: ms(100) }).knock(1, 2, 3, 4);
    door.pass(seconds(1));
    expect(door.times()).toEqual([0, 533_333]);
  });

  test('finds nobody admitted any more where refusals take all of the time', () => {
    const door = new Door({ acceptQueue: 1, refusalCost: ms(100) }).knock(1, 2);
    for (let i = 0; i < 500; i++) {
      door.knock(100 + i);
      door.pass(ms(100));
    }
    expect(door.taken).toHaveLength(1);
  });
});

test('a server without an intake takes everybody at once', () => {
  const played = new Played();
  for (const conn of upTo(1000)) {
    played.tell({ type: 'incoming', conn, from: 'lb' });
    expect(played.effects('accept')).toHaveLength(1);
  }
  expect(played.state.intake.length).toBe(0);
});

/**
 * The same by exact fractions: slots are integers k with instants k / rate in seconds, counted anew when nobody is left
 * and the work is done. Whoever comes is given the next slot if fewer than `queue` wait for theirs.
 */
function expected(rate: number, queue: number, arrivals: readonly number[]): (number | null)[] {
  const million = 1_000_000n;
  const per = BigInt(rate);
  let since = 0n;
  let used = 0n;
  const slots: bigint[] = [];
  return arrivals.map((at) => {
    const now = BigInt(at);
    const waiting = slots.filter((slot) => slot > now).length;
    // In units of 1 / rate microseconds: when the work is done.
    if (waiting === 0 && now * per >= since * per + used * million) {
      since = now;
      used = 0n;
    } else if (waiting >= queue) return null;
    const slot = since + (used * million) / per;
    used++;
    slots.push(slot);
    return Number(slot);
  });
}

test('whoever comes whenever is admitted in the slot that exact fractions give, or refused', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 700_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 0, max: 8 }),
      gaps,
      (admitRate, acceptQueue, gap) => {
        const door = new Door({ admitRate, acceptQueue });
        let now = 0;
        const arrivals = gap.map((wait) => {
          now += wait;
          return now;
        });
        for (const [i, wait] of gap.entries()) {
          door.pass(wait as Duration);
          door.knock(i + 1);
        }
        door.pass(seconds(100));
        const slots = new Map(door.taken);
        expect(gap.map((_, i) => slots.get(i + 1) ?? null)).toEqual(expected(admitRate, acceptQueue, arrivals));
      },
    ),
    { numRuns: 200 },
  );
});
