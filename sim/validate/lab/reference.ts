/** Figures that others published or made, as they stand in `reference/`; its README says where each is from. */
import { readFileSync } from 'node:fs';

/** One line of a table: what a column holds, as text. */
export type Row = Readonly<Record<string, string>>;

export function table(name: string): readonly Row[] {
  const text = readFileSync(new URL(`reference/${name}.csv`, import.meta.url), 'utf8');
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? '']));
  });
}

/** The number in a column, NaN where it is empty. */
export const number = (row: Row, column: string): number => {
  const text = row[column] ?? '';
  return text === '' ? Number.NaN : Number(text);
};
