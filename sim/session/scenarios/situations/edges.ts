/**
 * Sometimes-claims about the edges of a session: lost before anything was asked in it, or before its client was told that
 * there is one; and left, by an application that had no connection to leave by.
 */
import { claim } from '../../claim.ts';
import { isClient } from '../claims.ts';

/** Nothing was ever received by which a place could be named. */
export const resumedEmpty = claim({
  name: 'resumed-empty',
  states: 'a client resumed a session in which nothing had taken effect, and was answered in it later',
  remember: () => ({ empty: new Set<string>() }),
  on: {
    restored: ({ empty }, { node, resumed, context }) => {
      if (resumed && context.turns === 0) empty.add(node);
      else if (!resumed) empty.delete(node);
    },
    received: ({ empty }, { node, chunk }, reached) => {
      if (chunk.fin && empty.has(node)) reached();
    },
  },
});

/** The session was opened, and the word of it was lost: its client opens another, and the first is nobody's. */
export const welcomeLost = claim({
  name: 'welcome-lost',
  states: 'the first session that a server had opened for a client was not the first that this was told of',
  remember: () => ({ opened: new Map<string, number>(), told: new Set<string>() }),
  on: {
    owned: ({ opened }, { client, session, server }) => {
      if (server !== '' && !opened.has(client)) opened.set(client, session);
    },
    restored: ({ opened, told }, { node, session }, reached) => {
      if (told.has(node)) return;
      told.add(node);
      const first = opened.get(node);
      if (first !== undefined && first !== session) reached();
    },
  },
});

/** A claim was granted, and the word of that was lost: the client shows the resume token before the present one. */
export const resumedByPrevious = claim({
  name: 'resumed-by-previous',
  states: 'a client resumed by the resume token before the present one, whose WELCOME it had never got',
  remember: () => ({ generations: new Map<string, number>() }),
  on: {
    restored: ({ generations }, { node, generation, resumed }, reached) => {
      const before = generations.get(node);
      if (resumed && before !== undefined && generation > before + 1) reached();
      generations.set(node, generation);
    },
    rewound: ({ generations }, { client }) => void generations.delete(client),
  },
});

/** Whoever leaves in an outage stops the search for a connection. */
export const leftInOutage = claim({
  name: 'left-in-outage',
  states: 'an application left while its client had lost its connection and had no other yet',
  remember: (facts) => ({ facts, conns: new Map<string, number>(), lost: new Set<string>() }),
  on: {
    'delivered WELCOME': ({ facts, conns, lost }, { node, conn }) => {
      if (!isClient(facts, node)) return;
      conns.set(node, conn);
      lost.delete(node);
    },
    closed: ({ conns, lost }, { node, conn }) => {
      if (conns.get(node) === conn) lost.add(node);
    },
    hungUp: ({ conns, lost }, { node, conn }) => {
      if (conns.get(node) === conn) lost.add(node);
    },
    intent: ({ lost }, { node, intent }, reached) => {
      if (intent === 'leave' && lost.has(node)) reached();
    },
  },
});
