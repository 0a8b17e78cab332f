/** A run as somebody sees it who observes it beside its laws: before its first event, with everything that may be listened to. */
import type { Facts } from '../../src/facts.ts';
import type { Scenario } from './scenario.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

export interface Observed {
  readonly witness: Witness;
  readonly scenario: Scenario;
  readonly facts: Facts;
  readonly world: World;
}
