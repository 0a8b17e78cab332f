/** Who is asked by the witness, and for how long. */
import { expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { type Claim, claim, type Scenario } from '../../sim/core/scenario.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';

const base = scenarioNamed('midstream/text') as Scenario;

/** Comes true at the nth thing that an application receives, and counts how often it was asked. */
function nth(name: string, n: number): { readonly claim: Claim; asked: number } {
  const counting = {
    asked: 0,
    claim: claim({
      name,
      states: 'x',
      remember: () => null,
      on: {
        received(_memory, _entry, reached) {
          counting.asked++;
          if (counting.asked === n) reached();
        },
      },
    }),
  };
  return counting;
}

test('a claim that has come true is asked no more, and nobody beside it is left out', () => {
  const [first, second, never] = [nth('first', 3), nth('second', 5), nth('never', 0)];
  const sometimes = [first.claim, second.claim, never.claim];
  const { reached, verdict } = run({ ...base, sometimes }, 1);
  expect(verdict).toBe('holds');
  expect(reached).toEqual(['first', 'second']);
  expect([first.asked, second.asked]).toEqual([3, 5]);
  expect(never.asked).toBeGreaterThan(100);
});
