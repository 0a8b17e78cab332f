/** A process that is held, slowed down, or dies meanwhile, with a list of what it was handed, and when. */
import { expect, test } from 'vitest';
import { BUDGETS } from '../../sim/core/budgets.ts';
import { dice } from '../../sim/core/dice.ts';
import { type AnyEvent, Kernel, type Node } from '../../sim/core/kernel.ts';
import { Pauses } from '../../sim/core/pauses.ts';
import type { AnyMachine } from '../../sim/core/record.ts';
import { Witness } from '../../sim/core/witness.ts';
import { at as instant } from '../../src/time.ts';
import type { TimerEvent } from '../../src/transport.ts';

interface Stage {
  readonly node: Node;
  readonly pauses: Pauses;
  /** Does something at a time; what is planned first comes first. */
  at(time: number, run: () => void): void;
  /** An event is under way to the process. */
  send(time: number, name: string): void;
  setTimer(name: string, time: number): void;
  clearTimer(name: string): void;
  /** What the process does when it is handed that. */
  when(name: string, run: () => void): void;
  /** Writes a line between what is handed over. */
  say(line: string): void;
  die(): void;
  live(): void;
}

interface Seen {
  /** `time name` of all that was handed over. */
  readonly log: readonly string[];
  readonly missed: readonly string[];
  /** Beginnings and ends of its standing still. */
  readonly paused: readonly boolean[];
}

function played(play: (stage: Stage) => void): Seen {
  const kernel = new Kernel(dice('1'));
  const node = kernel.add({
    id: 'n',
    role: 'test',
    machine: { kind: 'test', init: () => null } as unknown as AnyMachine,
    config: null,
  });
  const log: string[] = [];
  const missed: string[] = [];
  const paused: boolean[] = [];
  const reactions = new Map<string, () => void>();
  // Events are plain data, so that the digest sees all of them: an action is a place in this list.
  const actions: (() => void)[] = [];
  const witness = new Witness();
  witness.listen('paused', (entry) => entry.kind === 'paused' && paused.push(entry.begins));
  const nameOf = (event: AnyEvent): string => (event.type === 'timer' ? (event as TimerEvent).timer : event.type);
  const say = (line: string): void => {
    log.push(`${kernel.now} ${line}`);
  };
  const hand = (_: Node, event: AnyEvent): void => {
    say(nameOf(event));
    reactions.get(nameOf(event))?.();
  };
  const miss = (_: Node, event: AnyEvent): void => {
    missed.push(nameOf(event));
  };
  const pauses = new Pauses({ kernel, witness, hand, miss });
  play({
    node,
    pauses,
    at: (time, run) => kernel.plan(instant(time), { type: 'do', action: actions.push(run) - 1 } as AnyEvent),
    send: (time, name) => kernel.schedule(instant(time), node, { type: name }),
    setTimer: (name, time) => kernel.setTimer(node, name, 0, instant(time)),
    clearTimer: (name) => kernel.clearTimer(node, name, 0),
    when: (name, run) => reactions.set(name, run),
    say,
    die() {
      node.up = false;
      node.incarnation++;
      kernel.timers.clear(node.index);
      pauses.died(node);
    },
    live() {
      node.up = true;
      pauses.born(node);
    },
  });
  kernel.run(
    {
      deliver(to, event) {
        if (to.pause === null || !pauses.keeps(to, event)) hand(to, event);
      },
      miss,
      act(action) {
        if (!pauses.act(action)) actions[(action as AnyEvent & { action: number }).action]?.();
      },
    },
    BUDGETS,
  );
  // Nothing is held any more, so nothing may be left that every event would be asked for.
  expect(node.pause).toBeNull();
  return { log, missed, paused };
}

const by = {};
const other = {};

test('what comes while the backlog of a held process has its turn stays behind it', () => {
  const { log, paused } = played(({ pauses, node, at, send, setTimer, say }) => {
    at(0, () => pauses.hold(node, by));
    send(1, 'a');
    setTimer('x', 2);
    at(3, () => pauses.inside(node, () => say('inside')));
    at(10, () => {
      pauses.release(node, by);
      pauses.inside(node, () => say('inside later'));
    });
    send(10, 'b');
  });
  expect(log).toEqual(['10 a', '10 x', '10 inside', '10 inside later', '10 b']);
  expect(paused).toEqual([true, false]);
});

test('what a process does in its turn leads to the rest at once', () => {
  const { log } = played(({ pauses, node, at, send, when, say }) => {
    at(0, () => pauses.hold(node, by));
    when('a', () => pauses.inside(node, () => say('answer to a')));
    send(1, 'a');
    send(2, 'b');
    at(10, () => pauses.release(node, by));
  });
  expect(log).toEqual(['10 a', '10 answer to a', '10 b']);
});

test('a held timer that is cleared or moved before its turn does not fire in it', () => {
  const { log } = played(({ pauses, node, at, send, setTimer, clearTimer, when }) => {
    at(0, () => pauses.hold(node, by));
    when('a', () => {
      clearTimer('cleared');
      setTimer('moved', 20);
    });
    send(1, 'a');
    for (const name of ['cleared', 'moved', 'kept']) setTimer(name, 2);
    at(10, () => pauses.release(node, by));
  });
  expect(log).toEqual(['10 a', '10 kept', '20 moved']);
});

test('of several holders each must let an event pass, and the last one to go ends it', () => {
  const { log, paused } = played(({ pauses, node, at, send }) => {
    at(0, () => pauses.hold(node, by, ({ type }) => type !== 'a'));
    at(0, () => pauses.hold(node, other, ({ type }) => type !== 'b'));
    for (const name of ['a', 'b', 'c']) send(1, name);
    at(5, () => pauses.release(node, by));
    send(6, 'a');
    at(10, () => pauses.release(node, other));
  });
  // What came before it still waits, and what may pass overtakes it.
  expect(log).toEqual(['1 c', '6 a', '10 a', '10 b']);
  // It never stood still.
  expect(paused).toEqual([]);
});

test('a process that dies while it is held loses what reached it, and not what the world wants of its successor', () => {
  const { log, missed, paused } = played(({ pauses, node, at, send, setTimer, say, die, live }) => {
    at(0, () => pauses.hold(node, by));
    send(1, 'a');
    setTimer('x', 2);
    at(3, () => pauses.inside(node, () => say('inside')));
    at(5, die);
    at(8, live);
    // Whoever held the old process has nothing to do with the new one.
    at(9, () => pauses.release(node, by));
  });
  expect(log).toEqual(['8 inside']);
  expect(missed).toEqual(['a', 'x']);
  expect(paused).toEqual([true, false]);
});

test('a process that dies before its backlog had its turn takes no step until it lives again', () => {
  const { log, missed } = played(({ pauses, node, at, send, say, die, live }) => {
    at(0, () => pauses.hold(node, by));
    at(1, () => pauses.inside(node, () => say('inside')));
    send(2, 'a');
    at(5, () => pauses.release(node, by));
    at(5, die);
    at(8, live);
  });
  expect(log).toEqual(['8 inside']);
  expect(missed).toEqual(['a']);
});

test('a slowed timer fires at the next multiple of the coarsest resolution, in the order in which it was due', () => {
  const slowed = (...resolutions: number[]) =>
    played(({ pauses, node, at, setTimer }) => {
      const owners = resolutions.map((resolution) => ({ resolution }));
      for (const owner of owners) at(0, () => pauses.slow(node, owner, owner.resolution));
      setTimer('y', 70);
      setTimer('x', 30);
      setTimer('sharp', 600);
      at(10_000, () => {
        for (const owner of owners) pauses.quicken(node, owner);
      });
    }).log;
  expect(slowed(100)).toEqual(['100 x', '100 y', '600 sharp']);
  expect(slowed(100, 300)).toEqual(['300 x', '300 y', '600 sharp']);
  expect(slowed(300, 100)).toEqual(slowed(100, 300));
});

test('timers that were late fire at once when nothing slows them any more', () => {
  const { log } = played(({ pauses, node, at, setTimer }) => {
    at(0, () => pauses.slow(node, by, 1000));
    setTimer('x', 300);
    at(500, () => pauses.quicken(node, by));
    // The moment that they had waited for is nobody's now: the next one is at 1,400.
    at(600, () => pauses.slow(node, other, 700));
    at(750, () => setTimer('y', 900));
    at(5000, () => pauses.quicken(node, other));
  });
  expect(log).toEqual(['500 x', '1400 y']);
});

test('a slowed timer that fell due while its process stood still has the next moment after that, and not the first', () => {
  const { log } = played(({ pauses, node, at, send, setTimer }) => {
    at(0, () => pauses.slow(node, by, 1000));
    at(100, () => pauses.hold(node, other));
    setTimer('x', 300);
    send(400, 'a');
    at(2500, () => pauses.release(node, other));
    at(10_000, () => pauses.quicken(node, by));
  });
  expect(log).toEqual(['2500 a', '3000 x']);
});

test('an earlier moment replaces a later one, for all timers that wait', () => {
  const { log } = played(({ pauses, node, at, setTimer }) => {
    at(0, () => pauses.slow(node, by, 1000));
    setTimer('x', 300);
    at(350, () => pauses.slow(node, by, 100));
    setTimer('y', 370);
    at(5000, () => pauses.quicken(node, by));
  });
  expect(log).toEqual(['400 x', '400 y']);
});

test('late timers of a dead process have no place among those of the next one', () => {
  const { log } = played(({ pauses, node, at, setTimer, die, live }) => {
    at(0, () => pauses.slow(node, by, 1000));
    setTimer('x', 300);
    at(500, die);
    at(600, () => {
      live();
      setTimer('y', 700);
      setTimer('x', 800);
    });
    at(5000, () => pauses.quicken(node, by));
  });
  expect(log).toEqual(['1000 y', '1000 x']);
});
