/** A value that is not what it must be, as an error line shows it: one line, of a sane length, whatever it holds. */

const LONGEST = 60;

/** JSON of texts, numbers and what is empty; lists and objects by their size, because they may be huge. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string')
    return value.length > LONGEST ? `${JSON.stringify(value.slice(0, LONGEST))}…` : JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (value !== null && typeof value === 'object') return Object.keys(value).length === 0 ? '{}' : 'an object';
  return String(value);
}
