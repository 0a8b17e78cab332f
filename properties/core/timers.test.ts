/**
 * Timers and events of the kernel against a naive queue, which is told of every change: a timer that is moved, cleared,
 * set again or lost with its process fires exactly where the naive one does, whatever entries it has left behind.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUDGETS } from '../../sim/core/budgets.ts';
import { dice } from '../../sim/core/dice.ts';
import { type AnyEvent, Kernel } from '../../sim/core/kernel.ts';
import type { AnyMachine } from '../../sim/core/record.ts';
import { type Instant, START } from '../../src/time.ts';
import type { TimerEvent } from '../../src/transport.ts';

type Command =
  | { readonly type: 'set' | 'clear'; readonly key: number; readonly delay: number }
  /** An event that is under way to the process, with a number to know it by. */
  | { readonly type: 'send'; readonly key: number; readonly delay: number }
  /** The process dies, and a new one runs at once. */
  | { readonly type: 'crash' };

/** What is done when something fires: one list for each time, until there are no more. */
type Script = readonly (readonly Command[])[];
type Log = string[];

/** More keys than timers that are kept though they are not set. */
const key = fc.oneof(fc.nat(3), fc.nat(40));
const delay = fc.oneof(fc.nat(4), fc.nat(1_000));
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ type: fc.constantFrom('set' as const, 'clear' as const), key, delay }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('send' as const), key, delay }) },
  { weight: 1, arbitrary: fc.constant({ type: 'crash' as const }) },
);
const script: fc.Arbitrary<Script> = fc.array(fc.array(command, { maxLength: 60, size: 'max' }), {
  minLength: 1,
  maxLength: 30,
});

/** The process of the kernel under test. */
function real(script: Script): Log {
  const log: Log = [];
  const kernel = new Kernel(dice('1'));
  const machine = { kind: 'test', init: () => null, step: () => [] } as unknown as AnyMachine;
  const node = kernel.add({ id: 'n', role: 'test', machine, config: null });
  let turn = 0;
  const next = (): void => {
    for (const each of script[turn++] ?? []) {
      if (each.type === 'crash') {
        kernel.timers.clear(node.index);
        node.incarnation++;
      } else {
        const at = (kernel.now + each.delay) as Instant;
        if (each.type === 'set') kernel.setTimer(node, 'timer', each.key, at);
        else if (each.type === 'clear') kernel.clearTimer(node, 'timer', each.key);
        else kernel.schedule(at, node, { type: `event ${each.key}` });
      }
    }
  };
  const name = (event: AnyEvent): string =>
    event.type === 'timer' ? `timer ${(event as TimerEvent).key}` : event.type;
  next();
  const deliver = (_: unknown, event: AnyEvent): void => {
    log.push(`${kernel.now} ${name(event)}`);
    next();
  };
  kernel.run({ deliver, miss: () => undefined, act: () => undefined }, BUDGETS);
  return log;
}

/** The same by a list that is sorted again each time. */
function naive(script: Script): Log {
  const log: Log = [];
  let pending: { at: number; order: number; name: string }[] = [];
  let now: number = START;
  let order = 0;
  let turn = 0;
  const next = (): void => {
    for (const each of script[turn++] ?? []) {
      if (each.type === 'crash') {
        pending = [];
        continue;
      }
      const name = each.type === 'send' ? `event ${each.key}` : `timer ${each.key}`;
      if (each.type !== 'send') pending = pending.filter((other) => other.name !== name);
      if (each.type !== 'clear') pending.push({ at: now + each.delay, order: ++order, name });
    }
  };
  next();
  while (pending.length > 0) {
    pending.sort((a, b) => a.at - b.at || a.order - b.order);
    const { at, name } = pending.shift() as { at: number; name: string };
    now = at;
    log.push(`${now} ${name}`);
    next();
  }
  return log;
}

test('timers and events fire as those of a naive queue do', () => {
  fc.assert(
    fc.property(script, (script) => {
      expect(real(script)).toEqual(naive(script));
    }),
    { numRuns: 300 },
  );
});

test('what a dead process has left in the queue does not touch the timers of the next one', () => {
  const keys = Array.from({ length: 40 }, (_, index) => index + 1);
  const set = (delay: number): Command[] => keys.map((key) => ({ type: 'set', key, delay }));
  const script: Script = [
    [...set(100), { type: 'crash' }, ...set(200), { type: 'send', key: 0, delay: 150 }],
    [{ type: 'clear', key: 5, delay: 0 }],
  ];
  expect(real(script)).toEqual(naive(script));
  expect(real(script)).toHaveLength(40);
});
