/**
 * `npm run wpt -- FOLDER [PART…]`: the parts of a checkout of web-platform-tests that fit, in pages of a realm. Says how many
 * tests pass, and which do not and why; `expected.json` has the reasons that are known. Exit code 1 when one fails without.
 */
import { readFileSync } from 'node:fs';
import { filesIn, type Result, resultsOf } from './tests.ts';

const [root, ...given] = process.argv.slice(2);
if (root === undefined) throw new Error('expected the folder of a checkout of web-platform-tests');

/** What a page without a DOM has of the platform. */
const PARTS = [
  'websockets',
  'dom/events',
  'dom/abort',
  'url',
  'encoding',
  'html/webappapis/timers',
  'html/webappapis/microtask-queuing',
  'webstorage',
  'xhr/formdata',
  'fetch/api/headers',
  'FileAPI/blob',
  'FileAPI/file',
];

interface Known {
  /** Of a file or a test: `file` or `file > test`. */
  readonly match: string;
  readonly because: string;
}
const known = (JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as Known[]).map(
  ({ match, because }) => ({ match: new RegExp(match), because }),
);
const reasonOf = ({ file, test, why }: Result): string | null =>
  known.find(({ match }) => match.test(`${file} > ${test}: ${why}`))?.because ?? null;

let strange = 0;
for (const part of given.length > 0 ? given : PARTS) {
  const files = filesIn(root, [part]);
  if (files.length === 0) continue;
  const results = files.flatMap((file) => resultsOf(root, file));
  const failed = results.filter(({ isPassed }) => !isPassed);
  const unknown = failed.filter((each) => reasonOf(each) === null);
  const reasons = new Map<string, number>();
  for (const each of failed) {
    const reason = reasonOf(each);
    if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  console.log(`${part}: ${results.length - failed.length} of ${results.length} tests in ${files.length} files pass`);
  for (const [reason, count] of reasons) console.log(`  ${count} do not: ${reason}`);
  for (const { file, test, why } of unknown) console.log(`  ${file} > ${test}: ${why}`);
  strange += unknown.length;
}
process.exitCode = strange === 0 ? 0 : 1;
