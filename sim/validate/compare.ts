/** Measured against simulated: rows with a ratio, and the bounds that are wanted. */
import { connects, heals, latencies, transfers } from './experiments.ts';
import { BULK, CONNECT, HEAL, PACED } from './measured.ts';
import { quantile } from './rig.ts';

export interface Row {
  readonly experiment: 'connect' | 'paced' | 'bulk' | 'heal';
  readonly cell: string;
  /** `p50` or `p95`. */
  readonly figure: string;
  readonly measured: number;
  readonly simulated: number;
  /** Simulated over measured may be off by this share; null: shown only. */
  readonly bound: number | null;
}

/** Whether a row that has a bound keeps it. */
export const keeps = ({ measured, simulated, bound }: Row): boolean =>
  bound === null || Math.abs(simulated / measured - 1) <= bound;

/** How many runs a cell gets: 1 for a quick look, more for the whole validation. */
export interface Effort {
  readonly dials: number;
  readonly streams: number;
  /** Bytes of all transfers of one cell. */
  readonly bulk: number;
  readonly heals: number;
}

export const FULL: Effort = { dials: 4000, streams: 60, bulk: 20_000_000, heals: 24 };

/** Both ends compute for about that long during a TLS handshake (measured: 2 to 4 ms); the link does not. */
const TLS_WORK = 3;
/** The event loops of both ends add that much to every delivery (measured on the loss-free path). */
const LOOP = 0.08;

export function connectRows({ dials }: Effort): Row[] {
  return CONNECT.flatMap(({ tls, rtt, loss, p50, p95 }) => {
    const took = connects({ rtt, loss, handshakeRoundTrips: tls ? 3 : 2 }, dials);
    const extra = (tls ? TLS_WORK : 0) + 4 * LOOP;
    const cell = `${tls ? 'wss' : 'ws'}, RTT ${rtt}, loss ${loss} %`;
    return [
      row('connect', cell, 'p50', p50, quantile(took, 0.5) + extra, loss <= 10 ? 0.05 : 0.05),
      row('connect', cell, 'p95', p95, quantile(took, 0.95) + extra, 0.25),
    ];
  });
}

export function pacedRows({ streams }: Effort): Row[] {
  return PACED.flatMap(({ rtt, loss, interval, bytes, p50, p95 }) => {
    const took = latencies({ rtt, loss }, { interval, bytes }, streams);
    const cell = `RTT ${rtt}, loss ${loss} %, ${bytes} B each ${interval} ms`;
    const wanted = loss <= 5;
    return [
      row('paced', cell, 'p50', p50, quantile(took, 0.5) + LOOP, wanted ? 0.1 : null),
      row('paced', cell, 'p95', p95, quantile(took, 0.95) + LOOP, wanted ? 0.3 : null),
    ];
  });
}

export function bulkRows({ bulk }: Effort): Row[] {
  return BULK.map(({ mbps, rtt, loss, bytes, p50 }) => {
    const count = Math.max(1, Math.min(101, Math.floor(bulk / bytes)));
    const took = transfers({ rtt, loss, mbps }, bytes, loss === 0 ? 1 : count);
    return row('bulk', `${mbps} Mbit/s, RTT ${rtt}, loss ${loss} %, ${bytes} B`, 'p50', p50, quantile(took, 0.5), 0.15);
  });
}

export function healRows(effort: Effort): Row[] {
  return HEAL.map(({ direction, rtt, interval, cut, p50 }) => {
    const bytes = interval === 10 ? 1024 : 50;
    const took = heals({ rtt }, { interval, bytes, direction, cut }, effort.heals);
    const cell = `${direction}, RTT ${rtt}, ${bytes} B each ${interval} ms, cut ${cut}`;
    return row('heal', cell, 'p50', p50, quantile(took, 0.5) + LOOP, cut >= 1000 ? 0.25 : null);
  });
}

const row = (
  experiment: Row['experiment'],
  cell: string,
  figure: string,
  measured: number | null,
  simulated: number,
  bound: number | null,
): Row => ({ experiment, cell, figure, measured: measured ?? Number.POSITIVE_INFINITY, simulated, bound });
