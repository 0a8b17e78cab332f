/**
 * What a run costs beside the same seed without faults.
 *
 * A harm makes a run longer, and as long as anybody is there the balancer probes and both ends beat: that is the price of
 * time, with or without faults, and how much time recovery may take is what other targets say. So the events of a run are
 * compared with those of the same seed whose applications stay just as long, undisturbed; and the difference with what
 * the seed takes by itself, because an hour of probes would make any recovery look cheap.
 */
import type { Outcome } from '../core/outcome.ts';
import { type RunOptions, run } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';

export interface Pair {
  /** Events of the seed without faults, and of the same when every application stays as long as it did with them. */
  readonly faultFree: number;
  readonly forAsLong: number;
}

/** Runs the seed of `outcome` again, without faults. */
export function pairOf(scenario: Scenario, { seed, left }: Outcome, options: RunOptions): Pair {
  const undisturbed = { ...options, plan: [], laws: [] };
  const free = run(scenario, seed, undisturbed);
  const longer = Object.entries(left).some(([client, at]) => at > (free.left[client] ?? at));
  const forAsLong = longer ? run(scenario, seed, { ...undisturbed, stay: left }).events : free.events;
  return { faultFree: free.events, forAsLong };
}
