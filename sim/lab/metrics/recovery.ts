/**
 * Who had to recover in a run, and how long each of them waited.
 *
 * It is about the last outage: the *affected* are those who were without a connection at its beginning or lost it then.
 * Whoever gave up, or was not back when nobody looked any longer, waited for ever.
 */
import type { StormRun } from '../storm/run.ts';

export interface Recovery {
  /** When the servers were back for good: the end of the last outage. */
  readonly from: number;
  /** How many clients are affected. */
  readonly affected: number;
  /** Of each affected client, in order of clients: its wait from `from` on (0 if a brown-out let it in before), or infinity. */
  readonly waits: Float64Array;
  /** The same from the instant at which it lost its connection. */
  readonly sinceDrop: Float64Array;
  /** Both, sorted. */
  readonly sortedWaits: Float64Array;
  readonly sortedSinceDrop: Float64Array;
  readonly clients: Uint32Array;
  /** Affected clients that were not back at the end of the run, and had not given up. */
  readonly stillTrying: number;
}

const known = new WeakMap<StormRun, Recovery>();

/** Computed once a run, for all metrics. */
export function recoveryOf(run: StormRun): Recovery {
  let recovery = known.get(run);
  if (recovery === undefined) {
    recovery = computed(run);
    known.set(run, recovery);
  }
  return recovery;
}

function computed({ storm, droppedAt, recoveredAt, gaveUp }: StormRun): Recovery {
  const last = storm.outages[storm.outages.length - 1]!;
  const from = last.at + last.lasts;
  const clients = new Uint32Array(droppedAt.length);
  let affected = 0;
  for (let client = 0; client < droppedAt.length; client++) {
    if (droppedAt[client]! < 0) continue;
    const back = recoveredAt[client]!;
    if (back < 0 || back > last.at) clients[affected++] = client;
  }
  const waits = new Float64Array(affected);
  const sinceDrop = new Float64Array(affected);
  let stillTrying = 0;
  for (let index = 0; index < affected; index++) {
    const client = clients[index]!;
    const back = recoveredAt[client]!;
    if (back < 0 && gaveUp[client] === 0) stillTrying++;
    waits[index] = back < 0 ? Number.POSITIVE_INFINITY : Math.max(0, back - from);
    sinceDrop[index] = back < 0 ? Number.POSITIVE_INFINITY : back - droppedAt[client]!;
  }
  return {
    from,
    affected,
    waits,
    sinceDrop,
    sortedWaits: waits.slice().sort(),
    sortedSinceDrop: sinceDrop.slice().sort(),
    clients: clients.slice(0, affected),
    stillTrying,
  };
}

/**
 * The least value that at least `num` of `of` values do not exceed (the order statistic of rank ceil(n num / of)): with
 * 10,000 clients p99.9 is the wait of the 9,990th. NaN without values, or if it is not finite.
 */
export function quantile(sorted: Float64Array, num: number, of: number): number {
  if (sorted.length === 0) return Number.NaN;
  const value = sorted[Math.max(1, Math.ceil((sorted.length * num) / of)) - 1]!;
  return Number.isFinite(value) ? value : Number.NaN;
}
