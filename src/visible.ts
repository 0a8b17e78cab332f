/**
 * Text of others as it may be shown: every character that would do something instead of being read is written out.
 *
 * Names of files, networks and policies come from outside. A control character in one of them moves the cursor, rings,
 * hides or recolours what a terminal shows; a line end begins a line that GitHub may take for a command; a direction
 * control makes a name read like another one. Here they become what a programmer would write: `\n`, `\x1b`, `\u202e`.
 */

/** C0, DEL, C1, the separators of lines and paragraphs, and everything that turns the direction of text. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const EACH = new RegExp(CONTROLS, 'gu');

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Whether showing the text as it is would do more than show it. */
export const hasControls = (text: string): boolean => CONTROLS.test(text);

/** The text on one line, with nothing in it that a terminal obeys. What it holds can still be told. */
export const visible = (text: string): string => text.replace(EACH, written);

/** One such character as an escape. */
export function written(char: string): string {
  const code = char.charCodeAt(0);
  return (
    SHORT[char] ??
    (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
  );
}
