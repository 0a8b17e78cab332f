/** What all systems have in common: the laws that may judge them, and the kinds of faults that may hit them. */

import type { Law } from '../../properties/laws/law.ts';
import { NEUTRAL_LAWS } from '../../properties/laws/neutral/all.ts';
import type { Protocol } from '../core/protocol.ts';
import type { AnyMachine } from '../core/record.ts';
import type { World } from '../core/world.ts';
import { NEUTRAL_KINDS } from '../faults/catalogue.ts';
import type { AnyKind } from '../faults/kind.ts';
import { watchdog } from '../realm/watchdog.ts';

/** Every law that can judge a system by what its code says at its boundary; promises decide which of them do. */
export const SYSTEM_LAWS: readonly Law[] = NEUTRAL_LAWS;

export const SYSTEM_KINDS: readonly AnyKind[] = NEUTRAL_KINDS;

const SYSTEM: Protocol<World> = {
  name: 'system',
  // A world is made whole, and nothing is left to be cast.
  cast: (world) => world,
  laws: SYSTEM_LAWS,
  faults: SYSTEM_KINDS,
  // Whatever runs in its nodes may never come back.
  around: watchdog(),
};

const OF_MODULES: Protocol<World> = { ...SYSTEM, tested: new Set<AnyMachine>() };

/** `isTested`: both ends run on machines of hangup's own, so nobody has to look at what they say. */
export const protocolOf = (isTested: boolean): Protocol<World> => (isTested ? OF_MODULES : SYSTEM);
