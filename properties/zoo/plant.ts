/** Scenarios in which a bug was planted: the same worlds, plans and laws, and one machine that is not what it was. */

import type { AnyMachine } from '../../sim/core/record.ts';
import type { World } from '../../sim/core/world.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { SCENARIOS } from '../../sim/session/scenarios/catalogue.ts';
import type { Bug } from './bug.ts';

/** The shipped catalogue with a bug in it; everything that a scenario says of itself stays. */
export function planted(bug: Bug, scenarios: readonly SessionScenario[] = SCENARIOS): readonly SessionScenario[] {
  const tested = new Set<AnyMachine>(session.tested);
  const protocol = {
    ...session,
    tested,
    cast(world: Parameters<typeof session.cast>[0]): World {
      const cast = bug.plant(session.cast(world));
      // Its words are looked at by the test of the zoo; looking in every run would take longer than the runs.
      for (const { machine } of cast.nodes) tested.add(machine);
      return cast;
    },
  };
  return scenarios.map((scenario) => ({ ...scenario, protocol }));
}
