/** `npm run measure:shrink`: what is left of failing runs, over planted breaches, scenarios and seeds. */
import { eventsLeft, type Measured, quantile, shrinks } from './planted-breaches.ts';

const SCENARIOS = [
  ...['context/basic', 'context/agent-memory', 'context/benchmarks', 'midstream/text', 'midstream/cascade'],
  ...['midstream/concurrent', 'restart/crash', 'restart/rolling'],
];

const all: Measured[] = [];
for (const measured of shrinks(SCENARIOS, 40, 4)) {
  all.push(measured);
  const { breach, scenario, seed, shrunk, took } = measured;
  const { before, after, runs, law, stopped } = shrunk;
  console.log(
    `${scenario}@${seed} ${breach}: ${law}: ${before.faults} -> ${after.faults} faults, ${before.events} -> ${after.events} events, ${runs} runs, ${Math.round(took)} ms, ${stopped}`,
  );
}
const line = (what: string, of: (measured: Measured) => number): string =>
  `${what}: median ${quantile(all.map(of), 50).toFixed(1)}, p90 ${quantile(all.map(of), 90).toFixed(1)}, most ${quantile(all.map(of), 100).toFixed(1)}`;
console.log(`${all.length} failing runs`);
console.log(line('faults before', ({ shrunk }) => shrunk.before.faults));
console.log(line('faults left', ({ shrunk }) => shrunk.after.faults));
console.log(line('events left, in percent', eventsLeft));
console.log(line('milliseconds', ({ took }) => took));
