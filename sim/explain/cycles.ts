/** What is said again and again in a list, folded: of a stretch that repeats itself the first round stands, with its count. */

export interface Cycled<T> {
  readonly of: T;
  /** How often it stands in the list, in rounds that follow each other; the last of them. */
  readonly times: number;
  readonly last: T;
}

/** The longest round that is looked for. */
const ROUND = 8;

/**
 * `saidOf`: what an item says; a single one is folded with others that say the very same. `sortOf`: the same without what is
 * different in every round.
 */
export function cyclesIn<T>(
  list: readonly T[],
  saidOf: (item: T) => string,
  sortOf: (item: T) => string,
): readonly Cycled<T>[] {
  const said = list.map(saidOf);
  const sorts = list.map(sortOf);
  const all: Cycled<T>[] = [];
  for (let at = 0; at < list.length; ) {
    const { length, rounds } = roundAt(said, sorts, at);
    for (let i = 0; i < length; i++)
      all.push({ of: list[at + i] as T, times: rounds, last: list[at + (rounds - 1) * length + i] as T });
    at += length * rounds;
  }
  return all;
}

/** The round that saves most lines from there on. */
function roundAt(
  said: readonly string[],
  sorts: readonly string[],
  at: number,
): { readonly length: number; readonly rounds: number } {
  let best = { length: 1, rounds: 1 };
  for (let length = 1; length <= ROUND && at + 2 * length <= said.length; length++) {
    const texts = length === 1 ? said : sorts;
    let rounds = 1;
    while (isSame(texts, at, at + rounds * length, length)) rounds++;
    if ((rounds - 1) * length > (best.rounds - 1) * best.length) best = { length, rounds };
  }
  return best;
}

function isSame(said: readonly string[], a: number, b: number, length: number): boolean {
  if (b + length > said.length) return false;
  for (let i = 0; i < length; i++) if (said[a + i] !== said[b + i]) return false;
  return true;
}
