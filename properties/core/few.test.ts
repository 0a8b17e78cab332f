/** A map of few things is a map: whatever is done to it, it says what an engine's own says, in the same order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Few } from '../../src/few.ts';

/** More keys than are searched one by one. */
const step = fc.tuple(fc.constantFrom('set', 'set', 'delete', 'clear'), fc.nat(20), fc.nat());

test('a map of few things holds what a map holds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const few = new Few<number, number>();
      const map = new Map<number, number>();
      for (const [what, key, value] of steps) {
        if (what === 'clear' && value % 8 === 0) {
          few.clear();
          map.clear();
        } else if (what === 'set') {
          few.set(key, value);
          map.set(key, value);
        } else if (what === 'delete') expect(few.delete(key)).toBe(map.delete(key));
        expect([few.get(key), few.has(key), few.size]).toEqual([map.get(key), map.has(key), map.size]);
        expect([[...few], [...few.keys()], [...few.values()]]).toEqual([[...map], [...map.keys()], [...map.values()]]);
      }
    }),
  );
});
