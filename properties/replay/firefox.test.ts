/** The replay page in Firefox, where one is installed: the same digest, and the same answers. */
import { afterAll, describe, expect, test } from 'vitest';
import { Firefox, firefoxPath } from './firefox.ts';
import forgetful from './forgetful.config.ts';
import { pageOfRun, removePages, written } from './pages.ts';

const path = firefoxPath();
const firefox = path === undefined ? null : await Firefox.start(path).catch(() => null);
if (firefox === null) console.warn('the test of the replay page in Firefox is skipped: none starts');

afterAll(async () => {
  await firefox?.close();
  removePages();
});

describe.skipIf(firefox === null)('in Firefox', () => {
  test('the page comes to the digest of Node, runs again without a fault, and nothing goes wrong in it', async () => {
    if (firefox === null) throw new Error('skipped tests do not run');
    const { text, outcome } = await pageOfRun(forgetful, '3', new URL('forgetful.config.ts', import.meta.url).href);
    await firefox.open(written('firefox', text));
    await firefox.until("document.querySelector('#app')?.dataset.ready");
    expect(await firefox.until("document.querySelector('#digest').textContent")).toBe(outcome.digest);
    expect(await firefox.until("String(document.querySelectorAll('.notice').length)")).toBe('0');
    await firefox.until(
      "document.querySelector('.verdict .why').textContent.includes('It takes F1 reset and F3 cut together')",
    );
    await firefox.press('x', '1');
    await firefox.until("document.querySelector('.verdict h1').textContent.includes('Holds')");
    expect(firefox.logged).toEqual([]);
  });
});
