/// <reference lib="dom" />
/** What a page may not do, whatever stands in it; and a page of a run that only Node can make again. */
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { workerScript } from '../../sim/replay/bundle.ts';
import { inScript, packed, unpacked } from '../../sim/replay/plain.ts';
import { startBrowser } from '../report/browser.ts';
import hostile, { EVIL } from './hostile.config.ts';
import { pageOfRun, removePages, visit, written } from './pages.ts';
import withNode from './with-node.config.ts';

const started = await startBrowser();
if ('reason' in started) console.warn(`page tests are skipped: no Chrome or Chromium starts (${started.reason})`);

afterAll(async () => {
  if ('browser' in started) await started.browser.close();
  removePages();
});

const at = (name: string): string => new URL(name, import.meta.url).href;
/** The policy says in the console what it keeps from running. */
const open = (address: string, look: (page: Page) => Promise<void>): Promise<void> => {
  if (!('browser' in started)) throw new Error('skipped tests do not run');
  return visit(started.browser, address, look, {}, /Content Security Policy/);
};

/** Opens everything that shows text, and sees that nothing of it did anything. */
async function isHarmless(page: Page): Promise<void> {
  for (const tab of ['2', '3', '4', '1']) {
    await page.keyboard.press(tab);
    await page.waitForTimeout(80);
  }
  expect(await page.title()).toMatch(/hangup$/);
  const made = await page.evaluate(
    () => document.querySelectorAll('img, script:not([type]) ~ script, [onerror], iframe, object').length,
  );
  expect(made).toBe(0);
  expect(await page.locator('.verdict h1').innerText()).toContain('<img src=x onerror=');
  // What would be there all the same is not run.
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = "document.title = 'owned'";
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', `<b onclick="document.title = 'owned'" id="planted">.</b>`);
    document.getElementById('planted')?.click();
  });
  expect(await page.title()).toMatch(/hangup$/);
}

test('what stands in a page as data ends no script and comes back as it was', () => {
  const value = {
    evil: EVIL,
    bytes: Uint8Array.from({ length: 300 }, (_, i) => i % 256),
    numbers: [0, -0, 1.5, Number.POSITIVE_INFINITY, Number.NaN, 2n ** 70n],
    nothing: [undefined, null],
    columns: Float64Array.of(1, 2.5),
    map: new Map([['a', new Set([1])]]),
    own: JSON.parse('{"__proto__": {"polluted": 1}, "$hangup": "bytes"}') as object,
  };
  const text = inScript(packed(value));
  expect(text).not.toMatch(/[<>&\u2028]/);
  const back = unpacked(JSON.parse(text)) as typeof value;
  expect(back).toEqual(value);
  expect(Object.keys(back.own)).toEqual(['__proto__', '$hangup']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('a module that asks Node for something has no script for a page, and the page says who asked', async () => {
  const { script, needs } = await workerScript(at('with-node.config.ts'));
  expect(script).toBeNull();
  expect(needs).toMatch(/with-node\.config\.ts asks for node:fs/);
});

describe.skipIf('reason' in started)('a page with hostile texts', () => {
  test('shows them, and nothing of them runs', async () => {
    const { text } = await pageOfRun(hostile, '3', at('hostile.config.ts'));
    await open(written('hostile', text), async (page) => {
      expect(await page.locator('.notice').count()).toBe(0);
      await isHarmless(page);
    });
  });

  test('shows a recorded run, cannot change it, and says which command can', async () => {
    const { text, outcome } = await pageOfRun(withNode, '3', at('with-node.config.ts'));
    // Names are checked where they are written; a file may be anybody's.
    const named = text.replaceAll('"page/hostile"', inScript(EVIL)).replaceAll('"evil"', inScript(EVIL));
    await open(written('recorded', named), async (page) => {
      expect(await page.locator('.notice').innerText()).toMatch(/asks for node:fs:\s+npx hangup replay/);
      expect(await page.locator('#digest').innerText()).toBe(outcome.digest);
      expect(await page.getByRole('switch').first().isDisabled()).toBe(true);
      await page.keyboard.press('x');
      await page.keyboard.press('1');
      await page.keyboard.press('b');
      expect(await page.locator('.verdict h1').innerText()).toContain('Broken');
      await isHarmless(page);
    });
  });
});
