/** Laws at the boundary are judged where something was promised, and say so where nothing was. */
import { describe, expect, test } from 'vitest';
import { flawOf } from '../../../sim/core/vantage.ts';
import { PRESETS } from '../../../src/backoff/presets.ts';
import type { Facts, Promises } from '../../../src/facts.ts';
import { seconds } from '../../../src/time.ts';
import { BOUNDARY_LAWS } from './all.ts';

/** The laws that are judged under these promises, before anything has happened. */
const judgedUnder = (promises: Promises, more: Partial<Facts> = {}): string[] =>
  BOUNDARY_LAWS.filter(
    (law) => flawOf(law, { clients: [{ node: 'c1', connected: true }], promises, ...more }) === null,
  ).map(({ name }) => name);
const ALWAYS = ['honest-errors', 'no-uncaught'];

describe('promises', () => {
  test('choose laws, and nobody is held to what was not promised', () => {
    expect(judgedUnder({})).toEqual(ALWAYS);
    expect(judgedUnder({ delivery: 'exactly-once' })).toEqual(['exactly-once', ...ALWAYS]);
    expect(judgedUnder({ delivery: 'exactly-once', order: 'per-stream' })).toEqual([
      'prefix',
      'exactly-once',
      ...ALWAYS,
    ]);
    expect(judgedUnder({ delivery: 'at-least-once', order: 'per-stream' })).toEqual([
      'order',
      'at-least-once',
      ...ALWAYS,
    ]);
    expect(judgedUnder({ delivery: 'at-most-once', order: 'none' })).toEqual(['at-most-once', ...ALWAYS]);
    expect(judgedUnder({ order: 'per-stream' })).toEqual(['order', ...ALWAYS]);
    expect(judgedUnder({ completeWithin: seconds(1), freshWithin: seconds(1) })).toEqual(['completion', ...ALWAYS]);
    expect(judgedUnder({ backoff: 'least' })).toEqual(['backoff', 'no-herd', ...ALWAYS]);
    expect(judgedUnder({ backoff: PRESETS.default.policy })).toEqual(['backoff', ...ALWAYS]);
    expect(judgedUnder({ isolated: 'by-key', noLeak: true })).toEqual([
      'honest-errors',
      'isolation',
      'no-leak',
      'no-uncaught',
    ]);
  });

  test('of a connection need a client that is to be connected', () => {
    expect(judgedUnder({ backWithin: seconds(1) })).toEqual(['back-within', ...ALWAYS]);
    expect(judgedUnder({ backWithin: seconds(1) }, { clients: [{ node: 'c1' }] })).toEqual(ALWAYS);
  });

  test('are named where they are missing', () => {
    const flaw = (name: string, promises: Promises, more: Partial<Facts> = {}): string | null => {
      const law = BOUNDARY_LAWS.find((each) => each.name === name);
      return law === undefined ? null : flawOf(law, { clients: [{ node: 'c1' }], promises, ...more });
    };
    expect(flaw('prefix', {})).toBe('nobody promises `delivery`');
    expect(flaw('prefix', { delivery: 'at-least-once' })).toBe(
      '`delivery` is promised as at-least-once, and not as exactly-once',
    );
    expect(flaw('back-within', { backWithin: seconds(1) })).toBe('no client promises `connected`');
    expect(flaw('completion', { completeWithin: seconds(1) }, { writes: ['read'] })).toBe(
      'nobody in this world writes `submitted` or `wrote`',
    );
  });
});

test('each has a name of its own', () => {
  expect(new Set(BOUNDARY_LAWS.map(({ name }) => name)).size).toBe(BOUNDARY_LAWS.length);
});
