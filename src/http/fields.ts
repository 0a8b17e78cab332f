/** Header fields of HTTP (RFC 9110 section 5): an ordered list, names in whatever case, several of one name allowed. */

export type Field = readonly [name: string, value: string];

/** All values of a field, joined as RFC 9110 section 5.3 allows; null where there is none. */
export function fieldOf(fields: readonly Field[], name: string): string | null {
  let value: string | null = null;
  for (const [each, said] of fields)
    if (each.length === name.length && each.toLowerCase() === name) value = value === null ? said : `${value}, ${said}`;
  return value;
}

/** How many fields have that name, which is in lower case. */
export const countOf = (fields: readonly Field[], name: string): number =>
  fields.reduce((count, [each]) => (each.toLowerCase() === name ? count + 1 : count), 0);

/** Without white space around it. By hand: an expression that looks for its end takes time by the square of what is inside. */
export function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

/** A space or a tabulator (RFC 9110 section 5.6.3). */
const isSpace = (code: number): boolean => code === 0x20 || code === 9;

/** The members of a list (RFC 9110 section 5.6.1), empty ones left out; it must not have quoted strings. */
export const listOf = (value: string): readonly string[] =>
  value
    .split(',')
    .map(trimmed)
    .filter((member) => member !== '');

/** Whether a list has a member, whatever its case; `member` is in lower case. */
export const lists = (value: string | null, member: string): boolean =>
  value !== null && listOf(value).some((each) => each.toLowerCase() === member);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether it is a token (RFC 9110 section 5.6.2). */
export const isToken = (text: string): boolean => TOKEN.test(text);
