/**
 * Requests to store and token service. Each is sent again with the same `op` until it is answered, so that an answer that
 * was lost costs time and nothing else; after the last attempt its connection is closed, to be resumed elsewhere.
 *
 * All requests wait equally long, so the order in which they were asked is the order in which they are due: a queue finds
 * what is overdue without a look at the others. Each connection knows what it asked, so that its end is as cheap.
 */
import { CLOSE } from '../../close-codes.ts';
import type { NodeId } from '../../machine.ts';
import { after, type Instant, latest, ZERO } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { Message } from '../services.ts';
import { reasonFor } from '../slots.ts';
import { hangUp } from './ending.ts';
import type { Hint } from './intake.ts';
import { type Call, type Effects, post, type ServerState, setTimer, transmit } from './state.ts';

/** Stands for the connection of a call that is about none, and that is asked for as long as this process lives. */
export const NOBODY: ConnId = 0;

type Request = Extract<
  Message,
  {
    readonly type:
      | 'claim'
      | 'submit'
      | 'read'
      | 'readSnapshot'
      | 'detach'
      | 'withdraw'
      | 'release'
      | 'recover'
      | 'verify';
  }
>;
/** What ends a call. */
type Answer = Extract<
  Message,
  {
    readonly type:
      | 'claimed'
      | 'claimDenied'
      | 'withdrawn'
      | 'fenced'
      | 'submitted'
      | 'entries'
      | 'snapshotPiece'
      | 'dropped'
      | 'noted'
      | 'verified';
  }
>;

/** Answered entries of the queue are dropped in one go when there are so many of them, and they are half of it. */
const TAKEN_MAX = 64;

/** The number of the next request. */
export const newOp = (state: ServerState): number => state.nextOp++;

/**
 * Below which number no claim is asked again, said with the claim `op`. Numbers are dense, and each is passed once, so that
 * this costs no look at the requests under way.
 */
export function settledBelow(state: ServerState, op: number): number {
  while (state.settled < op && state.calls[state.settled]?.message.type !== 'claim') state.settled++;
  return state.settled;
}

/** Asks `to`; the answer carries the same op, which must be new. */
export function ask(
  state: ServerState,
  to: NodeId,
  message: Request,
  conn: ConnId,
  now: Instant,
  effects: Effects,
): void {
  const { op } = message;
  const goes = goesAt(state, now);
  const deadline = after(goes, state.config.callTimeout);
  state.calls[op] = { to, message, conn, asked: now, deadline, attempts: 1 };
  state.due.push(op);
  state.conns[conn]?.asked.push(op);
  if (goes > now) effects.push(setTimer('slow', op, goes));
  else effects.push(post(to, message));
  if (state.callArmed) return;
  state.callArmed = true;
  effects.push(setTimer('call', 0, deadline));
}

/** When a request goes out: now, or behind those that a slow process has not come to yet. */
function goesAt(state: ServerState, now: Instant): Instant {
  if (state.slowBy === 0 && state.slowUntil <= now) return now;
  state.slowUntil = latest(state.slowUntil, after(now, state.slowBy));
  return state.slowUntil;
}

/** The timer `slow`: the process has come to a request. */
export function goOut(state: ServerState, op: number, effects: Effects): void {
  const call = state.calls[op];
  if (call !== undefined) effects.push(post(call.to, call.message));
}

/** The call that an answer belongs to, if it comes from who was asked and is about what was asked. */
export function callOf(state: ServerState, from: NodeId, answer: Answer): Call | undefined {
  const call = state.calls[answer.op];
  return call !== undefined && call.to === from && fits(call.message, answer) ? call : undefined;
}

function fits(asked: Message, answer: Answer): boolean {
  switch (answer.type) {
    case 'claimed':
    case 'claimDenied':
    case 'fenced':
      return asked.type === 'claim';
    case 'submitted':
      return asked.type === 'submit' && asked.session === answer.session && asked.clientSeq === answer.clientSeq;
    case 'entries':
      return asked.type === 'read' && asked.session === answer.session && asked.stream === answer.stream;
    case 'snapshotPiece':
      return asked.type === 'readSnapshot' && asked.session === answer.session && asked.stream === answer.stream;
    case 'dropped':
      return (
        (asked.type === 'read' || asked.type === 'readSnapshot') &&
        asked.session === answer.session &&
        asked.stream === answer.stream
      );
    case 'withdrawn':
      return asked.type === 'withdraw';
    case 'noted':
      return asked.type === 'detach' || asked.type === 'release' || asked.type === 'recover';
    case 'verified':
      return asked.type === 'verify';
  }
}

/** Takes the call that an answer belongs to; undefined for an answer that nobody waits for any more. */
export function answered(state: ServerState, from: NodeId, answer: Answer): Call | undefined {
  const call = callOf(state, from, answer);
  if (call === undefined) return undefined;
  delete state.calls[answer.op];
  const asked = state.conns[call.conn]?.asked;
  const index = asked?.indexOf(answer.op) ?? -1;
  if (index >= 0) asked?.splice(index, 1);
  return call;
}

/** The timer `call`: what is overdue is asked again, or given up with its connection. */
export function askAgain(state: ServerState, now: Instant, effects: Effects): void {
  const { config } = state;
  state.callArmed = false;
  for (;;) {
    const op = state.due[state.dueTaken];
    if (op === undefined) break;
    const call = state.calls[op];
    if (call !== undefined && call.deadline > now) {
      state.callArmed = true;
      effects.push(setTimer('call', 0, call.deadline));
      break;
    }
    state.dueTaken++;
    if (call === undefined) continue;
    if (call.attempts >= config.callAttempts && call.conn !== NOBODY) {
      delete state.calls[op];
      unavailable(state, call.conn, 'a service does not answer', now, effects);
      continue;
    }
    const goes = goesAt(state, now);
    call.attempts++;
    call.deadline = after(goes, config.callTimeout);
    state.due.push(op);
    if (goes > now) effects.push(setTimer('slow', op, goes));
    else effects.push(post(call.to, call.message));
  }
  if (state.dueTaken < TAKEN_MAX || state.dueTaken * 2 < state.due.length) return;
  state.due.splice(0, state.dueTaken);
  state.dueTaken = 0;
}

/** Sends a client away for a while: 1013, not before `retry_after`; `hint`: what it is to be told of that, if not the usual. */
export function unavailable(
  state: ServerState,
  id: ConnId,
  reason: string,
  now: Instant,
  effects: Effects,
  hint: Hint | null = null,
): void {
  const conn = state.conns[id];
  if (conn === undefined) return;
  const { retryAfter, slot }: Hint = hint ?? { retryAfter: state.config.retryAfter };
  transmit(conn, id, { type: 'ERROR', code: 'unavailable', reason, clientSeq: 0, retryAfter }, now, effects);
  const closes = slot === undefined ? 'unavailable' : reasonFor(slot);
  hangUp(state, id, { code: CLOSE.tryAgainLater, reason: closes }, now, effects);
}

/** The end of a connection is the end of what it asked. */
export function forgetCalls(state: ServerState, asked: readonly number[]): void {
  for (const op of asked) delete state.calls[op];
}

/** Nothing to wait for: the usual `retry_after` of an error. */
export const AT_ONCE = ZERO;
