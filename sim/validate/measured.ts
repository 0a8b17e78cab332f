/**
 * What was measured: WebSockets (`ws` 8.23.0 on Node 20.20.2) over kernel TCP (Linux 6.18, 250 ticks a second, CUBIC) through
 * an emulated link, two network namespaces on one machine. Quantiles only; the raw samples stay where they were recorded.
 * Loss hits each direction independently; delay is half the round trip each way. Times in milliseconds.
 */

/** `new WebSocket` to `open`, 700 dials a row (100 with TLS 1.3). */
export interface ConnectCell {
  readonly tls: boolean;
  readonly rtt: number;
  /** Per cent of packets in each direction. */
  readonly loss: number;
  readonly p50: number;
  readonly p95: number;
}

/** One-way latency of a stream of equal messages, about 20 connections of 10 s a row; null: never arrived. */
export interface PacedCell {
  readonly rtt: number;
  readonly loss: number;
  readonly interval: number;
  readonly bytes: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** One message, from `send` to `message`, through a bottleneck with a queue of 64 KB; `runs` transfers a row. */
export interface BulkCell {
  readonly mbps: number;
  readonly rtt: number;
  readonly loss: number;
  readonly bytes: number;
  readonly runs: number;
  readonly p50: number;
  /** The fastest and the slowest of them. */
  readonly range: readonly [number, number];
}

/** The first message that is delivered at or after the heal, counted from the heal. */
export interface HealCell {
  readonly direction: 'both' | 'data' | 'ack';
  readonly rtt: number;
  readonly interval: number;
  /** How long the path was cut. */
  readonly cut: number;
  readonly runs: number;
  readonly p50: number;
}

export const CONNECT: readonly ConnectCell[] = [
  { tls: false, rtt: 20, loss: 0, p50: 40.57, p95: 41.17 },
  { tls: false, rtt: 20, loss: 1, p50: 40.57, p95: 42.35 },
  { tls: false, rtt: 20, loss: 5, p50: 40.67, p95: 1059.81 },
  { tls: false, rtt: 20, loss: 10, p50: 40.78, p95: 1305.26 },
  { tls: false, rtt: 20, loss: 30, p50: 958.42, p95: 5169.8 },
  { tls: false, rtt: 100, loss: 0, p50: 200.59, p95: 201.27 },
  { tls: false, rtt: 100, loss: 1, p50: 200.6, p95: 202.95 },
  { tls: false, rtt: 100, loss: 5, p50: 200.66, p95: 1216.29 },
  { tls: false, rtt: 100, loss: 10, p50: 200.76, p95: 1228.76 },
  { tls: false, rtt: 100, loss: 30, p50: 1203.39, p95: 6706.88 },
  { tls: true, rtt: 20, loss: 0, p50: 64.23, p95: 67.07 },
  { tls: true, rtt: 100, loss: 0, p50: 304.73, p95: 306.71 },
  { tls: true, rtt: 100, loss: 5, p50: 305.48, p95: 1320.11 },
];

export const PACED: readonly PacedCell[] = [
  { rtt: 20, loss: 0, interval: 10, bytes: 1024, p50: 10.08, p95: 10.16 },
  { rtt: 20, loss: 0, interval: 30, bytes: 50, p50: 10.08, p95: 10.17 },
  { rtt: 20, loss: 1, interval: 10, bytes: 1024, p50: 10.08, p95: 19.86 },
  { rtt: 20, loss: 1, interval: 30, bytes: 50, p50: 10.08, p95: 10.27 },
  { rtt: 20, loss: 5, interval: 10, bytes: 1024, p50: 10.13, p95: 163.25 },
  { rtt: 20, loss: 5, interval: 30, bytes: 50, p50: 10.09, p95: 61.05 },
  { rtt: 20, loss: 10, interval: 10, bytes: 1024, p50: 231.71, p95: 1596.03 },
  { rtt: 20, loss: 10, interval: 30, bytes: 50, p50: 10.12, p95: 629.8 },
  { rtt: 20, loss: 30, interval: 10, bytes: 1024, p50: null, p95: null },
  { rtt: 20, loss: 30, interval: 30, bytes: 50, p50: 3124.91, p95: 48546.14 },
  { rtt: 100, loss: 0, interval: 10, bytes: 1024, p50: 50.08, p95: 50.16 },
  { rtt: 100, loss: 0, interval: 30, bytes: 50, p50: 50.08, p95: 50.16 },
  { rtt: 100, loss: 1, interval: 10, bytes: 1024, p50: 50.12, p95: 195.82 },
  { rtt: 100, loss: 1, interval: 30, bytes: 50, p50: 50.08, p95: 60.55 },
  { rtt: 100, loss: 5, interval: 10, bytes: 1024, p50: 2442.35, p95: 6612.96 },
  { rtt: 100, loss: 5, interval: 30, bytes: 50, p50: 50.14, p95: 180.4 },
  { rtt: 100, loss: 10, interval: 10, bytes: 1024, p50: 8584.48, p95: 18926.92 },
  { rtt: 100, loss: 10, interval: 30, bytes: 50, p50: 90.15, p95: 587.45 },
  { rtt: 100, loss: 30, interval: 10, bytes: 1024, p50: null, p95: null },
  { rtt: 100, loss: 30, interval: 30, bytes: 50, p50: 2207.89, p95: null },
];

export const BULK: readonly BulkCell[] = [
  { mbps: 0.4, rtt: 20, loss: 0, bytes: 100000, runs: 16, p50: 2083.3, range: [2083.2, 2090.6] },
  { mbps: 0.4, rtt: 20, loss: 0, bytes: 1000000, runs: 6, p50: 20729.4, range: [20729.4, 20729.9] },
  { mbps: 0.4, rtt: 20, loss: 0, bytes: 10000000, runs: 2, p50: 207198.8, range: [207197.1, 207200.5] },
  { mbps: 0.4, rtt: 20, loss: 1, bytes: 100000, runs: 16, p50: 2083.2, range: [2083.2, 2103.4] },
  { mbps: 0.4, rtt: 20, loss: 1, bytes: 1000000, runs: 6, p50: 20729.4, range: [20729.2, 20730.4] },
  { mbps: 0.4, rtt: 20, loss: 1, bytes: 10000000, runs: 2, p50: 207238.6, range: [207229.6, 207247.6] },
  { mbps: 0.4, rtt: 20, loss: 5, bytes: 100000, runs: 16, p50: 2083.2, range: [2083.1, 3299.9] },
  { mbps: 0.4, rtt: 20, loss: 5, bytes: 1000000, runs: 6, p50: 21470.1, range: [21219.7, 26641.0] },
  { mbps: 0.4, rtt: 20, loss: 5, bytes: 10000000, runs: 2, p50: 215134.5, range: [212366.2, 217902.8] },
  { mbps: 0.4, rtt: 100, loss: 0, bytes: 100000, runs: 16, p50: 2123.2, range: [2123.2, 2128.3] },
  { mbps: 0.4, rtt: 100, loss: 0, bytes: 1000000, runs: 6, p50: 20769.3, range: [20769.2, 20769.8] },
  { mbps: 0.4, rtt: 100, loss: 0, bytes: 10000000, runs: 2, p50: 207260.7, range: [207240.9, 207280.5] },
  { mbps: 0.4, rtt: 100, loss: 1, bytes: 100000, runs: 16, p50: 2123.2, range: [2123.1, 4177.1] },
  { mbps: 0.4, rtt: 100, loss: 1, bytes: 1000000, runs: 6, p50: 20769.9, range: [20769.4, 20822.1] },
  { mbps: 0.4, rtt: 100, loss: 1, bytes: 10000000, runs: 2, p50: 207282.5, range: [207252.4, 207312.6] },
  { mbps: 0.4, rtt: 100, loss: 5, bytes: 100000, runs: 16, p50: 2123.2, range: [2123.1, 2254.6] },
  { mbps: 0.4, rtt: 100, loss: 5, bytes: 1000000, runs: 6, p50: 25352.2, range: [24011.1, 32441.2] },
  { mbps: 0.4, rtt: 100, loss: 5, bytes: 10000000, runs: 2, p50: 267405.0, range: [266814.1, 267995.9] },
  { mbps: 2, rtt: 20, loss: 0, bytes: 100000, runs: 16, p50: 424.9, range: [424.8, 428.0] },
  { mbps: 2, rtt: 20, loss: 0, bytes: 1000000, runs: 6, p50: 4154.3, range: [4154.2, 4154.3] },
  { mbps: 2, rtt: 20, loss: 0, bytes: 10000000, runs: 2, p50: 41480.7, range: [41456.0, 41505.4] },
  { mbps: 2, rtt: 20, loss: 1, bytes: 100000, runs: 16, p50: 424.9, range: [424.8, 426.5] },
  { mbps: 2, rtt: 20, loss: 1, bytes: 1000000, runs: 6, p50: 4154.3, range: [4154.1, 4154.3] },
  { mbps: 2, rtt: 20, loss: 1, bytes: 10000000, runs: 2, p50: 41576.2, range: [41514.0, 41638.3] },
  { mbps: 2, rtt: 20, loss: 5, bytes: 100000, runs: 16, p50: 426.0, range: [424.8, 754.3] },
  { mbps: 2, rtt: 20, loss: 5, bytes: 1000000, runs: 6, p50: 5692.4, range: [5049.5, 6676.1] },
  { mbps: 2, rtt: 20, loss: 5, bytes: 10000000, runs: 2, p50: 62064.2, range: [61314.3, 62814.1] },
  { mbps: 2, rtt: 100, loss: 0, bytes: 100000, runs: 16, p50: 516.9, range: [516.9, 517.0] },
  { mbps: 2, rtt: 100, loss: 0, bytes: 1000000, runs: 6, p50: 4246.7, range: [4246.7, 4252.7] },
  { mbps: 2, rtt: 100, loss: 0, bytes: 10000000, runs: 2, p50: 41544.5, range: [41541.2, 41547.9] },
  { mbps: 2, rtt: 100, loss: 1, bytes: 100000, runs: 16, p50: 517.0, range: [516.8, 877.6] },
  { mbps: 2, rtt: 100, loss: 1, bytes: 1000000, runs: 6, p50: 4341.7, range: [4246.4, 6062.0] },
  { mbps: 2, rtt: 100, loss: 1, bytes: 10000000, runs: 2, p50: 65321.3, range: [59930.4, 70712.2] },
  { mbps: 2, rtt: 100, loss: 5, bytes: 100000, runs: 16, p50: 587.5, range: [516.9, 1086.1] },
  { mbps: 2, rtt: 100, loss: 5, bytes: 1000000, runs: 6, p50: 15225.3, range: [10669.7, 17201.4] },
  { mbps: 2, rtt: 100, loss: 5, bytes: 10000000, runs: 2, p50: 188106.6, range: [184061.4, 192151.7] },
  { mbps: 10, rtt: 20, loss: 0, bytes: 100000, runs: 16, p50: 103.7, range: [103.6, 104.1] },
  { mbps: 10, rtt: 20, loss: 0, bytes: 1000000, runs: 6, p50: 849.8, range: [849.8, 849.8] },
  { mbps: 10, rtt: 20, loss: 0, bytes: 10000000, runs: 2, p50: 8311.6, range: [8311.5, 8311.7] },
  { mbps: 10, rtt: 20, loss: 1, bytes: 100000, runs: 16, p50: 104.1, range: [103.6, 196.6] },
  { mbps: 10, rtt: 20, loss: 1, bytes: 1000000, runs: 6, p50: 853.4, range: [849.7, 1409.6] },
  { mbps: 10, rtt: 20, loss: 1, bytes: 10000000, runs: 2, p50: 13995.1, range: [13443.3, 14547.0] },
  { mbps: 10, rtt: 20, loss: 5, bytes: 100000, runs: 16, p50: 132.3, range: [105.5, 360.3] },
  { mbps: 10, rtt: 20, loss: 5, bytes: 1000000, runs: 6, p50: 4238.3, range: [3670.6, 4507.3] },
  { mbps: 10, rtt: 20, loss: 5, bytes: 10000000, runs: 2, p50: 45288.9, range: [44296.6, 46281.2] },
  { mbps: 10, rtt: 100, loss: 0, bytes: 100000, runs: 16, p50: 302.2, range: [302.1, 302.9] },
  { mbps: 10, rtt: 100, loss: 0, bytes: 1000000, runs: 6, p50: 1109.3, range: [1109.2, 1114.7] },
  { mbps: 10, rtt: 100, loss: 0, bytes: 10000000, runs: 2, p50: 8571.3, range: [8570.8, 8571.9] },
  { mbps: 10, rtt: 100, loss: 1, bytes: 100000, runs: 16, p50: 302.5, range: [302.0, 766.5] },
  { mbps: 10, rtt: 100, loss: 1, bytes: 1000000, runs: 6, p50: 1282.8, range: [1109.2, 2491.0] },
  { mbps: 10, rtt: 100, loss: 1, bytes: 10000000, runs: 2, p50: 58061.8, range: [56539.4, 59584.2] },
  { mbps: 10, rtt: 100, loss: 5, bytes: 100000, runs: 16, p50: 532.5, range: [302.1, 1492.4] },
  { mbps: 10, rtt: 100, loss: 5, bytes: 1000000, runs: 6, p50: 14586.9, range: [11704.0, 15656.8] },
  { mbps: 10, rtt: 100, loss: 5, bytes: 10000000, runs: 2, p50: 180423.4, range: [176298.6, 184548.2] },
];

export const HEAL: readonly HealCell[] = [
  { direction: 'ack', rtt: 20, interval: 10, cut: 200, runs: 8, p50: 25.7 },
  { direction: 'ack', rtt: 20, interval: 10, cut: 500, runs: 8, p50: 389.8 },
  { direction: 'ack', rtt: 20, interval: 10, cut: 1000, runs: 8, p50: 848.0 },
  { direction: 'ack', rtt: 20, interval: 10, cut: 2000, runs: 8, p50: 1742.5 },
  { direction: 'ack', rtt: 20, interval: 10, cut: 5000, runs: 8, p50: 2579.5 },
  { direction: 'ack', rtt: 20, interval: 30, cut: 200, runs: 12, p50: 14.3 },
  { direction: 'ack', rtt: 20, interval: 30, cut: 500, runs: 12, p50: 428.6 },
  { direction: 'ack', rtt: 20, interval: 30, cut: 1000, runs: 12, p50: 964.9 },
  { direction: 'ack', rtt: 20, interval: 30, cut: 2000, runs: 12, p50: 2003.6 },
  { direction: 'ack', rtt: 20, interval: 30, cut: 5000, runs: 12, p50: 3214.2 },
  { direction: 'ack', rtt: 20, interval: 30, cut: 10000, runs: 12, p50: 6337.1 },
  { direction: 'ack', rtt: 20, interval: 30, cut: 20000, runs: 6, p50: 12708.3 },
  { direction: 'ack', rtt: 20, interval: 30, cut: 60000, runs: 6, p50: 6311.5 },
  { direction: 'ack', rtt: 100, interval: 10, cut: 200, runs: 8, p50: 6.0 },
  { direction: 'ack', rtt: 100, interval: 10, cut: 500, runs: 8, p50: 238.7 },
  { direction: 'ack', rtt: 100, interval: 10, cut: 1000, runs: 8, p50: 388.1 },
  { direction: 'ack', rtt: 100, interval: 10, cut: 2000, runs: 8, p50: 674.1 },
  { direction: 'ack', rtt: 100, interval: 10, cut: 5000, runs: 8, p50: 355.0 },
  { direction: 'ack', rtt: 100, interval: 10, cut: 10000, runs: 4, p50: 392.5 },
  { direction: 'ack', rtt: 100, interval: 10, cut: 20000, runs: 4, p50: 645.7 },
  { direction: 'ack', rtt: 100, interval: 10, cut: 60000, runs: 4, p50: 23458.8 },
  { direction: 'ack', rtt: 100, interval: 30, cut: 200, runs: 12, p50: 15.6 },
  { direction: 'ack', rtt: 100, interval: 30, cut: 500, runs: 12, p50: 288.7 },
  { direction: 'ack', rtt: 100, interval: 30, cut: 1000, runs: 12, p50: 461.6 },
  { direction: 'ack', rtt: 100, interval: 30, cut: 2000, runs: 12, p50: 807.4 },
  { direction: 'ack', rtt: 100, interval: 30, cut: 5000, runs: 12, p50: 581.8 },
  { direction: 'ack', rtt: 100, interval: 30, cut: 10000, runs: 12, p50: 941.0 },
  { direction: 'ack', rtt: 100, interval: 30, cut: 20000, runs: 6, p50: 1771.0 },
  { direction: 'ack', rtt: 100, interval: 30, cut: 60000, runs: 6, p50: 27706.4 },
  { direction: 'both', rtt: 20, interval: 10, cut: 200, runs: 8, p50: 221.9 },
  { direction: 'both', rtt: 20, interval: 10, cut: 500, runs: 8, p50: 413.0 },
  { direction: 'both', rtt: 20, interval: 10, cut: 1000, runs: 8, p50: 874.2 },
  { direction: 'both', rtt: 20, interval: 10, cut: 2000, runs: 8, p50: 1764.1 },
  { direction: 'both', rtt: 20, interval: 10, cut: 5000, runs: 8, p50: 2603.8 },
  { direction: 'both', rtt: 20, interval: 30, cut: 200, runs: 12, p50: 68.2 },
  { direction: 'both', rtt: 20, interval: 30, cut: 500, runs: 12, p50: 402.5 },
  { direction: 'both', rtt: 20, interval: 30, cut: 1000, runs: 12, p50: 936.4 },
  { direction: 'both', rtt: 20, interval: 30, cut: 2000, runs: 12, p50: 1982.4 },
  { direction: 'both', rtt: 20, interval: 30, cut: 5000, runs: 12, p50: 3138.3 },
  { direction: 'both', rtt: 20, interval: 30, cut: 10000, runs: 12, p50: 6357.3 },
  { direction: 'both', rtt: 20, interval: 30, cut: 20000, runs: 6, p50: 12717.0 },
  { direction: 'both', rtt: 20, interval: 30, cut: 60000, runs: 6, p50: 6183.7 },
  { direction: 'both', rtt: 100, interval: 10, cut: 200, runs: 8, p50: 313.7 },
  { direction: 'both', rtt: 100, interval: 10, cut: 500, runs: 8, p50: 349.0 },
  { direction: 'both', rtt: 100, interval: 10, cut: 1000, runs: 8, p50: 493.7 },
  { direction: 'both', rtt: 100, interval: 10, cut: 2000, runs: 8, p50: 770.5 },
  { direction: 'both', rtt: 100, interval: 10, cut: 5000, runs: 8, p50: 418.4 },
  { direction: 'both', rtt: 100, interval: 10, cut: 10000, runs: 4, p50: 548.1 },
  { direction: 'both', rtt: 100, interval: 10, cut: 20000, runs: 4, p50: 787.3 },
  { direction: 'both', rtt: 100, interval: 10, cut: 60000, runs: 4, p50: 23459.0 },
  { direction: 'both', rtt: 100, interval: 30, cut: 200, runs: 12, p50: 227.3 },
  { direction: 'both', rtt: 100, interval: 30, cut: 500, runs: 12, p50: 180.6 },
  { direction: 'both', rtt: 100, interval: 30, cut: 1000, runs: 12, p50: 364.3 },
  { direction: 'both', rtt: 100, interval: 30, cut: 2000, runs: 12, p50: 702.6 },
  { direction: 'both', rtt: 100, interval: 30, cut: 5000, runs: 12, p50: 539.2 },
  { direction: 'both', rtt: 100, interval: 30, cut: 10000, runs: 12, p50: 850.1 },
  { direction: 'both', rtt: 100, interval: 30, cut: 20000, runs: 6, p50: 1622.8 },
  { direction: 'both', rtt: 100, interval: 30, cut: 60000, runs: 6, p50: 27668.6 },
  { direction: 'data', rtt: 20, interval: 10, cut: 200, runs: 8, p50: 214.7 },
  { direction: 'data', rtt: 20, interval: 10, cut: 500, runs: 8, p50: 403.1 },
  { direction: 'data', rtt: 20, interval: 10, cut: 1000, runs: 8, p50: 861.3 },
  { direction: 'data', rtt: 20, interval: 10, cut: 2000, runs: 8, p50: 1794.9 },
  { direction: 'data', rtt: 20, interval: 10, cut: 5000, runs: 8, p50: 2664.6 },
  { direction: 'data', rtt: 20, interval: 30, cut: 200, runs: 12, p50: 43.3 },
  { direction: 'data', rtt: 20, interval: 30, cut: 500, runs: 12, p50: 436.2 },
  { direction: 'data', rtt: 20, interval: 30, cut: 1000, runs: 12, p50: 951.0 },
  { direction: 'data', rtt: 20, interval: 30, cut: 2000, runs: 12, p50: 2011.6 },
  { direction: 'data', rtt: 20, interval: 30, cut: 5000, runs: 12, p50: 3174.6 },
  { direction: 'data', rtt: 20, interval: 30, cut: 10000, runs: 12, p50: 6395.0 },
  { direction: 'data', rtt: 20, interval: 30, cut: 20000, runs: 6, p50: 12783.4 },
  { direction: 'data', rtt: 20, interval: 30, cut: 60000, runs: 6, p50: 5398.3 },
  { direction: 'data', rtt: 100, interval: 10, cut: 200, runs: 8, p50: 155.0 },
  { direction: 'data', rtt: 100, interval: 10, cut: 500, runs: 8, p50: 208.3 },
  { direction: 'data', rtt: 100, interval: 10, cut: 1000, runs: 8, p50: 343.1 },
  { direction: 'data', rtt: 100, interval: 10, cut: 2000, runs: 8, p50: 626.2 },
  { direction: 'data', rtt: 100, interval: 10, cut: 5000, runs: 8, p50: 273.0 },
  { direction: 'data', rtt: 100, interval: 10, cut: 10000, runs: 4, p50: 421.3 },
  { direction: 'data', rtt: 100, interval: 10, cut: 20000, runs: 4, p50: 640.5 },
  { direction: 'data', rtt: 100, interval: 10, cut: 60000, runs: 4, p50: 23404.3 },
  { direction: 'data', rtt: 100, interval: 30, cut: 200, runs: 12, p50: 158.2 },
  { direction: 'data', rtt: 100, interval: 30, cut: 500, runs: 12, p50: 262.2 },
  { direction: 'data', rtt: 100, interval: 30, cut: 1000, runs: 12, p50: 448.5 },
  { direction: 'data', rtt: 100, interval: 30, cut: 2000, runs: 12, p50: 790.1 },
  { direction: 'data', rtt: 100, interval: 30, cut: 5000, runs: 12, p50: 551.5 },
  { direction: 'data', rtt: 100, interval: 30, cut: 10000, runs: 12, p50: 1270.9 },
  { direction: 'data', rtt: 100, interval: 30, cut: 20000, runs: 6, p50: 1983.2 },
  { direction: 'data', rtt: 100, interval: 30, cut: 60000, runs: 6, p50: 29374.1 },
];
