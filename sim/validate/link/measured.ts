/**
 * What was measured: WebSockets (`ws` 8.23.0 on Node 20.20.2) over kernel TCP (Linux 6.18, 250 ticks a second, CUBIC) through
 * an emulated link, two network namespaces on one machine. Quantiles only; the raw samples stay where they were recorded.
 * Loss hits each direction independently; delay is half the round trip each way. Times in milliseconds.
 */

const NEVER = Number.POSITIVE_INFINITY;

/** The 95 % confidence interval of a quantile, by bootstrap. */
export type Interval = readonly [number, number];

/** `new WebSocket` to `open`, 700 dials a row (100 with TLS 1.3). */
export interface ConnectCell {
  readonly tls: boolean;
  readonly rtt: number;
  /** Per cent of packets in each direction. */
  readonly loss: number;
  readonly p50: number;
  readonly ci50: Interval;
  readonly p95: number;
  readonly ci95: Interval;
}

/** One-way latency of a stream of equal messages, about 20 connections of 10 s a row; null: never arrived. */
export interface PacedCell {
  readonly rtt: number;
  readonly loss: number;
  readonly interval: number;
  readonly bytes: number;
  readonly p50: number | null;
  readonly ci50: Interval;
  readonly p95: number | null;
  readonly ci95: Interval;
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
  readonly range: Interval;
}

export const CONNECT: readonly ConnectCell[] = [
  { tls: false, rtt: 20, loss: 0, p50: 40.57, ci50: [40.55, 40.59], p95: 41.17, ci95: [41.09, 41.27] },
  { tls: false, rtt: 20, loss: 1, p50: 40.57, ci50: [40.54, 40.59], p95: 42.35, ci95: [41.45, 265.95] },
  { tls: false, rtt: 20, loss: 5, p50: 40.67, ci50: [40.65, 40.71], p95: 1059.81, ci95: [1052.72, 1062.33] },
  { tls: false, rtt: 20, loss: 10, p50: 40.78, ci50: [40.71, 40.83], p95: 1305.26, ci95: [1266.79, 2084.81] },
  { tls: false, rtt: 20, loss: 30, p50: 958.42, ci50: [495.68, 1048.04], p95: 5169.8, ci95: [4074.43, 6837.25] },
  { tls: false, rtt: 100, loss: 0, p50: 200.59, ci50: [200.57, 200.61], p95: 201.27, ci95: [201.19, 201.38] },
  { tls: false, rtt: 100, loss: 1, p50: 200.6, ci50: [200.58, 200.63], p95: 202.95, ci95: [201.64, 513.95] },
  { tls: false, rtt: 100, loss: 5, p50: 200.66, ci50: [200.63, 200.7], p95: 1216.29, ci95: [1212.91, 1224.71] },
  { tls: false, rtt: 100, loss: 10, p50: 200.76, ci50: [200.72, 200.81], p95: 1228.76, ci95: [1221.43, 1538.23] },
  { tls: false, rtt: 100, loss: 30, p50: 1203.39, ci50: [854.43, 1212.18], p95: 6706.88, ci95: [5200.82, 7235.41] },
  { tls: true, rtt: 20, loss: 0, p50: 64.23, ci50: [63.98, 64.49], p95: 67.07, ci95: [65.82, 70.02] },
  { tls: true, rtt: 100, loss: 0, p50: 304.73, ci50: [304.56, 304.86], p95: 306.71, ci95: [306.06, 311.03] },
  { tls: true, rtt: 100, loss: 5, p50: 305.48, ci50: [304.96, 305.95], p95: 1320.11, ci95: [1307.11, 2320.83] },
];

export const PACED: readonly PacedCell[] = [
  { rtt: 20, loss: 0, interval: 10, bytes: 1024, p50: 10.08, ci50: [10.07, 10.08], p95: 10.16, ci95: [10.14, 10.18] },
  { rtt: 20, loss: 0, interval: 30, bytes: 50, p50: 10.08, ci50: [10.08, 10.08], p95: 10.17, ci95: [10.15, 10.18] },
  { rtt: 20, loss: 1, interval: 10, bytes: 1024, p50: 10.08, ci50: [10.08, 10.08], p95: 19.86, ci95: [11.07, 20.3] },
  { rtt: 20, loss: 1, interval: 30, bytes: 50, p50: 10.08, ci50: [10.08, 10.09], p95: 10.27, ci95: [10.21, 10.36] },
  { rtt: 20, loss: 5, interval: 10, bytes: 1024, p50: 10.13, ci50: [10.11, 10.16], p95: 163.25, ci95: [103.18, 218.3] },
  { rtt: 20, loss: 5, interval: 30, bytes: 50, p50: 10.09, ci50: [10.09, 10.1], p95: 61.05, ci95: [60.32, 101.89] },
  {
    rtt: 20,
    loss: 10,
    interval: 10,
    bytes: 1024,
    p50: 231.71,
    ci50: [136.02, 389.8],
    p95: 1596.03,
    ci95: [1125.8, 1896.11],
  },
  { rtt: 20, loss: 10, interval: 30, bytes: 50, p50: 10.12, ci50: [10.11, 10.14], p95: 629.8, ci95: [339.2, 1232.96] },
  { rtt: 20, loss: 30, interval: 10, bytes: 1024, p50: null, ci50: [NEVER, NEVER], p95: null, ci95: [NEVER, NEVER] },
  {
    rtt: 20,
    loss: 30,
    interval: 30,
    bytes: 50,
    p50: 3124.91,
    ci50: [1742.5, 12799.85],
    p95: 48546.14,
    ci95: [27215.37, NEVER],
  },
  { rtt: 100, loss: 0, interval: 10, bytes: 1024, p50: 50.08, ci50: [50.07, 50.08], p95: 50.16, ci95: [50.14, 50.18] },
  { rtt: 100, loss: 0, interval: 30, bytes: 50, p50: 50.08, ci50: [50.08, 50.08], p95: 50.16, ci95: [50.14, 50.19] },
  {
    rtt: 100,
    loss: 1,
    interval: 10,
    bytes: 1024,
    p50: 50.12,
    ci50: [50.1, 50.65],
    p95: 195.82,
    ci95: [143.56, 332.26],
  },
  { rtt: 100, loss: 1, interval: 30, bytes: 50, p50: 50.08, ci50: [50.08, 50.09], p95: 60.55, ci95: [60.06, 70.86] },
  {
    rtt: 100,
    loss: 5,
    interval: 10,
    bytes: 1024,
    p50: 2442.35,
    ci50: [1846.55, 3000.62],
    p95: 6612.96,
    ci95: [5774.46, 7323.9],
  },
  { rtt: 100, loss: 5, interval: 30, bytes: 50, p50: 50.14, ci50: [50.12, 50.22], p95: 180.4, ci95: [179.84, 181.01] },
  {
    rtt: 100,
    loss: 10,
    interval: 10,
    bytes: 1024,
    p50: 8584.48,
    ci50: [7476.65, 9651.99],
    p95: 18926.92,
    ci95: [17590.17, 20222.08],
  },
  {
    rtt: 100,
    loss: 10,
    interval: 30,
    bytes: 50,
    p50: 90.15,
    ci50: [80.44, 100.31],
    p95: 587.45,
    ci95: [433.26, 981.54],
  },
  { rtt: 100, loss: 30, interval: 10, bytes: 1024, p50: null, ci50: [NEVER, NEVER], p95: null, ci95: [NEVER, NEVER] },
  {
    rtt: 100,
    loss: 30,
    interval: 30,
    bytes: 50,
    p50: 2207.89,
    ci50: [1323.6, 5725.87],
    p95: null,
    ci95: [NEVER, NEVER],
  },
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
