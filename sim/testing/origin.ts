/** What a test was given, as arguments of the command: so that the line that replays its failure replays the same run. */
import { isDeepStrictEqual } from 'node:util';
import { PRESETS } from '../../src/backoff/presets.ts';
import { cellName } from '../core/cells.ts';
import type { Origin } from '../explore/command-line.ts';
import { NETWORKS } from '../networks/presets.ts';
import type { SeedsOptions } from './asked.ts';

/** The arguments, and the options that the command has no word for: what is made in code has no name. */
export interface GivenBy {
  readonly origin: Origin;
  readonly nameless: readonly string[];
}

export function givenBy({ input, network, policy, faults, cell, laws }: SeedsOptions): GivenBy {
  const networkName = NETWORKS.find((each) => isDeepStrictEqual(each, network))?.name ?? null;
  const policyName = Object.entries(PRESETS).find(([, each]) => isDeepStrictEqual(each.policy, policy))?.[0] ?? null;
  const nameless = [
    ...(input === undefined ? [] : ['input']),
    ...(network === undefined || networkName !== null ? [] : ['network']),
    ...(policy === undefined || policyName !== null ? [] : ['policy']),
    ...(laws === undefined ? [] : ['laws']),
  ];
  const origin = {
    ...{ input: null, schema: null, network: networkName, policy: policyName },
    faults: faults === undefined || faults === 'all' ? (faults ?? null) : faults.join(','),
    cell: cell === undefined ? null : cellName(cell) || null,
  };
  return { origin, nameless };
}
