/// <reference lib="dom" />
/** The report of an experiment as a person meets it: opened from disk in a real browser, without a network. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import type { LabDocument } from '../../../sim/lab/experiment/document.ts';
import { writeLabFolder } from '../../../sim/lab/output/folder.ts';
import { startBrowser } from '../../report/browser.ts';
import { lowContrasts } from '../../report/contrast.ts';
import { crowded, empty, fixture, HOSTILE, hostile, lost } from '../charts/sample.ts';

const started = await startBrowser();
if ('reason' in started) console.warn(`page tests are skipped: no Chrome or Chromium starts (${started.reason})`);
const root = mkdtempSync(join(tmpdir(), 'hangup-lab-page-'));

/** With two forests instead of five, since each is drawn. */
const brief = (document: LabDocument): LabDocument => ({
  ...document,
  metrics: document.metrics.map((each) => ({ ...each, shown: /^(recovery_p99|attempts_after)$/.test(each.name) })),
});

const documents: Readonly<Record<'usual' | 'hostile' | 'lost' | 'empty', LabDocument>> = {
  usual: brief(fixture('tune')),
  hostile: brief(hostile(crowded(fixture('compare'), 8))),
  lost: lost(fixture('compare')),
  empty: empty(fixture('compare')),
};
const pathOf = (name: keyof typeof documents): string => join(root, name, 'report.html');

for (const [name, document] of Object.entries(documents))
  await writeLabFolder(document, join(root, name), {}, { pictures: name === 'usual' || name === 'hostile' });

afterAll(async () => {
  if ('browser' in started) await started.browser.close();
  rmSync(root, { recursive: true, force: true });
});

/** Opens a page, looks, and sees that nothing went wrong in it and nothing left it, but what was to be `said`. */
async function visit(
  name: keyof typeof documents,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
  said: readonly unknown[] = [],
): Promise<void> {
  if (!('browser' in started)) throw new Error('skipped tests do not run');
  const context = await started.browser.newContext({ locale: 'en-US', offline: true, ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  const url = pathToFileURL(pathOf(name)).href;
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => wrong.push(message.text()));
  page.on('dialog', (dialog) => wrong.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) wrong.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await look(page);
  expect(wrong).toEqual(said);
  await context.close();
}

test('the page is the same, byte for byte, for the same document', async () => {
  const again = join(root, 'again');
  await writeLabFolder(documents.usual, again, { workers: 7, seconds: 3 });
  expect(readFileSync(join(again, 'report.html'), 'utf8')).toBe(readFileSync(pathOf('usual'), 'utf8'));
});

describe.skipIf('reason' in started)('the report of an experiment, in a browser,', () => {
  test('begins with the answer, in its first screen on a desk and on a phone', async () => {
    for (const viewport of [
      { width: 1280, height: 800 },
      { width: 390, height: 844 },
    ])
      await visit('usual', { viewport }, async (page) => {
        const answer = page.locator('.answer');
        expect(await answer.innerText()).toBe(documents.usual.words[0]);
        const box = await answer.boundingBox();
        expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThan(viewport.height);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
      });
  });

  test('has each mean with its interval in a table', () =>
    visit('usual', {}, async (page) => {
      const shown = documents.usual.metrics.filter(({ shown }) => shown);
      const estimated = documents.usual.contenders.filter(({ phase }) => phase === 'estimate');
      const rows = page.locator('#figures tbody tr');
      expect(await rows.count()).toBe(estimated.length);
      for (const [nth, { name }] of estimated.entries()) {
        const row = rows.nth(nth);
        expect(await row.locator('th').innerText()).toContain(name);
        expect(await row.locator('td').count()).toBe(shown.length);
      }
      expect(await page.locator('#figures td.best').count()).toBeGreaterThan(0);
    }));

  test('gives every picture a name, a sentence, and its data as a table', () =>
    visit('usual', {}, async (page) => {
      const pictures = page.locator('.picture');
      const count = await pictures.count();
      expect(count).toBeGreaterThan(5);
      for (let nth = 0; nth < count; nth++) {
        const picture = pictures.nth(nth);
        expect((await picture.locator('svg').getAttribute('aria-label'))?.length).toBeGreaterThan(30);
        expect(await picture.locator('svg').getAttribute('role')).toBe('img');
        expect((await picture.locator('figcaption').innerText()).length).toBeGreaterThan(30);
        await picture.locator('summary').focus();
        await page.keyboard.press('Enter');
        expect(await picture.locator('table tbody tr').first().isVisible()).toBe(true);
      }
      const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
    }));

  test('keeps text of pictures within them, though no font of theirs is installed', () =>
    visit('usual', { viewport: { width: 1280, height: 900 } }, async (page) => {
      const over = await page.evaluate(() =>
        [...document.querySelectorAll('.picture svg')].flatMap((svg) => {
          const box = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')]
            .filter((text) => {
              const own = text.getBoundingClientRect();
              return own.right > box.right + 1 || own.left < box.left - 1;
            })
            .map((text) => text.textContent);
        }),
      );
      expect(over).toEqual([]);
    }));

  test('says the line that makes it again, with the seed', () =>
    visit('usual', {}, async (page) => {
      const { command, seed } = documents.usual;
      expect(await page.locator('#again code').first().innerText()).toBe(`${command} --seed ${seed}`);
      expect(await page.locator('#data tbody tr').count()).toBeGreaterThan(15);
    }));

  test('is legible in both themes, and turns its pictures with the page', async () => {
    const inks: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const)
      await visit('usual', { colorScheme }, async (page) => {
        expect(await page.evaluate(lowContrasts, 4.5)).toEqual([]);
        inks.push(await page.evaluate(() => getComputedStyle(document.querySelector('.picture text') as Element).fill));
      });
    expect(inks[0]).not.toBe(inks[1]);
    await visit('usual', { colorScheme: 'light' }, async (page) => {
      await page.locator('#theme').click();
      expect(await page.evaluate(() => getComputedStyle(document.querySelector('.picture text') as Element).fill)).toBe(
        inks[1],
      );
    });
  });

  test('shows names as text, whatever is in them', () =>
    visit('hostile', {}, async (page) => {
      const heads = await page.locator('#figures tbody th').allInnerTexts();
      expect(heads).toHaveLength(8);
      for (const name of [HOSTILE[0], HOSTILE[1], HOSTILE[5]])
        expect(heads.some((head) => head.includes(name))).toBe(true);
      expect(await page.locator('main script, main img, main b:not(.meta b)').count()).toBe(0);
      expect(await page.evaluate(() => document.body.innerText.includes('\u202e'))).toBe(false);
    }));

  test('lets no script run but its own', () =>
    visit(
      'usual',
      {},
      async (page) => {
        const ran = await page.evaluate(() => {
          const script = document.createElement('script');
          script.textContent = 'window.planted = true';
          document.body.append(script);
          return 'planted' in window;
        });
        expect(ran).toBe(false);
      },
      [expect.stringContaining('Content Security Policy')],
    ));

  test('says that nobody came back, and that nothing was done', async () => {
    await visit('lost', {}, async (page) => {
      expect(await page.locator('#figures td.none').count()).toBeGreaterThan(10);
    });
    await visit('empty', {}, async (page) => {
      expect(await page.locator('.early').innerText()).toContain('interrupted');
      expect(await page.locator('main').innerText()).not.toMatch(/NaN|undefined|null/);
    });
  });
});
