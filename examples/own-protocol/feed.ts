/** A feed: numbered events, and clients that resume behind the last one that they have. No acknowledgements, no sessions. */
import type {
  Duration,
  Instant,
  MessageEvent,
  Policy,
  PostEffect,
  Probe,
  Probed,
  TimerEffect,
  TimerEvent,
  TransportEffect,
  TransportEvent,
} from 'hangup';

/** What a connection carries. */
export type Frame =
  /** Client: send me what follows `last`, as the header Last-Event-ID asks for it; 0 for a newcomer, who wants what is new. */
  | { readonly type: 'subscribe'; readonly last: number }
  | { readonly type: 'event'; readonly id: number }
  /** Server: what is between your last event and this one is gone. */
  | { readonly type: 'gap'; readonly next: number };

export interface ClientConfig {
  readonly policy: Policy;
  /** A connection that says nothing for so long is given up. */
  readonly silence: Duration;
  /** The planted bug: it resumes behind the event that it had when its last connection opened. */
  readonly forgetful: boolean;
}

export interface ServerConfig {
  /** An event every so often. */
  readonly every: Duration;
  /** How many events it remembers. */
  readonly ring: number;
}

export type Event =
  | TransportEvent<Frame>
  | TimerEvent
  | MessageEvent<Probe>
  | { readonly type: 'started' | 'quiesce' | 'wipe' }
  | { readonly type: 'start' | 'leave' | 'online' | 'offline' | 'moved' };

export type Effect =
  | TransportEffect<Frame>
  | TimerEffect
  | PostEffect<Probed>
  /** Facts for laws: an event was given to the application, which was told of a gap before it or was not; the newest event. */
  | { readonly type: 'custom'; readonly name: 'shown' | 'gap' | 'newest'; readonly value: number };

/** Bytes of a frame: its JSON. */
export const send = (conn: number, payload: Frame): Effect => ({
  type: 'send',
  conn,
  payload,
  bytes: JSON.stringify(payload).length,
});

export const later = (timer: string, now: Instant, delay: Duration): Effect => ({
  type: 'setTimer',
  timer,
  key: 0,
  at: (now + delay) as Instant,
});
