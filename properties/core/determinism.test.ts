import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';

const seeds = (count: number, from = 1): string[] => Array.from({ length: count }, (_, i) => (from + i).toString(36));
const digests = (
  scenario: SessionScenario,
  list: readonly string[],
  mode: 'sweep' | 'recorded' | 'frozen',
): Map<string, string> => new Map(list.map((seed) => [seed, run(scenario, seed, { mode }).digest]));

const TWENTY = seeds(20);

describe('the seed is the run', () => {
  for (const scenario of SCENARIOS) {
    let known: Map<string, string> | undefined;
    const forwards = (): Map<string, string> => {
      known ??= digests(scenario, TWENTY, 'sweep');
      return known;
    };

    test(`${scenario.name}: the same seed has the same digest again, whatever ran in between and in whatever order`, () => {
      const backwards = digests(scenario, [...TWENTY].reverse(), 'sweep');
      for (const seed of TWENTY) expect(backwards.get(seed)).toBe(forwards().get(seed));
    });

    test(`${scenario.name}: stepping in place, on drafts, and on frozen inputs gives one digest`, () => {
      const list = TWENTY.slice(0, 3);
      const inPlace = new Map([...forwards()].slice(0, 3));
      expect(digests(scenario, list, 'recorded')).toEqual(inPlace);
      expect(digests(scenario, list, 'frozen')).toEqual(inPlace);
    });

    test(`${scenario.name}: different seeds have different digests`, () => {
      expect(new Set(forwards().values()).size).toBe(TWENTY.length);
    });

    test(`${scenario.name}: watching a run does not change it`, () => {
      let entries = 0;
      const watched = run(scenario, '7', {
        witness: () => {
          entries++;
        },
      });
      expect(watched.digest).toBe(run(scenario, '7').digest);
      expect(watched.digest).toBe(run(scenario, '7', { laws: [] }).digest);
      expect(entries).toBeGreaterThan(100);
    });
  }

  test('a plan that is written down and read back gives the run that it was drawn in', () => {
    const scenario = scenarioNamed('midstream/text') as SessionScenario;
    const drawn = run(scenario, 'k7f3');
    const plan = JSON.parse(JSON.stringify(drawn.plan));
    expect(run(scenario, 'k7f3', { plan }).digest).toBe(drawn.digest);
  });

  test('removing a fault leaves everything before it as it was', () => {
    const scenario = scenarioNamed('midstream/text') as SessionScenario;
    for (const seed of seeds(10)) {
      const drawn = run(scenario, seed);
      const last = drawn.plan.at(-1);
      if (last === undefined) continue;
      const earlier = (plan = drawn.plan): string[] => {
        const seen: string[] = [];
        run(scenario, seed, {
          plan,
          witness: (entry) => {
            // The numbers of events and entries differ: the fault that is gone was on the agenda.
            // The heal comes earlier without the last fault, and the run may end before it: that is no reshuffle.
            if (entry.at < last.at && entry.kind !== 'healed' && entry.kind !== 'rest')
              seen.push(JSON.stringify({ ...entry, event: 0, id: 0, cause: 0 }));
          },
        });
        return seen;
      };
      expect(earlier(drawn.plan.slice(0, -1))).toEqual(earlier());
    }
  });
});
