/** The platform of a page beside Chromium 147: programs in `recorded/`, and what they said there. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inPage, second } from './one-page.ts';

const recorded = (file: string): string => readFileSync(new URL(`recorded/${file}`, import.meta.url), 'utf8');

test('a page finds the platform as it is in Chromium', () => {
  const script = `const say = (...words) => console.log(words.map((it) => typeof it === 'string' ? it : JSON.stringify(it)).join(' '));
    (async () => { ${recorded('platform.page.js')} })();`;
  const { said } = inPage(script, { until: second(10) });
  const ours = said.filter((line) => !/^server |^WebSocket connection/.test(line));
  expect(ours).toEqual(recorded('platform.chromium.txt').trimEnd().split('\n'));
});
