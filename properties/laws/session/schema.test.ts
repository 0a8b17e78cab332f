/** The small schema judge agrees with the reference validator, on sound documents and on spoilt ones. */
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ORDER_SCHEMA, order } from '../../../sim/content/order.ts';
import { schemaBreach } from './schema.ts';

const reference = new Ajv({ strict: false, unicodeRegExp: true }).compile(ORDER_SCHEMA);

/** An order in which one place is replaced by something else, or removed. */
const spoilt = fc
  .tuple(fc.nat(5), fc.integer({ min: 0, max: 6 }), fc.jsonValue({ maxDepth: 1 }), fc.nat(60), fc.boolean())
  .map(([seed, count, junk, place, drop]) => {
    const document = JSON.parse(JSON.stringify(order(seed, count))) as Record<string, unknown>;
    const holders: [Record<string, unknown>, string][] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const key of Object.keys(value)) {
        holders.push([value as Record<string, unknown>, key]);
        walk((value as Record<string, unknown>)[key]);
      }
    };
    walk(document);
    const chosen = holders[place % (holders.length + 1)];
    if (chosen === undefined) document.more = junk;
    else if (drop && !Array.isArray(chosen[0])) delete chosen[0][chosen[1]];
    else chosen[0][chosen[1]] = junk;
    return document;
  });

test('it agrees with ajv on orders, whole and spoilt', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        { weight: 5, arbitrary: spoilt },
        fc.nat(20).map((seed) => order(seed, 3)),
        fc.jsonValue(),
      ),
      (value) => {
        expect(schemaBreach(ORDER_SCHEMA, value) === null).toBe(reference(value));
      },
    ),
    { numRuns: 2000 },
  );
});

test('a keyword that it does not know is a breach, not a pass', () => {
  expect(schemaBreach({ anyOf: [{}] }, 1)).toBe('$: the schema has "anyOf", which is not known here');
});
