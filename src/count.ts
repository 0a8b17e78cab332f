/** Counts in sentences. The digits stand as they are, so that a number of a sentence is found again in a timeline. */

/** `1 run`, `2 runs`; a plural that is not regular is named. */
export const counted = (value: number, one: string, many = `${one}s`): string => `${value} ${value === 1 ? one : many}`;
