/**
 * `npm run validate`: the lab beside figures that others published, simulated or derived. Names of parts choose among them;
 * `--replications N`, `--seed TEXT`, `--short` for a test of seconds, `--all` prints every comparison. Exit 1 when a figure is
 * not reproduced, with a level of 1 % for all comparisons of a part together (Holm). `--seeds N` repeats it with so many
 * seeds and shows how all z values lie, which judges the comparison itself.
 */
import { parseArgs } from 'node:util';
import { judge, LEVEL } from './comparison.ts';
import { spreadOf } from './luck.ts';
import type { Effort } from './part.ts';
import { PARTS } from './parts.ts';
import { lines, summary } from './table.ts';

type Asked = ReturnType<typeof asked>;

function asked() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      replications: { type: 'string', default: '200' },
      seed: { type: 'string', default: 'validate' },
      seeds: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
    },
  });
  const replications = whole('replications', values.replications, 2, 100_000);
  const seeds = whole('seeds', values.seeds, 1, 1000);
  if (values.seed === '') throw new Error('--seed takes a text that is not empty');
  const names = PARTS.map(({ name }) => name);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  const chosen = PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const effort: Effort = { seed: values.seed, replications, isShort: values.short };
  return { chosen, effort, seeds, isWhole: values.all };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`--${name} takes a whole number from ${least} to ${most}, got ${text}`);
  return value;
}

/** The z values of all seeds together. */
function repeat({ chosen, effort, seeds }: Asked): void {
  console.log(
    `z values of ${seeds} seeds; luck has mean 0, sd 1, quantiles -1.96 -1.00 0.00 1.00 1.96, distance below 1.36`,
  );
  for (const part of chosen) {
    const rows = Array.from({ length: seeds }, (_, n) => part.run({ ...effort, seed: `${effort.seed}/${n}` })).flat();
    const spread = spreadOf(rows);
    if (spread === null) continue;
    const { count, mean, deviation, beyond, quantiles, distance } = spread;
    console.log(
      `${part.name.padEnd(16)} ${count} values: mean ${mean.toFixed(3)}, sd ${deviation.toFixed(3)}, ` +
        `${((100 * beyond) / count).toFixed(1)} % beyond 1.96, quantiles ${quantiles.map((z) => z.toFixed(2)).join(' ')}, ` +
        `distance ${distance.toFixed(2)}`,
    );
  }
}

function validate({ chosen, effort, isWhole }: Asked): void {
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

let question: Asked | null = null;
try {
  question = asked();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
if (question !== null) {
  if (question.seeds > 1) repeat(question);
  else validate(question);
}
