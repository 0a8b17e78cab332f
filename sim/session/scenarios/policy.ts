/**
 * The policy of clients in a world that asks for none of its own: the default, but that a wait for want of room stays below a
 * minute. No world of the catalogue refuses anybody for long enough to tell the two apart, and bounds are derived from the longest
 * wait that a policy may draw: half an hour would say nothing of a run of minutes.
 */
import type { Policy } from '../../../src/backoff/policy.ts';
import { PRESETS } from '../../../src/backoff/presets.ts';
import { type Duration, seconds } from '../../../src/time.ts';

const CROWD: Duration = seconds(60);

export const WORLD_POLICY: Policy = {
  ...PRESETS.default.policy,
  modes: PRESETS.default.policy.modes.map((mode) => (mode.on === 'overloaded' ? { ...mode, cap: CROWD } : mode)),
};
