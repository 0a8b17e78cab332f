/** One storm in the universe, in a process that does nothing else: prints what it took. `tsx sim/bench/one-storm.ts CLIENTS`. */
import { PRESETS } from '../../src/backoff/presets.ts';
import { REFERENCE_STORM } from '../lab/storm/storm.ts';
import { runStormInUniverse } from '../lab/universe/run.ts';

const clients = Number(process.argv[2]);
const storm = { ...REFERENCE_STORM, clients, capacity: clients / 20 };
const before = process.cpuUsage();
const { outcomes, events } = runStormInUniverse(storm, PRESETS.default.policy, { seed: 'bench', replication: 0 });
const { user, system } = process.cpuUsage(before);
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ seconds: (user + system) / 1e6, megabytes, dials: outcomes.dials, events }));
