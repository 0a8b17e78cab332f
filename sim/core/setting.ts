/** The setting of a run: what a seed and overrides mean for a scenario, before its world is built. */
import { faultsOf } from '../faults/catalogue.ts';
import { drawCell, mustBeOpen } from './cells.ts';
import { dice } from './dice.ts';
import { isChosen, type Overrides, openUnder } from './overrides.ts';
import type { Scenario, Setting } from './scenario.ts';
import { seedOf } from './seeds.ts';

/** Fresh dice, the cell, and what somebody chose. */
export function settingOf(scenario: Scenario, seed: string | number, overrides: Overrides = {}): Setting {
  const { input = null, network = null, policy = null, cell } = overrides;
  const luck = dice(seedOf(seed));
  const phases = scenario.protocol?.phases;
  if (isChosen(cell)) mustBeOpen(scenario, cell);
  return {
    dice: luck,
    input,
    network,
    policy,
    faults: faultsOf(scenario),
    ...(phases === undefined ? {} : { phases }),
    cell: drawCell(luck, openUnder(scenario, overrides), cell ?? {}),
  };
}

/** So many worlds are built before one is said to have no use for something: some cells may ask for less than others. */
const WORLDS = 16;

/**
 * A content, network or policy that the scenario's worlds never ask for, if one was chosen: it would change nothing, and the
 * run would be reported as one with it.
 */
export function untaken(scenario: Scenario, overrides: Overrides): string | null {
  const unread = new Set<string | symbol>(
    (['input', 'network', 'policy'] as const).filter((name) => isChosen(overrides[name])),
  );
  if (scenario.protocol?.underPolicy !== undefined) unread.delete('policy');
  for (let seed = 1; seed <= WORLDS && unread.size > 0; seed++) {
    const watched = new Proxy(settingOf(scenario, seed, overrides), {
      get(setting, name) {
        unread.delete(name);
        return Reflect.get(setting, name);
      },
    });
    try {
      scenario.world(watched);
    } catch {
      // Its runs say so, each with its seed.
      return null;
    }
  }
  return [...unread].map(String)[0] ?? null;
}

/** Throws in one line for what is untaken. */
export function mustTake(scenario: Scenario, overrides: Overrides): void {
  const name = untaken(scenario, overrides);
  if (name !== null)
    throw new Error(`${scenario.name} takes no ${name}: its worlds do not ask for \`setting.${name}\``);
}
