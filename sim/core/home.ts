/**
 * Homes: the module that exports a scenario in which somebody's own code runs. That may loop for ever or fill a heap, so
 * its runs are made by worker processes, which find it at home. A changed copy of a scenario has none: it is found nowhere.
 */
import type { Scenario } from './scenario.ts';

const homes = new WeakMap<Scenario, string>();

/** From here on runs of this scenario are made in processes of their own, which load it from that URL. */
export const settle = (scenario: Scenario, url: string): void => void homes.set(scenario, url);

/** The URL of its module; null for a scenario that may run anywhere. */
export const homeOf = (scenario: Scenario): string | null => homes.get(scenario) ?? null;
