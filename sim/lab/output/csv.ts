/**
 * Tables as RFC 4180 writes them: a header, CRLF behind each line, quotes where a field needs them.
 *
 * Numbers are the shortest decimals that read back as the same double, so nothing is lost and the same document gives
 * the same bytes everywhere. What has no value is an empty field. A name is written as it is, even one that a
 * spreadsheet would take for a formula: data that were changed on the way out would not be the data.
 */

export type Field = string | number | null;

/** Lines of a table, each with its line end, in the order of `records`. */
export function* csvLines(header: readonly string[], records: Iterable<readonly Field[]>): Generator<string> {
  yield line(header);
  for (const record of records) yield line(record);
}

const line = (fields: readonly Field[]): string => `${fields.map(csvField).join(',')}\r\n`;

/** `NaN` and infinities are no values: a document has null for them. */
export function csvField(value: Field): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
