/**
 * What a link hears and says. `end` is 0 for `config.ends[0]` (the dialler's side) and 1 for the other.
 */
import type { MessageEvent } from '../post.ts';
import type { Duration, Instant } from '../time.ts';
import type { ConnId, Handshake, TimerEffect, TimerEvent, TransportEvent } from '../transport.ts';
import type { PathConfig } from './config.ts';

export type End = 0 | 1;
/** One direction of the path: `up` is from end 0 to end 1. */
export type Way = 'up' | 'down';

/** The other end. */
export const opposite = (end: End): End => (end === 0 ? 1 : 0);
/** Which way something goes that `end` sends. */
export const wayOf = (end: End): Way => (end === 0 ? 'up' : 'down');

export type Direction = Way | 'both';

/** What a dial says. */
type Said = { readonly [K in keyof Handshake]: Handshake[K] | undefined };

export type LinkEvent =
  // From the endpoints.
  | ({ readonly type: 'dial'; readonly end: End; readonly conn: ConnId } & Said)
  | { readonly type: 'accept'; readonly end: End; readonly conn: ConnId; readonly protocol?: string | undefined }
  | {
      readonly type: 'refuse';
      readonly end: End;
      readonly conn: ConnId;
      readonly status: number;
      readonly retryAfter?: Duration;
      readonly slot?: number;
    }
  | {
      readonly type: 'send';
      readonly end: End;
      readonly conn: ConnId;
      readonly payload: unknown;
      readonly bytes: number;
      readonly binary?: boolean | undefined;
    }
  | { readonly type: 'ping' | 'pong'; readonly end: End; readonly conn: ConnId; readonly data?: string }
  /** Whether the process at `end` takes connections. */
  | { readonly type: 'listen'; readonly end: End; readonly active: boolean }
  /** `end` asks to be told when no more than `below` bytes of what it sent are still in its process. */
  | { readonly type: 'drain'; readonly end: End; readonly conn: ConnId; readonly below?: number }
  | { readonly type: 'close'; readonly end: End; readonly conn: ConnId; readonly code: number; readonly reason: string }
  | { readonly type: 'terminate'; readonly end: End; readonly conn: ConnId; readonly how: 'fin' | 'rst' }
  /** A message outside any connection (a client's HTTPS request to the token service, and its answer): delay, loss as delay, lost in a cut. */
  | {
      readonly type: 'relay';
      readonly end: End;
      readonly to: string;
      readonly message: MessageEvent;
      readonly bytes: number;
    }
  // From the hosts at the ends.
  /** The process (FIN or RST on every connection of that end) or the whole host (silence) at `end` is gone. */
  | { readonly type: 'endDown'; readonly end: End; readonly how: 'process' | 'host' }
  | { readonly type: 'endUp'; readonly end: End }
  // Faults.
  /** A black hole at the entry of the path: what is inside still arrives. */
  | { readonly type: 'cut'; readonly direction: Direction }
  | { readonly type: 'heal'; readonly direction: Direction }
  /** Replaces the conditions of both directions from now on. */
  | { readonly type: 'degrade'; readonly up: PathConfig; readonly down: PathConfig }
  /** Back to the configured conditions. */
  | { readonly type: 'restore' }
  /** A middlebox resets every connection (RST to both ends). */
  | { readonly type: 'resetAll' }
  /** A middlebox, or a proxy that nobody sees, ends every open connection with a close frame to both ends. */
  | { readonly type: 'closeAll'; readonly code: number; readonly reason: string }
  /** `end` loses every connection and knows it; the other end is not told (half-open), until it says something. */
  | { readonly type: 'forgetEnd'; readonly end: End }
  /** What enters the path is held until then; nothing is lost. */
  | { readonly type: 'stall'; readonly direction: Direction; readonly until: Instant }
  /** Every handshake takes this much longer from now on; 0 for no longer. */
  | { readonly type: 'slowHandshake'; readonly by: Duration }
  /** A middlebox forgets every connection: both ends keep believing, nothing passes any more (NAT rebind, half-open). */
  | { readonly type: 'forgetAll' }
  | TimerEvent;

export type LinkEffect =
  /** Schedules `event` at the endpoint of `end` for `at` (never before now). */
  | { readonly type: 'arrive'; readonly end: End; readonly at: Instant; readonly event: TransportEvent }
  | { readonly type: 'relayed'; readonly at: Instant; readonly to: string; readonly message: MessageEvent }
  | {
      readonly type: 'lose';
      /** The end that it does not reach. */
      readonly to: End;
      readonly conn: ConnId;
      readonly payload: unknown;
      readonly bytes: number;
      readonly why: string;
    }
  | TimerEffect;
