/**
 * Sometimes-claims about the long life of a session: quiet for longer than anything that runs out and active again, lost
 * while something else goes wrong, offline past its token, a busy page that is loaded again.
 */
import { CLOSE } from '../../../../src/close-codes.ts';
import type { ConnId } from '../../../../src/transport.ts';
import { claim } from '../../claim.ts';
import { isClient } from '../claims.ts';

/** An attached session is not running out, and a quiet connection is not a dead one. */
export const quietThenActive = claim({
  name: 'quiet-then-active',
  states:
    'after a resume nothing was asked or answered for longer than a session lives without a connection, and then an answer arrived on the same connection',
  remember: (facts) => ({
    ttl: facts.absence.sessionTtl,
    conns: new Map<string, ConnId>(),
    since: new Map<string, number>(),
    quiet: new Set<string>(),
  }),
  on: {
    'delivered WELCOME': ({ conns, since, quiet }, { at, node, conn, payload }) => {
      quiet.delete(node);
      if (!payload.resumed) return void conns.delete(node);
      conns.set(node, conn);
      since.set(node, at);
    },
    'sent SEND': ({ ttl, conns, since, quiet }, { at, node, conn }) => {
      if (conns.get(node) !== conn) return;
      if (at - (since.get(node) ?? at) > ttl) quiet.add(node);
      since.set(node, at);
    },
    received: ({ conns, since, quiet }, { at, node, conn }, reached) => {
      if (conns.get(node) !== conn) return;
      since.set(node, at);
      if (quiet.has(node)) reached();
    },
    closed: ({ conns, quiet }, { node, conn }) => {
      if (conns.get(node) !== conn) return;
      conns.delete(node);
      quiet.delete(node);
    },
  },
});

/** Every timer of a quiet connection: PING and PONG, the window's age, a token that is renewed in band. */
export const renewedWhileQuiet = claim({
  name: 'renewed-while-quiet',
  states:
    'after a resume a client renewed its token in band twice or more while nothing was asked or answered, and then went on',
  remember: (facts) => ({ facts, renewed: new Map<string, number>(), quiet: new Set<string>() }),
  on: {
    restored: ({ renewed }, { node, resumed }) => {
      if (resumed) renewed.set(node, 0);
    },
    'sent AUTH': ({ facts, renewed }, { node }) => {
      const times = renewed.get(node);
      if (times !== undefined && isClient(facts, node)) renewed.set(node, times + 1);
    },
    'sent SEND': ({ renewed, quiet }, { node }) => {
      const times = renewed.get(node);
      if (times === undefined) return;
      if (times >= 2) quiet.add(node);
      renewed.set(node, 0);
    },
    received: ({ renewed, quiet }, { node, chunk }, reached) => {
      if (renewed.has(node)) renewed.set(node, 0);
      if (chunk.fin && quiet.has(node)) reached();
    },
    closed: ({ renewed }, { node }) => void renewed.delete(node),
  },
});

/** The session is gone, and that is not the only trouble: a server drains. */
export const lostWhileDraining = claim({
  name: 'lost-while-draining',
  states: 'a client was given a clean session instead of its own while a server drained',
  remember: () => ({ draining: 0, had: new Set<string>() }),
  on: {
    fault: (memory, { name, begins }) => {
      if (name === 'drain') memory.draining += begins ? 1 : -1;
    },
    restored: ({ draining, had }, { node, resumed }, reached) => {
      if (!resumed && had.has(node) && draining > 0) reached();
      had.add(node);
    },
  },
});

/** Both are gone at once: the token and the session. */
export const lostWithToken = claim({
  name: 'lost-with-token',
  states: 'in one outage a client was told that its token had expired, and then that its session was gone',
  remember: () => ({ expired: new Set<string>(), had: new Set<string>() }),
  on: {
    closed: ({ expired }, { node, code }) => {
      if (code === CLOSE.tokenExpired) expired.add(node);
    },
    restored: ({ expired, had }, { node, resumed }, reached) => {
      if (!resumed && had.has(node) && expired.has(node)) reached();
      had.add(node);
      expired.delete(node);
    },
  },
});

/** A clean session is no shelter: it is lost again at once, or its first answer is. */
export const lostTwice = claim({
  name: 'lost-twice',
  states: 'a client lost a second session in the same run, and was answered in the third',
  remember: () => ({ sessions: new Map<string, Set<number>>() }),
  on: {
    restored: ({ sessions }, { node, session }) => {
      const all = sessions.get(node) ?? new Set<number>();
      sessions.set(node, all.add(session));
    },
    received: ({ sessions }, { node, chunk }, reached) => {
      if (chunk.fin && (sessions.get(node)?.size ?? 0) >= 3) reached();
    },
  },
});

/** Sends were open in the session that was lost: some are unknown, some had never gone out. */
export const lostWithSends = claim({
  name: 'lost-with-sends',
  states: 'a session was lost with a send that had gone out, and one that was made meanwhile took effect in the next',
  remember: () => ({
    unknown: new Set<string>(),
    submitted: new Map<string, number>(),
    lostAt: new Map<string, number>(),
  }),
  on: {
    submitted: ({ submitted }, { at, node, key }) => void submitted.set(`${node}/${key}`, at),
    restored: ({ lostAt }, { at, node, resumed }) => {
      if (!resumed) lostAt.set(node, at);
    },
    settled: ({ unknown, submitted, lostAt }, { node, key, outcome }, reached) => {
      if (outcome === 'unknown') unknown.add(node);
      const lost = lostAt.get(node);
      const made = submitted.get(`${node}/${key}`);
      if (outcome === 'done' && unknown.has(node) && lost !== undefined && made !== undefined && made < lost) reached();
    },
  },
});

/** The device was away until its token was worth nothing: it must not show it. */
export const offlinePastToken = claim({
  name: 'offline-past-token',
  states: 'a device that was offline until its token had expired resumed its session with another one',
  remember: () => ({
    expires: new Map<string, number>(),
    since: new Map<string, number>(),
    past: new Set<string>(),
  }),
  on: {
    issued: ({ expires }, { token }) => {
      const { subject, expiresAt } = token;
      expires.set(subject, Math.max(expires.get(subject) ?? 0, expiresAt));
    },
    intent: ({ expires, since, past }, { at, node, intent }) => {
      if (intent === 'offline') since.set(node, at);
      const [went, ends] = [since.get(node), expires.get(node)];
      if (intent !== 'online' || went === undefined || ends === undefined) return;
      if (went < ends && at > ends) past.add(node);
    },
    restored: ({ past }, { node, resumed }, reached) => {
      if (past.delete(node) && resumed) reached();
    },
  },
});

/** What waits for a busy application dies with its page, and must come again. */
export const reloadedBusy = claim({
  name: 'reloaded-busy',
  states:
    'a page was loaded again while chunks waited for its busy application, and the answer was complete afterwards',
  remember: () => ({
    brought: new Map<string, number>(),
    taken: new Map<string, number>(),
    lost: new Map<string, Set<number>>(),
  }),
  on: {
    'delivered DATA': ({ brought }, { node, payload }) => {
      const key = `${node}/${payload.stream}`;
      brought.set(key, Math.max(brought.get(key) ?? 0, payload.seq));
    },
    received: ({ taken, lost }, { node, stream, seq, chunk }, reached) => {
      taken.set(`${node}/${stream}`, seq);
      if (chunk.fin && lost.get(node)?.has(stream)) reached();
    },
    reloaded: ({ brought, taken, lost }, { node, kept }) => {
      if (!kept) return;
      for (const [key, seq] of brought) {
        const [whose, stream] = key.split('/');
        if (whose !== node || seq <= (taken.get(key) ?? 0)) continue;
        lost.set(node, (lost.get(node) ?? new Set<number>()).add(Number(stream)));
        brought.delete(key);
      }
    },
  },
});

/** A short time to live ran out by itself, not by an operator's hand. */
export const expiredShort = claim({
  name: 'expired-short',
  states:
    'an application whose session waits for at most 30 s was told that it had expired, and was answered in the next',
  remember: (facts) => ({ ttl: facts.absence.sessionTtl, lost: new Set<string>() }),
  on: {
    told: ({ ttl, lost }, { node, error }) => {
      if (error === 'session_expired' && ttl <= SHORT) lost.add(node);
    },
    received: ({ lost }, { node, chunk }, reached) => {
      if (chunk.fin && lost.has(node)) reached();
    },
  },
});

/** Half a minute, microseconds. */
const SHORT = 30_000_000;

/** A place that is older than anything that runs out is still a place. */
export const lostAfterQuiet = claim({
  name: 'lost-after-quiet',
  states:
    'a connection that had been quiet for longer than a session lives without one was lost, and the session resumed',
  remember: (facts) => ({
    facts,
    ttl: facts.absence.sessionTtl,
    conns: new Map<string, ConnId>(),
    since: new Map<string, number>(),
    lost: new Set<string>(),
  }),
  on: {
    'delivered WELCOME': ({ facts, conns, since, lost }, { at, node, conn, payload }, reached) => {
      if (!isClient(facts, node)) return;
      if (lost.delete(node) && payload.resumed) reached();
      conns.set(node, conn);
      since.set(node, at);
    },
    'sent SEND': ({ since }, { at, node }) => void since.set(node, at),
    received: ({ since }, { at, node }) => void since.set(node, at),
    closed: ({ ttl, conns, since, lost }, { at, node, conn }) => {
      if (conns.get(node) === conn && at - (since.get(node) ?? at) > ttl) lost.add(node);
    },
  },
});
