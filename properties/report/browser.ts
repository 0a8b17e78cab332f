/**
 * A real browser for page tests: an installed Chrome or Chromium where there is one, else the Chromium that arrives with
 * the packages. Where neither can start, the tests are skipped by a line that says so.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = [
  process.env.CHROME_PATH ?? '',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The packaged browser unpacks itself here: about 200 MB that `npm ci` clears away. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/chromium/', import.meta.url));

export type Started = { readonly browser: Browser } | { readonly reason: string };

export async function startBrowser(): Promise<Started> {
  const reasons: string[] = [];
  for (const executablePath of INSTALLED.filter(isExecutable)) {
    try {
      return { browser: await chromium.launch({ executablePath, args: ['--no-sandbox'] }) };
    } catch (error) {
      reasons.push(`${executablePath}: ${firstLine(error)}`);
    }
  }
  try {
    return { browser: await startPackaged() };
  } catch (error) {
    reasons.push(`@sparticuz/chromium: ${firstLine(error)}`);
  }
  return { reason: reasons.join('; ') };
}

/**
 * The package was made for a cloud's machines and reads how to unpack itself from the environment, at import. It gets
 * that for as long as it needs it; only the library path goes on to the browser (its own font configuration would hide
 * the fonts of this machine).
 */
async function startPackaged(): Promise<Browser> {
  if (process.platform !== 'linux') throw new Error('is for Linux only');
  const before = { ...process.env };
  mkdirSync(CACHE, { recursive: true });
  Object.assign(process.env, { AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x', TMPDIR: CACHE });
  try {
    const packaged = (await import('@sparticuz/chromium')).default;
    const executablePath = await packaged.executablePath();
    const env = Object.fromEntries(
      Object.entries({ ...before, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      ),
    );
    return await chromium.launch({ executablePath, args: ['--no-sandbox'], env });
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** Whether a program can be started from there. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path !== '';
  } catch {
    return false;
  }
}

const firstLine = (error: unknown): string => String((error as Error).message ?? error).split('\n')[0] ?? '';
