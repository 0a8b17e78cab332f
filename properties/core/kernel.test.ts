/** The kernel alone: what it does with the past, with the dead, with old timers, and with runs that do not end. */
import { describe, expect, test } from 'vitest';
import { BUDGETS, type Budgets } from '../../sim/core/budgets.ts';
import { dice } from '../../sim/core/dice.ts';
import { type AnyEvent, Kernel, type Node } from '../../sim/core/kernel.ts';
import type { AnyMachine } from '../../sim/core/record.ts';
import { NO_TIMER } from '../../sim/core/timers.ts';
import { at } from '../../src/time.ts';

interface Stage {
  readonly kernel: Kernel;
  readonly node: Node;
  /** `time name` of what was delivered, and `time name!` of what was missed. */
  readonly log: string[];
  run(react?: (event: AnyEvent) => void, budgets?: Partial<Budgets>): string | null;
}

function staged(): Stage {
  const kernel = new Kernel(dice('1'));
  const node = kernel.add({
    id: 'n',
    role: 'test',
    machine: { kind: 'test', init: () => null } as unknown as AnyMachine,
    config: null,
  });
  const log: string[] = [];
  return {
    kernel,
    node,
    log,
    run(react = () => undefined, budgets = {}) {
      const seen = (event: AnyEvent, mark: string): void => {
        log.push(`${kernel.now} ${event.type}${mark}`);
        react(event);
      };
      return kernel.run(
        {
          deliver: (_, event) => seen(event, ''),
          miss: (_, event) => seen(event, '!'),
          act: (action) => seen(action, ''),
        },
        { ...BUDGETS, ...budgets },
      );
    },
  };
}

test('what is asked for in the past happens now, behind what was to happen now already', () => {
  const { kernel, node, log, run } = staged();
  kernel.schedule(at(10), node, { type: 'first' });
  kernel.schedule(at(10), node, { type: 'second' });
  run(({ type }) => {
    if (type !== 'first') return;
    kernel.schedule(at(3), node, { type: 'event' });
    kernel.plan(at(2), { type: 'action' });
    kernel.setTimer(node, 't', 0, at(1));
  });
  expect(log).toEqual(['10 first', '10 second', '10 event', '10 action', '10 timer']);
});

test('an event reaches the life of a process that it was meant for, or nobody', () => {
  const { kernel, node, log, run } = staged();
  kernel.schedule(at(10), node, { type: 'crash' });
  kernel.schedule(at(20), node, { type: 'to the old one' });
  kernel.plan(at(18), { type: 'start' });
  run(({ type }) => {
    if (type === 'crash') {
      node.up = false;
      node.incarnation++;
      kernel.schedule(at(15), node, { type: 'to nobody' });
    }
    if (type === 'start') {
      node.up = true;
      kernel.schedule(at(20), node, { type: 'to the new one' });
    }
  });
  expect(log).toEqual(['10 crash', '15 to nobody!', '18 start', '20 to the old one!', '20 to the new one']);
});

test('timers that have fired are forgotten', () => {
  const { kernel, node, run } = staged();
  for (let key = 1; key <= 1000; key++) kernel.setTimer(node, 'ack', key, at(key));
  run();
  for (let key = 1; key <= 1000; key++) expect(kernel.timers.find(node.index, 'ack', key)).toBe(NO_TIMER);
  for (let key = 1; key <= 1000; key++) kernel.setTimer(node, 'ack', key, at(kernel.now + key));
  expect(kernel.timers.capacity).toBe(1024);
});

describe('a run that does not end by itself', () => {
  /** Two timers, one of which is set again at once, and a queue that grows with each. */
  function endless(budgets: Partial<Budgets>, queued = 1): { exceeded: string | null; kernel: Kernel } {
    const { kernel, node, run } = staged();
    kernel.setTimer(node, 'rare', 0, at(30));
    kernel.setTimer(node, 'spin', 0, at(10));
    const exceeded = run(() => {
      for (let i = 0; i < queued; i++) kernel.schedule(at(1_000_000), node, { type: 'late' });
      kernel.setTimer(node, 'spin', 0, at(kernel.now + 10));
    }, budgets);
    return { exceeded, kernel };
  }

  test('is stopped at the number of events of its budget', () => {
    const { exceeded, kernel } = endless({ events: 100 });
    expect(exceeded).toBe('100 events; busiest timer: spin (fired 99 times)');
    expect(kernel.event).toBe(100);
  });

  test('is stopped behind the time of its budget', () => {
    const { exceeded, kernel } = endless({ time: at(300) });
    expect(exceeded).toMatch(/^300 us of virtual time; busiest timer: spin/);
    expect(kernel.now).toBe(310);
  });

  test('is stopped when more is pending than its budget', () => {
    const { exceeded, kernel } = endless({ queue: 50 }, 10);
    expect(exceeded).toMatch(/^50 pending events; busiest timer: spin/);
    expect(kernel.pending).toBe(51);
  });

  test('is stopped by who halts it, with the first reason', () => {
    const { kernel, node, run } = staged();
    kernel.schedule(at(10), node, { type: 'a' });
    kernel.schedule(at(20), node, { type: 'b' });
    const exceeded = run(() => {
      kernel.halt('too many dials');
      kernel.halt('and much else');
    });
    expect(exceeded).toBe('too many dials');
    expect(kernel.now).toBe(10);
  });
});

test('a kernel begins with nothing of the one before it, however that ended', () => {
  const before = staged();
  for (let i = 0; i < 100; i++) before.kernel.schedule(at(1000 + 7 * i), before.node, { type: 'left over' });
  before.run(undefined, { events: 40 });
  before.kernel.close();
  const { kernel, node, log, run } = staged();
  kernel.schedule(at(5), node, { type: 'own' });
  expect(run()).toBeNull();
  expect(log).toEqual(['5 own']);
});
