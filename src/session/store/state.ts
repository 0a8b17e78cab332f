/** What the durable store holds: sessions with their streams, and the writes that an fsync has not covered yet. */
import type { Chunk } from '../../content.ts';
import type { NodeId } from '../../machine.ts';
import { type Duration, type Instant, ZERO } from '../../time.ts';
import type { Message } from '../services.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Backup } from './backup.ts';
import type { StoreConfig } from './config.ts';
import type { Ledger } from './ledger.ts';

/** A stream's log. Chunks are kept for the snapshot; `oldest` marks where the replay window begins. */
export interface StreamLog {
  epoch: number;
  /** The content that its first epoch answers with. */
  ask: number;
  chunks: Chunk[];
  /** When each chunk became durable, for the age of the window. */
  times: Instant[];
  /** First sequence number that can be replayed. */
  oldest: number;
  /** Bytes from `oldest` to the head. */
  windowBytes: number;
  /** Whether the head is the last chunk. */
  done: boolean;
  /** How far the client processed it. */
  acked: number;
  /** Tool calls that were made for it, in whatever epoch: a call is made once. */
  calls: number;
  /** When this epoch began. */
  begun: Instant;
  /** The epoch before, kept while a replica that does not follow may still answer with it. */
  former: StreamLog | null;
}

/** What agents left in a session; null until the first note. */
export interface Work {
  notes: number;
  step: number;
  calls: number;
  callsDigest: number;
  memory: Record<string, number>;
}

/** The stored result of a send. */
export interface SendResult {
  key: string;
  stream: number;
}

export interface SessionRecord {
  client: string;
  generation: number;
  /** The resume token in force, and the one before it (its WELCOME may have been lost). */
  token: number;
  previousToken: number;
  /** The client's dial that claimed last. */
  dial: number;
  /** The server that owns it; empty when its process died or gave it up. */
  owner: NodeId;
  /** The generation at which the present process of the owner took it over: older appends are fenced. */
  ownerSince: number;
  /** Whether no connection is attached: its time to live runs. */
  detached: boolean;
  /** The claim that was applied last, so that a repetition of it is answered alike. */
  lastClaim: { server: NodeId; op: number; conn: number; resumed: boolean; corrupt: boolean };
  /** The record is damaged on disk: its checksum tells whoever reads it for a claim. */
  corrupt: boolean;
  /** It is what a backup says, and nobody has claimed it since. */
  restored: boolean;
  sendAck: number;
  turns: number;
  digest: number;
  /** Results of the last `RESULTS_KEPT` sends, by client_seq. */
  results: Record<number, SendResult>;
  work: Work | null;
  nextStream: number;
  streams: Record<number, StreamLog>;
}

/** A write that waits for its fsync. */
export interface Write {
  readonly from: NodeId;
  readonly message: Message;
}

/** A read that a slow store answers at `due`. */
export interface Read {
  readonly from: NodeId;
  readonly message: Message;
  readonly due: Instant;
}

export interface StoreState {
  readonly config: StoreConfig;
  nextSession: number;
  sessions: Record<number, SessionRecord>;
  /** The session of each client id (prefixed, so that no name can be a property of every object). */
  byClient: Record<string, number>;
  /** What became of the claims of each server (prefixed likewise). */
  ledgers: Record<string, Ledger>;
  /** The sessions of each owner (prefixed likewise), so that a restart costs what its server owned and no more. */
  owned: Record<string, Record<number, true>>;
  /** Writes under the fsync that is going on, and those that came since. */
  syncing: Write[];
  waiting: Write[];
  /** How much longer everything takes than usual, and the reads that wait for it. */
  slowBy: Duration;
  reads: Read[];
  /** Nodes (prefixed) that cannot reach it; whether there are any is noted, because every message asks. */
  parted: Record<string, true>;
  isParted: boolean;
  /** Until when the replica that answers reads has followed; -1 when it follows. */
  staleAt: Instant | -1;
  /** Thousandths of the writes that fail. */
  failing: number;
  /** The copy that an operator keeps, or null. */
  backup: Backup | null;
  /** Sessions with a lower number that are not here went with a disk that a backup took the place of; 0 for never. */
  lostBelow: number;
  /** How often it came back with a backup. */
  restores: number;
}

/** A client repeats a send only while it is unsettled, and no more than this can be; older results are dropped. */
export const RESULTS_KEPT = LIMITS.sends;

export const init = (config: StoreConfig): StoreState => ({
  config,
  nextSession: 1,
  sessions: {},
  byClient: {},
  ledgers: {},
  owned: {},
  syncing: [],
  waiting: [],
  slowBy: ZERO,
  reads: [],
  parted: {},
  isParted: false,
  staleAt: -1,
  failing: 0,
  backup: null,
  lostBelow: 0,
  restores: 0,
});

/** Notes that a server owns a session. */
export function own(state: StoreState, session: number, server: NodeId): void {
  const owned = state.owned[`@${server}`];
  if (owned === undefined) state.owned[`@${server}`] = { [session]: true };
  else owned[session] = true;
}

/** The session has no owner any more. */
export function disown(state: StoreState, session: number, record: SessionRecord): void {
  if (record.owner === '') return;
  delete state.owned[`@${record.owner}`]?.[session];
  record.owner = '';
}

/** The content that a stream answers with in its present epoch. */
export const contentOf = (config: StoreConfig, log: StreamLog): number => (log.ask + log.epoch - 1) % config.contents;
