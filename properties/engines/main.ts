/**
 * `npm run check:engines -- [--seeds N] [NAME…]`: the same runs on every engine, and whether each digest is the one that
 * this Node has. An engine that cannot be had is skipped by a line that says why; one that differs ends with exit code 1.
 */
import { readFileSync } from 'node:fs';
import { seedText } from '../../sim/core/seeds.ts';
import { counted } from '../../src/count.ts';
import { formatRounded } from '../../src/time.ts';
import { startBrowser } from '../report/browser.ts';
import { digestsInFirefox, digestsInPage, installedFirefox } from './browsers.ts';
import { bundle, sizeOf } from './bundle.ts';
import { type Digests, differences, digestsOf, type Wanted } from './digests.ts';
import { digestsInNode, nodeOf, type Start, SURROUNDINGS } from './node.ts';

/** Versions that the package supports, from the oldest to the newest. */
const MAJORS = [20, 22, 24, 26];

const FIREFOX_WITHIN_MS = 600_000;

interface Said {
  readonly version: string;
  readonly digests: Digests;
}

interface Engine {
  readonly name: string;
  /** Throws with the reason when the engine cannot be had. */
  readonly start: () => Promise<() => Promise<Said>>;
}

function enginesOf(script: string, wanted: Wanted): readonly Engine[] {
  const node = (name: string, start: () => Promise<Start>): Engine => ({
    name,
    async start() {
      const how = await start();
      return () => digestsInNode(script, wanted, how);
    },
  });
  return [
    ...MAJORS.map((major) => node(`node-${major}`, async () => ({ binary: await nodeOf(major) }))),
    ...Object.entries(SURROUNDINGS).map(([name, how]) => node(`this Node ${name}`, async () => how)),
    {
      name: 'chromium',
      async start() {
        const started = await startBrowser();
        if ('reason' in started) throw new Error(started.reason);
        const { browser } = started;
        return async () => {
          try {
            return { version: `Chromium ${browser.version()}`, digests: await digestsInPage(browser, script, wanted) };
          } finally {
            await browser.close();
          }
        };
      },
    },
    {
      name: 'firefox',
      async start() {
        const path = installedFirefox();
        if (path === null) throw new Error('none is installed (FIREFOX_PATH names one; Debian has firefox-esr)');
        return () => digestsInFirefox(path, script, wanted, FIREFOX_WITHIN_MS);
      },
    },
  ];
}

function argumentsOf(words: readonly string[]): [number, ...string[]] {
  const at = words.indexOf('--seeds');
  if (at < 0) return [3, ...words];
  const seeds = Number(words[at + 1]);
  return [Number.isInteger(seeds) && seeds > 0 ? seeds : 0, ...words.slice(0, at), ...words.slice(at + 2)];
}

async function check(seeds: number, names: readonly string[]): Promise<number> {
  const read = (name: string): string =>
    readFileSync(new URL(`../../examples/networks/att-lte-driving.${name}`, import.meta.url), 'utf8');
  const wanted: Wanted = {
    scenarios: [],
    seeds: Array.from({ length: seeds }, (_, i) => seedText(i + 1)),
    trace: { down: read('down'), up: read('up') },
  };
  const engines = enginesOf(await bundle(), wanted);
  const unknown = names.find((name) => !engines.some((engine) => engine.name === name));
  if (seeds === 0 || unknown !== undefined) {
    console.error(
      `check:engines: expected --seeds N, 1 or more, and names among ${engines.map(({ name }) => name).join(', ')}${unknown === undefined ? '' : `, got ${JSON.stringify(unknown)}`}`,
    );
    return 2;
  }
  const began = performance.now();
  const expected = digestsOf(wanted);
  const all = Object.keys(expected).length;
  console.log(`this Node (${process.version}): ${counted(all, 'run')} in ${took(began)}`);
  for (const [name, ...entries] of [
    ['hangup/core', 'core'],
    ['with hangup/session', 'core', 'session'],
  ] as const) {
    const { bytes, packed } = await sizeOf(...entries);
    console.log(`${name} in a page: ${kilobytes(bytes)}, ${kilobytes(packed)} as it travels`);
  }
  let differs = false;
  for (const { name, start } of engines.filter((engine) => names.length === 0 || names.includes(engine.name))) {
    const line = await start().then(
      (measure) => compared(measure, expected),
      (error: Error) => `skipped: ${firstLine(error)}`,
    );
    console.log(`${name}: ${line}`);
    differs ||= line.startsWith('DIFFERS') || line.startsWith('FAILED');
  }
  return differs ? 1 : 0;
}

async function compared(measure: () => Promise<Said>, expected: Digests): Promise<string> {
  const began = performance.now();
  try {
    const { version, digests } = await measure();
    const wrong = differences(expected, digests);
    if (wrong.length === 0) return `equal (${version}, ${took(began)})`;
    const shown = wrong.slice(0, 5).join('\n  ');
    return `DIFFERS (${version}) in ${counted(wrong.length, 'run')}, among them\n  ${shown}`;
  } catch (error) {
    return `FAILED: ${firstLine(error as Error)}`;
  }
}

const took = (began: number): string => formatRounded((performance.now() - began) * 1000);
const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} KB`;
const firstLine = (error: Error): string => error.message.split('\n')[0] ?? '';

const [seeds, ...names] = argumentsOf(process.argv.slice(2));
process.exitCode = await check(seeds, names);
