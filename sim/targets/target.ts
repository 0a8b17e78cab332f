/**
 * Targets: the service levels that a scenario promises, by name, and the cells in which physics forbids one.
 *
 * A scenario lists the targets that speak about it. Each is judged over all of its runs, except over the cells that an
 * exception names: those are judged against the exception's own bound, so that nothing is ever left out in silence.
 */
import type { Dimensions } from '../cells.ts';

/** Every target there is, in the order in which reports show them. */
export const TARGET_NAMES = [
  'connect',
  'context-restored',
  'context-brief',
  'context-medium',
  'address-change',
  'cycle-slowdown',
  'cycle-memory',
  'reconnect',
  'stream-resumed',
  'recovery',
  'buffers',
  'graceful',
  'emergency',
  'rolling',
  'backoff',
  'state-restored',
  'completion',
  'integrity',
  'recovered',
  'timeouts',
  'resent',
  'overhead',
] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

/** Cells in which a target cannot hold, and what holds there instead. */
export interface Exception {
  /**
   * The cells: `{ condition: ['outage'] }` covers every cell with that value, two dimensions must both match, and `{}`
   * covers all cells (a scenario that opens no dimension has only that one).
   */
  readonly cells: Dimensions;
  /**
   * The derived bound that stands instead, in the unit of the target: microseconds for times, bytes for sizes, percent
   * for shares. Derive it from the policy and the faults (`seconds(8)` for an outage of eight seconds, plus …).
   */
  readonly bound: number;
  /** Why physics forbids the target there: a full sentence for the report. */
  readonly reason: string;
}

/** That a scenario promises a target. */
export interface TargetUse {
  readonly name: TargetName;
  readonly except?: readonly Exception[];
}
