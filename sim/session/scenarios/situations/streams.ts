/** Sometimes-claims about answers that fall silent, and about sends that find no room. */
import type { ConnId } from '../../../../src/transport.ts';
import { claim } from '../../claim.ts';
import { isClient } from '../claims.ts';

/** Its agent says nothing more, on a connection that is well. */
export const stalled = claim({
  name: 'stalled',
  states: 'an application was told that an answer stalls, and the answer was whole in the end',
  remember: () => ({ told: new Set<string>() }),
  on: {
    stalled: ({ told }, { node, stream }) => void told.add(`${node}/${stream}`),
    received: ({ told }, { node, stream, chunk }, reached) => {
      if (chunk.fin && told.has(`${node}/${stream}`)) reached();
    },
    replaced: ({ told }, { node, stream, chunks }, reached) => {
      if (chunks.at(-1)?.fin && told.has(`${node}/${stream}`)) reached();
    },
  },
});

/** Another connection says of the same place what the application knows already. */
export const stalledAgain = claim({
  name: 'stalled-again',
  states: 'a client heard of the same stalled place on two connections',
  remember: (facts) => ({ facts, places: new Map<string, ConnId>() }),
  on: {
    'delivered STALLED': ({ facts, places }, { node, conn, payload: { stream, epoch, seq } }, reached) => {
      if (!isClient(facts, node)) return;
      const place = `${node}/${stream}/${epoch}/${seq}`;
      const before = places.get(place);
      if (before !== undefined && before !== conn) reached();
      places.set(place, conn);
    },
  },
});

/** What had no room was refused at once, and what came later had room again. */
export const outboxFull = claim({
  name: 'outbox-full',
  states: 'a send was refused because too many were unsettled, and a later one of that client took effect',
  remember: () => ({ full: new Map<string, Set<string>>() }),
  on: {
    told: ({ full }, { node, error }) => {
      if (error === 'outbox_full' && !full.has(node)) full.set(node, new Set());
    },
    submitted: ({ full }, { node, key }) => void full.get(node)?.add(key),
    settled: ({ full }, { node, key, outcome }, reached) => {
      if (outcome === 'done' && full.get(node)?.has(key)) reached();
    },
  },
});
