/** A feed: numbered events, and clients that resume behind the last one that they have. No acknowledgements, no sessions. */
import type { Duration, Hears, Policy, Says } from 'hangup';

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

export type Event = Hears<Frame> | { readonly type: 'wipe' };
/** For laws there are three facts: an event was `shown` to the application, which was told of a `gap`; the `newest` event. */
export type Effect = Says<Frame>;
