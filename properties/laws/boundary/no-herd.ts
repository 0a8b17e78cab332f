/**
 * Law: no herd. Clients that fall together do not come back together.
 *
 * No number of arrivals is promised, so the law looks for what makes a herd of any size: nothing that spreads the clients.
 * When at least eight of them, and three of four that retried within the last second, waited equally long (to the
 * millisecond) before a second or later retry in a row, no luck has done that: waits that are drawn from only 100 ms would
 * all be equal for eight clients once in 10^14 times. RFC 6455 section 7.2.3 asks for a random wait, because a server that
 * comes back would fall again.
 */
import { counted } from '../../../src/count.ts';
import type { Facts } from '../../../src/facts.ts';
import type { NodeId } from '../../../src/machine.ts';
import { formatDuration, ms } from '../../../src/time.ts';
import { law } from '../law.ts';
import { Dials, dialling } from './dials.ts';

/** A second or later retry: of whom, when, and after how many whole milliseconds. */
interface Retry {
  readonly node: NodeId;
  readonly at: number;
  readonly wait: number;
}

interface Memory {
  readonly dials: Dials;
  retries: Retry[];
}

const FEWEST = 8;
const WINDOW = 1_000_000;

export const noHerd = law<Memory>({
  name: 'no-herd',
  states: 'clients that lost their connections together do not all wait equally long before they dial again',
  needs: { promises: { backoff: ['least'] }, anyOf: ['dialled', 'socket'] },
  remember: (facts: Facts) => ({ dials: new Dials(facts), retries: [] }),
  on: dialling<Memory>((memory, client, { failures, at }, breach) => {
    const failure = failures[0];
    if (failure === undefined || client.free || client.disturbed || failure.lane.row < 2) return failure;
    const wait = Math.floor((at - failure.at) / 1000);
    memory.retries = memory.retries.filter((retry) => retry.node !== client.node && at - retry.at <= WINDOW);
    memory.retries.push({ node: client.node, at, wait });
    const alike = memory.retries.filter((retry) => retry.wait === wait).length;
    if (alike >= FEWEST && 4 * alike >= 3 * memory.retries.length)
      breach(
        `${counted(alike, 'client')} of ${memory.retries.length} waited ${formatDuration(ms(wait))} each before they dialled again, within a second of each other; nothing spreads them, and a server that comes back has all of them at once.`,
      );
    return failure;
  }),
});
