/**
 * Just enough of JSON Schema to judge a streamed document: types, required and further properties, items, bounds,
 * patterns and enumerations. Annotations are passed over; any other keyword is a breach in itself, because a rule that
 * nobody checks is worse than none.
 */
import type { JsonSchema } from '../../../src/content.ts';

/** The first thing that is wrong with a value, with its path; null for a sound one. */
export function schemaBreach(schema: JsonSchema, value: unknown, path = '$'): string | null {
  for (const keyword in schema) {
    const check = KEYWORDS[keyword];
    if (check === undefined) return `${path}: the schema has "${keyword}", which is not known here`;
    const wrong = check(schema[keyword], value, path, schema);
    if (wrong !== null) return wrong;
  }
  return null;
}

type Check = (rule: unknown, value: unknown, path: string, schema: JsonSchema) => string | null;

const fine = (): null => null;

const KEYWORDS: Readonly<Record<string, Check>> = {
  $schema: fine,
  $id: fine,
  title: fine,
  description: fine,
  type: (rule, value, path) => {
    const types = Array.isArray(rule) ? (rule as string[]) : [rule as string];
    return types.some((type) => isOf(type, value))
      ? null
      : `${path}: expected ${types.join(' or ')}, got ${typeOf(value)}`;
  },
  enum: (rule, value, path) => {
    const values = rule as readonly unknown[];
    return values.some((one) => JSON.stringify(one) === JSON.stringify(value))
      ? null
      : `${path}: expected one of ${JSON.stringify(values)}, got ${JSON.stringify(value)}`;
  },
  required: (rule, value, path) => {
    if (!isObject(value)) return null;
    const missing = (rule as readonly string[]).find((name) => !Object.hasOwn(value, name));
    return missing === undefined ? null : `${path}: "${missing}" is missing`;
  },
  properties: (rule, value, path) => {
    if (!isObject(value)) return null;
    for (const [name, inner] of Object.entries(rule as Readonly<Record<string, JsonSchema>>)) {
      const wrong = Object.hasOwn(value, name) ? schemaBreach(inner, value[name], `${path}.${name}`) : null;
      if (wrong !== null) return wrong;
    }
    return null;
  },
  additionalProperties: (rule, value, path, schema) => {
    if (rule !== false || !isObject(value)) return null;
    const known = (schema.properties ?? {}) as Readonly<Record<string, unknown>>;
    const more = Object.keys(value).find((name) => !Object.hasOwn(known, name));
    return more === undefined ? null : `${path}: "${more}" is not foreseen`;
  },
  items: (rule, value, path) => {
    if (!Array.isArray(value)) return null;
    for (const [i, item] of value.entries()) {
      const wrong = schemaBreach(rule as JsonSchema, item, `${path}[${i}]`);
      if (wrong !== null) return wrong;
    }
    return null;
  },
  minItems: (rule, value, path) =>
    Array.isArray(value) && value.length < (rule as number) ? `${path}: ${value.length} items, at least ${rule}` : null,
  maxItems: (rule, value, path) =>
    Array.isArray(value) && value.length > (rule as number) ? `${path}: ${value.length} items, at most ${rule}` : null,
  minLength: (rule, value, path) =>
    typeof value === 'string' && [...value].length < (rule as number) ? `${path}: at least ${rule} characters` : null,
  maxLength: (rule, value, path) =>
    typeof value === 'string' && [...value].length > (rule as number) ? `${path}: at most ${rule} characters` : null,
  pattern: (rule, value, path) =>
    typeof value === 'string' && !new RegExp(rule as string, 'u').test(value)
      ? `${path}: does not match ${rule}`
      : null,
  minimum: (rule, value, path) =>
    typeof value === 'number' && value < (rule as number) ? `${path}: ${value}, at least ${rule}` : null,
  maximum: (rule, value, path) =>
    typeof value === 'number' && value > (rule as number) ? `${path}: ${value}, at most ${rule}` : null,
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

function isOf(type: string, value: unknown): boolean {
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  return type === typeOf(value);
}
