/** The list of laws: each has a name of its own and holds on an honest history. */
import { expect, test } from 'vitest';
import { LAWS, lawNamed } from './all.ts';
import { honest, verdict } from './written.ts';

test('every law is found by its name, and no two share one', () => {
  for (const law of LAWS) expect(lawNamed(law.name)).toBe(law);
  expect(lawNamed('no-such-law')).toBeUndefined();
});

test('every law holds on an honest history, complete or cut off at its end', () => {
  for (const law of LAWS) {
    expect(verdict(law, honest())).toEqual([]);
    expect(verdict(law, honest(), { complete: false })).toEqual([]);
  }
});
