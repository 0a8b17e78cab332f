import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';

const seeds = (count: number, from = 1): string[] => Array.from({ length: count }, (_, i) => (from + i).toString(36));
interface Ran {
  readonly digest: string;
  readonly events: number;
}
const ranBy = (
  scenario: SessionScenario,
  list: readonly string[],
  mode: 'sweep' | 'recorded' | 'frozen' = 'sweep',
): Map<string, Ran> =>
  new Map(
    list.map((seed) => {
      const { digest, events } = run(scenario, seed, { mode });
      return [seed, { digest, events }];
    }),
  );

const TWENTY = seeds(20);

describe('the seed is the run', () => {
  for (const scenario of SCENARIOS) {
    let known: Map<string, Ran> | undefined;
    const forwards = (): Map<string, Ran> => {
      known ??= ranBy(scenario, TWENTY);
      return known;
    };

    test(`${scenario.name}: the same seed has the same digest again, whatever ran in between and in whatever order`, () => {
      const backwards = ranBy(scenario, [...TWENTY].reverse());
      for (const seed of TWENTY) expect(backwards.get(seed)).toEqual(forwards().get(seed));
    });

    test(`${scenario.name}: stepping in place, on drafts, and on frozen inputs gives one digest`, () => {
      // An event on a draft costs twenty times as much: the shortest run, one of middling length, and one in between.
      const bySize = [...forwards()].toSorted(([, a], [, b]) => a.events - b.events);
      const list = [0, 5, 10].map((place) => bySize[place] as [string, Ran]);
      const seeds = list.map(([seed]) => seed);
      expect(ranBy(scenario, seeds, 'recorded')).toEqual(new Map(list));
      expect(ranBy(scenario, seeds.slice(1), 'frozen')).toEqual(new Map(list.slice(1)));
    });

    test(`${scenario.name}: different seeds have different digests`, () => {
      expect(new Set([...forwards().values()].map(({ digest }) => digest)).size).toBe(TWENTY.length);
    });

    test(`${scenario.name}: watching a run does not change it`, () => {
      let entries = 0;
      const watched = run(scenario, '7', {
        witness: () => {
          entries++;
        },
      });
      expect(watched.digest).toBe(forwards().get('7')?.digest);
      expect(run(scenario, '7', { laws: [] }).digest).toBe(watched.digest);
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
