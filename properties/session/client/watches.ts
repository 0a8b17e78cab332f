/**
 * What must hold at every step of a client, whatever it is told. Each watch sees events and effects, and throws at the
 * step that breaks its law; those about the state itself say so in their names.
 */

import { isDeepStrictEqual } from 'node:util';
import { envelope, retriesMost } from '../../../src/backoff/envelope.ts';
import type { Policy } from '../../../src/backoff/policy.ts';
import { APPLICATION_ERRORS } from '../../../src/errors.ts';
import type { ClientConfig } from '../../../src/session/client/config.ts';
import { eventName, PHASES } from '../../../src/session/client/phases.ts';
import type { Attempt, ClientState, PhaseName } from '../../../src/session/client/state.ts';
import { elapsed, type Instant, us } from '../../../src/time.ts';
import type { Step, Watch } from './driver.ts';

/** Where a retry may stand: on the only curve, or on any of several, which share what was counted. */
function placesOf({ modes }: Policy, attempt: number): readonly { readonly mode: number; readonly attempt: number }[] {
  if (modes.length === 0) return [{ mode: 0, attempt }];
  return [null, ...modes].flatMap((_, mode) =>
    Array.from({ length: attempt + 1 }, (_, place) => ({ mode, attempt: place })),
  );
}

const broken = (law: string, step: Step, detail: unknown = ''): never => {
  throw new Error(`${law} ${JSON.stringify(detail)} at ${step.at} on ${JSON.stringify(step.event)}`);
};

/** State is plain JSON: reading its text back gives an equal value, so nothing in it is undefined, a Map or a class. */
export const statePlain = (): Watch => (step) => {
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(step.after)), step.after))
    broken('the state is not plain JSON', step, step.after);
};

/** Exactly the timers that a phase needs are pending: none is missing (a client that sticks), none is left (a leak). */
export const timersFit = (): Watch => (step) => {
  const wanted = neededTimers(step.after).sort();
  if (wanted.join() !== step.timers.join()) broken('timers', step, { wanted, pending: step.timers });
};

function neededTimers(state: ClientState): string[] {
  const { doing, handover } = state;
  switch (doing.phase) {
    case 'idle':
    case 'failed':
    case 'left':
      return [];
    case 'replaying':
    case 'live': {
      const needed = [`heartbeat ${doing.conn}`, `liveness ${doing.conn}`, 'refresh 0'];
      if (Object.values(state.streams).some((cursor) => cursor.unacked > 0)) needed.push('ack 0');
      else if (state.ackArmed) needed.push('ack 0');
      if (handover?.stage === 'waiting') needed.push('handover 0');
      if (handover?.stage === 'switching') needed.push(`drained ${handover.old}`);
      if (handover?.stage === 'attempt') needed.push(...timersOf(handover.attempt, state));
      return needed;
    }
    default:
      return timersOf(doing, state);
  }
}

function timersOf(attempt: Attempt, state: ClientState): string[] {
  switch (attempt.phase) {
    case 'token':
      return ['token 0'];
    case 'connecting':
      return [`connect ${attempt.conn}`];
    case 'handshaking':
      return [`welcome ${attempt.conn}`];
    case 'backoff':
      return ['retry 0'];
    case 'suspended':
      // It waits for `online`, which can only come when it is not.
      return state.online ? ['anything'] : [];
  }
}

/** The phase table and the switch agree: what a phase doesn't list does nothing there, what it lists leads where it says. */
export const tableAgrees = (): Watch => (step) => {
  const before = JSON.parse(step.before) as ClientState;
  const from = before.doing.phase;
  const to = step.after.doing.phase;
  const name = eventName(step.event);
  const row: Readonly<Partial<Record<string, readonly PhaseName[]>>> = PHASES[from];
  const targets = name === null ? undefined : row[name];
  if (targets === undefined) {
    if (step.effects.length > 0 || step.before !== JSON.stringify(step.after))
      broken(`${name} is not in the row of ${from}, but did something`, step, step.effects);
  } else if (!targets.includes(to) && !(to === from && step.before === JSON.stringify(step.after)))
    broken(`${name} led from ${from} to ${to}`, step, targets);
};

/** A client dials only when no dial is pending, and beside an open connection only after GOAWAY on it or a move. */
export const oneDial = (): Watch => {
  const pending = new Set<number>();
  const open = new Set<number>();
  const asked = new Set<number>();
  return (step) => {
    const { event } = step;
    if (event.type === 'opened' && pending.delete(event.conn)) open.add(event.conn);
    if (event.type === 'frame' && event.payload.type === 'GOAWAY') asked.add(event.conn);
    if (event.type === 'moved') for (const conn of open) asked.add(conn);
    if (event.type === 'closed') end(event.conn);
    for (const effect of step.effects) {
      if (effect.type === 'close' || effect.type === 'terminate') end(effect.conn);
      if (effect.type !== 'dial') continue;
      if (pending.size > 0) broken('a dial while a dial is pending', step, [...pending]);
      for (const conn of open) if (!asked.has(conn)) broken('a dial beside a connection', step, conn);
      pending.add(effect.conn);
    }
    if (open.size > 2) broken('three connections', step, [...open]);
  };
  function end(conn: number): void {
    pending.delete(conn);
    open.delete(conn);
  }
};

/** Nothing is said on a connection that is not open, or that the client has ended. */
export const speaksOnOpen = (): Watch => {
  const open = new Set<number>();
  return (step) => {
    if (step.event.type === 'opened') open.add(step.event.conn);
    if (step.event.type === 'closed') open.delete(step.event.conn);
    for (const effect of step.effects) {
      if (effect.type === 'close' || effect.type === 'terminate') open.delete(effect.conn);
      if (effect.type === 'send' && !open.has(effect.conn)) broken('sent on a dead connection', step, effect);
    }
  };
};

/** Each submitted key settles exactly once, `failed` never when it went out and was not rejected; none is left at the end. */
export const settlesOnce = (): Watch => {
  const unsettled = new Map<string, { sent: boolean }>();
  return (step) => {
    const { event } = step;
    if (event.type === 'submit' && !unsettled.has(event.key)) unsettled.set(event.key, { sent: false });
    const rejected = event.type === 'frame' && event.payload.type === 'ERROR';
    for (const effect of step.effects) {
      if (effect.type === 'send' && effect.payload.type === 'SEND') {
        const send = unsettled.get(effect.payload.key);
        if (send === undefined) broken('sent after it was settled', step, effect);
        else send.sent = true;
      }
      if (effect.type !== 'settle') continue;
      const send = unsettled.get(effect.key);
      if (send === undefined) return broken('settled twice or unasked', step, effect);
      if (effect.outcome === 'failed' && send.sent && !rejected) broken('a send that went out failed', step, effect);
      if (effect.outcome === 'unknown' && !send.sent) broken('a send that never went out is unknown', step, effect);
      unsettled.delete(effect.key);
    }
    const { phase } = step.after.doing;
    if ((phase === 'failed' || phase === 'left') && unsettled.size > 0) broken('unsettled', step, [...unsettled]);
  };
};

/** client_seq is dense for each session: the n-th new send carries n, counted with those that WELCOME says were taken. */
export const densePerSession = (): Watch => {
  let highest = 0;
  return (step) => {
    const { event } = step;
    const restored = step.effects.find((effect) => effect.type === 'restore');
    if (restored?.resumed === false) highest = 0;
    else if (restored !== undefined && event.type === 'frame' && event.payload.type === 'WELCOME')
      highest = Math.max(highest, event.payload.sendAck);
    for (const effect of step.effects) {
      if (effect.type !== 'send' || effect.payload.type !== 'SEND') continue;
      if (effect.payload.clientSeq > highest + 1) broken('a client_seq was skipped', step, effect);
      highest = Math.max(highest, effect.payload.clientSeq);
    }
  };
};

/** A terminal error is told once; after it, or after leaving, nothing happens but that new sends fail. */
export const endsOnce = (): Watch => {
  let ended = false;
  return (step) => {
    for (const effect of step.effects) {
      const late = effect.type === 'settle' && effect.outcome === 'failed' && step.event.type === 'submit';
      if (ended && !late) broken('an ended client did something', step, effect);
    }
    const told = step.effects.filter((e) => e.type === 'report' && APPLICATION_ERRORS[e.error].terminal);
    const { phase } = step.after.doing;
    if (told.length !== (phase === 'failed' && !ended ? 1 : 0)) broken('terminal errors told', step, told);
    if (phase === 'failed' || phase === 'left') ended = true;
  };
};

/**
 * What is delivered is dense from 1 for each stream and epoch of a session; a swap moves the cursor. A complete stream
 * that the server no longer holds is forgotten: its number is free.
 */
export const deliversDensely = (): Watch => {
  let cursors = new Map<number, { epoch: number; seq: number; done: boolean }>();
  return (step) => {
    const { event } = step;
    if (event.type === 'frame' && event.payload.type === 'WELCOME') {
      const listed = new Set(event.payload.streams.map(({ stream }) => stream));
      for (const [stream, { done }] of cursors) if (done && !listed.has(stream)) cursors.delete(stream);
    }
    for (const effect of step.effects) {
      if (effect.type === 'restore' && !effect.resumed) cursors = new Map();
      if (effect.type === 'replace') {
        const { stream, epoch, seq, chunks } = effect;
        cursors.set(stream, { epoch, seq, done: chunks.at(-1)?.fin ?? false });
      }
      if (effect.type !== 'deliver') continue;
      const { stream, epoch, seq, chunk } = effect;
      const cursor = cursors.get(stream);
      if (cursor === undefined ? seq !== 1 : cursor.done || epoch !== cursor.epoch || seq !== cursor.seq + 1)
        broken('not the next chunk', step, { effect, cursor });
      cursors.set(stream, { epoch, seq, done: chunk.fin });
    }
  };
};

/**
 * Each retry waits within the policy's envelope; attempts count up by one and start again at 0 only when a connection
 * proved itself by uptime or progress; ERROR's retry_after is a floor for the retry after its connection.
 */
export const waitsByPolicy = ({ policy }: ClientConfig): Watch => {
  let expected = 0;
  let previous = 0;
  let hints: number[] = [];
  let welcomedAt: Instant | null = null;
  let proved = false;
  return (step) => {
    const { event } = step;
    if (event.type === 'frame' && event.payload.type === 'ERROR' && event.payload.clientSeq === 0)
      hints.push(event.payload.retryAfter);
    if (welcomedAt !== null && elapsed(welcomedAt, step.at) >= policy.stableAfter) proved = true;
    for (const effect of step.effects) {
      if (effect.type === 'deliver' || effect.type === 'replace') proved = true;
      if (effect.type === 'send' && effect.payload.type === 'HELD') proved = true;
      if (effect.type === 'settle' && effect.outcome === 'done') proved = true;
      if (effect.type === 'restore') welcomedAt = step.at;
      if (effect.type !== 'setTimer' || effect.timer !== 'retry') continue;
      const { why } = effect;
      if (why === undefined) return broken('a retry without a reason', step, effect);
      if (why.attempt !== expected && !(why.attempt === 0 && proved))
        broken('attempt', step, { expected, proved, attempt: why.attempt });
      if (why.attempt === 0) previous = 0;
      const wait = effect.at - step.at;
      const honoured = [null, ...hints].some((hint) =>
        placesOf(policy, why.attempt).some(({ mode, attempt }) => {
          const asked = hint === null ? null : us(hint);
          const allowed = envelope(policy, attempt, us(previous), asked, mode === 0 ? {} : { mode });
          return wait >= allowed.least && wait <= allowed.most;
        }),
      );
      if (!honoured) broken('a wait outside its envelope', step, { effect, wait });
      if (wait < why.least || wait > why.most) broken('a wait outside its own reason', step, { effect, wait });
      const most = retriesMost(policy);
      if (most !== null && why.attempt >= most) broken('more retries than allowed', step, effect);
      expected = why.attempt + 1;
      previous = wait;
      proved = false;
      hints = [];
    }
    const { phase } = step.after.doing;
    if (phase !== 'live' && phase !== 'replaying') welcomedAt = null;
  };
};

/** Every law by name: as a sentence, and as a watch for one run. */
export const WATCHES: Readonly<
  Record<string, { readonly states: string; readonly watch: (config: ClientConfig) => Watch }>
> = {
  statePlain: { states: 'the state is plain JSON', watch: statePlain },
  timersFit: {
    states: 'exactly the timers that a phase needs are pending, so nothing sticks or leaks',
    watch: timersFit,
  },
  tableAgrees: { states: 'the phase table and the switch agree', watch: tableAgrees },
  oneDial: {
    states: 'a client never dials while a dial is pending, nor beside a connection without GOAWAY or a move',
    watch: oneDial,
  },
  speaksOnOpen: { states: 'nothing is sent on a connection that is not open or was given up', watch: speaksOnOpen },
  settlesOnce: { states: 'each submitted key settles exactly once, and honestly', watch: settlesOnce },
  densePerSession: { states: 'client_seq is dense from 1 in each session', watch: densePerSession },
  endsOnce: { states: 'a terminal error is told once, and nothing happens after the end', watch: endsOnce },
  deliversDensely: { states: 'chunks are delivered densely, in order, once', watch: deliversDensely },
  waitsByPolicy: { states: 'every retry waits within the envelope of its policy', watch: waitsByPolicy },
};

export const allWatches = (config: ClientConfig): Watch[] => Object.values(WATCHES).map(({ watch }) => watch(config));
