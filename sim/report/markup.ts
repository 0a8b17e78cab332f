/**
 * Markup that cannot be broken by what is put into it: every value in a template is escaped, except markup itself.
 *
 * Names of scenarios, messages of laws and paths of files reach the page. Any of them may hold `<script>`, a quote, a
 * character that XML forbids or one that reverses the direction of the text; none of them may do more than be read.
 */

/** Text that is already markup. Only `markup` makes it. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | null | undefined | false | readonly Value[];

/**
 * Characters that no XML document may hold, halves of a surrogate pair, and the controls that make text run backwards: a
 * name must not show another name.
 */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are taken out.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text with what no document may hold replaced by `U+FFFD`. */
export const printable = (text: string): string => text.replace(FORBIDDEN, '\ufffd');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe as content and in a quoted attribute of HTML and of XML. */
export const escapeMarkup = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (char) => ENTITIES[char] as string);

/** A template of markup: values are escaped, lists joined, `null`, `undefined` and `false` left out. */
export function markup(parts: readonly string[], ...values: readonly Value[]): Markup {
  let text = parts[0] as string;
  for (const [index, value] of values.entries()) text += render(value) + (parts[index + 1] as string);
  return { markup: text };
}

function render(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeMarkup(value);
  if (typeof value === 'number') return String(value);
  if ('markup' in value) return value.markup;
  return value.map(render).join('');
}

/** Text of our own (a style sheet, a script) that goes into a page as it is. */
export const verbatim = (text: string): Markup => ({ markup: text });
