import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../sim/faults/plan.ts';
import { run } from '../sim/run.ts';
import type { Scenario } from '../sim/scenario.ts';
import { scenarioNamed } from '../sim/scenarios/catalogue.ts';
import type { Duration, Instant } from '../src/time.ts';
import { buffers, multipart } from './corpus/former.ts';

/** Seeds that once broke a law, and why. */
const ONCE_BROKEN: readonly (readonly [string, string, string])[] = [
  ['former/multipart', 'k', 'a dial that was given up before its request arrived stayed in the link for ever'],
  ['former/buffers', 'w', 'a long message lost a packet and waited for the whole ladder of time-outs, again and again'],
  ['former/buffers', '2y', 'a release that met a dead store was lost, and its session never ended'],
  [
    'restart/crash',
    '6j',
    'two lives of server and balancer numbered a claim alike, and the old answer was given to the new one',
  ],
  ['midstream/multipart', '152', 'snapshots piled up on a path that was slower than the agent'],
  ['restart/crash', 'h9', 'a new balancer process gave connections the names of old ones'],
];

describe('what once broke a law holds', () => {
  for (const [scenario, seed, why] of ONCE_BROKEN)
    test(`${scenario}@${seed}: ${why}`, () => {
      const found = [buffers, multipart].find(({ name }) => name === scenario) ?? scenarioNamed(scenario);
      expect(run(found as Scenario, seed)).toMatchObject({ verdict: 'holds', breaches: [] });
    });

  test('a store that dies between making a chunk durable and saying so does not stall the stream', () => {
    for (let at = 4_100_000; at < 4_400_000; at += 500) {
      const plan: FaultPlan = [
        { kind: 'storeCrash', target: 'store', at: at as Instant, lasts: 100_000 as Duration, keep: 1000 },
      ];
      expect(run(scenarioNamed('midstream/text') as Scenario, '1', { plan }).breaches).toEqual([]);
    }
  });
});
