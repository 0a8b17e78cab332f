/** How far two sweeps agree on which of their runs something happened in. */

/**
 * How far two sweeps agree on which runs do not exceed `a` and `b`: the correlation of the two shares (phi), with the
 * correction that Newcombe (1998, method 10) found to keep intervals of paired shares from being too narrow. NaN where a
 * side does not vary.
 */
export function agreementOf(ofA: Float64Array, ofB: Float64Array, a: number, b: number): number {
  let [both, onlyA, onlyB, neither] = [0, 0, 0, 0];
  for (let index = 0; index < ofA.length; index++) {
    const [inA, inB] = [(ofA[index] as number) <= a, (ofB[index] as number) <= b];
    if (inA && inB) both++;
    else if (inA) onlyA++;
    else if (inB) onlyB++;
    else neither++;
  }
  const sides = Math.sqrt((both + onlyA) * (onlyB + neither)) * Math.sqrt((both + onlyB) * (onlyA + neither));
  if (sides === 0) return Number.NaN;
  const excess = both * neither - onlyA * onlyB;
  return (excess > 0 ? Math.max(0, excess - ofA.length / 2) : excess) / sides;
}
