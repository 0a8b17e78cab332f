/** Whatever stands at a path that somebody named, reading it ends, with its bytes or with one line. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { InputError } from '../../sim/cli/errors.ts';
import { DEPTH_MOST, parseJson } from '../../sim/input/json.ts';
import { FILE_MOST, PIPE_MOST, readFile } from '../../sim/input/read-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-read-'));
const running: (ChildProcess | Server)[] = [];
afterAll(() => {
  for (const each of running) 'kill' in each ? each.kill() : each.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const fifo = (name: string): string => {
  execFileSync('mkfifo', [at(name)]);
  return at(name);
};
/** A shell that writes into `path` and is not waited for. */
const writer = (path: string, script: string): string => {
  running.push(spawn('sh', ['-c', `{ ${script}; } > "$0"`, path], { stdio: 'ignore' }));
  return path;
};

/** The line that reading ends with, which must be of the right kind and in time. */
function refusal(path: string, most?: number): string {
  const start = performance.now();
  try {
    readFile(path, most);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(performance.now() - start).toBeLessThan(PIPE_MOST + 3000);
    return (error as Error).message.replace(folder, '');
  }
  throw new Error(`${path} was read`);
}

describe('reading ends', () => {
  test('with the bytes of a regular file, up to the very limit', () => {
    for (const size of [0, 1, 300_000]) {
      writeFileSync(at('regular'), Buffer.alloc(size, 7));
      expect(readFile(at('regular'), 300_000).equals(Buffer.alloc(size, 7))).toBe(true);
    }
    expect(refusal(at('regular'), 299_999)).toBe('/regular: is too large: expected at most 292 KB');
  });

  test('with one line at a file of terabytes, before any of it is read', () => {
    writeFileSync(at('huge'), '');
    truncateSync(at('huge'), 2 ** 41);
    expect(refusal(at('huge'))).toBe(`/huge: is too large: expected at most ${FILE_MOST / 2 ** 20} MB`);
  });

  test('with one line at a folder, a device, a socket, and where there is nothing', async () => {
    const server = createServer();
    running.push(server);
    await new Promise<void>((ready) => server.listen(at('socket'), ready));
    expect(refusal(folder)).toBe(': is a folder: expected a file');
    expect(refusal(at('socket'))).toBe('/socket: is a socket: expected a file');
    expect(refusal('/dev/zero')).toBe('/dev/zero: is a device: expected a file');
    expect(refusal('/dev/tty')).toMatch(/is a device|ENXIO/);
    expect(refusal(at('nothing'))).toBe('/nothing: cannot be read (ENOENT)');
    expect(refusal('a\0b')).toMatch(/cannot be read/);
  });

  test.skipIf(process.platform !== 'linux')('with one line at what the kernel shows as a file and is none', () => {
    expect(refusal('/proc/self/mem')).toBe('/proc/self/mem: cannot be read (EIO)');
    expect(readFile('/proc/self/status').toString()).toContain('Pid:');
    expect(refusal('/proc/self/pagemap', 1 << 20)).toMatch(/is too large|cannot be read/);
  });

  test('with what a pipe delivered before it ended, however late its writer comes', () => {
    expect(readFile(writer(fifo('at-once'), 'printf abc')).toString()).toBe('abc');
    expect(readFile(writer(fifo('late'), 'sleep 0.05; printf abc; sleep 0.05; printf def')).toString()).toBe('abcdef');
  });

  test('with one line at a pipe that nobody writes to, that does not end, or that delivers too much', () => {
    const expected = `did not end within ${PIPE_MOST / 1000} s: expected a file, or a pipe that ends`;
    expect(refusal(fifo('unwritten'))).toBe(`/unwritten: ${expected}`);
    expect(refusal(writer(fifo('silent'), 'printf abc; exec sleep 20'))).toBe(`/silent: ${expected}`);
    expect(refusal(writer(fifo('endless'), 'yes'), 5000)).toBe('/endless: is too large: expected at most 4 KB');
  });
});

describe('JSON', () => {
  const json = (text: string | Uint8Array): unknown =>
    parseJson('a.json', typeof text === 'string' ? new TextEncoder().encode(text) : text);

  test('is read with a byte order mark and without', () => {
    expect(json('\ufeff{"a": 1}')).toEqual({ a: 1 });
    expect(json('{"a": "\ufeff"}')).toEqual({ a: '\ufeff' });
  });

  test('is read to the deepest level allowed, and refused beyond, whatever its brackets are', () => {
    const nested = (levels: number): string => `${'[{"a":'.repeat(levels / 2)}0${'}]'.repeat(levels / 2)}`;
    expect(() => JSON.stringify(json(nested(DEPTH_MOST)))).not.toThrow();
    for (const levels of [DEPTH_MOST + 2, 1_000_000])
      expect(() => json(nested(levels))).toThrow(`a.json: is nested too deeply: expected at most ${DEPTH_MOST} levels`);
    expect(json(JSON.stringify(`\\"${'['.repeat(2000)}`))).toBe(`\\"${'['.repeat(2000)}`);
  });

  test.each([
    ['', 'a.json: is empty: expected JSON'],
    [' \n', 'a.json: is empty: expected JSON'],
    ['{"a\n":', 'a.json: does not parse as JSON ('],
    ['"abc', 'a.json: does not parse as JSON ('],
    [Buffer.from('\ufeff{}', 'utf16le'), 'a.json: does not parse as JSON (is UTF-16: expected UTF-8)'],
    [Buffer.from([0x22, 0xc3, 0x22]), 'a.json: does not parse as JSON (is no UTF-8: expected UTF-8)'],
  ])('%j is refused in one line', (text, line) => {
    expect(() => json(text)).toThrow(line);
    expect(() => json(text)).not.toThrow(/\n/);
  });
});
