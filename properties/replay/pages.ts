/** Replay pages for tests, written to a folder, and a visit to one: nothing may go wrong in it, and nothing leave it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type RunOptions, run } from '../../sim/core/run.ts';
import type { Scenario } from '../../sim/core/scenario.ts';
import type { RecordedEntry } from '../../sim/core/trail.ts';
import { replayPage } from '../../sim/replay/make.ts';

/** Several times what a busy machine has taken. */
export const PATIENCE_MS = 90_000;

/** Made when it is needed: files that one worker runs share this module. */
let folder: string | null = null;

export function removePages(): void {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
}

/** Writes a page and returns its address. */
export function written(name: string, text: string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'hangup-replay-page-'));
  const path = join(folder, `${name}.html`);
  writeFileSync(path, text);
  return pathToFileURL(path).href;
}

/** The page of a run of a scenario, with what Node came to. */
export async function pageOfRun(scenario: Scenario, seed: string, module: string, options: RunOptions = {}) {
  const history: RecordedEntry[] = [];
  const outcome = run(scenario, seed, { ...options, witness: (entry) => void history.push(entry) });
  const paste = `npx hangup replay '${scenario.name}@${seed}'`;
  const text = await replayPage({ scenario, outcome, options, history, module, paste, version: '0.0.0' });
  return { outcome, history, text };
}

/** Opens a page, waits for its run, does something, and sees that nothing went wrong but what is `meant`. */
export async function visit(
  browser: Browser,
  url: string,
  look: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
  meant: RegExp | null = null,
): Promise<void> {
  const context = await browser.newContext({
    locale: 'en-US',
    offline: true,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => wrong.push(message.text()));
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const to = request.url();
    if (to !== url.split('#')[0] && !to.startsWith('data:') && !to.startsWith('blob:')) wrong.push(`request: ${to}`);
  });
  try {
    await page.goto(url);
    await page.waitForSelector('#app[data-ready]');
    await look(page);
    expect(wrong.filter((each) => meant?.test(each) !== true)).toEqual([]);
    if (meant !== null) expect(wrong.length).toBeGreaterThan(0);
  } finally {
    await context.close();
  }
}
