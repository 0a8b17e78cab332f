/**
 * Stream health, apart from the health of the connection: an agent may fall silent while PING and PONG go on for ever.
 *
 * At every heartbeat the server looks at each stream whose end the client does not have. If all that is durable was sent,
 * and nothing more became durable for `stallAfter`, it says so with STALLED, once for each place at which a stream stalls.
 * What waits for credit or for a read is no stall. The look costs nothing for a chunk: it compares with what the heartbeat
 * before saw, so a stall is noticed at most three heartbeats late.
 */
import { after, type Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import type { ServerConfig } from './config.ts';
import { LATE } from './liveness.ts';
import { type Effects, type ServerConn, type ServerStream, transmit } from './state.ts';

/** What the last heartbeat saw of a stream. */
export interface StreamHealth {
  epoch: number;
  seq: number;
  /** Since when it has been there. */
  since: Instant;
  /** Whether STALLED was sent. */
  told: boolean;
}

export function judgeStreams(
  conn: ServerConn,
  id: ConnId,
  { stallAfter, heartbeatInterval }: Pick<ServerConfig, 'stallAfter' | 'heartbeatInterval'>,
  now: Instant,
  effects: Effects,
): void {
  // Who stood still has not read yet what agents said meanwhile, and cannot call anybody silent; what it told stays told.
  if (now > after(conn.lookedAt, heartbeatInterval) + LATE)
    for (const key in conn.health) (conn.health[key] as StreamHealth).since = now;
  conn.lookedAt = now;
  for (const key in conn.health) if (conn.streams[key] === undefined) delete conn.health[key];
  for (const key in conn.streams) {
    const each = conn.streams[key];
    if (each === undefined || each.finished) {
      delete conn.health[key];
      continue;
    }
    const { epoch, sent: seq } = each;
    const health = conn.health[key];
    if (health === undefined || health.epoch !== epoch || health.seq !== seq || isAhead(each))
      conn.health[key] = { epoch, seq, since: now, told: false };
    else if (!health.told && now >= after(health.since, stallAfter)) {
      health.told = true;
      transmit(conn, id, { type: 'STALLED', stream: Number(key), epoch, seq }, now, effects);
    }
  }
}

/** Whether the agent has said more than the client was sent: then it is not the agent that the client waits for. */
const isAhead = ({ sent, head, snapshot }: ServerStream): boolean => sent < head || snapshot !== null;
