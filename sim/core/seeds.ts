/**
 * Seeds are integers, written in base 36: short to paste, and in order. The command and the library read them by one
 * rule: `7`, `'7'` and `'007'` are one seed, and what is none is refused.
 */

/** The largest seed: ten digits of base 36 stay far below 2^53. */
export const SEED_MAX = 3_656_158_440_062_975;

/** What a seed must be, as an error says it: `expected …`. */
export const SEED_FORM = 'a seed such as k7f3 (1 to 10 of 0-9 and a-z)';

export const seedText = (seed: number): string => seed.toString(36);

/** The integer of a seed's text, or undefined when it is none. */
export function seedNumber(text: string): number | undefined {
  if (!/^[0-9a-z]{1,10}$/.test(text)) return undefined;
  const seed = Number.parseInt(text, 36);
  return seed <= SEED_MAX ? seed : undefined;
}

/**
 * The text of a seed as a sweep prints it, so that what a library run was given can be pasted behind `replay`. A number
 * is the seed itself (`36` is `'10'`). Throws for whatever the command refuses.
 */
export function seedOf(given: string | number): string {
  const isSeed = typeof given === 'number' && Number.isInteger(given) && given >= 0 && given <= SEED_MAX;
  const seed = typeof given === 'string' ? seedNumber(given) : isSeed ? given : undefined;
  if (seed === undefined)
    throw new Error(
      `expected ${SEED_FORM}, or its number from 0 to ${SEED_MAX}, got ${typeof given === 'string' ? JSON.stringify(given.slice(0, 60)) : String(given)}`,
    );
  return seedText(seed);
}
