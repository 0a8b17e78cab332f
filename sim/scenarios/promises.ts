/** Targets that scenarios share, and how exceptions to them are written. */
import type { TargetName, TargetUse } from '../targets/target.ts';

/** Targets by name, without exceptions. */
export const promised = (...names: readonly TargetName[]): readonly TargetUse[] => names.map((name) => ({ name }));

/** What every scenario promises, whatever happens in it. */
export const ALWAYS = promised('buffers', 'completion', 'integrity', 'recovered', 'timeouts', 'resent');
