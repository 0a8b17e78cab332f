/** Writing a file whole puts nothing in the place of what is no file. */
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { replaceFile } from '../../sim/explore/replace-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-replace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a link stays a link, and the file behind it is replaced', () => {
  const [file, link] = [join(folder, 'file'), join(folder, 'link')];
  writeFileSync(file, 'before, and longer');
  symlinkSync(file, link);
  replaceFile(link, 'after');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('after');
});

test('a device behind a link is written into and stays what it is', () => {
  const link = join(folder, 'nowhere');
  symlinkSync('/dev/null', link);
  replaceFile(link, 'text');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});
