/** Numbers as configurations have them. Nothing is evaluated. */

/** A number, a text that is one (`10_000`, too), or a product of them (`60 * 1000`), as people write in a program. */
export function numberOf(value: unknown): number | undefined {
  if (value === Number.POSITIVE_INFINITY || value === 'Infinity' || value === 'Number.POSITIVE_INFINITY')
    return Number.POSITIVE_INFINITY;
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  if (typeof value !== 'string' || value.length > 100) return undefined;
  const factors = value.split('*').map((factor) => factor.trim().replace(/(?<=\d)_(?=\d)/g, ''));
  if (!factors.every((factor) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(factor))) return undefined;
  return factors.reduce((product, factor) => product * Number(factor), 1);
}
