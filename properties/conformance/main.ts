import { startProgram } from '../report/browser.ts';
import { startDevtools } from './devtools.ts';
import { PROGRAMS } from './catalogue.ts';
import { runReal } from './real.ts';
import { profileOf } from './program.ts';
const words = process.argv.slice(2);
const started = await startProgram(startDevtools);
if ('reason' in started) console.log(started.reason);
const browser = 'value' in started ? started.value : null;
const wanted = PROGRAMS.filter(({ name }) => words.length === 0 || words.some((w) => name === w || (w.endsWith('*') && name.startsWith(w.slice(0, -1)))));
const out: Record<string, unknown> = {};
let i = 0;
const work = async () => { while (i < wanted.length) { const p = wanted[i++]!; out[p.name] = await runReal(p, browser).catch((e) => ({ failed: [String(e.stack)] })); } };
await Promise.all([work(), work(), work()]);
for (const p of wanted) { console.log(`== ${p.name}: ${p.says}`); for (const [who, lines] of Object.entries(out[p.name] as Record<string, string[]>)) { console.log(`  -- ${who}`); for (const l of lines) console.log(`     ${l}`); } }
await browser?.close();
