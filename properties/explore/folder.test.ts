/** Folders that commands write to. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../sim/explore/folder.ts';

test('a folder is made with those above it, and one that is there is left alone', () => {
  const root = mkdtempSync(join(tmpdir(), 'hangup-folder-'));
  const deep = join(root, 'a', 'b', 'c');
  makeFolder(deep);
  makeFolder(deep);
  expect(existsSync(deep)).toBe(true);
  rmSync(root, { recursive: true });
});

test('where no folder can be made it fails at once', () => {
  const root = mkdtempSync(join(tmpdir(), 'hangup-folder-'));
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file', 'a'))).toThrow(/ENOTDIR/);
  rmSync(root, { recursive: true });
});

// Node's own recursive mkdir never came back from this path.
test.skipIf(!existsSync('/proc/self'))('nor does it try for ever where the system makes none', () => {
  expect(() => makeFolder('/proc/hangup/a')).toThrow(/ENOENT|EACCES|EPERM/);
});
