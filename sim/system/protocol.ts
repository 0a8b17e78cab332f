/** What all systems have in common: the laws that may judge them, and the kinds of faults that may hit them. */
import { atLeastOnce } from '../../properties/laws/boundary/at-least-once.ts';
import { atMostOnce } from '../../properties/laws/boundary/at-most-once.ts';
import { exactlyOnce } from '../../properties/laws/boundary/exactly-once.ts';
import { order } from '../../properties/laws/boundary/order.ts';
import { prefix } from '../../properties/laws/boundary/prefix.ts';
import type { Law } from '../../properties/laws/law.ts';
import { honestErrors } from '../../properties/laws/neutral/honest-errors.ts';
import { noHerd } from '../../properties/laws/neutral/no-herd.ts';
import type { Promises } from '../../src/facts.ts';
import type { Protocol } from '../core/protocol.ts';
import type { AnyMachine } from '../core/record.ts';
import type { World } from '../core/world.ts';
import { NEUTRAL_KINDS } from '../faults/catalogue.ts';
import type { AnyKind } from '../faults/kind.ts';

/** Every law that can judge a system by what its code says at its boundary; promises decide which of them do. */
export const SYSTEM_LAWS: readonly Law[] = [prefix, order, exactlyOnce, atLeastOnce, atMostOnce, honestErrors, noHerd];

export const SYSTEM_KINDS: readonly AnyKind[] = NEUTRAL_KINDS;

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
    const asked = Object.entries(needs?.promises ?? {});
    if (asked.some(([name, ways]) => said[name] !== undefined && ways !== true && !ways.includes(said[name] as never)))
      return false;
    const missing = asked.find(([name]) => said[name] === undefined)?.[0];
    if (missing === undefined) return true;
    if (silent.has(missing)) return false;
    silent.add(missing);
    return true;
  });
}
