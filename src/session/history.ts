/**
 * History of our session protocol: what it says at the boundaries that every protocol has, and entries that no other
 * protocol knows: of the store's commits, of who owns a session, of tokens.
 */
import type { Chunk } from '../content.ts';
import type { ApplicationError } from '../errors.ts';
import type * as neutral from '../history.ts';
import type { NodeId } from '../machine.ts';
import type { ConnId } from '../transport.ts';
import type { ContextSummary, Frame, Token, WorkSummary } from './wire/frames.ts';

/** A place in a stream: an answer that had to be begun anew goes on in the next epoch. */
export interface Place {
  readonly stream: number;
  readonly epoch: number;
  readonly seq: number;
}

export interface Entries extends neutral.EntriesOf<Frame> {
  readonly submitted: { readonly key: string; readonly ask: number; readonly bytes: number };
  readonly settled: neutral.Entries['settled'] & { readonly stream: number };
  readonly performed: {
    readonly session: number;
    readonly client: NodeId;
    readonly clientSeq: number;
    readonly key: string;
  };
  /** An agent thought of a chunk. */
  readonly produced: Place & { readonly session: number; readonly chunk: Chunk };
  readonly received: Place & { readonly conn: ConnId; readonly chunk: Chunk };
  readonly told: { readonly error: ApplicationError; readonly detail: string; readonly stream?: number };
  readonly intent: { readonly intent: 'start' | 'leave' | 'online' | 'offline' | 'moved' };
  /** An agent's note became durable in its session; `node` is the store. */
  readonly recorded: {
    readonly session: number;
    readonly client: NodeId;
    readonly about: 'tool' | 'memory' | 'step';
    readonly key: string;
    readonly value: number;
  };
  /**
   * A chunk became durable in the store's log; `node` is the store, `generation` the one under which the agent wrote it
   * (and not the session's present one, or a stale write would look like a good one).
   */
  readonly durable: Place & { readonly session: number; readonly chunk: Chunk; readonly generation: number };
  readonly replaced: Place & { readonly conn: ConnId; readonly chunks: readonly Chunk[] };
  readonly restored: {
    readonly session: number;
    readonly generation: number;
    readonly resumed: boolean;
    readonly context: ContextSummary;
    readonly work?: WorkSummary;
  };
  /** The application was told that a stream stalls behind `seq`: its agent is silent, the connection is well. */
  readonly stalled: Place & { readonly conn: ConnId };
  readonly owned: {
    readonly session: number;
    readonly generation: number;
    readonly client: NodeId;
    readonly server: NodeId;
  };
  /** A backup took the place of the store's disk: the session is what that says of it, ended since or not, and nobody's. */
  readonly rewound: { readonly session: number; readonly generation: number; readonly client: NodeId };
  /** The token service gave out a token; `node` is the service. */
  readonly issued: { readonly token: Token };
  /**
   * `node` asks for something that takes a while: the token service for a token, or the store for a session on behalf of `conn`
   * (0 for none). What is asked again is written again.
   */
  readonly requested: { readonly what: 'token' | 'claim'; readonly conn: ConnId };
  /** Something that has to be synced is at the store, `node`. No recorder is told: it happens at every chunk. */
  readonly writes: { readonly from: NodeId };
  /** The token service took back every token of `subject` up to `serial`. */
  readonly revoked: { readonly subject: string; readonly serial: number };
}

export { clientOf } from '../history.ts';

export type EntryKind = neutral.EntryKind<Entries>;
export type EntryOf<K extends EntryKind> = neutral.EntryOf<K, Entries>;
export type Entry = neutral.Entry<Entries>;
export type FrameTopic = neutral.FrameTopic<Entries>;
export type EntryAbout<T extends FrameTopic> = neutral.EntryAbout<T, Entries>;
export type Handlers<Memory, Say> = neutral.Handlers<Memory, Say, Entries>;
