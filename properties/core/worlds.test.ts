/** Worlds that seeds share are those that each would have built, and leave its dice where building does. */
import { describe, expect, test } from 'vitest';
import type { Scenario, Setting } from '../../sim/core/scenario.ts';
import { settingOf } from '../../sim/core/setting.ts';
import { shareWorlds, worldOf } from '../../sim/core/worlds.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';

const alone = (scenario: Scenario): Scenario =>
  ({ ...scenario, world: (setting, ...others) => scenario.world(setting, ...others) }) as Scenario;

/** What a world says, and what its seed's dice say next. */
function told(scenario: Scenario, seed: number): string {
  const setting = settingOf(scenario, seed);
  const { described } = worldOf(scenario, setting);
  const next = ['world/network', 'world/window', 'world/regenerate', 'plan/kind'].map((name) =>
    setting.dice.between(name, 0, 1e9),
  );
  // Contents are megabytes, and the same objects in every world that has them.
  return JSON.stringify([described, next], (key, value) =>
    ['contents', 'documents', 'trace'].includes(key) && value !== null ? value.length : value,
  );
}

describe.each(SCENARIOS.filter(({ name }) => !/herd|benchmarks/.test(name)))('$name', (scenario) => {
  test('a seed has the same world by itself as among others', () => {
    for (let seed = 1; seed <= 20; seed++) expect(told(scenario, seed)).toBe(told(alone(scenario), seed));
  });
});

test('most seeds of a usual scenario find their world built', () => {
  const text = scenarioNamed('midstream/text') as Scenario;
  const worlds = Array.from({ length: 200 }, (_, seed) => worldOf(text, settingOf(text, seed + 1)).world);
  expect(new Set(worlds).size).toBeLessThan(120);
});

test('a scenario that looks at its seed, or draws from many values, shares nothing', () => {
  const text = scenarioNamed('midstream/text') as Scenario;
  const asks: readonly ((setting: Setting) => unknown)[] = [
    ({ dice }) => dice.seed,
    ({ dice }) => dice.stream('own')(),
    ({ dice }) => dice.between('own', 1, 1000),
  ];
  for (const ask of asks) {
    const curious: Scenario = { ...text, world: (setting) => [ask(setting), text.world(setting)][1] };
    shareWorlds([curious]);
    const worlds = Array.from({ length: 40 }, (_, seed) => worldOf(curious, settingOf(curious, seed + 1)).world);
    expect(new Set(worlds).size).toBe(40);
  }
});

test('a copy of a scenario with a world of its own is asked for one by each seed', () => {
  const text = scenarioNamed('midstream/text') as Scenario;
  const own = alone(text);
  const worlds = Array.from({ length: 40 }, (_, seed) => worldOf(own, settingOf(own, seed + 1)).world);
  expect(new Set(worlds).size).toBe(40);
});
