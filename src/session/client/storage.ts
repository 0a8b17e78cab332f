/**
 * Storage: what a page keeps so that it can be loaded again, or opened a second time, without losing its session.
 *
 * It is what the application processed and what it still waits for, together with the name of the session. Connections,
 * timers, waits and the memory of the backoff die with the page: loading it again is a fresh start on an old session.
 * Whoever keeps it must keep what the application made of it in the same write, or the cursors lie.
 */
import type { Token } from '../wire/frames.ts';
import type { ClientConfig } from './config.ts';
import { type ClientState, init } from './state.ts';
import { newCursor } from './streams.ts';

/** Plain JSON. */
export interface Stored {
  readonly session: { readonly id: number; readonly resumeToken: number; readonly generation: number } | null;
  readonly token: Token | null;
  /** Streams by number: how far the application is. */
  readonly streams: Readonly<
    Record<number, { readonly epoch: number; readonly lastSeq: number; readonly bytes: number; readonly done: boolean }>
  >;
  /** Streams that were announced and that nothing has come of yet; and those that are complete and forgotten. */
  readonly promised: readonly number[];
  readonly finished: readonly number[];
  /** Unsettled sends by client_seq, and the number of the next. */
  readonly sends: Readonly<
    Record<number, { readonly key: string; readonly ask: number; readonly bytes: number; readonly sent: boolean }>
  >;
  readonly nextSend: number;
}

/** What to keep of a client, as of now. */
export function store(state: ClientState): Stored {
  const { session, token, nextSend } = state;
  const streams: Record<number, Stored['streams'][number]> = {};
  for (const key in state.streams) {
    const cursor = state.streams[key];
    if (cursor === undefined) continue;
    const { epoch, lastSeq, bytes, done } = cursor;
    streams[key] = { epoch, lastSeq, bytes, done };
  }
  const sends: Record<number, Stored['sends'][number]> = {};
  for (const key in state.outbox) {
    const pending = state.outbox[key];
    if (pending !== undefined) sends[key] = { ...pending };
  }
  return {
    session: session === null ? null : { ...session },
    token: token === null ? null : { ...token },
    streams,
    promised: Object.keys(state.promised).map(Number),
    finished: Object.keys(state.finished).map(Number),
    sends,
    nextSend,
  };
}

/**
 * What a second tab starts with: the session and its cursors, but none of the sends. They belong to the tab that was asked
 * for them, which may have them under way; two tabs that both send them on could have them done twice.
 */
export const duplicate = (stored: Stored): Stored => ({ ...stored, sends: {}, nextSend: 1 });

/** A client that has not started yet, on what was kept; null for nothing. */
export function revive(config: ClientConfig, stored: Stored | null): ClientState {
  const state = init(config);
  if (stored === null) return state;
  state.session = stored.session === null ? null : { ...stored.session };
  state.token = stored.token;
  state.nextSend = stored.nextSend;
  for (const key in stored.streams) {
    const { epoch, lastSeq, bytes, done } = stored.streams[key] as Stored['streams'][number];
    const cursor = newCursor(epoch, config.credit);
    state.streams[key] = { ...cursor, lastSeq, bytes, limit: bytes + config.credit, done };
  }
  for (const stream of stored.promised) state.promised[stream] = true;
  for (const stream of stored.finished) state.finished[stream] = true;
  for (const key in stored.sends) {
    const send = stored.sends[key] as Stored['sends'][number];
    state.outbox[key] = { ...send };
    state.outboxCount++;
    state.outboxBytes += send.bytes;
  }
  return state;
}
