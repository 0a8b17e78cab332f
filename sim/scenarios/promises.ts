/** Targets by name, for the lists of scenarios. */
import { type Duration, seconds } from '../../src/time.ts';
import type { Exception, TargetName, TargetUse } from '../targets/target.ts';

/** Targets without exceptions. */
export const promised = (...names: readonly TargetName[]): readonly TargetUse[] => names.map((name) => ({ name }));

/** A bound that stands in the cells of these conditions; in every cell when none is named. */
export const unless = (conditions: readonly string[], bound: Duration, reason: string): Exception => ({
  cells: conditions.length === 0 ? {} : { condition: conditions },
  bound,
  reason,
});

/** How long a HELLO may wait for its WELCOME: longer than that, and the client hangs up. */
export const HELLO_WAITS = seconds(10);
