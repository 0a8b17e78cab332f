/**
 * What may happen to a conversation. Each command does the same to the model and to the machines, and then compares what
 * the application was shown at every WELCOME with what the model permits: exactly its state when nothing was under way,
 * any state between before and after when a send or an answer was.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { LinkEvent } from '../../../src/link/vocabulary.ts';
import { type Duration, ms, plus, seconds } from '../../../src/time.ts';
import { type Conversation, clean, contextAfter, take, workAfter } from './conversation.ts';
import { PACE, TTL, type World } from './world.ts';

export interface Model {
  conversation: Conversation;
  keys: number;
}

type Command = fc.Command<Model, World>;

/** A command from what it does and what it is called. */
const command = (name: string, run: (model: Model, world: World) => void): Command => ({
  check: () => true,
  run(model, world) {
    run(model, world);
  },
  toString: () => name,
});

/** Does something that leaves the session as it is; `resumes` says that the application must have been welcomed again. */
function keep(model: Model, world: World, happen: () => void, resumes: boolean | null = null): void {
  const { turns, left } = model.conversation;
  between(model, world, { turns: turns.length, left: left.length }, happen, resumes);
}

function between(
  { conversation }: Model,
  world: World,
  before: { turns: number; left: number },
  happen: () => void,
  resumes: boolean | null,
): void {
  world.restored.length = 0;
  world.told.length = 0;
  happen();
  world.settle();
  if (resumes === true) expect(world.restored.length).toBeGreaterThan(0);
  for (const { resumed, context, work } of world.restored) {
    expect(resumed).toBe(true);
    expect(context.turns).toBeGreaterThanOrEqual(before.turns);
    expect(context).toEqual(contextAfter(conversation, context.turns));
    expect(context.turns).toBeLessThanOrEqual(conversation.turns.length);
    const notes = work?.notes ?? 0;
    expect(notes).toBeGreaterThanOrEqual(before.left);
    expect(notes).toBeLessThanOrEqual(conversation.left.length);
    expect(work).toEqual(workAfter(conversation, notes));
  }
  expect(world.told.filter((error) => error === 'session_expired')).toEqual([]);
}

/** Does something that ends the session: the application is welcomed to a clean one, once. */
function lose(model: Model, world: World, happen: () => void, told: boolean): void {
  world.restored.length = 0;
  world.told.length = 0;
  happen();
  world.settle();
  model.conversation = clean();
  const clear = { resumed: false, context: contextAfter(model.conversation, 0) };
  expect(world.restored).toMatchObject([clear]);
  expect(world.restored[0]?.work).toBeUndefined();
  expect(world.told.filter((error) => error === 'session_expired')).toEqual(told ? ['session_expired'] : []);
}

const asking = (name: string, content: number, and: (world: World) => void): Command =>
  command(name, (model, world) => {
    const { turns, left } = model.conversation;
    const before = { turns: turns.length, left: left.length };
    const key = `k${++model.keys}`;
    take(model.conversation, key, content < 0 ? null : (world.answers[content] ?? null), PACE);
    const happen = (): void => {
      world.submit(key, content);
      and(world);
    };
    between(model, world, before, happen, null);
  });

const cut = (world: World, direction: 'both' | 'up' | 'down', lasts: Duration): void => {
  const link = world.universe.wiring.node('c1-lb');
  world.scene.cut(link, direction, true);
  world.wait(lasts);
  world.scene.cut(link, direction, false);
};
const reset = (world: World): void =>
  world.universe.step(world.universe.wiring.node('c1-lb'), { type: 'resetAll' } satisfies LinkEvent);
const crash = (world: World, name: string, how: 'process' | 'host', lasts: Duration): void => {
  const node = world.universe.wiring.node(name);
  world.scene.crash(node, how);
  world.wait(lasts);
  world.scene.revive(node);
};
/** Long enough for either side to give a dead connection up, and to be back. */
const QUIET = seconds(45);

const wait = fc.integer({ min: 1, max: 4_000 }).map(ms);
const short = fc.integer({ min: 1, max: 300 }).map(ms);
const content = fc.integer({ min: -1, max: 1 });
const direction = fc.constantFrom('both', 'up', 'down');

export const COMMANDS: fc.Arbitrary<Command>[] = [
  content.map((ask) => asking(`ask ${ask}`, ask, () => undefined)),
  fc.tuple(content, short).map(([ask, pause]) =>
    asking(`ask ${ask}, reset after ${pause} us`, ask, (world) => {
      world.wait(pause);
      reset(world);
    }),
  ),
  fc.tuple(content, short, wait, direction).map(([ask, pause, lasts, way]) =>
    asking(`ask ${ask}, cut ${way} after ${pause} us for ${lasts} us`, ask, (world) => {
      world.wait(pause);
      cut(world, way, lasts);
    }),
  ),
  fc.tuple(content, short, wait, fc.constantFrom('process' as const, 'host' as const)).map(([ask, pause, lasts, how]) =>
    asking(`ask ${ask}, crash the owner (${how}) after ${pause} us for ${lasts} us`, ask, (world) => {
      world.wait(pause);
      crash(world, world.owner.id, how, lasts);
    }),
  ),
  fc.tuple(content, short, wait, fc.integer({ min: 0, max: 1000 })).map(([ask, pause, lasts, survive]) =>
    asking(`ask ${ask}, crash the store (${survive}) after ${pause} us for ${lasts} us`, ask, (world) => {
      world.wait(pause);
      world.universe.step(world.universe.wiring.node('store'), { type: 'crash', keep: survive });
      crash(world, 'store', 'process', lasts);
    }),
  ),
  fc.constant(
    command('reset', (model, world) =>
      keep(
        model,
        world,
        () => {
          reset(world);
          world.wait(QUIET);
        },
        true,
      ),
    ),
  ),
  fc.tuple(direction, wait).map(([way, lasts]) =>
    command(`cut ${way} for ${lasts} us`, (model, world) =>
      keep(model, world, () => {
        cut(world, way, lasts);
        world.wait(QUIET);
      }),
    ),
  ),
  wait.map((lasts) =>
    command(`crash the owner for ${lasts} us`, (model, world) =>
      keep(
        model,
        world,
        () => {
          crash(world, world.owner.id, 'process', lasts);
          world.wait(QUIET);
        },
        true,
      ),
    ),
  ),
  fc.constant(
    command('reload with stored session', (model, world) => keep(model, world, () => world.reload('stored'), true)),
  ),
  fc.constant(
    command('reload without memory', (model, world) => lose(model, world, () => world.reload('nothing'), false)),
  ),
  fc.constant(
    command('reload without memory, after the session expired', (model, world) =>
      lose(model, world, () => world.reload('nothing', plus(TTL, QUIET)), false),
    ),
  ),
  fc.constant(
    command('expire', (model, world) => lose(model, world, () => cut(world, 'both', plus(TTL, seconds(60))), true)),
  ),
  fc.constant(
    command('leave and come back', (model, world) =>
      lose(
        model,
        world,
        () => {
          world.universe.intend(world.client, { type: 'leave' });
          world.wait(seconds(1));
          world.reload('nothing');
        },
        false,
      ),
    ),
  ),
];
