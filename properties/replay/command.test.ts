/** `hangup replay --html`, as it is typed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command } from '../../sim/cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-replay-html-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function typed(...argv: readonly string[]): Promise<{ readonly code: number; readonly told: string }> {
  let told = '';
  const quiet = { isTTY: false, write: () => true };
  const code = await command(argv, {
    stdout: quiet,
    stderr: {
      isTTY: false,
      write(text: string) {
        told += text;
        return true;
      },
    },
  } as never);
  return { code, told };
}

test('writes one page without an address in it that anything is fetched from', async () => {
  const path = join(folder, 'new', 'run.html');
  const { code, told } = await typed('replay', 'midstream/json@5', '--html', path);
  expect([code, told]).toEqual([0, `hangup: the page of this run is ${path}: open it in a browser\n`]);
  const text = readFileSync(path, 'utf8');
  expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
  const [page] = text.split('<script type="application/json"');
  expect(page).toMatch(/http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
  expect(text).not.toMatch(/<(script|img|link|iframe)[^>]*(src|href)=(?!"data:)/);
  expect(text).toContain('"paste":"npx hangup replay midstream/json@5"');
  expect(text).not.toContain(process.cwd());
});

test.each([
  [2, ['--html', ''], '--html: expected a file, got ""'],
  [74, ['--html', folder], `${folder}: cannot be written`],
])('ends with %i and one line for %j', async (code, flags, line) => {
  const ended = await typed('replay', 'midstream/json@5', ...flags);
  expect(ended.code).toBe(code);
  expect(ended.told).toContain(line);
  expect(ended.told.trim().split('\n')).toHaveLength(1);
});
