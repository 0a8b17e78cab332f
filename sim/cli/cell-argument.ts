/** `--cell condition=asymmetric,moment=late`: checked against the dimensions of every scenario that it is meant for. */
import { type Cell, valuesOf } from '../core/cells.ts';
import type { Scenario } from '../core/scenario.ts';
import { shown } from '../core/shown.ts';
import { UsageError } from './errors.ts';
import { unknownName } from './names.ts';

/** The cell of that text. Throws `UsageError` in one line that names the scenario, and what it opens. */
export function cellOf(text: string, scenarios: readonly Scenario[]): Cell {
  const cell: Record<string, string> = {};
  for (const part of text.split(',')) {
    const [dimension = '', value = '', ...more] = part.split('=');
    if (dimension === '' || value === '' || more.length > 0)
      throw new UsageError(`--cell: expected DIMENSION=VALUE,…, got ${shown(part)}`);
    for (const scenario of scenarios) check(scenario, dimension, value);
    if (Object.hasOwn(cell, dimension))
      throw new UsageError(`--cell: ${dimension} is given twice; expected one value a dimension`);
    cell[dimension] = value;
  }
  return cell;
}

function check({ name, dimensions = {} }: Scenario, dimension: string, value: string): void {
  const all = valuesOf(dimensions);
  const open = all.map(([each]) => each);
  const values = all.find(([each]) => each === dimension)?.[1] ?? [];
  if (open.length === 0) throw new UsageError(`--cell: ${name} opens no dimension, so it has no cells to pick`);
  if (values.length === 0)
    throw unknownName(`--cell: ${name} has no dimension`, dimension, open, `it opens ${open.join(', ')}`);
  if (!values.includes(value))
    throw unknownName(`--cell: ${name} has no ${dimension}`, value, values, values.join(', '));
}
