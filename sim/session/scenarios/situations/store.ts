/**
 * Sometimes-claims about what a store that dies leaves between a write and its confirmation: a send that took effect and
 * nobody heard of, a claim that was granted to a server that was never told, a chunk that is durable and was not announced.
 */
import { roleOf } from '../../../../src/facts.ts';
import { claim } from '../../claim.ts';

/** What the store did in the event in which it died: written, and not answered. */
const unanswered = (name: string, states: string, kind: 'performed' | 'owned' | 'recorded') =>
  claim({
    name,
    states,
    remember: (facts) => ({ facts, event: -1 }),
    on: {
      [kind]: (memory: { event: number }, { event }: { event: number }) => {
        memory.event = event;
      },
      crashed: ({ facts, event: last }, { node, event }, reached) => {
        if (last === event && roleOf(facts, node) === 'store') reached();
      },
    },
  });

export const effectUnanswered = unanswered(
  'effect-unanswered',
  'the store died when a send had taken effect and before it said so',
  'performed',
);

export const claimUnanswered = unanswered(
  'claim-unanswered',
  'the store died when a claim had been granted and before it said so',
  'owned',
);

export const noteUnanswered = unanswered(
  'note-unanswered',
  "the store died when an agent's note had been written and before it said so",
  'recorded',
);

/** A client read a chunk that the store never announced: its server found it in the log. */
export const chunkUnanswered = claim({
  name: 'chunk-unanswered',
  states: 'after a crash of the store a client received a chunk that had never been announced as durable',
  remember: (facts) => ({
    facts,
    announced: new Set<string>(),
    owners: new Map<string, number>(),
    crashed: false,
  }),
  on: {
    durable: ({ announced }, { session, stream, epoch, seq }) =>
      void announced.add(`${session}/${stream}/${epoch}/${seq}`),
    restored: ({ owners }, { node, session }) => void owners.set(node, session),
    crashed: (memory, { node }) => {
      if (roleOf(memory.facts, node) === 'store') memory.crashed = true;
    },
    received: ({ announced, owners, crashed }, { node, stream, epoch, seq }, reached) => {
      if (crashed && !announced.has(`${owners.get(node)}/${stream}/${epoch}/${seq}`)) reached();
    },
  },
});
