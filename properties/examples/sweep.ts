/**
 * A long sweep of every example: `npm run sweep:examples -- 1000`, so many seeds each. Exits 1 when one says something else
 * than is known of it.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROKEN, explored, surprises } from './expected.ts';

const [seeds = '500', ...more] = process.argv.slice(2);
const out = mkdtempSync(join(tmpdir(), 'hangup-examples-'));
const sweeps = await explored([], ['--seeds', seeds, ...more], out);
for (const { name, runs, broken_runs, broken } of sweeps)
  console.log(
    `${name}: ${broken_runs} of ${runs} runs${broken.map((each) => `, ${each.law} in ${each.runs} (first @${each.seed})`).join('')}`,
  );
const all = surprises(sweeps, true);
for (const each of all) console.error(each);
console.log(
  all.length === 0
    ? `as expected: ${Object.keys(BROKEN).length} break what they are known to break, all else holds`
    : `failures are in ${out}`,
);
process.exitCode = all.length === 0 ? 0 : 1;
