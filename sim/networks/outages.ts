/**
 * Outages that were measured: stretches of at least 200 ms in which a phone in a moving car got nothing at all, from the
 * Mahimahi traces of Winstein, Sivaraman and Balakrishnan ("Stochastic Forecasts Achieve High Throughput and Low Delay
 * over Cellular Networks", USENIX NSDI 2013; the LTE drive is of 2016, with the same tool).
 */

export interface Drive {
  /** Milliseconds until the recording begins again. */
  readonly period: number;
  /** Beginning and length of each outage, in milliseconds, sorted. */
  readonly gaps: readonly (readonly [begin: number, length: number])[];
}

export const OUTAGES = {
  'att-lte': {
    period: 60_000,
    gaps: [
      [9424, 260],
      [10174, 899],
      [18581, 230],
      [19400, 201],
      [19606, 281],
      [21538, 1123],
      [25590, 323],
      [26030, 886],
    ],
  },
  'tmobile-umts': {
    period: 60_000,
    gaps: [
      [13959, 372],
      [16680, 1089],
      [18522, 336],
      [19099, 602],
      [29597, 3043],
      [32790, 1110],
      [34683, 496],
      [35179, 403],
      [35735, 438],
      [36173, 846],
      [37019, 617],
      [40044, 2327],
      [42410, 1629],
      [44071, 1961],
      [46196, 1455],
      [48032, 610],
      [48785, 5753],
      [54639, 1470],
    ],
  },
} as const satisfies Readonly<Record<string, Drive>>;

export type OutageName = keyof typeof OUTAGES;
