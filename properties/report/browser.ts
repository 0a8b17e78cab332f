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

/** How a browser is started: its program, and the environment that it needs. */
export interface BrowserProgram {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

export async function startBrowser(): Promise<Started> {
  const started = await startProgram(({ executablePath, env }) =>
    chromium.launch({ executablePath, args: ['--no-sandbox'], env: { ...env } }),
  );
  return 'reason' in started ? started : { browser: started.value };
}

/** Starts the first browser that can be started. */
export async function startProgram<Value>(
  start: (program: BrowserProgram) => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly reason: string }> {
  const reasons: string[] = [];
  for (const executablePath of INSTALLED.filter(isExecutable)) {
    try {
      return { value: await start({ executablePath, env: wordsOf(process.env) }) };
    } catch (error) {
      reasons.push(`${executablePath}: ${firstLine(error)}`);
    }
  }
  try {
    return { value: await start(await unpacked()) };
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
async function unpacked(): Promise<BrowserProgram> {
  if (process.platform !== 'linux') throw new Error('is for Linux only');
  const before = { ...process.env };
  mkdirSync(CACHE, { recursive: true });
  Object.assign(process.env, { AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x', TMPDIR: CACHE });
  try {
    const packaged = (await import('@sparticuz/chromium')).default;
    const executablePath = await packaged.executablePath();
    return { executablePath, env: wordsOf({ ...before, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH }) };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

const wordsOf = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );

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
