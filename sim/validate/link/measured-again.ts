/**
 * Cells of which few runs had been measured, or whose percentile lies between two clusters, measured once more with many:
 * plain sockets that write what `ws` would, Linux 6.18 (250 ticks a second, CUBIC), an emulator written anew. They change no
 * verdict: a bound is judged against the first measurement, and beside a miss stands what the second one says.
 */
import type { Interval } from './measured.ts';

export interface Again {
  /** Dials, connections or transfers. */
  readonly runs: number;
  readonly value: number;
  /** 95 %, by bootstrap over them. */
  readonly interval: Interval;
}

const again = (runs: number, value: number, interval: Interval): Again => ({ runs, value, interval });

/** By experiment, cell and figure. */
export const AGAIN: ReadonlyMap<string, Again> = new Map([
  ['connect ws, RTT 20, loss 30 % p50', again(1000, 1050.0, [1045.3, 1056.6])],
  ['connect ws, RTT 20, loss 30 % p95', again(1000, 5391.4, [4570.5, 6878.4])],
  ['connect ws, RTT 100, loss 30 % p50', again(1000, 1212.8, [1207.2, 1218.0])],
  ['connect ws, RTT 100, loss 30 % p95', again(1000, 5837.1, [5311.2, 7340.0])],
  ['paced RTT 20, loss 1 %, 1024 B each 10 ms p95', again(60, 10.4, [10.3, 10.6])],
  ['paced RTT 20, loss 5 %, 1024 B each 10 ms p95', again(60, 151.3, [110.0, 195.0])],
  ['paced RTT 20, loss 5 %, 50 B each 30 ms p95', again(60, 68.1, [60.3, 98.0])],
  ['paced RTT 100, loss 1 %, 1024 B each 10 ms p95', again(180, 255.9, [201.2, 335.2])],
  ['paced RTT 100, loss 5 %, 1024 B each 10 ms p50', again(60, 2437.5, [2196.5, 2768.4])],
  ['paced RTT 100, loss 5 %, 1024 B each 10 ms p95', again(60, 7096.4, [6384.0, 7914.9])],
  ['paced RTT 100, loss 5 %, 50 B each 30 ms p95', again(60, 180.6, [180.2, 190.4])],
  ['bulk 10 Mbit/s, RTT 20, loss 5 %, 1000000 B p50', again(48, 3832.8, [3610.5, 4064.2])],
  ['bulk 10 Mbit/s, RTT 20, loss 1 %, 10000000 B p50', again(8, 14_350.5, [13_940.1, 15_750.4])],
  ['bulk 10 Mbit/s, RTT 60, loss 5 %, 100000 B p50', again(120, 357.0, [344.7, 408.6])],
  ['bulk 10 Mbit/s, RTT 60, loss 5 %, 1000000 B p50', again(64, 9625.2, [9324.5, 10_146.5])],
  ['bulk 10 Mbit/s, RTT 100, loss 1 %, 1000000 B p50', again(48, 2048.3, [1415.3, 3207.4])],
  ['bulk 10 Mbit/s, RTT 300, loss 1 %, 1000000 B p50', again(24, 5927.5, [2967.9, 11_350.7])],
  ['bulk 2 Mbit/s, RTT 300, loss 1 %, 10000000 B p50', again(12, 128_303.0, [120_059.9, 137_612.3])],
]);
