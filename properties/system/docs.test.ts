/** What the pages about own code say is so: their files run and find what they say, and each line of the questions is one. */
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { settingOf } from '../../sim/core/setting.ts';
import { worldOf } from '../../sim/core/worlds.ts';
import type { SystemDefinition } from '../../sim/system/definition.ts';
import { hostServer } from '../../sim/system/host-server.ts';
import { fuzzed, peer } from '../../sim/system/peer.ts';
import { system } from '../../sim/system/system.ts';
import { startedIn } from '../cli/started.ts';

const root = join(import.meta.dirname, '../..');
const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8');

const folder = mkdtempSync(join(tmpdir(), 'hangup-docs-'));
const FILE = /<!-- file: (\S+) -->\n```ts\n([\s\S]*?)```/g;
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules/hangup'), 'dir');
symlinkSync(join(root, 'node_modules/ws'), join(folder, 'node_modules/ws'), 'dir');
const files = [...page('own-code.md').matchAll(FILE)].map(([, name, text]) => ({
  name: name as string,
  text: text as string,
}));
for (const { name, text } of [...files, { name: 'package.json', text: '{"type":"module"}' }]) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

describe('own-code.md', () => {
  test('needs no more than ten lines of probes and promises', () => {
    const own = files.filter(({ name }) => !name.startsWith('src/'));
    const lines = own
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => line.trim() !== '' && !/^import /.test(line));
    expect(own.map(({ name }) => name)).toEqual(['feed.client.ts', 'feed.hangup.ts']);
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  test('has files that run, and find what it says with the line that it says', () => {
    const hangup = startedIn(folder);
    const { code, out, err } = hangup('explore', './feed.hangup.ts', '--seeds', '8', '--jobs', '1');
    expect(code, out + err).toBe(1);
    // As it stands there, folded to the width of a page.
    const said = /^ {4}(feed: back-within: [\s\S]*?)\n\n/m
      .exec(page('own-code.md'))?.[1]
      ?.replaceAll(/\n {4}(?!npx)/g, ' ');
    const [words, line] = (said ?? '').split('\n    ') as [string, string];
    // Which seed, when and how long follows from everything that luck is asked for.
    const masked = (text: string): string => text.replaceAll(/[\d.]+( min)?/g, '#').replaceAll(/@\w+|c#/g, '@');
    expect(masked(out)).toContain(masked(words));
    expect(masked(out)).toContain(masked(line));
  });

  test('names every promise and every field that there is', () => {
    const text = page('own-code.md');
    for (const name of [
      'delivery',
      'order',
      'backWithin',
      'completeWithin',
      'freshWithin',
      'backoff',
      'isolated',
      'noLeak',
      'errors',
    ])
      expect(text).toContain(`| \`${name}`);
    for (const name of ['clients', 'servers', 'story', 'network', 'faults', 'hosts', 'env', 'lasts'])
      expect(text).toMatch(new RegExp(`\\| [^|]*\`${name}\``));
  });
});

describe('each line of questions.md', () => {
  const rows = [...page('questions.md').matchAll(/^\| (.*?) \| .*? ?\| `(\w+: .*)` \|$/gm)];
  const base: SystemDefinition = {
    name: 'question',
    client: './feed.client.ts',
    server: hostServer({ every: { '2s': (server) => server.broadcast('tick') } }),
    network: 'lte',
    from: new URL(`file://${join(folder, 'feed.hangup.ts')}`),
  };

  test('there are many', () => expect(rows.length).toBeGreaterThan(25));

  test.each(rows.map(([, question, line]) => [question as string, line as string]))('%s', (_, line) => {
    const more = new Function('hostServer', 'peer', 'fuzzed', `return { ${line} };`)(hostServer, peer, fuzzed);
    const scenario = system({ ...base, ...more });
    scenario.ready?.();
    const faults = (more.faults ?? []) as readonly string[];
    const drawn = new Set<string>();
    for (let seed = 1; seed <= 40 && drawn.size < faults.length; seed++) {
      const setting = settingOf(scenario, seed);
      const { world } = worldOf(scenario, setting);
      for (const { kind } of scenario.plan(setting, world)) drawn.add(kind);
    }
    // Each kind that it names hits something of such a system.
    expect([...drawn].sort()).toEqual([...faults].sort());
    expect(['holds', 'broken']).toContain(run(system({ ...base, ...more, clients: 2, lasts: '5s' }), '1').verdict);
  });
});
