import { describe, expect, test } from 'vitest';
import { combinationsOf, networkNames } from '../sim/hunt/combinations.ts';
import { UsedFiles } from '../sim/input/used-files.ts';
import { PRESETS } from '../src/backoff/presets.ts';

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
      new Set(policies.filter((each) => each !== 'aws-none')),
    );
  });
});
