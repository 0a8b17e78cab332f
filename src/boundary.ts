/**
 * The boundary between any machine and the world outside of the network: what its application is given, and what is done.
 * Whoever says these things is judged by the laws that know no protocol. A protocol may say more with each of them, and
 * have effects of its own (`session/application.ts` has those of our session protocol).
 */
import type { Held, Piece, SocketState, StreamId } from './history.ts';
import type { NodeId } from './machine.ts';
import type { ConnId } from './transport.ts';

export type BoundaryEffect =
  /** A piece of a stream is made; seq is dense from the first piece on. `value` is plain data, the same at both ends. */
  | { readonly type: 'produce'; readonly stream: StreamId; readonly seq: number; readonly value?: unknown }
  /** A piece of a stream without numbers is made: text or bytes. */
  | { readonly type: 'write'; readonly stream: StreamId; readonly value: Piece }
  /** What a client asked for takes effect in the outside world (the payment is made); '' where nobody knows which client's. */
  | { readonly type: 'perform'; readonly client: NodeId; readonly key: string }
  /** The application is given a piece of a stream. `conn`: on which connection it came, if that is known; `last`: none is behind it. */
  | {
      readonly type: 'deliver';
      readonly stream: StreamId;
      readonly seq: number;
      readonly value?: unknown;
      readonly conn?: ConnId;
      readonly last?: boolean;
    }
  /** The application is given the next piece of a stream without numbers. */
  | { readonly type: 'read'; readonly stream: StreamId; readonly value: Piece }
  /** What it has of a stream is this from here on; without a `value` nothing, and it waits for nothing more of it. */
  | { readonly type: 'replace'; readonly stream: StreamId; readonly value?: Piece }
  /** An application that lives inside of its client asks for something, under a key that it uses once. */
  | BoundaryIntent
  /** The application learns how something ended that it had asked for; `stream` answers it. */
  | { readonly type: 'settle'; readonly key: string; readonly outcome: SendOutcome; readonly stream?: StreamId }
  /** The application is told an error; `stream`: the one that it is about, if it is about one. */
  | { readonly type: 'report'; readonly error: string; readonly detail?: string; readonly stream?: StreamId }
  | OwnCodeEffect
  | CustomEffect;

/** What somebody's own code lets a witness see, besides what it does: nobody but history hears of it. */
export type OwnCodeEffect =
  | { readonly type: 'note'; readonly text: string; readonly data?: unknown }
  /** A line of its console. */
  | { readonly type: 'console'; readonly level: string; readonly text: string }
  /** An error that it did not catch, or a rejection that it did not handle. */
  | { readonly type: 'uncaught'; readonly how: 'error' | 'rejection'; readonly error: string; readonly stack: string }
  /** One of its sockets is in another state. */
  | ({ readonly type: 'socket' } & SocketState)
  /** What it still holds, a while after its application left. */
  | ({ readonly type: 'held' } & Held);

/** A fact in a protocol's own words, plain data: it reaches history and nobody else, so that laws and claims can listen to it. */
export interface CustomEffect {
  readonly type: 'custom';
  readonly name: string;
  readonly value?: unknown;
}

/** How a send ended: it took effect, it surely did not, or nobody can know (its session is gone). */
export type SendOutcome = 'done' | 'failed' | 'unknown';

/** A process ends by itself: its drain is over. */
export interface ExitEffect {
  readonly type: 'exit';
}

/** A page loads itself again: its process goes away, and a new one comes. */
export interface ReloadEffect {
  readonly type: 'reload';
}

/** An application asks for something, under a key that it uses once. */
export interface BoundaryIntent {
  readonly type: 'submit';
  readonly key: string;
  readonly bytes?: number;
}

/** What the application, the browser or the operating system tells any client. */
export type DeviceIntent =
  /** Connect and stay connected. */
  | { readonly type: 'start' }
  /** Say goodbye (1000) and end the session. */
  | { readonly type: 'leave' }
  | { readonly type: 'online' }
  | { readonly type: 'offline' }
  /** The device has another address: connections from before it are probably dead, and nobody will say so. */
  | { readonly type: 'moved' }
  /** The application can take nothing more for now; what is for it waits, and is not acknowledged. */
  | { readonly type: 'busy' }
  /** It takes at most so many of the pieces that wait, and stays busy. */
  | { readonly type: 'take'; readonly chunks: number }
  /** It takes all that wait, and is busy no longer. */
  | { readonly type: 'ready' };
