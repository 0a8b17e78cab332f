/**
 * `npm run validate`: the lab beside figures that others published, simulated or derived. Names of parts choose among them;
 * `--replications N`, `--seed TEXT`, `--short` for a test of seconds, `--all` prints every comparison. Exit 1 when a figure is
 * not reproduced, with a level of 1 % for all comparisons of a part together (Holm).
 */
import { parseArgs } from 'node:util';
import { judge, LEVEL } from './comparison.ts';
import { PARTS } from './parts.ts';
import { lines, summary } from './table.ts';

function asked() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      replications: { type: 'string', default: '200' },
      seed: { type: 'string', default: 'validate' },
      short: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
    },
  });
  const replications = Number(values.replications);
  if (!Number.isInteger(replications) || replications < 2 || replications > 100_000)
    throw new Error(`--replications takes a whole number from 2 to 100000, got ${values.replications}`);
  if (values.seed === '') throw new Error('--seed takes a text that is not empty');
  const names = PARTS.map(({ name }) => name);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  const chosen = PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return { chosen, effort: { seed: values.seed, replications, isShort: values.short }, isWhole: values.all };
}

function validate({ chosen, effort, isWhole }: ReturnType<typeof asked>): void {
  let missed = 0;
  for (const part of chosen) {
    const began = performance.now();
    const verdict = judge(part.run(effort));
    missed += verdict.missed.length;
    console.log(`${part.name}: ${part.about}`);
    for (const line of lines(verdict, { isWhole })) console.log(`  ${line}`);
    console.log(`  ${summary(verdict)} (${((performance.now() - began) / 1000).toFixed(1)} s)\n`);
  }
  const level = `a level of ${LEVEL * 100} % for all comparisons of a part together`;
  console.log(missed === 0 ? `reproduced, at ${level}` : `NOT reproduced: ${missed} figures differ, at ${level}`);
  process.exitCode = missed === 0 ? 0 : 1;
}

let question: ReturnType<typeof asked> | null = null;
try {
  question = asked();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
if (question !== null) validate(question);
