/**
 * The dice of a storm in the universe: what the lean kernel draws for a client, its machine draws as well, by the same
 * counters. So a policy meets the same luck in both, dial by dial; everything else (a lossy path) has streams of its own.
 */
import { type Dice, dice, type Stream } from '../../core/dice.ts';
import type { Clients } from '../storm/clients.ts';
import { numberOf } from './names.ts';

/** Whoever is being refused at the moment: the server draws for it. */
export interface Refused {
  client: number;
}

/** `server/purpose` and `client/purpose`, as machines ask for them. */
const RETRY = /^c\d+\/retry$/;
const RETRY_AFTER = /^s\d+\/retry-after$/;

export function stormDice(seed: string, replication: number, clients: Clients, refused: Refused): Dice {
  const others = dice(`${seed}/${replication}`);
  return {
    ...others,
    stream(name: string): Stream {
      if (RETRY.test(name)) {
        const client = numberOf(name.slice(0, name.indexOf('/')));
        return () => clients.drawOf(client);
      }
      return RETRY_AFTER.test(name) ? () => clients.hintDrawOf(refused.client) : others.stream(name);
    },
  };
}
