/// <reference lib="dom" />
/**
 * Browsers: Chromium through playwright, and Firefox as it is installed. The Firefox that playwright speaks with is one of
 * its own, so an installed one is handed a page of a loopback server, which posts what it came to.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { formatDuration } from '../../src/time.ts';
import { isExecutable } from '../report/browser.ts';
import type { Digests, Wanted } from './digests.ts';

declare global {
  var digestsOf: (wanted: Wanted) => Digests;
}

/** What a page of a browser at hand makes of the runs. */
export async function digestsInPage(browser: Browser, script: string, wanted: Wanted): Promise<Digests> {
  const page = await browser.newPage();
  try {
    await page.addScriptTag({ content: script });
    return await page.evaluate((asked) => globalThis.digestsOf(asked), wanted);
  } finally {
    await page.close();
  }
}

const FIREFOX = [
  process.env.FIREFOX_PATH ?? '',
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/snap/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** The path of an installed Firefox, or null. */
export const installedFirefox = (): string | null => FIREFOX.find(isExecutable) ?? null;

/** Nothing that a first start would ask, and no host but the loopback server. */
const PREFERENCES = `
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("dom.max_script_run_time", 0);
`;

/** Runs what is wanted and posts what came of it. */
const page = (wanted: Wanted): string => `<!doctype html><title>hangup</title><script src="script.js"></script><script>
let said;
try {
  said = { version: navigator.userAgent, digests: digestsOf(${JSON.stringify(wanted).replaceAll('<', '\\u003c')}) };
} catch (error) {
  said = { error: String(error?.stack ?? error) };
}
fetch('answer', { method: 'POST', body: JSON.stringify(said) });
</script>`;

/** What Firefox makes of the runs. Throws when it does not start, fails, or has not answered after `withinMs`. */
export async function digestsInFirefox(
  firefox: string,
  script: string,
  wanted: Wanted,
  withinMs: number,
): Promise<{ readonly version: string; readonly digests: Digests }> {
  const profile = mkdtempSync(join(tmpdir(), 'hangup-firefox-'));
  writeFileSync(join(profile, 'user.js'), PREFERENCES);
  const { promise: answer, resolve, reject } = deferred();
  const server = createServer((request, response) => {
    if (request.method === 'POST')
      request
        .setEncoding('utf8')
        .toArray()
        .then((parts) => resolve(parts.join('')), reject);
    const [type, body] = request.url === '/script.js' ? ['text/javascript', script] : ['text/html', page(wanted)];
    response.setHeader('content-type', `${type}; charset=utf-8`).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const child = spawn(firefox, ['--headless', '--no-remote', '--profile', profile, url], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
  child.on('error', reject).on('exit', (code) => reject(new Error(`ended with ${code} before it answered`)));
  const timer = setTimeout(() => reject(new Error(`no answer within ${formatDuration(withinMs * 1000)}`)), withinMs);
  try {
    const { error, version, digests } = JSON.parse(await answer);
    if (error !== undefined) throw new Error(error);
    return { version: /Firefox\/\S+/.exec(version)?.[0] ?? version, digests };
  } finally {
    clearTimeout(timer);
    child.kill();
    await gone;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

function deferred(): {
  readonly promise: Promise<string>;
  readonly resolve: (text: string) => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve: (text: string) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<string>((good, bad) => {
    resolve = good;
    reject = bad;
  });
  return { promise, resolve, reject };
}
