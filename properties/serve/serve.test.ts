/// <reference lib="dom" />
/** The dashboard of a sweep: what it says while the sweep runs, whom it answers, and what a person sees. */
import { request } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { law } from '../../properties/laws/law.ts';
import type { Scenario } from '../../sim/core/scenario.ts';
import { writtenAs } from '../../sim/explore/command-line.ts';
import { documentOf } from '../../sim/explore/document.ts';
import { sweep } from '../../sim/explore/sweep.ts';
import { type Asked, dashboard, type Shown } from '../../sim/serve/dashboard.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { startBrowser } from '../report/browser.ts';

const started = await startBrowser();
if ('reason' in started) console.warn(`dashboard tests are skipped: no Chrome or Chromium starts (${started.reason})`);
const open: Shown[] = [];
afterAll(async () => {
  for (const each of open) each.end();
  if ('browser' in started) await started.browser.close();
});

const HOSTILE = '<img src=x onerror="alert(1)"></script>';

/** It is broken whenever a connection is lost, in words that a page must not take for markup. */
const noisy = law({
  name: 'noisy',
  states: 'no connection is ever lost',
  remember: () => ({}),
  on: { closed: (_, { node }, breach) => breach(`${node} lost a connection ${HOSTILE}`) },
});
const text = scenarioNamed('midstream/text') as Scenario;
const scenario: Scenario = { ...text, name: 'midstream/noisy', laws: [noisy], targets: [] };
const SEEDS = 12;
const ASKED: Asked = {
  ...{ version: '0', seeds: SEEDS, from: 1, origin: writtenAs({}).origin, total: SEEDS },
  judged: (swept) => swept,
  replay: async ({ run }) => `<!doctype html><title>${run}</title>`,
};

const opened = async (): Promise<Shown> => {
  const shown = await dashboard(0, ASKED);
  open.push(shown);
  return shown;
};
const swept = (shown: Shown) =>
  sweep({ scenarios: [scenario], seeds: SEEDS, jobs: 1, portion: 3, onProgress: (...said) => shown.progress(...said) });

const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const asked = request(url, { headers, method }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        body += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });

describe('a dashboard', () => {
  test('answers nobody who calls this machine by another name, changes nothing, and knows only failing seeds', async () => {
    const shown = await opened();
    const result = await swept(shown);
    expect((await get(shown.url, { host: 'rebound.example' })).status).toBe(403);
    expect((await get(shown.url, { host: 'localhost:1.rebound.example' })).status).toBe(403);
    expect((await get(shown.url, {}, 'POST')).status).toBe(405);
    expect((await get(`${shown.url}elsewhere`)).status).toBe(404);
    expect((await get(`${shown.url}replay/%`)).status).toBe(404);
    expect((await get(`${shown.url}replay/midstream%2Fnoisy%40zz`)).status).toBe(404);
    const [bad] = result.tallies[0]?.tally.bad ?? [];
    const replay = await get(`${shown.url}replay/${encodeURIComponent(`midstream/noisy@${bad?.seed}`)}`);
    expect(replay).toEqual({ status: 200, body: `<!doctype html><title>midstream/noisy@${bad?.seed}</title>` });
  });

  test('shows the report of the runs so far, and what came from runs as text', async () => {
    const shown = await opened();
    await swept(shown);
    const { body } = await get(shown.url);
    expect(body).toContain('The sweep is under way');
    expect(body).toContain('lost a connection &lt;img src=x');
    expect(body).not.toContain('<img src=x');
    expect(body).toContain('connect-src &#39;self&#39;');
  });

  test('on a port that somebody has is refused in one line', async () => {
    const shown = await opened();
    const port = Number(new URL(shown.url).port);
    await expect(dashboard(port, ASKED)).rejects.toThrow(new RegExp(`^--serve ${port}: cannot listen`));
  });

  test.skipIf('reason' in started)('in a browser grows while the sweep runs, and says when it is over', async () => {
    if (!('browser' in started)) throw new Error('skipped tests do not run');
    const shown = await opened();
    const page = await started.browser.newPage();
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('dialog', (dialog) => wrong.push(dialog.message()));
    page.on('request', (asked) => {
      if (!asked.url().startsWith(shown.url) && !asked.url().startsWith('data:')) wrong.push(asked.url());
    });
    await page.goto(shown.url);
    expect(await page.textContent('#live-state')).toBe('Running');
    expect(await page.textContent('#verdict h1')).toContain('No run has come to its end yet');
    const result = await swept(shown);
    shown.over(documentOf(result, [], ASKED), result);
    await page.waitForFunction(() => document.getElementById('live-state')?.textContent === 'Ended');
    await page.waitForFunction(() => document.querySelector('.tiles dd')?.textContent?.startsWith('12'));
    expect(await page.textContent('#live-reds li')).toContain(HOSTILE);
    expect(await page.getAttribute('#live-reds li a', 'href')).toContain('/replay/midstream%2Fnoisy%40');
    expect(await page.locator('img').count()).toBe(0);
    shown.end();
    await page.waitForFunction(() => document.getElementById('live-state')?.textContent === 'Not connected');
    expect(wrong).toEqual([]);
    await page.close();
  });
});
