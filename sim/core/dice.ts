/**
 * Dice: named streams of random numbers. A stream depends on the seed and its name and on nothing else, so that two runs
 * which differ in one fault still agree on everything that the fault does not touch.
 */
import seedrandom from 'seedrandom';

/** One stream: each call gives the next unsigned 32-bit integer. */
export type Stream = () => number;

export interface Dice {
  readonly seed: string;
  /** The stream of that name; the same name gives the same stream, continued. */
  stream(name: string): Stream;
  /** The next integer of stream `name`, uniform in least..most (both included). */
  between(name: string, least: number, most: number): number;
  /** True in `num` of `of` cases. */
  chance(name: string, num: number, of: number): boolean;
  /** One of the items. */
  pick<T>(name: string, items: readonly T[]): T;
}

/** Dice for a seed: any non-empty string. Never undefined: seedrandom would turn that into one fixed stream without a word. */
export function dice(seed: string): Dice {
  if (typeof seed !== 'string' || seed === '') throw new Error('hangup bug: dice need a non-empty seed');
  const streams = new Map<string, Stream>();
  const positions: Position[] = [];
  const stream = (name: string): Stream => {
    let found = streams.get(name);
    if (found === undefined) {
      const generator = seedrandom.alea(`${seed}/${name}`, { state: true });
      positions.push([name, () => generator.state()]);
      found = () => generator.int32() >>> 0;
      streams.set(name, found);
    }
    return found;
  };
  const between = (name: string, least: number, most: number): number =>
    least + Math.floor((stream(name)() / 4294967296) * (most - least + 1));
  const thrown: Dice = {
    seed,
    stream,
    between,
    chance: (name, num, of) => stream(name)() * of < num * 4294967296,
    pick: (name, items) => items[between(name, 0, items.length - 1)] as (typeof items)[number],
  };
  positionsIn.set(thrown, positions);
  return thrown;
}

/** A stream that somebody has drawn from, and where it is: what it gives next depends on nothing else. */
type Position = readonly [name: string, position: () => unknown];

const positionsIn = new WeakMap<Dice, readonly Position[]>();

/** Where every stream is, by name; for whoever compares states. Null for dice of somebody else. */
export function positionsOf(thrown: Dice): readonly (readonly [name: string, position: unknown])[] | null {
  const positions = positionsIn.get(thrown);
  if (positions === undefined) return null;
  const all = positions.map(([name, position]) => [name, position()] as const);
  return all.sort(([a], [b]) => (a < b ? -1 : 1));
}
