/** The replay window of a stream: bounded by count, bytes and age. What has left it is served as a snapshot only. */
import { type Chunk, chunkBytes } from '../../content.ts';
import type { Instant } from '../../time.ts';
import type { StreamRecord } from '../services.ts';
import type { StoreConfig } from './config.ts';
import { contentOf, type StreamLog } from './state.ts';

export const newLog = (ask: number, now: Instant): StreamLog => ({
  epoch: 1,
  ask,
  chunks: [],
  times: [],
  oldest: 1,
  windowBytes: 0,
  done: false,
  acked: 0,
  calls: 0,
  begun: now,
  former: null,
});

/** Moves the window's beginning so that all three bounds hold now; the newest chunk always stays. */
export function slide(config: StoreConfig, log: StreamLog, now: Instant): void {
  const head = log.chunks.length;
  while (
    log.oldest < head &&
    (head - log.oldest + 1 > config.windowCount ||
      log.windowBytes > config.windowBytes ||
      now - (log.times[log.oldest - 1] as number) > config.windowAge)
  ) {
    log.windowBytes -= chunkBytes(log.chunks[log.oldest - 1] as Chunk);
    log.oldest++;
  }
}

/** A new epoch: the answer begins anew, and nothing of the old one is kept but what a stale replica (`staleAt`) holds. */
export function beginAnew(log: StreamLog, staleAt: Instant | -1, now: Instant): void {
  if (staleAt < 0) log.former = null;
  else if (log.begun <= staleAt) log.former = { ...log, former: null };
  log.begun = now;
  log.epoch++;
  log.chunks = [];
  log.times = [];
  log.oldest = 1;
  log.windowBytes = 0;
  log.done = false;
  log.acked = 0;
}

/** What a server is told about a stream; one that was complete and dropped since counts as done at its head. */
export function recordOf(config: StoreConfig, stream: number, log: StreamLog | null): StreamRecord {
  if (log === null) return { stream, epoch: 1, content: 0, head: 0, oldest: 1, done: true };
  const { epoch, oldest, done } = log;
  return { stream, epoch, content: contentOf(config, log), head: log.chunks.length, oldest, done };
}
