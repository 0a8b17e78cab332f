/**
 * Sometimes-claims about what a store that dies leaves between a write and its confirmation: a send that took effect and
 * nobody heard of, a claim that was granted to a server that was never told, a chunk that is durable and was not announced.
 */
import { roleOf } from '../../../../src/facts.ts';
import type { ConnId } from '../../../../src/transport.ts';
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

/** A backup is restored: what becomes of the sessions that it has, and of those that it has not. */
const rewound = () => ({ kept: new Map<number, string>(), had: new Map<string, number>() });

export const backupKept = claim({
  name: 'backup-kept',
  states: 'a client resumed its session as a backup had it',
  remember: rewound,
  on: {
    rewound: ({ kept }, { session, client }) => void kept.set(session, client),
    restored: ({ kept }, { node, session, resumed }, reached) => {
      if (resumed && kept.get(session) === node) reached();
    },
  },
});

/** The store had confirmed a send, and knows nothing of it now. */
export const backupForgot = claim({
  name: 'backup-forgot',
  states: 'a send had been confirmed to a client whose session a backup knew nothing of, or too little',
  remember: () => ({ done: new Map<string, number>(), had: new Set<string>(), restores: 0 }),
  on: {
    fault: (memory, { name, begins }) => {
      if (name === 'storeRestore') memory.restores += begins ? 1 : 0;
    },
    settled: ({ done }, { node, outcome }) => {
      if (outcome === 'done') done.set(node, (done.get(node) ?? 0) + 1);
    },
    restored: ({ done, had, restores }, { node, resumed }, reached) => {
      if (restores > 0 && !resumed && had.has(node) && (done.get(node) ?? 0) > 0) reached();
      had.add(node);
    },
  },
});

/** The backup has the session, but its client has been welcomed since, and shows a token that the backup never heard of. */
export const backupOutdated = claim({
  name: 'backup-outdated',
  states: 'a client was given a clean session although a backup had its own, because that had gone on since',
  remember: rewound,
  on: {
    rewound: ({ kept }, { session, client }) => void kept.set(session, client),
    restored: ({ kept, had }, { node, session, resumed }, reached) => {
      if (!resumed && kept.get(had.get(node) ?? -1) === node) reached();
      had.set(node, session);
    },
  },
});

/** A server is cut off from the store while its client moves: it goes on for a while with what is not its own any more. */
export const fencedLate = claim({
  name: 'fenced-late',
  states: 'a server ended a connection with 4001 more than a second after another had taken the session over',
  remember: (facts) => ({ facts, of: new Map<ConnId, number>(), taken: new Map<number, number>() }),
  on: {
    'sent WELCOME': ({ facts, of }, { node, conn, payload }) => {
      if (roleOf(facts, node) === 'server') of.set(conn, payload.session);
    },
    owned: ({ taken }, { at, session, generation }) => {
      if (generation > 1) taken.set(session, at);
    },
    hungUp: ({ facts, of, taken }, { at, node, conn, code }, reached) => {
      const since = taken.get(of.get(conn) ?? -1);
      if (code === 4001 && roleOf(facts, node) === 'server' && since !== undefined && at - since > SECOND) reached();
    },
  },
});

const SECOND = 1_000_000;
