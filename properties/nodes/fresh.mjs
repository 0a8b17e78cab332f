/**
 * The digests of systems over the first seeds, each run in realms that are all new, where a sweep takes those that served
 * before: `node --import tsx properties/nodes/fresh.mjs SEEDS NAME…`, as JSON. It is plain JavaScript because it takes the
 * package as examples do, from its build.
 */
import { run } from 'hangup';
import all from '../examples/all.config.ts';

const [seeds, ...names] = process.argv.slice(2);
const scenarios = names.map((name) => {
  const scenario = all.scenarios.find((each) => each.name === name);
  scenario.ready();
  const digest = (_, i) => scenario.protocol.anew(() => run(scenario, (i + 1).toString(36), { mode: 'sweep' }).digest);
  return { name, digests: Array.from({ length: Number(seeds) }, digest) };
});
process.stdout.write(JSON.stringify({ scenarios }));
