/**
 * What comes with hangup and is found by name, without a config: the scenarios of our own protocol, as a module that worker
 * processes find. Besides the rooms called `session`, only this file and the library's index know that it lives here.
 */
import type { Source } from './explore/source.ts';
import { SCENARIOS } from './session/scenarios/catalogue.ts';

export { SCENARIOS };

export const CATALOGUE: Source = { url: import.meta.url, ours: true, scenarios: SCENARIOS, laws: [] };
