/** Derived bounds are the worst that can happen: in cells where one stands, no single recovery takes longer. */
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../sim/core/cells.ts';
import { run } from '../../sim/core/run.ts';
import { covers } from '../../sim/explore/exception.ts';
import type { Figures } from '../../sim/session/figures/measured.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { TargetName } from '../../sim/session/targets.ts';
import type { Exception } from '../../sim/targets/target.ts';

/** The exception that speaks of a cell. */
function exceptionIn(scenario: SessionScenario, name: TargetName, cell: Cell): Exception | undefined {
  const except = scenario.targets?.find((use) => use.name === name)?.except ?? [];
  return except.find((exception) => covers(exception, cell));
}

/** The seeds that came closest to a bound, or once broke the one before it. */
const CLOSEST: readonly (readonly [string, Cell, TargetName, keyof Figures, readonly string[]])[] = [
  [
    'midstream/large',
    { network: '3g', condition: 'intermittent' },
    'stream-resumed',
    'streamResumed',
    ['11j', '9d', 'ex', '13s', 'ea', '5a'],
  ],
  ['midstream/cascade', {}, 'recovery', 'recovery', ['1a1', '4zd', 'a3', '37s', '638', '1f7', '1uz']],
  ['midstream/buffers', {}, 'recovery', 'recovery', ['5ka', '1su', '568', '661', '69d']],
  ['midstream/large', {}, 'recovery', 'recovery', ['4yf', '6ub', '638', '7z']],
];

describe('no sample is above the bound of its cell', () => {
  for (const [name, cell, target, figure, seeds] of CLOSEST)
    test.each(seeds.map((seed) => [seed]))(`${target} of ${name}@%s`, (seed) => {
      const scenario = scenarioNamed(name) as SessionScenario;
      const outcome = run(scenario, seed, { cell });
      const bound = exceptionIn(scenario, target, outcome.cell)?.bound;
      expect(bound).toBeDefined();
      const samples = outcome.figures[figure] as readonly number[];
      expect(samples.length).toBeGreaterThan(0);
      expect(Math.max(...samples)).toBeLessThanOrEqual(bound as number);
    });
});
