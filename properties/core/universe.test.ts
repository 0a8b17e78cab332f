import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { cases } from '../../sim/testing/arbitraries/plans.ts';
import { at, seconds } from '../../src/time.ts';

describe('no plan of faults breaks a law', () => {
  for (const name of ['context/basic', 'midstream/text', 'restart/rolling'])
    test(`${name}: every law holds under any plan, and the run comes to rest`, () => {
      const scenario = scenarioNamed(name) as SessionScenario;
      const drawn = cases(scenario, {
        faults: [0, 8],
        begin: [at(0), at(8_000_000)],
        lasts: [seconds(0), seconds(12)],
      });
      fc.assert(
        fc.property(drawn, ({ seed, plan }) => {
          const outcome = run(scenario, seed, { plan });
          expect(outcome.breaches).toEqual([]);
          expect(outcome.exceeded).toBeNull();
          expect(outcome.figures.streamsIntact).toBe(outcome.figures.streamsOwed);
        }),
        { numRuns: 300 },
      );
    });
});

test('nothing is delivered on a connection to a process that was told that it is over', () => {
  const scenario = scenarioNamed('restart/state') as SessionScenario;
  let late = 0;
  let lost = 0;
  for (let number = 1; number <= 12; number++) {
    const told = new Set<string>();
    run(scenario, number.toString(36), {
      faults: ['closeDuringConnect', 'halfOpen', 'reset'],
      network: networkNamed('satellite'),
      witness(entry) {
        if (entry.kind === 'closed') told.add(`${entry.node}/${entry.conn}`);
        if (entry.kind === 'delivered' && told.has(`${entry.node}/${entry.conn}`)) late++;
        if (entry.kind === 'lost' && told.has(`${entry.to}/${entry.conn}`)) lost++;
      },
    });
  }
  expect(late).toBe(0);
  expect(lost).toBeGreaterThan(0);
});

describe('without faults', () => {
  for (const scenario of SCENARIOS)
    test(`${scenario.name}: everything completes on the first connection`, () => {
      for (const drawnSeed of ['1', '2', '3']) {
        const outcome = run(scenario, drawnSeed, { plan: [] });
        expect(outcome.breaches).toEqual([]);
        expect(outcome.figures.streamsCompleted).toBe(outcome.figures.streamsOwed);
        expect(outcome.figures.streamsOwed).toBeGreaterThan(0);
      }
    });
});
