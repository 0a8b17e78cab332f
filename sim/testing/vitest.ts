/** `hangup/vitest`: tests over the seeds of a scenario. The only file that imports vitest. */
import { test } from 'vitest';
import { type Seeds, seedsWith } from './seeds.ts';

export type { SeedsOptions } from './asked.ts';

const note = (line: string): void => console.info(`hangup: ${line}`);

/**
 * Makes a test that runs `runs` seeds of a scenario and fails for the first one that breaks a law, comes to no end or
 * throws; for a target that is missed by more than luck; and for a claim that so many seeds should have seen. What it says
 * is one message: the run, the law, the fewest faults that do it, the failure file, and the lines to paste.
 */
export const seeds: Seeds = seedsWith(test, process.env, note);
