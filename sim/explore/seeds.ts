/** Seeds are integers, written in base 36: short to paste, and in order. */

/** The largest seed: ten digits of base 36 stay far below 2^53. */
export const SEED_MAX = 3_656_158_440_062_975;

export const seedText = (seed: number): string => seed.toString(36);

/** The integer of a seed's text, or undefined when it is none. */
export function seedNumber(text: string): number | undefined {
  if (!/^[0-9a-z]{1,10}$/.test(text)) return undefined;
  const seed = Number.parseInt(text, 36);
  return seed <= SEED_MAX ? seed : undefined;
}
