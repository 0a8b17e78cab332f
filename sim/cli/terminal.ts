/**
 * What the command says to a terminal or to the log of a CI job, on standard output and on standard error.
 *
 * Every line goes through here, so that nothing that came from outside can be obeyed by who shows it, wherever in the
 * line it stands: no control but the line ends and the colours that we wrote, and no line that GitHub Actions would take
 * for a command (`::error …` at its start, `##[…]` anywhere). Documents (JSON, JUnit, GitHub's own commands) have rules
 * of their own and escape by them; JSON is written here as well, since it leaves C1 and direction controls as they are.
 */
import pc from 'picocolors';
import { hasControls, visible } from '../../src/visible.ts';
import { streams } from './streams.ts';

/** A line or several, without the last line end. Colours are kept if the terminal has them. */
export const say = (text: string): void => void streams().stdout.write(`${displayed(text)}\n`);

/** The same on standard error. */
export const tell = (text: string): void => void streams().stderr.write(`${displayed(text)}\n`);

/** One line on standard error that says what is not as it seems. */
export const warn = (line: string): void => tell(`warning: ${visible(line)}`);

/** A document for a machine, on standard output. */
export const sayJson = (document: unknown, indent?: number): void =>
  void streams().stdout.write(`${jsonText(document, indent)}\n`);

/**
 * JSON in which every control that `JSON.stringify` lets through is an escape as well; it parses to the same value. Bytes,
 * which it has no word for, are `{ "base64": "…" }`.
 */
export const jsonText = (document: unknown, indent?: number): string =>
  JSON.stringify(document, bytesAsText, indent).replace(/[^\n\x20-\x7e]/gu, (char) =>
    hasControls(char) ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char,
  );

/** `this` has the bytes of a `Buffer` as well, which makes an object with a list of them of itself before it is asked for. */
function bytesAsText(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const bytes = this[key];
  if (!ArrayBuffer.isView(bytes)) return value;
  return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
}

/** What picocolors writes. */
const COLOURS = new RegExp(`(${'\u001b'}\\[(?:[0-4]|[279]|2[2-9]|3\\d|4\\d|9\\d|10[0-7])m)`);

/** Our text as it may go to a terminal. */
export const displayed = (text: string): string => text.split('\n').map(line).join('\n');

function line(text: string): string {
  const pieces = pc.isColorSupported ? text.split(COLOURS) : [text];
  const quiet = pieces.map((piece, index) => (index % 2 === 1 ? piece : visible(piece))).join('');
  return quiet.replace(/^(\s*):(?=:)/, '$1\\:').replaceAll('##[', '##\\[');
}
