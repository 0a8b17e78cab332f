/** What all systems have in common: the laws that may judge them, and the kinds of faults that may hit them. */
import { BOUNDARY_LAWS } from '../../properties/laws/boundary/all.ts';
import type { Law } from '../../properties/laws/law.ts';
import type { Promises } from '../../src/facts.ts';
import { clientOf } from '../../src/history.ts';
import { NEUTRAL } from '../core/observe.ts';
import type { Protocol } from '../core/protocol.ts';
import type { AnyMachine } from '../core/record.ts';
import { type Claim, claim } from '../core/scenario.ts';
import type { Vocabulary } from '../core/vocabulary.ts';
import type { World } from '../core/world.ts';
import { NEUTRAL_KINDS } from '../faults/catalogue.ts';
import type { AnyKind } from '../faults/kind.ts';
import { freshly } from '../realm/realm.ts';
import { watchdog } from '../realm/watchdog.ts';
import { OWN_CODE_KINDS } from './faults/catalogue.ts';

/** Every law that can judge a system by what its code says at its boundary; promises decide which of them do. */
export const SYSTEM_LAWS: readonly Law[] = BOUNDARY_LAWS;

/** All that can hit any world, and what only bytes and processes of somebody's own can suffer. */
export const SYSTEM_KINDS: readonly AnyKind[] = [...NEUTRAL_KINDS, ...OWN_CODE_KINDS];

const WATCHDOG = watchdog();

/** The words of every world; what code says at its boundary it says by the probe. */
const VOCABULARY: Vocabulary = {
  ...NEUTRAL,
  said: {
    submitted: 'probe.submitted',
    settled: 'probe.settled',
    performed: 'probe.performed',
    wrote: 'probe.produced',
    read: 'probe.received',
    replaced: 'probe.replaced',
    told: 'probe.told',
    noted: 'probe.note',
  },
};

/** Where no client ever gets as far as that, nothing was put to the test. */
export const CONNECTED: Claim = claim({
  name: 'connected',
  states: 'a connection of a client is opened',
  // In the first seconds of every run, if not everything is wrong.
  oncePer: 2,
  remember: ({ clients }) => new Set(clients.map(({ node }) => node)),
  on: { opened: (clients, { node }, reached) => (clients.has(clientOf(node)) ? reached() : undefined) },
});

/** Looked at by tests, and by nobody in a run: what modules run on. */
const TESTED: ReadonlySet<AnyMachine> = new Set();

/**
 * The protocol of a system with these promises. `isTested`: both ends run on machines of hangup's own, so nobody has to look
 * at what they say.
 */
export const protocolOf = (isTested: boolean, promises: Promises): Protocol<World> => ({
  name: 'system',
  // A world is made whole, and nothing is left to be cast.
  cast: (world) => world,
  laws: lawsUnder(promises),
  faults: SYSTEM_KINDS,
  // A promise whose probe never spoke was not kept: nobody knows.
  heardOncePer: 1,
  vocabulary: VOCABULARY,
  // Whatever runs in its nodes may never come back.
  around: WATCHDOG,
  anew: freshly,
  ...(isTested ? { tested: TESTED } : {}),
});

/**
 * The laws that these promises choose. One of another way to promise the same is left out; of those about something that
 * nobody promised one says so for all.
 */
function lawsUnder(promises: Promises): readonly Law[] {
  const said = promises as Readonly<Record<string, unknown>>;
  const silent = new Set<string>();
  return SYSTEM_LAWS.filter(({ needs }) => {
    const asked = Object.entries<true | readonly unknown[]>(needs?.promises ?? {});
    const unfit = asked.filter(
      ([name, ways]) => !(ways === true ? said[name] !== undefined : ways.includes(said[name])),
    );
    if (unfit.some(([name]) => said[name] !== undefined)) return false;
    const [missing] = unfit.map(([name]) => name);
    if (missing === undefined) return true;
    const isFirst = !silent.has(missing);
    silent.add(missing);
    return isFirst;
  });
}
