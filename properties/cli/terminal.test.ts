/** Nothing that came from outside is obeyed by the terminal or the CI job that shows it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { displayed, jsonText } from '../../sim/cli/terminal.ts';
import { visible } from '../../src/visible.ts';
import { startedIn } from './started.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-terminal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OBEYED = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
/** Lines that GitHub Actions takes for commands. */
const COMMAND = /^\s*::|##\[/m;

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\n::error::x', '##[error]', '\u001b[31m', '\u202e', '\r\n  ::'),
    ),
  )
  .map((pieces) => pieces.join(''));

describe('text', () => {
  test('is displayed on one line, and can still be told apart', () => {
    expect(visible('a\u001b]0;x\u0007\n\u007f\u009b\u202e\u2066\u2028ä \ud83d\ude00')).toBe(
      'a\\x1b]0;x\\x07\\n\\x7f\\x9b\\u202e\\u2066\\u2028ä \ud83d\ude00',
    );
    fc.assert(fc.property(hostile, (text) => !OBEYED.test(visible(text))));
  });

  test('goes to a terminal with line ends as its only controls, and begins no command', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = displayed(text).split('\n');
        expect(lines).toHaveLength(text.split('\n').length);
        for (const line of lines) expect([OBEYED.test(line), COMMAND.test(line)]).toEqual([false, false]);
      }),
    );
    expect(displayed('ordinary: a::b, #[c] ünïcode')).toBe('ordinary: a::b, #[c] ünïcode');
  });

  test('in JSON stays the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), hostile, (value, text) => {
        const json = jsonText([value, text], 2);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([value, text])));
        expect(OBEYED.test(json.replaceAll('\n', ''))).toBe(false);
      }),
    );
  });

  test('in JSON has bytes as base64, whoever made them', () => {
    const bytes = [Uint8Array.of(1, 2, 3), Buffer.from([1, 2, 3]), Uint8Array.of(0, 1, 2, 3).subarray(1)];
    expect(jsonText({ bytes, text: 'AQID' })).toBe(
      `{"bytes":[${Array(3).fill('{"base64":"AQID"}').join(',')}],"text":"AQID"}`,
    );
  });
});

test('a file called like a command does nothing in the output of a sweep, a replay or an error', () => {
  const name = 'x\n::error::pwned \u001b[31m\u202e\u0007';
  writeFileSync(join(folder, name), 'text');
  writeFileSync(join(folder, `${name}.trace`), '1\n2\n3\n');
  const network = `${name}.trace,${name}.trace`;
  const texts: string[] = [];
  for (const args of [
    ['explore', 'midstream/text', '--seeds', '1', '--jobs', '1', '--input', name, '--network', network, '--json'],
    ['replay', 'midstream/text@1', '--input', name, '--network', network],
    ['explore', '--input', `${name}.none`],
    ['explore', `--${name}`],
    ['compare', name, name],
    ['replay', `${name}.json`],
  ]) {
    const { out, err } = startedIn(folder)(...args);
    const text = `${out}${err}`;
    texts.push(text);
    expect([args, OBEYED.test(text.replaceAll('\n', '')), COMMAND.test(text)]).toEqual([args, false, false]);
  }
  // All of them tell the name, but for the table of a run in which nothing went wrong.
  expect(texts.filter((text) => text.includes('pwned')).length).toBeGreaterThanOrEqual(5);
});
