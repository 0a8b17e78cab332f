/// <reference lib="dom" />
/** The report as a person meets it: opened from disk in a real browser, without a network. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import type { ExploreDocument } from '../../sim/explore/document.ts';
import type { SpreadDocument } from '../../sim/explore/metrics.ts';
import { anchor } from '../../sim/report/anchor.ts';
import { reportPage } from '../../sim/report/page.ts';
import { parseTrend, trendEntry } from '../../sim/report/trend-file.ts';
import { count, duration, size } from '../../sim/report/words.ts';
import { startBrowser } from './browser.ts';
import { lowContrasts } from './contrast.ts';
import { brokenDocument, hostileDocument, sampleDocument } from './sample.ts';

const started = await startBrowser();
if ('reason' in started) console.warn(`page tests are skipped: no Chrome or Chromium starts (${started.reason})`);
const folder = mkdtempSync(join(tmpdir(), 'hangup-page-'));

afterAll(async () => {
  if ('browser' in started) await started.browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const sample = sampleDocument();
const broken = brokenDocument();
const hostile = hostileDocument();
const trend = (document: ExploreDocument) => {
  const line = (day: number): string => JSON.stringify(trendEntry(document, `2026-01-0${day}T00:00:00Z`));
  return parseTrend([line(1), 'torn', line(2), line(3)].join('\n'));
};
const write = (name: string, document: ExploreDocument): string => {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, reportPage(document, trend(document)));
  return pathToFileURL(path).href;
};
const pages = {
  sample: write('sample', sample),
  broken: write('broken', broken),
  hostile: write('hostile', hostile),
} as const;

/** Opens a page, does something with it, and sees that nothing went wrong in it and nothing left it. */
async function visit(url: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> {
  if (!('browser' in started)) throw new Error('skipped tests do not run');
  const context = await started.browser.newContext({ locale: 'en-US', offline: true, ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => wrong.push(message.text()));
  page.on('dialog', (dialog) => wrong.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) wrong.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await look(page);
  expect(wrong).toEqual([]);
  await context.close();
}

describe.skipIf('reason' in started)('the report in a browser', () => {
  test('says in its first screen that all is well, with the figures of the document', () =>
    visit(pages.sample, { viewport: { width: 1440, height: 900 } }, async (page) => {
      const runs = sample.scenarios.reduce((sum, each) => sum + each.runs, 0);
      expect(await page.locator('h1').innerText()).toMatch(/Holds|Target missed/);
      expect(await page.locator('.tiles div', { hasText: 'Runs' }).locator('dd').innerText()).toContain(count(runs));
      const box = await page.locator('.tiles').boundingBox();
      expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThan(900);
    }));

  test('holds the figures of every scenario in real tables', () =>
    visit(pages.sample, {}, async (page) => {
      for (const { name, runs, metrics, sometimes } of sample.scenarios) {
        const cells = (section: string): Promise<string[]> =>
          page
            .locator(`#${section} tbody tr:has(th a[href='#${anchor(name)}'])`)
            .first()
            .locator('td')
            .allInnerTexts();
        const row = await cells('scenarios');
        expect(row[1]).toBe(count(runs));
        expect(row[11]).toBe(duration(metrics.recovery_ms?.p95 ?? null));
        expect(row[8]).toBe(size(metrics.peak_buffer_bytes ?? null));
        expect(row[12]).toContain(`/${sometimes.length}`);
        const recovery = (await cells('figure-recovery')).slice(1);
        const { samples, p50, p99, max } = metrics.recovery_ms as SpreadDocument;
        expect([recovery[0], recovery[1], ...recovery.slice(3)]).toEqual([
          count(samples),
          duration(p50),
          duration(p99),
          duration(max),
        ]);
        // What applications were told, then how connections ended: every number of the document, in either table.
        const numbers = await page.locator(`#errors tbody tr:has(th a[href='#${anchor(name)}']) td`).allInnerTexts();
        const counts = [...Object.values(metrics.errors ?? {}), ...Object.values(metrics.closes ?? {})];
        expect(numbers.filter((text) => text !== '·').sort()).toEqual(counts.map(count).sort());
      }
      expect(await page.locator('#targets tbody').first().locator('tr').count()).toBe(3);
      expect(await page.locator('#targets').textContent()).toContain('An outage of ten minutes lasts longer');
      expect(await page.locator('#buffers figure').count()).toBe(2);
      expect(await page.locator('#trend').innerText()).toContain('line 2: does not parse as JSON');
      expect(await page.locator('#cells tbody tr').count()).toBe(2);
    }));

  test('shows what is broken and what to paste without scrolling, on a desk and on a phone', async () => {
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 900, height: 900 },
      { width: 390, height: 844 },
    ])
      await visit(pages.broken, { viewport }, async (page) => {
        expect(await page.locator('h1').innerText()).toContain('1 law is broken in 1 of 2 scenarios');
        const line = page.locator('.verdict code').first();
        expect(await line.innerText()).toBe('npx hangup replay midstream/json@k7f3');
        const box = await line.boundingBox();
        expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThan(viewport.height);
      });
  });

  test('copies the line, or selects it where the clipboard is closed', () =>
    visit(pages.broken, {}, async (page) => {
      await page
        .getByRole('button', { name: /^Copy the line/ })
        .first()
        .click();
      await page.waitForFunction(() => document.getElementById('spoken')?.textContent !== '');
      const pasted = await page.evaluate(
        async () => getSelection()?.toString() || (await navigator.clipboard.readText().catch(() => 'copied')),
      );
      expect(['copied', 'npx hangup replay midstream/json@k7f3']).toContain(pasted);
    }));

  test('lets no name become more than text', () =>
    visit(pages.hostile, {}, async (page) => {
      await page
        .locator('details')
        .first()
        .evaluate(() => {
          for (const each of document.querySelectorAll('details')) each.open = true;
        });
      expect(await page.title()).toContain('hangup');
      expect(
        await page.evaluate(
          () => document.querySelectorAll('img,svg[onload],[onmouseover],u,b b,body script ~ script').length,
        ),
      ).toBe(0);
      expect(await page.locator('body').innerText()).toContain('<img src=x onerror="document.title=`owned`">');
    }));

  test('never scrolls sideways as a whole, whatever the width', async () => {
    for (const url of Object.values(pages))
      for (const width of [1440, 900, 390, 320])
        await visit(url, { viewport: { width, height: 800 } }, async (page) => {
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
            `${width}`,
          ).toBeLessThanOrEqual(0);
        });
  });

  test('has a contrast of 4.5 for every text, in both themes', async () => {
    for (const url of [pages.sample, pages.broken])
      for (const colorScheme of ['light', 'dark'] as const)
        await visit(url, { colorScheme, reducedMotion: 'reduce' }, async (page) => {
          await page.evaluate(() => {
            for (const each of document.querySelectorAll('details')) each.open = true;
          });
          expect(await page.evaluate(lowContrasts, 4.5)).toEqual([]);
          expect((await page.evaluate(lowContrasts, 30)).length).toBeGreaterThan(50);
        });
  });

  test('has a caption and scopes in every table, and a name for every region that scrolls', () =>
    visit(pages.broken, {}, async (page) => {
      const faults = await page.evaluate(() => [
        ...[...document.querySelectorAll('table')]
          .filter((table) => !table.caption?.textContent?.trim())
          .map(() => 'no caption'),
        ...[...document.querySelectorAll('th:not([scope])')].map((th) => `no scope: ${th.textContent}`),
        ...[...document.querySelectorAll('svg:not([aria-hidden])')]
          .filter((svg) => svg.closest('[aria-hidden]') === null)
          .map(() => 'a picture that is read aloud'),
        ...[...document.querySelectorAll('[role=region]')]
          .filter((each) => !each.ariaLabel && !document.getElementById(each.getAttribute('aria-labelledby') ?? ''))
          .map(() => 'no name'),
        ...[...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, i, all) => all.indexOf(id) !== i),
        ...[...document.querySelectorAll('a[href^="#"]')]
          .map((a) => a.getAttribute('href')?.slice(1) ?? '')
          .filter((id) => document.getElementById(id) === null),
      ]);
      expect(faults).toEqual([]);
    }));

  test('is usable by keyboard: the first stop skips to the figures, a link opens the details that it leads to', () =>
    visit(pages.broken, {}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the figures');
      const link = page.locator('#scenarios a', { hasText: 'context/basic' });
      await link.focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction(
        () => document.querySelector<HTMLDetailsElement>('details#s-context-basic')?.open === true,
      );
      await page.locator('#scenarios .scroll').focus();
      expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('region');
    }));

  test('switches its theme', () =>
    visit(pages.sample, { colorScheme: 'light' }, async (page) => {
      const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await ground();
      await page.getByRole('button', { name: 'Theme' }).click();
      expect(await ground()).not.toBe(light);
      await page.getByRole('button', { name: 'Theme' }).click();
      expect(await ground()).toBe(light);
    }));

  test('is complete without its script', () =>
    visit(pages.broken, { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('.verdict code').first().innerText()).toContain('npx hangup replay');
      expect(await page.locator('#figure-recovery tbody tr').count()).toBe(3);
      expect(await page.locator('button:visible').count()).toBe(0);
    }));
});
