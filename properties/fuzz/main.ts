/** `npm run fuzz -- [what] [count] [first case]`: damaged files by the thousand; exits 1 when one does what it must not. */
import { failures } from './failures.ts';
import type { Fuzz } from './fuzz.ts';
import { fuzz } from './fuzz.ts';
import { input } from './input.ts';

const ALL: Readonly<Record<string, Fuzz>> = { failures, input };

const [what = 'all', count = '10000', from = '1'] = process.argv.slice(2);
const chosen = what === 'all' ? Object.entries(ALL) : Object.entries(ALL).filter(([name]) => name === what);
if (chosen.length === 0) throw new Error(`expected all or one of ${Object.keys(ALL).join(', ')}, got ${what}`);
let found = 0;
for (const [name, each] of chosen) {
  const { tally, findings, slowest } = await fuzz(each, Number(count), Number(from));
  console.log(`${name}: ${count} cases from ${from}, slowest ${slowest.name} with ${Math.round(slowest.ms)} ms`);
  for (const [outcome, cases] of Object.entries(tally).sort()) console.log(`  ${outcome}: ${cases}`);
  for (const finding of findings) console.log(`FOUND ${finding.name}: ${finding.what}`);
  found += findings.length;
}
process.exit(found > 0 ? 1 : 0);
