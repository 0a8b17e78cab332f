/**
 * One digest on every engine, in short: some runs in Chromium, and in Nodes whose surroundings are others than ours.
 * `npm run check:engines` makes the same comparison for all scenarios on other versions of Node, and in Firefox.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { afterAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../sim/core/outcome.ts';
import { run } from '../../sim/core/run.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { startBrowser } from '../report/browser.ts';
import { digestsInPage } from './browsers.ts';
import { bundle, script, snippetOf } from './bundle.ts';
import { differences, digestsOf, type Wanted } from './digests.ts';
import { digestsInNode, SURROUNDINGS } from './node.ts';

const trace = (name: string): string =>
  readFileSync(new URL(`../../examples/networks/att-lte-driving.${name}`, import.meta.url), 'utf8');
/** A seed of every scenario. */
const wanted: Wanted = { scenarios: [], seeds: ['1'], trace: { down: trace('down'), up: trace('up') } };
/** Runs for what is slow: without a compiler everything takes thirty times as long. */
const few: Wanted = { ...wanted, scenarios: ['midstream/multipart', 'midstream/tab-suspend', 'test/echo'] };
const runs = await bundle();

/** The compiler, given nothing but what every engine has. */
const TYPECHECK = [
  'node_modules/typescript/bin/tsc',
  ...'--ignoreConfig --noEmit --strict --module nodenext --target es2023 --lib es2023 --types'.split(' '),
  '',
];

const started = await startBrowser();
if ('reason' in started) console.warn(`Chromium is skipped: none starts (${started.reason})`);

afterAll(async () => {
  if ('browser' in started) await started.browser.close();
});

describe('the digests of a run are equal', () => {
  test.each(Object.entries(SURROUNDINGS))(
    'in a Node %s',
    async (_, start) => {
      const { digests } = await digestsInNode(runs, few, start);
      expect(differences(digestsOf(few), digests)).toEqual([]);
    },
    60_000,
  );

  test.runIf('browser' in started)(
    'in Chromium',
    async () => {
      if (!('browser' in started)) return;
      const expected = digestsOf(wanted);
      expect(Object.keys(expected)).toHaveLength(3 * (SCENARIOS.length + 1) + Object.keys(PRESETS).length);
      expect(differences(expected, await digestsInPage(started.browser, runs, wanted))).toEqual([]);
    },
    60_000,
  );
});

describe('the package', () => {
  test.runIf('browser' in started)('runs in a page, as docs/browser.md has it', async () => {
    if (!('browser' in started)) return;
    const [page, code] = await Promise.all([started.browser.newPage(), snippetOf('browser.md')]);
    await page.addScriptTag({ content: code, type: 'module' });
    const [first, ...lines] = (await page.locator('body').innerText()).split('\n');
    const { digest, events } = run(scenarioNamed('midstream/text') as SessionScenario, 'k7f3', { faults: 'all' });
    expect(first).toBe(`midstream/text@k7f3: holds, digest ${digest}`);
    expect(lines.at(-1)).toMatch(RegExp(`^ *#${events} `));
  });

  test.runIf('browser' in started)('runs a protocol of others in a page, on hangup/core alone', async () => {
    if (!('browser' in started)) return;
    const code = await script({
      stdin: {
        contents: `import { run } from 'hangup';
          import config from './examples/own-protocol/hangup.config.ts';
          globalThis.ran = [1, 2, 3].map((seed) => run(config.scenarios[0], seed, { faults: 'all' }));`,
        resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
      },
      alias: { hangup: 'hangup/core' },
      define: { 'process.env.FEED_BUG': '"1"' },
    });
    const page = await started.browser.newPage();
    await page.addScriptTag({ content: code });
    const here = runInThisContext(`${code}; globalThis.ran`);
    expect(await page.evaluate('ran')).toEqual(here);
    expect(here.some(({ breaches }: Outcome) => breaches.length > 0)).toBe(true);
  });

  test('is typed without Node and without a DOM', () => {
    const typed = (...entries: readonly string[]) =>
      spawnSync(process.execPath, [...TYPECHECK, ...entries.map((entry) => `dist/sim/${entry}index.d.ts`)], {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        encoding: 'utf8',
      }).stdout;
    expect(typed('core/', 'session/')).toBe('');
    expect(typed('')).toMatch(/Cannot find name 'Buffer'/);
  });

  test.each(["import 'node:fs'", 'import.meta.url'])('a page cannot load what says %s', async (code) => {
    await expect(script({ stdin: { contents: code } })).rejects.toThrow();
  });
});

test('an engine that multiplies or rounds in another way is found, run by run', async () => {
  const inexact = 'Math.imul = (a, b) => (a * b) | 0;';
  const { digests } = await digestsInNode(`${inexact}${runs}`, few);
  expect(differences(digestsOf(few), digests)).toHaveLength(3 * few.scenarios.length);
  expect(differences({ a: '1', b: '2' }, { a: '1', c: '3' })).toEqual([
    'b: 2 here, not run there',
    'c: not run here, 3 there',
  ]);
}, 60_000);
