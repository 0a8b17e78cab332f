/** What luck alone may do: as much of it is allowed for as no sweep will ever exceed. */

/** A chance that no sweep meets. */
const NEVER_SEEN = 1e-9;

/** How many times in a row something of that chance has to fail to happen again, before that is never seen. */
export function roundsUntilRare(chance: number): number {
  let rounds = 1;
  for (let left = chance; left > NEVER_SEEN && rounds < 1000; left *= chance) rounds++;
  return rounds;
}
