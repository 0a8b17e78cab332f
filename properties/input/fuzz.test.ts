/** Damaged files through the command's own code; `npm run fuzz` does the same by the thousand. */
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../sim/cli/errors.ts';
import { type Fuzz, fuzz } from '../fuzz/fuzz.ts';
import { input } from '../fuzz/input.ts';

test('a damaged trace, schema, policy or content is refused in a line, or is taken and ends with a verdict', async () => {
  const { findings, tally } = await fuzz(input, 240, 1);
  expect(findings).toEqual([]);
  // Both kinds of end are met by each kind of file, or the damage would be too small or too great to find anything.
  for (const kind of input.kinds) {
    expect(tally[`${kind} refused`]).toBeGreaterThan(5);
    expect(tally[`${kind} holds`]).toBeGreaterThan(1);
  }
});

describe('a round finds', () => {
  const of = async (attempt: Fuzz['try'], most?: number): Promise<readonly string[]> =>
    (await fuzz({ kinds: ['planted'], try: attempt }, 1, 7, most)).findings.map(({ name, what }) => `${name}: ${what}`);

  test('what is thrown', async () => {
    expect(
      (
        await of(() => {
          throw new RangeError('too deep');
        })
      )[0],
    ).toContain('planted 7: RangeError: too deep');
    expect(
      (
        await of(() => {
          throw new UsageError('a');
        })
      )[0],
    ).toContain('planted 7: Error: a');
  });

  test('what takes long', async () => {
    const spin = (): 'holds' => {
      let x = 1;
      for (let i = 0; i < 20_000_000; i++) x = Math.imul(x, 48_271);
      return x === 0 ? ('broken' as never) : 'holds';
    };
    expect((await of(spin, 1))[0]).toMatch(/planted 7: took \d+ ms/);
    expect(await of(spin)).toEqual([]);
  });
});
