/** The context law, model-based: whatever happens to a conversation, every resume shows what the reference model says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { store } from '../../src/session/store/store.ts';
import { COMMANDS, type Model } from './model/commands.ts';
import { clean } from './model/conversation.ts';
import { World } from './model/world.ts';

const start =
  (seed: number): (() => { model: Model; real: World }) =>
  () => ({
    model: { conversation: clean(), keys: 0 },
    real: new World(seed.toString(36)),
  });

const law = fc.property(fc.nat(100_000), fc.commands(COMMANDS, { maxCommands: 12 }), (seed, commands) =>
  fc.modelRun(start(seed), commands),
);

test('the context after every resume equals the model', () => {
  fc.assert(law, { numRuns: 200 });
});

/** What a WELCOME is made of, for planting a breach in it. */
interface Claimed {
  context: { turns: number; digest: number };
  work?: { calls: number };
}

test.each<[string, (claimed: Claimed) => void]>([
  [
    'a turn that is forgotten',
    ({ context }) => {
      if (context.turns > 0) context.turns -= 1;
    },
  ],
  [
    'a hash that is off by one',
    ({ context }) => {
      if (context.turns > 1) context.digest += 1;
    },
  ],
  [
    'a tool call that is forgotten',
    ({ work }) => {
      if (work !== undefined && work.calls > 1) work.calls -= 1;
    },
  ],
])('a planted breach is caught: %s', (_, spoil) => {
  const { step } = store;
  const mutable = store as { step: typeof store.step };
  mutable.step = (state, event, context) => {
    const effects = step(state, event, context);
    for (const effect of effects) {
      if (effect.type !== 'post' || effect.message.type !== 'claimed' || !effect.message.resumed) continue;
      spoil(effect.message as unknown as Claimed);
    }
    return effects;
  };
  try {
    expect(fc.check(law, { numRuns: 100 }).failed).toBe(true);
  } finally {
    mutable.step = step;
  }
});
