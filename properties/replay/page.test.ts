/// <reference lib="dom" />
/** The replay page as a person meets it: opened from disk in a real browser, without a network. */
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { startBrowser } from '../report/browser.ts';
import { lowContrasts } from '../report/contrast.ts';
import forgetful, { long, PLAN } from './forgetful.config.ts';
import { PATIENCE_MS, pageOfRun, removePages, visit, written } from './pages.ts';

const started = await startBrowser();
if ('reason' in started) console.warn(`page tests are skipped: no Chrome or Chromium starts (${started.reason})`);

afterAll(async () => {
  if ('browser' in started) await started.browser.close();
});

const SEED = '3';
const module = new URL('forgetful.config.ts', import.meta.url).href;
const { outcome, history, text } = await pageOfRun(forgetful, SEED, module);
const url = written('forgetful', text);
afterAll(removePages);
const [breach] = outcome.breaches;

const open = (address: string, look: (page: Page) => Promise<void>, options = {}): Promise<void> => {
  if (!('browser' in started)) throw new Error('skipped tests do not run');
  return visit(started.browser, address, look, options);
};
const headline = (page: Page): Promise<string> => page.locator('.verdict h1').innerText();
const becomes = (page: Page, verdict: string): Promise<void> =>
  page.locator('.verdict h1', { hasText: verdict }).waitFor();
const tried = (page: Page): Promise<void> => page.locator('.grid caption', { hasText: '8 runs' }).waitFor();

describe.skipIf('reason' in started)('the replay page', () => {
  test('runs the scenario itself and comes to the digest of Node', () =>
    open(url, async (page) => {
      expect(await page.locator('#digest').innerText()).toBe(outcome.digest);
      expect(await page.locator('.notice').count()).toBe(0);
      expect(await headline(page)).toContain(breach?.message);
      expect(await page.title()).toMatch(/^✕ page\/forgetful/);
      expect(await page.evaluate(() => document.querySelectorAll('canvas').length)).toBe(2);
    }));

  test('says so when it comes to another digest', () =>
    open(written('other', text.replace(outcome.digest, '0'.repeat(16))), async (page) => {
      expect(await page.locator('.notice.bad').innerText()).toContain(outcome.digest);
    }));

  test('accuses the faults that every combination of them shows to be needed', async () => {
    const needed = [0, 1, 2].filter((i) => {
      const without = run(forgetful, SEED, { plan: PLAN.filter((_, j) => j !== i) });
      return !without.breaches.some(({ law }) => law === breach?.law);
    });
    expect(needed).toEqual([0, 2]);
    await open(url, async (page) => {
      await tried(page);
      const why = await page.locator('.verdict .why').first().innerText();
      expect(why).toMatch(/It takes F1 reset and F3 cut together/);
      expect(why).toMatch(/F2 serverPause plays no part/);
      expect(await page.locator('.grid tr:last-child button').allInnerTexts()).toEqual([...'✓✓✓✓✓✕✓✕']);
    });
  });

  test('takes faults away one by one where there are many, and finds the least that are enough', async () => {
    const pauses = [400, 500, 600].map((ms) => ({ kind: 'serverPause', target: 's2', at: ms * 1000, lasts: 20_000 }));
    const many = await pageOfRun(forgetful, SEED, module, { plan: [...PLAN, ...(pauses as unknown as typeof PLAN)] });
    await open(written('many', many.text), async (page) => {
      await page.locator('.verdict .why', { hasText: 'together' }).waitFor();
      expect(await page.locator('.verdict .why').first().innerText()).toMatch(/It takes F1 reset and F3 cut together/);
      const names = await page.locator('.grid tr').first().locator('button').allInnerTexts();
      expect(names).toEqual(['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'none']);
      expect(await page.locator('.grid tr:last-child button').allInnerTexts()).toEqual([...'✓✕✓✕✕✕✕']);
    });
  });

  test('runs again without a fault, and goes back', () =>
    open(url, async (page) => {
      await page.getByRole('switch', { name: /^F3: cut/ }).click();
      await becomes(page, 'Holds');
      expect(await page.locator('.verdict .why').first().innerText()).toMatch(/Changed: F3 off.*First difference at/);
      await page.getByRole('button', { name: /Back to recorded/ }).click();
      await becomes(page, 'Broken');
      expect(await headline(page)).toContain(breach?.message);
    }));

  test('moves a fault by dragging, and makes it shorter by its end', () =>
    open(url, async (page) => {
      await page.keyboard.press('0');
      await page.keyboard.press('m');
      await page.waitForTimeout(100);
      const box = await page.locator('.canvas canvas').boundingBox();
      if (box === null) throw new Error('the board is not there');
      const x = (seconds: number): number => box.x + (seconds / (outcome.ended / 1e6)) * box.width;
      const y = box.y + 22 + 24 * 2 + 12;
      await page.mouse.move(x(15.1) - 2, y);
      await page.mouse.down();
      for (const to of [12, 9, 6]) await page.mouse.move(x(to), y);
      await page.mouse.up();
      await becomes(page, 'Holds');
      expect(await page.locator('.verdict .why').first().innerText()).toMatch(/Changed: F3 lasts [12](\.\d+)? s/);
      await page.keyboard.press('r');
      await becomes(page, 'Broken');
      // Later than the answer ends: nobody is cut off any more.
      const moved = page.locator('.verdict .why b', { hasText: 'F3 moved by +' });
      const isMoved = async (): Promise<boolean> => {
        await page.mouse.move(x(8), y);
        await page.mouse.down();
        for (const to of [14, 18, 19.5]) await page.mouse.move(x(to), y);
        await page.mouse.up();
        return moved.waitFor({ timeout: 5_000 }).then(
          () => true,
          () => false,
        );
      };
      // The verdict is there before the bar is drawn in its old place, on a busy machine.
      await expect.poll(isMoved, { timeout: PATIENCE_MS }).toBe(true);
    }));

  test('is walked by keyboard alone, and says what is reached', () =>
    open(url, async (page) => {
      const spoken = (): Promise<string> => page.locator('#app > .sr[role=status]').innerText();
      await page.keyboard.press('b');
      expect(await spoken()).toContain(`${breach?.law} is broken`);
      expect(await page.locator('.foot .at').innerText()).toBe('15.530471 s');
      await page.keyboard.press('p');
      const cause = await spoken();
      expect(cause).not.toContain('is broken');
      await page.keyboard.press('ArrowRight');
      expect(await spoken()).not.toBe(cause);
      await page.keyboard.press('4');
      await page.getByRole('heading', { name: 'Knobs' }).waitFor();
      // From the top to the first fault's handle by Tab, and moved from there.
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'F1 begins')) break;
      }
      await page.keyboard.press('Shift+ArrowRight');
      await page.locator('.verdict .why b', { hasText: 'F1 moved by +100 ms' }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('F1 begins');
      await page.keyboard.press('r');
      await page.keyboard.press('x');
      await page.keyboard.press('1');
      await becomes(page, 'Holds');
      await page.keyboard.press('c');
      await page.locator('.gutter .name', { hasText: 'As recorded' }).waitFor();
      await page.keyboard.press('?');
      expect(await page.locator('dialog').isVisible()).toBe(true);
      await page.keyboard.press('Escape');
      expect(await page.locator('dialog').isVisible()).toBe(false);
    }));

  test('finds every row of history, and makes only those that are seen', () =>
    open(url, async (page) => {
      await page.keyboard.press('3');
      const count = (): Promise<string> => page.locator('.chips .faint').innerText();
      const all = history.length.toLocaleString('en');
      expect(await count()).toBe(`${all} of ${all}`);
      expect(await page.locator('.list .row').count()).toBeLessThan(80);
      await page.keyboard.press('/');
      await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'search');
      const lost = history.filter(({ kind }) => kind === 'lost').length;
      await page.keyboard.type('fate:lost loses');
      await page.waitForFunction(
        (n) => document.querySelector('.chips .faint')?.textContent?.startsWith(`${n} of`),
        lost,
      );
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      await page.keyboard.type('no such words');
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.locator('.chips .faint', { hasText: `${all} of ${all}` }).waitFor();
    }));

  test('shows what a step changed, and the states behind it', () =>
    open(url, async (page) => {
      await page.keyboard.press('b');
      await page.keyboard.press('2');
      await page.getByRole('heading', { name: 'States behind it' }).waitFor();
      expect(await page.locator('.panel pre').first().innerText()).toContain('"kind": "sent"');
    }));

  test('adds a fault, takes other knobs, and keeps a list of what was tried', () =>
    open(url, async (page) => {
      await page.keyboard.press('4');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.locator('.verdict .why b', { hasText: 'F4 added: cut of' }).waitFor();
      await page.getByLabel('Seed').fill('7');
      await page.keyboard.press('Enter');
      await page.getByLabel('Seed').blur();
      await page.locator('.verdict .why b', { hasText: 'seed 7' }).waitFor();
      await page.waitForFunction(() => document.querySelectorAll('.panel table.ledger tr').length === 3);
    }));

  test('is where its address says, edits and all, and takes nothing else from it', async () => {
    let link = '';
    await open(url, async (page) => {
      await page.keyboard.press('x');
      await page.keyboard.press('1');
      await becomes(page, 'Holds');
      await page.keyboard.press('3');
      await page.waitForFunction(() => location.hash.includes('off=1') && location.hash.includes('tab=events'));
      link = await page.evaluate(() => location.hash);
    });
    await open(`${url}${link}`, async (page) => {
      await becomes(page, 'Holds');
      expect(await page.getByRole('tab', { selected: true }).innerText()).toContain('Events');
    });
    const odd = encodeURIComponent('[[4,{"kind":"no-such-kind","target":"c1","at":5}],[1,"x"],7]');
    await open(`${url}#row=999999&t=-1&w=9-3&tab=evil&off=77&faults=${odd}&seed=%00&policy=none`, async (page) => {
      await page.locator('[role=alert]', { hasText: 'no-such-kind' }).waitFor();
      expect(await headline(page)).toContain(breach?.message);
    });
  });

  test('writes the board as SVG, the story as Markdown, and the run as JSON', () =>
    open(url, async (page) => {
      await tried(page);
      const saved = async (name: string): Promise<string> => {
        await page.getByRole('button', { name: 'Export' }).click();
        const waiting = page.waitForEvent('download');
        await page.getByRole('menuitem', { name }).click();
        const chunks: Buffer[] = [];
        for await (const chunk of await (await waiting).createReadStream()) chunks.push(chunk as Buffer);
        return Buffer.concat(chunks).toString('utf8');
      };
      const svg = await saved('Timeline as SVG');
      const parsed = await page.evaluate((text) => {
        const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
        return [root.tagName, root.querySelectorAll('path').length > 100];
      }, svg);
      expect(parsed).toEqual(['svg', true]);
      expect(svg).toContain(outcome.digest);
      expect(await saved('Story as Markdown')).toContain('It takes F1 \\(reset'.replace('\\(', '('));
      expect(JSON.parse(await saved('Run as JSON'))).toMatchObject({ digest: outcome.digest, plan: PLAN });
    }));

  test('never scrolls sideways as a whole, and has a contrast of 4.5 for its text in both themes', async () => {
    for (const [colorScheme, widths] of [
      ['light', [1440, 390]],
      ['dark', [900, 320]],
    ] as const)
      await open(
        url,
        async (page) => {
          await tried(page);
          for (const width of widths) {
            await page.setViewportSize({ width, height: 844 });
            for (const tab of ['4', '1']) {
              await page.keyboard.press(tab);
              await page.waitForTimeout(60);
              const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
              expect(over, `${width}, tab ${tab}`).toBeLessThanOrEqual(0);
            }
          }
          expect(await page.evaluate(lowContrasts, 4.5)).toEqual([]);
          expect((await page.evaluate(lowContrasts, 30)).length).toBeGreaterThan(20);
        },
        { colorScheme },
      );
  });

  test('draws a hundred thousand events without a stutter', async () => {
    const made = text.replaceAll('page/forgetful', 'page/long');
    await open(written('long', made), async (page) => {
      const events = await page.evaluate(() => document.querySelector('.top .meta')?.textContent ?? '');
      expect(Number(/([\d,]+) events/.exec(events)?.[1]?.replace(/,/g, ''))).toBeGreaterThan(100_000);
      expect(long.name).toBe('page/long');
      // A busy machine may take several times the 10 to 40 ms of a quiet one.
      for (const keys of [['0'], ['m'], ['w', 'w', 'w', 'w', 'w'], ['w', 'w', 'w', 'w', 'w', 'w', 'w', 'w']]) {
        for (const each of keys) await page.keyboard.press(each);
        await page.waitForTimeout(50);
        expect(
          await page.evaluate(() => Number(document.querySelector<HTMLElement>('.canvas canvas')?.dataset.took)),
        ).toBeLessThan(250);
      }
    });
  });
});
