import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../sim/faults/plan.ts';
import { networkNamed } from '../sim/networks/presets.ts';
import { run } from '../sim/run.ts';
import { SCENARIOS, scenarioNamed } from '../sim/scenarios/catalogue.ts';
import type { SessionScenario } from '../sim/session/protocol.ts';
import { plans } from './arbitraries/plans.ts';

const seed = fc.integer({ min: 1, max: 1_000_000 }).map((n) => n.toString(36));

/** The worlds that plans are thrown at, with what there is to hit. */
const WORLDS = [
  { name: 'context/basic', links: ['c1-lb', 'lb-s1', 'lb-s2'], clients: ['c1'], servers: ['s1', 's2'] },
  { name: 'midstream/text', links: ['c1-lb', 'lb-s1', 'lb-s2'], clients: ['c1'], servers: ['s1', 's2'] },
  {
    name: 'restart/rolling',
    links: ['c1-lb', 'c3-lb', 'lb-s1', 'lb-s3'],
    clients: ['c1', 'c3'],
    servers: ['s1', 's2', 's3'],
  },
] as const;

describe('no plan of faults breaks a law', () => {
  for (const world of WORLDS)
    test(`${world.name}: every law holds under any plan, and the run comes to rest`, () => {
      const scenario = scenarioNamed(world.name) as SessionScenario;
      const targets = { ...world, until: 8_000_000, lastsMax: 12_000_000 };
      fc.assert(
        fc.property(seed, plans(targets), (drawnSeed, plan: FaultPlan) => {
          const outcome = run(scenario, drawnSeed, { plan });
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
      for (const drawnSeed of ['1', '2', '3', '4', '5']) {
        const outcome = run(scenario, drawnSeed, { plan: [] });
        expect(outcome.breaches).toEqual([]);
        expect(outcome.figures.streamsCompleted).toBe(outcome.figures.streamsOwed);
        expect(outcome.figures.streamsOwed).toBeGreaterThan(0);
      }
    });
});
