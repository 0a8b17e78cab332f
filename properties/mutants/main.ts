/**
 * `npm run mutants -- [--lines 300] [--seed 1] [--only client] [--all]`: mutation testing of `src/`. Stryker changes the code
 * in small ways, one at a time, and runs the tests of machines and scenarios: a mutant that no test notices shows a place
 * where the code may say anything. All of them take hours, so by default a sample of lines is mutated.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { interval, type MutationReport, type Score, scoresOf, survivorsOf } from './report.ts';
import { filesOf, sampleOf } from './sample.ts';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    all: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});
const files = filesOf(values.only);
if (files.length === 0) throw new Error(`--only: expected a part of a path in src, got ${values.only}`);
const count = Number(values.lines);
if (!Number.isInteger(count) || count < 1)
  throw new Error(`--lines: expected a whole number from 1, got ${values.lines}`);
const mutated = values.all ? files : sampleOf(files, count, values.seed);
const started = performance.now();
const { status } = spawnSync(
  'npx',
  ['stryker', 'run', 'properties/mutants/stryker.json', '--mutate', mutated.join(','), '--concurrency', values.jobs],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
if (status !== 0) throw new Error('stryker did not come to its end; npx stryker run properties/mutants/stryker.json');
const report = JSON.parse(readFileSync('.hangup/mutants/report.json', 'utf8')) as MutationReport;

const line = (room: string, score: Score): string => {
  const [least, most] = interval(score);
  const share = (100 * score.killed) / score.of;
  return `${room.padEnd(24)} ${share.toFixed(1).padStart(5)} %  ${score.killed} of ${score.of} (${least.toFixed(0)} to ${most.toFixed(0)} %)`;
};
const scores = scoresOf(report);
for (const [room, score] of [...scores].sort()) if (room !== '') console.log(line(room, score));
console.log(line('all', scores.get('') ?? { killed: 0, of: 0 }));
const survivors = survivorsOf(report);
console.log(`\n${survivors.length} mutants that no test noticed:`);
for (const survivor of survivors) console.log(`  ${survivor}`);
console.log(`\n${Math.round((performance.now() - started) / 1000)} s`);
