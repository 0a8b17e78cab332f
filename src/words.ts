/**
 * The words of anybody's machine: what it may hear and say besides words of its own, and short forms for what looks the same
 * in all of them. None of it needs to be used: a machine is what `machine.ts` says.
 */
import { type BackoffMemory, nextDelay } from './backoff/delay.ts';
import type { Policy } from './backoff/policy.ts';
import type { BoundaryEffect } from './boundary.ts';
import type { Refusal } from './close-codes.ts';
import type { Context } from './machine.ts';
import type { MessageEvent, PostEffect, Probe, Probed } from './post.ts';
import { after, type Duration, type Instant, ZERO } from './time.ts';
import type { ConnId, TimerEffect, TimerEvent, TransportEffect, TransportEvent } from './transport.ts';

/** What any machine may hear; `P`: what its connections carry. A fault of your own may tell it more. */
export type Hears<P> =
  | TransportEvent<P>
  | TimerEvent
  /** A balancer asks a server whether it is well: answer with `healthy`. */
  | MessageEvent<Probe>
  /** Its process runs; and every application has left, so that what it repeats for ever may end (`quiesces`). */
  | { readonly type: 'started' | 'quiesce' }
  /** Its application comes and goes; its device has a network, none, or another address. */
  | { readonly type: 'start' | 'leave' | 'online' | 'offline' | 'moved' };

/** What any machine may say. */
export type Says<P> = TransportEffect<P> | TimerEffect | PostEffect<Probed> | BoundaryEffect;

/** Sends a payload, which takes as many bytes as it has, or as its JSON has characters, unless you say how many. */
export const send = <const P>(
  conn: ConnId,
  payload: P,
  bytes = payload instanceof Uint8Array ? payload.length : (JSON.stringify(payload)?.length ?? 0),
): TransportEffect<P> => ({
  type: 'send',
  conn,
  payload,
  bytes,
});

/** Hangs up without a word: the peer sees 1006. */
export const hangUp = (conn: ConnId): TransportEffect<never> => ({ type: 'terminate', conn, how: 'rst' });

/** `{ type: 'timer', timer, key }` comes at that instant. */
export const setTimer = (timer: string, at: Instant, key = 0) => ({ type: 'setTimer', timer, key, at }) as const;

export const clearTimer = (timer: string, key = 0): TimerEffect => ({ type: 'clearTimer', timer, key });

/** The answer to a balancer's probe. */
export const healthy = ({ from, message: { op } }: MessageEvent<Probe>, ready = true): PostEffect<Probed> => ({
  type: 'post',
  to: from,
  message: { type: 'probed', op, ready },
});

/** What is known of an outage, for policies that ask. */
export interface Outage {
  /** What the refusal asked for (`retryAfter` of `closed`). Default: nothing. */
  readonly retryAfter?: Duration | undefined;
  /** How long ago the first retry of this outage was scheduled. Default 0, as if each retry were the first. */
  readonly elapsed?: Duration;
  /** Whether nobody answered, or a live server refused (`refusalOf`). Default: the latter if it asked for something. */
  readonly refusal?: Refusal | undefined;
}

/**
 * The wait before the next dial, as a timer `retry` and as what the state remembers of it; no timer when the policy gives up.
 * `freshMemory()` is what to remember once a connection has proved to be good.
 */
export function retry(
  policy: Policy,
  memory: BackoffMemory,
  context: Context,
  { retryAfter, elapsed = ZERO, refusal }: Outage = {},
): { readonly memory: BackoffMemory; readonly effects: readonly TimerEffect[] } {
  const next = nextDelay(policy, memory, context.random('retry'), {
    retryAfter: retryAfter ?? null,
    elapsed,
    refusal: refusal ?? (retryAfter === undefined ? 'down' : 'overloaded'),
    now: context.now,
  });
  if ('stop' in next) return { memory, effects: [] };
  const why = { attempt: memory.attempt, least: next.least, most: next.most };
  return {
    memory: next.memory,
    effects: [{ ...setTimer('retry', after(context.now, next.delay)), why }],
  };
}
