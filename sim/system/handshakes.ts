/**
 * One opening handshake at a time: while a WebSocket to a host and port is connecting, others to it wait (RFC 6455 section
 * 4.1, step 2), in the order in which they were made, and each begins a moment after the one before is open or has failed. So
 * one that hangs keeps all that come behind it waiting, for as long as a browser waits for it.
 */
import { addressOf } from '../../src/http/address.ts';
import { after, type Instant, ms, START } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import type { Life } from './process.ts';

/** Chromium, `WebSocketEndpointLockManager::unlock_delay_`. */
const PAUSE = ms(10);
/** Names its timers; their key counts hosts. */
export const HANDSHAKE_TIMER = 'handshake';

interface Waiting {
  readonly conn: ConnId;
  dial(): void;
}

interface Lane {
  readonly key: number;
  /** Whose turn it is. */
  busy: ConnId | null;
  /** The next one may begin from then on. */
  freeAt: Instant;
  readonly waiting: Waiting[];
}

export class Handshakes {
  readonly #life: Life;
  readonly #lanes = new Map<string, Lane>();

  constructor(life: Life) {
    this.#life = life;
  }

  /** Calls `dial` when it is its turn, which may be now. */
  begin(url: string, conn: ConnId, dial: () => void): void {
    const lane = this.#laneOf(url);
    if (lane.busy === null && lane.waiting.length === 0 && this.#life.now >= lane.freeAt) {
      lane.busy = conn;
      dial();
      return;
    }
    lane.waiting.push({ conn, dial });
    if (lane.busy === null && lane.waiting.length === 1) this.#arm(lane);
  }

  /** It is open, or never will be. */
  over(url: string, conn: ConnId): void {
    const lane = this.#laneOf(url);
    if (lane.busy === conn) {
      lane.busy = null;
      lane.freeAt = after(this.#life.now, PAUSE);
      if (lane.waiting.length > 0) this.#arm(lane);
      return;
    }
    const at = lane.waiting.findIndex((each) => each.conn === conn);
    if (at >= 0) lane.waiting.splice(at, 1);
  }

  due(key: number): void {
    for (const lane of this.#lanes.values()) {
      if (lane.key !== key || lane.busy !== null) continue;
      const next = lane.waiting.shift();
      if (next === undefined) return;
      lane.busy = next.conn;
      next.dial();
    }
  }

  /** Their page is gone. */
  forget(): void {
    for (const { key, waiting } of this.#lanes.values())
      if (waiting.length > 0) this.#life.clearTimer(HANDSHAKE_TIMER, key);
    this.#lanes.clear();
  }

  #laneOf(url: string): Lane {
    const { host } = addressOf(url);
    let lane = this.#lanes.get(host);
    if (lane === undefined) {
      lane = { key: this.#lanes.size, busy: null, freeAt: START, waiting: [] };
      this.#lanes.set(host, lane);
    }
    return lane;
  }

  #arm({ key, freeAt }: Lane): void {
    this.#life.emit({ type: 'setTimer', timer: HANDSHAKE_TIMER, key, at: freeAt });
  }
}
