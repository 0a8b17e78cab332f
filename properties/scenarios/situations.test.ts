/** Situations that a sweep must meet: what their claims are about, and what they are not. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { Claim } from '../../sim/core/scenario.ts';
import { seedText } from '../../sim/core/seeds.ts';
import { SCENARIOS } from '../../sim/session/scenarios/catalogue.ts';
import * as connections from '../../sim/session/scenarios/situations/connections.ts';
import * as edges from '../../sim/session/scenarios/situations/edges.ts';
import * as handover from '../../sim/session/scenarios/situations/handover.ts';
import * as sessions from '../../sim/session/scenarios/situations/sessions.ts';
import * as stores from '../../sim/session/scenarios/situations/store.ts';
import * as streams from '../../sim/session/scenarios/situations/streams.ts';
import {
  cutInNewEpoch,
  regenerated,
  snapshotHandedOver,
  snapshotResumed,
} from '../../sim/session/scenarios/snapshots.ts';

const SITUATIONS: readonly Claim[] = [
  ...Object.values({ ...connections, ...edges, ...handover, ...sessions, ...stores, ...streams }).filter(
    (each) => typeof each === 'object',
  ),
  regenerated,
  snapshotHandedOver,
  snapshotResumed,
  cutInNewEpoch,
];
const names = SITUATIONS.map(({ name }) => name);

test('every situation is a claim of some scenario, under a name of its own', () => {
  const claimed = new Set(SCENARIOS.flatMap(({ sometimes }) => sometimes.map(({ name }) => name)));
  expect(names.filter((name) => !claimed.has(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

describe('without a fault no situation arises', () => {
  for (const scenario of SCENARIOS.filter(({ sometimes }) => sometimes.some(({ name }) => names.includes(name))))
    test(`in ${scenario.name}`, () => {
      const all = { ...scenario, sometimes: SITUATIONS };
      for (let seed = 1; seed <= 4; seed++) {
        const { breaches, reached } = run(all, seedText(seed), { plan: [] });
        expect([breaches, reached]).toEqual([[], []]);
      }
    });
});
