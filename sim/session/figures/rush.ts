/**
 * The rush at the servers: how many dial, arrive, are refused and are admitted, and how dense that gets.
 *
 * An arrival is a handshake that reaches a server: one dial of a client is several of them when a balancer asks one full
 * server after the other. A refusal is a server's answer of 503, or 1013 on a connection that it never welcomed. Peaks are
 * the most in any second, that is in `[t, t + 1 s)` for any t; over all clients and servers.
 */
import { CLOSE } from '../../../src/close-codes.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Instant, seconds } from '../../../src/time.ts';
import type { SessionWitness } from '../observe.ts';
import type { Figures } from './measured.ts';
import type { ClientView, ConnView } from './views.ts';

type RushFigures = Pick<
  Figures,
  'arrivals' | 'refusals' | 'admitted' | 'peakDials1s' | 'peakArrivals1s' | 'peakRefusals1s' | 'peakArrivalsPermille'
>;

export interface Rush {
  /** A server sent WELCOME on a connection. */
  welcomed(conn: ConnView): void;
  count(): RushFigures;
}

/** `capacity`: what all servers admit in a second, 0 for no limit. */
export function watchRush(
  witness: SessionWitness,
  clients: ReadonlyMap<NodeId, ClientView>,
  servers: ReadonlySet<NodeId>,
  capacity: number,
  connOf: (id: number) => ConnView,
): Rush {
  const dials = new Second();
  const arrivals = new Second();
  const refusals = new Second();
  let admitted = 0;
  witness.listen('dialled', ({ node, at }) => {
    if (clients.has(node)) dials.add(at);
  });
  witness.listen('asked', ({ node, at }) => {
    if (servers.has(node)) arrivals.add(at);
  });
  witness.listen('refused', ({ node, at, status }) => {
    if (status === 503 && servers.has(node)) refusals.add(at);
  });
  witness.listen('hungUp', ({ node, at, code, conn }) => {
    if (code === CLOSE.tryAgainLater && servers.has(node) && !connOf(conn).welcomed) refusals.add(at);
  });
  return {
    welcomed(conn) {
      if (conn.welcomed) return;
      conn.welcomed = true;
      admitted++;
    },
    count: () => ({
      arrivals: arrivals.total,
      refusals: refusals.total,
      admitted,
      peakDials1s: dials.peak,
      peakArrivals1s: arrivals.peak,
      peakRefusals1s: refusals.peak,
      peakArrivalsPermille: capacity === 0 ? 0 : Math.ceil((arrivals.peak * 1000) / capacity),
    }),
  };
}

/** Counts what happens, and the most of it within a second. */
class Second {
  total = 0;
  peak = 0;
  /** The instants of the last second, from `first` on. */
  #times: Instant[] = [];
  #first = 0;

  add(at: Instant): void {
    this.total++;
    const times = this.#times;
    times.push(at);
    while (at - (times[this.#first] as Instant) >= LENGTH) this.#first++;
    this.peak = Math.max(this.peak, times.length - this.#first);
    if (this.#first < DROPPED || this.#first * 2 < times.length) return;
    this.#times = times.slice(this.#first);
    this.#first = 0;
  }
}

const LENGTH = seconds(1);
/** Instants that are over are dropped in one go when there are so many of them, and they are half of all. */
const DROPPED = 1024;
