/** The catalogue as a module that worker processes find. */
import type { Source } from '../../explore/source.ts';
import { SCENARIOS } from './catalogue.ts';

export { SCENARIOS } from './catalogue.ts';

export const CATALOGUE: Source = { url: import.meta.url, ours: true, scenarios: SCENARIOS, laws: [] };
