/** A law of our session protocol: it knows all of its facts, and reads its frames. */
import type { Facts } from '../../../src/session/facts.ts';
import type { Entries } from '../../../src/session/history.ts';
import type { Law } from '../law.ts';

export type { Breach, Ending, Law } from '../law.ts';

export function law<Memory>(definition: Law<Memory, Facts, Entries>): Law {
  return definition as unknown as Law;
}
