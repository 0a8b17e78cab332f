/**
 * One digest on every engine, in short: some runs in Chromium, and in Nodes whose surroundings are others than ours.
 * `npm run check:engines` makes the same comparison for all scenarios on other versions of Node, and in Firefox.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startBrowser } from '../report/browser.ts';
import { digestsInPage } from './browsers.ts';
import { bundle } from './bundle.ts';
import { differences, digestsOf, type Wanted } from './digests.ts';
import { digestsInNode, SURROUNDINGS } from './node.ts';

const trace = (name: string): string =>
  readFileSync(new URL(`../../examples/networks/att-lte-driving.${name}`, import.meta.url), 'utf8');
const wanted: Wanted = {
  scenarios: ['context/many-cycles', 'midstream/multipart', 'midstream/tab-suspend', 'restart/state'],
  seeds: ['1'],
  trace: { down: trace('down'), up: trace('up') },
};
const script = await bundle();
const expected = digestsOf(wanted);

const started = await startBrowser();
if ('reason' in started) console.warn(`Chromium is skipped: none starts (${started.reason})`);

describe('the digests of a run are equal', () => {
  test.each(Object.entries(SURROUNDINGS))(
    'in a Node %s',
    async (_, start) => {
      const { digests } = await digestsInNode(script, wanted, start);
      expect(differences(expected, digests)).toEqual([]);
    },
    60_000,
  );

  test.runIf('browser' in started)(
    'in Chromium',
    async () => {
      if (!('browser' in started)) return;
      try {
        expect(differences(expected, await digestsInPage(started.browser, script, wanted))).toEqual([]);
      } finally {
        await started.browser.close();
      }
    },
    60_000,
  );
});

test('an engine that multiplies or rounds in another way is found, run by run', async () => {
  const inexact = 'Math.imul = (a, b) => (a * b) | 0;';
  const { digests } = await digestsInNode(`${inexact}${script}`, { ...wanted, trace: null });
  const few = digestsOf({ ...wanted, trace: null });
  expect(Object.keys(few)).toHaveLength(8);
  expect(differences(few, digests)).toHaveLength(8);
  expect(differences({ a: '1', b: '2' }, { a: '1', c: '3' })).toEqual([
    'b: 2 here, not run there',
    'c: not run here, 3 there',
  ]);
}, 60_000);
