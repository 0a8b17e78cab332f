/** Ties: what shares an instant, and no physics puts in order, happens in an order of the seed; all else stays as it was. */
import { describe, expect, test } from 'vitest';
import { BUDGETS } from '../../sim/core/budgets.ts';
import { dice } from '../../sim/core/dice.ts';
import { type AnyEvent, Kernel, type Node } from '../../sim/core/kernel.ts';
import { Posts } from '../../sim/core/posts.ts';
import type { AnyMachine } from '../../sim/core/record.ts';
import { run } from '../../sim/core/run.ts';
import { shuffled } from '../../sim/core/ties.ts';
import type { Universe } from '../../sim/core/universe.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { at, type Duration, ms, us } from '../../src/time.ts';

const machine = { kind: 'test', init: () => null } as unknown as AnyMachine;

/** Two nodes that are told things at `time`, in the order of this list; in which order that happened. */
function happened(salt: number | null, time: number): readonly string[] {
  const kernel = new Kernel(dice('1'), null, null, salt === null ? null : shuffled(salt));
  const [a, b] = ['a', 'b'].map((id) => kernel.add({ id, role: 'test', machine, config: null })) as [Node, Node];
  const log: string[] = [];
  for (let i = 1; i <= 3; i++) {
    kernel.schedule(at(time), a, { type: 'frame', payload: `${i}` } as AnyEvent);
    kernel.schedule(at(time), b, { type: 'message', from: 'c', message: i } as AnyEvent);
    kernel.setTimer(a, `t${i}`, 0, at(time));
    kernel.plan(at(time), { type: 'fault', number: i } as AnyEvent);
  }
  const name = (event: AnyEvent): string => {
    const { timer, payload, message, number } = event as unknown as Record<string, string>;
    return timer ?? payload ?? `${message ?? number}`;
  };
  kernel.run(
    {
      deliver: ({ id }, event) => log.push(`${id} ${event.type} ${name(event)}`),
      miss: () => undefined,
      act: (event) => log.push(`world ${event.type} ${name(event)}`),
    },
    BUDGETS,
  );
  return log;
}

const QUEUES = ['a frame', 'a timer', 'b message', 'world fault'];
const inQueue = (log: readonly string[], queue: string): readonly string[] =>
  log.filter((line) => line.startsWith(queue));

describe('what shares an instant', () => {
  const orders = Array.from({ length: 200 }, (_, salt) => happened(salt, 1_000));

  test('keeps its order within a machine and its network, its services, its timers, and within the world', () => {
    for (const log of [...orders, happened(null, 1_000)])
      for (const queue of QUEUES) {
        const lines = inQueue(log, queue);
        expect(lines).toHaveLength(3);
        expect(lines).toEqual([...lines].sort());
      }
  });

  test('is told in any other order, by the seed', () => {
    const first = orders.map((log) => QUEUES.find((queue) => log[0]?.startsWith(queue)));
    for (const queue of QUEUES) expect(first.filter((each) => each === queue).length).toBeGreaterThan(3);
    expect(new Set(orders.map(String)).size).toBe(24);
    expect(happened(7, 1_000)).toEqual(happened(7, 1_000));
    // Another instant, another order.
    expect(new Set(Array.from({ length: 40 }, (_, i) => String(happened(7, 1_000 + i)))).size).toBeGreaterThan(10);
  });

  test('begins as it was put there, at the start of a run and where nobody shuffles', () => {
    expect(happened(7, 0)).toEqual(happened(null, 0));
    expect(happened(null, 5)[0]).toBe('a frame 1');
  });
});

test('what was planned and is taken back never happens, and time does not go there', () => {
  const kernel = new Kernel(dice('1'));
  const log: string[] = [];
  const late = kernel.plan(at(5_000), { type: 'late' } as AnyEvent);
  kernel.plan(at(1_000), { type: 'soon' } as AnyEvent);
  const act = ({ type }: AnyEvent): void => {
    log.push(`${type} ${kernel.now}`);
    if (type === 'soon') kernel.cancel(late);
  };
  kernel.run({ deliver: () => undefined, miss: () => undefined, act }, BUDGETS);
  expect([log, kernel.now, kernel.event, kernel.pending]).toEqual([['soon 1000'], 1_000, 1, 0]);
});

test('a run with shuffled ties is the same every time, and a law sees nothing of it', () => {
  const scenario = scenarioNamed('midstream/concurrent');
  if (scenario === undefined) throw new Error('no midstream/concurrent');
  const tied = { ...scenario, world: (setting: never) => ({ ...scenario.world(setting), ties: 'shuffled' as const }) };
  const once = (seed: number) => run(tied as typeof scenario, seed);
  const digests = [1, 2, 3, 4].map((seed) => once(seed).digest);
  expect([1, 2, 3, 4].map((seed) => once(seed).digest)).toEqual(digests);
  expect([1, 2, 3, 4].map((seed) => once(seed).verdict)).toEqual(['holds', 'holds', 'holds', 'holds']);
  expect([1, 2, 3, 4].some((seed, i) => run(scenario, seed).digest !== digests[i])).toBe(true);
});

describe('messages between services', () => {
  /** When 200 messages, one a microsecond, from a to b arrive. */
  function arrivals(spread: Duration): readonly number[] {
    const kernel = new Kernel(dice('1'));
    const [a, b] = ['a', 'b'].map((id) => kernel.add({ id, role: 'test', machine, config: null })) as [Node, Node];
    const posts = new Posts(us(300), spread);
    const observer = { message: () => undefined };
    const universe = { kernel, wiring: { find: () => b, relayFor: () => null }, witness: { observer } };
    const seen: number[] = [];
    for (let i = 0; i < 200; i++) kernel.plan(at(i), { type: 'say', number: i } as AnyEvent);
    kernel.run(
      {
        deliver: (_, event) => seen.push((event as unknown as { message: number }).message, kernel.now),
        miss: () => undefined,
        act: (event) =>
          posts.post(universe as unknown as Universe, a, {
            type: 'post',
            to: 'b',
            message: (event as never as { number: number }).number,
          }),
      },
      BUDGETS,
    );
    return seen;
  }

  test('take as long as each other, or up to the spread longer, and never overtake each other', () => {
    const numbers = (seen: readonly number[]): readonly number[] => seen.filter((_, i) => i % 2 === 0);
    const delays = (seen: readonly number[]): readonly number[] =>
      numbers(seen).map((number, i) => (seen[2 * i + 1] as number) - number);
    expect(new Set(delays(arrivals(us(0))))).toEqual(new Set([300]));
    const spread = arrivals(ms(1));
    expect(numbers(spread)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(Math.max(...delays(spread))).toBeGreaterThan(1_100);
    expect(Math.min(...delays(spread))).toBeGreaterThanOrEqual(300);
    expect(Math.max(...delays(spread))).toBeLessThanOrEqual(1_300);
  });
});
