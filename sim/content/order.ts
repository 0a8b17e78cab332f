/** A JSON document with a schema: an order of many lines, as a model with structured output would stream it. */

export interface Order {
  readonly id: string;
  readonly currency: string;
  readonly lines: readonly {
    readonly sku: string;
    readonly title: string;
    readonly quantity: number;
    readonly cents: number;
  }[];
  readonly totalCents: number;
}

/** The schema that `order` satisfies (JSON Schema, draft 7). */
export const ORDER_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['id', 'currency', 'lines', 'totalCents'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^order-[0-9]+$' },
    currency: { enum: ['EUR', 'USD'] },
    totalCents: { type: 'integer', minimum: 0 },
    lines: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku', 'title', 'quantity', 'cents'],
        additionalProperties: false,
        properties: {
          sku: { type: 'string', minLength: 4 },
          title: { type: 'string' },
          quantity: { type: 'integer', minimum: 1 },
          cents: { type: 'integer', minimum: 0 },
        },
      },
    },
  },
} as const;

const TITLES = [
  'rope, 20 m',
  'storm lamp',
  'spare socket',
  'patience (box of 12)',
  'half-open door',
  'round trip ticket',
  'jitter, assorted',
  'köttbullar, 1 kg',
];

/** An order of `count` lines; the same for the same seed. */
export function order(seed: number, count: number): Order {
  let x = seed >>> 0;
  const draw = (below: number): number => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return (x >>> 12) % below;
  };
  const lines = Array.from({ length: count }, (_, i) => ({
    sku: `S${1000 + i}-${draw(900) + 100}`,
    title: TITLES[draw(TITLES.length)] as string,
    quantity: draw(9) + 1,
    cents: draw(100_000),
  }));
  return {
    id: `order-${seed}`,
    currency: draw(2) === 0 ? 'EUR' : 'USD',
    lines,
    totalCents: lines.reduce((sum, line) => sum + line.quantity * line.cents, 0),
  };
}
