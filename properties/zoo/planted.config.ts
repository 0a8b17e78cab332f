/**
 * The catalogue with one bug in it, for every command: `ZOO_BUG=lost-tail npm run dev -- replay zoo/restart-state@4 --config
 * properties/zoo/planted.config.ts` shows a finding as whoever knows nothing of the bug would see it.
 */
import { BUGS } from './bugs/all.ts';
import { planted } from './plant.ts';

const name = process.env.ZOO_BUG ?? '';
const bug = BUGS.find((each) => each.name === name);
if (bug === undefined)
  throw new Error(`ZOO_BUG: expected the name of a planted bug (npm run zoo -- --list), got ${JSON.stringify(name)}`);

// A seed draws the same whatever its scenario is called, and the names of the catalogue are taken.
export default { scenarios: planted(bug).map((each) => ({ ...each, name: `zoo/${each.name.replace('/', '-')}` })) };
