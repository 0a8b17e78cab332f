import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../sim/core/scenario.ts';
import { emptyTally } from '../../sim/explore/tally.ts';
import { combinationsOf, networkNames } from '../../sim/hunt/combinations.ts';
import { Summary } from '../../sim/hunt/summary.ts';
import { UsedFiles } from '../../sim/input/used-files.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { PRESETS } from '../../src/backoff/presets.ts';

const { read } = new UsedFiles();

describe('a hunt', () => {
  test('goes over every network with own plans, with all faults and with a policy, in each of its turns', () => {
    const names = networkNames();
    expect(names.length).toBeGreaterThan(20);
    for (const turn of [0, 1, 9972]) {
      const seen = combinationsOf(names, turn, read).map(({ harm, origin }) => `${origin.network} ${harm}`);
      expect(new Set(seen).size).toBe(3 * names.length);
    }
  });

  test('meets every published policy on a network after as many turns, but none that never waits', () => {
    const policies = Object.keys(PRESETS);
    const met = policies.flatMap((_, turn) => combinationsOf([null], turn, read).map(({ origin }) => origin.policy));
    expect(new Set(met.filter((each) => each !== null))).toEqual(
      new Set(policies.filter((each) => !['aws-none', 'finagle-budget', 'linkerd-budget'].includes(each))),
    );
  });

  test('says what it has seen in sentences, and in a table of the width that it is given', () => {
    const names = [null, `${'a-long-way-to/'.repeat(3)}some-trace.down,some-trace.up`];
    const summary = new Summary(names);
    const [combination] = combinationsOf([null], 0, read);
    const tally = { ...emptyTally(), runs: 1 };
    const scenario = scenarioNamed('midstream/text') as Scenario;
    summary.add(combination!, { tallies: [{ scenario, tally }], stopped: null, wallMs: 1 }, []);
    expect(summary.line(combination!, 1000)).toMatch(/^1 run, 0 red, 1 s: /);
    const lines = summary.text(1000, 80).split('\n');
    expect(lines).toContain('1 run, 0 red, in 1 s');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toContain(names[1]);
  });
});
