/** A claim about runs of our session protocol: it may listen to its entries and frames. */
import type { Facts } from '../../src/session/facts.ts';
import type { Entries } from '../../src/session/history.ts';
import type { Claim } from '../core/scenario.ts';

export function claim<Memory>(definition: Claim<Memory, Facts, Entries>): Claim {
  return definition as unknown as Claim;
}
