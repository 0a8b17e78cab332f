/**
 * Backups: an operator keeps a copy of the store, and one day has nothing else left.
 *
 * What was written behind the copy is gone: sends that took effect, chunks that clients have seen, claims. Nobody can say of
 * a session whether that happened to it, unless nothing could: one without a connection, all of whose answers are complete,
 * changes by a claim only, and a claim changes its resume token. So such a session is kept, for a client that shows a token
 * of the backup. Everybody else is told that the session is gone, which is true: what the client knows of it, nobody does.
 *
 * Numbers never go back, or a stale owner would pass for the present one. Numbers of sessions go on, and kept sessions skip
 * more generations than were ever handed out behind a backup, as etcd does with revisions (`etcdutl snapshot restore
 * --bump-revision --mark-compacted`). What became of the claims under way is forgotten with them: they are judged anew.
 */
import { type Chunk, chunkValue } from '../../content.ts';
import type { NodeId } from '../../machine.ts';
import { disown, type SendResult, type SessionRecord, type StoreState, type StreamLog } from './state.ts';
import type { StoreEffect } from './store.ts';

/** The sessions that can be kept, as they were. */
export type Backup = Record<number, SessionRecord>;

/** A claim a millisecond for a quarter of an hour: no session was claimed so often since a backup. */
const SKIPPED = 1_000_000;

/** Takes a copy. A later one takes its place. */
export function backUp(state: StoreState): void {
  const backup: Backup = {};
  for (const key in state.sessions) {
    const record = state.sessions[key] as SessionRecord;
    if (record.detached && isComplete(record)) backup[Number(key)] = copyOf(record);
  }
  state.backup = backup;
}

const isComplete = ({ streams }: SessionRecord): boolean => Object.values(streams).every(({ done }) => done);

/** The disk is what the backup says; without one it is empty. The process that finds it so is yet to start. */
export function restore(state: StoreState, effects: StoreEffect[]): void {
  const backup = state.backup ?? {};
  for (const key in state.sessions) {
    const session = Number(key);
    const record = state.sessions[session] as SessionRecord;
    disown(state, session, record);
    if (backup[session] !== undefined) continue;
    const { client, generation } = record;
    effects.push({ type: 'own', session, generation, client, server: '' });
  }
  state.restores++;
  state.sessions = {};
  state.byClient = {};
  for (const key in backup) {
    const session = Number(key);
    const record = copyOf(backup[session] as SessionRecord);
    // A backup that is needed a second time must not hand out again what came behind it the first time.
    record.generation += state.restores * SKIPPED;
    record.owner = '';
    record.restored = true;
    state.sessions[session] = record;
    state.byClient[`@${record.client}`] = session;
    const { client, generation } = record;
    effects.push({ type: 'rewind', session, generation, client });
  }
  for (const server in state.ledgers) (state.ledgers[server] as StoreState['ledgers'][string]).claims = [];
  state.lostBelow = state.nextSession;
}

/** Whether what somebody asks about is not of this store's past: it went with a disk, or is what a backup made of it. */
export const isLost = ({ lostBelow, sessions }: StoreState, session: number): boolean =>
  session < lostBelow && (sessions[session] === undefined || sessions[session].restored);

/** Told instead of `fenced` or `expired`: nobody else has the session, and no time ran out. */
export const lost = (to: NodeId, session: number): StoreEffect => ({
  type: 'post',
  to,
  message: { type: 'lost', session },
});

function copyOf(record: SessionRecord): SessionRecord {
  const streams: Record<number, StreamLog> = {};
  for (const key in record.streams) {
    const log = record.streams[key] as StreamLog;
    streams[key] = {
      ...log,
      chunks: log.chunks.map((chunk: Chunk) => chunkValue(chunk)),
      times: [...log.times],
      former: null,
    };
  }
  const results: Record<number, SendResult> = {};
  for (const key in record.results) results[key] = { ...(record.results[key] as SendResult) };
  const { work } = record;
  return {
    ...record,
    lastClaim: { ...record.lastClaim },
    results,
    work: work === null ? null : { ...work, memory: { ...work.memory } },
    streams,
  };
}
