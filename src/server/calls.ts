/**
 * Requests to store and token service. Each is sent again with the same `op` until it is answered, so that an answer that
 * was lost costs time and nothing else; after the last attempt its connection is closed, to be resumed elsewhere.
 */
import type { Message } from '../services.ts';
import { after, type Instant, ZERO } from '../time.ts';
import type { ConnId } from '../transport.ts';
import { CLOSE } from '../wire/close-codes.ts';
import { hangUp } from './ending.ts';
import { type Call, type Effects, post, type ServerState, setTimer, transmit } from './state.ts';

/** Stands for the connection of a call that is about none, and that is asked for as long as this process lives. */
export const NOBODY: ConnId = 0;

type Request = Extract<Message, { readonly op: number }>;
type WithoutOp<M> = M extends unknown ? Omit<M, 'op'> : never;

/** Asks `to`; the answer carries the same op. */
export function ask(
  state: ServerState,
  to: string,
  request: WithoutOp<Request>,
  conn: ConnId,
  now: Instant,
  effects: Effects,
): void {
  const op = state.nextOp++;
  const message = { ...request, op } as Message;
  const deadline = after(now, state.config.callTimeout);
  state.calls[op] = { to, message, conn, deadline, attempts: 1 };
  effects.push(post(to, message));
  if (state.callArmed) return;
  state.callArmed = true;
  effects.push(setTimer('call', 0, deadline));
}

/** Takes the call that an answer belongs to; undefined for an answer that nobody waits for any more. */
export function answered(state: ServerState, op: number): Call | undefined {
  const call = state.calls[op];
  if (call !== undefined) delete state.calls[op];
  return call;
}

/** The timer `call`: what is overdue is asked again, or given up with its connection. */
export function askAgain(state: ServerState, now: Instant, effects: Effects): void {
  const { config } = state;
  state.callArmed = false;
  let next = -1;
  for (const key in state.calls) {
    const call = state.calls[key];
    if (call === undefined) continue;
    if (call.deadline <= now) {
      if (call.attempts >= config.callAttempts && call.conn !== NOBODY) {
        giveUp(state, call.conn, now, effects);
        delete state.calls[key];
        continue;
      }
      call.attempts++;
      call.deadline = after(now, config.callTimeout);
      effects.push(post(call.to, call.message));
    }
    if (next < 0 || call.deadline < next) next = call.deadline;
  }
  if (next < 0) return;
  state.callArmed = true;
  effects.push(setTimer('call', 0, next as Instant));
}

function giveUp(state: ServerState, id: ConnId, now: Instant, effects: Effects): void {
  const conn = state.conns[id];
  if (conn === undefined) return;
  const { retryAfter } = state.config;
  transmit(
    conn,
    id,
    { type: 'ERROR', code: 'unavailable', reason: 'a service does not answer', clientSeq: 0, retryAfter },
    now,
    effects,
  );
  hangUp(state, id, { code: CLOSE.tryAgainLater, reason: 'unavailable' }, now, effects);
}

/** The end of a connection is the end of what it asked. */
export function forgetCalls(state: ServerState, conn: ConnId): void {
  for (const key in state.calls) if (state.calls[key]?.conn === conn) delete state.calls[key];
}

/** Nothing to wait for: the usual `retry_after` of an error. */
export const AT_ONCE = ZERO;
