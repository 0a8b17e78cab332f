/** Measured against simulated: rows with a ratio, and the bounds that are wanted. */
import { connects, heals, idles, latencies, transfers } from './experiments.ts';
import { BULK, type BulkCell, CONNECT, type Interval, PACED } from './measured.ts';
import { AGAIN, type Again } from './measured-again.ts';
import { BULK_ELSEWHERE, HEAL_ELSEWHERE } from './measured-elsewhere.ts';
import { HEAL, type HealCell, IDLE } from './measured-heals.ts';
import { quantile } from './rig.ts';

export interface Row {
  readonly experiment: 'connect' | 'paced' | 'bulk' | 'heal' | 'death';
  readonly cell: string;
  /** Two-way delay in milliseconds. */
  readonly rtt: number;
  /** `p50`, `p95`, or what is counted. */
  readonly figure: string;
  readonly measured: number;
  readonly simulated: number;
  /** Simulated over measured may be off by this share; null: shown only. */
  readonly bound: number | null;
  /** The measured figure's own 95 % confidence interval, where it has one. */
  readonly interval: Interval | null;
  /** The simulated figure's, where it is a median of independent runs. */
  readonly noise: Interval | null;
  /** A second measurement of the same, with more runs. */
  readonly again: Again | null;
}

/** A few milliseconds of event loop are in the time of every death. */
const SLACK = 5;

/** Whether a row that has a bound keeps it. */
export function keeps({ experiment, measured, simulated, bound }: Row): boolean {
  if (bound === null || simulated === measured) return true;
  if (experiment === 'death' && bound > 0 && Math.abs(simulated - measured) <= SLACK) return true;
  return Math.abs(simulated / measured - 1) <= bound;
}

/** Whether the simulated figure is one that the measurement does not rule out. */
export const isLikely = ({ simulated, interval }: Row): boolean =>
  interval !== null && simulated >= interval[0] && simulated <= interval[1];

/** Whether a second measurement does not rule it out. */
export const isLikelyAgain = ({ simulated, again }: Row): boolean =>
  again !== null && simulated >= again.interval[0] && simulated <= again.interval[1];

const ALL_BULK = [...BULK, ...BULK_ELSEWHERE];
const ALL_HEALS = [...HEAL, ...HEAL_ELSEWHERE];

/** How many runs a cell gets. */
export interface Effort {
  readonly dials: number;
  readonly streams: number;
  /** Bytes of all transfers of one cell. */
  readonly bulk: number;
  readonly heals: number;
}

export const FULL: Effort = { dials: 6000, streams: 150, bulk: 41_000_000, heals: 160 };

/** Both ends compute for about that long during a TLS handshake (measured: 2 to 4 ms); the link does not. */
const TLS_WORK = 3;

export function connectRows({ dials }: Effort): Row[] {
  return CONNECT.flatMap(({ tls, rtt, loss, p50, ci50, p95, ci95 }) => {
    const took = connects({ rtt, loss, handshakeRoundTrips: tls ? 3 : 2 }, dials);
    const extra = tls ? TLS_WORK : 0;
    const cell = `${tls ? 'wss' : 'ws'}, RTT ${rtt}, loss ${loss} %`;
    return [
      row('connect', cell, rtt, 'p50', p50, quantile(took, 0.5) + extra, 0.05, ci50),
      row('connect', cell, rtt, 'p95', p95, quantile(took, 0.95) + extra, 0.25, ci95),
    ];
  });
}

export function pacedRows({ streams }: Effort): Row[] {
  return PACED.flatMap(({ rtt, loss, interval, bytes, p50, ci50, p95, ci95 }) => {
    const took = latencies({ rtt, loss }, { interval, bytes }, streams);
    const cell = `RTT ${rtt}, loss ${loss} %, ${bytes} B each ${interval} ms`;
    const wanted = loss <= 5;
    return [
      row('paced', cell, rtt, 'p50', p50, quantile(took, 0.5), wanted ? 0.1 : null, ci50),
      row('paced', cell, rtt, 'p95', p95, quantile(took, 0.95), wanted ? 0.3 : null, ci95),
    ];
  });
}

export function bulkRows({ bulk }: Effort, cells: readonly BulkCell[] = ALL_BULK): Row[] {
  return cells.map(({ mbps, rtt, loss, bytes, runs, p50, range }) => {
    const count = Math.max(1, Math.min(101, Math.floor(bulk / bytes)));
    const took = transfers({ rtt, loss, mbps }, bytes, loss === 0 ? 1 : count);
    const cell = `${mbps} Mbit/s, RTT ${rtt}, loss ${loss} %, ${bytes} B`;
    // The median lies between the least and the greatest of six in 97 % of cases; of two that says nothing.
    return row('bulk', cell, rtt, 'p50', p50, quantile(took, 0.5), 0.15, runs >= 6 ? range : null, noiseOf(took));
  });
}

export function healRows(effort: Effort, cells: readonly HealCell[] = ALL_HEALS): Row[] {
  return cells.map(({ direction, rtt, interval, cut, p50, ci50 }) => {
    const bytes = interval === 10 ? 1024 : 50;
    const took = heals({ rtt }, { interval, bytes, direction, cut }, effort.heals);
    const cell = `${direction}, RTT ${rtt}, ${bytes} B each ${interval} ms, cut ${cut}`;
    return row('heal', cell, rtt, 'p50', p50, quantile(took, 0.5), cut >= 1000 ? 0.25 : null, ci50, noiseOf(took));
  });
}

/** A stream that pauses before the cut and goes on after the heal: its first message is as late as any other. */
export function idleRows({ heals: count }: Effort): Row[] {
  return IDLE.map(({ rtt, cut, p50, range }) => {
    const took = idles({ rtt }, { interval: 30, bytes: 50, direction: 'both', cut }, Math.ceil(count / 10));
    return row('heal', `both, RTT ${rtt}, idle, cut ${cut}`, rtt, 'p50', p50, quantile(took, 0.5), 0.25, range);
  });
}

const row = (
  experiment: Row['experiment'],
  cell: string,
  rtt: number,
  figure: string,
  measured: number | null,
  simulated: number,
  bound: number | null,
  interval: Interval | null,
  noise: Interval | null = null,
): Row => ({
  ...{ experiment, cell, rtt, figure, simulated, bound, interval, noise },
  measured: measured ?? Number.POSITIVE_INFINITY,
  again: AGAIN.get(`${experiment} ${cell} ${figure}`) ?? null,
});

/** Between which runs the median lies in 95 % of samples of that size: the ranks n / 2 -+ 0.98 sqrt(n). */
function noiseOf(values: readonly number[]): Interval | null {
  if (values.length < 6) return null;
  const off = 0.98 / Math.sqrt(values.length);
  return [quantile(values, Math.max(0, 0.5 - off)), quantile(values, Math.min(1, 0.5 + off))];
}
