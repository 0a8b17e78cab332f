/**
 * `npm run suite -- FOLDER`: the whole JSON-Schema-Test-Suite from a checkout of it, with the optional files, and every
 * test that does not pass. `--carry` writes the sample that `npm test` runs.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, DIFFERS, FOLDERS, reasonOf, resultsOf } from './suite.ts';

const [root, carry] = process.argv.slice(2);
if (root === undefined) throw new Error('expected the folder of a checkout of JSON-Schema-Test-Suite');

const casesIn = (folder: string): readonly Case[] =>
  readdirSync(join(root, 'tests', folder))
    .filter((name) => name.endsWith('.json'))
    .flatMap((file) =>
      (JSON.parse(readFileSync(join(root, 'tests', folder, file), 'utf8')) as Case[]).map((each) => ({
        ...each,
        file,
      })),
    );

/** Every so many cases is carried. */
const EVERY = 4;
const carried: Record<string, Case[]> = {};
for (const base of Object.keys(FOLDERS))
  for (const part of ['', 'optional', 'optional/format']) {
    const tally: Record<string, number> = { right: 0, refused: 0, differs: 0 };
    const reasons: Record<string, number> = {};
    const lines: string[] = [];
    for (const [number, each] of casesIn(join(base, part)).entries()) {
      const results = resultsOf(base, each);
      for (const [name, result] of results) {
        tally[result.is] = (tally[result.is] ?? 0) + 1;
        if (result.is === 'refused') reasons[reasonOf(result.why)] = (reasons[reasonOf(result.why)] ?? 0) + 1;
        if (result.is === 'differs' && !(part === '' && DIFFERS.test(name)))
          lines.push(`  differs: ${name}: ${result.why}`);
      }
      if (part === '' && number % EVERY === 0) {
        const { file, description, schema, tests } = each;
        const bare = tests.map(({ description, data, valid }) => ({ description, data, valid }));
        carried[base] = [...(carried[base] ?? []), { file, description, schema, tests: bare }];
      }
    }
    console.log(`${join(base, part)}: ${tally.right} right, ${tally.refused} refused, ${tally.differs} differ`);
    for (const [reason, tests] of Object.entries(reasons).sort()) console.log(`  refused: ${tests} tests: ${reason}`);
    for (const line of lines) console.log(line);
  }
if (carry === '--carry')
  writeFileSync(
    'properties/fixtures/json-schema-test-suite.json',
    `${JSON.stringify({
      note: 'Every fourth case of the required files of JSON-Schema-Test-Suite (MIT, Julian Berman), as they are.',
      source: 'https://github.com/json-schema-org/JSON-Schema-Test-Suite@44401e0c046704b476ec9d2e2fccdaee618f259d',
      folders: carried,
    })}\n`,
  );
process.exit(0);
