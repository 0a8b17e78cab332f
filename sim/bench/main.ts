/**
 * `npm run bench -- [hold] [phold] [step] [scenarios] [growth] [memory] [own] [storm] [--quick] [--json]`: the suites by name, all of them when none is named.
 * `own --prototype DIR` measures a prototype beside it.
 * `npm run bench -- --against REF [SCENARIO …]`: runs of this checkout beside those of another commit.
 *
 * Absolute times belong to a machine and its neighbours; the ratios, medians of interleaved rounds, are what to compare.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioNamed } from '../session/scenarios/catalogue.ts';
import { against } from './against.ts';
import { growth } from './growth.ts';
import { hold } from './hold.ts';
import { memory } from './memory.ts';
import { own } from './own.ts';
import { phold } from './phold.ts';
import { asJson, asTable, type Options, type Suite } from './report.ts';
import { scenarios } from './scenarios.ts';
import { step } from './step.ts';
import { storm } from './storm.ts';

/** A new suite is one more line here: its name, and the function in a file of that name. */
const SUITES: Readonly<Record<string, (options: Options) => Promise<Suite>>> = {
  hold,
  phold,
  step,
  scenarios,
  growth,
  memory,
  own,
  storm,
};

const FLAGS = ['--quick', '--json'];

const words = process.argv.slice(2);
const asked = words.indexOf('--prototype');
const [, prototype] = asked < 0 ? [] : words.splice(asked, 2);
const [first, ref, ...scenarioNames] = words;
const unknown = words.find((word) => !Object.hasOwn(SUITES, word) && !FLAGS.includes(word));
if (first === '--against') {
  const stranger = scenarioNames.find((name) => scenarioNamed(name) === undefined);
  if (ref === undefined || stranger !== undefined) {
    console.error(`bench: expected --against REF [SCENARIO …], got ${JSON.stringify(stranger ?? words.join(' '))}`);
    process.exitCode = 2;
  } else against(ref, scenarioNames.length > 0 ? scenarioNames : undefined);
} else if (asked >= 0 && !existsSync(join(prototype ?? '', 'bench.js'))) {
  console.error(`bench: --prototype: expected a folder with a bench.js, got ${JSON.stringify(prototype ?? '')}`);
  process.exitCode = 2;
} else if (unknown !== undefined) {
  console.error(`bench: expected ${[...Object.keys(SUITES), ...FLAGS].join(', ')}, got ${JSON.stringify(unknown)}`);
  process.exitCode = 2;
} else {
  await bench(new Set(words));
}

async function bench(chosen: ReadonlySet<string>): Promise<void> {
  const named = Object.keys(SUITES).filter((name) => chosen.has(name));
  const json = chosen.has('--json');
  const suites: Suite[] = [];
  for (const name of named.length > 0 ? named : Object.keys(SUITES)) {
    const suite = await SUITES[name]!({
      quick: chosen.has('--quick'),
      ...(prototype === undefined ? {} : { prototype }),
    });
    suites.push(suite);
    if (!json) console.log(`${asTable(suite)}\n`);
  }
  if (json) console.log(asJson(suites));
}
