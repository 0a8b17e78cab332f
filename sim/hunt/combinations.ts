/**
 * What a hunt goes over: every network there is (each scenario's own choice, the presets, the sample traces) with every way
 * to harm (the scenario's own plan, plans of every kind of fault, and the own plan under another published policy).
 */
import { readdirSync } from 'node:fs';
import { envelope } from '../../src/backoff/envelope.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { type Origin, type Overrides, originIn } from '../core/overrides.ts';
import { networkOf } from '../input/network-argument.ts';
import type { Reader } from '../input/used-files.ts';
import { NETWORKS } from '../networks/presets.ts';

/** What all scenarios run under in one part of a round; `origin` says it as arguments. */
export interface Combination {
  readonly harm: 'own plans' | 'all faults' | 'policies';
  readonly overrides: Overrides;
  readonly origin: Origin;
}

/** Where sample traces are, seen from the root of the checkout. */
const SAMPLES = 'examples/networks';

/** Names of all networks: `null` for each scenario's own, then presets, then sample traces as `FILE.down,FILE.up`. */
export function networkNames(): readonly (string | null)[] {
  const traces = filesIn(SAMPLES)
    .filter((name) => name.endsWith('.down'))
    .map((name) => `${SAMPLES}/${name},${SAMPLES}/${name.slice(0, -'.down'.length)}.up`);
  return [null, ...NETWORKS.map(({ name }) => name), ...traces.sort()];
}

/** A checkout has them; elsewhere a hunt goes without. */
function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Whether a policy ever waits. One that never does dials until an outage is over or its budget of dials is: that such a run
 * comes to no end is what the policy asks for.
 */
const waits = (policy: Policy): boolean => envelope(policy, GROWN, policy.cap, null).most > 0;
/** A retry behind which no policy grows any more. */
const GROWN = 64;

/**
 * The combinations of one round, from another network on for each `turn`, so that short hunts do not always end before the
 * same ones. Each turn takes other policies, too: a long hunt meets all of them everywhere.
 */
export function combinationsOf(names: readonly (string | null)[], turn: number, read: Reader): readonly Combination[] {
  const policies = (Object.keys(PRESETS) as (keyof typeof PRESETS)[]).filter((name) => waits(PRESETS[name].policy));
  const first = turn % names.length;
  return [...names.slice(first), ...names.slice(0, first)].flatMap((name, i) => {
    const network = name === null ? null : networkOf(name, read);
    const origin = originIn({ network: name });
    const policy = policies[(i + turn) % policies.length] as keyof typeof PRESETS;
    return [
      { harm: 'own plans', overrides: { network }, origin },
      { harm: 'all faults', overrides: { network, faults: 'all' }, origin: { ...origin, faults: 'all' } },
      { harm: 'policies', overrides: { network, policy: PRESETS[policy].policy }, origin: { ...origin, policy } },
    ] satisfies Combination[];
  });
}
