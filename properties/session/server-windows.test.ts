/** An intake that counts its admissions out in windows, and what it tells those whom it refuses. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../src/close-codes.ts';
import type { ServerConfig } from '../../src/session/server/config.ts';
import type { IntakeConfig } from '../../src/session/server/intake-config.ts';
import { urlFor } from '../../src/session/slots.ts';
import type { Hello } from '../../src/session/wire/frames.ts';
import { ms, seconds, us, ZERO } from '../../src/time.ts';
import { CREDIT, Played, TOKEN } from '../machines/server.ts';

const INTAKE: IntakeConfig = {
  admitRate: 20,
  acceptQueue: 0,
  refuseWith: 'http',
  refusalCost: ZERO,
  window: ms(100),
};

const HELLO: Hello = {
  type: 'HELLO',
  protoMin: 1,
  protoMax: 1,
  token: TOKEN,
  client: 'c1',
  dial: 1,
  credit: CREDIT,
  resume: null,
};

interface Refused {
  readonly conn: number;
  readonly after: number;
  readonly slot: number | undefined;
}

class Door extends Played {
  readonly taken: [conn: number, at: number][] = [];
  readonly refused: Refused[] = [];

  constructor(intake: Partial<IntakeConfig> = {}, config: Partial<ServerConfig> = {}) {
    super({ helloTimeout: seconds(1_000_000), intake: { ...INTAKE, ...intake }, ...config });
  }

  override tell(event: Parameters<Played['tell']>[0]): ReturnType<Played['tell']> {
    const effects = super.tell(event);
    for (const effect of effects) {
      if (effect.type === 'accept') this.taken.push([effect.conn, this.now]);
      if (effect.type === 'refuse')
        this.refused.push({ conn: effect.conn, after: effect.retryAfter ?? 0, slot: effect.slot });
    }
    return effects;
  }

  knock(...conns: number[]): this {
    for (const conn of conns) this.tell({ type: 'incoming', conn, from: 'lb' });
    return this;
  }

  comesFor(slot: number, conn: number): this {
    this.tell({ type: 'incoming', conn, from: 'lb', url: urlFor('s1', slot) });
    return this;
  }

  passTo(at: number): this {
    this.pass(us(at - this.now));
    return this;
  }

  conns(): number[] {
    return this.taken.map(([conn]) => conn);
  }
}

const upTo = (count: number, from = 1): number[] => Array.from({ length: count }, (_, i) => i + from);

describe('a server that counts two admissions out in each 100 ms', () => {
  test('admits the first two of a window at once, and refuses the others', () => {
    const door = new Door().knock(1, 2, 3);
    door.passTo(99_999).knock(4);
    door.passTo(100_000).knock(5, 6, 7);
    expect(door.conns()).toEqual([1, 2, 5, 6]);
  });

  test('keeps nothing of a window in which nobody came', () => {
    const door = new Door().passTo(1_000_000).knock(1, 2, 3);
    expect(door.conns()).toEqual([1, 2]);
  });

  test('serves its queue when the next window begins, ahead of whoever comes then', () => {
    const door = new Door({ acceptQueue: 3 }).knock(...upTo(6));
    expect(door.refused.map(({ conn }) => conn)).toEqual([6]);
    door.passTo(100_000).knock(7);
    door.passTo(200_000);
    expect(door.taken).toEqual([
      [1, 0],
      [2, 0],
      [3, 100_000],
      [4, 100_000],
      [5, 200_000],
      [7, 200_000],
    ]);
  });

  test('pays for refusals with admissions of this window and the next, and no more than that', () => {
    // A refusal takes as long as half an admission.
    const door = new Door({ refusalCost: ms(25) }).knock(1, 2, 3, 4);
    door.passTo(100_000).knock(5, 6);
    expect(door.conns()).toEqual([1, 2, 5]);
    door.knock(...upTo(100, 7));
    door.passTo(200_000).knock(200);
    door.passTo(300_000).knock(201);
    expect(door.conns()).toEqual([1, 2, 5, 201]);
  });

  test('at a quarter of its rate admits one in every second window, and all again when that is over', () => {
    const door = new Door();
    door.tell({ type: 'share', share: { num: 1, of: 4 } });
    for (let at = 0; at < 1_000_000; at += 100_000) door.passTo(at).knock(2 * at + 1, 2 * at + 2);
    expect(door.taken).toHaveLength(5);
    door.tell({ type: 'share', share: { num: 1, of: 1 } });
    door.passTo(1_000_000).knock(1, 2, 3);
    expect(door.taken).toHaveLength(7);
  });
});

test('a rate that does not fit its windows is met exactly in the long run, whatever the two are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 20_000, max: 700_000 }), (admitRate, window) => {
      const door = new Door({ admitRate, window: us(window) });
      let conn = 0;
      const windows = Math.floor(20_000_000 / window);
      for (let number = 0; number < windows; number++) {
        door.now = (number * window) as typeof door.now;
        for (let k = 0; k <= Math.ceil((admitRate * window) / 1_000_000); k++) door.knock(++conn);
      }
      expect(door.taken).toHaveLength(Math.floor((2 * admitRate * windows * window + 1_000_000) / 2_000_000));
    }),
    { numRuns: 30 },
  );
});

describe('a server that promises slots', () => {
  const slots = (intake: Partial<IntakeConfig> = {}): Door => new Door({ retryAfter: { kind: 'slot' }, ...intake });

  test('tells each whom it refuses the next admission that nobody was promised', () => {
    const door = slots().knock(...upTo(7));
    // The middle of the share of each: 25 and 75 ms into their window.
    expect(door.refused).toEqual([
      { conn: 3, after: 125_000, slot: 2 },
      { conn: 4, after: 175_000, slot: 3 },
      { conn: 5, after: 225_000, slot: 4 },
      { conn: 6, after: 275_000, slot: 5 },
      { conn: 7, after: 325_000, slot: 6 },
    ]);
  });

  test('keeps those out of a window who were promised nothing in it', () => {
    const door = slots().knock(1, 2, 3);
    door.passTo(110_000).knock(4, 5);
    expect(door.conns()).toEqual([1, 2, 4]);
    door.passTo(125_000).comesFor(2, 6);
    expect(door.conns()).toEqual([1, 2, 4, 6]);
  });

  test('admits who comes late ahead of those who were promised nothing, and only as often as it promised', () => {
    const door = slots().knock(...upTo(5));
    door.passTo(110_000).comesFor(2, 6).comesFor(2, 7).comesFor(2, 8).comesFor(4, 9);
    expect(door.conns()).toEqual([1, 2, 6, 7]);
    expect(door.refused.slice(3)).toEqual([
      { conn: 8, after: 165_000, slot: 5 },
      { conn: 9, after: 115_000, slot: 4 },
    ]);
  });

  test('tells who comes early the same slot again', () => {
    const door = slots().knock(...upTo(4));
    door.passTo(50_000).comesFor(3, 5);
    expect(door.refused.at(-1)).toEqual({ conn: 5, after: 125_000, slot: 3 });
    door.passTo(175_000).comesFor(3, 6);
    expect(door.conns()).toEqual([1, 2, 6]);
  });

  test('gives a slot up that nobody comes for: it keeps nobody out of the next window', () => {
    const door = slots().knock(...upTo(4));
    door.passTo(200_000).knock(5, 6);
    expect(door.conns()).toEqual([1, 2, 5, 6]);
  });

  test('says the same in ERROR behind the upgrade, as it is when HELLO comes', () => {
    const door = slots({ refuseWith: 'close' }).knock(1, 2, 3);
    expect(door.conns()).toEqual([1, 2, 3]);
    door.tell({ type: 'frame', conn: 3, payload: HELLO, bytes: 0 });
    const error = { type: 'ERROR', code: 'unavailable', reason: 'overloaded', clientSeq: 0, retryAfter: 125_000 };
    expect(door.effects('send').map(({ payload }) => payload)).toEqual([error]);
    expect(door.effects('close')).toEqual([{ type: 'close', conn: 3, code: CLOSE.tryAgainLater, reason: 'slot=2' }]);
  });

  test('remembers no more of a million promises than their number by window', () => {
    const door = slots().knock(...upTo(1000));
    expect(Object.keys(door.state.intake.windows.promised)).toHaveLength(499);
    for (let at = 0; at < 120_000_000; at += 10_000_000) door.passTo(at).knock(at + 10_000);
    expect(Object.keys(door.state.intake.windows.promised).length).toBeLessThan(20);
  });
});

test('a refusal draws when to come again for each, within its range and to the millisecond', () => {
  const retryAfter = { kind: 'uniform', least: ms(10), most: seconds(2) } as const;
  const door = new Door({ retryAfter }).knock(...upTo(200));
  const drawn = door.refused.map(({ after }) => after);
  expect(new Set(drawn).size).toBeGreaterThan(150);
  for (const each of drawn) {
    expect(each).toBeGreaterThanOrEqual(ms(10));
    expect(each).toBeLessThanOrEqual(seconds(2));
    expect(each % 1000).toBe(0);
  }
});

test('a refusal that asks the same of all asks for it to the millisecond, and one that says nothing of it for whole seconds', () => {
  const own = new Door({ retryAfter: { kind: 'fixed', after: us(1_200_400) } }).knock(1, 2, 3);
  expect(own.refused).toEqual([{ conn: 3, after: 1_201_000, slot: undefined }]);
  const usual = new Door({}, { retryAfter: us(1_200_400) }).knock(1, 2, 3);
  expect(usual.refused).toEqual([{ conn: 3, after: 2_000_000, slot: undefined }]);
});
