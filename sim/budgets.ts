/** Budgets: a run that does not end by itself is stopped with a named verdict instead of hanging a sweep. */
import type { Instant } from '../src/time.ts';

export interface Budgets {
  readonly events: number;
  /** Virtual time. */
  readonly time: Instant;
  /** Pending events at once. */
  readonly queue: number;
  /** Dials of one client. */
  readonly dials: number;
}

export const BUDGETS: Budgets = {
  events: 5_000_000,
  time: (24 * 3_600_000_000) as Instant,
  queue: 1_000_000,
  dials: 20_000,
};
