/** The shape of what somebody passes in code: the first place at which it is not what it must be. */
import type { Flaw } from '../faults/check.ts';

/** Judges a value; `field` is where it stands, such as `network.up.delay`. Null when it is sound. */
export type Shape = (value: unknown, field: string) => Flaw | null;

/** A shape for each field. */
export type Shapes<T> = Readonly<Record<keyof T, Shape>>;

/** Judged elsewhere, or by nobody. */
export const anything: Shape = () => null;

export const must =
  (expected: string, accepts: (value: unknown) => boolean): Shape =>
  (value, field) =>
    accepts(value) ? null : { field, expected, got: value };

/** What may be left out. */
export const optional =
  (shape: Shape): Shape =>
  (value, field) =>
    value === undefined ? null : shape(value, field);

/** What may be null instead. */
export const orNull =
  (shape: Shape): Shape =>
  (value, field) =>
    value === null ? null : shape(value, field);

/** An object with these fields; `closed`: and no others, because one that is misspelt would do nothing. */
export const object =
  (expected: string, fields: Readonly<Record<string, Shape>>, closed = false): Shape =>
  (value, field) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return { field, expected, got: value };
    if (closed)
      for (const name of Object.keys(value))
        if (!Object.hasOwn(fields, name))
          return { field, expected: `no field besides ${Object.keys(fields).join(', ')}`, got: name };
    for (const [name, shape] of Object.entries(fields)) {
      const flaw = shape((value as Readonly<Record<string, unknown>>)[name], `${field}.${name}`);
      if (flaw !== null) return flaw;
    }
    return null;
  };

export const listOf =
  (expected: string, shape: Shape): Shape =>
  (value, field) => {
    if (!Array.isArray(value)) return { field, expected, got: value };
    for (const [index, each] of value.entries()) {
      const flaw = shape(each, `${field}[${index}]`);
      if (flaw !== null) return flaw;
    }
    return null;
  };

export const text = must('a text', (value) => typeof value === 'string');
export const truth = must('true or false', (value) => typeof value === 'boolean');
export const callable = must('a function', (value) => typeof value === 'function');
/** Of a budget, which may be `Infinity`. */
export const amount = must('a number from 0', (value) => typeof value === 'number' && value >= 0);
export const wholeFrom = (least: number, unit: string, most = Number.MAX_SAFE_INTEGER): Shape =>
  must(
    `whole ${unit} from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  );
export const oneOf = (...values: readonly string[]): Shape =>
  must(`one of ${values.join(', ')}`, (value) => values.includes(value as string));
