/** What was measured of cuts: see `measured.ts` for how. */
import type { Interval } from './measured.ts';

/** The first message that is delivered at or after the heal, counted from the heal. */
export interface HealCell {
  readonly direction: 'both' | 'data' | 'ack';
  readonly rtt: number;
  readonly interval: number;
  /** How long the path was cut. */
  readonly cut: number;
  readonly runs: number;
  readonly p50: number;
  readonly ci50: Interval;
}

/** The latency of the first message after a pause that began 0.8 s before the cut and ended 0.3 s after it; four runs each. */
export const IDLE: readonly {
  readonly rtt: number;
  readonly cut: number;
  readonly p50: number;
  readonly range: Interval;
}[] = [
  { rtt: 20, cut: 500, p50: 10.07, range: [10.06, 10.08] },
  { rtt: 20, cut: 5000, p50: 10.07, range: [10.06, 10.13] },
  { rtt: 20, cut: 20000, p50: 10.12, range: [10.07, 10.15] },
  { rtt: 100, cut: 500, p50: 50.08, range: [50.05, 50.1] },
  { rtt: 100, cut: 5000, p50: 50.08, range: [50.07, 50.12] },
  { rtt: 100, cut: 20000, p50: 50.08, range: [50.06, 50.08] },
];

export const HEAL: readonly HealCell[] = [
  { direction: 'ack', rtt: 20, interval: 10, cut: 200, runs: 8, p50: 25.7, ci50: [22.4, 205.4] },
  { direction: 'ack', rtt: 20, interval: 10, cut: 500, runs: 8, p50: 389.8, ci50: [380.1, 412.8] },
  { direction: 'ack', rtt: 20, interval: 10, cut: 1000, runs: 8, p50: 848.0, ci50: [846.5, 866.9] },
  { direction: 'ack', rtt: 20, interval: 10, cut: 2000, runs: 8, p50: 1742.5, ci50: [1737.3, 1747.9] },
  { direction: 'ack', rtt: 20, interval: 10, cut: 5000, runs: 8, p50: 2579.5, ci50: [2525.2, 2617.0] },
  { direction: 'ack', rtt: 20, interval: 30, cut: 200, runs: 12, p50: 14.3, ci50: [8.0, 23.8] },
  { direction: 'ack', rtt: 20, interval: 30, cut: 500, runs: 12, p50: 428.6, ci50: [412.6, 446.7] },
  { direction: 'ack', rtt: 20, interval: 30, cut: 1000, runs: 12, p50: 964.9, ci50: [950.9, 973.3] },
  { direction: 'ack', rtt: 20, interval: 30, cut: 2000, runs: 12, p50: 2003.6, ci50: [1995.2, 2028.6] },
  { direction: 'ack', rtt: 20, interval: 30, cut: 5000, runs: 12, p50: 3214.2, ci50: [3195.0, 3279.0] },
  { direction: 'ack', rtt: 20, interval: 30, cut: 10000, runs: 12, p50: 6337.1, ci50: [6308.1, 6449.3] },
  { direction: 'ack', rtt: 20, interval: 30, cut: 20000, runs: 6, p50: 12708.3, ci50: [12657.6, 12854.4] },
  { direction: 'ack', rtt: 20, interval: 30, cut: 60000, runs: 6, p50: 6311.5, ci50: [5262.8, 7166.3] },
  { direction: 'ack', rtt: 100, interval: 10, cut: 200, runs: 8, p50: 6.0, ci50: [1.4, 9.2] },
  { direction: 'ack', rtt: 100, interval: 10, cut: 500, runs: 8, p50: 238.7, ci50: [227.0, 251.3] },
  { direction: 'ack', rtt: 100, interval: 10, cut: 1000, runs: 8, p50: 388.1, ci50: [384.4, 395.1] },
  { direction: 'ack', rtt: 100, interval: 10, cut: 2000, runs: 8, p50: 674.1, ci50: [658.5, 678.0] },
  { direction: 'ack', rtt: 100, interval: 10, cut: 5000, runs: 8, p50: 355.0, ci50: [348.3, 425.2] },
  { direction: 'ack', rtt: 100, interval: 10, cut: 10000, runs: 4, p50: 392.5, ci50: [327.4, 526.7] },
  { direction: 'ack', rtt: 100, interval: 10, cut: 20000, runs: 4, p50: 645.7, ci50: [552.3, 729.6] },
  { direction: 'ack', rtt: 100, interval: 10, cut: 60000, runs: 4, p50: 23458.8, ci50: [23273.8, 23723.4] },
  { direction: 'ack', rtt: 100, interval: 30, cut: 200, runs: 12, p50: 15.6, ci50: [12.8, 25.8] },
  { direction: 'ack', rtt: 100, interval: 30, cut: 500, runs: 12, p50: 288.7, ci50: [267.5, 299.1] },
  { direction: 'ack', rtt: 100, interval: 30, cut: 1000, runs: 12, p50: 461.6, ci50: [449.2, 499.4] },
  { direction: 'ack', rtt: 100, interval: 30, cut: 2000, runs: 12, p50: 807.4, ci50: [802.8, 826.2] },
  { direction: 'ack', rtt: 100, interval: 30, cut: 5000, runs: 12, p50: 581.8, ci50: [530.8, 684.2] },
  { direction: 'ack', rtt: 100, interval: 30, cut: 10000, runs: 12, p50: 941.0, ci50: [908.9, 1017.5] },
  { direction: 'ack', rtt: 100, interval: 30, cut: 20000, runs: 6, p50: 1771.0, ci50: [1699.3, 1855.0] },
  { direction: 'ack', rtt: 100, interval: 30, cut: 60000, runs: 6, p50: 27706.4, ci50: [27592.5, 27786.0] },
  { direction: 'both', rtt: 20, interval: 10, cut: 200, runs: 8, p50: 221.9, ci50: [219.1, 227.6] },
  { direction: 'both', rtt: 20, interval: 10, cut: 500, runs: 8, p50: 413.0, ci50: [408.5, 421.2] },
  { direction: 'both', rtt: 20, interval: 10, cut: 1000, runs: 8, p50: 874.2, ci50: [868.8, 885.6] },
  { direction: 'both', rtt: 20, interval: 10, cut: 2000, runs: 8, p50: 1764.1, ci50: [1759.8, 1774.4] },
  { direction: 'both', rtt: 20, interval: 10, cut: 5000, runs: 8, p50: 2603.8, ci50: [2547.3, 2684.6] },
  { direction: 'both', rtt: 20, interval: 30, cut: 200, runs: 12, p50: 68.2, ci50: [57.4, 81.0] },
  { direction: 'both', rtt: 20, interval: 30, cut: 500, runs: 12, p50: 402.5, ci50: [392.2, 434.8] },
  { direction: 'both', rtt: 20, interval: 30, cut: 1000, runs: 12, p50: 936.4, ci50: [911.1, 971.4] },
  { direction: 'both', rtt: 20, interval: 30, cut: 2000, runs: 12, p50: 1982.4, ci50: [1974.5, 2019.8] },
  { direction: 'both', rtt: 20, interval: 30, cut: 5000, runs: 12, p50: 3138.3, ci50: [3089.9, 3230.4] },
  { direction: 'both', rtt: 20, interval: 30, cut: 10000, runs: 12, p50: 6357.3, ci50: [6313.3, 6409.0] },
  { direction: 'both', rtt: 20, interval: 30, cut: 20000, runs: 6, p50: 12717.0, ci50: [12690.4, 12837.3] },
  { direction: 'both', rtt: 20, interval: 30, cut: 60000, runs: 6, p50: 6183.7, ci50: [5368.7, 7085.8] },
  { direction: 'both', rtt: 100, interval: 10, cut: 200, runs: 8, p50: 313.7, ci50: [307.6, 321.6] },
  { direction: 'both', rtt: 100, interval: 10, cut: 500, runs: 8, p50: 349.0, ci50: [347.8, 362.6] },
  { direction: 'both', rtt: 100, interval: 10, cut: 1000, runs: 8, p50: 493.7, ci50: [491.6, 495.4] },
  { direction: 'both', rtt: 100, interval: 10, cut: 2000, runs: 8, p50: 770.5, ci50: [762.4, 778.3] },
  { direction: 'both', rtt: 100, interval: 10, cut: 5000, runs: 8, p50: 418.4, ci50: [340.9, 484.3] },
  { direction: 'both', rtt: 100, interval: 10, cut: 10000, runs: 4, p50: 548.1, ci50: [531.6, 596.7] },
  { direction: 'both', rtt: 100, interval: 10, cut: 20000, runs: 4, p50: 787.3, ci50: [706.0, 878.0] },
  { direction: 'both', rtt: 100, interval: 10, cut: 60000, runs: 4, p50: 23459.0, ci50: [21849.9, 23824.1] },
  { direction: 'both', rtt: 100, interval: 30, cut: 200, runs: 12, p50: 227.3, ci50: [195.3, 249.0] },
  { direction: 'both', rtt: 100, interval: 30, cut: 500, runs: 12, p50: 180.6, ci50: [176.0, 193.9] },
  { direction: 'both', rtt: 100, interval: 30, cut: 1000, runs: 12, p50: 364.3, ci50: [360.7, 394.4] },
  { direction: 'both', rtt: 100, interval: 30, cut: 2000, runs: 12, p50: 702.6, ci50: [689.6, 720.0] },
  { direction: 'both', rtt: 100, interval: 30, cut: 5000, runs: 12, p50: 539.2, ci50: [479.9, 568.9] },
  { direction: 'both', rtt: 100, interval: 30, cut: 10000, runs: 12, p50: 850.1, ci50: [810.3, 938.1] },
  { direction: 'both', rtt: 100, interval: 30, cut: 20000, runs: 6, p50: 1622.8, ci50: [1595.1, 1720.0] },
  { direction: 'both', rtt: 100, interval: 30, cut: 60000, runs: 6, p50: 27668.6, ci50: [27299.5, 27856.7] },
  { direction: 'data', rtt: 20, interval: 10, cut: 200, runs: 8, p50: 214.7, ci50: [206.9, 228.8] },
  { direction: 'data', rtt: 20, interval: 10, cut: 500, runs: 8, p50: 403.1, ci50: [375.5, 418.0] },
  { direction: 'data', rtt: 20, interval: 10, cut: 1000, runs: 8, p50: 861.3, ci50: [840.9, 882.6] },
  { direction: 'data', rtt: 20, interval: 10, cut: 2000, runs: 8, p50: 1794.9, ci50: [1729.7, 1814.0] },
  { direction: 'data', rtt: 20, interval: 10, cut: 5000, runs: 8, p50: 2664.6, ci50: [2516.2, 2733.5] },
  { direction: 'data', rtt: 20, interval: 30, cut: 200, runs: 12, p50: 43.3, ci50: [40.7, 54.5] },
  { direction: 'data', rtt: 20, interval: 30, cut: 500, runs: 12, p50: 436.2, ci50: [425.7, 445.3] },
  { direction: 'data', rtt: 20, interval: 30, cut: 1000, runs: 12, p50: 951.0, ci50: [945.9, 962.6] },
  { direction: 'data', rtt: 20, interval: 30, cut: 2000, runs: 12, p50: 2011.6, ci50: [2002.7, 2022.0] },
  { direction: 'data', rtt: 20, interval: 30, cut: 5000, runs: 12, p50: 3174.6, ci50: [3134.0, 3206.1] },
  { direction: 'data', rtt: 20, interval: 30, cut: 10000, runs: 12, p50: 6395.0, ci50: [6336.8, 6426.9] },
  { direction: 'data', rtt: 20, interval: 30, cut: 20000, runs: 6, p50: 12783.4, ci50: [12645.5, 12877.6] },
  { direction: 'data', rtt: 20, interval: 30, cut: 60000, runs: 6, p50: 5398.3, ci50: [5324.4, 7128.4] },
  { direction: 'data', rtt: 100, interval: 10, cut: 200, runs: 8, p50: 155.0, ci50: [153.8, 157.6] },
  { direction: 'data', rtt: 100, interval: 10, cut: 500, runs: 8, p50: 208.3, ci50: [205.8, 214.1] },
  { direction: 'data', rtt: 100, interval: 10, cut: 1000, runs: 8, p50: 343.1, ci50: [331.6, 353.8] },
  { direction: 'data', rtt: 100, interval: 10, cut: 2000, runs: 8, p50: 626.2, ci50: [623.7, 632.3] },
  { direction: 'data', rtt: 100, interval: 10, cut: 5000, runs: 8, p50: 273.0, ci50: [211.7, 370.1] },
  { direction: 'data', rtt: 100, interval: 10, cut: 10000, runs: 4, p50: 421.3, ci50: [385.1, 463.1] },
  { direction: 'data', rtt: 100, interval: 10, cut: 20000, runs: 4, p50: 640.5, ci50: [537.0, 731.0] },
  { direction: 'data', rtt: 100, interval: 10, cut: 60000, runs: 4, p50: 23404.3, ci50: [23262.3, 23667.5] },
  { direction: 'data', rtt: 100, interval: 30, cut: 200, runs: 12, p50: 158.2, ci50: [155.4, 168.6] },
  { direction: 'data', rtt: 100, interval: 30, cut: 500, runs: 12, p50: 262.2, ci50: [258.3, 270.0] },
  { direction: 'data', rtt: 100, interval: 30, cut: 1000, runs: 12, p50: 448.5, ci50: [441.9, 467.6] },
  { direction: 'data', rtt: 100, interval: 30, cut: 2000, runs: 12, p50: 790.1, ci50: [772.8, 839.5] },
  { direction: 'data', rtt: 100, interval: 30, cut: 5000, runs: 12, p50: 551.5, ci50: [502.9, 714.1] },
  { direction: 'data', rtt: 100, interval: 30, cut: 10000, runs: 12, p50: 1270.9, ci50: [1234.9, 1331.9] },
  { direction: 'data', rtt: 100, interval: 30, cut: 20000, runs: 6, p50: 1983.2, ci50: [1666.0, 2315.1] },
  { direction: 'data', rtt: 100, interval: 30, cut: 60000, runs: 6, p50: 29374.1, ci50: [27365.9, 29849.3] },
];
